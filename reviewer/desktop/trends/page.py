"""The page *Trends*."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from reviewer.desktop import shown
from reviewer.desktop.explore.page import listed
from reviewer.desktop.explore.state import Listed, TraceList
from reviewer.desktop.parts.controls import Column, Ground, Hairline, dress
from reviewer.desktop.parts.heading import Heading
from reviewer.desktop.theme import Theme, baseline
from reviewer.desktop.trends.state import TrendsState, short, top_of
from reviewer.desktop.window import Page
from reviewer.jobs.messages import Broke, Cancelled, Done
from reviewer.jobs.running import without_channel
from reviewer.verbs.changes import Changes
from reviewer.verbs.measuring import trends_of
from reviewer.wording import decimal
from reviewer.workspace.ask.settings import taxonomy

if TYPE_CHECKING:
    from reviewer.desktop.bridge import Bridge, Ticket
    from reviewer.desktop.trends.card import TrendCard
    from reviewer.desktop.trends.side import Side

LISTED = 100  # traces of a point that are looked up for the side
TWO_COLUMNS = 640
LEGEND = 460  # what the signs and their words need


class Legend(QWidget):
    """What line, band, dot and ring mean."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.theme = theme
        self.setFixedHeight(theme.px(28))
        self.setAccessibleName(self.tr("Legend"))

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
        told = (
            ("line", self.tr("four-week estimate")),
            ("band", self.tr("95 % interval")),
            ("dot", self.tr("one week")),
            ("open", self.tr("week still open")),
        )
        needed = left + sum(24 + QFontMetrics(font).horizontalAdvance(words) for _, words in told)
        gap = max(6.0, min(20.0, (self.width() - needed) / len(told)))
        for sign, words in told:
            self._sign(painter, sign, left, middle)
            left += 24
            painter.setFont(font)
            painter.setPen(theme.color("text2"))
            painter.drawText(left, baseline(font, 0, self.height()), words)  # type: ignore[call-overload]
            left += painter.fontMetrics().horizontalAdvance(words) + gap
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
        else:
            painter.setPen(QPen(theme.color("text3"), 1.5))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawEllipse(round(left) + 8, round(middle) - 3, 7, 7)


