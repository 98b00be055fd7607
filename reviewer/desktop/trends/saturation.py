"""New failure modes: how many had been seen after how many traces, and whether reading on would find more."""

import math

from PySide6.QtCore import QCoreApplication, QPointF, QRectF
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from reviewer.desktop import shown
from reviewer.desktop.parts.controls import Ground, dress
from reviewer.desktop.theme import Theme, baseline
from reviewer.model.trend import Saturation
from reviewer.wording import decimal, share


def headline(found: Saturation) -> str:
    """Return the coverage as a sentence; empty where no failure was seen."""
    if found.coverage is None:
        return ""
    said = QCoreApplication.translate(
        "Saturation", "About {share} of all failures belong to a mode that was seen already."
    )
    return said.format(share=share(found.coverage, 0))


def sentences(found: Saturation) -> list[str]:
    """Return what the numbers say, and whether to read on in search of new failure modes."""
    said = QCoreApplication.translate
    if found.coverage is None:
        return [said("Saturation", "{n} items read, and none of them failed.").format(n=decimal(found.read))]
    lines = [
        said("Saturation", "{read} items read, {failures} failures tagged, {seen} failure modes seen.").format(
            read=decimal(found.read), failures=decimal(found.failures), seen=decimal(found.seen)
        ),
        said("Saturation", "There are at least {n} modes, seen or not.").format(n=decimal(math.floor(found.at_least))),
        said("Saturation", "The last {n} items showed no mode for the first time.").format(n=decimal(found.since_last)),
    ]
    if found.enough:
        lines.append(
            said("Saturation", "You can stop reading in search of new modes; read on to measure how common they are.")
        )
    else:
        lines.append(
            said(
                "Saturation",
                "Read on: it is enough when 95 % of failures belong to known modes and 20 items in a row show no new one.",
            )
        )
    return lines


class SaturationPanel(Ground):
    """The sentences, and the curve below them."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        self.title = shown.label("", theme=theme, role="heading", wrap=True)
        self.text = shown.label("", theme=theme, color="text2", wrap=True)
        self.curve = Curve(theme)
        lines = QVBoxLayout(self)
        lines.setContentsMargins(28, 20, 28, 20)
        lines.setSpacing(8)
        lines.addWidget(self.title)
        lines.addWidget(self.text)
        lines.addSpacing(8)
        lines.addWidget(self.curve, 3)
        lines.addStretch(1)

    def show_state(self, found: Saturation) -> None:
        """Show the saturation of the sample."""
        self.title.setText(headline(found))
        self.title.setVisible(found.coverage is not None)
        self.text.setText("\n".join(sentences(found)))
        self.curve.show_curve(found)

    def set_theme(self, theme: Theme) -> None:
        """Wear another theme."""
        super().set_theme(theme)
        dress(self, theme)


class Curve(QWidget):
    """Failure modes seen so far over traces read, as steps."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.theme = theme
        self.found: Saturation | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(theme.px(220))
        self.setMaximumHeight(theme.px(440))
        self.setAccessibleName(self.tr("Failure modes seen, by items read"))

    def show_curve(self, found: Saturation) -> None:
        """Show the curve of a sample."""
        self.found = found
        steps = (f"{decimal(step.seen)} / {decimal(step.read)}" for step in found.curve[1:])
        self.setAccessibleDescription(shown.safe(", ".join(steps), 600))
        self.update()

    def set_theme(self, theme: Theme) -> None:
        """Wear another theme."""
        self.theme = theme
        self.setMinimumHeight(theme.px(220))
        self.setMaximumHeight(theme.px(440))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint axes and steps."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.found is not None and self.found.read:
            plot = QRectF(self.theme.px(36), self.theme.px(34), 0, 0)
            plot.setRight(self.width() - self.theme.px(16))
            plot.setBottom(self.height() - self.theme.px(44))
            self._paint_axes(painter, plot, self.found)
            self._paint_steps(painter, plot, self.found)
        painter.end()

    def _paint_axes(self, painter: QPainter, plot: QRectF, found: Saturation) -> None:
        theme = self.theme
        most = max(found.seen, 1)
        step = max(1, -(-most // 5))
        for value in range(0, most + 1, step):
            y = plot.bottom() - plot.height() * value / most
            painter.fillRect(
                QRectF(plot.left(), round(y), plot.width(), 1), theme.color("line" if value else "lineStrong")
            )
            self._write(painter, decimal(value), plot.left() - 8, y, 1.0)
        self._write(painter, self.tr("failure modes seen"), plot.left(), plot.top() - theme.px(20), 0.0)
        for part in (0.0, 0.25, 0.5, 0.75, 1.0):
            at = plot.left() + plot.width() * part
            self._write(painter, decimal(round(found.read * part)), at, plot.bottom() + theme.px(14), part)
        self._write(
            painter, self.tr("items read, in the order of reading"), plot.right(), plot.bottom() + theme.px(32), 1.0
        )

    def _paint_steps(self, painter: QPainter, plot: QRectF, found: Saturation) -> None:
        most = max(found.seen, 1)
        corners: list[QPointF] = []
        for step in found.curve:
            x = plot.left() + plot.width() * step.read / found.read
            if corners:
                corners.append(QPointF(x, corners[-1].y()))
            corners.append(QPointF(x, plot.bottom() - plot.height() * step.seen / most))
        painter.setPen(QPen(self.theme.color("band"), 2))
        painter.drawPolyline(QPolygonF(corners))

    def _write(self, painter: QPainter, text: str, x: float, middle: float, part: float) -> None:
        """Write a text whose ``part`` (0 left edge, 1 right edge) stands at ``x``."""
        font = self.theme.font("tiny", 400)
        painter.setFont(font)
        painter.setPen(self.theme.color("text3"))
        left = x - QFontMetricsF(font).horizontalAdvance(text) * part
        painter.drawText(left, baseline(font, middle - 10, 20), text)  # type: ignore[call-overload]
