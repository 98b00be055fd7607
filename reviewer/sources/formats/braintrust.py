"""Braintrust: rows of a project's log, one a span."""

from collections.abc import Iterator, Sequence
from typing import Any

from reviewer.sources.assemble.spans import Span
from reviewer.sources.formats.rows import Row, RowFormat, feedback, id_in, inside, present
from reviewer.sources.identity import native_id
from reviewer.sources.records import Guess, Value
from reviewer.sources.times import moment_us

NAMES = ("braintrust",)
KIND = "braintrust"

_KINDS = {"llm": "llm", "tool": "tool", "function": "chain", "task": "chain", "score": "evaluator", "eval": "chain"}


def looks_like(head: Sequence[Value], name: str) -> Guess | None:
    """Return a guess if a value is a row with span attributes, a root and parents."""
    for value in head:
        if isinstance(value.value, dict) and {"span_attributes", "root_span_id"} <= value.value.keys():
            return Guess("braintrust", "rows with span_attributes and root_span_id")
    return None


def _rows(value: Any) -> Iterator[Row]:
    if isinstance(value, dict) and "root_span_id" in value:
        yield value


def _span(row: Row, trace_id: str, span_id: str) -> Span:
    about, metrics, metadata = (inside(row, key) for key in ("span_attributes", "metrics", "metadata"))
    parents = row.get("span_parents")
    given = [{"name": name, "score": value} for name, value in inside(row, "scores").items()]
    if row.get("expected") not in (None, ""):
        metadata = {**metadata, "expected": row["expected"]}
    return Span(
        trace_id,
        span_id,
        native_id(parents[0]) if isinstance(parents, list) and parents else None,
        str(about.get("name") or ""),
        present(
            {
                "span.kind": _KINDS.get(str(about.get("type")), ""),
                "input": row.get("input"),
                "output": row.get("output"),
                "metadata": metadata,
                "tag.tags": row.get("tags"),
                "gen_ai.request.model": metadata.get("model"),
                "gen_ai.usage.input_tokens": metrics.get("prompt_tokens"),
                "gen_ai.usage.output_tokens": metrics.get("completion_tokens"),
                "gen_ai.usage.cache_read.input_tokens": metrics.get("prompt_cached_tokens"),
                "llm.cost.total": metrics.get("estimated_cost"),
                **feedback(given),
            }
        ),
        moment_us(metrics.get("start") or row.get("created")),
        moment_us(metrics.get("end")),
        "error" if row.get("error") else "ok",
        row["error"] if isinstance(row.get("error"), str) else "",
    )


_EXPORT = RowFormat("braintrust", KIND, _rows, id_in("root_span_id"), id_in("span_id"), _span)
read, read_across = _EXPORT.read, _EXPORT.read_across
