"""A line so small that it stands in a row of text."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from reviewer.desktop.theme import Theme


class Spark(QWidget):
    """A small line over some periods, the last known one marked; a period without a value parts it."""

    def __init__(self, values: Sequence[float | None], theme: Theme) -> None:
        super().__init__()
        self._values = tuple(values)
        self.set_theme(theme)

    def set_theme(self, theme: Theme) -> None:
        """Wear another theme."""
        self._theme = theme
        self.setFixedSize(theme.px(56), theme.px(22))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the line."""
        painter = QPainter(self)
        paint_line(painter, self._theme, QRectF(self.rect()), self._values)
        painter.end()


def paint_line(painter: QPainter, theme: Theme, box: QRectF, values: Sequence[float | None]) -> None:
    """Paint a small line into a box; nothing where fewer than two values are known."""
    known = [value for value in values if value is not None]
    if len(known) < 2:
        return
    low, span = min(known), max(known) - min(known)
    if not span:  # level: in the middle, not at the foot
        low, span = low - 0.5, 1.0
    inner = box.adjusted(4, 4, -4, -4)
    runs: list[list[QPointF]] = [[]]
    for n, value in enumerate(values):
        if value is None:
            runs.append([])
        else:
            x = inner.left() + inner.width() * n / (len(values) - 1)
            runs[-1].append(QPointF(x, inner.bottom() - inner.height() * (value - low) / span))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(theme.color("text2"), 1.5))
    for run in runs:
        painter.drawPolyline(QPolygonF(run))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.color("accent"))
    painter.drawEllipse(next(run for run in reversed(runs) if run)[-1], 2.6, 2.6)
