"""The small picture of an item's state: pass, fail, defer, now, open. Shape first, colour second."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from reviewer.desktop.theme import Theme

ROLES = {"pass": "passed", "fail": "failed", "defer": "defer", "now": "accent"}


def paint_mark(painter: QPainter, theme: Theme, mark: str, left: float, top: float) -> None:
    """Draw a mark of the size ``state`` with its top left corner at a point."""
    scale = theme.size("state") / 13
    color = theme.color(ROLES.get(mark, "text3"))
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(left, top)
    painter.scale(scale, scale)
    pen = QPen(color, 1.5, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    ring = QRectF(0.75, 0.75, 11.5, 11.5)
    match mark:
        case "pass":
            painter.drawEllipse(ring)
            painter.drawPolyline([QPointF(4, 6.8), QPointF(5.8, 8.6), QPointF(9, 4.8)])
        case "fail":
            painter.setBrush(color)
            painter.drawRoundedRect(ring, 2, 2)
            pen.setColor(theme.color("surface"))
            painter.setPen(pen)
            painter.drawLine(QPointF(4.5, 4.5), QPointF(8.5, 8.5))
            painter.drawLine(QPointF(8.5, 4.5), QPointF(4.5, 8.5))
        case "defer":
            painter.drawEllipse(ring)
            painter.drawLine(QPointF(5.2, 4.6), QPointF(5.2, 8.4))
            painter.drawLine(QPointF(7.8, 4.6), QPointF(7.8, 8.4))
        case "now":
            painter.drawEllipse(ring)
            painter.setBrush(color)
            painter.drawEllipse(QRectF(4.5, 4.5, 4, 4))
        case _:
            painter.drawEllipse(QRectF(4, 4, 5, 5))
    painter.restore()


class VerdictMark(QWidget):
    """A mark by itself."""

    def __init__(self, mark: str, name: str, theme: Theme) -> None:
        super().__init__()
        self._mark = mark
        self._theme = theme
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def set_theme(self, theme: Theme) -> None:
        """Take another theme."""
        self._theme = theme
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._theme.size("state"), self._theme.size("state"))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint_mark(painter, self._theme, self._mark, 0, 0)
        painter.end()
