"""The chart of one failure mode: a line over four weeks with its band, a dot for each week, and what happened.

It paints itself: a page of twenty charts has to follow the hand, and a plotting library takes forty times as long.
"""

from collections.abc import Iterator, Mapping, Sequence

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF, QResizeEvent
from PySide6.QtWidgets import QWidget

from reviewer.desktop import shown
from reviewer.desktop.theme import Theme, baseline
from reviewer.desktop.trends.drawing import Drawing, drawing
from reviewer.desktop.trends.marks import marker_word, paint_marker
from reviewer.desktop.trends.state import Scale, rates_to, short
from reviewer.model.alert import Level
from reviewer.model.number import Series
from reviewer.model.trend import Marker

MOST_WEEK_LABELS = 5
TALL = 150


class TrendChart(QWidget):
    """A small chart; ``week_chosen`` carries the index of the week that was pressed."""

    week_chosen = Signal(int)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.theme = theme
        self.series: Series | None = None
        self.drawing = Drawing()
        self.scale = rates_to(1.0)
        self.week = -1
        self.markers: Mapping[int, Sequence[Marker]] = {}
        self._ground = "surface"
        self._plot = QRectF(0, 0, 1, 1)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setFixedHeight(theme.px(TALL))

    def show_series(
        self,
        series: Series,
        scale: Scale,
        week: int,
        ground: str,
        markers: Mapping[int, Sequence[Marker]] | None = None,
    ) -> None:
        """Draw a series on its scale and a ground, with one week marked (-1 for none), and what changed by week."""
        if series is not self.series:
            self.series, self.drawing = series, drawing(series)
        self.scale, self.week, self.markers, self._ground = scale, week, markers or {}, ground
        self.update()

    def set_theme(self, theme: Theme) -> None:
        """Wear another theme."""
        self.theme = theme
        self.setFixedHeight(theme.px(TALL))
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep room for the axes and the names of changes."""
        px = self.theme.px
        left, top = px(44), px(24)
        self._plot = QRectF(left, top, max(self.width() - left - px(16), 20), max(self.height() - px(48), 20))

    def x_of(self, place: float) -> float:
        """Return where a place in weeks stands, in pixels from the left."""
        plot, aside = self._plot, 0.4
        return plot.left() + plot.width() * (place + aside) / (self.drawing.last + 2 * aside)

    def y_of(self, value: float) -> float:
        """Return where a value stands, in pixels from the top; what lies outside the scale stands at its end."""
        plot, scale = self._plot, self.scale
        part = (value - scale.low) / (scale.high - scale.low)
        return plot.bottom() - plot.height() * min(max(part, 0.0), 1.0)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint axes, changes, band, line, dots and rings."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), self.theme.color(self._ground))
        if self.drawing.weeks and self.series is not None:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._paint_week(painter)
            self._paint_axes(painter, self.series)
            self._paint_markers(painter)
            self._paint_rolling(painter)
            self._paint_dots(painter)
        painter.end()

    def _paint_week(self, painter: QPainter) -> None:
        """Paint the ground of the week that is looked at."""
        if 0 <= self.week < len(self.drawing.weeks):
            plot, at = self._plot, self.drawing.weeks[self.week]
            left, right = self.x_of(at - 0.25), self.x_of(at + 0.25)
            wide = max(right - left, 6.0)
            box = QRectF((left + right - wide) / 2, plot.top(), wide, plot.height())
            painter.fillRect(box, self.theme.color("accent", 0.14))

    def _paint_axes(self, painter: QPainter, series: Series) -> None:
        plot, theme = self._plot, self.theme
        for value, name in self.scale.ticks:
            y = round(self.y_of(value))
            role = "lineStrong" if value == self.scale.low else "line"
            painter.fillRect(round(plot.left()), y, round(plot.width()), 1, theme.color(role))
            self._write(painter, name, plot.left() - theme.px(6), y, 1.0)
        middle = plot.bottom() + theme.px(13)
        for week in self._named_weeks():
            name = shown.safe(short(series.weekly[week].period), 12)
            self._write(painter, name, self.x_of(self.drawing.weeks[week]), middle, 0.5, week == self.week)

    def _named_weeks(self) -> Iterator[int]:
        """Yield the weeks whose name stands below: every few from the last, and the one that is looked at."""
        count = len(self.drawing.weeks)
        step = max(1, -(-count // MOST_WEEK_LABELS))
        for week in range(count - 1, -1, -step):
            # Beside the week that is looked at there is no room for another name.
            if self.week < 0 or week == self.week or abs(week - self.week) >= max(step / 2, 1):
                yield week
        if self.week >= 0 and (count - 1 - self.week) % step:
            yield self.week

    def _paint_markers(self, painter: QPainter) -> None:
        """Paint a dotted line for each week in which something changed, its sign, and its name where there is room."""
        plot, theme, free = self._plot, self.theme, 0.0
        for week, found in sorted(self.markers.items()):
            x, word = self.x_of(self.drawing.weeks[week]), marker_word(found)
            paint_marker(painter, theme, found[0].kind, x, plot.top() - theme.px(11), plot.bottom())
            right = x + theme.px(8) + QFontMetricsF(theme.font("tiny", 400)).horizontalAdvance(word)
            if x >= free and right <= self.width():
                self._write(painter, word, x + theme.px(8), plot.top() - theme.px(11), 0.0)
                free = right + theme.px(10)

    def _paint_rolling(self, painter: QPainter) -> None:
        theme, found = self.theme, self.drawing
        if found.band:
            upper = [QPointF(self.x_of(x), self.y_of(high)) for x, _, high in found.band]
            lower = [QPointF(self.x_of(x), self.y_of(low)) for x, low, _ in reversed(found.band)]
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("band", theme.band_opacity))
            painter.drawPolygon(QPolygonF(upper + lower))
        painter.setPen(QPen(theme.color("band"), 2))
        for run in found.lines:
            painter.drawPolyline(QPolygonF([QPointF(self.x_of(x), self.y_of(value)) for x, value in run]))

    def _paint_dots(self, painter: QPainter) -> None:
        theme, dots = self.theme, self.drawing.dots
        places = [QPointF(self.x_of(dot.x), self.y_of(dot.value)) for dot in dots]
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for level, role in ((Level.WATCH, "defer"), (Level.ALERT, "failed")):
            painter.setPen(QPen(theme.color(role), 2))
            self._circles(painter, [p for p, dot in zip(places, dots, strict=True) if dot.level is level], 5.5)
        painter.setPen(QPen(theme.color("text3"), 1.5))
        painter.setBrush(theme.color(self._ground))
        self._circles(painter, [p for p, dot in zip(places, dots, strict=True) if dot.is_open], 3.5)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("band"))
        self._circles(painter, [p for p, dot in zip(places, dots, strict=True) if not dot.is_open], 2.6)

    @staticmethod
    def _circles(painter: QPainter, places: Sequence[QPointF], radius: float) -> None:
        for place in places:
            painter.drawEllipse(place, radius, radius)

    def _write(self, painter: QPainter, text: str, x: float, middle: float, part: float, strong: bool = False) -> None:
        """Write a text whose ``part`` (0 left edge, 1 right edge) stands at ``x``."""
        font = self.theme.font("tiny", 600 if strong else 400)
        painter.setFont(font)
        painter.setPen(self.theme.color("accentText" if strong else "text3"))
        wide = QFontMetricsF(font).horizontalAdvance(text)
        left = min(x - wide * part, self.width() - wide)
        painter.drawText(left, baseline(font, middle - 10, 20), text)  # type: ignore[call-overload]

    def week_at(self, x: float) -> int:
        """Return the index of the week that is nearest to a place, in pixels from the left; -1 without weeks."""
        weeks = self.drawing.weeks
        return min(range(len(weeks)), key=lambda n: abs(self.x_of(weeks[n]) - x), default=-1)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose the week that was pressed."""
        week = self.week_at(event.position().x())
        if week >= 0:
            self.week_chosen.emit(week)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Keep the release from the card, whose press would look at the four weeks."""
