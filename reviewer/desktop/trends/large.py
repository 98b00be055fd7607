"""One failure mode over the whole width: band, line, dots, rings and changes, and a control chart where it is wanted.

The only module that draws with pyqtgraph, which costs a third of a second to import: the page imports it when a chart
is opened large for the first time. The small charts paint themselves.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPen
from PySide6.QtWidgets import QGraphicsRectItem, QVBoxLayout, QWidget

from reviewer import wording
from reviewer.desktop import shown
from reviewer.desktop.parts.controls import dress
from reviewer.desktop.parts.fields import Choice, Tick
from reviewer.desktop.theme import Theme
from reviewer.desktop.trends.drawing import Drawing, drawing
from reviewer.desktop.trends.marks import marker_word
from reviewer.desktop.trends.state import Scale, rates_to, short
from reviewer.model.alert import Level
from reviewer.model.number import Series
from reviewer.model.trend import Control, Marker

ASIDE = 0.4  # weeks of room on both sides
ABOVE, BELOW = 0.10, 0.02  # room for the names of changes, and for half a dot, as parts of the scale
SYMBOLS = {"prompt": "s", "model": "t1", "provider": "t1", "taxonomy": "d"}
NO_PEN = QPen(QColor(0, 0, 0, 0))
"""A band needs curves with a pen: without one it draws nothing."""


class LargeChart(QWidget):
    """``week_chosen`` carries the index of a pressed week, ``mode_chosen`` that of a series, ``stepped`` weeks by key."""

    week_chosen = Signal(int)
    mode_chosen = Signal(object)
    stepped = Signal(int)
    opened = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.theme = theme
        self.series: Series | None = None
        self.drawing = Drawing()
        self.scale = rates_to(1.0)
        self.week = -1
        self.markers: Mapping[int, Sequence[Marker]] = {}
        self.control: Control | None = None
        self.modes = Choice(self.tr("What is drawn"), theme)
        self.modes.setMinimumContentsLength(16)
        self.modes.chosen.connect(self.mode_chosen)
        self.with_control = Tick(self.tr("Control limits and a smoothed line, for the eye alone"), theme)
        self._make_plot()
        head = QVBoxLayout()
        head.setContentsMargins(28, 8, 16, 0)
        head.setSpacing(6)
        head.addWidget(self.modes, 0, Qt.AlignmentFlag.AlignLeft)
        head.addWidget(self.with_control)
        lines = QVBoxLayout(self)
        lines.setContentsMargins(0, 0, 0, 12)
        lines.addLayout(head)
        lines.addWidget(self.view, 1)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumHeight(theme.px(320))

    def _make_plot(self) -> None:
        # Not a PlotWidget: that brings menus and buttons along which nobody asked for.
        self.view: Any = pg.GraphicsView()
        self.view.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.view.setFrameShape(self.view.Shape.NoFrame)
        inside = pg.GraphicsLayout()
        inside.setContentsMargins(16, 8, 20, 4)
        self.view.setCentralItem(inside)
        self.box: Any = pg.ViewBox(enableMenu=False, enableMouse=False)
        self.box.disableAutoRange()
        self.left: Any = pg.AxisItem("left")
        self.bottom: Any = pg.AxisItem("bottom")
        inside.addItem(self.left, 0, 0)
        inside.addItem(self.box, 0, 1)
        inside.addItem(self.bottom, 1, 1)
        for axis in (self.left, self.bottom):
            axis.linkToView(self.box)
        self.view.scene().sigMouseClicked.connect(self._pressed)

    def show_series(
        self,
        series: Series,
        scale: Scale,
        week: int,
        markers: Mapping[int, Sequence[Marker]],
        control: Control | None,
    ) -> None:
        """Draw a series on a scale with one week marked (-1 for none), and its control chart where that is wanted."""
        self.series, self.drawing = series, drawing(series)
        self.scale, self.week, self.markers, self.control = scale, week, markers, control
        self.with_control.setVisible(control is not None)
        self.setAccessibleName(shown.safe(series.title))
        weekly = (f"{short(p.period)} {wording.counts(p.number)}" for p in series.weekly)
        said = shown.safe(", ".join(weekly), 600)
        self.setAccessibleDescription(said)
        self.view.setAccessibleName(shown.safe(series.title))
        self.view.setAccessibleDescription(said)
        self._draw()

    def offer(self, titles: Sequence[str], chosen: int) -> None:
        """Offer the series by their titles."""
        self.modes.offer([(title, index) for index, title in enumerate(titles)], chosen)

    def set_theme(self, theme: Theme) -> None:
        """Wear another theme."""
        self.theme = theme
        self.setMinimumHeight(theme.px(320))
        dress(self, theme)
        self._draw()

    def _draw(self) -> None:
        """Draw everything anew: fifty weeks take a few milliseconds."""
        self.box.clear()
        self.view.setBackground(self.theme.color("surface"))
        if self.series is None or not self.drawing.weeks:
            return
        scale = self.scale
        top, foot = (at + (scale.high - scale.low) * room for at, room in ((scale.high, ABOVE), (scale.low, -BELOW)))
        self.box.setRange(
            QRectF(-ASIDE, foot, self.drawing.last + 2 * ASIDE, top - foot), padding=0, disableAutoRange=True
        )
        self._draw_axes(self.series)
        self._draw_week(top)
        self._draw_markers(top)
        if self.control is not None and self.with_control.isChecked():
            self._draw_control(self.control, self.series)
        self._draw_rolling()
        self._draw_dots()

    def _draw_axes(self, series: Series) -> None:
        theme = self.theme
        for axis in (self.left, self.bottom):
            axis.setPen(NO_PEN)
            axis.setTextPen(theme.color("text3"))
            axis.setStyle(
                tickLength=0,
                tickAlpha=0,
                tickFont=theme.font("tiny"),
                tickTextOffset=theme.px(8),
                autoExpandTextSpace=True,
            )
        self.left.setTicks([list(self.scale.ticks)])
        for value, _ in self.scale.ticks:
            role = "lineStrong" if value == self.scale.low else "line"
            self.box.addItem(pg.InfiniteLine(value, 0, pen=pg.mkPen(theme.color(role), width=1)))
        places = list(zip(self.drawing.weeks, series.weekly, strict=True))
        step = max(1, -(-len(places) // 13))
        names = [(x, shown.safe(short(point.period), 12)) for x, point in places[::-1][::step]]
        self.bottom.setTicks([names])

    def _draw_week(self, top: float) -> None:
        """Draw the ground of the week that is looked at."""
        if 0 <= self.week < len(self.drawing.weeks):
            at, low = self.drawing.weeks[self.week], self.scale.low
            ground = QGraphicsRectItem(QRectF(at - 0.25, low, 0.5, top - low))
            ground.setPen(NO_PEN)
            ground.setBrush(self.theme.color("accent", 0.14))
            self.box.addItem(ground)

    def _draw_markers(self, top: float) -> None:
        theme, free = self.theme, -1.0
        middle = (self.scale.high + top) / 2
        for week, found in sorted(self.markers.items()):
            x, word = self.drawing.weeks[week], marker_word(found)
            line = pg.PlotCurveItem(
                [x, x], [self.scale.low, middle], pen=pg.mkPen(theme.color("text3"), width=1, style=Qt.PenStyle.DotLine)
            )
            self.box.addItem(line)
            self._scatter([(x, middle)], SYMBOLS[found[0].kind], 10, None, theme.color("text2"))
            if x >= free:
                self._write(word, x + self.drawing.last * 0.008, middle, (0, 0.5), "text2")
                free = x + self.drawing.last * 0.12

    def _write(self, text: str, x: float, y: float, anchor: tuple[float, float], color: str) -> None:
        """Write a text whose ``anchor`` (0, 0 its upper left corner) stands at a place."""
        item = pg.TextItem(text, color=self.theme.color(color), anchor=anchor)
        item.setFont(self.theme.font("tiny"))
        item.setPos(x, y)
        self.box.addItem(item, ignoreBounds=True)

    def _draw_rolling(self) -> None:
        theme, band = self.theme, self.drawing.band
        if band:
            self._band([(x, low) for x, low, _ in band], [(x, high) for x, _, high in band])
        for run in self.drawing.lines:
            self._line(run, pg.mkPen(theme.color("band"), width=2))

    def _band(self, lower: Sequence[tuple[float, float]], upper: Sequence[tuple[float, float]]) -> None:
        edges = [self._line(run, NO_PEN) for run in (lower, upper)]
        self.box.addItem(pg.FillBetweenItem(*edges, brush=self.theme.color("band", self.theme.band_opacity)))

    def _line(self, run: Sequence[tuple[float, float]], pen: QPen) -> Any:
        line = pg.PlotCurveItem([x for x, _ in run], [y for _, y in run], pen=pen, antialias=True)
        self.box.addItem(line)
        return line

    def _draw_control(self, control: Control, series: Series) -> None:
        """Draw limits as stairs of dashes, the mean between them, and the smoothed line dotted."""
        place = dict(zip((point.period for point in series.weekly), self.drawing.weeks, strict=True))
        weeks = [(place[one.period], one) for one in control.weeks if one.period in place]
        if not weeks:
            return
        dashed = pg.mkPen(self.theme.color("text3"), width=1, style=Qt.PenStyle.DashLine)
        for limit in ("low", "high"):
            stairs = [(x + aside, getattr(one, limit)) for x, one in weeks for aside in (-0.5, 0.5)]
            self._line(stairs, dashed)
        self._line([(x, control.mean) for x, _ in (weeks[0], weeks[-1])], pg.mkPen(self.theme.color("text3"), width=1))
        smooth = pg.mkPen(QColor(self.theme.chart()[2]["color"]), width=2, style=Qt.PenStyle.DotLine)
        self._line([(x, one.smooth) for x, one in weeks], smooth)
        (x, first), (end, last) = weeks[0], weeks[-1]
        self._write(self.tr("limit of chance"), x - 0.5, first.high, (0, 1), "text2")
        self._write(self.tr("mean"), x - 0.5, control.mean, (0, 1), "text2")
        self._write(self.tr("smoothed"), end, last.smooth, (1, 1), "text2")

    def _draw_dots(self) -> None:
        theme, dots = self.theme, self.drawing.dots
        for level, role in ((Level.WATCH, "defer"), (Level.ALERT, "failed")):
            ringed = [(dot.x, dot.value) for dot in dots if dot.level is level]
            self._scatter(ringed, "o", 14, pg.mkPen(theme.color(role), width=2), None)
        still_open = [(dot.x, dot.value) for dot in dots if dot.is_open]
        self._scatter(still_open, "o", 8, pg.mkPen(theme.color("text3"), width=1.5), theme.color("surface"))
        self._scatter([(dot.x, dot.value) for dot in dots if not dot.is_open], "o", 7, None, theme.color("band"))

    def _scatter(
        self, places: Sequence[tuple[float, float]], symbol: str, size: float, pen: QPen | None, brush: QColor | None
    ) -> None:
        if places:
            self.box.addItem(
                pg.ScatterPlotItem(
                    [x for x, _ in places], [y for _, y in places], symbol=symbol, size=self.theme.px(size),
                    pen=pen, brush=brush, antialias=True,
                )
            )  # fmt: skip

    def place_of(self, week: int) -> QPointF:
        """Return where a week's dot line stands in the chart, in pixels."""
        at = QPointF(self.drawing.weeks[week], (self.scale.low + self.scale.high) / 2)
        return QPointF(self.view.mapFromScene(self.box.mapViewToScene(at)))

    def _pressed(self, press: Any) -> None:
        """Choose the week that is nearest to a press."""
        at = self.box.mapSceneToView(press.scenePos()).x()
        weeks = self.drawing.weeks
        if weeks and -ASIDE <= at <= self.drawing.last + ASIDE:
            self.setFocus(Qt.FocusReason.MouseFocusReason)
            self.week_chosen.emit(min(range(len(weeks)), key=lambda n: abs(weeks[n] - at)))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Left and right go through the weeks, Enter lists the traces."""
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if step is not None:
            self.stepped.emit(step)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.opened.emit()
        else:
            super().keyPressEvent(event)
