"""The chart of one failure mode: a line over four weeks with its band, and a dot for each week."""

from collections.abc import Sequence

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtGui import QColor

from reviewer.desktop import shown
from reviewer.desktop.theme import Theme
from reviewer.desktop.trends.state import has_line, positions, short
from reviewer.model.number import Point, Series
from reviewer.wording import share

MOST_WEEK_LABELS = 5
NOTHING = float("nan")


class TrendChart(pg.PlotWidget):  # type: ignore[misc]  # pyqtgraph has no types
    """A small chart without zoom; ``week_chosen`` carries the index of the week that was pressed."""

    week_chosen = Signal(int)

    def __init__(self, theme: Theme) -> None:
        super().__init__(background=None)
        self.theme = theme
        self._x: list[float] = []
        self.setMenuEnabled(False)
        self.setMouseEnabled(x=False, y=False)
        self.hideButtons()
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setFrameShape(self.Shape.NoFrame)
        self.getPlotItem().setContentsMargins(0, 6, 0, 0)
        self.setFixedHeight(theme.px(150))

    def show_series(self, series: Series, top: float, week: int, ground: str) -> None:
        """Draw a series on the shared scale and a ground, with one week marked (-1 for none)."""
        self.clear()
        self.setBackground(self.theme.color(ground))
        self._x = positions(series)
        if not self._x:
            return
        self._style_axes(series, top, week)
        if week >= 0:
            self._mark(self._x[week], top)
        self._draw_grid(top)
        self._draw_rolling(series.rolling)
        self._draw_weekly(series.weekly)

    def _style_axes(self, series: Series, top: float, week: int) -> None:
        plot = self.getPlotItem()
        plot.setRange(xRange=(-0.4, max(self._x[-1], 1.0) + 0.4), yRange=(-0.03 * top, 1.04 * top), padding=0)
        step = max(1, -(-len(self._x) // MOST_WEEK_LABELS))
        wanted = {*range(len(self._x) - 1, -1, -step), week} - {-1}
        names = [(self._x[n], shown.safe(short(series.weekly[n].period), 12)) for n in sorted(wanted)]
        scale = [(part * top, share(part * top, 0 if top >= 0.1 or part == 0 else 1)) for part in (0.0, 0.5, 1.0)]
        for side, ticks in (("bottom", names), ("left", scale)):
            axis = plot.getAxis(side)
            axis.setTicks([ticks])
            axis.setStyle(tickFont=self.theme.font("tiny", 400), tickLength=0, tickTextOffset=5)
            axis.setPen(pg.mkPen(QColor(0, 0, 0, 0)))
            axis.setTextPen(pg.mkPen(self.theme.color("text3")))
        plot.getAxis("left").setWidth(self.theme.px(40))

    def _mark(self, x: float, top: float) -> None:
        region = pg.BarGraphItem(
            x=[x], y0=[0], y1=[top], width=0.5, pen=pg.mkPen(None), brush=pg.mkBrush(self.theme.color("accent", 0.14))
        )
        self.addItem(region)

    def _draw_grid(self, top: float) -> None:
        for part in (0.0, 0.5, 1.0):
            pen = pg.mkPen(self.theme.color("lineStrong" if part == 0 else "line"), width=1)
            self.addItem(pg.InfiniteLine(pos=part * top, angle=0, pen=pen))

    def _draw_rolling(self, points: Sequence[Point]) -> None:
        """Draw band and line; a rate that may not be said keeps its band, and the open week has neither."""
        closed = [(x, point.number) for x, point in zip(self._x, points, strict=True) if not point.is_open]
        banded = [(x, n.low, n.high) for x, n in closed if n.low is not None and n.high is not None]
        color = self.theme.color("band")
        if len(banded) == 1:  # a lone point gets a band as wide as a bar, else nothing would be seen
            (x, low, high), reach = banded[0], 0.15
            banded = [(x - reach, low, high), (x + reach, low, high)]
        if banded:
            at, lows, highs = (np.array(column, dtype=float) for column in zip(*banded, strict=True))
            # A band between curves without a pen would draw nothing, hence pens that cannot be seen.
            unseen = pg.mkPen(QColor(0, 0, 0, 0))
            edges = [pg.PlotCurveItem(at, y, pen=unseen) for y in (lows, highs)]
            band = QColor(color)
            band.setAlphaF(self.theme.band_opacity)
            for item in (*edges, pg.FillBetweenItem(*edges, brush=pg.mkBrush(band))):
                self.addItem(item)
        line = np.array([n.value if has_line(n) else NOTHING for _, n in closed], dtype=float)
        if np.isfinite(line).any():
            at = np.array([x for x, _ in closed], dtype=float)
            self.addItem(pg.PlotCurveItem(at, line, pen=pg.mkPen(color, width=2), connect="finite", antialias=True))

    def _draw_weekly(self, points: Sequence[Point]) -> None:
        color, pale = self.theme.color("band"), self.theme.color("text3")
        spots = [
            {
                "pos": (x, point.number.value),
                "size": 7 if point.is_open else 5.5,
                "brush": pg.mkBrush(self.theme.color("surface") if point.is_open else color),
                "pen": pg.mkPen(pale, width=1.5) if point.is_open else pg.mkPen(None),
            }
            for x, point in zip(self._x, points, strict=True)
            if point.number.value is not None
        ]
        self.addItem(pg.ScatterPlotItem(spots, antialias=True))

    def week_at(self, place: QPointF) -> int:
        """Return the index of the week that is nearest to a place of the widget."""
        x = self.getPlotItem().vb.mapSceneToView(self.mapToScene(place.toPoint())).x()
        return min(range(len(self._x)), key=lambda n: abs(self._x[n] - x), default=-1)

    def mousePressEvent(self, ev: object) -> None:
        """Choose the week that was pressed."""
        place = ev.position()  # type: ignore[attr-defined]
        week = self.week_at(place)
        if week >= 0:
            self.week_chosen.emit(week)

    def mouseReleaseEvent(self, ev: object) -> None:
        """Do nothing: nothing can be dragged."""

    def mouseMoveEvent(self, ev: object) -> None:
        """Do nothing: nothing follows the pointer."""

    def wheelEvent(self, ev: object) -> None:
        """Leave the wheel to the page."""
        ev.ignore()  # type: ignore[attr-defined]

    def set_theme(self, theme: Theme) -> None:
        """Wear another theme; the series has to be shown again."""
        self.theme = theme
        self.setFixedHeight(theme.px(150))
