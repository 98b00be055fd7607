"""The page *Trends*."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QHideEvent, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout

from reviewer.desktop import shown
from reviewer.desktop.computing import Computing
from reviewer.desktop.explore.page import listed
from reviewer.desktop.explore.state import Listed, TraceList
from reviewer.desktop.parts.controls import Column, Ground, Hairline, dress
from reviewer.desktop.parts.fields import Choice
from reviewer.desktop.parts.heading import Heading
from reviewer.desktop.parts.segment import SegmentChoice
from reviewer.desktop.segments import Facets, Within, choices, facets
from reviewer.desktop.theme import Theme
from reviewer.desktop.trends.behind import Looking, Wanted
from reviewer.desktop.trends.legend import Legend
from reviewer.desktop.trends.state import TrendsState, View, markers_by_week, rates_to, short, top_of
from reviewer.desktop.window import Page
from reviewer.model.trend import Behind, Trends
from reviewer.model.week import SEGMENTS, UNITS, SamplingUnit, Segment
from reviewer.verbs.changes import Changes
from reviewer.verbs.measuring import keep, trends_of
from reviewer.wording import decimal
from reviewer.workspace.ask.queue import weeks
from reviewer.workspace.ask.settings import taxonomy

if TYPE_CHECKING:
    from reviewer.desktop.bridge import Bridge, Ticket
    from reviewer.desktop.trends.card import TrendCard
    from reviewer.desktop.trends.large import LargeChart
    from reviewer.desktop.trends.saturation import SaturationPanel
    from reviewer.desktop.trends.side import Side
    from reviewer.desktop.trends.stack import StackChart

LISTED = 20  # traces of a point that are looked up for the side
TWO_COLUMNS = 640
LEGEND = 460  # what the signs and their words need


class TrendsPage(Page):
    """Small charts with one scale, one a failure mode, and what lies behind a point."""

    name = "trends"

    def __init__(self, bridge: "Bridge", theme: Theme) -> None:
        super().__init__()
        self.bridge = bridge
        self.theme = theme
        self.state = TrendsState(failing=self.tr("Failing traces"), failing_sessions=self.tr("Failing sessions"))
        self.computing = Computing(bridge, self, self.state, trends_of, lambda part: part, self._answered)
        self.cards: list[TrendCard] = []
        self.side: Side | None = None
        self.stack: StackChart | None = None
        self.panel: SaturationPanel | None = None
        self.large: LargeChart | None = None
        self.looking = Looking(bridge, self)
        self.looking.found.connect(self._take_behind)
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
        return self._building.isActive() or self.looking.busy

    def _build(self) -> None:
        self.heading = Heading(self.title, self.theme)
        self.segments = SegmentChoice(self.theme, 14)
        self.segments.within.connect(self._choose_segment)
        self.units = Choice(self.tr("What the weeks drew"), self.theme)
        self.units.chosen.connect(self._choose_unit)
        self.spans = Choice(self.tr("Weeks"), self.theme)
        self.spans.setMinimumContentsLength(10)
        self.spans.chosen.connect(self._choose_span)
        self.views = Choice(self.tr("View"), self.theme)
        self.views.chosen.connect(self._choose_view)
        for choice in (self.units, self.spans, self.segments, self.views):
            self.heading.add(choice)
            choice.hide()  # until it is known what there is to choose: all of them need more room than some windows have
        self.legend = Legend(self.theme)
        self.message = shown.label("", theme=self.theme, color="text2", wrap=True)
        self.message.setContentsMargins(28, 24, 28, 0)
        self.body = Column(self.tr("Charts"), self.theme, (16, 0, 16, 16))
        self.grid = QGridLayout()
        self.grid.setSpacing(12)
        self.body.lines.addLayout(self.grid)
        self.body.lines.addStretch(1)
        ground = Ground(self.theme)
        self.lines = QVBoxLayout(ground)
        self.lines.setContentsMargins(0, 4, 0, 0)
        self.lines.setSpacing(4)
        for widget in (self.legend, self.message):
            self.lines.addWidget(widget)
        self.lines.setAlignment(self.message, Qt.AlignmentFlag.AlignTop)
        self.lines.addWidget(self.body, 1)
        self.columns = QHBoxLayout()
        self.columns.setSpacing(0)
        self.columns.addWidget(ground, 1)
        self.edge = Hairline(self.theme, standing=True)
        self.edge.hide()
        self.columns.addWidget(self.edge)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self.heading)
        whole.addLayout(self.columns, 1)

    def activated(self) -> None:
        """Compute the series where something changed."""
        drawn = {week.plan.unit for week in weeks(self.bridge.reader)}
        self.state.learn_units([unit for unit in UNITS if unit in drawn])
        if self.state.stale:
            self.bridge.ask(facets, SEGMENTS, then=self._learned)
        self.computing.ask()
        self._show()

    def hideEvent(self, event: QHideEvent) -> None:
        """Compute nothing for a point that nobody sees; the next visit asks again."""
        super().hideEvent(event)
        self.looking.leave()

    def refresh(self, changes: Changes) -> None:
        """Learn that a rate may have changed."""
        if changes.codings or changes.weeks or changes.taxonomy or changes.everything:
            self.looking.forget()
            self.computing.outdate()

    def set_theme(self, theme: Theme) -> None:
        """Wear another theme."""
        self.theme = theme
        dress(self, theme)
        self._share_width()
        self._show()

    def _answered(self, found: Trends | None) -> None:
        if found is not None:
            self.state.taxonomy = taxonomy(self.bridge.reader)
            if found.calibrated is not None:
                self.bridge.write(keep, found.calibrated)
            self._rebuild()
        self._show()

    def _learned(self, found: Facets) -> None:
        self.state.segments = choices(found)
        self._show_choices()
        self._show_behind()

    def _choose_segment(self, segment: Within | None) -> None:
        self.state.choose_segment(segment)
        self.activated()

    def _choose_unit(self, unit: SamplingUnit) -> None:
        self.state.choose_unit(unit)
        self.activated()

    def _choose_span(self, span: object) -> None:
        self.state.choose_span(int(str(span)))
        self._rebuild()
        self._show()

    def _choose_split(self, by: Segment) -> None:
        self.state.split_by = by
        self._show_behind()

    def _choose_view(self, view: View) -> None:
        self.state.view = view
        self._show()

    def _rebuild(self) -> None:
        """Throw the charts away and build them anew, one at a time, so that a press is heard in between."""
        for card in self.cards:
            card.hide()
            card.deleteLater()
        self.cards = []
        if self.state.weeks:
            self._building.start()

    def _build_next(self) -> None:
        from reviewer.desktop.trends.card import TrendCard

        number = len(self.cards)
        if number >= len(self.state.series):
            self._building.stop()
            return
        series = self.state.series[number]
        described = self.state.taxonomy.mode(series.id)
        markers = markers_by_week(self.state.visible.markers, series)
        card = TrendCard(series, described.slot if described else None, self.theme, markers)
        card.looked_at.connect(lambda week, n=number: self._choose(n, week))
        card.stepped.connect(self._step)
        card.opened.connect(self._open_list)
        card.enlarged.connect(lambda n=number: self._enlarge(n))
        self.cards.append(card)
        self._place(number, card)
        card.show_state(self.state.scale(number), self.state.week, number == self.state.mode)

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

    def _enlarge(self, mode: int) -> None:
        self.state.choose(mode, self.state.week)
        self._choose_view("large")

    def _choose_mode(self, mode: object) -> None:
        self._choose(int(str(mode)), self.state.week)

    def _step(self, by: int) -> None:
        self.state.step_week(by)
        self._show()

    def _show(self) -> None:
        state = self.state
        self.message.setText(self._message())
        self.message.setVisible(bool(self.message.full_text))
        self._show_choices()
        charts = bool(state.weeks) and state.view == "charts"
        self.body.setVisible(charts)
        self.legend.setVisible(charts or (bool(state.weeks) and state.view == "large"))
        self._show_large()
        self._show_stack()
        self._show_panel()
        if not state.weeks:
            self.heading.about("")
            self.edge.hide()
            if self.side is not None:
                self.side.hide()
            return
        self.heading.about(self._about())
        kinds = {marker.kind for marker in state.visible.markers}
        absent = {"prompt", "model"} - kinds | ({"alert", "watch"} if state.segment else set())
        self.legend.leave_out(frozenset(absent))
        if charts:
            for number, card in enumerate(self.cards):
                card.show_state(state.scale(number), state.week, number == state.mode)
        self._show_side()

    def _about(self) -> str:
        """Return what the page shows, in a line."""
        state = self.state
        if state.view == "saturation":
            return self.tr("does reading on find new failure modes?")
        first, last = state.series[0].weekly[0].period, state.series[0].weekly[-1].period
        span = short(first) if first == last else f"{short(first)} – {short(last)}"
        about = self._about_sessions() if state.unit == "session" else self._about_traces()
        said = about.format(span=span, n=decimal(state.read))
        return self.tr("{what}; alerts are of all traffic only").format(what=said) if state.segment else said

    def _about_traces(self) -> str:
        return {
            "charts": self.tr("four-week rolling rate of each failure mode, % of traffic, {span}, {n} reviewed"),
            "large": self.tr("four-week rolling rate, % of traffic, {span}, {n} reviewed"),
            "stack": self.tr(
                "tags per 100 traces, four-week estimate, {span}, {n} reviewed; a trace can carry several"
            ),
        }[self.state.view]

    def _about_sessions(self) -> str:
        return {
            "charts": self.tr("four-week rolling rate of each failure mode, % of sessions, {span}, {n} reviewed"),
            "large": self.tr("four-week rolling rate, % of sessions, {span}, {n} reviewed"),
            "stack": self.tr(
                "tags per 100 sessions, four-week estimate, {span}, {n} reviewed; a session can carry several"
            ),
        }[self.state.view]

    def _show_choices(self) -> None:
        state = self.state
        titles_of_units = {"trace": self.tr("weeks of traces"), "session": self.tr("weeks of sessions")}
        self.units.offer([(titles_of_units[unit], unit) for unit in state.units], state.unit)
        self.units.setVisible(len(state.units) > 1)
        self.segments.show_choices(state.segments, state.segment)
        spans = [(self.tr("last {n} weeks").format(n=span), span) for span in state.spans]
        self.spans.offer([*spans, (self.tr("all weeks"), 0)], state.span if state.span in state.spans else 0)
        self.spans.setVisible(bool(spans))
        titles = {
            "charts": self.tr("Small charts"),
            "large": self.tr("One large"),
            "stack": self.tr("Stacked"),
            "saturation": self.tr("New failure modes"),
        }
        self.views.offer([(titles[view], view) for view in state.views], state.view)
        self.views.setVisible(bool(state.weeks))

    def _show_large(self) -> None:
        state, series = self.state, self.state.chosen
        wanted = bool(state.weeks) and state.view == "large" and series is not None
        if wanted and series is not None:
            from reviewer.desktop.trends.large import LargeChart

            if self.large is None:
                self.large = LargeChart(self.theme)
                self.large.week_chosen.connect(lambda week: self._choose(self.state.mode, week))
                self.large.mode_chosen.connect(self._choose_mode)
                self.large.stepped.connect(self._step)
                self.large.opened.connect(self._open_list)
                self.large.with_control.toggled.connect(lambda _: self._show_large())
                self.lines.addWidget(self.large, 1)
            control = state.visible.controls.get(series.id)
            drawn = control if self.large.with_control.isChecked() else None
            scale = state.scale(state.mode) if state.is_score else rates_to(top_of([series], drawn), 4)
            markers = markers_by_week(state.visible.markers, series)
            self.large.offer([one.title for one in state.series], state.mode)
            self.large.show_series(series, scale, state.week, markers, control)
        if self.large is not None:
            self.large.setVisible(wanted)

    def _show_stack(self) -> None:
        state = self.state
        wanted = bool(state.weeks) and state.view == "stack"
        if wanted:
            from reviewer.desktop.trends.stack import StackChart, stacked

            if self.stack is None:
                self.stack = StackChart(self.theme)
                self.stack.chosen.connect(self._choose)
                self.lines.addWidget(self.stack, 1)
            markers = markers_by_week(state.visible.markers, state.series[0])
            self.stack.show_stack(stacked(state.visible.modes), markers, state.week)
        if self.stack is not None:
            self.stack.setVisible(wanted)

    def _show_panel(self) -> None:
        found = self.state.saturation
        wanted = self.state.view == "saturation" and found is not None
        if wanted and found is not None:
            from reviewer.desktop.trends.saturation import SaturationPanel

            if self.panel is None:
                self.panel = SaturationPanel(self.theme)
                self.lines.addWidget(self.panel, 1)
            self.panel.show_state(found)
        if self.panel is not None:
            self.panel.setVisible(wanted)

    def _message(self) -> str:
        state = self.state
        if state.trouble:
            return state.trouble
        if state.asked is not None and not state.series:
            return self.tr("Computing the rates …")
        if not state.series:
            return self.tr("There are no failure modes yet: choose or make a taxonomy first.")
        if state.asked is not None and state.wanted != state.shown:
            return self.tr("Computing the rates …")
        if not state.weeks:
            return self.tr("There is no week yet. Draw one under New week and review it: each week adds a dot.")
        return ""

    def _show_side(self) -> None:
        side = self._ensure_side()
        for widget in (self.edge, side):
            widget.setVisible(self.state.view != "saturation")
        side.show_state(self.state)
        self._show_behind()
        point = self.state.point
        if point is None:
            return
        if self._ticket is not None:
            self._ticket.drop()
        traces = list(dict.fromkeys(point.traces))
        self._ticket = self.bridge.ask(listed, traces[:LISTED], then=lambda rows: self._take_traces(rows, len(traces)))

    def _show_behind(self) -> None:
        """Show what stands behind the point where it is known; where it is not, it is computed and follows."""
        state, split = self.state, self.state.split
        series, wanted = state.chosen, None
        if series is not None and split is not None and state.asked is None and self.isVisible():
            wanted = Wanted(state.point_weeks, series.id, split, state.segment)
        found = self.looking.want(wanted)
        if self.side is not None and series is not None:
            self.side.show_behind(state, found)

    def _take_behind(self, wanted: Wanted, found: Behind | None) -> None:
        if self.side is not None:
            self.side.show_behind(self.state, found)
            # Without an answer nothing more will come.
            self.side.behind.setVisible(found is not None)

    def _ensure_side(self) -> "Side":
        if self.side is None:
            from reviewer.desktop.trends.side import Side

            self.side = Side(self.theme)
            self.side.trace_wanted.connect(self._open_trace)
            self.side.list_wanted.connect(self._open_list)
            self.side.behind.split_chosen.connect(self._choose_split)
            self.columns.addWidget(self.side)
            self._share_width()
        return self.side

    def _take_traces(self, rows: list[Listed], count: int) -> None:
        if self.side is not None:
            self.side.show_traces(rows, count, self.state.unit == "session")

    def _open_trace(self, trace: str) -> None:
        self.asked.emit("explore", TraceList(self._point_name(), (trace,)))

    def _open_list(self) -> None:
        point = self.state.point
        if point is not None and point.traces:
            self.asked.emit("explore", TraceList(self._point_name(), tuple(dict.fromkeys(point.traces))))

    def _point_name(self) -> str:
        series, point = self.state.chosen, self.state.point
        return f"{series.title}, {short(point.period)}" if series and point else ""
