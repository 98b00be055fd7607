"""Weave: calls as the trace server streams them and the page exports them, one a row."""

from collections.abc import Collection, Iterator, Sequence
from typing import Any

from reviewer.sources.assemble.spans import Span
from reviewer.sources.formats.rows import Row, RowFormat, present, read_rows, read_rows_across
from reviewer.sources.identity import native_id
from reviewer.sources.reading import Stored
from reviewer.sources.records import Found, Guess, Note, Value
from reviewer.sources.times import moment_us

NAMES = ("weave",)
KIND = "weave"

_MODEL_CALLS = ("chat.completions", "messages.create", "responses.create", "generate_content", "completion")


def looks_like(head: Sequence[Value], name: str) -> Guess | None:
    """Return a guess if a value is a call with its operation, inputs and start."""
    for value in head:
        if isinstance(value.value, dict) and {"op_name", "started_at", "inputs"} <= value.value.keys():
            return Guess("weave", "calls with op_name, started_at and inputs")
    return None


def read(stored: Stored, note: Note) -> Iterator[Found]:
    """Yield the traces of a file; calls are put together by trace."""
    yield from read_rows(_FORMAT, stored, note)


def read_across(files: Sequence[Stored], wanted: Collection[str], note: Note) -> Iterator[Found]:
    """Yield the traces of which several files hold rows, each whole, as replacements of what those files gave."""
    yield from read_rows_across(_FORMAT, files, wanted, note)


def _rows(value: Any) -> Iterator[Row]:
    if isinstance(value, dict) and "op_name" in value:
        yield value


def _trace_id(row: Row) -> str | None:
    return native_id(row.get("trace_id"))


def _span_id(row: Row) -> str | None:
    return native_id(row.get("id"))


def _operation(row: Row) -> str:
    """Return what was called: a reference names it between the last slash and the colon before its hash."""
    name = row.get("op_name")
    return str(name or "").rsplit("/", 1)[-1].split(":", 1)[0]


def _span(row: Row, trace_id: str) -> Span:
    span_id = _span_id(row)
    if span_id is None:
        raise ValueError("a call has no id")
    operation = _operation(row)
    is_model = any(part in operation for part in _MODEL_CALLS)
    summary = row.get("summary") if isinstance(row.get("summary"), dict) else {}
    usage = (summary or {}).get("usage")
    model, counts = next(iter(usage.items()), (None, {})) if is_model and isinstance(usage, dict) else (None, {})
    counts = counts if isinstance(counts, dict) else {}
    attributes = row.get("attributes") if isinstance(row.get("attributes"), dict) else {}
    error = row.get("exception")
    return Span(
        trace_id,
        span_id,
        native_id(row.get("parent_id")),
        str(row.get("display_name") or operation),
        present(
            {
                "span.kind": "llm" if is_model else "chain",
                "input": row.get("inputs"),
                "output": row.get("output"),
                "metadata": {key: value for key, value in (attributes or {}).items() if key != "weave"},
                "gen_ai.request.model": model,
                "gen_ai.usage.input_tokens": counts.get("prompt_tokens", counts.get("input_tokens")),
                "gen_ai.usage.output_tokens": counts.get("completion_tokens", counts.get("output_tokens")),
                "session.id": row.get("thread_id"),
                "user.id": row.get("wb_user_id"),
            }
        ),
        moment_us(row.get("started_at")),
        moment_us(row.get("ended_at")),
        "error" if error else "ok" if row.get("ended_at") else "unset",
        error if isinstance(error, str) else "",
    )


_FORMAT = RowFormat("weave", KIND, _rows, _trace_id, _span_id, _span)
