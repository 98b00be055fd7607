"""Requests, latency, cost and tokens of all traffic."""

from collections.abc import Callable, Mapping

import pandas as pd

from reviewer.measure.recorded import (
    NOTHING,
    TOP,
    Each,
    Figure,
    Measure,
    Recorded,
    count_of,
    field_of,
    mean_of,
    numbers,
    quantile_of,
    share_of,
    single,
    total_of,
)
from reviewer.model import columns as c
from reviewer.model.number import Basis, Group, Number, Unit

QUANTILES = (("median", 0.5), ("p95", 0.95), ("p99", 0.99))


def requests(now: Recorded, before: Recorded | None) -> Group:
    """Return how many traces there were, by route, tenant and feature, and how they ended."""
    rows: tuple[tuple[str, str, str, Measure], ...] = (
        ("requests", "Requests", "Every imported trace of the period.", single(lambda r: count_of(r.traces))),
        ("requests_by_workflow", "Requests by workflow", BY.format("workflow"), _by(c.WORKFLOW, count_of)),
        ("requests_by_tenant", "Requests by tenant", BY.format("tenant"), _by(c.TENANT, count_of)),
        ("requests_by_task_type", "Requests by feature", BY.format("task type"), _by(c.TASK_TYPE, count_of)),
        ("success_status", "Ended without an error", SUCCESS, single(lambda r: _status(r.traces, "ok"))),
        ("error_rate", "Ended in an error", ERRORS, single(lambda r: _status(r.traces, "error"))),
        ("errors_by_model", "Errors by model", ERRORS, _by(c.MODEL, _errors)),
        ("errors_by_prompt_version", "Errors by prompt version", ERRORS, _by(c.PROMPT_VERSION, _errors)),
        ("retry_rate", "With a retry", RETRIES, single(lambda r: _retried(r.traces))),
    )
    return Group("traffic", "Traffic", tuple(field_of(*row, now, before) for row in rows))


BY = "How many traces name each {}. The five largest."
SUCCESS = (
    "Of the traces that record how they ended, the share that ended without an error. It says nothing of the answer."
)
ERRORS = "Of the traces that record how they ended, the share that ended in an error that nothing recovered from."
RETRIES = (
    "The share of traces in which a model or tool call was tried again. Traces without one, and traces that do not "
    "record it, cannot be told apart."
)


def _by(column: str, figure: Callable[[pd.DataFrame], Figure]) -> Measure:
    return lambda recorded: Each(recorded.traces, column, figure)


def _status(table: pd.DataFrame, wanted: str) -> Figure:
    return share_of(table, table[c.STATUS] == wanted, table[c.STATUS].isin(("ok", "error")))


def _errors(table: pd.DataFrame) -> Figure:
    return _status(table, "error")


def _retried(table: pd.DataFrame) -> Figure:
    """Return the share with a retry; without any retry at all it is not recorded, for most traces never say."""
    retried = numbers(table, c.RETRIES) > 0
    return share_of(table, retried) if retried.any() else NOTHING


def latency(now: Recorded, before: Recorded | None) -> Group:
    """Return how long traces took."""
    fields = (
        field_of("latency", "Latency", LATENCY, _quantiles, now, before),
        field_of(
            "latency_by_workflow", "p95 by workflow", SLOW_BY.format("workflow"), _slow_by(c.WORKFLOW), now, before
        ),
        field_of("latency_by_model", "p95 by model", SLOW_BY.format("model"), _slow_by(c.MODEL), now, before),
    )
    return Group("latency", "Latency", fields)


LATENCY = (
    "Half of the traces were faster than the median, 95 of 100 faster than p95, 99 of 100 faster than p99. From every "
    "trace that records how long it took."
)
SLOW_BY = "95 of 100 traces were faster than this, for each {}. The five with the most traces."


