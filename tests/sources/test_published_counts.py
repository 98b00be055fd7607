"""Real files of others, against the counts that were published with them (``facts-dev.json``)."""

import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from reading_all import read_all

from reviewer.errors import BadInput
from reviewer.sources import detect

Shared = Callable[..., Path]
GROUPS = ("tau-bench", "inspect", "agentdojo", "invariant")


def facts_of(shared: Shared, group: str, file: str) -> dict[str, Any]:
    facts: dict[str, Any] = json.loads(shared("data", "facts-dev.json").read_text())[f"dev/{group}/{file}"]
    return facts


@pytest.mark.parametrize("group", GROUPS)
def test_files_read_whole_with_the_published_counts(shared: Shared, group: str) -> None:
    files = sorted(shared("data", group).iterdir())
    assert files
    for path in files:
        facts = facts_of(shared, group, path.name)
        reading = read_all(path)
        assert reading.problems == [], path.name
        assert len(reading.found) == facts["records"], path.name
        assert len(set(reading.ids)) == facts["records"], path.name
        roles = Counter(message.role for trace in reading.traces for message in trace.main)
        # Display texts publish the lines that begin with a role; they are the messages.
        assert roles == facts.get("by_role", facts.get("role_lines")), path.name
        calls = [call for trace in reading.traces for call in trace.calls()]
        if "tool_calls" in facts:
            assert len(calls) == facts["tool_calls"], path.name
            assert roles["tool"] == facts["tool_results"], path.name
            assert sum(not call.arguments_parse for call in calls) == facts["malformed_tool_args"], path.name


def test_every_result_found_its_call(shared: Shared) -> None:
    for group, orphans in (("tau-bench", 0), ("agentdojo", 0), ("invariant", 0)):
        left = [
            message
            for path in sorted(shared("data", group).glob("*.json*"))
            for trace in read_all(path).traces
            if trace.format != "display_text"  # records no calls, only their results
            for message in trace.main
            if message.role == "tool" and message.answers is None
        ]
        assert len(left) == orphans, group


@pytest.mark.parametrize("file", ["agentdojo-command-r.jsonl", "agentdojo-gemini-1-5-pro-002.jsonl"])
def test_agentdojo_outcomes(shared: Shared, file: str) -> None:
    facts = facts_of(shared, "agentdojo", file)
    traces = read_all(shared("data", "agentdojo", file)).traces
    scores = Counter((s.name, s.value_num) for trace in traces for s in trace.scores)
    assert scores["success", 1.0] == facts["benign_success"] + facts["attacked_success"]
    assert scores["security", 1.0] == facts["injection_succeeded"]
    assert scores["security", 1.0] + scores["security", 0.0] == facts["attacked"]
    assert sum(call.is_error for trace in traces for call in trace.calls()) == facts["tool_errors"]
    assert Counter(trace.workflow for trace in traces) == facts["suites"]


def test_inspect_grades(shared: Shared) -> None:
    words = {"C": "correct", "I": "incorrect"}
    for path in sorted(shared("data", "inspect").iterdir()):
        facts = facts_of(shared, "inspect", path.name)
        expected = Counter(
            {(name.split("=")[0], words.get(v := name.split("=")[1], v)): n for name, n in facts["scores"].items()}
        )
        traces = read_all(path).traces
        found = Counter(
            (s.name, s.value_text or str(s.value_num))
            for trace in traces
            for s in trace.scores
            if s.data_type != "expectation"
        )
        assert found == expected, path.name
        assert {trace.workflow for trace in traces} == {facts["task"]}
        assert {trace.model for trace in traces} == {facts["model"]}


def test_tau_bench_reward(shared: Shared) -> None:
    [trace] = read_all(shared("data", "tau-bench", "tb_airline.json")).traces
    assert [(s.name, s.value_num) for s in trace.scores if s.data_type == "number"] == [("reward", 0.0)]


def test_expectation_files_hold_no_traces(shared: Shared) -> None:
    for path in sorted(shared("data", "langfuse").glob("*.chatml.json")):
        with pytest.raises(BadInput, match="no traces found in"):
            read_all(path)


def test_trajectories_hold_every_step_and_call(shared: Shared) -> None:
    for path in sorted(shared("data", "atif").iterdir()):
        facts = facts_of(shared, "atif", path.name)
        reading = read_all(path)
        assert (len(reading.found), reading.problems) == (facts["records"], []), path.name
        calls = sum(len(list(trace.calls())) for trace in reading.traces)
        assert calls == facts["tool_calls"], path.name
        said = Counter(m.role for trace in reading.traces for m in trace.main if m.name != "observation")
        # A step whose message is empty says nothing by itself: the system step of a compaction has results only.
        assert said["user"] == facts["by_role"].get("user", 0), path.name
        assert said["assistant"] == facts["by_role"]["agent"], path.name


def test_runs_of_software_agents_hold_every_message(shared: Shared) -> None:
    for path in sorted(shared("data", "swe-agent").iterdir()):
        facts = facts_of(shared, "swe-agent", path.name)
        [trace] = read_all(path).traces
        assert Counter(message.role for message in trace.main) == facts["by_role"], path.name
        assert len(list(trace.calls())) == facts["tool_calls"], path.name


def test_sessions_hold_every_call_with_its_result(shared: Shared) -> None:
    folder = shared("data", "claude-code")
    for path in sorted(folder.rglob("*.jsonl")):
        facts = facts_of(shared, "claude-code", path.relative_to(folder).as_posix())
        reading = read_all(path)
        assert len(reading.found) == facts["records"], path.name
        assert not any(problem.lost for problem in reading.problems), path.name
        calls = [call for trace in reading.traces for call in trace.calls()]
        assert len(calls) == facts["tool_calls"], path.name
        assert sum(call.result is not None for call in calls) == facts["tool_results"], path.name
        assert sum(call.is_error for call in calls) == facts["tool_result_errors"], path.name


