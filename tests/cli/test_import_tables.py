"""Tables by command: looked at before anything is written, mapped by hand, and the mapping remembered."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from reviewer import cli

Run = Callable[..., Any]
TEXT = "wording,reply,stars\nWhy?,Because.,4\nHow?,So.,1\n"
MAPPED = ("--map", "wording=user", "--map", "reply=assistant", "--map", "stars=label:quality:ann")


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    def program(*arguments: object, expect: int = 0) -> str:
        capsys.readouterr()
        code = cli.main([str(one) for one in arguments])
        out, err = capsys.readouterr()
        assert code == expect, (arguments, out, err)
        return out + err

    return program


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "a.csv"
    path.write_text(TEXT)
    return path


def test_a_preview_needs_no_workspace_and_writes_nothing(run: Run, table: Path) -> None:
    said = run("import", table, "--preview", expect=1)
    assert "none of its columns" in said
    assert "stars    score:stars" in said
    said = run("import", table, "--preview", *MAPPED)
    assert "records  2" in said
    assert "assistant: Because." in said
    [found] = json.loads(run("import", table, "--preview", "--json", *MAPPED))
    assert [(c["name"], c["use"]) for c in found["columns"]] == [
        ("wording", "user"), ("reply", "assistant"), ("stars", "label:quality:ann"),
    ]  # fmt: skip
    assert found["trace"]["messages"][0] == {"role": "user", "name": None, "text": "Why?"}
    assert [path.name for path in table.parent.iterdir()] == ["a.csv"]


def test_what_was_said_of_columns_is_used_for_the_next_table_like_it(run: Run, table: Path, tmp_path: Path) -> None:
    workspace = tmp_path / "w.review"
    assert "2 imported" in run("import", table, "--workspace", workspace, *MAPPED)
    later = tmp_path / "b.csv"
    later.write_text("stars,wording,reply\n5,When?,Now.\n")
    assert "assistant: Now." in run("import", later, "--preview", "--workspace", workspace)
    assert "1 imported" in run("import", later, "--workspace", workspace)
    # What is said now goes before what was said, and the rest stays.
    changed = run("import", later, "--preview", "--json", "--workspace", workspace, "--map", "stars=ignore")
    assert [c["use"] for c in json.loads(changed)[0]["columns"]] == ["ignore", "user", "assistant"]
    run("import", later, "--workspace", workspace, "--map", "stars=ignore")
    again = run("import", table, "--preview", "--json", "--workspace", workspace)
    assert [c["use"] for c in json.loads(again)[0]["columns"]] == ["user", "assistant", "ignore"]


def test_a_preview_shows_segments_as_the_workspace_will_have_them(run: Run, tmp_path: Path) -> None:
    workspace, path = tmp_path / "w.review", tmp_path / "a.jsonl"
    path.write_text('{"id": "1", "input": "Why?", "output": "So.", "tenant": "found", "metadata": {"shop": "north"}}\n')
    run("import", path, "--workspace", workspace)
    run("segments", "map", "tenant=shop", "--workspace", workspace)
    by_rules, as_found = (
        json.loads(run("import", path, "--preview", "--json", *more)) for more in (("--workspace", workspace), ())
    )
    assert (by_rules[0]["trace"]["tenant"], as_found[0]["trace"]["tenant"]) == ("north", "found")


def test_wrong_mappings_are_said_at_once(run: Run, table: Path, tmp_path: Path) -> None:
    workspace = tmp_path / "w.review"
    assert "COLUMN=USE" in run("import", table, "--workspace", workspace, "--map", "wording", expect=2)
    assert "cannot be used as" in run("import", table, "--workspace", workspace, "--map", "wording=nobody", expect=2)
    assert "mapped twice" in run("import", table, "--preview", "--map", "a=user", "--map", "a=id", expect=2)
    assert "Name the workspace" in run("import", table, expect=2)
    assert not workspace.exists()
    assert "no table has a column 'nope'" in run("import", table, "--workspace", workspace, *MAPPED, "--map", "nope=id")
