"""Attributes that a trace keeps: short ones, of the root before others, and no content."""

import json
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from reviewer.model.trace import Trace
from reviewer.sources.assemble.kept import LONGEST, MOST, keep_of_metadata
from tests.sources.reading_all import read_all


def read(path: Path, record: Any) -> Trace:
    path.write_text(json.dumps(record) + "\n", encoding="utf-8")
    [trace] = read_all(path).traces
    return trace


def pairs(**values: Any) -> list[dict[str, Any]]:
    return [{"key": key, "value": {"stringValue": value}} for key, value in values.items()]


def span(number: int, parent: int | None, **attrs: Any) -> dict[str, Any]:
    return {
        "traceId": "ab" * 16, "spanId": f"{number:016x}", "parentSpanId": f"{parent:016x}" if parent else "",
        "name": f"step {number}", "startTimeUnixNano": str(1_700_000_000_000_000_000 + number), "attributes": pairs(**attrs),
    }  # fmt: skip


def test_spans_keep_the_roots_attributes_before_those_below_and_the_resource(tmp_path: Path) -> None:
    root = span(
        1,
        None,
        **{"shop.customer": "acme", "input.value": "Hello?", "output.value": "Hi.", "metadata": '{"team": "blue"}'},
    )
    below = span(2, 1, **{"shop.customer": "other", "prompt.rev": "7", "llm.token_count.prompt": "12",
                          "llm.input_messages.0.message.content": "Hello?"})  # fmt: skip
    resource = {"attributes": pairs(**{"service.name": "desk", "shop.customer": "nobody"})}
    record = {"resourceSpans": [{"resource": resource, "scopeSpans": [{"spans": [below, root]}]}]}
    kept = read(tmp_path / "spans.jsonl", record).attributes
    assert kept == {"shop.customer": "acme", "prompt.rev": "7", "service.name": "desk", "team": "blue"}


def test_records_keep_their_metadata_and_what_a_segment_was_taken_from(tmp_path: Path) -> None:
    said = [{"role": "user", "content": "Where is it?"}, {"role": "assistant", "content": "On its way."}]
    record = {"id": "1", "messages": said, "customer": "acme", "route": "orders", "region": "eu", "metadata": {
        "team": {"name": "blue", "size": 4, "lead": {"of": {"more": "deep"}}}, "beta": True, "note": "a\nb",
        "long": "x" * (LONGEST + 1), "none": None, "list": [1], "attributes": {"shop.customer": "acme", "input.value": "Hello?", "llm.input_messages.0.role": "user"}}}  # fmt: skip
    kept = read(tmp_path / "chat.jsonl", record).attributes
    assert kept == {
        "customer": "acme", "route": "orders", "region": "eu", "team.name": "blue", "team.size": "4", "beta": "true",
        "attributes.shop.customer": "acme",
    }  # fmt: skip


def test_a_column_that_is_a_segment_is_kept_under_its_own_name(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text("question,answer,model,department\nWhere?,There.,model-a,sales\n", encoding="utf-8")
    [trace] = read_all(path).traces
    assert trace.attributes == {"model": "model-a", "department": "sales"}


def test_no_trace_keeps_more_than_a_few(tmp_path: Path) -> None:
    said = [{"role": "user", "content": "Where is it?"}]
    record = {"id": "1", "messages": said, "metadata": {f"key{n}": n for n in range(500)}}
    assert len(read(tmp_path / "chat.jsonl", record).attributes) == MOST


WILD = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=8),
    max_leaves=60,
)


@given(st.dictionaries(st.text(), WILD, max_size=100))
def test_whatever_the_metadata_holds_few_short_lines_with_a_name_are_kept(held: dict[str, Any]) -> None:
    trace = Trace("test", "1", "plain", metadata=held)
    keep_of_metadata(trace)
    assert len(trace.attributes) <= MOST
    assert all(
        name and value and len(value) <= LONGEST and "\n" not in value for name, value in trace.attributes.items()
    )
