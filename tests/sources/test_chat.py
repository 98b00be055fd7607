"""Message files as they come from providers, loggers and benchmarks."""

from pathlib import Path
from typing import Any

import pytest
from reading_all import read_all, read_lines, transcript

from reviewer.errors import BadInput

ASKED = {"role": "user", "content": "What is 6 times 7?"}
CALLED = {
    "role": "assistant",
    "content": None,
    "tool_calls": [{"id": "c1", "type": "function", "function": {"name": "times", "arguments": '{"a": 6, "b": 7}'}}],
}
RESULT = {"role": "tool", "tool_call_id": "c1", "content": "42"}
ANSWERED = {"role": "assistant", "content": "42."}
SPOKEN = ["user What is 6 times 7?", 'assistant times({"a": 6, "b": 7})=42', "tool 42", "assistant 42."]


def test_a_line_of_messages_is_a_trace_with_paired_calls(tmp_path: Path) -> None:
    reading = read_lines(tmp_path, {"id": "q1", "messages": [ASKED, CALLED, RESULT, ANSWERED]})
    [trace] = reading.traces
    assert (trace.kind, trace.format, trace.native_id) == ("messages", "openai", "q1")
    assert transcript(trace) == SPOKEN
    assert trace.main[2].answers is trace.main[1].calls[0]


def test_facts_beside_the_messages_are_kept(tmp_path: Path) -> None:
    record = {
        "messages": [ASKED, ANSWERED],
        "model": "m-1",
        "timestamp": "2026-11-23T09:00:00Z",
        "latency_ms": 1200,
        "usage": {"prompt_tokens": 10, "completion_tokens": 3, "prompt_tokens_details": {"cached_tokens": 4}},
        "metadata": {
            "session_id": "s1",
            "user_id": 7,
            "route": "faq",
            "prompt_version": "v3",
            "tenant": "acme",
            "x": [1],
        },
        "scores": {"helpful": True, "stars": 4},
        "tags": ["a"],
    }
    trace = read_lines(tmp_path, record).traces[0]
    assert (trace.model, trace.session_id, trace.user_id, trace.workflow) == ("m-1", "s1", "7", "faq")
    assert (trace.prompt_version, trace.tenant, trace.tags, trace.latency_ms) == ("v3", "acme", ["a"], 1200.0)
    assert (trace.usage.input, trace.usage.output, trace.usage.total, trace.usage.cache_read) == (10, 3, 13, 4)
    assert (trace.started_us, trace.time_basis) == (1_795_424_400_000_000, "trace")
    assert trace.metadata["x"] == [1]
    assert [(s.name, s.value_num, s.data_type) for s in trace.scores] == [
        ("helpful", 1.0, "bool"),
        ("stars", 4.0, "number"),
    ]


def test_without_an_id_the_content_names_it_and_twins_stay_apart(tmp_path: Path) -> None:
    same = {"messages": [ASKED, ANSWERED]}
    ids = read_lines(tmp_path, same, {"messages": [ASKED]}, same).ids
    assert len(set(ids)) == 3 and ids[2] == f"{ids[0]}-2"
    assert read_lines(tmp_path, {"messages": [ASKED]}, same, name="again.jsonl").ids[1] == ids[0]


def test_messages_keep_their_own_times(tmp_path: Path) -> None:
    said = [{**ASKED, "timestamp": "2026-11-23T09:00:00Z"}, ANSWERED]
    trace = read_lines(tmp_path, {"messages": said}).traces[0]
    assert [message.ts_us for message in trace.main] == [1_795_424_400_000_000, None]


def test_without_a_time_the_import_has_to_give_one(tmp_path: Path) -> None:
    trace = read_lines(tmp_path, {"messages": [ASKED]}).traces[0]
    assert (trace.started_us, trace.time_basis) == (None, "import")


def chosen(text: str = "42.", **more: Any) -> dict[str, Any]:
    return {"choices": [{"message": {"role": "assistant", "content": text}, "finish_reason": "stop"}], **more}


@pytest.mark.parametrize(
    ("record", "native"),
    [
        ({"request": {"messages": [ASKED]}, "response": chosen(id="r1", model="m-2")}, "r1"),
        ({"body": {"messages": [ASKED]}, "response": chosen(), "id": "row"}, "row"),
        ({"custom_id": "b1", "body": {"messages": [ASKED]}, "response": {"status_code": 200, "body": chosen()}}, "b1"),
        ({"id": "p", "messages": [ASKED], **chosen()}, "p"),
    ],
)
def test_requests_with_their_responses(tmp_path: Path, record: dict[str, Any], native: str) -> None:
    trace = read_lines(tmp_path, record).traces[0]
    assert transcript(trace) == ["user What is 6 times 7?", "assistant 42."]
    assert (trace.native_id, trace.main[-1].finish_reason) == (native, "stop")


def test_a_batch_output_holds_the_answer_alone(tmp_path: Path) -> None:
    trace = read_lines(tmp_path, {"custom_id": "b1", "response": {"body": chosen()}, "error": None}).traces[0]
    assert (trace.native_id, transcript(trace)) == ("b1", ["assistant 42."])


