"""Labels of runs whose transcripts lie beside them: one trace a run, with what people found wrong in it."""

import json
from pathlib import Path
from typing import Any

from reading_all import Reading, read_all, transcript

from reviewer.sources import detect
from reviewer.verbs import importing
from reviewer.workspace.file import Workspace
from tests.builders import a_workspace

RUN = "0f6c2a1e-1b2c-4d3e-8f90-a1b2c3d4e5f6"
SAID = [
    {"role": "human", "content": "Find the opening hours."},
    {"role": "Planner (thought)", "content": "The site will say."},
    {"role": "Surfer", "content": "It is open at nine."},
]
FAILURES = [
    {"failure_id": 1, "step_number": 3, "step_reason": "It did not look.", "failure_category": "Made up",
     "category_reason": "No page was opened.", "failed_agent": "Surfer"},
    {"failure_id": 2, "step_number": 2, "step_reason": "No plan.", "failure_category": "Plan", "failed_agent": "Planner"},
]  # fmt: skip


def write(folder: Path, root: int = 1, **more: Any) -> Path:
    (folder / "runs").mkdir()
    (folder / "runs" / f"{RUN}.json").write_text(json.dumps(SAID))
    label = {
        "trajectory_id": RUN,
        "failures": FAILURES,
        "root_cause": {"failure_id": root, "reason_for_root_cause": "So."},
    }
    path = folder / "truth.json"
    path.write_text(json.dumps([label, *more.values()]))
    return path


def scores(reading: Reading) -> list[tuple[object, ...]]:
    [trace] = reading.traces
    return [(s.name, s.value_text, s.source, s.target, s.target_id, s.comment) for s in trace.scores]


def test_a_run_has_its_transcript_and_its_labels(tmp_path: Path) -> None:
    path = write(tmp_path)
    assert detect(path).format == "agentrx"
    reading = read_all(path)
    assert reading.ids == [RUN]
    assert transcript(reading.traces[0]) == [
        "user Find the opening hours.", "assistant The site will say.", "assistant It is open at nine.",
    ]  # fmt: skip
    assert [m.name for m in reading.traces[0].main] == [None, "Planner (thought)", "Surfer"]
    assert scores(reading) == [
        ("failure_category", "Made up", "human", "message", "2", "It did not look.\nNo page was opened."),
        ("failed_agent", "Surfer", "human", "message", "2", "It did not look.\nNo page was opened."),
        ("failure_category", "Plan", "human", "message", "1", "No plan."),
        ("failed_agent", "Planner", "human", "message", "1", "No plan."),
        ("root_cause", "Made up", "human", "trace", None, "So."),
    ]


def test_a_root_that_is_no_failure_is_told_and_the_rest_is_kept(tmp_path: Path) -> None:
    reading = read_all(write(tmp_path, root=9))
    assert [name for name, *_ in scores(reading)] == ["failure_category", "failed_agent"] * 2
    assert "root cause" in reading.problems[0].reason
    assert not reading.problems[0].lost


def test_labels_without_a_transcript_are_lost_and_named(tmp_path: Path) -> None:
    reading = read_all(write(tmp_path, other={"trajectory_id": "gone", "failures": []}))
    assert (len(reading.found), len(reading.lost)) == (1, 1)
    assert "gone.json" in reading.problems[-1].reason


def test_a_run_imported_with_its_labels_counts_once_whatever_is_named_first(tmp_path: Path) -> None:
    truth = write(tmp_path)
    with a_workspace(tmp_path) as workspace:
        for paths, counts in (([tmp_path / "runs", truth], (1, 0, 0)), ([truth, tmp_path / "runs"], (0, 0, 1))):
            report = importing.start(workspace, importing.read_ahead(paths)).wait()
            assert (report.imported, report.updated, report.unchanged) == counts
            assert report.failed == 0


def test_a_transcript_that_comes_alone_later_takes_no_labels_away(tmp_path: Path) -> None:
    truth, run = write(tmp_path), tmp_path / "runs" / f"{RUN}.json"

    def labels(workspace: Workspace) -> int:
        return int(workspace.reader().db.execute("SELECT count(*) FROM score").fetchone()[0])

    with a_workspace(tmp_path) as workspace:
        for path, counts, kept in ((truth, (1, 0, 0), 5), (run, (0, 0, 1), 5), (truth, (0, 0, 1), 5)):
            report = importing.start(workspace, importing.read_ahead([path])).wait()
            assert (report.imported, report.updated, report.unchanged) == counts
            assert labels(workspace) == kept
        run.write_text(json.dumps([*SAID, {"role": "Surfer", "content": "No, at ten."}]))
        report = importing.start(workspace, importing.read_ahead([run])).wait()
        assert (report.updated, labels(workspace)) == (1, 0), "another text is another run, and was not labelled"


def test_labels_that_come_later_join_their_transcript(tmp_path: Path) -> None:
    truth = write(tmp_path)
    with a_workspace(tmp_path) as workspace:
        for path, counts in ((tmp_path / "runs", (1, 0, 0)), (truth, (0, 1, 0)), (tmp_path / "runs", (0, 0, 1))):
            report = importing.start(workspace, importing.read_ahead([path])).wait()
            assert (report.imported, report.updated, report.unchanged) == counts


def test_a_file_that_is_called_by_a_digest_names_its_conversation(tmp_path: Path) -> None:
    for name, is_named in ((f"{RUN}.json", True), ("a" * 64 + ".json", True), ("chat.json", False)):
        (tmp_path / name).write_text(json.dumps(SAID))
        assert (read_all(tmp_path / name).ids == [name.removesuffix(".json")]) is is_named
