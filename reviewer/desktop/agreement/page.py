"""The page *Agreement*."""

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout

from reviewer import wording
from reviewer.desktop import shown
from reviewer.desktop.agreement import words
from reviewer.desktop.agreement.state import AgreementState
from reviewer.desktop.computing import ALL_WEEKS, Computing
from reviewer.desktop.explore.page import listed
from reviewer.desktop.explore.state import Listed, TraceList
from reviewer.desktop.parts.controls import Button, Hairline, dress
from reviewer.desktop.parts.controls import Column as Scrolled
from reviewer.desktop.parts.fields import Choice
from reviewer.desktop.parts.heading import Heading
from reviewer.desktop.parts.method import Method
from reviewer.desktop.parts.table import Cell, Column, Table
from reviewer.desktop.theme import Theme
from reviewer.desktop.window import Page
from reviewer.model.agreement import Agreement
from reviewer.model.number import Number
from reviewer.verbs.agreement import agreement_of
from reviewer.verbs.changes import Changes
from reviewer.workspace.ask.queue import weeks

if TYPE_CHECKING:
    from reviewer.desktop.agreement.settle import SettleView
    from reviewer.desktop.bridge import Bridge, Ticket

NUMBERS, SETTLING = "numbers", "settling"
LISTED = 50
"""Differing traces that are shown by name; the list in Explore holds all of them."""


