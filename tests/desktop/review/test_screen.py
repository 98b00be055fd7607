"""The review screen as its reader meets it: keys in, widgets and stored codings out."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from reviewer.desktop.commands.palette import Palette
from reviewer.desktop.commands.sheet import KeySheet
from reviewer.desktop.offscreen import Player
from reviewer.desktop.review.controls import ModeRow
from reviewer.desktop.review.expected import ExpectedAnswer
from reviewer.errors import StorageFull
from reviewer.model.calls import ExpectedCall
from reviewer.model.ids import ModeId
from reviewer.verbs import coding, opening
from tests.desktop.windows import WEEK, a_week, a_window, review_of, state_of


@pytest.fixture
def player(tmp_path: Path, qtbot: QtBot) -> Iterator[Player]:
    with a_window(a_week(tmp_path)) as opened:
        yield opened


def row(player: Player, mode: str) -> ModeRow:
    return review_of(player).coding.modes[ModeId(mode)]


def test_a_tag_is_shown_at_once_and_the_tick_comes_after_the_disk(player: Player) -> None:
    review = review_of(player)
    player.settle()
    player.press("2")
    assert row(player, "wrong_citation").isChecked()
    assert review.coding.verdicts["fail"].isChecked()
    review.following.catch_up()
    assert not review.panes.hints.saved
    player.settle()
    assert review.panes.hints.saved
    assert "“Wrong citation” on" in review.note.toast.text()


def test_a_click_on_a_mode_or_a_verdict_is_the_same_as_its_key(player: Player, qtbot: QtBot) -> None:
    qtbot.mouseClick(row(player, "looping"), Qt.MouseButton.LeftButton)
    qtbot.mouseClick(review_of(player).coding.verdicts["fail"], Qt.MouseButton.LeftButton)
    player.settle()
    assert list(state_of(player).coding.modes) == ["looping"]
    qtbot.mouseClick(review_of(player).coding.submit, Qt.MouseButton.LeftButton)
    assert state_of(player).index == 1


def test_letters_are_text_while_the_note_is_written(player: Player) -> None:
    player.play("n")
    player.press("text:p1 d u", "shift+enter", "text:next line", "backspace")
    player.play("enter")
    state = state_of(player)
    assert state.coding.note == "p1 d u\nnext lin"
    assert state.coding.verdict is None
    assert state.index == 0


def test_a_pause_in_writing_brings_the_note_to_the_disk(player: Player, monkeypatch: pytest.MonkeyPatch) -> None:
    player.play("n")
    review_of(player).note._pause.setInterval(20)
    player.press("text:half a")
    player.wait(lambda: state_of(player).coding.note == "half a")
    player.press("text: thought")
    player.play("escape")
    assert state_of(player).coding.note == "half a thought"


def test_backspace_delete_and_a_held_key_do_nothing(player: Player) -> None:
    player.play("1", "backspace", "delete", "shift+backspace")
    assert list(state_of(player).coding.modes) == ["unsupported_claim"]
    held = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Return, Qt.KeyboardModifier.NoModifier, "\r", True)
    QApplication.sendEvent(player.window.windowHandle(), held)
    assert state_of(player).index == 0


def test_type_ahead_tags_toggles_and_proposes(player: Player) -> None:
    player.play("t")
    player.press("text:refus")
    player.play("enter")
    assert list(state_of(player).coding.modes) == ["wrong_refusal"]
    player.play("t")
    player.press("text:forgets the name")
    player.play("enter")
    assert state_of(player).coding.proposed == ("forgets the name",)
    player.play("t", "escape", "1")
    assert list(state_of(player).coding.modes) == ["wrong_refusal", "unsupported_claim"]


def test_the_expected_answer_is_kept_on_leaving(player: Player) -> None:
    player.play("w")
    player.press("text:30 days")
    player.play("escape")
    assert state_of(player).coding.expected == "30 days"
    assert "30 days" in review_of(player).coding.expected.words.full_text


def test_expected_calls_are_written_below_the_answer_and_kept_open_until_they_can_be_read(player: Player) -> None:
    player.play("w")
    player.press("tab", 'text:lookup {"order"')
    player.play("enter")
    opened = review_of(player)._popover
    assert isinstance(opened, ExpectedAnswer)
    assert "Line 1" in opened.why.text()
    player.press('text:: "0042"}')
    player.play("enter")
    assert review_of(player)._popover is None
    assert state_of(player).coding.expected_calls == (ExpectedCall("lookup", {"order": "0042"}),)
    assert "lookup" in review_of(player).coding.expected.words.full_text


def test_expected_calls_can_begin_with_those_that_were_made(player: Player, qtbot: QtBot) -> None:
    while not (transcript := review_of(player).transcript) or not transcript.calls:
        player.play("j")
    player.play("w")
    opened = review_of(player)._popover
    assert isinstance(opened, ExpectedAnswer)
    qtbot.mouseClick(opened.take_over, Qt.MouseButton.LeftButton)
    player.play("enter")
    assert [call.name for call in state_of(player).coding.expected_calls] == [call.name for call in transcript.calls]


def test_a_document_is_labelled_and_can_be_where_the_failure_is(player: Player) -> None:
    player.play("r")
    assert state_of(player).coding.documents == {}
    player.play("]", "]", "x", "3", "m")
    coding_now = state_of(player).coding
    assert coding_now.documents == {1: "missing"}
    assert coding_now.first_failure is not None
    assert coding_now.first_failure.document == 1
    player.play("x", "r")
    assert state_of(player).coding.documents == {1: "relevant"}
    player.play("escape", "i")
    assert state_of(player).coding.documents == {1: "relevant"}


def test_scores_take_digits_until_something_else_is_said(player: Player) -> None:
    player.play("s", "3", "j", "4", "f", "1")
    now = state_of(player).coding
    assert now.scores == {"task_success": 3, "groundedness": 4}
    assert list(now.modes) == ["unsupported_claim"]


def test_a_failed_write_shows_why_keeps_the_work_and_tries_again(
    player: Player, monkeypatch: pytest.MonkeyPatch
) -> None:
    review, state = review_of(player), state_of(player)

    def full(*_: object) -> None:
        raise StorageFull("The disk is full.", "Free some space.")

    with monkeypatch.context() as patched:
        patched.setattr("reviewer.desktop.review.screen.record", full)
        player.play("1", "2")
        assert review.note.failure.isVisible()
        assert "The disk is full. Free some space." in review.note.failure.said
        assert not review.panes.hints.saved
        assert list(state.coding.modes) == ["unsupported_claim", "wrong_citation"]
    review.note.failure.again.emit()
    player.wait(lambda: state.saving.all_saved)
    assert not review.note.failure.isVisible()
    assert review.panes.hints.saved


def test_blind_reading_hides_others_until_the_submit(tmp_path: Path, qtbot: QtBot) -> None:
    path = a_week(tmp_path, 3)
    with opening.open_workspace(path) as workspace:
        reader = workspace.reader()
        for trace in reader.db.execute("SELECT trace FROM week_item").fetchall():
            wanted = coding.Wanted(trace[0], "bob", "fail", ("looping",))
            workspace.write(coding.code, reader, WEEK, wanted).result()
        reader.close()
    with a_window(path) as player:
        comparison = review_of(player).coding.comparison
        player.play("1")
        assert comparison.rows == []
        player.play("enter", "left")
        player.wait(lambda: bool(comparison.rows))
        assert ("bob", "fail: Looping", False) in comparison.rows
        assert any(who == "helpful" for who, _, _ in comparison.rows)
        player.play("2")
        assert state_of(player).log.events[-1].reading == "assisted"


def test_another_item_hides_the_comparison_again(player: Player) -> None:
    comparison = review_of(player).coding.comparison
    player.play("p", "left")
    player.wait(lambda: bool(comparison.rows))
    player.play("right")
    assert comparison.rows == []


def test_without_a_list_the_panel_asks_for_the_first_failure_and_a_note(tmp_path: Path, qtbot: QtBot) -> None:
    with a_window(a_week(tmp_path, 2, "none")) as player:
        panel = review_of(player).coding
        assert panel.modes == {}
        player.play("f", "m", "enter")
        state = state_of(player)
        assert state.index == 1
        assert state.log.coding(state.rows[0].trace).first_failure is not None


def test_sheet_palette_and_items_keep_the_keys_to_themselves(player: Player) -> None:
    player.play("?", "p", "1", "escape")
    player.play("ctrl+k")
    player.press("text:flag")
    player.play("enter")
    assert state_of(player).coding.flagged
    player.play("ctrl+g")
    player.press("text:4")
    player.play("enter")
    state = state_of(player)
    assert state.index == 3
    assert {event.said for event in state.log.events} == {"flag"}
    hidden = player.window.findChildren(KeySheet) + player.window.findChildren(Palette)
    assert not any(widget.isVisible() for widget in hidden)


def test_find_marks_hits_and_escape_leaves(player: Player) -> None:
    bar = review_of(player).find_bar
    player.play("ctrl+f")
    player.press("text:30 days")
    assert bar.isVisible()
    player.play("escape", "p")
    assert not bar.isVisible()
    assert state_of(player).index == 1


def test_where_there_is_little_room_evidence_and_rail_give_way(player: Player) -> None:
    panes = review_of(player).panes
    assert panes.evidence.isVisible()
    player.window.resize(1090, 800)
    player.settle()
    assert not panes.evidence.isVisible()
    assert not panes.rail.isVisible()
    player.play("e")
    assert panes.evidence.isVisible()
    assert not panes.view.isVisible()
    player.play("e")
    assert panes.view.isVisible()


def test_a_place_in_the_transcript_outlives_a_change_of_theme(player: Player) -> None:
    review = review_of(player)
    player.play("j", "j")
    turn = review.view.focused_turn
    player.application.run("view.theme.dark")
    player.application.run("view.scale.115")
    player.settle()
    assert review.view.focused_turn == turn


def test_an_item_opens_from_the_rail(player: Player, qtbot: QtBot) -> None:
    rail = review_of(player).panes.rail
    button = next(b for b in rail._buttons if b.row.order == 3)
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert state_of(player).index == 2
    player.play("p")
    assert button.row.mark == "pass"


def test_a_workspace_that_cannot_be_written_is_not_closed_unasked(
    player: Player, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def full(*_: object) -> None:
        raise StorageFull("The disk is full.", "Free some space.")

    with monkeypatch.context() as patched:
        patched.setattr("reviewer.desktop.review.screen.record", full)
        patched.setattr("reviewer.desktop.app.shown.message", lambda *args, **_: asked.append(args[2]) or 0)
        player.play("1")
        assert not player.window.close()
        assert player.application._start_page() is None
        with pytest.raises(StorageFull):
            review_of(player).open_week(state_of(player).week)
    assert len(asked) == 2
    assert "The disk is full." in asked[0]
    assert list(state_of(player).coding.modes) == ["unsupported_claim"]
    assert review_of(player).flush() is None


def test_a_key_is_changed_by_pressing_it_and_a_taken_one_is_refused(
    player: Player, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    monkeypatch.setattr("reviewer.desktop.app.shown.message", lambda *args, **_: told.append(args[2]) or 0)
    for key in ("p", "y"):
        player.application.run("view.keys.change")
        player.press("text:flag")
        player.play("enter")
        player.play(key)
    assert len(told) == 1
    assert "review.pass" in told[0]
    player.play("b", "y")
    assert state_of(player).coding.flagged
    assert player.application.preferences.own_keys == {"write.flag": ("y",)}
    player.application.run("view.keys.reset")
    player.play("y", "b")
    assert not state_of(player).coding.flagged
