"""The weekly scorecard: nine fields, each saying whether it is of all traffic or an estimate from the reviewed sample."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from reviewer import wording
from reviewer.measure import traffic as all_traffic
from reviewer.measure.prevalence import kish
from reviewer.measure.ratio import Pairs, ratio
from reviewer.measure.reading import (
    COUNTED_PURPOSES,
    WeekRead,
    cells,
    rate,
    traces_with,
    versions_without,
    weeks_read,
)
from reviewer.model import columns
from reviewer.model.coding import Verdict
from reviewer.model.number import Basis, Field, Number, Row, Scorecard, Unit
from reviewer.model.taxonomy import Taxonomy
from reviewer.model.week import Week

TOP = 5
MOST_LEFT_OUT = 0.10
"""Above this share of unread items the design sentence warns."""

TITLE = "Scorecard"
FAILING = "Failing traces"
NO_WORKFLOW = "not recorded"
EXPLANATIONS = {
    "top_workflows": "The share of each workflow in all imported traces of the period. Nothing is estimated.",
    "top_failure_modes": (
        "How common each failure mode is in the traffic, estimated from the reviewed sample. Each reviewed trace "
        "counts for as many traces of its stratum as it stands for, so oversampled strata do not inflate the rate. "
        "The interval holds the true rate 95 times in 100 (Korn-Graubard). Where too few were reviewed for a "
        "percentage, the count stands instead."
    ),
    "p95_latency": "95 of 100 traces were faster than this. From every trace that records its latency.",
    "cost_per_success": (
        "What the reviewed traces cost, divided by how many of them passed, each weighted by how many traces it "
        "stands for. Success is a reviewer's verdict, so this is an estimate, with a 95 % interval."
    ),
    "structured_output_pass": "Of all traces that record a schema, the share whose output is valid against it.",
    "tool_success": "The share of all tool calls that came back without an error.",
    "empty_retrieval": "The share of all retrieval steps that returned no document.",
    "escalation": "The share of all sessions that were handed over to a person, where traces record it.",
    "eval_trend": "The score of a fixed evaluation set over time. It moves with the application, not with the traffic.",
}
TITLES = {
    "top_workflows": "Top workflows",
    "top_failure_modes": "Top failure modes",
    "p95_latency": "p95 latency",
    "cost_per_success": "Cost per successful task",
    "structured_output_pass": "Structured output pass",
    "tool_success": "Tool success",
    "empty_retrieval": "Empty retrieval",
    "escalation": "Escalation",
    "eval_trend": "Evaluation trend",
}
IN_ALL = "{} traces in all"
STRATA = "{} strata, effective n {}"
ONE_STRATUM = "one stratum, effective n {}"
TAXONOMY = "taxonomy {}"
NOT_DRAWN = "no sample was drawn"
LATE = "{} came late for an earlier week"
MANY_LEFT_OUT = "more than one in ten was left out; the estimates take them to be like the others of their stratum"
NO_SUCCESS = "No reviewed trace with a recorded cost passed."
FEW_COSTS = "Too few reviewed traces record a cost."


def scorecard(
    items: pd.DataFrame,
    traffic: pd.DataFrame,
    taxonomy: Taxonomy,
    week: Week,
    tz: str,
    workspace: str,
    eval_trend: Sequence[Row] | None = None,
    *,
    before: pd.DataFrame | None = None,
    weeks: int = 1,
    earlier: Mapping[int, Taxonomy] | None = None,
    made_us: int = 0,
) -> Scorecard:
    """Return the scorecard of a week, or of several weeks ending with it, against as many weeks before.

    Args:
        items: the "items" table, one row a drawn item of any week (``model.columns``); weeks outside are left out.
        traffic: the "traffic" table, one row a trace of the period, all of it.
        taxonomy: the present taxonomy.
        week: the last week of the period.
        tz: the workspace's time zone.
        workspace: the workspace's name.
        eval_trend: rows of the evaluation trend, or None while no results have been imported.
        before: the "traffic" table of the period before, for the column of earlier values.
        weeks: how many weeks the period pools.
        earlier: other versions of the taxonomy by number (see ``trends``).
        made_us: when the scorecard is made, microseconds.
    """
    known = [one for one in weeks_read(items) if one.start_us <= week.start_us]
    now, past = known[-weeks:], known[-2 * weeks : -weeks]
    if not now or now[-1].name != week.name:
        now, past = [], known[-weeks:]
    return Scorecard(
        title=TITLE,
        workspace=workspace,
        period=week.name if len(now) < 2 else wording.RANGE.format(now[0].name, week.name),
        start_us=min([week.start_us, *(one.start_us for one in now)]),
        end_us=week.end_us,
        timezone=tz,
        design=_design(now, len(traffic), week, taxonomy),
        reviewed=sum(one.read for one in now),
        drawn=sum(one.drawn for one in now),
        population=len(traffic),
        fields=(
            _field("top_workflows", _workflows(traffic, before)),
            _field("top_failure_modes", _failure_modes(now, past, taxonomy, earlier or {})),
            _field("p95_latency", _single(all_traffic.p95_latency, traffic, before)),
            _field("cost_per_success", (_cost_row(items, now, past, traffic, before),)),
            _field("structured_output_pass", _single(all_traffic.structured_output_pass, traffic, before)),
            _field("tool_success", _single(all_traffic.tool_success, traffic, before)),
            _field("empty_retrieval", _single(all_traffic.empty_retrieval, traffic, before)),
            _field("escalation", _single(all_traffic.escalation, traffic, before)),
            _field("eval_trend", tuple(eval_trend or ())),
        ),
        made_us=made_us,
        headline=Row(FAILING, rate(now, None), rate(past, None) if past else None) if now else None,
    )


def _field(name: str, rows: tuple[Row, ...]) -> Field:
    """Return a field whose rows without a name of their own carry its title; without rows it is not recorded."""
    titled = tuple(replace(row, label=row.label or TITLES[name]) for row in rows)
    return Field(
        name,
        TITLES[name],
        titled or (Row(TITLES[name], all_traffic.NOT_RECORDED),),
        EXPLANATIONS[name],
    )


def _single(
    measure: Callable[[pd.DataFrame], Number], traffic: pd.DataFrame, before: pd.DataFrame | None
) -> tuple[Row, ...]:
    number = measure(traffic)
    return (Row("", number, None if before is None else measure(before), detail=number.note),)


def _workflows(traffic: pd.DataFrame, before: pd.DataFrame | None) -> tuple[Row, ...]:
    now = all_traffic.workflow_shares(traffic)
    if set(now) <= {None}:
        return ()
    past = {} if before is None else all_traffic.workflow_shares(before)
    none_then = None if before is None else all_traffic.share(0, len(before))
    return tuple(
        Row(NO_WORKFLOW if name is None else name, number, past.get(name, none_then))
        for name, number in list(now.items())[:TOP]
    )


def _failure_modes(
    now: Sequence[WeekRead], past: Sequence[WeekRead], taxonomy: Taxonomy, earlier: Mapping[int, Taxonomy]
) -> tuple[Row, ...]:
    """Return the most common failure modes first; equal ones stand in the taxonomy's order."""
    if not now:
        return ()
    rows = []
    for mode in taxonomy.active:
        without = versions_without(mode.id, taxonomy, earlier)
        number = rate(now, mode.id, without)
        then = rate(past, mode.id, without) if past else None
        rows.append(Row(mode.title, number, then, detail=number.note, traces=traces_with(now, mode.id)))
    return tuple(sorted(rows, key=lambda row: (-(row.number.value or 0.0), -(row.number.count or 0)))[:TOP])


