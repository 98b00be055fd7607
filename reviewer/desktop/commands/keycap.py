"""Keycaps: how a key is drawn beside what it does."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from reviewer.desktop.theme import Theme, baseline


def keycap_width(theme: Theme, text: str) -> float:
    """Return the width of a keycap in pixels: at least a square."""
    if not text:
        return 0.0
    inside = QFontMetricsF(theme.font("tiny")).horizontalAdvance(text)
    return max(float(theme.size("keycap")), round(inside) + theme.px(10))


def paint_keycap(
    painter: QPainter, theme: Theme, left: float, top: float, text: str, fill: str = "", on: QColor | None = None
) -> float:
    """Draw a keycap and return its width.

    ``fill`` is the role of a filled cap (a tag that is on); ``on`` the text colour of a filled ground that it lies on.
    """
    if not text:
        return 0.0
    width, height, radius = keycap_width(theme, text), theme.size("keycap"), theme.radius("keycap")
    area = QRectF(left, top, width, height)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    if on is not None:
        ground = QColor(on)
        ground.setAlphaF(0.2)
        painter.setBrush(ground)
        painter.drawRoundedRect(area, radius, radius)
        ink = on
    elif fill:
        painter.setBrush(theme.color(fill))
        painter.drawRoundedRect(area, radius, radius)
        ink = theme.color("onAccent")
    else:
        painter.setBrush(theme.color("lineStrong", 0.75))
        painter.drawRoundedRect(area, radius, radius)
        painter.setBrush(theme.color("line"))
        painter.drawRoundedRect(area.adjusted(0, 0, 0, -1), radius, radius)
        painter.setBrush(theme.color("raised"))
        painter.drawRoundedRect(area.adjusted(1, 1, -1, -1.5), radius - 1, radius - 1)
        ink = theme.color("text2")
    font = theme.font("tiny", 600 if fill or on is not None else 500)
    painter.setFont(font)
    painter.setPen(ink)
    inside = QFontMetricsF(font).horizontalAdvance(text)
    painter.drawText(QPointF(left + (width - inside) / 2, baseline(font, top, height)), text)
    painter.restore()
    return width


class Keycap(QWidget):
    """A keycap by itself."""

    def __init__(self, text: str, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._text = text
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.say(text)

    def say(self, text: str) -> None:
        """Show another key."""
        self._text = text
        self.setAccessibleName(text)
        if not text or self.parent() is not None:  # without a parent it would come up as a window
            self.setVisible(bool(text))
        self.updateGeometry()
        self.update()

    def set_theme(self, theme: Theme) -> None:
        """Take another theme."""
        self._theme = theme
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(round(keycap_width(self._theme, self._text)), self._theme.size("keycap"))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint_keycap(painter, self._theme, 0, 0, self._text)
        painter.end()
