"""The page *Scorecard*: nine fields, each with what it stands on, and files to hand on."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout

from reviewer import wording
from reviewer.desktop import shown
from reviewer.desktop.explore.state import TraceList
from reviewer.desktop.exports.state import file_stem
from reviewer.desktop.parts.controls import Button, Choice, Hairline, dress
from reviewer.desktop.parts.controls import Column as Scrolled
from reviewer.desktop.parts.heading import Heading
from reviewer.desktop.parts.table import Cell, Column, Table
from reviewer.desktop.theme import Theme
from reviewer.desktop.window import Page
from reviewer.errors import Expected
from reviewer.exports.scorecard.lines import LISTS, footnotes, line
from reviewer.jobs.messages import Broke, Cancelled, Done
from reviewer.jobs.running import without_channel
from reviewer.model.number import Basis, Field, Row, Scorecard
from reviewer.verbs.changes import Changes
from reviewer.verbs.scorecards import scorecard_of
from reviewer.workspace.ask.queue import weeks

if TYPE_CHECKING:
    from reviewer.desktop.bridge import Bridge
    from reviewer.jobs.running import Job

KINDS = (".pdf", ".html", ".md", ".json")
BADGES = {Basis.ESTIMATE: "estimate", Basis.FIXED_SET: "fixed"}


class Place(NamedTuple):
    """One row of the screen: the field's number and the field, and which of its rows."""

    number: int
    field: Field
    row: Row


@dataclass
class ScorecardState:
    """The chosen week and its card. No Qt."""

    weeks: tuple[str, ...] = ()
    week: str = ""
    card: Scorecard | None = None
    asked: str = ""
    """The week that is being computed, empty when none is."""
    trouble: str = ""
    stale: bool = True

    def learn(self, names: Sequence[str]) -> None:
        """Take the names of the weeks, the oldest first; the newest is chosen unless one was."""
        self.weeks = tuple(reversed(names))
        if self.week not in self.weeks:
            self.week = self.weeks[0] if self.weeks else ""
            self.card, self.stale = None, True

    def choose(self, week: str) -> None:
        """Choose another week."""
        self.stale = self.stale or week != self.week
        self.week, self.trouble = week, ""

    def ask(self) -> bool:
        """Return whether the chosen week has to be computed, and take it as asked."""
        if not self.week or not self.stale:
            return False
        self.asked, self.stale, self.trouble = self.week, False, ""
        return True

    def take(self, week: str, card: Scorecard) -> bool:
        """Take a card; return whether it is the one that was asked last."""
        if week != self.asked:
            return False
        self.card, self.asked = card, ""
        return True

    def refuse(self, week: str, sentence: str) -> None:
        """Take a failure of the week that was asked last."""
        if week == self.asked:
            self.card, self.asked, self.trouble, self.stale = None, "", sentence, True

    def places(self, lists: bool) -> list[list[Place]]:
        """Return the rows of the fields that list several things, or of all others, field by field."""
        numbered = enumerate(self.card.fields, 1) if self.card else ()
        return [[Place(n, f, row) for row in f.rows] for n, f in numbered if (f.id in LISTS) == lists]


