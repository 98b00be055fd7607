"""The last step to a whole trace: from spans, or from messages alone."""

import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from reviewer.model.trace import Score, Trace
from reviewer.sources.assemble.documents import add_attached, add_documents, infer_from_results
from reviewer.sources.assemble.final_results import say_final_results
from reviewer.sources.assemble.io import read_io
from reviewer.sources.assemble.kept import keep_of_metadata
from reviewer.sources.assemble.kinds import kind_of
from reviewer.sources.assemble.rollups import prompt_hash, sum_up, told_escalation
from reviewer.sources.assemble.scores import recorded
from reviewer.sources.assemble.spans import Span, Tree, grow
from reviewer.sources.assemble.tools import fill_from_spans, pair
from reviewer.sources.assemble.transcript import transcript
from reviewer.sources.assemble.turns import sum_up_turns


@dataclass(slots=True, eq=False)
class Given:
    """What a format knows of the whole trace beside its spans; ``input`` and ``output`` are raw."""

    input: Any = None
    output: Any = None
    scores: list[Score] = field(default_factory=list)


def complete(trace: Trace) -> Trace:
    """Return the same trace with what its messages imply: pairs, results, documents, prompt hash and hand-over.

    For formats that hold messages and no spans; the threads must be filled.
    """
    for thread in trace.threads:
        pair(thread.messages)
    add_attached(trace)
    infer_from_results(trace)
    _finish(trace)
    return trace


def trace_from_spans(trace: Trace, spans: Iterable[Span], given: Given | None = None) -> tuple[Trace, list[str]]:
    """Return the trace with everything its spans record, and warnings about the spans.

    ``trace`` comes with its identity and what the format says of the whole; that is kept. At least one span is
    needed.
    """
    tree = grow(spans)
    for span in tree.spans:
        read_io(span)
        span.kind = kind_of(span)
    if given is None:
        given = Given()
    trace.threads, trace.transcript_how = transcript(tree, given.input, given.output)
    trace.scores += given.scores
    for thread in trace.threads:
        thread.messages = say_final_results(thread.messages)
        pair(thread.messages)
    trace.n_retries += fill_from_spans(trace.threads, tree.spans)
    add_documents(trace, tree.spans, _starts(tree))
    add_attached(trace)
    trace.scores += recorded(tree.spans)
    sum_up(trace, tree)
    _finish(trace)
    return trace, tree.warnings


def _starts(tree: Tree) -> dict[str, int | None]:
    return {span.span_id: span.started_us for span in tree.spans}


def _finish(trace: Trace) -> None:
    _keep_finite(trace)
    keep_of_metadata(trace)
    if trace.prompt_hash is None:
        trace.prompt_hash = prompt_hash(trace.main)
    if trace.escalated is None:
        trace.escalated = told_escalation(trace)
    sum_up_turns(trace)


def _keep_finite(trace: Trace) -> None:
    """Drop numbers that no JSON and no sum can hold; a score keeps its infinity as text."""
    trace.latency_ms = finite(trace.latency_ms)
    trace.cost_usd = finite(trace.cost_usd)
    for call in trace.calls():
        call.latency_ms = finite(call.latency_ms)
    for retrieval in trace.retrievals:
        retrieval.latency_ms = finite(retrieval.latency_ms)
    for document in trace.documents:
        document.score = finite(document.score)
    for score in trace.scores:
        if score.value_num is not None and not math.isfinite(score.value_num):
            score.value_text = score.value_text or str(score.value_num)
            score.value_num = None


def finite(value: float | None) -> float | None:
    """Return the number unless it is infinite or none at all."""
    return value if value is None or math.isfinite(value) else None
