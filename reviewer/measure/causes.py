"""Possible causes of a change, each checked on what the traces of two periods recorded."""

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from reviewer.measure.moved import LEAST_TRACES, direction
from reviewer.measure.recorded import NOTHING, Figure, Recorded, mean_of, newest, numbers, quantile_of, share_of
from reviewer.measure.retrieval import AGE_DAYS, aged, context_share, documents_of_one, empty
from reviewer.measure.toolcalls import argument_errors, failures
from reviewer.model import columns as c
from reviewer.model.diagnosis import Cause, Finding
from reviewer.model.number import Basis, Number, Unit

NOT_RECORDED = "The traces do not record it."
NOT_BEFORE = "The period before does not record it."
TOO_FEW = "Fewer than {} in one of the periods."
LEAST_ROUTED = 0.10
"""Share of the traffic that must have gone to other models before routing counts as changed."""
LEAST_NEW = 0.05
"""Share of the traffic that must have something new before it counts."""


@dataclass(frozen=True, slots=True)
class Check:
    """A possible cause: what to measure, and which way it must have gone: 1 up, -1 down, 0 either."""

    id: str
    title: str
    figure: Callable[[Recorded], Figure]
    way: int


def judge(check: Check, now: Recorded, before: Recorded) -> Cause:
    """Return whether a cause holds: its figure went the way it must by more than is usual (``moved``)."""
    then, present = check.figure(before), check.figure(now)
    first, last = then.number, present.number
    if last.basis is Basis.NOT_RECORDED or first.basis is Basis.NOT_RECORDED:
        said = NOT_RECORDED if last.basis is Basis.NOT_RECORDED else NOT_BEFORE
        return Cause(check.id, check.title, Finding.CANNOT_TELL, None, None, said)
    if min(first.n, last.n) < LEAST_TRACES:
        said = TOO_FEW.format(LEAST_TRACES)
        return Cause(check.id, check.title, Finding.CANNOT_TELL, first, last, said, present.traces)
    went = direction(last, first)
    finding = Finding.HOLDS if went and check.way in (0, went) else Finding.DOES_NOT
    return Cause(check.id, check.title, finding, first, last, "", present.traces)


def _mean(column: str, unit: Unit = Unit.COUNT) -> Callable[[Recorded], Figure]:
    return lambda recorded: mean_of(recorded.traces, column, unit)


def _context(recorded: Recorded) -> Figure:
    """Return the mean number of characters of documents, where traces have any."""
    table = recorded.traces
    with_documents = table[numbers(table, c.CONTEXT_CHARS) > 0]
    return mean_of(with_documents, c.CONTEXT_CHARS, Unit.COUNT)


def _p95(table: Callable[[Recorded], pd.DataFrame]) -> Callable[[Recorded], Figure]:
    return lambda recorded: quantile_of(table(recorded), c.LATENCY, 0.95, Unit.MILLISECONDS)


def _retried(recorded: Recorded) -> Figure:
    return share_of(recorded.traces, numbers(recorded.traces, c.RETRIES) > 0)


def _cache_hits(recorded: Recorded) -> Figure:
    hit = numbers(recorded.traces, c.CACHE_HIT)
    return share_of(recorded.traces, hit == 1, hit.notna()) if hit.notna().any() else NOTHING


def _document_size(recorded: Recorded) -> Figure:
    """Return the mean characters of a document in the prompt: they change when documents are cut another way."""
    chars, count = numbers(recorded.traces, c.CONTEXT_CHARS), recorded.documents.groupby(c.TRACE).size()
    each = (chars / recorded.traces[c.TRACE].map(count))[chars > 0]
    table = recorded.traces.assign(size=each)
    return mean_of(table, "size", Unit.COUNT)


def _document_age(recorded: Recorded) -> Figure:
    return quantile_of(aged(recorded), AGE_DAYS, 0.5, Unit.DAYS)


