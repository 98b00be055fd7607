"""The page *Scorecard*: nine fields, each with what it stands on and what moved it, the rest, and files to hand on."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from reviewer import wording
from reviewer.desktop import shown
from reviewer.desktop.computing import Computing
from reviewer.desktop.explore.state import TraceList
from reviewer.desktop.exports.state import file_stem
from reviewer.desktop.parts.controls import Button, Hairline, dress
from reviewer.desktop.parts.controls import Column as Scrolled
from reviewer.desktop.parts.fields import Choice
from reviewer.desktop.parts.heading import Heading
from reviewer.desktop.parts.segment import SegmentChoice
from reviewer.desktop.parts.table import Cell, Table
from reviewer.desktop.scorecard import cells
from reviewer.desktop.scorecard.rest import Rest
from reviewer.desktop.scorecard.state import SPLIT_BY, Place, ScorecardState
from reviewer.desktop.scorecard.told import told
from reviewer.desktop.segments import Facets, Within, choices, facets
from reviewer.desktop.theme import Theme
from reviewer.desktop.trends.chart import TrendChart
from reviewer.desktop.trends.state import WEEK_US, latest, markers_by_week, rates_to, top_of
from reviewer.desktop.window import Page
from reviewer.errors import Expected
from reviewer.exports.scorecard.lines import footnotes, opening
from reviewer.model.number import Basis, Scorecard, Series
from reviewer.verbs.changes import Changes
from reviewer.verbs.scorecards import scorecard_of
from reviewer.workspace.ask.queue import weeks

if TYPE_CHECKING:
    from reviewer.desktop.bridge import Bridge

KINDS = (".pdf", ".html", ".md", ".json")


class ScorecardPage(Page):
    """One page of numbers with their warrants."""

    name = "scorecard"

    def __init__(self, bridge: "Bridge", theme: Theme) -> None:
        super().__init__()
        self.bridge = bridge
        self.theme = theme
        self.state = ScorecardState()
        self.computing = Computing(bridge, self, self.state, scorecard_of, lambda asked: asked, lambda _: self._show())
        self._places: dict[Table, list[Place]] = {}
        self._current: Place | None = None
        self._build()

    @property
    def title(self) -> str:
        """Return what the sidebar calls it."""
        return self.tr("Scorecard")

    def _build(self) -> None:
        theme = self.theme
        self.heading = Heading(self.title, theme)
        self.weeks = Choice(self.tr("Week"), theme)
        self.weeks.chosen.connect(self._choose)
        self.lengths = Choice(self.tr("Period"), theme)
        self.lengths.chosen.connect(self._choose_length)
        self.segments = SegmentChoice(theme, 20)
        self.segments.within.connect(self._choose_segment)
        self.saves = {kind: Button(kind[1:].upper(), theme, "file-down", primary=kind == ".pdf") for kind in KINDS}
        self.saves[".md"].say("Markdown")
        for kind, button in reversed(self.saves.items()):
            button.clicked.connect(lambda _=False, k=kind: self._save(k))
            self.heading.add(button)
        self.headline = shown.label("", theme=theme, role="heading", wrap=True)
        self.chart_title = shown.label("", theme=theme, weight=600)
        self.chart_about = shown.label("", theme=theme, role="small", color="text2", wrap=True)
        self.chart = TrendChart(theme)
        self.design = shown.label("", theme=theme, role="small", color="text2", wrap=True)
        self.message = shown.label("", theme=theme, color="text2", wrap=True)
        names = (self.tr("Top workflows"), self.tr("Top failure modes"))
        self.lists = [Table(name, (), theme, margin=12, row_height=34, fits=True) for name in names]
        self.titles = [shown.label("", theme=theme, weight=600) for _ in self.lists]
        self.singles = Table(self.tr("Fields"), (), theme, row_height=44, fits=True)
        self.notes = shown.label("", theme=theme, role="small", color="text2", wrap=True)
        self.rest = Rest(theme)
        self.rest.told.connect(self._tell)
        self.rest.opened.connect(self._show_traces)
        self.how_title = shown.label("", theme=theme, weight=600)
        self.how = shown.label("", theme=theme, color="text2", wrap=True)
        self.traces = Button(self.tr("Show the traces"), theme, "list")
        self.traces.clicked.connect(self._show_traces)
        for table in (*self.lists, self.singles):
            table.chosen.connect(lambda _row, t=table: self._explain(t))
            table.opened.connect(lambda _row: self._show_traces())
        self._lay_out()
        self._show()

    def _lay_out(self) -> None:
        body = self.body = Scrolled(self.title, self.theme, (0, 12, 0, 16))
        self.choices = QWidget()
        row = QHBoxLayout(self.choices)
        row.setContentsMargins(28, 0, 28, 4)
        row.setSpacing(12)
        for choice in (self.weeks, self.lengths, self.segments):
            row.addWidget(choice)
        row.addStretch(1)
        body.lines.addWidget(self.choices)
        for widget in (self.message, self.headline, self.design):
            widget.setContentsMargins(28, 0, 28, 0)
            body.lines.addWidget(widget)
        pair = QHBoxLayout()
        pair.setContentsMargins(16, 12, 16, 0)
        pair.setSpacing(20)
        for title, table, part in zip(self.titles, self.lists, (2, 3), strict=True):
            block = QVBoxLayout()
            block.setSpacing(0)
            title.setContentsMargins(12, 0, 0, 0)
            block.addWidget(title)
            block.addWidget(table)
            block.addStretch(1)
            pair.addLayout(block, part)
        body.lines.addLayout(pair)
        body.lines.addSpacing(4)
        body.lines.addWidget(self.singles)
        chart = QVBoxLayout()
        chart.setContentsMargins(28, 12, 28, 0)
        chart.setSpacing(2)
        chart.addWidget(self.chart_title)
        chart.addWidget(self.chart_about)
        chart.addWidget(self.chart)
        body.lines.addLayout(chart)
        self.notes.setContentsMargins(28, 4, 28, 0)
        body.lines.addWidget(self.notes)
        body.lines.addWidget(self.rest)
        body.lines.addStretch(1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self.heading)
        whole.addWidget(body, 1)
        self.foot = QWidget()
        whole.addWidget(self.foot)
        self._lay_out_foot(QVBoxLayout(self.foot))

    def _lay_out_foot(self, lines: QVBoxLayout) -> None:
        """Put at the foot what stays there: how the chosen number is made, and the way to its traces."""
        lines.setContentsMargins(0, 0, 0, 0)
        lines.addWidget(Hairline(self.theme))
        foot = QVBoxLayout()
        foot.setContentsMargins(28, 4, 28, 12)
        foot.setSpacing(4)
        lines.addLayout(foot)
        head = QHBoxLayout()
        head.addWidget(self.how_title, 1)
        head.addWidget(self.traces)
        foot.addLayout(head)
        foot.addWidget(self.how)

    def activated(self) -> None:
        """Compute the card where something changed."""
        self.state.learn([str(week.name) for week in weeks(self.bridge.reader, "trace")])
        self.bridge.ask(facets, SPLIT_BY, then=self._learned)
        self._ask()

    def _learned(self, found: Facets) -> None:
        self.state.segments = choices(found)
        self._show_choices()

    def refresh(self, changes: Changes) -> None:
        """Learn that a number may have changed."""
        if changes.traces or changes.codings or changes.weeks or changes.taxonomy or changes.everything:
            self.computing.outdate()

    def show_subject(self, subject: object) -> None:
        """Show the card of a week, by its name; ``month`` shows four weeks."""
        if subject == "month":
            self.state.choose_length("month")
        else:
            self.state.choose(str(subject))

    def set_theme(self, theme: Theme) -> None:
        """Wear another theme."""
        self.theme = theme
        dress(self, theme)

    def _choose(self, week: object) -> None:
        self.state.choose(str(week))
        self._ask()

    def _choose_length(self, length: object) -> None:
        self.state.choose_length("month" if length == "month" else "week")
        self._ask()

    def _choose_segment(self, segment: Within | None) -> None:
        self.state.choose_segment(segment)
        self._ask()

    def _ask(self) -> None:
        self.computing.ask()
        self._show()

    # Showing

    def _show(self) -> None:
        state, card = self.state, self.state.found
        self._show_choices()
        for button in self.saves.values():
            button.setEnabled(card is not None and state.asked is None)
        self.message.setText(self._message())
        self.message.setVisible(bool(self.message.full_text))
        inside = (
            self.headline,
            self.design,
            *self.titles,
            *self.lists,
            self.singles,
            self.foot,
            self.notes,
        )
        for widget in (*inside, self.rest):
            widget.setVisible(card is not None)
        if card is None:
            self.heading.about("")
            for widget in (self.traces, self.chart_title, self.chart_about, self.chart):
                widget.hide()
            return
        said = wording.days(card.start_us, card.end_us, card.timezone)
        against = self.tr("against %1").replace("%1", card.against) if card.against else ""
        self.heading.about(", ".join(filter(None, (card.period, said, against))))
        self.headline.setText(opening(card))
        self.design.setText(card.design)
        self._show_chart(card)
        self.notes.setText(" ".join(footnotes(card)))
        self._show_lists()
        self._show_singles(card)
        self.rest.show_card(card)
        self._explain(self.singles)

    def _show_choices(self) -> None:
        state = self.state
        self.choices.setVisible(bool(state.weeks))
        self.weeks.offer([(name, name) for name in state.weeks], state.wanted.week)
        lengths = [(self.tr("one week"), "week"), (self.tr("four weeks"), "month")]
        self.lengths.offer(lengths, state.wanted.length)
        by, value = state.wanted.by, state.wanted.value
        self.segments.show_choices(state.segments, (by, value) if by is not None else None)

    def _message(self) -> str:
        state = self.state
        if not state.weeks:
            return self.tr("There is no week yet. Draw one under New week, review it, and its scorecard stands here.")
        if state.trouble:
            return state.trouble
        if state.asked is not None:
            return self.tr("Computing {} …").format(state.asked.week)
        return ""

    def _show_chart(self, card: Scorecard) -> None:
        """Show how the share of failing traces went, with its intervals; a single point is no course."""
        weekly = tuple(replace(point, start_us=point.end_us - WEEK_US) for point in card.line)
        series = Series("fail", self.tr("Failing traces"), weekly, card.line)
        there = len(card.line) > 1
        for widget in (self.chart_title, self.chart_about, self.chart):
            widget.setVisible(there)
        if there:
            point = latest(series)
            now = wording.value(point.number) if point else ""
            self.chart_title.setText(self.tr("Failing traces: {now}").format(now=now))
            about = self.tr("four weeks each, estimate with 95 % interval, {first} to {last}")
            self.chart_about.setText(about.format(first=card.line[0].period, last=card.line[-1].period))
            self.chart.show_series(
                series, rates_to(top_of([series])), -1, "surface", markers_by_week(card.markers, series)
            )

    def _show_singles(self, card: Scorecard) -> None:
        """Show the fields of one number, without columns that would be empty in every row."""
        singles = [place for places in self.state.places(lists=False) for place in places]
        beside = {one.field: one.title for one in reversed(card.diagnoses)}
        compared = any(place.row.previous is not None for place in singles)
        course = any(sum(value is not None for value in place.row.history) > 1 for place in singles)
        self.singles.set_columns(cells.single_columns(compared, course))
        self._fill(
            self.singles,
            singles,
            lambda place: cells.single_cells(place, beside.get(place.field.id, ""), compared, course),
        )

    def _show_lists(self) -> None:
        for table, title, places in zip(self.lists, self.titles, self.state.places(lists=True), strict=False):
            how = (
                any(place.row.number.basis is Basis.ESTIMATE for place in places),
                any(place.row.previous is not None for place in places),
                any(place.row.change is not None for place in places),
                any(place.row.alert is not None for place in places),
            )
            table.set_columns(cells.list_columns(*how))
            if places:
                first = places[0]
                said = wording.badge(first.row.number)
                title.setText(f"{first.number}   {first.field.title}   ·   {said}")
            self._fill(table, places, partial(_list_cells, how))

    def _fill(self, table: Table, places: list[Place], made: Callable[[Place], tuple[Cell, ...]]) -> None:
        self._places[table] = places
        table.show_rows(len(places), lambda row: made(places[row]))

    def _explain(self, table: Table) -> None:
        places, row = self._places.get(table, []), table.row()
        if 0 <= row < len(places):
            for other in (*self.lists, self.singles):
                if other is not table:
                    other.leave()
            self.rest.leave()
            self._tell(places[row])

    def _tell(self, place: Place) -> None:
        """Say at the foot how a number is made, who looks after it, and what moved it."""
        if self.sender() is self.rest:
            for table in (*self.lists, self.singles):
                table.leave()
        self._current = place
        label, title = place.row.label, place.field.title
        named = self.tr("{label} ({title}): how it is made").format(label=label, title=title)
        self.how_title.setText(self.tr("How {} is made").format(title) if label == title else named)
        self.how.setText(" ".join(told(place)))
        self.traces.setVisible(bool(place.row.traces))

    def _show_traces(self) -> None:
        place, card = self._current, self.state.found
        if place is not None and card is not None and place.row.traces:
            self.asked.emit("explore", TraceList(f"{place.row.label}, {card.period}", place.row.traces))

    def _save(self, kind: str) -> None:
        card = self.state.found
        if card is None:
            return
        stem = f"scorecard-{file_stem(card.period)}"
        name, _ = QFileDialog.getSaveFileName(self, self.tr("Save the scorecard"), stem + kind, f"*{kind}")
        if not name:
            return
        path = Path(name)
        try:
            save(card, path if path.suffix.lower() == kind else path.with_name(path.name + kind))
        except Expected as why:
            shown.message(
                self, self.tr("The scorecard could not be saved"), why.sentence, why.next_step, theme=self.theme
            )


def _list_cells(how: tuple[bool, bool, bool, bool], place: Place) -> tuple[Cell, ...]:
    return cells.list_cells(place, *how)


def save(card: Scorecard, path: Path) -> None:
    """Write a scorecard as PDF, HTML, Markdown or JSON, by the ending of the name."""
    if path.suffix.lower() == ".pdf":
        from reviewer.desktop.printing import print_scorecard

        print_scorecard(card, path)
    else:
        from reviewer.verbs.exporting import write_scorecard

        write_scorecard(card, path)
