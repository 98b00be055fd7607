"""A small chart: how far an interval at ten percent reaches, by the number of traces read."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from reviewer.desktop.theme import Theme, baseline

STEP = 0.05


class PrecisionCurve(QWidget):
    """The half-width by size, with the chosen size marked."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.theme = theme
        self._points: Sequence[tuple[int, float]] = ()
        self._size = 0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_curve(self, points: Sequence[tuple[int, float]], size: int, said: str) -> None:
        """Show a curve of (traces, half-width); ``said`` is what a screen reader says of it."""
        self._points, self._size = points, size
        self.setAccessibleName(said)
        self.setVisible(bool(points))
        self.update()

    def set_theme(self, theme: Theme) -> None:
        """Wear another theme."""
        self.theme = theme
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Return the height of the chart."""
        return QSize(300, self.theme.px(160))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint axes, line and the chosen point."""
        if not self._points:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = QRectF(self.theme.px(40), 8, self.width() - self.theme.px(54), self.height() - self.theme.px(32))
        top = max(STEP, STEP * -(-max(width for _, width in self._points) // STEP))
        self._axes(painter, area, top)
        painter.setPen(QPen(self.theme.color("band"), 2))
        painter.drawPolyline(QPolygonF([_at(area, top, size, width) for size, width in self._points]))
        self._mark(painter, area, top)
        painter.end()

    def _axes(self, painter: QPainter, area: QRectF, top: float) -> None:
        font = self.theme.font("tiny", 400)
        metrics = QFontMetricsF(font)
        painter.setFont(font)
        for step in range(round(top / STEP) + 1):
            y = _at(area, top, 20, step * STEP).y()
            painter.setPen(self.theme.color("line"))
            painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
            text = f"± {round(100 * step * STEP)}" if step else "0"
            painter.setPen(self.theme.color("text3"))
            left = area.left() - 8 - metrics.horizontalAdvance(text)
            painter.drawText(QPointF(left, baseline(font, y - 8, 16)), text)
        for size in (20, 50, 100, 150, 200):
            text = str(size)
            x = _at(area, top, size, 0).x() - metrics.horizontalAdvance(text) / 2
            painter.drawText(QPointF(x, baseline(font, area.bottom() + 6, 16)), text)

    def _mark(self, painter: QPainter, area: QRectF, top: float) -> None:
        inside = [point for point in self._points if point[0] >= self._size]
        if not inside or self._size < self._points[0][0]:
            return
        at = _at(area, top, self._size, inside[0][1])
        painter.setPen(QPen(self.theme.color("accent"), 1, Qt.PenStyle.DotLine))
        painter.drawLine(at, QPointF(at.x(), area.bottom()))
        painter.setPen(QPen(self.theme.color("surface"), 1.5))
        painter.setBrush(self.theme.color("accent"))
        painter.drawEllipse(at, 4.5, 4.5)


def _at(area: QRectF, top: float, size: int, width: float) -> QPointF:
    return QPointF(area.left() + area.width() * (size - 20) / 180, area.bottom() - area.height() * width / top)
