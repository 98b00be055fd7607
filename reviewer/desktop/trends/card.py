"""One failure mode in the grid: its name, its figure, and its chart."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QRect, QRectF, Qt, Signal
from PySide6.QtGui import QFocusEvent, QFontMetricsF, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QVBoxLayout

from reviewer import wording
from reviewer.desktop import shown
from reviewer.desktop.commands.keycap import paint_keycap
from reviewer.desktop.parts.table import chip_width, paint_chip
from reviewer.desktop.theme import Theme, baseline
from reviewer.desktop.trends.chart import TrendChart
from reviewer.desktop.trends.state import Scale, latest, latest_alert, short
from reviewer.model.alert import Level
from reviewer.model.number import Series
from reviewer.model.trend import Marker

HEAD = 58


class TrendCard(QAbstractButton):
    """A chart under its name. ``looked_at`` carries the week (-1 for none), ``stepped`` weeks left or right by key.

    ``enlarged`` is a double press.
    """

    looked_at = Signal(int)
    stepped = Signal(int)
    opened = Signal()
    enlarged = Signal()

    def __init__(
        self, series: Series, slot: int | None, theme: Theme, markers: Mapping[int, Sequence[Marker]] | None = None
    ) -> None:
        super().__init__()
        self.theme = theme
        self.series = series
        self.slot = slot
        self.markers = markers or {}
        self.alert = latest_alert(series)
        self.current = False
        self._shown: tuple[Scale, int, bool] | None = None
        self.chart = TrendChart(theme)
        self.chart.week_chosen.connect(self._week_pressed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        # The grid gives each card half of what there is.
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setMinimumWidth(theme.px(240))
        self.clicked.connect(lambda: self.looked_at.emit(-1))
        self._lines = QVBoxLayout(self)
        self._lines.addWidget(self.chart)
        self._space()

    def _space(self) -> None:
        self._lines.setContentsMargins(12, self.theme.px(HEAD), 12, 8)
        self.setFixedHeight(self.theme.px(HEAD) + self.chart.height() + 8)

    def show_state(self, scale: Scale, week: int, current: bool) -> None:
        """Show the series on a scale; ``week`` is marked where this is the mode that is looked at."""
        self.current = current
        marked = week if current else -1
        if self._shown != (scale, marked, current):
            self._shown = (scale, marked, current)
            self.chart.show_series(self.series, scale, marked, "focusTint" if current else "surface", self.markers)
        raised = f", {self.alert.level}" if self.alert else ""
        self.setAccessibleName(f"{shown.safe(self.series.title)}{raised}: {' '.join(self.figure())}")
        weekly = (f"{short(p.period)} {wording.counts(p.number)}" for p in self.series.weekly)
        self.setAccessibleDescription(shown.safe(", ".join(weekly), 600))
        self.update()

    def figure(self) -> tuple[str, str]:
        """Return the rate, or the count where a rate would promise too much; and what it stands on."""
        point = latest(self.series)
        if point is None:
            return wording.NOTHING_READ, ""
        number = point.number
        if number.suppressed:
            return wording.value(number), wording.too_few(number)
        n = self.tr("n {}").format(wording.decimal(number.n))
        return wording.value(number), " · ".join(filter(None, (wording.interval(number), n)))

    def set_theme(self, theme: Theme) -> None:
        """Wear another theme; the page shows the state again."""
        self.theme = theme
        self.chart.set_theme(theme)
        self._shown = None
        self._space()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint ground, name and figure."""
        theme = self.theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.current:
            painter.fillRect(self.rect(), theme.color("focusTint"))
            painter.fillRect(0, 0, theme.size("focusBar"), self.height(), theme.color("accent"))
        if self.hasFocus():
            painter.setPen(QPen(theme.color("accent"), 2))
            painter.drawRect(QRectF(self.rect()).adjusted(1, 1, -1, -1))
        left = 16.0
        if self.slot is not None and self.slot <= 10:
            left += paint_keycap(painter, theme, left, theme.px(9), str(self.slot % 10)) + 8
        room = 0.0
        if self.alert is not None:
            role = "alert" if self.alert.level is Level.ALERT else "watch"
            room = chip_width(theme, self.alert.level, role)
            box = QRect(0, theme.px(8), self.width(), theme.px(20))
            paint_chip(painter, theme, self.width() - 16 - room, box, self.alert.level, role)
        self._text(painter, self.series.title, left, theme.px(8), "body", "text", 600, room)
        value, warrant = self.figure()
        wide = self._text(painter, value, 16, theme.px(32), "heading", "text", 600)
        self._text(painter, warrant, 16 + wide + 8, theme.px(33), "small", "text2", None)
        painter.end()

    def _text(
        self,
        painter: QPainter,
        text: str,
        left: float,
        top: float,
        role: str,
        color: str,
        weight: int | None,
        taken: float = 0.0,
    ) -> float:
        font = self.theme.font(role, weight)
        metrics = QFontMetricsF(font)
        room = max(0.0, self.width() - left - 16 - taken)
        said = metrics.elidedText(shown.safe(text), Qt.TextElideMode.ElideRight, room)
        painter.setFont(font)
        painter.setPen(self.theme.color(color))
        painter.drawText(left, baseline(font, top, self.theme.px(20)), said)  # type: ignore[call-overload]
        return metrics.horizontalAdvance(said)

    def _week_pressed(self, week: int) -> None:
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        self.looked_at.emit(week)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Open the chart large."""
        self.enlarged.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Left and right go through the weeks, Enter lists the traces."""
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if step is not None:
            self.stepped.emit(step)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.opened.emit()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Look at this mode; a pressed week stays."""
        super().focusInEvent(event)
        if not self.current:
            self.looked_at.emit(-1)
