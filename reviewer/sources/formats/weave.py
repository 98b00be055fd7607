"""Weave: calls as the trace server streams them and the page exports them, one a row."""

from collections.abc import Iterator, Sequence
from typing import Any

from reviewer.sources.assemble.spans import Span
from reviewer.sources.formats.rows import Row, RowFormat, id_in, inside, present
from reviewer.sources.identity import native_id
from reviewer.sources.records import Guess, Value
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


def _rows(value: Any) -> Iterator[Row]:
    if isinstance(value, dict) and "op_name" in value:
        yield value


def _operation(row: Row) -> str:
    """Return what was called: a reference names it between the last slash and the colon before its hash."""
    name = row.get("op_name")
    return str(name or "").rsplit("/", 1)[-1].split(":", 1)[0]


def _span(row: Row, trace_id: str, span_id: str) -> Span:
    operation = _operation(row)
    is_model = any(part in operation for part in _MODEL_CALLS)
    usage = inside(inside(row, "summary"), "usage") if is_model else {}
    model = next(iter(usage), None)
    counts = inside(usage, model) if model is not None else {}
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
                "metadata": {key: value for key, value in inside(row, "attributes").items() if key != "weave"},
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


_EXPORT = RowFormat("weave", KIND, _rows, id_in("trace_id"), id_in("id"), _span)
read, read_across = _EXPORT.read, _EXPORT.read_across