def _cost_row(
    items: pd.DataFrame,
    now: Sequence[WeekRead],
    past: Sequence[WeekRead],
    traffic: pd.DataFrame,
    before: pd.DataFrame | None,
) -> Row:
    number = cost_per_success(items, now, traffic)
    earlier = cost_per_success(items, past, before) if before is not None and past else None
    return Row("", number, earlier, detail=number.note)


def cost_per_success(items: pd.DataFrame, weeks: Sequence[WeekRead], traffic: pd.DataFrame) -> Number:
    """Return what a successful task costs in dollars; success is the verdict *pass*.

    Only reviewed items whose trace records a cost are used. Without a recorded cost in the traffic, or without a
    design, it is not recorded.
    """
    known = traffic.set_index(columns.TRACE)[columns.COST].dropna().to_dict()
    if not known or not weeks:
        return all_traffic.NOT_RECORDED
    names = {week.name for week in weeks}
    read: dict[tuple[str, str], tuple[int, list[float], list[float]]] = {}
    for name, label, size, purpose, reviewed, verdict, trace in items[_COST_COLUMNS].itertuples(index=False, name=None):
        counted = name in names and purpose in COUNTED_PURPOSES and reviewed is not pd.NA and reviewed
        if not counted or trace not in known:
            continue
        if pd.isna(size):
            return all_traffic.NOT_RECORDED
        _, costs, passes = read.setdefault((name, label), (int(size), [], []))
        costs.append(float(known[trace]))
        passes.append(float(verdict == Verdict.PASS))
    return _as_cost([Pairs(size, np.array(costs), np.array(passes)) for size, costs, passes in read.values()])


_COST_COLUMNS = [
    columns.WEEK,
    columns.STRATUM,
    columns.N_H,
    columns.PURPOSE,
    columns.REVIEWED,
    columns.VERDICT,
    columns.TRACE,
]


def _as_cost(strata: Sequence[Pairs]) -> Number:
    n = sum(len(stratum.above) for stratum in strata)
    passed = int(sum(stratum.below.sum() for stratum in strata))
    population = sum(stratum.size for stratum in strata)
    found = ratio(strata)
    if found is None:
        note = FEW_COSTS if n < 2 else NO_SUCCESS if not passed else ""
        return Number(None, Basis.ESTIMATE, Unit.DOLLARS, n=n, population=population, count=passed, note=note)
    return Number(
        found.value,
        Basis.ESTIMATE,
        Unit.DOLLARS,
        found.limits.low,
        found.limits.high,
        n=n,
        population=population,
        count=passed,
    )


def _design(weeks: Sequence[WeekRead], population: int, week: Week, taxonomy: Taxonomy) -> str:
    """Return how the estimates came about, in one sentence of parts."""
    parts = [IN_ALL.format(wording.decimal(population))]
    drawn, read = sum(one.drawn for one in weeks), sum(one.read for one in weeks)
    if not drawn:
        return " · ".join([*parts, NOT_DRAWN])
    parts.append(wording.reviewed(read, drawn))
    strata = {label for one in weeks for label in one.strata}
    n_eff = wording.decimal(kish(cells(weeks, None) or []))
    parts.append(ONE_STRATUM.format(n_eff) if len(strata) == 1 else STRATA.format(len(strata), n_eff))
    if week.late:
        parts.append(LATE.format(wording.decimal(week.late)))
    parts.append(TAXONOMY.format(taxonomy.version))
    if drawn - read > MOST_LEFT_OUT * drawn:
        parts.append(MANY_LEFT_OUT)
    return " · ".join(parts)
