"""How a trace ended, what the user corrected, and how the application was set up."""

import json
from typing import Any

import pytest

from reviewer.model.trace import Document, Thread, Trace
from reviewer.sources.assemble.complete import complete
from tests.builders import said
from tests.sources.span_files import built, span


def chat(*turns: tuple[str, str], **more: Any) -> Trace:
    return complete(Trace("t", "1", "plain", threads=[Thread([said(role, text) for role, text in turns])], **more))


LLM = {"openinference.span.kind": "LLM"}
ASKED = (("system", "Be brief."), ("user", "Where is my parcel?"), ("assistant", "In Ghent."))


@pytest.mark.parametrize(
    "words",
    ["No, I meant the other one.", "That's wrong.", "this is not correct", "I said the blue parcel", "Das ist falsch!",
     "Nein, die andere.", "Try again please", "You misunderstood me"],
)  # fmt: skip
def test_a_correction_is_counted(words: str) -> None:
    trace = chat(*ASKED, ("user", words), ("assistant", "Sorry."))
    assert (trace.n_follow_ups, trace.n_corrections, trace.ending) == (1, 1, "answer")


@pytest.mark.parametrize(
    "words", ["Thanks!", "Is there no other way?", "Not yet, but soon", "And the blue one?", "Noted."]
)
def test_an_ordinary_turn_is_no_correction(words: str) -> None:
    assert chat(*ASKED, ("user", words)).n_corrections == 0


def test_a_first_question_is_never_a_correction() -> None:
    assert chat(("user", "That's wrong, what my invoice says.")).n_follow_ups == 0


def test_in_a_session_only_the_last_turn_counts() -> None:
    turns = (*ASKED, ("user", "That's wrong."), ("assistant", "In Bruges."), ("user", "Thanks"))
    assert chat(*turns).n_corrections == 1
    trace = chat(*turns, session_id="s")
    assert (trace.n_follow_ups, trace.n_corrections) == (1, 0)


def test_how_a_trace_ends() -> None:
    assert chat(*ASKED).ending == "answer"
    assert chat(*ASKED, ("user", "Hello?")).ending == "question"
    assert chat(("user", "Hello?"), ("tool", "{}")).ending == "within"
    assert chat().ending is None


def test_sizes_of_prompt_and_documents() -> None:
    trace = chat(
        *ASKED, documents=[Document("abc"), Document("defg", stage="rerank_in"), Document("h", stage="attached")]
    )
    assert (trace.prompt_chars, trace.context_chars) == (len("Be brief."), 4)


OFFERED = {"llm.tools.0.tool.json_schema": '{"name": "search"}'}


def test_other_tools_are_another_set_and_the_order_does_not_matter() -> None:
    one = built(span(1, None, **LLM, **OFFERED)).tools_hash
    more = {**OFFERED, "llm.tools.1.tool.json_schema": '{"name": "refund"}'}
    turned = {f"llm.tools.{1 - n}.tool.json_schema": more[f"llm.tools.{n}.tool.json_schema"] for n in (0, 1)}
    assert one is not None
    assert one != built(span(1, None, **LLM, **more)).tools_hash == built(span(1, None, **LLM, **turned)).tools_hash
    assert built(span(1, None, **LLM)).tools_hash is None


SCHEMA = {"type": "object", "properties": {"q": {"type": "string"}}}
SEARCH = {"name": "search", "description": "Looks up.", "parameters": SCHEMA}


@pytest.mark.parametrize(
    "held",
    [
        {"llm.tools.0.tool.json_schema": json.dumps({"type": "function", "function": SEARCH})},
        {"llm.tools.0.tool.json_schema": json.dumps({"name": "search", "description": "Looks up.", "input_schema": SCHEMA})},
        {"gen_ai.tool.definitions": json.dumps([{"type": "function", **SEARCH}])},
        {"ai.prompt.tools": json.dumps([json.dumps({"type": "function", "name": "search", "description": "Looks up.",
                                                    "inputSchema": SCHEMA})])},
        {"llm.request.functions.0.name": "search", "llm.request.functions.0.description": "Looks up.",
         "llm.request.functions.0.parameters": json.dumps(SCHEMA)},
    ],
)  # fmt: skip
def test_the_tools_that_were_offered_are_kept_whatever_convention_records_them(held: dict[str, str]) -> None:
    assert built(span(1, None, **LLM, **held)).tools == [SEARCH]


def test_what_defines_no_tool_is_left_out() -> None:
    held = {
        "gen_ai.tool.definitions": '[1, null, {"description": "no name"}, {"name": "bare", "parameters": "no schema"}]'
    }
    assert built(span(1, None, **LLM, **held)).tools == [{"name": "bare"}]
    assert built(span(1, None, **LLM, **{"gen_ai.tool.definitions": "{not json"})).tools == []


def test_a_retrieval_records_how_it_searches() -> None:
    retriever = span(
        2, 1, **{"openinference.span.kind": "RETRIEVER", "retrieval.top_k": 4, "db.collection.name": "faq"}
    )
    assert built(span(1, None, **LLM, **{"llm.top_k": 9}), retriever).retrieval_setting == "name=faq, top_k=4"


def test_an_output_schema_is_told_from_another() -> None:
    def schema(kind: str) -> str | None:
        held = json.dumps({"type": "object", "properties": {"n": {"type": kind}}})
        return built(span(1, None, **LLM, **{"gen_ai.request.structured_output_schema": held})).schema_hash

    assert None not in (schema("integer"), schema("string"))
    assert schema("integer") == schema("integer") != schema("string")
