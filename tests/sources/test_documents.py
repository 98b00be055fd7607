"""Documents: where they are recorded, how they are recognised, and who could read them."""

import json
from typing import Any

import pytest

from reviewer.model.trace import Document, Trace
from reviewer.sources.assemble.documents import documents_in
from reviewer.sources.assemble.spans import SpanLog
from tests.sources.span_files import asks, built, llm, said, span

RETRIEVER = {"openinference.span.kind": "RETRIEVER"}


def documents(*spans: Any) -> list[Document]:
    return built(span(1, None), *spans).documents


def line(document: Document) -> tuple[Any, ...]:
    return document.text, document.source, document.score, document.rank


def test_flat_documents_keep_source_score_and_rank() -> None:
    flat: dict[str, Any] = {"input.value": "where?"}
    for rank, place in enumerate((10, 2)):  # the order of the indices counts, not that of the attributes
        prefix = f"retrieval.documents.{place}.document."
        flat |= {
            prefix + "id": rank,
            prefix + "content": f"text {rank}",
            prefix + "metadata": json.dumps({"source": f"file-{rank}.md", "score": 0.5 + rank}),
        }
    trace = built(span(1, None), span(2, 1, **RETRIEVER, **flat))
    assert [line(one) for one in trace.documents] == [
        ("text 1", "file-1.md", 1.5, 0), ("text 0", "file-0.md", 0.5, 1)]  # fmt: skip
    assert [one.query for one in trace.documents] == ["where?", "where?"]
    assert [one.doc_id for one in trace.documents] == ["1", "0"]
    assert [(one.documents, one.latency_ms) for one in trace.retrievals] == [(2, 1000.0)]


def test_an_empty_retrieval_is_counted() -> None:
    trace = built(span(1, None), span(2, 1, **RETRIEVER, **{"input.value": "where?"}))
    assert (trace.documents, [one.documents for one in trace.retrievals]) == ([], [0])


def test_documents_of_the_conventions_attribute_and_its_query() -> None:
    held = json.dumps([{"id": "d1", "score": 0.9, "content": "text"}, {"id": "d2", "score": 0.8}])
    found = documents(span(2, 1, **{"gen_ai.operation.name": "retrieval", "gen_ai.retrieval.documents": held,
                                    "gen_ai.retrieval.query.text": "where?"}))  # fmt: skip
    assert [line(one) for one in found] == [("text", "d1", 0.9, 0), ("", "d2", 0.8, 1)]
    assert found[0].query == "where?"


def test_documents_in_logs_of_a_vector_store_have_distances() -> None:
    query = span(2, 1, **{"db.system": "chroma"})
    query.logs = [
        SpanLog("db.query.result", {"db.query.result.id": f"d{n}", "db.query.result.document": f"text {n}",
                                    "db.query.result.distance": n / 10})
        for n in (1, 2)
    ]  # fmt: skip
    found = documents(query)
    assert [(line(one), one.score_kind, one.inferred) for one in found] == [
        (("text 1", "d1", 0.1, 0), "distance", False), (("text 2", "d2", 0.2, 1), "distance", False)]  # fmt: skip


def test_a_reranker_has_two_lists() -> None:
    flat = {
        "reranker.input_documents.0.document.content": "a",
        "reranker.input_documents.1.document.content": "b",
        "reranker.output_documents.0.document.content": "b",
    }
    found = documents(span(2, 1, **{"openinference.span.kind": "RERANKER"}, **flat))
    assert [(one.text, one.stage, one.list_no, one.rank) for one in found] == [
        ("a", "rerank_in", 0, 0), ("b", "rerank_in", 0, 1), ("b", "rerank_out", 1, 0)]  # fmt: skip


def test_a_retrievers_output_is_recognised_and_marked_inferred() -> None:
    output = json.dumps({"documents": [{"page_content": "text", "metadata": {"source": "a.md", "title": "A"}}]})
    (one,) = documents(span(2, 1, **{"traceloop.span.kind": "retriever", "traceloop.entity.output": output}))
    assert (one.text, one.source, one.title, one.inferred, one.stage) == ("text", "a.md", "A", True, "retrieved")


@pytest.mark.parametrize(
    "value",
    [
        [{"url": "u", "snippet": "s"}],
        {"results": [{"title": "t", "content": "c"}]},
        {"output": {"hits": [{"id": 1, "text": "x"}]}},
        [{"node": {"text": "x", "id_": "n1"}, "score": 0.3}, {"node": {"text": "y", "metadata": {}, "id": "n"}}],
        [{"lc": 1, "type": "constructor", "kwargs": {"page_content": "x", "metadata": {}}}],
    ],
)
def test_what_has_the_shape_of_documents(value: Any) -> None:
    if isinstance(value, list) and "node" in value[0]:
        value[0]["node"]["metadata"] = {"file_name": "f"}
    assert documents_in(value)


@pytest.mark.parametrize(
    "value",
    ["text", None, [], {}, [1], ["a"], [{"text": "no mark"}], [{"url": "no text"}], {"rows": [{"n": 1}]},
     {"documents": []}, [{"id": 1, "text": "x"}, "broken"]],
)  # fmt: skip
def test_what_has_not(value: Any) -> None:
    assert documents_in(value) == []


def test_a_tools_result_may_hold_documents_for_the_next_answer() -> None:
    found = json.dumps([{"title": "T", "href": "https://example.org/1", "body": "what it says"}])
    history = [said("user", "Go"), asks("search", {"q": "x"}, "c1"),
               {"role": "tool", "tool_call_id": "c1", "content": found}]  # fmt: skip
    trace = built(span(1, None), llm(2, history, [said("assistant", "End")]))
    (one,) = trace.documents
    assert (one.text, one.source, one.title, one.inferred) == ("what it says", "https://example.org/1", "T", True)
    assert one.turn == len(trace.main) - 1


def turn_of(*spans: Any) -> tuple[Trace, int | None]:
    trace = built(span(1, None), *spans)
    return trace, trace.documents[0].turn


def test_the_turn_is_the_first_answer_begun_after_the_retrieval_ended() -> None:
    flat = {"retrieval.documents.0.document.content": "text"}
    first = llm(2, [said("user", "Go")], [said("assistant", "Searching")])
    second = llm(5, [said("user", "Go"), said("assistant", "Searching")], [said("assistant", "End")])
    trace, turn = turn_of(first, span(3, 1, **RETRIEVER, **flat), second)
    assert turn is not None and trace.main[turn].text == "End"
    assert turn_of(first, span(9, 1, **RETRIEVER, **flat))[1] is None


def test_attached_documents_and_citations_stand_beside_the_messages() -> None:
    asked = {"role": "user", "content": [
        {"type": "document", "source": {"type": "text", "data": "The rule."}, "title": "Rules"},
        {"type": "text", "text": "May I?"}]}  # fmt: skip
    answer = {"role": "assistant", "content": [
        {"type": "text", "text": "Yes.", "citations": [{"type": "char_location", "cited_text": "The rule."}]}]}  # fmt: skip
    trace = built(span(1, None), llm(2, [asked], [answer]))
    assert [(one.stage, "The rule." in one.text, one.turn) for one in trace.documents] == [
        ("attached", True, 1), ("cited", True, 1)]  # fmt: skip
