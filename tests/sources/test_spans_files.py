"""Files of single spans: real ones as their facts say, and our own small ones in each tool's shape."""

import json
import random
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from reviewer.model.trace import Trace
from reviewer.sources.formats import otel_spans
from reviewer.sources.formats.gathering import gather
from reviewer.sources.records import Value
from tests.sources.span_files import TRACE, read_all, texts, write_lines

Shared = Callable[..., Path]
FILES = [
    "strands-openai_agents_genai_adot_spans.json",
    "strands-openai_agents_genai_live_spans.json",
    "strands-openinference_adot_spans.json",
    "strands-openinference_live_spans.json",
    "strands-otel_genai_convention_spans.json",
    "strands-pydantic_ai_live_spans.json",
    "vercel-v6-ai-generateObject-doGenerate.json",
    "vercel-v6-ai-generateObject.json",
    "vercel-v6-ai-generateText-doGenerate.json",
    "vercel-v6-ai-generateText.json",
]


@pytest.mark.parametrize("name", FILES)
def test_a_real_file_reads_as_its_facts_say(name: str, shared: Shared, monkeypatch: pytest.MonkeyPatch) -> None:
    spans = 0

    def counting(*args: Any, **more: Any) -> Any:
        nonlocal spans
        for whole in gather(*args, **more):
            spans += len(whole.spans)
            yield whole

    monkeypatch.setattr("reviewer.sources.formats.gathering.gather", counting)
    facts = json.loads(shared("data", "facts-dev.json").read_text())[f"dev/otel-spans/{name}"]
    found, problems = read_all(shared("data", "otel-spans", name))
    assert (len(found), spans) == (facts["records"], facts["spans"])
    assert not any(problem.lost for problem in problems)
    for one in found:
        assert {message.role for message in one.trace.main} >= {"user", "assistant"}
        assert one.trace.started_us is not None and one.trace.latency_ms is not None


def trace_of(shared: Shared, name: str) -> Trace:
    return read_all(shared("data", "otel-spans", f"strands-{name}_spans.json"))[0][0].trace


def test_agents_that_call_agents_have_a_thread_each(shared: Shared) -> None:
    trace = trace_of(shared, "openai_agents_genai_live")
    assert [thread.title for thread in trace.threads] == ["", "research_specialist", "math_specialist"]
    assert [(call.name, call.result is not None, call.found_in) for call in trace.calls()] == [
        ("ask_research_specialist", True, "both"),
        ("ask_math_specialist", True, "both"),
        ("lookup_stock_price", True, "both"),
        ("multiply_numbers", True, "both"),
        ("multiply_numbers", True, "both"),
    ]
    assert trace.usage.total == 2123


def test_content_that_stands_in_bodies_of_logs_is_found(shared: Shared) -> None:
    trace = trace_of(shared, "openinference_adot")
    (call,) = trace.calls()
    assert (call.name, call.result, call.latency_ms) == ("get_weather", "Weather in Alaska: -5C, snowy", 1000.0)
    assert texts(trace)[-1] == "assistant: The weather in Alaska is -5C and snowy."


def test_a_failed_tool_marks_its_call_and_not_the_trace(shared: Shared) -> None:
    trace = trace_of(shared, "otel_genai_convention")
    paris, london = trace.calls()
    assert (paris.is_error, london.is_error, london.error, trace.status) == (False, True, "TimeoutError", "ok")


FLAT: dict[str, Any] = {
    "trace_id": TRACE,
    "span_id": "00000000000000aa",
    "name": "chat",
    "start_time": 1_700_000_000_000_000_000,
    "end_time": 1_700_000_002_000_000_000,
    "attributes": {"gen_ai.operation.name": "chat", "gen_ai.input.messages": '[{"role":"user","content":"Hi"}]',
                   "gen_ai.output.messages": '[{"role":"assistant","content":"Ho"}]'},
}  # fmt: skip
CONSOLE: dict[str, Any] = {
    "name": "chat",
    "context": {"trace_id": f"0x{TRACE}", "span_id": "0x00000000000000aa", "trace_state": "[]"},
    "kind": "SpanKind.CLIENT",
    "parent_id": None,
    "start_time": "2023-11-14T22:13:20.000000Z",
    "end_time": "2023-11-14T22:13:22.000000Z",
    "status": {"status_code": "ERROR", "description": "no"},
    "attributes": FLAT["attributes"],
    "events": [{"name": "exception", "timestamp": "2023-11-14T22:13:21Z", "attributes": {"exception.message": "no"}}],
    "resource": {"attributes": {"service.version": "3"}},
}
PHOENIX = {
    "name": "chat",
    "context": {"trace_id": TRACE, "span_id": "00000000000000aa"},
    "span_kind": "LLM",
    "parent_id": None,
    "start_time": "2023-11-14T22:13:20+00:00",
    "end_time": "2023-11-14T22:13:22+00:00",
    "status_code": "OK",
    "attributes": {
        "llm": {
            "input_messages": [{"message.role": "user", "message.content": "Hi"}],
            "output_messages": [{"message": {"role": "assistant", "content": "Ho"}}],
        }
    },
}
JAVASCRIPT = {
    "name": "chat",
    "spanContext": {"traceId": TRACE, "spanId": "00000000000000aa"},
    "startTime": [1_700_000_000, 0],
    "endTime": [1_700_000_002, 0],
    "status": {"code": 1},
    "attributes": FLAT["attributes"],
    "events": [],
}
JAEGER = {
    "data": [
        {
            "traceID": TRACE,
            "spans": [
                {
                    "traceID": TRACE,
                    "spanID": "00000000000000aa",
                    "operationName": "chat",
                    "references": [],
                    "startTime": 1_700_000_000_000_000,
                    "duration": 2_000_000,
                    "tags": [{"key": key, "type": "string", "value": text} for key, text in FLAT["attributes"].items()],
                    "logs": [],
                    "processID": "p1",
                }
            ],
            "processes": {"p1": {"serviceName": "s", "tags": []}},
        }
    ]
}


