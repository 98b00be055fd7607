"""Runs of agents as their own tools keep them: ATIF trajectories, SWE-agent runs, Claude Code sessions."""

import json
from pathlib import Path
from typing import Any

from reading_all import read_all, read_lines, transcript

STEPS = [
    {"step_id": 1, "source": "user", "message": "What does it cost?", "timestamp": "2026-01-05T10:00:00Z"},
    {
        "step_id": 2,
        "source": "agent",
        "message": "I look.",
        "reasoning_content": "A price is wanted.",
        "timestamp": "2026-01-05T10:00:04Z",
        "tool_calls": [{"tool_call_id": "c1", "function_name": "price", "arguments": {"item": "cup"}}],
        "observation": {"results": [{"source_call_id": "c1", "content": "4.50"}]},
        "metrics": {"prompt_tokens": 30, "completion_tokens": 7, "cost_usd": 0.002},
    },
    {"step_id": 3, "source": "agent", "message": "It costs 4.50.", "metrics": {"prompt_tokens": 40, "cost_usd": 0.001}},
]


def trajectory(**more: Any) -> dict[str, Any]:
    agent = {"name": "clerk", "version": "1.2", "model_name": "vendor/large"}
    return {"schema_version": "ATIF-v1.6", "session_id": "s1", "agent": agent, "steps": STEPS, **more}


def test_the_steps_of_a_trajectory_are_a_conversation_with_its_calls(tmp_path: Path) -> None:
    [trace] = read_lines(tmp_path, trajectory()).traces
    assert transcript(trace) == [
        "user What does it cost?",
        'assistant I look. price({"item":"cup"})=4.50',
        "tool 4.50",
        "assistant It costs 4.50.",
    ]
    [call] = trace.calls()
    assert (call.name, json.loads(call.arguments), call.result) == ("price", {"item": "cup"}, "4.50")
    assert [part.kind for part in trace.main[1].parts] == ["reasoning", "text"]
    assert (trace.workflow, trace.release, trace.model, trace.provider) == ("clerk", "1.2", "vendor/large", "vendor")
    assert (trace.usage.input, trace.usage.output, trace.cost_usd, trace.latency_ms) == (70, 7, 0.003, 4000)


def test_totals_of_a_trajectory_go_before_the_sum_of_its_steps(tmp_path: Path) -> None:
    [trace] = read_lines(tmp_path, trajectory(final_metrics={"total_prompt_tokens": 100})).traces
    assert (trace.usage.input, trace.usage.output) == (100, 7)


def test_what_an_agent_saw_without_asking_is_an_observation(tmp_path: Path) -> None:
    step = {"step_id": 4, "source": "agent", "message": "ls", "observation": {"results": [{"content": "a.txt"}]}}
    [trace] = read_lines(tmp_path, trajectory(steps=[step])).traces
    assert [(m.role, m.name, m.text) for m in trace.main] == [
        ("assistant", None, "ls"),
        ("user", "observation", "a.txt"),
    ]


def test_embedded_trajectories_are_threads_and_wrapped_ones_are_traces(tmp_path: Path) -> None:
    child = {**trajectory(), "trajectory_id": "child", "agent": {"name": "helper"}}
    [whole] = read_lines(tmp_path, trajectory(trajectory_id="parent", subagent_trajectories=[child])).traces
    assert whole.native_id == "parent"
    assert [(thread.title, len(thread.messages)) for thread in whole.threads] == [("", 4), ("helper", 4)]
    apart = read_lines(tmp_path, {"parent": trajectory(trajectory_id="parent"), "child": child})
    assert apart.ids == ["parent", "child"]


def test_a_trajectory_without_steps_is_lost_and_its_neighbour_stays(tmp_path: Path) -> None:
    reading = read_lines(tmp_path, trajectory(steps=[], trajectory_id="a"), trajectory(trajectory_id="b"))
    assert reading.ids == ["b"]
    assert reading.lost == [(1, None)]


