"""A week from its first item to its last, with real keys, a restart in the middle, and undo across it."""

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from reviewer.model.coding import Coding, Verdict
from reviewer.model.ids import TraceId, WeekName
from reviewer.verbs.opening import check
from reviewer.workspace.ask.codings import codings
from reviewer.workspace.ask.queue import queue
from reviewer.workspace.file import Reader
from tests.desktop.windows import WEEK, a_week, a_window, state_of

pytestmark = pytest.mark.journey


def stored(path: Path) -> dict[TraceId, Coding]:
    reader = Reader(path)
    try:
        return {row.key.trace: row.coding for row in codings(reader, WEEK)}
    finally:
        reader.close()


def order(path: Path) -> list[TraceId]:
    reader = Reader(path)
    try:
        return [row.trace for row in queue(reader, WeekName(WEEK), "ada")]
    finally:
        reader.close()


def test_a_week_of_twenty(tmp_path: Path, qtbot: QtBot) -> None:
    path = a_week(tmp_path, 20)
    traces = order(path)
    with a_window(path) as player:
        player.play("p")  # 1: one press for a clean pass
        player.play("1", "2", "enter")  # 2: three presses for a fail with two modes
        player.play("d")  # 3
        player.play("f", "n")  # 4
        player.press("text:Says 45 days. No document does.")
        player.press("ctrl+enter")
        player.play("s", "2", "4", "escape", "f", "enter")  # 5
        player.play("j", "j", "j", "9", "m", "enter")  # 6
        player.play(
            "3", "3", "u", "u", "u"
        )  # 7: on, off, and three undos, the last of which takes back item 6's submit
        state = state_of(player)
        assert state.current is not None
        assert state.current.order == 6
        player.play("ctrl+shift+z")
        player.play("right")
    before = stored(path)
    with a_window(path) as player:  # the restart
        state = state_of(player)
        assert state.current is not None
        assert state.current.order == 7
        assert state.standing.submitted == 6
        player.play("u")  # takes back the redo of item 6's submit: it is the last thing that holds
        assert state.current.order == 6
        assert not state.coding.submitted
        player.play("ctrl+shift+z", "right")
        assert state.standing.submitted == 6
        for _ in range(14):
            player.play("p")
        assert state.standing.submitted == 20
        assert state.notice is not None
        assert state.notice.kind == "week_done"
    after = stored(path)
    first, second, third, fourth, fifth, sixth = (after[trace] for trace in traces[:6])
    assert (first.verdict, first.modes, first.submitted) == (Verdict.PASS, {}, True)
    assert (second.verdict, list(second.modes)) == (Verdict.FAIL, ["unsupported_claim", "wrong_citation"])
    assert (third.verdict, third.counts) == (Verdict.DEFER, False)
    assert (fourth.verdict, fourth.note) == (Verdict.FAIL, "Says 45 days. No document does.")
    assert fifth.scores == {"task_success": 2, "groundedness": 4}
    assert list(sixth.modes) == ["tool_misuse"]
    assert sixth.first_failure is not None
    assert sixth.modes[next(iter(sixth.modes))] == sixth.first_failure
    assert all(after[trace].submitted for trace in traces)
    assert {t: c for t, c in after.items() if t in traces[:5]} == {t: c for t, c in before.items() if t in traces[:5]}
    assert check(path).faults == ()


def test_presses_faster_than_the_paint_land_on_the_item_that_was_on_screen(tmp_path: Path, qtbot: QtBot) -> None:
    path = a_week(tmp_path, 4)
    traces = order(path)
    with a_window(path) as player:
        player.settle()
        player.press("p", "1", "2", "p", "enter")  # one burst: nothing is painted in between
        player.settle()
        state = state_of(player)
        assert state.current is not None
        assert state.current.order == 2
    kept = stored(path)
    assert list(kept[traces[0]].modes) == ["unsupported_claim", "wrong_citation"]
    assert set(kept) == {traces[0]}


def test_what_was_written_and_not_saved_is_kept_when_the_window_closes(tmp_path: Path, qtbot: QtBot) -> None:
    path = a_week(tmp_path, 3)
    traces = order(path)
    with a_window(path) as player:
        player.play("n")
        player.press("text:half a thought")
        player.press("escape")
        player.play("right", "n")
        player.press("text:another")
        assert player.window.close()
    kept = stored(path)
    assert kept[traces[0]].note == "half a thought"
    assert kept[traces[1]].note == "another"


def test_the_keys_of_another_profile_code_a_week(tmp_path: Path, qtbot: QtBot) -> None:
    path = a_week(tmp_path, 3)
    traces = order(path)
    with a_window(path) as player:
        player.application.run("view.keys.evals-skills")
        player.play("1", "shift+1", "2", "enter")
        player.application.run("view.keys.prodigy")
        player.play("a")
    kept = stored(path)
    assert [kept[trace].verdict for trace in traces] == [Verdict.PASS, Verdict.FAIL, Verdict.PASS]
    assert list(kept[traces[1]].modes) == ["unsupported_claim"]
