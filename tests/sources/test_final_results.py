"""Structured answers of Pydantic AI are answers, not tool calls, unless they were refused."""

import json
from typing import Any

import pytest

from reviewer.model.trace import Trace
from tests.sources.span_files import asks, built, llm, said, span

ANSWER = {"city": "Graz", "sure": True}
PROCESSED = "Final result processed."


def result(text: str, native: str = "c1") -> dict[str, Any]:
    return {"role": "tool", "tool_call_id": native, "content": text}


def told(trace: Trace) -> list[str]:
    lines = []
    for message in trace.main:
        calls = [f"{call.name}({call.arguments})" for call in message.calls]
        lines.append(" ".join(filter(None, [message.role, message.text, *calls])))
    return lines


def agent(history: list[dict[str, Any]], final: Any = None) -> Trace:
    attrs = {"pydantic_ai.all_messages": json.dumps(history), "gen_ai.operation.name": "invoke_agent"}
    if final is not None:
        attrs["final_result"] = json.dumps(final)
    question, answer = history[:-1], history[-1:]
    return built(
        span(1, None, "agent run", **attrs), llm(2, question, [one for one in answer if one["role"] != "tool"])
    )


@pytest.mark.parametrize("name", ["final_result", "final_result_City"])
@pytest.mark.parametrize("accepted", [[], [result(PROCESSED)]])
@pytest.mark.parametrize("final", [None, ANSWER])
def test_an_accepted_final_result_is_said(name: str, accepted: list[dict[str, Any]], final: Any) -> None:
    trace = agent([said("user", "Where?"), asks(name, ANSWER, "c1"), *accepted], final)
    assert told(trace) == ["user Where?", f"assistant {json.dumps(ANSWER, separators=(',', ':'))}"]
    assert list(trace.calls()) == []


def test_an_answer_in_a_wrapper_is_not_said_twice() -> None:
    trace = built(
        span(1, None, "agent run", **{"gen_ai.operation.name": "invoke_agent", "final_result": "[1, 2]"}),
        llm(2, [said("user", "Which?")], [asks("final_result", {"response": [1, 2]}, "c1")]),
    )
    assert told(trace) == ["user Which?", 'assistant {"response":[1,2]}']


def test_a_refused_final_result_stays_a_call() -> None:
    history = [
        said("user", "Where?"),
        asks("final_result", {"city": 7}, "c1"),
        result("1 validation error: city must be a text", "c1"),
        asks("final_result", ANSWER, "c2"),
        result(PROCESSED, "c2"),
    ]
    assert told(agent(history))[1:] == [
        'assistant final_result({"city":7})',
        "tool 1 validation error: city must be a text",
        f"assistant {json.dumps(ANSWER, separators=(',', ':'))}",
    ]


def test_other_tools_stay_calls_beside_it() -> None:
    both = asks("find", {"q": "x"}, "c0")
    both["tool_calls"] += asks("final_result", ANSWER, "c1")["tool_calls"]
    trace = agent([said("user", "Where?"), both, result("skipped", "c0"), result(PROCESSED)])
    assert [call.name for call in trace.calls()] == ["find"]


def test_a_tool_whose_name_only_begins_so_stays_a_call() -> None:
    trace = agent([said("user", "Where?"), asks("final_results_of_race", {}, "c1")])
    assert [call.name for call in trace.calls()] == ["final_results_of_race"]
