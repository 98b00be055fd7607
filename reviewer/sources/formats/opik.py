"""Opik: rows of its traces and of its spans, as the search endpoints stream them."""

from collections.abc import Iterator, Sequence
from typing import Any

from reviewer.sources.assemble.spans import Span
from reviewer.sources.formats.rows import Row, RowFormat, feedback, id_in, inside, present
from reviewer.sources.identity import native_id
from reviewer.sources.records import Guess, Value
from reviewer.sources.times import moment_us

NAMES = ("opik",)
KIND = "opik"

_KINDS = {"general": "chain", "tool": "tool", "llm": "llm", "guardrail": "guardrail"}
_COUNTED = ("span_count", "feedback_scores", "total_estimated_cost")


def looks_like(head: Sequence[Value], name: str) -> Guess | None:
    """Return a guess if a value is a span of Opik's types, or a trace row that counts its spans."""
    for value in head:
        row = value.value
        if not isinstance(row, dict):
            continue
        if {"trace_id", "start_time"} <= row.keys() and row.get("type") in _KINDS:
            return Guess("opik", "spans with trace_id, start_time and a type")
        if {"id", "start_time", "span_count"} <= row.keys():
            return Guess("opik", "trace rows with span_count")
    return None


def _rows(value: Any) -> Iterator[Row]:
    if isinstance(value, dict) and ("trace_id" in value or any(key in value for key in _COUNTED)):
        yield value


def _trace_id(row: Row) -> str | None:
    return native_id(row.get("trace_id") or row.get("id"))


def _span(row: Row, trace_id: str, span_id: str) -> Span:
    is_trace = "trace_id" not in row
    error = row.get("error_info")
    message = error.get("message") if isinstance(error, dict) else error
    usage = inside(row, "usage")
    counts = {
        "gen_ai.usage.input_tokens": usage.get("prompt_tokens"),
        "gen_ai.usage.output_tokens": usage.get("completion_tokens"),
        "llm.cost.total": row.get("total_estimated_cost"),
    }
    return Span(
        trace_id,
        span_id,
        None if is_trace else native_id(row.get("parent_span_id")) or trace_id,
        str(row.get("name") or ""),
        present(
            {
                "span.kind": "chain" if is_trace else _KINDS.get(str(row.get("type")), "chain"),
                "input": row.get("input"),
                "output": row.get("output"),
                "metadata": row.get("metadata"),
                "tag.tags": row.get("tags"),
                "gen_ai.request.model": row.get("model"),
                "gen_ai.provider.name": row.get("provider"),
                "session.id": row.get("thread_id"),
                "deployment.environment.name": row.get("environment"),
                # A trace's row repeats what its spans add up to.
                **({} if is_trace and row.get("span_count") else counts),
                **feedback(_scores(row.get("feedback_scores"))),
            }
        ),
        moment_us(row.get("start_time")),
        moment_us(row.get("end_time")),
        "error" if error else "ok",
        str(message or ""),
    )


def _scores(held: Any) -> Iterator[dict[str, Any]]:
    for one in held if isinstance(held, list) else ():
        if isinstance(one, dict) and isinstance(one.get("name"), str):
            yield {
                "name": one["name"],
                "score": one.get("value"),
                "label": one.get("category_name"),
                "explanation": one.get("reason"),
                "identifier": one.get("created_by"),
                "annotator_kind": "HUMAN" if one.get("source") == "ui" else "CODE",
            }


_EXPORT = RowFormat("opik", KIND, _rows, _trace_id, id_in("id"), _span)
read, read_across = _EXPORT.read, _EXPORT.read_across
