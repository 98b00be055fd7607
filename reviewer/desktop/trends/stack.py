"""All failure modes in one picture: the tags per 100 traces of each four weeks, one on top of the other."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QBrush, QColor, QFontMetricsF, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from reviewer.desktop import shown
from reviewer.desktop.parts.table import paint_chip
from reviewer.desktop.theme import Theme, baseline
from reviewer.desktop.trends.marks import marker_word, paint_marker
from reviewer.desktop.trends.state import latest_alert, short
from reviewer.model.alert import Alert, Level
from reviewer.model.number import Series
from reviewer.model.trend import Marker
from reviewer.wording import decimal

MOST_PARTS = 5
STEPS = (1, 2, 5, 10, 20, 25, 50, 100, 200, 500, 1000)


@dataclass(frozen=True, slots=True)
class Part:
    """One colour of the stack: its name, its tags per 100 traces by week, the latest alert, and its place in the grid.

    ``number`` is the index of its series, -1 for the others together.
    """

    title: str
    values: tuple[float, ...]
    alert: Alert | None = None
    number: int = -1


@dataclass(frozen=True, slots=True)
class Stack:
    """The weeks of a stack by name and index, and its parts from the bottom up."""

    weeks: tuple[str, ...] = ()
    indices: tuple[int, ...] = ()
    parts: tuple[Part, ...] = ()

    @property
    def totals(self) -> tuple[float, ...]:
        """Return the height of each bar."""
        return tuple(sum(part.values[n] for part in self.parts) for n in range(len(self.weeks)))


def stacked(modes: Sequence[Series]) -> Stack:
    """Return the closed weeks as a stack: the five modes that are most common now, and the others as one part."""
    if not modes:
        return Stack()
    indices = [n for n, point in enumerate(modes[0].rolling) if not point.is_open and point.number.value is not None]
    values = [tuple(100 * (one.rolling[n].number.value or 0.0) for n in indices) for one in modes]
    if not indices:
        return Stack()
    common = sorted(range(len(modes)), key=lambda n: (-values[n][-1], n))
    top = sorted(common[:MOST_PARTS]) if len(modes) > MOST_PARTS + 1 else list(range(len(modes)))
    parts = [Part(modes[n].title, values[n], latest_alert(modes[n]), n) for n in top]
    rest = [values[n] for n in range(len(modes)) if n not in top]
    if rest:
        name = QCoreApplication.translate("Stack", "{n} others").format(n=len(rest))
        parts.append(Part(name, tuple(sum(column) for column in zip(*rest, strict=True))))
    return Stack(tuple(short(modes[0].rolling[n].period) for n in indices), tuple(indices), tuple(parts))


class StackChart(QWidget):
    """The stack with its names at the right; ``chosen`` carries the index of the series and of the week."""

    chosen = Signal(int, int)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.theme = theme
        self.stack = Stack()
        self.markers: Mapping[int, Sequence[Marker]] = {}
        self.week = -1
        self._boxes: list[tuple[QRectF, int, int]] = []
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(theme.px(320))
        self.setAccessibleName(self.tr("Failure modes on top of each other"))

    def show_stack(self, stack: Stack, markers: Mapping[int, Sequence[Marker]], week: int) -> None:
        """Show a stack; ``week`` is the index of the week that is looked at."""
        self.stack, self.markers, self.week = stack, markers, week
        spoken = (f"{part.title} {decimal(part.values[-1], 1)}" for part in stack.parts)
        self.setAccessibleDescription(shown.safe(", ".join(spoken), 600))
        self.update()

    def set_theme(self, theme: Theme) -> None:
        """Wear another theme."""
        self.theme = theme
        self.setMinimumHeight(theme.px(320))
        self.update()

    def _plot(self) -> QRectF:
        px = self.theme.px
        names = min(px(230), self.width() * 0.34)
        return QRectF(px(60), px(44), max(self.width() - px(60) - names, 80), max(self.height() - px(84), 80))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint axis, bars, markers and names."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), self.theme.color("surface"))
        if self.stack.weeks:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            highest = max(max(self.stack.totals), 1.0)
            step = next((s for s in STEPS if highest * 1.08 <= 6 * s), STEPS[-1])
            top = step * (int(highest * 1.08 / step) + 1)
            self._paint_axis(painter, step, top)
            self._paint_bars(painter, top)
            self._paint_names(painter, top)
        painter.end()

    def _paint_axis(self, painter: QPainter, step: int, top: int) -> None:
        theme, plot = self.theme, self._plot()
        for value in range(0, top + 1, step):
            y = round(plot.bottom() - plot.height() * value / top)
            painter.fillRect(
                round(plot.left()), y, round(plot.width()), 1, theme.color("lineStrong" if not value else "line")
            )
            self._write(painter, decimal(value), QRectF(0, y - 10, plot.left() - 10, 20), "text3", right=True)

    def _paint_bars(self, painter: QPainter, top: int) -> None:
        theme, plot, stack = self.theme, self._plot(), self.stack
        pitch = plot.width() / len(stack.weeks)
        wide = max(2.0, min(pitch * 0.64, theme.px(44)))
        metrics = QFontMetricsF(theme.font("tiny"))
        every = max(
            1, -(-len(stack.weeks) * round(metrics.horizontalAdvance("W00") + 12) // max(round(plot.width()), 1))
        )
        self._boxes = []
        free = 0.0
        for n, name in enumerate(stack.weeks):
            middle, bottom = plot.left() + pitch * (n + 0.5), plot.bottom()
            if found := self.markers.get(stack.indices[n]):
                free = self._paint_marker(painter, found, middle - pitch / 2, free)
            for place, part in enumerate(stack.parts):
                high = plot.height() * part.values[n] / top
                box = QRectF(middle - wide / 2, bottom - high, wide, max(high - 1, 0))
                self._fill(painter, box, place, part)
                self._boxes.append((box, part.number, stack.indices[n]))
                bottom -= high
            if (len(stack.weeks) - 1 - n) % every == 0:
                current = stack.indices[n] == self.week
                under = QRectF(middle - 40, plot.bottom() + 4, 80, 20)
                self._write(painter, name, under, "accentText" if current else "text3", center=True, strong=current)
                total = QRectF(middle - 40, bottom - 22, 80, 20)
                self._write(painter, decimal(stack.totals[n]), total, "text", center=True, strong=True)

    def _fill(self, painter: QPainter, box: QRectF, place: int, part: Part) -> None:
        color = self._color(place, part)
        painter.fillRect(box, color)
        if part.alert is not None and part.alert.level is Level.ALERT:
            lines = QColor(self.theme.color("surface"))
            lines.setAlphaF(0.55)
            painter.fillRect(box, QBrush(lines, Qt.BrushStyle.BDiagPattern))

    def _color(self, place: int, part: Part) -> QColor:
        chart = self.theme.chart()
        return QColor(chart[place % len(chart)]["color"]) if part.number >= 0 else self.theme.color("text3")

    def _paint_marker(self, painter: QPainter, found: Sequence[Marker], x: float, free: float) -> float:
        """Paint what changed before a bar, and return from where the next name has room."""
        plot, theme = self._plot(), self.theme
        y = plot.top() - 18
        paint_marker(painter, theme, found[0].kind, x, y, plot.bottom())
        word = marker_word(found)
        wide = QFontMetricsF(theme.font("tiny")).horizontalAdvance(word) + 24
        if x < free or x + wide > plot.right():
            return free
        self._write(painter, word, QRectF(x + 9, y - 10, wide, 20), "text2")
        return x + wide

    def _paint_names(self, painter: QPainter, top: int) -> None:
        """Paint the names beside the last bar, moved apart where the parts are thin."""
        plot, theme = self._plot(), self.theme
        row, chip = theme.px(20), theme.px(22)
        left, right = plot.right() + 12, self.width() - theme.px(28)
        places: list[tuple[float, int, Part]] = []
        bottom = plot.bottom()
        for place, part in enumerate(self.stack.parts):
            high = plot.height() * part.values[-1] / top
            places.append((bottom - high / 2, place, part))
            bottom -= high
        floor = plot.bottom() + row / 2
        for middle, place, part in places:
            tall = row + (chip if part.alert else 0)
            y = min(middle - row / 2, floor - tall)
            floor = y
            painter.fillRect(QRectF(left, y + row / 2 - 6, 12, 12), self._color(place, part))
            self._write(painter, decimal(part.values[-1], 1), QRectF(right - 60, y, 60, row), "text", right=True)
            strong = part.alert is not None
            self._write(painter, part.title, QRectF(left + 20, y, right - left - 72, row), "text", strong=strong)
            if part.alert is not None:
                role = "alert" if part.alert.level is Level.ALERT else "watch"
                paint_chip(
                    painter, theme, left + 20, QRect(0, round(y + row), 10, theme.px(20)), part.alert.level, role
                )

    def _write(
        self,
        painter: QPainter,
        text: str,
        box: QRectF,
        color: str,
        *,
        right: bool = False,
        center: bool = False,
        strong: bool = False,
    ) -> None:
        font = self.theme.font("tiny", 600 if strong else 400)
        metrics = QFontMetricsF(font)
        said = metrics.elidedText(shown.safe(text, 80), Qt.TextElideMode.ElideRight, box.width())
        spare = box.width() - metrics.horizontalAdvance(said)
        left = box.left() + (spare if right else spare / 2 if center else 0.0)
        painter.setFont(font)
        painter.setPen(self.theme.color(color))
        painter.drawText(left, baseline(font, box.top(), box.height()), said)  # type: ignore[call-overload]

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose the mode and the week that were pressed."""
        found = next(((mode, week) for box, mode, week in self._boxes if box.contains(event.position())), None)
        if found is not None and found[0] >= 0:
            self.chosen.emit(*found)