def test_a_software_agent_run_pairs_its_calls_and_says_how_it_ended(tmp_path: Path) -> None:
    call = {"id": "c9", "type": "function", "function": {"name": "open", "arguments": '{"path": "a.py"}'}}
    run = {
        "environment": "box",
        "trajectory": [{"action": "open a.py", "execution_time": 0.25}, {"execution_time": 0.5}],
        "history": [
            {"role": "system", "content": "Rules", "agent": "main"},
            {"role": "user", "content": "Mend it"},
            {"role": "assistant", "content": "I open it", "tool_calls": [call]},
            {"role": "tool", "content": "print(1)", "tool_call_ids": ["c9"]},
        ],
        "info": {
            "exit_status": "exit_cost",
            "model_stats": {"instance_cost": 0.5, "tokens_sent": 9, "tokens_received": 3},
        },
    }
    path = tmp_path / "issue-7.traj"
    path.write_text(json.dumps(run, indent=1))
    [trace] = read_all(path).traces
    assert (trace.native_id, trace.status, trace.error_message) == ("issue-7", "error", "exit status: exit_cost")
    assert [(call.name, call.result) for call in trace.calls()] == [("open", "print(1)")]
    assert (trace.cost_usd, trace.usage.input, trace.usage.output, trace.latency_ms) == (0.5, 9, 3, 750)


def line(kind: str, uuid: str, parent: str | None, content: Any, **more: Any) -> dict[str, Any]:
    message = {"role": kind, "content": content} | more.pop("message", {})
    at = f"2026-02-01T10:00:{int(uuid[1:]):02d}Z"
    return {
        "type": kind,
        "uuid": uuid,
        "parentUuid": parent,
        "sessionId": "s",
        "timestamp": at,
        "message": message,
        **more,
    }


def answer(uuid: str, parent: str, id: str, *parts: Any) -> dict[str, Any]:
    usage = {"input_tokens": 3, "output_tokens": 5, "cache_read_input_tokens": 20, "cache_creation_input_tokens": 1}
    return line("assistant", uuid, parent, list(parts), message={"id": id, "model": "m-1", "usage": usage})


SESSION = [
    {"type": "file-history-snapshot", "messageId": "x"},
    line("user", "u1", None, "List the files"),
    answer("u2", "u1", "msg_1", {"type": "text", "text": "I list them."}),
    answer("u3", "u2", "msg_1", {"type": "tool_use", "id": "t1", "name": "Bash", "input": {"command": "ls"}}),
    line("user", "u4", "u3", [{"type": "tool_result", "tool_use_id": "t1", "content": "a.txt", "is_error": False}]),
    answer("u5", "u4", "msg_2", {"type": "text", "text": "There is a.txt."}),
    {"type": "summary", "summary": "Listing files", "leafUuid": "u5"},
]


def test_lines_of_one_answer_are_one_message_and_count_once(tmp_path: Path) -> None:
    [trace] = read_lines(tmp_path, *SESSION).traces
    assert transcript(trace) == [
        "user List the files",
        'assistant I list them. Bash({"command":"ls"})=a.txt',
        "tool a.txt",
        "assistant There is a.txt.",
    ]
    assert [(call.name, call.result) for call in trace.calls()] == [("Bash", "a.txt")]
    assert (trace.native_id, trace.name, trace.model) == ("s", "Listing files", "m-1")
    assert (trace.usage.input, trace.usage.output, trace.usage.cache_read) == (48, 10, 40)
    assert trace.latency_ms == 4000


def test_a_prompt_that_was_written_anew_leaves_the_old_branch_beside_the_session(tmp_path: Path) -> None:
    anew = [line("user", "u6", "u5", "Delete it"), answer("u7", "u6", "msg_3", {"type": "text", "text": "Sure?"}),
            line("user", "u8", "u5", "Show it"), answer("u9", "u8", "msg_4", {"type": "text", "text": "Empty."})]  # fmt: skip
    [trace] = read_lines(tmp_path, *SESSION, *anew).traces
    assert transcript(trace)[-2:] == ["user Show it", "assistant Empty."]
    assert [(thread.title, [m.text for m in thread.messages]) for thread in trace.threads[1:]] == [
        ("Edited away", ["Delete it", "Sure?"])
    ]


def test_a_sub_agent_is_a_trace_of_the_same_session(tmp_path: Path) -> None:
    inner = {**line("user", "u1", None, "Look it up"), "isSidechain": True, "agentId": "a1"}
    reading = read_lines(tmp_path, *SESSION, inner)
    assert reading.ids == ["s", "s/a1"]
    assert {trace.session_id for trace in reading.traces} == {"s"}


def test_what_the_program_put_in_is_named_so_and_broken_lines_are_told_by_number(tmp_path: Path) -> None:
    reading = read_lines(
        tmp_path, *SESSION, line("user", "u6", "u5", "<command-name>/clear</command-name>"), "{broken", "42",
        {"type": "user", "sessionId": "s", "message": "error"},
    )  # fmt: skip
    assert [message.name for message in reading.traces[0].main][-1] == "injected"
    assert reading.lost == []
    assert reading.warned == [9, 10, 11]