class AgreementPage(Page):
    """One row a question, what its numbers mean, and the traces on which people differ."""

    name = "agreement"

    def __init__(self, bridge: "Bridge", theme: Theme, reviewer: str) -> None:
        super().__init__()
        self.bridge = bridge
        self.reviewer = reviewer
        self.theme = theme
        self.state = AgreementState()
        self.computing = Computing(
            bridge, self, self.state, agreement_of, lambda week: (week or None,), lambda _: self._show()
        )
        self._ticket: Ticket | None = None
        self._titles: dict[str, str] = {}
        self.settling: SettleView | None = None
        self._build()

    @property
    def title(self) -> str:
        """Return what the sidebar calls it."""
        return self.tr("Agreement")

    def _build(self) -> None:
        theme = self.theme
        self.heading = Heading(self.title, theme)
        self.weeks = Choice(self.tr("Week"), theme)
        self.weeks.chosen.connect(self._choose)
        self.views = Choice(self.tr("Show"), theme)
        self.views.offer([(self.tr("Numbers"), NUMBERS), (self.tr("To settle"), SETTLING)], NUMBERS)
        self.views.chosen.connect(self._turn_to)
        self.heading.add(self.views)
        self.heading.add(self.weeks)
        self.method = Method(self.tr("How are these numbers made?"), words.method(), theme)
        self.heading.add(self.method.button)
        self.message = shown.label("", theme=theme, color="text2", wrap=True)
        self.groups = [shown.label(title, theme=theme, weight=600) for title in self._group_titles()]
        self.tables = [Table(title, self._columns(), theme, row_height=36, fits=True) for title in self._group_titles()]
        for place, table in enumerate(self.tables):
            table.chosen.connect(lambda row, p=place: self._look_at(p, row))
            table.opened.connect(lambda _row: self._show_list())
        self.how_title = shown.label("", theme=theme, role="heading", wrap=True)
        self.how = shown.label("", theme=theme, color="text2", wrap=True)
        self.pairs = shown.label("", theme=theme, color="text2", wrap=True)
        self.differ_title = shown.label("", theme=theme, weight=600)
        self.list = Button(self.tr("Open as a list"), theme, "list")
        self.list.clicked.connect(self._show_list)
        columns = (Column(self.tr("trace"), share=3), Column(self.tr("week"), 96), Column(self.tr("answers"), share=4))
        self.differ = Table(self.tr("Traces on which they differ"), columns, theme, row_height=36, fits=True)
        self.differ.opened.connect(self._open_trace)
        self._lay_out()
        self._show()

    def _group_titles(self) -> tuple[str, str]:
        return self.tr("Readers of this workspace"), self.tr("People whose scores were imported")

    def _columns(self) -> tuple[Column, ...]:
        return (
            Column(self.tr("question"), share=3),
            Column(self.tr("traces"), 60, right=True, least=760),
            Column(self.tr("seen in"), 60, right=True),
            Column(self.tr("same answer"), 84, right=True),
            Column(self.tr("second agrees"), 96, right=True),
            Column(self.tr("kappa"), 56, right=True, least=900),
            Column(self.tr("AC1"), 56, right=True),
            Column(self.tr("alpha"), 56, right=True),
            Column(self.tr("95 % interval"), 96, least=840),
            Column(self.tr("differ"), 56, right=True),
        )

    def _lay_out(self) -> None:
        body = Scrolled(self.title, self.theme, (0, 16, 0, 24))
        self.body = body
        self.message.setContentsMargins(28, 0, 28, 0)
        body.lines.addWidget(self.message)
        for title, table in zip(self.groups, self.tables, strict=True):
            title.setContentsMargins(28, 12, 28, 0)
            body.lines.addWidget(title)
            body.lines.addWidget(table)
        foot = QVBoxLayout()
        foot.setContentsMargins(28, 12, 28, 0)
        foot.setSpacing(8)
        for widget in (self.how_title, self.how, self.pairs):
            foot.addWidget(widget)
        foot.addSpacing(4)
        foot.addWidget(Hairline(self.theme))
        head = QHBoxLayout()
        head.addWidget(self.differ_title, 1)
        head.addWidget(self.list)
        foot.addLayout(head)
        body.lines.addLayout(foot)
        body.lines.addWidget(self.differ)
        body.lines.addStretch(1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self.heading)
        whole.addWidget(self.method)
        self.shown = QStackedWidget()
        self.shown.addWidget(body)
        whole.addWidget(self.shown, 1)

    def activated(self) -> None:
        """Compute the report where something changed."""
        self.state.learn([str(week.name) for week in weeks(self.bridge.reader, "trace")])
        self._ask()
        if self.settling is not None:
            self.settling.ask(self.state.wanted)

    def _turn_to(self, what: object) -> None:
        """Show the numbers, or where readers disagree and what is decided there."""
        if what == SETTLING and self.settling is None:
            from reviewer.desktop.agreement.settle import SettleView

            self.settling = SettleView(self.bridge, self.theme, self.reviewer)
            self.shown.addWidget(self.settling)
            self.settling.ask(self.state.wanted)
        self.shown.setCurrentIndex([NUMBERS, SETTLING].index(str(what)))

    def refresh(self, changes: Changes) -> None:
        """Learn that readers may have said more."""
        if changes.traces or changes.codings or changes.weeks or changes.taxonomy or changes.everything:
            self.computing.outdate()
            if self.settling is not None and self.isVisible():
                self.settling.ask(self.state.wanted)

    def show_subject(self, subject: object) -> None:
        """Show the agreement of a week, by its name."""
        self.state.want(str(subject))

    def set_theme(self, theme: Theme) -> None:
        """Wear another theme."""
        self.theme = theme
        dress(self, theme)

    def _choose(self, week: object) -> None:
        self.state.want(str(week))
        self._ask()
        if self.settling is not None:
            self.settling.ask(self.state.wanted)

    def _ask(self) -> None:
        self.computing.ask()
        self._show()

    def _show(self) -> None:
        state = self.state
        offered = [(self.tr("all weeks"), ALL_WEEKS), *((name, name) for name in state.weeks)]
        self.weeks.offer(offered, state.wanted)
        self.weeks.setVisible(len(state.weeks) > 1)
        self.message.setText(self._message())
        self.message.setVisible(bool(self.message.full_text))
        sides = (state.found.readers, state.found.annotators) if state.found else ((), ())
        for title, table, rows in zip(self.groups, self.tables, sides, strict=True):
            title.setVisible(bool(rows))
            table.setVisible(bool(rows))
            table.show_rows(len(rows), lambda row, r=rows: self._cells(r[row]))  # type: ignore[misc]
        self.heading.about(self.tr("how far people agree who judged the same traces") if state.questions else "")
        self._show_question()

    def _message(self) -> str:
        state = self.state
        if state.trouble:
            return state.trouble
        if state.asked is not None and state.found is None:
            return self.tr("Comparing the answers …")
        if not state.questions:
            return self.tr("No trace of this week was judged by two people.")
        return ""

    def _cells(self, one: Agreement) -> tuple[Cell, ...]:
        differ = len(one.differing)
        return (
            Cell(one.title, weight=500),
            Cell(wording.decimal(one.traces)),
            Cell("" if one.positives is None else wording.decimal(one.positives)),
            Cell(wording.value(one.raw), weight=600),
            _share(one.positive),
            _coefficient(one.kappa),
            _coefficient(one.ac1),
            _coefficient(one.alpha),
            Cell(words.limits(one), "text2", "small"),
            Cell(wording.decimal(differ) if differ else wording.DASH, "text" if differ else "text3"),
        )

    def _look_at(self, place: int, row: int) -> None:
        before = len(self.state.found.readers) if place and self.state.found else 0
        for other, table in enumerate(self.tables):
            if other != place:
                table.leave()
        self.state.question = before + row
        self._show_question()

    def _show_question(self) -> None:
        one, differing = self.state.chosen, self.state.differing
        for widget in (self.how_title, self.how, self.differ_title):
            widget.setVisible(one is not None)
        self.pairs.setVisible(one is not None and bool(words.pairs(one)))
        self.differ.setVisible(bool(differing))
        self.list.setVisible(bool(differing))
        if one is None:
            return
        self.how_title.setText(one.title)
        self.how.setText(words.explained(one))
        self.pairs.setText(words.pairs(one))
        many = self.tr("{n} traces on which they differ").format(n=wording.decimal(len(differing)))
        self.differ_title.setText(many if differing else self.tr("They agree on every trace."))
        self._titles = {}
        self._show_differing()
        if self._ticket is not None:
            self._ticket.drop()
        if differing:
            traces = [difference.trace for difference in differing[:LISTED]]
            self._ticket = self.bridge.ask(listed, traces, then=self._take_titles)

    def _take_titles(self, rows: list[Listed]) -> None:
        self._titles = {row.id: row.title for row in rows}
        self._show_differing()

    def _show_differing(self) -> None:
        differing = self.state.differing[:LISTED]

        def cells(row: int) -> tuple[Cell, ...]:
            difference = differing[row]
            said = ", ".join(f"{reader}: {answer}" for reader, answer in difference.said)
            return (
                Cell(self._titles.get(difference.trace, difference.trace)),
                Cell(difference.week, "text2"),
                Cell(said, "text2"),
            )

        self.differ.show_rows(len(differing), cells)

    def _open_trace(self, row: int) -> None:
        one = self.state.chosen
        if one is not None and row < len(one.differing):
            self.asked.emit("explore", TraceList(one.title, (one.differing[row].trace,)))

    def _show_list(self) -> None:
        one = self.state.chosen
        if one is not None and one.differing:
            title = self.tr("{question}: readers differ").format(question=one.title)
            traces = tuple(dict.fromkeys(difference.trace for difference in one.differing))
            self.asked.emit("explore", TraceList(title, traces))


def _share(number: Number | None) -> Cell:
    return Cell("" if number is None else wording.DASH if number.value is None else wording.value(number))


def _coefficient(number: Number | None) -> Cell:
    said = wording.coefficient(number)
    return Cell(said, "text3" if said == wording.DASH else "text")
