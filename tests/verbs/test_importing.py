"""Traces whose spans are spread over lines and files: nothing of them is lost, and nothing is new the second time."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from reviewer.model.week import Plan
from reviewer.verbs import coding, importing, weeks
from reviewer.verbs.importing import Report
from reviewer.verbs.listing import show, traces
from reviewer.workspace.file import Workspace
from tests.builders import HOUR_US, MONDAY_US, a_workspace


def _span(number: int, parent: int | None, kind: str, **attributes: str) -> dict[str, Any]:
    values = {"openinference.span.kind": kind, **attributes}
    start = (MONDAY_US + number * 1_000_000) * 1000
    return {
        "traceId": "ab" * 16, "spanId": f"{number:016x}", "parentSpanId": f"{parent:016x}" if parent else "", "name": kind.lower(),
        "startTimeUnixNano": str(start), "endTimeUnixNano": str(start + 10**9), "status": {"code": 1},
        "attributes": [{"key": key, "value": {"stringValue": value}} for key, value in values.items()],
    }  # fmt: skip


SPANS = [
    _span(
        1, None, "AGENT", **{"input.value": "Where is my parcel?", "output.value": "In Utrecht.", "session.id": "s1"}
    ),
    _span(2, 1, "RETRIEVER", **{"retrieval.documents.0.document.content": "Parcels pass Utrecht."}),
    _span(3, 1, "TOOL", **{"tool.name": "track", "input.value": "{}", "output.value": "Utrecht"}),
    _span(
        4,
        1,
        "LLM",
        **{"llm.model_name": "model-a", "input.value": "Where is my parcel?", "output.value": "In Utrecht."},
    ),
]


def _write(path: Path, spans: Sequence[dict[str, Any]]) -> Path:
    lines = [{"resourceSpans": [{"scopeSpans": [{"spans": [span]}]}]} for span in spans]
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return path


def _shown(workspace: Workspace) -> dict[str, Any]:
    reader = workspace.reader()
    [row] = traces(reader)
    return {**row, **show(reader, row["id"])}


def _import(workspace: Workspace, *paths: Path) -> Report:
    return importing.start(workspace, importing.read_ahead(paths)).wait()


def _counts(report: Report) -> tuple[int, ...]:
    return report.imported, report.updated, report.unchanged, report.failed, report.messages, report.documents


def test_spans_in_several_files_are_one_trace(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    with a_workspace(tmp_path / "a") as workspace:
        assert _counts(_import(workspace, _write(tmp_path / "all.jsonl", SPANS)))[:4] == (1, 0, 0, 0)
        whole = _shown(workspace)
    assert (len(whole["documents"]), whole["model"], whole["session_id"]) == (1, "model-a", "s1")
    first, second = _write(tmp_path / "1.jsonl", SPANS[2:]), _write(tmp_path / "2.jsonl", SPANS[:2])
    (tmp_path / "b").mkdir()
    with a_workspace(tmp_path / "b") as workspace:
        report = _import(workspace, first, second)
        assert _counts(report) == (1, 1, 0, 0, len(whole["messages"]) + _in_threads(whole), 1)
        assert _shown(workspace) == whole
        reader = workspace.reader()
        week = (MONDAY_US, MONDAY_US + HOUR_US, Plan(1, "s"))
        workspace.write(weeks.open_week, reader, "W", *week).result()
        workspace.write(coding.code, reader, "W", coding.Wanted(whole["id"], "r", "pass")).result()
        assert _counts(_import(workspace, first, second)) == (0, 0, 2, 0, 0, 0)
        assert _shown(workspace) == whole


def test_the_same_pieces_again_are_unchanged(tmp_path: Path) -> None:
    path = _write(tmp_path / "pieces.jsonl", SPANS)  # the root alone looks whole
    with a_workspace(tmp_path) as workspace:
        assert _counts(_import(workspace, path))[:4] == (1, 0, 0, 0)
        assert _counts(_import(workspace, path)) == (0, 0, 1, 0, 0, 0)


def _in_threads(shown: dict[str, Any]) -> int:
    return sum(len(thread["messages"]) for thread in shown["threads"])


def test_scores_come_in_with_the_traces_they_name_and_never_alone(tmp_path: Path) -> None:
    told = {
        "id": "t1",
        "timestamp": "2026-01-05T00:00:00Z",
        "userId": "u",
        "tags": [],
        "input": "Where?",
        "output": "Here.",
    }
    score = {"id": "s1", "traceId": "t1", "name": "helpful", "value": 0.5, "dataType": "NUMERIC", "source": "API"}
    rows, scores = tmp_path / "traces.jsonl", tmp_path / "scores.jsonl"
    rows.write_text(json.dumps(told) + "\n")
    scores.write_text(json.dumps(score) + "\n")
    with a_workspace(tmp_path / "w.review", 0) as workspace:
        alone = _import(workspace, scores)
        assert (alone.read, alone.problems[0].lost) == (0, False)
        assert "import them with their traces" in alone.problems[0].reason
        both = _import(workspace, scores, rows)
        assert (both.imported, both.failed, both.problems) == (1, 0, [])
        assert [one["name"] for one in _shown(workspace)["scores"]] == ["helpful"]
        again = _import(workspace, scores, rows)
        assert (again.imported, again.updated, again.unchanged) == (0, 0, 1)
