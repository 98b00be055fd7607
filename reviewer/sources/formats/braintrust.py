"""Braintrust: rows of a project's log, one a span."""

from collections.abc import Collection, Iterator, Sequence
from typing import Any

from reviewer.sources.assemble.spans import Span
from reviewer.sources.formats.rows import Row, RowFormat, feedback, present, read_rows, read_rows_across
from reviewer.sources.identity import native_id
from reviewer.sources.reading import Stored
from reviewer.sources.records import Found, Guess, Note, Value
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


def read(stored: Stored, note: Note) -> Iterator[Found]:
    """Yield the traces of a file; rows are put together by their root."""
    yield from read_rows(_FORMAT, stored, note)


def read_across(files: Sequence[Stored], wanted: Collection[str], note: Note) -> Iterator[Found]:
    """Yield the traces of which several files hold rows, each whole, as replacements of what those files gave."""
    yield from read_rows_across(_FORMAT, files, wanted, note)


def _rows(value: Any) -> Iterator[Row]:
    if isinstance(value, dict) and "root_span_id" in value:
        yield value


def _trace_id(row: Row) -> str | None:
    return native_id(row.get("root_span_id"))


def _span_id(row: Row) -> str | None:
    return native_id(row.get("span_id"))


def _span(row: Row, trace_id: str) -> Span:
    span_id = _span_id(row)
    if span_id is None:
        raise ValueError("a row has no span_id")
    about, metrics = (row[key] if isinstance(row.get(key), dict) else {} for key in ("span_attributes", "metrics"))
    parents = row.get("span_parents")
    metadata = row.get("metadata") if isinstance(row.get("metadata"), dict) else {}
    scores = row.get("scores") if isinstance(row.get("scores"), dict) else {}
    given = [{"name": name, "score": value} for name, value in (scores or {}).items()]
    if row.get("expected") not in (None, ""):
        metadata = {**(metadata or {}), "expected": row["expected"]}
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
                "gen_ai.request.model": (metadata or {}).get("model"),
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


_FORMAT = RowFormat("braintrust", KIND, _rows, _trace_id, _span_id, _span)