class ScorecardPage(Page):
    """One page of numbers with their warrants."""

    name = "scorecard"

    def __init__(self, bridge: "Bridge", theme: Theme) -> None:
        super().__init__()
        self.bridge = bridge
        self.theme = theme
        self.state = ScorecardState()
        self._job: Job | None = None
        self._places: dict[Table, list[Place]] = {}
        self._build()

    @property
    def title(self) -> str:
        """Return what the sidebar calls it."""
        return self.tr("Scorecard")

    def _build(self) -> None:
        theme = self.theme
        self.heading = Heading(self.title, theme)
        self.weeks = Choice(self.tr("Week"), theme)
        self.weeks.setMinimumContentsLength(8)
        self.weeks.chosen.connect(self._choose)
        self.heading.add(self.weeks)
        self.saves = {kind: Button(kind[1:].upper(), theme, "file-down", primary=kind == ".pdf") for kind in KINDS}
        self.saves[".md"].say("Markdown")
        for kind, button in reversed(self.saves.items()):
            button.clicked.connect(lambda _=False, k=kind: self._save(k))
            self.heading.add(button)
        self.headline = shown.label("", theme=theme, role="heading", wrap=True)
        self.design = shown.label("", theme=theme, role="small", color="text2", wrap=True)
        self.message = shown.label("", theme=theme, color="text2", wrap=True)
        names = (self.tr("Top workflows"), self.tr("Top failure modes"))
        self.lists = [Table(name, (), theme, margin=12, row_height=34, fits=True) for name in names]
        self.titles = [shown.label("", theme=theme, weight=600) for _ in self.lists]
        self.singles = Table(self.tr("Fields"), self._single_columns(), theme, row_height=44, fits=True)
        self.how_title = shown.label("", theme=theme, weight=600)
        self.how = shown.label("", theme=theme, color="text2", wrap=True)
        self.traces = Button(self.tr("Show the traces"), theme, "list")
        self.traces.clicked.connect(self._show_traces)
        self.notes = shown.label("", theme=theme, role="small", color="text2", wrap=True)
        for table in (*self.lists, self.singles):
            table.chosen.connect(lambda _row, t=table: self._explain(t))
            table.opened.connect(lambda _row: self._show_traces())
        self._current: Place | None = None
        self._lay_out()
        self._show()

    def _lay_out(self) -> None:
        body = Scrolled(self.title, self.theme, (0, 16, 0, 16))
        self.body = body
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
        foot = QVBoxLayout()
        foot.setContentsMargins(28, 8, 28, 0)
        foot.setSpacing(4)
        head = QHBoxLayout()
        head.addWidget(self.how_title, 1)
        head.addWidget(self.traces)
        foot.addLayout(head)
        foot.addWidget(self.how)
        foot.addSpacing(8)
        foot.addWidget(Hairline(self.theme))
        foot.addWidget(self.notes)
        body.lines.addLayout(foot)
        body.lines.addStretch(1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self.heading)
        whole.addWidget(body, 1)

    def _list_columns(self, estimated: bool) -> tuple[Column, ...]:
        middle = (Column(self.tr("interval"), 120, right=True, least=440),) if estimated else ()
        return (
            Column(""),
            *middle,
            Column(self.tr("now"), 84, right=True),
            Column(self.tr("last"), 84, right=True, least=560 if estimated else 340),
            Column(self.tr("change"), 60, right=True),
        )

    def _single_columns(self) -> tuple[Column, ...]:
        return (
            Column("", 12),
            Column("", share=3),
            Column("", 84),
            Column(self.tr("now"), 96, right=True),
            Column(self.tr("interval or N"), 132),
            Column(self.tr("last"), 72, right=True, least=660),
            Column(self.tr("change"), 72, right=True),
            Column(self.tr("what there is to say"), share=4, least=960),
        )

    def activated(self) -> None:
        """Compute the card where something changed."""
        self.state.learn([str(week.name) for week in weeks(self.bridge.reader)])
        self._ask()

    def refresh(self, changes: Changes) -> None:
        """Learn that a number may have changed."""
        if changes.traces or changes.codings or changes.weeks or changes.taxonomy or changes.everything:
            self.state.stale = True
            if self.isVisible() and self._job is None:
                self.activated()

    def show_subject(self, subject: object) -> None:
        """Show the card of a week, by its name."""
        self.state.choose(str(subject))

    def set_theme(self, theme: Theme) -> None:
        """Wear another theme."""
        self.theme = theme
        dress(self, theme)

    def _choose(self, week: object) -> None:
        self.state.choose(str(week))
        self._ask()

    def _ask(self) -> None:
        state = self.state
        if state.ask():
            if self._job is not None:
                self._job.cancel()
            week, path = state.week, str(self.bridge.workspace_path)
            self._job = self.bridge.job(
                without_channel, scorecard_of, path, week,
                message=lambda _: None, done=lambda end: self._ended(week, end),
            )  # fmt: skip
        self._show()

    def _ended(self, week: str, end: Done | Cancelled | Broke) -> None:
        if week == self.state.asked:
            self._job = None
        if isinstance(end, Done):
            self.state.take(week, end.result)
        elif isinstance(end, Broke):
            self.state.refuse(week, f"{end.sentence} {end.next_step}".strip())
        self._show()

    def _show(self) -> None:
        state, card = self.state, self.state.card
        self.weeks.offer([(name, name) for name in state.weeks], state.week)
        self.weeks.setVisible(bool(state.weeks))
        for button in self.saves.values():
            button.setEnabled(card is not None and not state.asked)
        self.message.setText(self._message())
        self.message.setVisible(bool(self.message.full_text))
        inside = (
            self.headline,
            self.design,
            *self.titles,
            *self.lists,
            self.singles,
            self.how_title,
            self.how,
            self.notes,
        )
        for widget in inside:
            widget.setVisible(card is not None)
        if card is None:
            self.heading.about("")
            self.traces.hide()
            return
        said = wording.days(card.start_us, card.end_us, card.timezone)
        self.heading.about(f"{card.period}, {said}")
        self.headline.setText(wording.headline(card.headline))
        self.design.setText(card.design)
        self.notes.setText(" ".join(footnotes(card)))
        self._show_lists()
        singles = [place for places in state.places(lists=False) for place in places]
        self._fill(self.singles, singles, self._single_cells)
        self._explain(self.singles)

    def _message(self) -> str:
        state = self.state
        if not state.weeks:
            return self.tr("There is no week yet. Draw one under New week, review it, and its scorecard stands here.")
        if state.trouble:
            return state.trouble
        if state.asked:
            return self.tr("Computing {} …").format(state.asked)
        return ""

    def _show_lists(self) -> None:
        for table, title, places in zip(self.lists, self.titles, self.state.places(lists=True), strict=False):
            estimated = any(place.row.number.basis is Basis.ESTIMATE for place in places)
            table.set_columns(self._list_columns(estimated))
            if places:
                first = places[0]
                said = wording.badge(first.row.number)
                title.setText(f"{first.number}   {first.field.title}   ·   {said}")
            self._fill(table, places, partial(self._list_cells, estimated=estimated))

    def _fill(self, table: Table, places: list[Place], cells: Callable[[Place], tuple[Cell, ...]]) -> None:
        self._places[table] = places
        table.show_rows(len(places), lambda row: cells(places[row]))

    def _list_cells(self, place: Place, estimated: bool) -> tuple[Cell, ...]:
        said = line(place.row)
        middle = (Cell(said.warrant, "text2", "small"),) if estimated else ()
        return (
            Cell(said.label),
            *middle,
            Cell(said.now, weight=600),
            Cell(said.before, "text2"),
            Cell(said.change, weight=600),
        )

    def _single_cells(self, place: Place) -> tuple[Cell, ...]:
        said, basis = line(place.row), place.row.number.basis
        known = basis is not Basis.NOT_RECORDED
        label = place.field.title if len(place.field.rows) == 1 else f"{place.field.title}: {said.label}"
        return (
            Cell(str(place.number), "text3"),
            Cell(label, weight=500),
            Cell(chips=(said.badge,) if said.badge else (), chip_role=BADGES.get(basis, "neutral")),
            Cell(said.now, "text" if known else "text3", "reading" if known else "small", 600 if known else None),
            Cell(said.warrant, "text2", "small"),
            Cell(said.before, "text2"),
            Cell(said.change, weight=600),
            Cell(said.detail, "text2", "small"),
        )

    def _explain(self, table: Table) -> None:
        places, row = self._places.get(table, []), table.row()
        if not 0 <= row < len(places):
            return
        place = self._current = places[row]
        for other in (*self.lists, self.singles):
            if other is not table:
                other.leave()
        self.how_title.setText(self.tr("How {} is made").format(place.field.title))
        parts = (
            place.field.explanation,
            self.tr("It stands on: {}.").format(wording.warrant(place.row.number)),
            place.row.detail,
        )
        self.how.setText(" ".join(filter(None, parts)))
        self.traces.setVisible(bool(place.row.traces))

    def _show_traces(self) -> None:
        place, card = self._current, self.state.card
        if place is not None and card is not None and place.row.traces:
            self.asked.emit("explore", TraceList(f"{place.row.label}, {card.period}", place.row.traces))

    def _save(self, kind: str) -> None:
        card = self.state.card
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


def save(card: Scorecard, path: Path) -> None:
    """Write a scorecard as PDF, HTML, Markdown or JSON, by the ending of the name."""
    if path.suffix.lower() == ".pdf":
        from reviewer.desktop.printing import print_scorecard

        print_scorecard(card, path)
    else:
        from reviewer.verbs.exporting import write_scorecard

        write_scorecard(card, path)