@pytest.mark.parametrize(
    ("value", "name"),
    [
        (FLAT, "otel_flat"),
        ({"session_id": "s", "span_count": 1, "spans": [FLAT]}, "otel_flat"),
        (CONSOLE, "otel_console"),
        (PHOENIX, "phoenix"),
        (JAVASCRIPT, "otel_js"),
        (JAEGER, "jaeger"),
    ],
)
def test_each_tools_shape_gives_the_same_trace(value: dict[str, Any], name: str, tmp_path: Path) -> None:
    path = tmp_path / "f.json"
    path.write_text(json.dumps(value, indent=1))
    (found,), problems = read_all(path)
    trace = found.trace
    assert (trace.format, trace.native_id, texts(trace)) == (name, TRACE, ["user: Hi", "assistant: Ho"])
    assert (trace.started_us, trace.latency_ms) == (1_700_000_000_000_000, 2000.0)
    assert trace.session_id == value.get("session_id")
    assert trace.status == {"otel_console": "error", "phoenix": "ok", "otel_js": "ok"}.get(name, "unset")
    assert problems == []


def test_objects_printed_back_to_back_are_one_trace(tmp_path: Path) -> None:
    child = {**CONSOLE, "context": {**CONSOLE["context"], "span_id": "0x00000000000000bb"}, "name": "inner",
             "parent_id": "0x00000000000000aa", "attributes": {}}  # fmt: skip
    path = tmp_path / "console.json"
    path.write_text(json.dumps(child, indent=4) + "\n" + json.dumps(CONSOLE, indent=4) + "\n")
    (found,), problems = read_all(path)
    assert (texts(found.trace), found.trace.name, problems) == (["user: Hi", "assistant: Ho"], "chat", [])


def test_a_value_without_a_trace_id_is_told(tmp_path: Path) -> None:
    found, problems = read_all(write_lines(tmp_path / "f.jsonl", FLAT, {"name": "x", "attributes": {}}))
    assert len(found) == 1
    assert [(problem.line, problem.lost) for problem in problems] == [(2, True)]


def test_plain_records_with_spans_are_not_taken_for_spans() -> None:
    record = {"id": "t1", "input": "x", "output": "y", "spans": [{"id": "a", "parent_id": "b"}]}
    assert otel_spans.looks_like([Value(record)], "f.jsonl") is None


def test_generated_traces_hold_what_was_planted(shared: Shared, tmp_path: Path) -> None:
    out, labels = tmp_path / "traces.jsonl", tmp_path / "labels.jsonl"
    script = shared("bench", "gen_traces.py")
    subprocess.run([sys.executable, script, "150", out, "--labels", labels], check=True, capture_output=True)
    truths = [json.loads(line) for line in labels.read_text().splitlines()]
    found, problems = read_all(out)
    assert (len(found), problems) == (150, [])
    for truth, trace in zip(truths, (one.trace for one in found), strict=True):
        assert (trace.native_id, trace.workflow, trace.prompt_version, trace.environment, trace.model) == (
            truth["trace_id"], truth["workflow"], truth["prompt_version"], truth["env"], truth["model"])  # fmt: skip
        assert trace.session_id and trace.user_id and trace.main[-1].role == "assistant"
        check_calls(trace, failed="tool_error" in truth["failures"])
        empty = "empty_retrieval" in truth["failures"]
        assert (len(trace.documents), [one.documents for one in trace.retrievals]) == ((0, [0]) if empty else (5, [5]))
        assert all(document.doc_id and document.score and document.turn for document in trace.documents)
    assert any(trace.n_retries for trace in (one.trace for one in found)), "a failed call is tried again in some"


def check_calls(trace: Trace, *, failed: bool) -> None:
    planned = [call for message in trace.main for call in message.calls]
    assert [call.found_in for call in planned] == ["both", "both"]
    assert all(call.result and call.latency_ms and call.call_id for call in planned)
    assert (trace.status, planned[1].is_error) == (("error", True) if failed else ("ok", False))
    outside = [call for call in trace.calls() if call not in planned]
    assert len(outside) == trace.n_retries
    assert all(call.is_error and call.error for call in outside)


def test_generated_traces_in_pieces_are_the_same(shared: Shared, tmp_path: Path) -> None:
    out, mixed = tmp_path / "traces.jsonl", tmp_path / "mixed.jsonl"
    script = shared("bench", "gen_traces.py")
    subprocess.run([sys.executable, script, "12", out], check=True, capture_output=True)
    pieces = []
    for line in out.read_text().splitlines():
        group = json.loads(line)["resourceSpans"][0]
        for raw in group["scopeSpans"][0]["spans"]:
            pieces.append({"resourceSpans": [{**group, "scopeSpans": [{"spans": [raw]}]}]})
    random.Random(1).shuffle(pieces)
    whole = {one.trace.native_id: one.trace for one in read_all(out)[0]}
    joined = {one.trace.native_id: one.trace for one in read_all(write_lines(mixed, *pieces))[0]}
    assert whole.keys() == joined.keys()
    for native, trace in whole.items():
        assert texts(joined[native]) == texts(trace)
        assert joined[native].workflow == trace.workflow