def test_runs_of_langsmith_and_a_recorded_session(shared: Shared) -> None:
    for path in sorted(shared("data", "langsmith").iterdir()):
        reading = read_all(path)
        assert len(reading.found) == facts_of(shared, "langsmith", path.name)["records"], path.name
        assert reading.problems == [], path.name
        assert next(m.role for m in reading.traces[0].main if m.role != "system") == "user", path.name


@pytest.mark.parametrize(
    ("group", "name"),
    [("halueval", None), ("pandalm", "preference"), ("mtrag-un", None), ("faithdial-audit", "VRM"), ("tofueval", None),
     ("uhgeval", None)],
)  # fmt: skip
def test_tables_of_human_labels_are_read_whole(shared: Shared, group: str, name: str | None) -> None:
    for path in sorted(shared("data", group).iterdir()):
        facts = facts_of(shared, group, path.name)
        reading = read_all(path)
        assert (len(reading.found), reading.problems) == (facts["records"], []), path.name
        assert {trace.format for trace in reading.traces} == {"table"}
        # One file repeats its header twice among the rows: two records of one id.
        assert len(set(reading.ids)) == facts["records"] - (group == "halueval"), path.name
        assert name is None or any(score.name == name for trace in reading.traces for score in trace.scores)


def test_labels_of_tables_are_those_published(shared: Shared) -> None:
    def labels(group: str, file: str, name: str) -> Counter[str]:
        traces = read_all(shared("data", group, file)).traces
        return Counter(str(s.value_text) for trace in traces for s in trace.scores if s.name == name)

    assert labels("halueval", "general_data.part1.jsonl", "hallucination") == {"no": 1837, "yes": 417}
    facts = facts_of(shared, "tofueval", "meetingbank_factual_eval_dev.csv")["labels"]
    assert labels("tofueval", "meetingbank_factual_eval_dev.csv", "supported") == facts
    assert labels("faithdial-audit", "gold-wow.csv", "BEGIN")["Entailment"] == 57
    mtrag = read_all(shared("data", "mtrag-un", "reference.jsonl")).traces
    assert sum(len(trace.documents) for trace in mtrag) == 1180
    assert sum(len(trace.main) for trace in mtrag) == 3875


def test_runs_of_several_agents_hold_every_message_and_their_mistake(shared: Shared) -> None:
    folder = shared("data", "who-and-when")
    for path in sorted(folder.rglob("*.json")):
        facts = facts_of(shared, "who-and-when", path.relative_to(folder).as_posix())
        [trace] = read_all(path).traces
        assert (trace.native_id, len(trace.main)) == (facts["id"], facts["messages"]), path.name
        assert {s.value_text for s in trace.scores if s.name == "mistake_agent"} == {facts["mistake_agent"]}, path.name


def test_runs_with_labels_beside_them_hold_every_message_and_failure(shared: Shared) -> None:
    folder = shared("data", "agentrx")
    facts = facts_of(shared, "agentrx", "magentic_one_ground_truth.json")
    reading = read_all(folder / "magentic_one_ground_truth.json")
    assert (len(reading.found), reading.lost) == (facts["records"], [])
    labels = [s for trace in reading.traces for s in trace.scores]
    assert Counter(s.value_text for s in labels if s.name == "failure_category") == facts["labels"]
    assert Counter(s.value_text for s in labels if s.name == "failed_agent") == facts["failed_agents"]
    roots = {name: n for name, n in facts["root_cause_labels"].items() if not name.startswith("(")}
    assert Counter(s.value_text for s in labels if s.name == "root_cause") == roots
    # One root cause names a failure that is not there.
    assert len(reading.problems) == facts["records"] - sum(roots.values()) == 1
    for path in sorted((folder / "magentic").iterdir()):
        spoken = facts_of(shared, "agentrx", f"magentic/{path.name}")["by_role"]
        [trace] = read_all(path).traces
        # The agent that is called as a role is, has no other name.
        found = Counter("human" if m.role == "user" else m.name or "Assistant" for m in trace.main)
        assert found == spoken, path.name


OWN = {
    "who-and-when": {"table"}, "agentrx": {"openai", "agentrx"}, "atif": {"atif"}, "langfuse": {"langfuse", None},
    "claude-code": {"claude_code"}, "inspect": {"inspect"}, "otel-spans": {"otel_flat", "otel_js"},
    "swe-agent": {"swe_agent"}, "agentdojo": {"agentdojo"}, "faithdial-audit": {"table"},
    "langsmith": {"langsmith", "anthropic_sessions"}, "tau-bench": {"display_text", "tau_bench"}, "halueval": {"table"},
    "invariant": {"openai"}, "mtrag-un": {"table"}, "pandalm": {"table"}, "tofueval": {"table"}, "uhgeval": {"table"},
}  # fmt: skip
"""The formats of each group; None is what Langfuse expects of itself (``*.chatml.json``), which is no trace."""


def test_every_file_comes_in_through_a_format_of_its_own(shared: Shared) -> None:
    folder = shared("data")
    facts = json.loads(shared("data", "facts-dev.json").read_text())
    found: dict[str, set[str | None]] = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder)
        if not path.is_file() or "LICENSES" in name.parts or path.parent == folder:
            continue
        assert f"dev/{name.as_posix()}" in facts, "a file without published facts"
        try:
            format = detect(path).format
        except BadInput:
            format = None
            assert path.name.endswith(".chatml.json"), name
        found.setdefault(name.parts[0], set()).add(format)
    assert found == OWN
