"""A week of twenty real traces: imported, drawn, read with real keys, restarted, undone, and the same everywhere after."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from reviewer import cli
from tests.desktop.windows import a_window, state_of

pytestmark = pytest.mark.journey


def test_a_week_of_twenty_real_traces(
    shared: Callable[..., Path], tmp_path: Path, qtbot: QtBot, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "real.review"

    def run(*arguments: object) -> Any:
        capsys.readouterr()
        assert cli.main([str(a) for a in (*arguments, "--workspace", path)]) == 0
        out = capsys.readouterr().out
        return json.loads(out) if "--json" in arguments else out

    run("import", shared("data", "agentdojo", "agentdojo-gemini-1-5-pro-002.jsonl"), "--json")
    # These traces record no time: they stand at their import, and whoever draws is told how many.
    today = datetime.now(UTC).date()
    period = ("--from", today - timedelta(days=1), "--to", today + timedelta(days=2))
    week = run("week", "new", "real", *period, "--size", 20, "--seed", "journey", "--json")
    assert week["untimed"] == week["population"] == 194
    items = [item["trace"] for item in week["items"]]

    with a_window(path, "real", "ada") as player:
        player.play("p")  # 1
        player.play("1", "2", "enter")  # 2
        player.play("d")  # 3
        player.play("j", "9", "m", "enter")  # 4
        for _ in range(5):  # 5 to 9
            player.play("p")
        player.play("3", "enter")  # 10: taken back after the restart
    with a_window(path, "real", "ada") as player:
        state = state_of(player)
        assert state.standing.submitted == 10
        player.play("u", "u")  # the submit, then the tag: back on item 10
        assert state.current is not None
        assert state.current.trace == items[9]
        player.play("p")
        for _ in range(9):  # 11 to 19
            player.play("p")
        player.play("2", "f", "n")
        player.press("text:The reply names another file.")
        player.press("ctrl+enter")  # 20
        player.settle()

    stands = {row["trace"]: row for row in run("codings", "--json")}
    assert set(stands) == set(items)
    verdicts = [stands[trace]["verdict"] for trace in items]
    assert verdicts == ["pass", "fail", "defer", "fail", *["pass"] * 15, "fail"]
    assert [sorted(stands[items[n]]["modes"]) for n in (1, 3, 9, 19)] == [
        ["unsupported_claim", "wrong_citation"], ["tool_misuse"], [], ["wrong_citation"],
    ]  # fmt: skip
    assert stands[items[19]]["note"] == "The reply names another file."
    assert all(row["submitted"] for row in stands.values())

    weekly = {row["mode"]: row for row in run("trends", "--json") if row["window_weeks"] == 1}
    assert weekly["wrong_citation"]["reviewed"] == 19  # the deferred one is not reviewed
    assert {mode: row["tagged"] for mode, row in weekly.items() if row["tagged"]} == {
        "unsupported_claim": 1, "wrong_citation": 2, "tool_misuse": 1,
    }  # fmt: skip
    assert weekly["wrong_citation"]["estimate"] == pytest.approx(2 / 19)

    run("export", "--to", "jsonl", "--out", tmp_path / "set")
    rows = [json.loads(line) for line in (tmp_path / "set" / "dataset.jsonl").read_bytes().split(b"\n") if line]
    exported = {row["trace_id"]: (row["verdict"], sorted(row["failure_modes"])) for row in rows}
    assert exported == {
        t: (row["verdict"], sorted(row["modes"])) for t, row in stands.items() if row["verdict"] != "defer"
    }
    assert run("check", "--json")["ok"] is True
