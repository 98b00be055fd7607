"""A flat scroll bar: a thumb of 4 px without a groove. The style's own costs a millisecond each time it changes."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QScrollBar, QWidget

from reviewer.desktop.review.transcript.style import fill_bar
from reviewer.desktop.theme import Theme

SHORTEST = 28
OPACITY = 0.35  # of the thumb over its ground


class FlatScrollBar(QScrollBar):
    """A vertical scroll bar that draws itself; dragging, clicks and the wheel stay Qt's."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Vertical, parent)
        self._theme = theme
        self._ground = theme.color("surface")
        self._thumb = _over(self._ground, theme.color("lineStrong"), OPACITY)

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        self._theme = theme
        self._ground = theme.color("surface")
        self._thumb = _over(self._ground, theme.color("lineStrong"), OPACITY)
        self.update()

    def showEvent(self, event: QShowEvent) -> None:
        """Say that it fills itself: the style sheet takes that back when it dresses the bar."""
        super().showEvent(event)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)

    def sizeHint(self) -> QSize:
        return QSize(self._theme.px(12), 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._ground)
        span = self.maximum() - self.minimum()
        if span > 0:
            room = self.height() - 4
            thumb = min(room, max(SHORTEST, room * self.pageStep() / (span + self.pageStep())))
            top = 2 + (room - thumb) * (self.value() - self.minimum()) / span
            bar = QRectF((self.width() - 4) // 2, round(top), 4, round(thumb))
            fill_bar(painter, bar, self._thumb)
        painter.end()


def _over(ground: QColor, color: QColor, opacity: float) -> QColor:
    """Return what a colour is that lies over a ground: Qt hands a tall see-through bar to other threads and waits."""
    pairs = ((ground.red(), color.red()), (ground.green(), color.green()), (ground.blue(), color.blue()))
    return QColor(*(round(a + (b - a) * opacity) for a, b in pairs))