class TrendsPage(Page):
    """Small charts with one scale, one a failure mode, and what lies behind a point."""

    name = "trends"

    def __init__(self, bridge: "Bridge", theme: Theme) -> None:
        super().__init__()
        self.bridge = bridge
        self.theme = theme
        self.state = TrendsState()
        self.cards: list[TrendCard] = []
        self.side: Side | None = None
        self._ticket: Ticket | None = None
        self._building = QTimer(self)
        self._building.setInterval(0)
        self._building.timeout.connect(self._build_next)
        self._build()

    @property
    def title(self) -> str:
        """Return what the sidebar calls it."""
        return self.tr("Trends")

    @property
    def busy(self) -> bool:
        """Whether charts are still to be built."""
        return self._building.isActive()

    def _build(self) -> None:
        self.heading = Heading(self.title, self.theme)
        self.legend = Legend(self.theme)
        self.message = shown.label("", theme=self.theme, color="text2", wrap=True)
        self.message.setContentsMargins(28, 24, 28, 0)
        self.body = Column(self.tr("Charts"), self.theme, (16, 0, 16, 16))
        self.grid = QGridLayout()
        self.grid.setSpacing(12)
        self.body.lines.addLayout(self.grid)
        self.body.lines.addStretch(1)
        ground = Ground(self.theme)
        left = QVBoxLayout(ground)
        left.setContentsMargins(0, 4, 0, 0)
        left.setSpacing(4)
        for widget in (self.legend, self.message):
            left.addWidget(widget)
        left.addWidget(self.body, 1)
        self.columns = QHBoxLayout()
        self.columns.setSpacing(0)
        self.columns.addWidget(ground, 1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self.heading)
        whole.addLayout(self.columns, 1)

    def activated(self) -> None:
        """Compute the series where something changed."""
        if self.state.ask():
            path = str(self.bridge.workspace_path)
            self.bridge.job(without_channel, trends_of, path, message=lambda _: None, done=self._ended)
        self._show()

    def refresh(self, changes: Changes) -> None:
        """Learn that a rate may have changed."""
        if changes.codings or changes.weeks or changes.taxonomy or changes.everything:
            self.state.stale = True
            if self.isVisible():
                self.activated()

    def set_theme(self, theme: Theme) -> None:
        """Wear another theme."""
        self.theme = theme
        dress(self, theme)
        self._share_width()
        self._show()

    def _ended(self, end: Done | Cancelled | Broke) -> None:
        if isinstance(end, Done):
            self.state.taxonomy = taxonomy(self.bridge.reader)
            self.state.take(list(end.result.modes))
            self._rebuild()
        elif isinstance(end, Broke):
            self.state.refuse(f"{end.sentence} {end.next_step}".strip())
        self._show()
        if self.state.stale and self.isVisible() and not self.state.trouble:
            self.activated()

    def _rebuild(self) -> None:
        """Throw the charts away and build them anew, one at a time, so that a press is heard in between."""
        for card in self.cards:
            card.hide()
            card.deleteLater()
        self.cards = []
        if self.state.weeks:
            self._building.start()

    def _build_next(self) -> None:
        # The plotting library takes 0.4 s to load: not before somebody looks at trends.
        from reviewer.desktop.trends.card import TrendCard

        number = len(self.cards)
        if number >= len(self.state.series):
            self._building.stop()
            return
        series = self.state.series[number]
        described = self.state.taxonomy.mode(series.id)
        card = TrendCard(series, described.slot if described else None, self.theme)
        card.looked_at.connect(lambda week, n=number: self._choose(n, week))
        card.stepped.connect(self._step)
        card.opened.connect(self._open_list)
        self.cards.append(card)
        self._place(number, card)
        card.show_state(top_of(self.state.series), self.state.week, number == self.state.mode)

    def _place(self, number: int, card: "TrendCard") -> None:
        across = 2 if self.body.width() >= self.theme.px(TWO_COLUMNS) else 1
        self.grid.addWidget(card, number // across, number % across)

    def _share_width(self) -> None:
        for number, card in enumerate(self.cards):
            self._place(number, card)
        if self.side is not None:
            self.side.setFixedWidth(self._side_width())

    def _side_width(self) -> int:
        px = self.theme.px
        if self.width() >= px(1072):
            return px(348)
        return min(px(288), max(self.width() - px(LEGEND), px(190)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Set the charts in one or two columns, by the room there is."""
        super().resizeEvent(event)
        self._share_width()

    def _choose(self, mode: int, week: int) -> None:
        self.state.choose(mode, week)
        self._show()

    def _step(self, by: int) -> None:
        self.state.step_week(by)
        self._show()

    def _show(self) -> None:
        state = self.state
        self.message.setText(self._message())
        self.message.setVisible(bool(self.message.full_text))
        for widget in (self.legend, self.body):
            widget.setVisible(bool(state.weeks))
        if not state.weeks:
            self.heading.about("")
            return
        first, last = state.series[0].weekly[0].period, state.series[0].weekly[-1].period
        span = short(first) if first == last else f"{short(first)} – {short(last)}"
        about = self.tr("four-week rolling rate of each failure mode, % of traffic, {span}, {n} reviewed")
        self.heading.about(about.format(span=span, n=decimal(state.read)))
        top = top_of(state.series)
        for number, card in enumerate(self.cards):
            card.show_state(top, state.week, number == state.mode)
        self._show_side()

    def _message(self) -> str:
        state = self.state
        if state.trouble:
            return state.trouble
        if state.asked and not state.series:
            return self.tr("Computing the rates …")
        if not state.asked and not state.series:
            return self.tr("There are no failure modes yet: choose or make a taxonomy first.")
        if not state.weeks:
            return self.tr("There is no week yet. Draw one under New week and review it: each week adds a dot.")
        return ""

    def _show_side(self) -> None:
        side = self._ensure_side()
        side.show_state(self.state)
        point = self.state.point
        if point is None:
            return
        if self._ticket is not None:
            self._ticket.drop()
        traces = list(dict.fromkeys(point.traces))
        self._ticket = self.bridge.ask(listed, traces[:LISTED], then=lambda rows: self._take_traces(rows, len(traces)))

    def _ensure_side(self) -> "Side":
        if self.side is None:
            from reviewer.desktop.trends.side import Side

            self.side = Side(self.theme)
            self.side.trace_wanted.connect(self._open_trace)
            self.side.list_wanted.connect(self._open_list)
            self.columns.addWidget(Hairline(self.theme, standing=True))
            self.columns.addWidget(self.side)
            self._share_width()
        return self.side

    def _take_traces(self, rows: list[Listed], count: int) -> None:
        if self.side is not None:
            self.side.show_traces(rows, count)

    def _open_trace(self, trace: str) -> None:
        self.asked.emit("explore", TraceList(self._point_name(), (trace,)))

    def _open_list(self) -> None:
        point = self.state.point
        if point is not None and point.traces:
            self.asked.emit("explore", TraceList(self._point_name(), tuple(dict.fromkeys(point.traces))))

    def _point_name(self) -> str:
        series, point = self.state.chosen, self.state.point
        return f"{series.title}, {short(point.period)}" if series and point else ""
