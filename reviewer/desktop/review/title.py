"""The head of the transcript: what it is about, its place in the queue, and the facts of the run."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from reviewer.desktop import shown
from reviewer.desktop.parts.controls import dress
from reviewer.desktop.review.words import tr
from reviewer.desktop.theme import Theme
from reviewer.wording import dollars, duration, moment, short_moment
from reviewer.workspace.ask.transcript import About


def prompt_version(about: About) -> str:
    """Return which prompt a run had, in words; empty where that is not recorded."""
    return tr("prompt %1").replace("%1", about.prompt_version) if about.prompt_version else ""


def facts(about: About, timezone: str, when: Callable[[int, str], str] = short_moment) -> str:
    """Return the facts of a run in one line, the model last: it is what gives way first. What is not known is left out."""
    parts = [about.workflow, prompt_version(about)]
    if about.time_basis == "trace":
        parts.append(when(about.started_us, timezone))
    if about.latency_ms is not None:
        parts.append(duration(about.latency_ms))
    if about.cost_usd is not None:
        parts.append(dollars(about.cost_usd))
    parts.append(about.model)
    return "  ·  ".join(part for part in parts if part)


ID_LETTERS = 13


class TitleLine(QWidget):
    """Two lines above the transcript."""

    def __init__(self, theme: Theme, timezone: str) -> None:
        super().__init__()
        self.theme = theme
        self._timezone = timezone
        self._title = shown.label("", theme=theme, role="body", weight=600, elide=Qt.TextElideMode.ElideRight)
        cut = Qt.TextElideMode.ElideRight
        self._place = shown.label("", theme=theme, role="small", color="text2", elide=cut)
        self._facts = shown.label("", theme=theme, role="small", color="text2", elide=Qt.TextElideMode.ElideRight)
        self._id = shown.label("", theme=theme, role="mono", color="text2", elide=cut)
        self._drawn = 0
        px = theme.px
        column = QVBoxLayout(self)
        column.setContentsMargins(px(28), px(8), px(24), px(8))
        column.setSpacing(px(2))
        for left, right in ((self._title, self._place), (self._facts, self._id)):
            row = QHBoxLayout()
            row.setSpacing(px(12))
            row.addWidget(left, 1)
            row.addWidget(right)
            column.addLayout(row)
        self.setAccessibleName(self.tr("Transcript"))
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)

    def show_item(self, about: About, order: int, drawn: int) -> None:
        """Show one item of the queue."""
        self._title.setText(about.title or about.name or about.native_id)
        if drawn != self._drawn:
            self._drawn = drawn
            self._make_room()
        self._place.setText(self._of(order, drawn))
        self._facts.setText(facts(about, self._timezone))
        shown.tip(self._facts, facts(about, self._timezone, moment))
        self._id.setText(shown.safe(about.native_id, ID_LETTERS))
        shown.tip(self._id, about.native_id)

    def set_theme(self, theme: Theme) -> None:
        """Take another theme or scale."""
        self.theme = theme
        dress(self, theme)
        self._make_room()
        self.update()

    def _of(self, order: int, drawn: int) -> str:
        return self.tr("%1 of %2").replace("%1", str(order)).replace("%2", str(drawn))

    def _make_room(self) -> None:
        """Keep the room of the widest place and id, so that the next item lays nothing out."""
        for label, widest in ((self._place, self._of(self._drawn, self._drawn)), (self._id, "M" * ID_LETTERS)):
            label.keep_room_for(widest)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), self.theme.color("surface"))
        painter.fillRect(0, self.height() - 1, self.width(), 1, self.theme.color("line"))
        painter.end()
