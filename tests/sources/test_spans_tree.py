"""The tree of spans: safe to walk whatever the parents say, and each span's kind."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewer.sources.assemble.io import read_io
from reviewer.sources.assemble.kinds import kind_of
from reviewer.sources.assemble.spans import grow
from tests.sources.span_files import built, llm, said, span, texts


def test_a_chain_two_thousand_deep_is_built_without_recursion() -> None:
    spans = [span(1, None), *(span(n, n - 1) for n in range(2, 2001))]
    spans.append(llm(2001, [said("user", "Hi")], [said("assistant", "Ho")], parent=2000))
    assert texts(built(*spans)) == ["user: Hi", "assistant: Ho"]
    assert len(list(grow(spans).spans[-1].ancestors())) == 2000


def test_a_circle_and_a_self_parent_stand_at_the_root_with_a_warning() -> None:
    tree = grow([span(1, 2), span(2, 1), span(3, 3), span(4, 3)])
    assert {root.span_id for root in tree.roots} == {"s1", "s3"}
    assert [warning.split(";")[0] for warning in tree.warnings] == ["2 spans are their own ancestors"]


def test_a_missing_parent_is_told_where_another_root_is_there() -> None:
    tree = grow([span(1, None), span(2, 9)])
    assert (tree.root.span_id, [root.span_id for root in tree.roots]) == ("s1", ["s1", "s2"])
    assert tree.warnings == ["1 spans name a parent that is not in the trace; they stand at the root"]


def test_a_remote_parent_above_the_only_root_is_usual() -> None:
    tree = grow([span(1, 9), span(2, 1)])
    assert (tree.root.span_id, tree.warnings) == ("s1", [])


def test_a_span_that_was_sent_twice_counts_once() -> None:
    tree = grow([span(1, None, "open"), span(1, None, "ended")])
    assert [one.name for one in tree.spans] == ["ended"]


@given(st.lists(st.integers(0, 8), min_size=1, max_size=8))
def test_every_span_is_reached_from_a_root_exactly_once(parents: list[int]) -> None:
    tree = grow([span(number, parent) for number, parent in enumerate(parents)])
    reached = []
    pending = list(tree.roots)
    while pending:
        at = pending.pop()
        reached.append(at.span_id)
        pending += at.below
    assert sorted(reached) == sorted(one.span_id for one in tree.spans)


@pytest.mark.parametrize(
    ("attrs", "kind"),
    [
        ({"langfuse.observation.type": "GENERATION"}, "llm"),
        ({"langfuse.observation.type": "SPAN", "tool.name": "t"}, "tool"),
        ({"openinference.span.kind": "RERANKER"}, "reranker"),
        ({"gen_ai.operation.name": "execute_tool"}, "tool"),
        ({"gen_ai.operation.name": "unknown", "gen_ai.request.model": "m"}, "llm"),
        ({"traceloop.span.kind": "workflow"}, "chain"),
        ({"llm.request.type": "rerank"}, "reranker"),
        ({"mlflow.spanType": '"CHAT_MODEL"'}, "llm"),
        ({"ai.operationId": "ai.streamText.doStream"}, "llm"),
        ({"operation.name": "ai.generateText my-function"}, "agent"),
        ({"ai.operationId": "ai.toolCall"}, "tool"),
        ({"db.system": "qdrant"}, "retriever"),
        ({"db.system": "postgresql"}, "other"),
        ({"pydantic_ai.all_messages": "[]"}, "agent"),
        ({"mcp.method.name": "tools/call"}, "tool"),
        ({"http.method": "POST"}, "other"),
    ],
)
def test_the_first_rule_that_knows_decides_the_kind(attrs: dict[str, Any], kind: str) -> None:
    one = span(1, None, **attrs)
    read_io(one)
    assert kind_of(one) == kind