def _quantiles(recorded: Recorded) -> Mapping[str, Figure]:
    found = {name: quantile_of(recorded.traces, c.LATENCY, q, Unit.MILLISECONDS) for name, q in QUANTILES}
    return found if found["median"] is not NOTHING else {}


def _slow_by(column: str) -> Measure:
    return lambda recorded: Each(
        recorded.traces[numbers(recorded.traces, c.LATENCY).notna()],
        column,
        lambda rows: quantile_of(rows, c.LATENCY, 0.95, Unit.MILLISECONDS),
    )


def cost(now: Recorded, before: Recorded | None) -> Group:
    """Return what traces cost, and their tokens."""
    rows: tuple[tuple[str, str, str, Measure], ...] = (
        ("cost_total", "Cost in all", COST, single(lambda r: total_of(r.traces, c.COST, Unit.DOLLARS))),
        ("cost_mean", "Cost of a trace", COST, single(lambda r: mean_of(r.traces, c.COST, Unit.DOLLARS))),
        ("cost_by_workflow", "Cost by workflow", COST_BY.format("workflow"), _cost_by(c.WORKFLOW)),
        ("cost_by_tenant", "Cost by tenant", COST_BY.format("tenant"), _cost_by(c.TENANT)),
        ("cost_by_task_type", "Cost by task type", COST_BY.format("task type"), _cost_by(c.TASK_TYPE)),
        ("tokens_in", "Tokens in, of a trace", TOKENS, single(lambda r: mean_of(r.traces, c.TOKENS_IN, Unit.COUNT))),
        ("tokens_out", "Tokens out, of a trace", TOKENS, single(lambda r: mean_of(r.traces, c.TOKENS_OUT, Unit.COUNT))),
        ("tokens_total", "Tokens in all", TOKENS, _tokens),
        ("cache_hit", "Cache hits", CACHE, single(lambda r: _cache_hits(r.traces))),
        ("cached_tokens", "Input tokens from the cache", CACHED, single(lambda r: _cached(r.traces))),
    )
    return Group("cost", "Cost and tokens", tuple(field_of(*row, now, before) for row in rows))


COST = "What the traces record as their cost, in US dollars. Traces that record none are left out."
COST_BY = "What the traces of each {} cost together, the most expensive first."
TOKENS = "The mean over the traces that count their tokens. Input includes what came from a cache."
CACHE = "Of the traces that record it, the share in which a cache was used."
CACHED = "Of all input tokens of traces that record their cache, the share that was read from it."


def _cost_by(column: str) -> Measure:
    def measure(recorded: Recorded) -> Mapping[str, Figure]:
        known = recorded.traces.assign(cost=numbers(recorded.traces, c.COST)).dropna(subset=["cost", column])
        most = known.groupby(column)["cost"].sum().nlargest(TOP).index
        found = Each(known[known[column].isin(most)], column, lambda rows: total_of(rows, c.COST, Unit.DOLLARS))
        return {str(name): found[str(name)] for name in most}

    return measure


def _tokens(recorded: Recorded) -> Mapping[str, Figure]:
    found = {
        name: total_of(recorded.traces, column, Unit.COUNT)
        for name, column in (("in", c.TOKENS_IN), ("out", c.TOKENS_OUT))
    }
    return {name: figure for name, figure in found.items() if figure is not NOTHING}


def _cache_hits(table: pd.DataFrame) -> Figure:
    hit = numbers(table, c.CACHE_HIT)
    return share_of(table, hit == 1, hit.notna())


def _cached(table: pd.DataFrame) -> Figure:
    read, all_in = numbers(table, c.CACHED_TOKENS), numbers(table, c.TOKENS_IN)
    known = read.notna() & (all_in > 0)
    whole = float(all_in[known].sum())
    if not whole:
        return NOTHING
    cached = float(read[known].sum())
    return Figure(Number(cached / whole, Basis.ALL_TRAFFIC, n=int(known.sum()), population=len(table)))
