"""Traces that stand in several files of one import are put together, whatever wrote them."""

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from reviewer import sources
from reviewer.model.problem import Problem
from reviewer.model.trace import Trace
from reviewer.sources.records import Found
from reviewer.sources.together import Together
from tests.sources.span_files import texts, write_lines

ANSWERED = [{"role": "assistant", "content": "Here."}]
ASKED = [{"role": "user", "content": "Where?"}]


def read_together(*paths: Path) -> tuple[dict[str, Trace], list[Problem]]:
    """The traces that an import of several files ends with, the last word on each."""
    together = Together()
    ended: dict[str, Trace] = {}
    problems: list[Problem] = []

    def keep(found: Found) -> None:
        if not found.only_adds:
            ended[found.trace.native_id] = found.trace

    for path in paths:
        for found in sources.read(path, None, problems.append, lambda done, total: None):
            keep(found)
            together.saw(found, path)
    for _, found in together.joined(problems.append):
        assert found.replaces_earlier
        keep(found)
    return ended, problems


TRACE_ROW: dict[str, Any] = {
    "id": "t1", "timestamp": "2026-01-05T00:00:00.000Z", "name": "answer", "userId": "u", "sessionId": "s1", "tags": ["a"],
    "input": "Where?", "output": "Here.", "metadata": {"tenant": "acme"},
}  # fmt: skip
OBSERVATIONS: list[dict[str, Any]] = [
    {
        "id": "o1", "trace_id": "t1", "parent_observation_id": None, "type": "SPAN", "name": "run",
        "start_time": "2026-01-05 00:00:00", "end_time": "2026-01-05 00:00:03", "input": "Where?", "output": "Here.",
    },
    {
        "id": "o2", "trace_id": "t1", "parent_observation_id": "o1", "type": "GENERATION", "name": "model",
        "start_time": "2026-01-05 00:00:01", "end_time": "2026-01-05 00:00:02", "provided_model_name": "m",
        "input": ASKED, "output": ANSWERED[0], "usage_details": {"input": 7, "output": 2, "total": 9},
    },
]  # fmt: skip
SCORES: list[dict[str, Any]] = [
    {"id": "s1", "trace_id": "t1", "name": "helpful", "value": "0.5", "string_value": "", "data_type": "NUMERIC",
     "source": "EVAL", "comment": "so so", "author_user_id": "", "observation_id": ""},
    {"id": "s2", "trace_id": "t1", "name": "right", "value": "1", "string_value": "yes", "data_type": "CATEGORICAL",
     "source": "ANNOTATION", "comment": "", "author_user_id": "ann", "observation_id": "o2"},
]  # fmt: skip


def write_csv(path: Path, rows: list[dict[str, Any]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(dict.fromkeys(name for row in rows for name in row)))
        writer.writeheader()
        for row in rows:
            writer.writerow({k: json.dumps(v) if isinstance(v, (dict, list)) else v for k, v in row.items()})
    return path


def langfuse(folder: Path) -> list[Path]:
    """The three tables of an export, each in a way of its own."""
    return [
        write_csv(folder / "observations.csv", OBSERVATIONS),
        write_csv(folder / "scores.csv", SCORES),
        write_lines(folder / "traces.jsonl", TRACE_ROW),
    ]


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0), (1, 0, 2)])
def test_the_tables_of_langfuse_are_one_trace_in_any_order(tmp_path: Path, order: tuple[int, ...]) -> None:
    paths = langfuse(tmp_path)
    ended, problems = read_together(*[paths[place] for place in order])
    assert (list(ended), problems) == (["t1"], [])
    trace = ended["t1"]
    assert texts(trace) == ["user: Where?", "assistant: Here."]
    assert (trace.name, trace.user_id, trace.session_id, trace.tenant, trace.model) == (
        "answer",
        "u",
        "s1",
        "acme",
        "m",
    )
    assert (trace.usage.input, trace.latency_ms, trace.tags) == (7, 3000, ["a"])
    assert [(s.name, s.value_num, s.value_text, s.source, s.target, s.author) for s in trace.scores] == [
        ("helpful", 0.5, None, "llm", "trace", None),
        ("right", None, "yes", "human", "span", "ann"),
    ]


def test_scores_are_stored_with_observations_alone(tmp_path: Path) -> None:
    observations, scores, _ = langfuse(tmp_path)
    ended, problems = read_together(observations, scores)
    assert ([s.name for s in ended["t1"].scores], texts(ended["t1"]), problems) == (
        ["helpful", "right"], ["user: Where?", "assistant: Here."], [],
    )  # fmt: skip


def test_scores_without_their_trace_are_left_out_with_a_word(tmp_path: Path) -> None:
    _, scores, _ = langfuse(tmp_path)
    assert sources.detect(scores).format == "langfuse_scores"
    ended, problems = read_together(scores)
    assert (ended, [problem.lost for problem in problems]) == ({}, [False])
    assert "import them with their traces" in problems[0].reason


def test_a_window_that_was_exported_twice_counts_once(tmp_path: Path) -> None:
    again = [{**OBSERVATIONS[1], "output": {"role": "assistant", "content": "There."}}]
    ended, _ = read_together(write_csv(tmp_path / "a.csv", OBSERVATIONS), write_csv(tmp_path / "b.csv", again))
    assert "assistant: There." in texts(ended["t1"])
    assert ended["t1"].usage.input == 7


def langsmith(id: str, kind: str, **more: Any) -> dict[str, Any]:
    return {"id": id, "trace_id": "r1", "name": kind, "run_type": kind, "start_time": "2026-01-05T00:00:00Z",
            "end_time": "2026-01-05T00:00:02Z", **more}  # fmt: skip


def phoenix(id: str, parent: str | None, kind: str, **attributes: Any) -> dict[str, Any]:
    return {"name": kind, "context": {"trace_id": "r1", "span_id": id}, "parent_id": parent, "span_kind": kind,
            "status_code": "OK", "start_time": "2026-01-05T00:00:00Z", "end_time": "2026-01-05T00:00:02Z",
            "attributes": attributes}  # fmt: skip


HALVES: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "langsmith": (
        langsmith("r1", "chain", inputs={"input": "Go"}, extra={"metadata": {"thread_id": "s1"}}),
        langsmith("r2", "llm", parent_run_id="r1", inputs={"messages": ASKED}, outputs={"choices": [{"message": ANSWERED[0]}]}),
    ),
    "phoenix": (
        phoenix("a", None, "CHAIN", **{"session.id": "s1"}),
        phoenix("b", "a", "LLM", **{"input.value": json.dumps({"messages": ASKED}), "output.value": json.dumps({"choices": [{"message": ANSWERED[0]}]})}),
    ),
}  # fmt: skip


@pytest.mark.parametrize("format", HALVES)
@pytest.mark.parametrize("turned", [False, True])
def test_spans_of_a_service_in_two_files_are_one_trace(tmp_path: Path, format: str, turned: bool) -> None:
    paths = [write_lines(tmp_path / f"{n}.jsonl", half) for n, half in enumerate(HALVES[format])]
    ended, problems = read_together(*(reversed(paths) if turned else paths))
    assert problems == []
    assert (texts(ended["r1"]), ended["r1"].session_id) == (["user: Where?", "assistant: Here."], "s1")
    assert ended["r1"].format == format
