"""Datadog LLM Observability: spans as the search endpoint gives them, one a row or a page at a time."""

from collections.abc import Iterator, Sequence
from typing import Any

from reviewer.sources.assemble.spans import Span
from reviewer.sources.formats.rows import Row, RowFormat, id_in, inside, present
from reviewer.sources.identity import native_id
from reviewer.sources.records import Guess, Value
from reviewer.sources.times import moment_us

NAMES = ("datadog",)
KIND = "datadog"

_NO_PARENT = ("undefined", "0", "")


def looks_like(head: Sequence[Value], name: str) -> Guess | None:
    """Return a guess if a value holds spans with a start in nanoseconds and what they are in ``meta``."""
    for value in head:
        if any(_kind(row) for row in _rows(value.value)):
            return Guess("datadog", "spans with span_id, start_ns and meta")
    return None


def _rows(value: Any) -> Iterator[Row]:
    """Yield the spans of a page (``data``, each with ``attributes``), or the one that a row is."""
    if not isinstance(value, dict):
        return
    if isinstance(value.get("data"), list):
        for one in value["data"]:
            yield from _rows(one)
        return
    row = value.get("attributes") if isinstance(value.get("attributes"), dict) else value
    if isinstance(row, dict) and "span_id" in row and isinstance(row.get("meta"), dict):
        yield row


def _kind(row: Row) -> str:
    inner = row["meta"].get("span")
    return str(row["meta"].get("span.kind") or row["meta"].get("kind") or (inner or {}).get("kind") or "")


def _span(row: Row, trace_id: str, span_id: str) -> Span:
    meta, metrics = row["meta"], inside(row, "metrics")
    tags = dict(tag.split(":", 1) for tag in row.get("tags") or () if isinstance(tag, str) and ":" in tag)
    prompt = inside(_side(meta, "input"), "prompt")
    started, length = moment_us(row.get("start_ns")), row.get("duration")
    ended = started + int(length) // 1000 if started is not None and isinstance(length, (int, float)) else None
    error = meta.get("error")
    message = error.get("message") if isinstance(error, dict) else meta.get("error.message")
    parent = native_id(row.get("parent_id"))
    return Span(
        trace_id,
        span_id,
        None if parent in _NO_PARENT else parent,
        str(row.get("name") or ""),
        present(
            {
                "span.kind": _kind(row),
                "input": _said(_side(meta, "input")),
                "output": _said(_side(meta, "output")),
                "gen_ai.retrieval.documents": _documents(_side(meta, "output").get("documents")),
                "metadata": meta.get("metadata"),
                "gen_ai.request.model": meta.get("model_name"),
                "gen_ai.provider.name": meta.get("model_provider"),
                "prompt.id": prompt.get("id"),
                "gen_ai.prompt.version": prompt.get("version"),
                "gen_ai.usage.input_tokens": metrics.get("input_tokens"),
                "gen_ai.usage.output_tokens": metrics.get("output_tokens"),
                "session.id": row.get("session_id") or tags.get("session_id"),
                "user.id": tags.get("user_id"),
                "deployment.environment.name": tags.get("env"),
                "service.version": tags.get("version"),
            }
        ),
        started,
        ended,
        "error" if row.get("status") == "error" else "ok",
        str(message or ""),
    )


def _documents(held: Any) -> list[Any]:
    """Return documents whose name is their source."""
    each = held if isinstance(held, list) else []
    return [{"source": one.get("name"), **one} if isinstance(one, dict) else one for one in each]


def _side(meta: Row, name: str) -> Row:
    held = meta.get(name)
    return held if isinstance(held, dict) else {"value": held} if held is not None else {}


def _said(side: Row) -> Any:
    return side.get("messages") or side.get("value")


_EXPORT = RowFormat("datadog", KIND, _rows, id_in("trace_id"), id_in("span_id"), _span)
read, read_across = _EXPORT.read, _EXPORT.read_across
