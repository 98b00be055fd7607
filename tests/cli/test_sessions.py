"""`reviewer sessions` and `reviewer show --session`, as a script would use them."""

import json
from pathlib import Path

import pytest

from reviewer import cli
from tests.builders import HOUR_US, MONDAY_US, a_trace, a_workspace, put


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    with a_workspace(tmp_path) as made:
        put(made, [
            a_trace(2, session_id="talk", question="And without the box?", started_us=MONDAY_US + 10 * HOUR_US, model="m-2"),
            a_trace(1, session_id="talk", question="May it go back?", started_us=MONDAY_US + 9 * HOUR_US),
            a_trace(3, session_id="other"),
        ])  # fmt: skip
        return made.path


def run(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    capsys.readouterr()
    try:
        code = cli.main([str(a) for a in arguments])
    except SystemExit as why:
        code = int(why.code or 0)
    return code, *capsys.readouterr()


def test_sessions_are_listed_with_their_traces_in_order(workspace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = run(capsys, "sessions", "--workspace", workspace, "--json")
    rows = {row["id"]: row for row in json.loads(out)}
    assert rows["talk"]["traces"] == 2
    assert rows["talk"]["from"] == "2026-11-16T09:00:00.000Z"
    assert rows["talk"]["to"] == "2026-11-16T10:00:00.000Z"
    _, out, _ = run(capsys, "show", rows["talk"]["turns"][0], "--workspace", workspace, "--json")
    assert json.loads(out)["native_id"] == "native-1"
    _, out, _ = run(capsys, "sessions", "--workspace", workspace)
    assert next(line for line in out.splitlines() if line.startswith("talk")).split()[1] == "2"


def test_a_session_is_printed_turn_by_turn(workspace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = run(capsys, "show", "--session", "talk", "--workspace", workspace)
    places = [out.index(said) for said in ("turn 1 of 2", "May it go back?", "turn 2 of 2", "m-2", "without the box?")]
    assert places == sorted(places)
    _, out, _ = run(capsys, "show", "--session", "talk", "--workspace", workspace, "--json")
    assert [turn["native_id"] for turn in json.loads(out)["turns"]] == ["native-1", "native-2"]


def test_a_session_that_is_not_there_is_a_sentence_and_a_trace_or_a_session_must_be_named(
    workspace: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, _, err = run(capsys, "show", "--session", "nobody", "--workspace", workspace)
    assert code == 2
    assert "There is no session 'nobody' here. List them with: reviewer sessions." in err
    code, _, err = run(capsys, "show", "--workspace", workspace)
    assert code == 2


def test_a_week_of_sessions_says_what_it_draws_in_the_plan_the_draw_and_the_trends(
    workspace: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    period = ("--from", "2026-11-16", "--to", "2026-11-23", "--size", 10, "--unit", "session", "--workspace", workspace)
    _, out, _ = run(capsys, "week", "plan", *period)
    assert out.startswith("2 of 2 sessions would be drawn")
    _, out, _ = run(capsys, "week", "new", "w", *period)
    assert out.startswith("w: 2 of 2 sessions.")
    _, out, _ = run(capsys, "week", "show", "w", "--workspace", workspace, "--json")
    shown = json.loads(out)
    assert (shown["unit"], shown["population"]) == ("session", 2)
    for item in shown["items"]:
        code, _, err = run(capsys, "code", item["trace"], "--week", "w", "--reviewer", "Ada", "--verdict", "fail",
                           "--mode", "looping", "--score", "task_success=1", "--score", "groundedness=1",
                           "--workspace", workspace)  # fmt: skip
        assert code == 0, err
    _, out, _ = run(capsys, "trends", "--failing", "--unit", "session", "--workspace", workspace, "--json")
    assert {(row["unit"], row["reviewed"], row["failing"]) for row in json.loads(out)} == {("session", 2, 2)}
    _, out, _ = run(capsys, "trends", "--failing", "--workspace", workspace, "--json")
    assert json.loads(out) == []
    code, _, err = run(capsys, "scorecard", "w", "--workspace", workspace, "--json")
    assert code == 2, err
