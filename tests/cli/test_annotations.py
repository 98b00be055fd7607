"""Labels by command: listed, tried, made into codings, and charted."""

import json
from pathlib import Path

import pytest

from reviewer import cli


def test_labels_of_a_table_are_charted_at_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    workspace = tmp_path / "w.review"
    table = tmp_path / "a.csv"
    table.write_text("question,answer,label\nWhy?,Because.,fine\nHow?,So.,Made up\nWhen?,Now.,fine\nWho?,Me.,fine\n")

    def run(*arguments: object, expect: int = 0) -> str:
        capsys.readouterr()
        code = cli.main([*map(str, arguments), "--workspace", str(workspace)])
        out, err = capsys.readouterr()
        assert code == expect, (arguments, out, err)
        return out + err

    run("import", table, "--map", "label=label:quality:ann")
    listed = json.loads(run("labels", "list", "--json"))
    assert [(row["author"], row["value"], row["traces"]) for row in listed] == [
        ("ann", "fine", 3),
        ("ann", "Made up", 1),
    ]
    assert "'Made up'" in run("labels", "code", "quality", "--week", "x", "--map", "fine=pass", expect=2)
    assert "COLUMN" not in run("labels", "code", "quality", "--week", "x", "--map", "fine", expect=2)
    code = ("labels", "code", "quality", "--week", "x", "--map", "fine=pass", "--new-modes")
    assert "1  Made up  ->  mode:made_up" in run(*code, "--dry-run")
    assert json.loads(run("codings", "--json")) == []
    assert "4 traces coded in x, 1 new failure modes." in run(*code)
    rates = {row["mode"]: row for row in json.loads(run("trends", "--json")) if row["window_weeks"] == 1}
    made_up = rates.pop("made_up")
    assert (made_up["estimate"], made_up["low"], made_up["high"], made_up["population"]) == (0.25, 0.25, 0.25, 4)
    assert all(row["estimate"] is None for row in rates.values())
