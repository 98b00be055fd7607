"""Spans with anything as value of any known attribute become a trace of texts, or nothing; they never crash."""

import json
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from reviewer.model.trace import Trace
from reviewer.sources import attributes
from reviewer.sources.assemble.complete import Given, trace_from_spans
from reviewer.sources.assemble.spans import Span, SpanLog


def names_in(value: Any) -> Iterator[str]:
    """Every text with a dot in the table: the attributes it knows."""
    if isinstance(value, str):
        if "." in value:
            yield value
    elif isinstance(value, (list, dict)):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from names_in(inner)


TABLE = tomllib.loads(Path(attributes.__file__).with_suffix(".toml").read_text(encoding="utf-8"))
FLAT = [f"llm.input_messages.0.message.{rest}" for rest in ("role", "content", "tool_calls.0.tool_call.id",
        "tool_calls.0.tool_call", "contents.0.message_content.type")] + [
        f"retrieval.documents.0.{rest}" for rest in ("document.content", "document.metadata", "document")] + [
        "gen_ai.prompt.x.role", "gen_ai.completion.1.tool_calls.0.name", "annotations.0.annotation.name"]  # fmt: skip
NAMES = sorted({*names_in(TABLE), *FLAT, "metadata", "events", "attempt", "input", "output"})
KEYS = ["role", "content", "parts", "text", "type", "tool_calls", "function", "name", "arguments", "id", "kwargs",
        "inputs", "outputs", "output", "messages", "choices", "generations", "metadata", "documents", "score",
        "tool_call_id", "response_format", "json_schema", "schema", "properties", "tags", "event.name"]  # fmt: skip
LEAVES = (
    st.none() | st.booleans() | st.integers(-5, 5) | st.floats()
    | st.sampled_from(["user", "assistant", "tool", "text", "tool_call", "chat", "LLM", "x", "", "gen_ai.choice"])
)  # fmt: skip
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=4),
    max_leaves=10,
)
RAW = VALUES | VALUES.map(json.dumps)
ATTRS = st.dictionaries(st.sampled_from(NAMES), RAW, max_size=7)
LOGS = ["exception", "gen_ai.choice", "gen_ai.user.message", "db.query.result", "gen_ai.evaluation.result",
        "gen_ai.client.inference.operation.details"]  # fmt: skip
SPANS = st.builds(
    lambda number, parent, kind, attrs, at, logs: Span(
        "t", f"s{number}", None if parent is None else f"s{parent}", "n",
        {**attrs, "openinference.span.kind": kind}, at, at, "error" if number % 2 else "ok", "", logs),
    st.integers(0, 4),
    st.none() | st.integers(0, 5),
    st.sampled_from(["LLM", "TOOL", "AGENT", "RETRIEVER", "CHAIN", ""]),
    ATTRS,
    st.none() | st.integers(0, 10),
    st.lists(st.builds(SpanLog, st.sampled_from(LOGS), ATTRS, RAW), max_size=2),
)  # fmt: skip


@given(st.lists(SPANS, min_size=1, max_size=5), RAW, RAW)
@settings(max_examples=40, deadline=None)
def test_anything_becomes_a_trace_of_texts(spans: list[Span], asked: Any, answered: Any) -> None:
    trace, _ = trace_from_spans(Trace("k", "t", "f"), spans, Given(asked, answered))
    for thread in trace.threads:
        for message in thread.messages:
            assert all(isinstance(part.text, str) for part in message.parts)
            for call in message.calls:
                assert isinstance(call.name, str) and isinstance(call.arguments, str)
                assert call.result is None or isinstance(call.result, str)
    assert all(isinstance(document.text, str) and isinstance(document.source, str) for document in trace.documents)
    for name in ("session_id", "user_id", "workflow", "model", "provider", "prompt_version", "error_message", "tenant"):
        assert getattr(trace, name) is None or isinstance(getattr(trace, name), str)
    assert all(isinstance(tag, str) for tag in trace.tags)
    assert all(isinstance(score.name, str) for score in trace.scores)
