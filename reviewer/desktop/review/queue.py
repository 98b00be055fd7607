"""The rail at the left: where the reviewer is in the queue, and the state of each item by its shape."""

from typing import NamedTuple

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolButton, QVBoxLayout, QWidget

from reviewer.desktop import shown
from reviewer.desktop.parts.pictures import Pictures
from reviewer.desktop.review.state import ReviewState
from reviewer.desktop.review.verdict_mark import paint_mark
from reviewer.desktop.theme import Theme, baseline

BEFORE = 9  # the last ten, with the current one
AHEAD = 3


class RailRow(NamedTuple):
    """One item of the rail: its place, its title and its mark (pass, fail, defer, now, open)."""

    order: int
    title: str
    mark: str
    flagged: bool


def first_row(index: int, drawn: int, room: int, before: int) -> int:
    """Return the index of the first row to show.

    It stays where it was (``before``) while the current one has rows around it, so that one step repaints two rows;
    otherwise the last ten up to the current one come first.
    """
    stays = before <= index - min(index, 1) and index < before + room - AHEAD
    first = before if stays else index - min(BEFORE, room - 1)
    return max(0, min(first, drawn - room))


def rail(state: ReviewState, room: int, first: int) -> tuple[list[RailRow], int]:
    """Return the rows that fit from the first one on, and how many more follow."""
    last = min(len(state.rows), first + room)
    rows = []
    for i in range(first, last):
        row, coding = state.rows[i], state.log.coding(state.rows[i].trace)
        mark = str(coding.verdict) if coding.submitted and coding.verdict else "open"
        rows.append(RailRow(row.order, row.title, "now" if i == state.index else mark, coding.flagged))
    return rows, len(state.rows) - last


class RailButton(QToolButton):
    """One item of the rail."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.row = RailRow(0, "", "open", False)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self._pictures = Pictures()
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_theme(self, theme: Theme) -> None:
        """Take another theme."""
        self._theme = theme
        self._pictures.forget()
        self.updateGeometry()

    def show_row(self, row: RailRow, name: str) -> None:
        """Show an item; ``name`` says it in words."""
        self.row = row
        self.setAccessibleName(name)
        shown.tip(self, name)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._theme.px(52), self._theme.size("row", "dense"))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        row = self.row
        looks = (row.order, row.mark, row.flagged, self.underMouse())
        self._pictures.show(self, looks, self._theme.color("window"), self._draw)

    def _draw(self, painter: QPainter, area: QRectF) -> None:
        theme, row = self._theme, self.row
        painter.setPen(Qt.PenStyle.NoPen)
        now = row.mark == "now"
        if now or self.underMouse():
            painter.setBrush(theme.color("accentTint" if now else "hover"))
            painter.drawRoundedRect(area, theme.radius("control"), theme.radius("control"))
        paint_mark(painter, theme, row.mark, theme.px(7), (self.height() - theme.size("state")) / 2)
        font = theme.font("small", 600 if now else 400)
        painter.setFont(font)
        painter.setPen(theme.color("accentText" if now else "text2"))
        text = str(row.order)
        right = self.width() - theme.px(8)
        painter.drawText(
            right - QFontMetrics(font).horizontalAdvance(text), round(baseline(font, 0, self.height())), text
        )
        if row.flagged:
            side = theme.px(10)
            painter.drawPixmap(self.width() - side, 1, theme.icon("flag", "defer", side))


class QueueRail(QWidget):
    """The rail. ``chosen`` carries the place of an item that was clicked."""

    chosen = Signal(int)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.theme = theme
        self._state: ReviewState | None = None
        self._buttons: list[RailButton] = []
        self._first = 0
        self._lines = QVBoxLayout(self)
        self._lines.setContentsMargins(6, 10, 7, 0)
        self._lines.setSpacing(0)
        self._more = shown.label("", theme=theme, role="small", color="text2")
        self._more.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._lines.addWidget(self._more)
        self._lines.addStretch(1)
        self.setAccessibleName(self.tr("Queue"))
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.set_theme(theme)

    def set_theme(self, theme: Theme) -> None:
        """Take another theme or scale."""
        self.theme = theme
        self.setFixedWidth(theme.size("queueRail"))
        for button in self._buttons:
            button.set_theme(theme)
        self._more.set_theme(theme)
        self.update()

    def minimumSizeHint(self) -> QSize:
        """Ask for three rows only: the rows of now must not keep the window high."""
        return QSize(self.theme.size("queueRail"), 3 * self.theme.size("row", "dense"))

    def show_state(self, state: ReviewState) -> None:
        """Show where the reviewer is."""
        self._state = state
        room = max(3, (self.height() - 44) // self.theme.size("row", "dense"))
        self._first = first_row(state.index, len(state.rows), room, self._first)
        rows, more = rail(state, room, self._first)
        while len(self._buttons) < len(rows):
            button = RailButton(self.theme)
            button.clicked.connect(lambda _=False, button=button: self.chosen.emit(button.row.order))
            self._lines.insertWidget(len(self._buttons), button)
            self._buttons.append(button)
        for i, button in enumerate(self._buttons):
            button.setVisible(i < len(rows))
            if i < len(rows) and rows[i] != button.row:
                button.show_row(rows[i], self._name(rows[i]))
        self._more.setText(f"+{more}" if more else "")

    def _name(self, row: RailRow) -> str:
        said = {"pass": self.tr("passed"), "fail": self.tr("failed"), "defer": self.tr("deferred"),
                "now": self.tr("here"), "open": self.tr("to read")}[row.mark]  # fmt: skip
        return shown.safe(f"{row.order}, {said}: {row.title}", 120)

    def resizeEvent(self, event: object) -> None:
        if self._state is not None:
            self.show_state(self._state)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), self.theme.color("window"))
        painter.fillRect(self.width() - 1, 0, 1, self.height(), self.theme.color("line"))
        painter.end()
