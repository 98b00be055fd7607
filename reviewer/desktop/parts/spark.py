"""A line so small that it stands in a row of text."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from reviewer.desktop.theme import Theme


class Spark(QWidget):
    """A small line over some periods, the last known one marked; a period without a value parts it."""

    def __init__(self, values: Sequence[float | None], theme: Theme) -> None:
        super().__init__()
        self._values = tuple(values)
        self.set_theme(theme)

    def show_values(self, values: Sequence[float | None]) -> None:
        """Show other values."""
        self._values = tuple(values)
        self.update()

    def set_theme(self, theme: Theme) -> None:
        """Wear another theme."""
        self._theme = theme
        self.setFixedSize(theme.px(56), theme.px(22))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the line."""
        known = [value for value in self._values if value is not None]
        if len(known) < 2:
            return
        low, span = min(known), (max(known) - min(known)) or 1.0
        wide, high = self.width() - 8, self.height() - 8
        runs: list[list[QPointF]] = [[]]
        for n, value in enumerate(self._values):
            if value is None:
                runs.append([])
            else:
                place = QPointF(4 + wide * n / (len(self._values) - 1), 4 + high * (1 - (value - low) / span))
                runs[-1].append(place)
        last = next(run for run in reversed(runs) if run)[-1]
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self._theme.color("text2"), 1.5))
        for run in runs:
            painter.drawPolyline(QPolygonF(run))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self._theme.color("accent")))
        painter.drawEllipse(last, 2.6, 2.6)
        painter.end()