def test_responses_items(tmp_path: Path) -> None:
    record = {
        "id": "resp_1",
        "instructions": "Short.",
        "input": "What is 6 times 7?",
        "output": [
            {"type": "function_call", "id": "fc", "call_id": "c1", "name": "times", "arguments": "{}"},
            {"type": "function_call_output", "call_id": "c1", "output": "42"},
            {"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": "42."}]},
        ],
    }
    trace = read_lines(tmp_path, record).traces[0]
    assert transcript(trace) == [
        "system Short.",
        "user What is 6 times 7?",
        "assistant times({})=42",
        "tool 42",
        "assistant 42.",
    ]


def test_anthropic_with_cache_tokens_in_the_input(tmp_path: Path) -> None:
    record = {
        "request": {"system": "Short.", "messages": [{"role": "user", "content": [{"type": "text", "text": "Hi"}]}]},
        "response": {
            "id": "msg_1",
            "type": "message",
            "role": "assistant",
            "content": [{"type": "text", "text": "Hello"}],
            "stop_reason": "max_tokens",
            "usage": {"input_tokens": 5, "output_tokens": 2, "cache_read_input_tokens": 100},
        },
    }
    trace = read_lines(tmp_path, record).traces[0]
    assert (trace.format, trace.native_id) == ("anthropic", "msg_1")
    assert transcript(trace) == ["system Short.", "user Hi", "assistant Hello"]
    assert (trace.usage.input, trace.main[-1].finish_reason) == (105, "max_tokens")


def test_preferences_show_the_other_answer_in_its_own_thread(tmp_path: Path) -> None:
    record = {
        "input": {"messages": [ASKED]},
        "preferred_output": [ANSWERED],
        "non_preferred_output": [{"role": "assistant", "content": "41."}],
    }
    trace = read_lines(tmp_path, record).traces[0]
    assert transcript(trace)[-1] == "assistant 42."
    assert [(t.title, t.messages[-1].text) for t in trace.threads[1:]] == [("Not preferred", "41.")]


def test_a_header_line_is_no_record_and_scores_come_from_the_benchmark(tmp_path: Path) -> None:
    def run(success: bool, injection: str | None) -> dict[str, Any]:
        about = {"suite_name": "bank", "user_task_id": "u1", "injection_task_id": injection}
        return {"index": 1, "messages": [ASKED, ANSWERED], "metadata": {**about, "success": success, "security": True}}

    header = {"metadata": {"benchmark": "bench-1", "name": "m"}}
    reading = read_lines(tmp_path, header, run(True, None), run(False, "i1"))
    assert reading.problems == []
    assert [t.format for t in reading.traces] == ["agentdojo", "agentdojo"]
    assert [[(s.name, s.value_num) for s in t.scores] for t in reading.traces] == [
        [("success", 1.0)],
        [("success", 0.0), ("security", 1.0)],
    ]
    assert reading.traces[0].metadata["benchmark"] == "bench-1"


def test_a_failed_tool_is_an_error_with_its_reason(tmp_path: Path) -> None:
    failed = {"role": "tool", "tool_call_id": None, "content": "", "error": "ValueError: no such file"}
    trace = read_lines(tmp_path, {"messages": [ASKED, CALLED, failed], "annotations": []}).traces[0]
    [call] = list(trace.calls())
    assert (trace.format, call.is_error, call.error) == ("invariant", True, "ValueError: no such file")


def test_display_text(tmp_path: Path) -> None:
    trace = read_lines(tmp_path, {"messages_display": "user: Hi\nassistant: None\ntool: 42\nassistant: Bye"}).traces[0]
    assert (trace.format, transcript(trace)) == ("display_text", ["user Hi", "assistant", "tool 42", "assistant Bye"])


def test_sharegpt(tmp_path: Path) -> None:
    record = {"id": "g", "system": "Short.", "conversations": [{"from": "human", "value": "Hi"}, {"from": "gpt", "value": "Yo"}]}  # fmt: skip
    trace = read_lines(tmp_path, record).traces[0]
    assert (trace.format, transcript(trace)) == ("sharegpt", ["system Short.", "user Hi", "assistant Yo"])


def test_a_file_that_is_one_array_of_messages_is_one_trace(tmp_path: Path) -> None:
    path = tmp_path / "chat.json"
    path.write_text('[{"role": "user", "content": "Hi"},\n {"role": "assistant", "content": "Yo"}]')
    assert [transcript(trace) for trace in read_all(path).traces] == [["user Hi", "assistant Yo"]]


def test_a_table_of_messages_is_not_taken_for_one_conversation(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="more than 10,000 messages"):
        read_lines(tmp_path, *[ASKED] * 10_001)


def test_prompt_and_completion(tmp_path: Path) -> None:
    trace = read_lines(tmp_path, {"prompt": "Why?", "completion": "Because."}).traces[0]
    assert transcript(trace) == ["user Why?", "assistant Because."]


def test_each_line_an_array_of_messages(tmp_path: Path) -> None:
    assert [transcript(t) for t in read_lines(tmp_path, [ASKED, ANSWERED], [ASKED]).traces] == [
        ["user What is 6 times 7?", "assistant 42."],
        ["user What is 6 times 7?"],
    ]


def test_records_of_another_shape_are_lost_by_line(tmp_path: Path) -> None:
    reading = read_lines(
        tmp_path, {"messages": [ASKED]}, {"messages": []}, {"other": 1}, "17", "", {"messages": [ASKED]}
    )
    assert len(reading.found) == 2
    assert [line for line, _ in reading.lost] == [2, 3, 4]
