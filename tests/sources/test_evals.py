"""Results of evals: what each tool writes is read, and what ended in an error is no failure."""

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from reviewer.errors import BadInput
from reviewer.model.dataset import Outcome
from reviewer.model.problem import Problem
from reviewer.sources.evals import read


def written(path: Path, value: Any) -> Path:
    path.write_text(json.dumps(value))
    return path


def by_example(path: Path, **more: Any) -> dict[str, Outcome]:
    [run] = read(path, lambda problem: None, **more)
    return {one.example: one for one in run.outcomes}


def test_promptfoo_says_success_for_the_example_in_the_labels(tmp_path: Path) -> None:
    rows = [
        {"success": True, "score": 1, "provider": {"id": "echo", "label": ""}, "failureReason": 0,
         "testCase": {"description": "ex-1", "metadata": {"example_id": "ex-1"}}},
        {"success": False, "score": 0, "provider": {"id": "echo", "label": ""}, "failureReason": 1,
         "testCase": {"description": "ex-2"}},
        {"success": False, "score": 0, "provider": {"id": "echo", "label": ""}, "failureReason": 2,
         "testCase": {"description": "ex-3"}},
    ]  # fmt: skip
    about = {"version": 3, "timestamp": "2026-11-24T15:19:07.532Z", "results": rows}
    path = written(tmp_path / "out.json", {"evalId": "e", "config": {"description": "nightly"}, "results": about})
    [run] = read(path, lambda problem: None)
    assert (run.suite, run.tool, run.model) == ("nightly", "promptfoo", "echo")
    assert run.outcomes == (Outcome("ex-1", 1, 1, 1.0), Outcome("ex-2", 1, 0, 0.0), Outcome("ex-3", 0, 0, None))
    assert [one.example for one in run.judged] == ["ex-1", "ex-2"]
    lines = tmp_path / "out.jsonl"
    lines.write_text("".join(json.dumps(row) + "\n" for row in rows))
    assert by_example(lines)["ex-2"] == Outcome("ex-2", 1, 0, 0.0)


def inspect_log(samples: list[dict[str, Any]]) -> dict[str, Any]:
    about = {"created": "2026-11-24T10:00:00+00:00", "task": "reviewed", "model": "mock/one"}
    return {"version": 2, "status": "success", "eval": about, "samples": samples}


def test_inspect_counts_the_epochs_of_a_sample_and_each_scorer_by_itself(tmp_path: Path) -> None:
    samples = [
        {"id": "ex-1", "epoch": 1, "scores": {"includes": {"value": "C"}}},
        {"id": "ex-1", "epoch": 2, "scores": {"includes": {"value": "I"}}},
        {"id": "ex-2", "epoch": 1, "scores": {"includes": {"value": 0.4}}},
        {"id": "ex-3", "epoch": 1, "scores": {}, "error": {"message": "rate limit"}},
    ]
    path = written(tmp_path / "log.json", inspect_log(samples))
    found = by_example(path)
    assert found == {
        "ex-1": Outcome("ex-1", 2, 1, 0.5),
        "ex-2": Outcome("ex-2", 1, 0, 0.4),
        "ex-3": Outcome("ex-3", 0, 0, None),
    }
    assert by_example(path, passes_from=0.3)["ex-2"].passed == 1
    two = [{"id": "ex-1", "scores": {"a": {"value": "C"}, "b": {"value": False}}}]
    runs = read(written(tmp_path / "two.json", inspect_log(two)), lambda problem: None)
    assert {run.suite: run.outcomes[0].passed for run in runs} == {"reviewed: a": 1, "reviewed: b": 0}


def test_an_inspect_archive_is_read_member_by_member(tmp_path: Path) -> None:
    log = inspect_log([])
    path = tmp_path / "log.eval"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("header.json", json.dumps({"eval": log["eval"], "status": "success"}))
        archive.writestr("samples/ex-1_epoch_1.json", json.dumps({"id": "ex-1", "scores": {"s": {"value": True}}}))
        archive.writestr("samples/ex-2_epoch_1.json", "{broken")
    problems: list[Problem] = []
    [run] = read(path, problems.append)
    assert (run.suite, run.model, run.outcomes) == ("reviewed", "mock/one", (Outcome("ex-1", 1, 1, 1.0),))
    assert [problem.member for problem in problems] == ["samples/ex-2_epoch_1.json"]


def test_a_test_run_of_deepeval_is_read(tmp_path: Path) -> None:
    run = {
        "testFile": "test_bot.py",
        "hyperparameters": {"model": "m"},
        "testCases": [
            {
                "name": "ex-1",
                "success": True,
                "metricsData": [{"name": "A", "score": 0.9}, {"name": "B", "score": 0.7}],
            },
            {"name": "test_case_1", "success": False, "additionalMetadata": {"example_id": "ex-2"}},
        ],
        "conversationalTestCases": [{"name": "ex-3", "success": False, "metricsData": []}],
    }
    found = by_example(written(tmp_path / "run.json", run))
    assert found["ex-1"] == Outcome("ex-1", 1, 1, pytest.approx(0.8))
    assert (found["ex-2"].passed, found["ex-3"].passed) == (0, 0)


def test_lines_of_ones_own_need_an_example_and_pass_or_score(tmp_path: Path) -> None:
    path = tmp_path / "own.jsonl"
    path.write_text(
        '{"example_id": "ex-1", "pass": true, "model": "m", "prompt_version": "v2"}\n'
        '{"example_id": "ex-2", "score": 0.2, "model": "m", "prompt_version": "v2"}\n'
        '{"example_id": "ex-3"}\nnonsense\n'
    )
    problems: list[Problem] = []
    [run] = read(path, problems.append)
    assert (run.model, run.prompt_version) == ("m", "v2")
    assert run.outcomes == (Outcome("ex-1", 1, 1, None), Outcome("ex-2", 1, 0, 0.2))
    assert [problem.line for problem in problems] == [3, 4]


@pytest.mark.parametrize("text", ["", "[]", '{"results": {"results": [1, {"success": "x"}]}}', '{"a": 1}', "\x00\x01"])
def test_a_file_without_results_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "none.json"
    path.write_text(text)
    with pytest.raises(BadInput):
        read(path, lambda problem: None)
