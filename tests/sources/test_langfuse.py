"""Langfuse: its downloads and rows, and that nothing which its own normaliser finds is missing from the trace."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from reviewer.errors import BadInput
from reviewer.model.trace import Trace
from tests.sources.span_files import read_all, texts, write_lines

NAMES = [
    "agno-2025-06-11.trace.json",
    "autogen-2025-06-06.trace.json",
    "claude-agent-2025-12-22.trace.json",
    "google-adk-2025-08-28.trace.json",
    "koog-2025-08-26.trace.json",
    "langgraph-python-2025-08-22.trace.json",
    "openai-agents-2025-09-30.trace.json",
    "pydantic-ai-2025-06-06.trace.json",
    "pydantic-ai-tools-2025-06-06.trace.json",
    "vertex-ai-2025-08-01.trace.json",
    "seeder-google-vertex-tools-langchain-2025-09-19.json",
]
Shared = Callable[..., Path]


def observation(number: int, parent: int | None, kind: str, **more: Any) -> dict[str, Any]:
    return {
        "id": f"o{number}",
        "traceId": "t1",
        "parentObservationId": None if parent is None else f"o{parent}",
        "type": kind,
        "name": f"step {number}",
        "startTime": f"2026-01-02T03:04:0{number}.000Z",
        "endTime": f"2026-01-02T03:04:0{number}.500Z",
        **more,
    }


def chat(number: int, question: str, answer: str, **more: Any) -> dict[str, Any]:
    return observation(
        number,
        1,
        "GENERATION",
        input=json.dumps([{"role": "user", "content": question}]),
        output=json.dumps({"role": "assistant", "content": answer}),
        **more,
    )


@pytest.mark.parametrize("name", NAMES)
def test_a_download_reads_as_its_facts_say(name: str, shared: Shared) -> None:
    facts = json.loads(shared("data", "facts-dev.json").read_text())[f"dev/langfuse/{name}"]
    found, problems = read_all(shared("data", "langfuse", name))
    assert (len(found), problems) == (facts["records"], [])
    trace = found[0].trace
    assert (trace.native_id, trace.name, trace.kind) == (facts["trace_id"], facts["name"], "langfuse")
    assert len(trace.scores) >= facts["has_scores"]
    assert trace.model in facts["models"]
    # Where the trace itself names none, a session that its spans name is taken.
    assert facts["session_id"] in (None, trace.session_id)
    assert trace.user_id == facts["user_id"]
    assert trace.main[-1].role == "assistant"


@pytest.mark.parametrize("name", [name for name in NAMES if name.endswith(".trace.json")])
def test_no_text_and_no_call_of_the_expected_messages_is_missing(name: str, shared: Shared) -> None:
    expected = json.loads(shared("data", "langfuse", name.replace(".trace.", ".chatml.")).read_text())
    trace = read_all(shared("data", "langfuse", name))[0][0].trace
    shown = squeezed("".join(everything(trace)))
    calls = {(call.name, json.dumps(json.loads(call.arguments), sort_keys=True)) for call in trace.calls()}
    for message in messages_of(expected):
        for text in texts_of(message):
            assert squeezed(text) in shown
        for call_name, arguments in calls_of(message):
            assert (call_name, json.dumps(arguments, sort_keys=True)) in calls


def squeezed(text: str) -> str:
    return "".join(text.split())


def everything(trace: Trace) -> Iterator[str]:
    for thread in trace.threads:
        for message in thread.messages:
            yield from (part.text for part in message.parts)
            for call in message.calls:
                yield call.result or ""
    for document in trace.documents:
        yield from (document.text, document.title or "", document.source)


def messages_of(expected: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for sides in expected.values():
        for side in sides.values():
            if side.get("success"):
                yield from side["data"]


def texts_of(message: dict[str, Any]) -> Iterator[str]:
    content = message.get("content")
    if isinstance(content, str) and not content.startswith('[{"function"'):
        yield content
    for block in content if isinstance(content, list) else ():
        if isinstance(block, dict) and block.get("type") == "text":
            yield block["text"]
        elif isinstance(block, dict) and "type" not in block:
            yield from (str(value) for value in block.values())
    held = message.get("json")
    if isinstance(held, dict) and "body" in held:
        yield from (held["title"], held["href"], held["body"])


def calls_of(message: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    for call in message.get("tool_calls") or ():
        arguments = call["arguments"]
        yield call["name"], json.loads(arguments) if isinstance(arguments, str) else arguments
    content = message.get("content")
    if isinstance(content, str) and content.startswith('[{"function"'):
        for call in json.loads(content):
            yield call["function"]["name"], json.loads(call["function"]["arguments"])
    for block in content if isinstance(content, list) else ():
        if isinstance(block, dict) and block.get("type") == "tool_use":
            yield block["name"], block["input"]


def test_tool_calls_that_langfuse_lists_are_found(shared: Shared) -> None:
    trace = read_all(shared("data", "langfuse", "claude-agent-2025-12-22.trace.json"))[0][0].trace
    assert [(call.arguments, call.result, call.found_in) for call in trace.calls()] == [
        ('{"city":"Berlin"}', "Weather in Berlin: Cloudy, 59°F", "both"),
        ('{"city":"New York"}', "Weather in New York: Sunny, 75°F", "both"),
    ]
    assert trace.transcript_how == "llm-threads+root-system"


def test_rows_of_observations_are_put_together_by_trace(tmp_path: Path) -> None:
    rows = [
        chat(3, "And now?", "Now this.", usageDetails={"input": 7, "output": 2}, promptName="p", promptVersion=4),
        observation(1, None, "SPAN", traceName="helper", userId="u-1", tags=["a"], environment="production"),
        observation(2, 1, "TOOL", input='{"q": 1}', output="found", level="ERROR", statusMessage="late"),
        {**chat(4, "Other?", "Other."), "traceId": "t2", "parentObservationId": None},
    ]
    found, problems = read_all(write_lines(tmp_path / "rows.jsonl", *rows))
    assert problems == []
    first, second = (one.trace for one in found)
    assert (first.native_id, second.native_id) == ("t1", "t2")
    assert texts(first)[:2] == ["user: And now?", "assistant: Now this."]
    assert (first.name, first.workflow, first.user_id, first.environment) == ("helper", "helper", "u-1", "production")
    assert (first.prompt_name, first.prompt_version, first.tags) == ("p", "4", ["a"])
    assert (first.usage.input, first.usage.output, first.usage.total) == (7, 2, 9)
    (call,) = first.calls()
    assert (call.name, call.is_error, call.error, call.found_in) == ("step 2", True, "late", "span")


def test_a_row_of_the_trace_table_is_its_question_and_answer(tmp_path: Path) -> None:
    row = {"id": "t9", "timestamp": "2026-01-02T03:04:05Z", "name": "ask", "userId": None, "tags": ["x"],
           "input": '"What?"', "output": {"content": "That."}, "latency": 1.5}  # fmt: skip
    (found,), problems = read_all(write_lines(tmp_path / "traces.jsonl", row))
    assert (texts(found.trace), problems) == (["user: What?", "assistant: That."], [])
    assert (found.trace.latency_ms, found.trace.tags, found.trace.transcript_how) == (1500.0, ["x"], "root-io")


def test_scores_keep_who_gave_them_and_their_kind(tmp_path: Path) -> None:
    scores = [
        {"name": "good", "value": 1, "dataType": "BOOLEAN", "source": "ANNOTATION", "authorUserId": "a"},
        {"name": "tone", "value": 0, "stringValue": "rude", "dataType": "CATEGORICAL", "source": "EVAL"},
        {"name": "fast", "value": 0.5, "dataType": "NUMERIC", "source": "API", "observationId": "o1", "comment": "ok"},
    ]
    fixed = [{"name": "output", "value": 0, "dataType": "CORRECTION", "source": "ANNOTATION", "longStringValue": "Yes"}]
    record = {
        "trace": {"id": "t1", "name": "n", "scores": scores, "corrections": fixed},
        "observations": [chat(1, "Hi", "No") | {"parentObservationId": None}],
    }
    (found,), _ = read_all(write_lines(tmp_path / "f.json", record))
    told = [(s.name, s.value_num, s.value_text, s.data_type, s.source, s.target) for s in found.trace.scores]
    assert told == [
        ("good", 1.0, None, "bool", "human", "trace"),
        ("tone", None, "rude", "category", "llm", "trace"),
        ("fast", 0.5, None, "number", "api", "span"),
        ("output", None, "Yes", "correction", "human", "trace"),
    ]


def test_what_is_no_trace_is_told_and_costs_no_other(tmp_path: Path) -> None:
    good = {"trace": {"id": "t1"}, "observations": [chat(1, "Hi", "Ho")]}
    bad = {"trace": {"name": "no id"}, "observations": []}
    found, problems = read_all(write_lines(tmp_path / "f.jsonl", good, bad, [1]))
    assert [one.line for one in found] == [1]
    assert [(problem.line, problem.lost) for problem in problems if problem.lost] == [(2, True), (3, True)]


def test_expectation_files_hold_no_trace(shared: Shared) -> None:
    with pytest.raises(BadInput, match="no traces found"):
        read_all(shared("data", "langfuse", "koog-2025-08-26.chatml.json"))
