"""What a press shows first and what follows: two fast presses stay right, and nothing stale remains."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QPoint
from PySide6.QtGui import QHelpEvent
from pytestqt.qtbot import QtBot

from reviewer.desktop.offscreen import Player
from reviewer.desktop.review.controls import ModeRow
from reviewer.model.ids import ModeId
from tests.desktop.windows import a_week, a_window, review_of, state_of


@pytest.fixture
def player(tmp_path: Path, qtbot: QtBot) -> Iterator[Player]:
    with a_window(a_week(tmp_path)) as opened:
        yield opened


def test_another_item_shows_its_own_coding_and_note_with_its_first_paint(player: Player) -> None:
    review = review_of(player)
    player.play("2", "n", "text:too short", "escape", "right", "left")
    player.press("right")
    assert not review.coding.modes[ModeId("wrong_citation")].isChecked()
    assert not review.coding.verdicts["fail"].isChecked()
    assert review.note.field.toPlainText() == ""
    player.press("left")
    assert review.coding.modes[ModeId("wrong_citation")].isChecked()
    assert review.note.field.toPlainText() == "too short"


def test_a_press_draws_no_button_anew(player: Player, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[str] = []
    draw = ModeRow._draw

    def watched(row: ModeRow, *given: Any) -> None:
        drawn.append(row.text())
        draw(row, *given)

    monkeypatch.setattr(ModeRow, "_draw", watched)
    player.play("right")
    qtbot.wait(200)  # idle moments
    drawn.clear()
    player.press("3")
    QCoreApplication.sendPostedEvents()
    assert review_of(player).coding.modes[ModeId("prompt_injection")].isChecked()
    assert drawn == []


def test_a_week_that_is_opened_shows_its_own_note_and_coding_whatever_comes_first(player: Player) -> None:
    review, state = review_of(player), state_of(player)
    player.play("2", "n", "text:of the week before", "escape")
    player.settle()
    review.open_week(state.week)
    assert review.note.field.toPlainText() == "of the week before"  # at once: what is saved now belongs to the item
    state_of(player).press_slot(3)
    review.left()  # before anything else was painted
    player.wait(lambda: state_of(player).saving.all_saved)
    assert review.coding.modes[ModeId("prompt_injection")].isChecked()
    assert state_of(player).coding.note == "of the week before"


def test_what_follows_two_fast_presses_is_what_stands_after_both(player: Player) -> None:
    review, state = review_of(player), state_of(player)
    player.settle()
    player.press("1", "2")
    assert review.following.waiting
    review.following.catch_up()
    assert not review.following.waiting
    assert "“Wrong citation” on" in review.note.toast.text()
    assert review.coding.definition.isVisible()
    assert "2" in review.coding._tagged.full_text
    player.wait(lambda: state.saving.all_saved)
    assert [event.said.value for event in state.log.events] == ["mode_on", "verdict", "mode_on"]


def test_a_press_before_the_paint_of_the_next_item_belongs_to_the_one_on_screen(player: Player) -> None:
    state = state_of(player)
    player.settle()
    first = state.rows[0].trace
    player.press("right", "3")
    assert ModeId("prompt_injection") in state.log.coding(first).modes
    player.settle()
    assert state.coding.modes == {}
    assert not review_of(player).coding.modes[ModeId("prompt_injection")].isChecked()


def test_leaving_the_page_sends_what_waits(player: Player) -> None:
    review, state = review_of(player), state_of(player)
    player.settle()
    player.press("1")
    player.window.open("home")
    assert not review.following.waiting
    assert not state.saving.waiting


def test_the_title_says_the_whole_id_and_time_when_asked(player: Player) -> None:
    title = review_of(player).panes.title_line
    corner = QPoint(title.width() - title.theme.px(30), title.height() - title.theme.px(14))
    QCoreApplication.sendEvent(title, QHelpEvent(QEvent.Type.ToolTip, corner, title.mapToGlobal(corner)))
    transcript = review_of(player).transcript
    assert transcript is not None
    assert transcript.about.native_id in title.toolTip()
    assert "1 of 6" in title.accessibleDescription()
    left = QPoint(title.theme.px(40), corner.y())
    QCoreApplication.sendEvent(title, QHelpEvent(QEvent.Type.ToolTip, left, title.mapToGlobal(left)))
    assert transcript.about.native_id not in title.toolTip()
