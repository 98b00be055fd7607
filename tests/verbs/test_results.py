"""Results of evals come back: to the version they are of, into the scorecard, once."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from reviewer import cli
from reviewer.errors import BadInput, UsageError
from reviewer.exports.sets.choosing import Choice
from reviewer.model.number import Basis
from reviewer.verbs import datasets, forgetting, results, scorecards
from reviewer.workspace.ask import datasets as ask
from reviewer.workspace.file import Reader, Workspace
from tests.builders import HOUR_US, MONDAY_US, a_workspace, put
from tests.builders import a_trace as trace_of
from tests.desktop.opened import reviewed

MODE = "looping"


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with a_workspace(tmp_path) as made:
        put(made, [trace_of(n, question=f"What about order {n}?") for n in range(12)])
        reviewed(made, size=9, modes=(MODE,))
        yield made


@pytest.fixture
def reader(workspace: Workspace) -> Iterator[Reader]:
    made = workspace.reader()
    yield made
    made.close()


def kept(workspace: Workspace, reader: Reader) -> list[str]:
    """Keep a version of everything and return the ids of its examples."""
    planned = datasets.plan(reader, Choice())
    workspace.write(datasets.keep, planned).result()
    return [row.id for row in planned.rows]


def lines(path: Path, passed: dict[str, bool], **more: Any) -> Path:
    path.write_text("".join(json.dumps({"example_id": k, "pass": v} | more) + "\n" for k, v in passed.items()))
    return path


def imported(workspace: Workspace, reader: Reader, path: Path, **more: Any) -> results.Imported:
    told = results.read_results(path, **{name: more.pop(name) for name in ("passes_from",) if name in more})
    return workspace.write(lambda writer: results.import_results(writer, reader, told, **more)).result()


def test_the_newest_run_stands_on_the_scorecard_beside_the_one_before(
    workspace: Workspace, reader: Reader, tmp_path: Path
) -> None:
    examples = kept(workspace, reader)
    first = {example: n < 3 for n, example in enumerate(examples)}
    second = {example: n < 6 for n, example in enumerate(examples)}
    week_us = MONDAY_US + 24 * HOUR_US
    for name, passed, at, prompt in (("a", first, week_us, "v1"), ("b", second, week_us + HOUR_US, "v2")):
        path = lines(tmp_path / f"{name}.jsonl", passed, at=at / 1_000_000, model="m", suite="nightly")
        imported(workspace, reader, path, prompt_version=prompt)
    card = scorecards.scorecard(reader, "2026-W47")
    [row] = card.fields[8].rows
    assert row.label == "nightly, test 1"
    assert (row.number.value, row.number.n, row.number.basis) == (pytest.approx(6 / 9), 9, Basis.FIXED_SET)
    # Clopper-Pearson of 6 in 9, as published tables give it.
    assert (row.number.low, row.number.high) == (pytest.approx(0.2993, abs=1e-4), pytest.approx(0.9251, abs=1e-4))
    assert row.previous is not None
    assert row.previous.value == pytest.approx(3 / 9)
    assert "model m, prompt v2" in row.detail
    assert "33.3 % (9, test 1, prompt v1)" in row.detail
    failed = {one.trace for one in ask.rows(reader, "test", 1).values() if not second[one.id]}
    assert set(row.traces) == failed


def test_what_ran_after_the_week_is_not_on_its_scorecard(workspace: Workspace, reader: Reader, tmp_path: Path) -> None:
    imported(workspace, reader, lines(tmp_path / "r.jsonl", dict.fromkeys(kept(workspace, reader), True)))
    [row] = scorecards.scorecard(reader, "2026-W47").fields[8].rows
    assert row.number.basis is Basis.NOT_RECORDED
    assert results.trend(reader)[0].number.value == 1.0


def test_the_same_file_again_adds_nothing(workspace: Workspace, reader: Reader, tmp_path: Path) -> None:
    path = lines(tmp_path / "r.jsonl", dict.fromkeys(kept(workspace, reader), True))
    assert imported(workspace, reader, path).new == (True,)
    assert imported(workspace, reader, path).new == (False,)
    assert len(results.runs_as_json(reader)) == 1


def test_results_go_to_the_version_that_holds_their_examples(
    workspace: Workspace, reader: Reader, tmp_path: Path
) -> None:
    fails = datasets.plan(reader, Choice(verdict="fail"))
    workspace.write(datasets.keep, fails).result()
    examples = kept(workspace, reader)
    found = imported(workspace, reader, lines(tmp_path / "all.jsonl", dict.fromkeys([*examples, "ex-none"], True)))
    assert [(run.version, len(run.outcomes)) for run in found.runs] == [(2, 9)]
    assert found.strangers == 1
    named = imported(workspace, reader, tmp_path / "all.jsonl", dataset="test", version=1)
    assert [(run.version, len(run.outcomes)) for run in named.runs] == [(1, 3)]
    with pytest.raises(UsageError, match="no version 7"):
        imported(workspace, reader, tmp_path / "all.jsonl", dataset="test", version=7)


def test_results_of_another_dataset_are_refused(workspace: Workspace, reader: Reader, tmp_path: Path) -> None:
    kept(workspace, reader)
    with pytest.raises(BadInput, match="No example of"):
        imported(workspace, reader, lines(tmp_path / "r.jsonl", {"ex-other": True}))


def test_a_forgotten_trace_leaves_no_hash_of_its_words(workspace: Workspace, reader: Reader) -> None:
    kept(workspace, reader)
    row = next(iter(ask.rows(reader, "test", 1).values()))
    workspace.write(forgetting.forget, reader, row.trace, None).result()
    assert ask.rows(reader, "test", 1)[row.id].digest == ""


def test_the_commands_import_and_list(workspace: Workspace, reader: Reader, tmp_path: Path, capsys: Any) -> None:
    kept(workspace, reader)
    path = lines(tmp_path / "r.jsonl", dict.fromkeys(ask.rows(reader, "test", 1), True), model="m")
    workspace.close()
    given = ["--workspace", str(workspace.path), "--json"]
    assert cli.main(["results", "import", str(path), "--suite", "nightly", *given]) == 0
    out = json.loads(capsys.readouterr().out)
    assert (out["runs"][0]["suite"], out["runs"][0]["new"], out["unknown_examples"]) == ("nightly", True, 0)
    assert cli.main(["results", "list", *given]) == 0
    [run] = json.loads(capsys.readouterr().out)
    assert (run["passed"], run["dataset"], run["version"], run["model"]) == (1.0, "test", 1, "m")
    assert run["low"] == pytest.approx(0.664, abs=1e-3)
