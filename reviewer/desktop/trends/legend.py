"""What the signs in the charts mean."""

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from reviewer.desktop.theme import Theme, baseline


class Legend(QWidget):
    """What line, band, dot and ring mean."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.theme = theme
        self.absent: frozenset[str] = frozenset()
        self.setFixedHeight(theme.px(28))
        self.setAccessibleName(self.tr("Legend"))

    def leave_out(self, signs: frozenset[str]) -> None:
        """Explain no sign that no chart shows."""
        self.absent = signs
        self.update()

    def set_theme(self, theme: Theme) -> None:
        """Wear another theme."""
        self.theme = theme
        self.setFixedHeight(theme.px(28))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the signs and their words."""
        theme = self.theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        font = theme.font("small")
        left, middle = 28.0, self.height() / 2
        told = [
            ("line", self.tr("four-week estimate")),
            ("dot", self.tr("one week")),
            ("alert", self.tr("ALERT: has risen")),
            ("watch", self.tr("WATCH: look")),
            ("band", self.tr("95 % interval")),
            ("open", self.tr("open week")),
            ("prompt", self.tr("new prompt")),
            ("model", self.tr("new model")),
        ]
        told = [(sign, words) for sign, words in told if sign not in self.absent]
        for sign, words in told:
            if left + 24 + QFontMetrics(font).horizontalAdvance(words) > self.width() - 8:
                break
            self._sign(painter, sign, left, middle)
            left += 24
            painter.setFont(font)
            painter.setPen(theme.color("text2"))
            painter.drawText(left, baseline(font, 0, self.height()), words)  # type: ignore[call-overload]
            left += painter.fontMetrics().horizontalAdvance(words) + 12
        painter.end()

    def _sign(self, painter: QPainter, sign: str, left: float, middle: float) -> None:
        theme = self.theme
        painter.setPen(Qt.PenStyle.NoPen)
        if sign == "line":
            painter.fillRect(round(left), round(middle) - 1, 18, 2, theme.color("band"))
        elif sign == "band":
            painter.fillRect(round(left), round(middle) - 5, 18, 10, theme.color("band", theme.band_opacity))
        elif sign == "dot":
            painter.setBrush(theme.color("band"))
            painter.drawEllipse(round(left) + 8, round(middle) - 3, 6, 6)
        elif sign == "model":
            painter.setBrush(theme.color("text2"))
            x = round(left) + 11
            painter.drawPolygon(
                QPolygonF([QPointF(x - 5, middle + 4), QPointF(x + 5, middle + 4), QPointF(x, middle - 5)])
            )
        elif sign == "prompt":
            painter.fillRect(round(left) + 7, round(middle) - 4, 8, 8, theme.color("text2"))
        else:
            painter.setPen(QPen(theme.color({"open": "text3", "watch": "defer"}.get(sign, "failed")), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawEllipse(QPointF(left + 11, middle), 3.5 if sign == "open" else 5, 3.5 if sign == "open" else 5)