def _best_score(recorded: Recorded) -> Figure:
    first = recorded.documents[recorded.documents[c.RANK] == 0]
    return quantile_of(first, c.SCORE, 0.5, Unit.SCORE)


PROMPT = Check("prompt_length", "Longer instructions", _mean(c.PROMPT_CHARS), 1)
CONTEXT = Check("context_size", "More text of documents in the prompt", _context, 1)
TOKENS_IN = Check("tokens_in", "More tokens in", _mean(c.TOKENS_IN), 1)
TOKENS_OUT = Check("tokens_out", "Longer answers", _mean(c.TOKENS_OUT), 1)
TOOL_CALLS = Check("tool_calls", "More tool calls in a trace", _mean(c.TOOL_CALLS, Unit.SCORE), 1)
TOOL_LATENCY = Check("tool_latency", "Slower tools", _p95(lambda recorded: recorded.calls), 1)
TOOL_ERRORS = Check("tool_errors", "More failed tool calls", lambda recorded: failures(recorded.calls), 1)
BAD_ARGUMENTS = Check("argument_errors", "More wrong arguments", lambda recorded: argument_errors(recorded.calls), 1)
RETRIEVAL_LATENCY = Check("retrieval_latency", "Slower retrieval", _p95(lambda recorded: recorded.retrievals), 1)
RETRIES = Check("retries", "More retries", _retried, 1)
CACHE = Check("cache_misses", "Fewer cache hits", _cache_hits, -1)
EMPTIES = Check("empty_retrieval", "More retrievals without a document", empty, 1)
AGE = Check("document_age", "Older documents", _document_age, 1)
SCORES = Check("retrieval_score", "Documents that are less near", _best_score, -1)
COUNT = Check("documents", "Another number of documents", documents_of_one, 0)
CHUNKS = Check("document_size", "Documents cut another way", _document_size, 0)
CONTEXT_SHARE = Check("context_share", "Another share of the prompt for documents", context_share, 0)
FOLLOW_UPS = Check("follow_ups", "More turns after an answer", _mean(c.FOLLOW_UPS, Unit.SCORE), 1)


def routing(now: Recorded, before: Recorded) -> Cause:
    """Return whether traffic went to other models: the model that gained most, with its share before and now."""
    shares = [side.traces[c.MODEL].dropna().value_counts(normalize=True) for side in (before, now)]
    title = "Traffic routed to other models"
    if shares[0].empty or shares[1].empty:
        return Cause("routing", title, Finding.CANNOT_TELL, said=NOT_RECORDED)
    gained = shares[1].sub(shares[0], fill_value=0.0)
    name = str(gained.idxmax())
    first, last = (share_of(side.traces, side.traces[c.MODEL] == name) for side in (before, now))
    moved = float(gained.abs().sum()) / 2
    finding = Finding.HOLDS if moved >= LEAST_ROUTED else Finding.DOES_NOT
    return Cause("routing", title, finding, first.number, last.number, name, last.traces)


def new_value(id: str, title: str, column: str, now: Recorded, before: Recorded) -> Cause:
    """Return whether a share of the traffic has a value that the period before did not know, and which."""
    known, present = (set(side.traces[column].dropna()) for side in (before, now))
    if not known or not present:
        return Cause(id, title, Finding.CANNOT_TELL, said=NOT_BEFORE if present else NOT_RECORDED)
    table = now.traces
    fresh = table[column].notna() & ~table[column].isin(known)
    found = share_of(table, fresh, table[column].notna())
    finding = Finding.HOLDS if (found.number.value or 0.0) >= LEAST_NEW else Finding.DOES_NOT
    names = ", ".join(str(name) for name in table.loc[fresh, column].value_counts().index[:3])
    none = Number(0.0, Basis.ALL_TRAFFIC, n=len(before.traces), population=len(before.traces), count=0)
    return Cause(id, title, finding, none, found.number, names, newest(table.loc[fresh, c.TRACE]))
