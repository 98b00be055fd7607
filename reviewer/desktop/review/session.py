"""The whole session in place of the item alone: switching to it and back, and the line that says whose coding it is."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from reviewer.desktop.review.state import Repaint, ReviewState
from reviewer.desktop.review.words import tr
from reviewer.desktop.theme import Theme, baseline
from reviewer.workspace.ask.sessions import SessionTranscript, turns
from reviewer.workspace.ask.transcript import Transcript

if TYPE_CHECKING:
    from reviewer.desktop.review.screen import ReviewPage


def toggle_session(page: "ReviewPage") -> None:
    """Show the whole session of the item under review, or the item alone again."""
    if page.state is None or page.state.current is None:
        return
    if not page.shelf.whole_sessions and not _has_session(page):
        page.do(ReviewState.stands_alone)
        return
    _show(page, not page.shelf.whole_sessions)


def step_trace(page: "ReviewPage", by: int) -> None:
    """Go to the next (1) or previous (-1) trace of the session, which is shown whole for that; the item stays."""
    if not page.shelf.whole_sessions:
        toggle_session(page)
    page.view.step_trace(by)


def _has_session(page: "ReviewPage") -> bool:
    session = page.transcript.about.session_id if page.transcript is not None else None
    return session is not None and len(turns(page.bridge.reader, session)) > 1


def _show(page: "ReviewPage", whole: bool) -> None:
    page.save_drafts()
    page.shelf.whole_sessions = whole
    page.shelf.clear()
    follow_session(page)
    page.repaint_parts(Repaint.ITEM | Repaint.CODING | Repaint.LAYER)


def follow_session(page: "ReviewPage") -> None:
    """Have a line above the transcript that says whose the coding is while a session is read."""
    if page.panes.above_transcript is None:
        line = SessionLine(page.theme)
        page.panes.put_above_transcript(line)
        page.view.turn_focused.connect(
            lambda _turn: line.follow(page.view.transcript, page.view.focused_thread, page.shelf.sessions_are_items)
        )


def said_of(transcript: Transcript | None, thread: int, sessions_are_items: bool = False) -> tuple[str, bool]:
    """Return what the line says where a thread has the focus, and whether that is another turn than the one coded."""
    if not isinstance(transcript, SessionTranscript):
        return tr("One turn alone. Your coding is of its whole session.") if sessions_are_items else "", False
    if transcript.is_item:
        return tr("Session of %1 turns. Your coding is of all of it.").replace("%1", str(transcript.of_turns)), False
    here, own, of_turns = transcript.turn_of(thread), transcript.own, transcript.of_turns
    if here == own:
        said = tr("Whole session, turn %1 of %2. Your coding is of this turn.")
    else:
        said = tr("You read turn %3 of %2. What you press is about turn %1, the item under review.")
    for hole, number in (("%1", own), ("%2", of_turns), ("%3", here)):
        said = said.replace(hole, str(number))
    return said, here != own


class SessionLine(QWidget):
    """One line above the transcript: that a session is shown, and that the coding is of one turn of it."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.text = ""
        self._elsewhere = False
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.hide()

    def set_theme(self, theme: Theme) -> None:
        """Take another theme or scale."""
        self._theme = theme
        self.updateGeometry()
        self.update()

    def follow(self, transcript: Transcript | None, thread: int, sessions_are_items: bool) -> None:
        """Say where the focus is; nothing where a trace is read alone and is the item."""
        said = said_of(transcript, thread, sessions_are_items)
        if said != (self.text, self._elsewhere):
            self.text, self._elsewhere = said
            self.setAccessibleName(self.text)
            self.setVisible(bool(self.text))
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._theme.px(320), self._theme.px(28))

    def minimumSizeHint(self) -> QSize:
        return QSize(self._theme.px(160), self._theme.px(28))

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = self._theme
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.color("accentTint" if self._elsewhere else "window"))
        painter.fillRect(QRectF(0, self.height() - 1, self.width(), 1), theme.color("line"))
        font = theme.font("small", 600 if self._elsewhere else 400)
        painter.setFont(font)
        painter.setPen(theme.color("accentText" if self._elsewhere else "text2"))
        room = self.width() - theme.px(28) - theme.px(24)
        cut = QFontMetrics(font).elidedText(self.text, Qt.TextElideMode.ElideRight, room)
        painter.drawText(theme.px(28), round(baseline(font, 0, self.height())), cut)
        painter.end()
