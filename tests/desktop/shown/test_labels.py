"""A label, a tooltip and a message show markup as letters."""

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from reviewer.desktop import shown
from reviewer.desktop.theme import Theme

MARKUP = "<b>bold</b> <img src='file:///etc/hostname'> & more"


def test_label_shows_markup_as_letters(qtbot: QtBot) -> None:
    label = shown.label(MARKUP, theme=Theme.light())
    qtbot.addWidget(label)
    assert label.text() == MARKUP
    assert label.textFormat() is Qt.TextFormat.PlainText
    assert label.accessibleName() == MARKUP


def test_elided_label_keeps_the_whole_text(qtbot: QtBot) -> None:
    label = shown.label("a long name " * 20, theme=Theme.light(), elide=Qt.TextElideMode.ElideMiddle)
    qtbot.addWidget(label)
    label.resize(80, 20)
    label.show()
    assert "…" in label.text()
    assert label.full_text.startswith("a long name a long")


def test_wrapped_label_keeps_lines(qtbot: QtBot) -> None:
    label = shown.label("one\ntwo", theme=Theme.light(), wrap=True)
    qtbot.addWidget(label)
    assert label.text() == "one\ntwo"


def test_tooltip_is_escaped_and_cut(qtbot: QtBot) -> None:
    label = shown.label("x")
    qtbot.addWidget(label)
    shown.tip(label, MARKUP + "y" * 5000)
    assert "<b>" not in label.toolTip()
    assert "&lt;b&gt;" in label.toolTip()
    assert len(label.toolTip()) < 500


@pytest.mark.parametrize("press", ["Try again", "Leave it"])
def test_message_says_which_button(qtbot: QtBot, press: str) -> None:
    seen: list[str] = []

    def answer() -> None:
        dialog = QApplication.activeModalWidget()
        assert dialog is not None
        seen.extend(label.text() for label in dialog.findChildren(QLabel))
        assert all(label.textFormat() is Qt.TextFormat.PlainText for label in dialog.findChildren(QLabel))
        next(b for b in dialog.findChildren(QPushButton) if b.text() == press).click()

    QTimer.singleShot(0, answer)
    chosen = shown.message(None, "Not saved", MARKUP, "Free some space.", ["Try again", "Leave it"], Theme.light())
    assert chosen == ["Try again", "Leave it"].index(press)
    assert seen == ["Not saved", MARKUP, "Free some space."]


@pytest.mark.parametrize("text", ["WWW " * 400, "iiiillll" * 400, "ii" * 20])
def test_an_elided_label_shows_as_much_as_fits(qtbot: QtBot, text: str) -> None:
    label = shown.label("", theme=Theme.light(), elide=Qt.TextElideMode.ElideRight)
    qtbot.addWidget(label)
    label.resize(300, 20)
    label.show()
    label.setText(text)
    wanted = label.fontMetrics().elidedText(label.full_text, Qt.TextElideMode.ElideRight, 300)
    assert label.text() == wanted
