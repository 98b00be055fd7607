"""The page *Explore*."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QStackedLayout, QVBoxLayout

from reviewer.desktop import shown
from reviewer.desktop.explore.state import (
    FILTERS,
    MOST_HITS,
    ExploreState,
    Facets,
    Listed,
    Pages,
    Showing,
    TraceList,
    lit,
    longest_word,
)
from reviewer.desktop.parts.controls import Button, Ground, dress
from reviewer.desktop.parts.fields import Choice
from reviewer.desktop.parts.heading import Heading
from reviewer.desktop.parts.table import Cell, Column, Table
from reviewer.desktop.theme import Theme
from reviewer.desktop.window import Page
from reviewer.errors import Expected
from reviewer.model.ids import TraceId, WeekName
from reviewer.verbs.changes import Changes
from reviewer.verbs.weeks import add_to_week
from reviewer.wording import decimal, dollars, duration, moment, short_moment
from reviewer.workspace.ask.queue import is_item, weeks
from reviewer.workspace.ask.search import count, search
from reviewer.workspace.ask.settings import timezone
from reviewer.workspace.ask.traces import facet, trace_ids, trace_page
from reviewer.workspace.ask.transcript import about, open_transcript

if TYPE_CHECKING:
    from reviewer.desktop.bridge import Bridge, Ticket
    from reviewer.desktop.explore.reading import ReadingPane
    from reviewer.workspace.file import Reader

SETTLE_MS = 120  # typing asks once it rests this long
REFRESH_MS = 1000
ANY = "any value"


def facets(reader: "Reader") -> Facets:
    """Return the values of every filter with their counts."""
    return {name: facet(reader, name) for name in FILTERS}


def found(reader: "Reader", query: str) -> tuple[list[Listed], int]:
    """Return the rows of the first hits of a search, and how many traces there are in all."""
    hits = [Listed.of_hit(hit, about(reader, hit.trace).time_basis) for hit in search(reader, query, MOST_HITS)]
    return hits, len(hits) if len(hits) < MOST_HITS else count(reader, query)


def listed(reader: "Reader", traces: Sequence[str]) -> list[Listed]:
    """Return the rows of traces by their ids; those that are gone are left out."""
    rows = []
    for trace in traces:
        try:
            rows.append(Listed.of_trace(open_transcript(reader, TraceId(trace)).about))
        except Expected:
            continue
    return rows


def open_week(reader: "Reader") -> str:
    """Return the week that was drawn last and is not closed; empty without one."""
    found = [week for week in weeks(reader) if week.closed_us is None]
    return max(found, key=lambda week: week.created_us).name if found else ""


def standing(reader: "Reader", trace: TraceId) -> tuple[str, bool]:
    """Return the week that is read now, and whether a trace is in it."""
    week = open_week(reader)
    return week, bool(week) and is_item(reader, WeekName(week), trace)


class ExplorePage(Page):
    """A table of all traces, or of those that hold some words; Enter reads one."""

    name = "explore"

    def __init__(self, bridge: "Bridge", theme: Theme) -> None:
        super().__init__()
        self.bridge = bridge
        self.theme = theme
        self.timezone = timezone(bridge.reader)
        self.state = ExploreState(Pages(lambda numbers: trace_page(bridge.reader, numbers)))
        self._ticket: Ticket | None = None
        self._pane: ReadingPane | None = None
        self._stale = True
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.timeout.connect(self._ask)
        self._build()

    @property
    def title(self) -> str:
        """Return what the sidebar calls it."""
        return self.tr("Explore")

    def _build(self) -> None:
        theme = self.theme
        self.heading = Heading(self.title, theme)
        self.words = QLineEdit()
        self.words.setPlaceholderText(self.tr("Search the text of all traces"))
        self.words.setAccessibleName(self.tr("Search the text of all traces"))
        self.words.setClearButtonEnabled(True)
        self.words.setMaxLength(400)
        self.words.textChanged.connect(self._typed)
        self.words.returnPressed.connect(self._to_table)
        self.filters = {name: Choice(self._filter_title(name), theme) for name in FILTERS}
        for name, choice in self.filters.items():
            choice.chosen.connect(lambda value, n=name: self._filter(n, value))
        self.all = Button(self.tr("All traces"), theme, "x")
        self.all.clicked.connect(self._leave_list)
        self.table = Table(self.tr("Traces"), self._columns(), theme)
        self.table.opened.connect(self._open)
        self.nothing = shown.label("", theme=theme, color="text2", wrap=True)
        self.nothing.setContentsMargins(28, 24, 28, 0)
        self.nothing.hide()
        self.all.hide()
        self._lay_out()

    def _lay_out(self) -> None:
        bar = QHBoxLayout()
        bar.setContentsMargins(28, 12, 28, 8)
        bar.setSpacing(8)
        bar.addWidget(self.words, 2)
        for choice in self.filters.values():
            choice.setMinimumContentsLength(8)
            bar.addWidget(choice, 1)
        bar.addWidget(self.all)
        self._list = Ground(self.theme)
        lines = QVBoxLayout(self._list)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(0)
        lines.addWidget(self.heading)
        lines.addLayout(bar)
        lines.addWidget(self.nothing)
        lines.addWidget(self.table, 1)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self._list)

    def _columns(self) -> tuple[Column, ...]:
        return (
            Column(self.tr("time"), 168),
            Column(self.tr("conversation"), share=3),
            Column(self.tr("workflow"), share=1, least=640),
            Column(self.tr("prompt"), 64, least=760),
            Column(self.tr("messages"), 64, right=True, least=900),
            Column(self.tr("latency"), 72, right=True),
            Column(self.tr("cost"), 64, right=True),
            Column(self.tr("status"), 76),
        )

    def _hit_columns(self) -> tuple[Column, ...]:
        return (*self._columns()[:2], Column(self.tr("workflow"), 160, least=640))

    def _filter_title(self, name: str) -> str:
        return {
            "workflow": self.tr("Workflow"),
            "model": self.tr("Model"),
            "prompt_version": self.tr("Prompt"),
            "status": self.tr("Status"),
        }[name]

    def activated(self) -> None:
        """Read again what changed meanwhile, and stand in the search field."""
        if self.state.reading < 0:
            self.words.setFocus()
        if self._stale:
            self._ask()

    def refresh(self, changes: Changes) -> None:
        """Learn that traces came, or went, or that a week holds others."""
        if changes.weeks or changes.everything:
            self._show_week()
        if changes.traces or changes.everything:
            self._stale = True
            # An import says so many times a second: asking once a second is enough, and does not wait for its end.
            if self.isVisible() and not self._settle.isActive():
                self._settle.start(REFRESH_MS)

    def set_theme(self, theme: Theme) -> None:
        """Wear another theme."""
        self.theme = theme
        dress(self, theme)

    def show_subject(self, subject: object) -> None:
        """Show a ``TraceList``; one trace alone is opened."""
        if isinstance(subject, TraceList):
            self.state.want(subject)
            self._ask()

    def _typed(self, text: str) -> None:
        self.state.search(text)
        self._settle.start(SETTLE_MS)

    def _filter(self, name: str, value: object) -> None:
        self.state.filter_by(name, None if value is None else str(value), value != ANY)
        self._ask()

    def _leave_list(self) -> None:
        self.state.leave_list()
        self._ask()

    def _to_table(self) -> None:
        if self.state.count:
            self.table.setFocus()

    def _ask(self) -> None:
        if self._ticket is not None:
            self._ticket.drop()
        self._settle.stop()
        state, ask = self.state, self.bridge.ask
        if state.asked is Showing.LIST and state.wanted is not None:
            self._ticket = ask(listed, state.wanted.traces, then=self._take_list)
        elif state.asked is Showing.HITS:
            self._ticket = ask(found, state.query, then=self._take_hits)
        else:
            ask(facets, then=self._take_facets)
            self._ticket = ask(trace_ids, dict(state.where), then=self._take_all)

    def _take_facets(self, found_values: Facets) -> None:
        self.state.facets = found_values
        for name, choice in self.filters.items():
            title = self._filter_title(name)
            lines: list[tuple[str, object]] = [(self.tr("{}: all").format(title), ANY)]
            for value, times in found_values[name][:200]:
                said = self.tr("not recorded") if value is None else value
                lines.append((f"{said}  ({decimal(times)})", value))
            choice.offer(lines, self.state.where.get(name, ANY))

    def _take_all(self, numbers: list[int]) -> None:
        self._stale = False
        self.state.take_all(numbers)
        self._show()

    def _take_hits(self, answer: tuple[list[Listed], int]) -> None:
        self.state.take_hits(*answer)
        self._show()

    def _take_list(self, rows: list[Listed]) -> None:
        self.state.take_list(rows)
        self._show()
        if len(rows) == 1:
            self._open(0)

    def _show(self) -> None:
        showing = self.state.showing
        self.all.setVisible(showing is Showing.LIST)
        for choice in self.filters.values():
            choice.setVisible(showing is Showing.ALL)
        hits = showing is Showing.HITS
        self.table.set_columns(self._hit_columns() if hits else self._columns())
        self.table.set_row_height(56 if hits else 0)
        self.table.show_rows(self.state.count, self._cells)
        self._say_counts()
        if self.state.reading < 0:
            self._stack.setCurrentWidget(self._list)

    def _say_counts(self) -> None:
        state, rows = self.state, decimal(self.state.count)
        if state.showing is Showing.LIST and state.wanted is not None:
            said = self.tr("{what}: {n} traces").format(what=state.wanted.title, n=rows)
        elif state.showing is Showing.HITS:
            said = self.tr("{} found").format(decimal(state.found))
            if state.found > state.count:
                said = self.tr("{found} found, the first {n} are shown").format(found=decimal(state.found), n=rows)
        else:
            said = self.tr("{} traces").format(rows)
        self.heading.about(said)
        self.nothing.setVisible(not state.count)
        self.table.setVisible(bool(state.count))
        if state.showing is Showing.HITS:
            self.nothing.setText(self.tr("No trace holds these words. Whole words are found, in any order."))
        elif state.where:
            self.nothing.setText(self.tr("No trace has these values. Choose *all* in one of the filters."))
        else:
            self.nothing.setText(self.tr("There are no traces yet. Import some under Sources."))

    def _cells(self, row: int) -> tuple[Cell, ...]:
        found_row = self.state.row(row)
        if found_row is None:
            return (Cell(), Cell(self.tr("This trace is gone."), "text3"))
        ranges = lit(found_row.title, self.state.query) if self.state.showing is Showing.HITS else ()
        failed = found_row.status == "error"
        return (
            Cell(self._time(found_row), "text2"),
            Cell(found_row.title, weight=500, lit=ranges, below=found_row.snippet, below_lit=self._lit(found_row)),
            Cell(found_row.workflow or "", "text2"),
            Cell(found_row.prompt_version or "", "text2"),
            Cell("" if found_row.messages is None else decimal(found_row.messages)),
            Cell("" if found_row.latency_ms is None else duration(found_row.latency_ms)),
            Cell("" if found_row.cost_usd is None else dollars(found_row.cost_usd)),
            Cell(
                found_row.status if found_row.status != "unset" else "",
                "failed" if failed else "text2",
                icon="flag" if found_row.flagged else "",
                icon_color="defer",
            ),
        )

    def _time(self, row: Listed) -> str:
        if row.time_basis == "import":
            return self.tr("imported {}").format(short_moment(row.started_us, self.timezone))
        return moment(row.started_us, self.timezone)

    def _lit(self, row: Listed) -> tuple[tuple[int, int], ...]:
        return lit(row.snippet, self.state.query)

    def _open(self, row: int) -> None:
        found_row = self.state.row(row)
        if found_row is None:
            return
        self.state.reading = row
        pane = self._reading_pane()
        word = longest_word(self.state.query) if self.state.showing is Showing.HITS else ""
        pane.show_trace(open_transcript(self.bridge.reader, TraceId(found_row.id)), row, self.state.count, word)
        self._stack.setCurrentWidget(pane)
        self._show_week()

    def _show_week(self) -> None:
        """Say whether the trace that is open is in the week that is read now."""
        row = self.state.row(self.state.reading) if self.state.reading >= 0 else None
        if row is not None and self._pane is not None:
            self._pane.show_week(*standing(self.bridge.reader, TraceId(row.id)))

    def _add(self) -> None:
        row = self.state.row(self.state.reading)
        week = open_week(self.bridge.reader)
        if row is not None and week:
            self.bridge.write_with_reader(add_to_week, week, row.id)

    def _choose(self) -> None:
        row = self.state.row(self.state.reading)
        if row is not None:
            self.asked.emit("week", TraceList(row.title, (row.id,)))

    def _reading_pane(self) -> "ReadingPane":
        if self._pane is None:
            from reviewer.desktop.explore.reading import ReadingPane

            self._pane = ReadingPane(self.theme, self.timezone)
            self._pane.left.connect(self.leave)
            self._pane.stepped.connect(self._step)
            self._pane.added.connect(self._add)
            self._pane.chosen.connect(self._choose)
            self._stack.addWidget(self._pane)
        return self._pane

    def _step(self, by: int) -> None:
        if self.state.step(by):
            self._open(self.state.reading)

    def leave(self) -> None:
        """Go back to the table from a trace; there is nothing else to leave."""
        if self.state.reading >= 0:
            self._close()

    def _close(self) -> None:
        row, self.state.reading = self.state.reading, -1
        self._stack.setCurrentWidget(self._list)
        if 0 <= row < self.state.count:
            self.table.setCurrentIndex(self.table.rows.index(row, 0))
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)
