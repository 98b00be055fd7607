"""The page *Judges*."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QVBoxLayout

from reviewer import wording
from reviewer.desktop import shown
from reviewer.desktop.computing import ALL_WEEKS, Computing
from reviewer.desktop.explore.state import TraceList
from reviewer.desktop.judges import words
from reviewer.desktop.judges.detail import JudgeDetail
from reviewer.desktop.judges.state import JudgesState
from reviewer.desktop.parts.controls import Column as Scrolled
from reviewer.desktop.parts.controls import dress
from reviewer.desktop.parts.fields import Choice
from reviewer.desktop.parts.heading import Heading
from reviewer.desktop.parts.method import Method
from reviewer.desktop.parts.table import Cell, Column, Table
from reviewer.desktop.theme import Theme
from reviewer.desktop.window import Page
from reviewer.model.judge import Cut, Judge
from reviewer.model.number import Number
from reviewer.verbs.changes import Changes
from reviewer.verbs.judges import judges_of, set_cut
from reviewer.workspace.ask.queue import weeks

if TYPE_CHECKING:
    from reviewer.desktop.bridge import Bridge


class JudgesPage(Page):
    """One row a judge, and below it what the judge finds, misses, and says once it is put right."""

    name = "judges"

    def __init__(self, bridge: "Bridge", theme: Theme) -> None:
        super().__init__()
        self.bridge = bridge
        self.theme = theme
        self.state = JudgesState()
        self.computing = Computing(
            bridge, self, self.state, judges_of, lambda week: (week or None,), lambda _: self._show()
        )
        self._build()

    @property
    def title(self) -> str:
        """Return what the sidebar calls it."""
        return self.tr("Judges")

    def _build(self) -> None:
        theme = self.theme
        self.heading = Heading(self.title, theme)
        self.weeks = Choice(self.tr("Week"), theme)
        self.weeks.chosen.connect(self._choose)
        self.heading.add(self.weeks)
        self.method = Method(self.tr("How are these numbers made?"), words.method(), theme)
        self.heading.add(self.method.button)
        self.message = shown.label("", theme=theme, color="text2", wrap=True)
        self.table = Table(self.title, self._columns(), theme, row_height=48, fits=True)
        self.table.chosen.connect(self._look_at)
        self.detail = JudgeDetail(theme)
        self.detail.missed.connect(partial(self._show_traces, True))
        self.detail.false_alarms.connect(partial(self._show_traces, False))
        self.detail.cut_wanted.connect(self._set_cut)
        body = Scrolled(self.title, theme, (0, 16, 0, 24))
        self.message.setContentsMargins(28, 0, 28, 0)
        for widget in (self.message, self.table, self.detail):
            body.lines.addWidget(widget)
        body.lines.addStretch(1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self.heading)
        whole.addWidget(self.method)
        whole.addWidget(body, 1)
        self._show()

    def _columns(self) -> tuple[Column, ...]:
        return (
            Column(self.tr("judge"), share=3),
            Column(self.tr("held against"), share=2, least=720),
            Column(self.tr("reviewed"), 64, right=True),
            Column(self.tr("finds"), 72, right=True),
            Column(self.tr("right in alarms"), 96, right=True),
            Column(self.tr("lets pass"), 72, right=True, least=800),
            Column(self.tr("says"), 72, right=True),
            Column(self.tr("put right"), 72, right=True),
            Column(self.tr("95 % interval"), 112, least=900),
        )

    def activated(self) -> None:
        """Compute the judges where something changed."""
        self.state.learn([str(week.name) for week in weeks(self.bridge.reader, "trace")])
        self._ask()

    def refresh(self, changes: Changes) -> None:
        """Learn that people or judges may have said more."""
        told = changes.traces or changes.codings or changes.weeks or changes.taxonomy or changes.judges
        if told or changes.everything:
            self.computing.outdate()

    def show_subject(self, subject: object) -> None:
        """Show the judges of a week, by its name."""
        self.state.want(str(subject))

    def set_theme(self, theme: Theme) -> None:
        """Wear another theme."""
        self.theme = theme
        dress(self, theme)

    def _choose(self, week: object) -> None:
        self.state.want(str(week))
        self._ask()

    def _ask(self) -> None:
        self.computing.ask()
        self._show()

    def _show(self) -> None:
        state, judges = self.state, self.state.found or ()
        offered = [(self.tr("all weeks"), ALL_WEEKS), *((name, name) for name in state.weeks)]
        self.weeks.offer(offered, state.wanted)
        self.weeks.setVisible(len(state.weeks) > 1)
        self.message.setText(self._message())
        self.message.setVisible(bool(self.message.full_text))
        self.heading.about(self.tr("automatic scores, held against what people say") if judges else "")
        self.table.setVisible(bool(judges))
        self.table.show_rows(len(judges), lambda row: self._cells(judges[row]))
        self._show_judge()

    def _message(self) -> str:
        state = self.state
        if state.trouble:
            return state.trouble
        if not state.weeks:
            return self.tr("Judges are held against people week by week. Draw one under New week and review it.")
        if state.asked is not None and state.found is None:
            return self.tr("Holding the judges against people …")
        if not state.found:
            return self.tr("No judge has scored a trace of this week.")
        return ""

    def _cells(self, judge: Judge) -> tuple[Cell, ...]:
        corrected = judge.corrected
        return (
            Cell(judge.name, weight=500, below=words.kind(judge)),
            Cell(judge.of_title),
            Cell(wording.decimal(judge.labelled)),
            _share(judge.sensitivity),
            _share(judge.precision if judge.precision.n else None),
            _share(judge.specificity),
            _share(judge.raw),
            Cell(wording.DASH if corrected is None else wording.value(corrected), weight=600),
            Cell("" if corrected is None else wording.interval_or_size(corrected), "text2", "small"),
        )

    def _look_at(self, row: int) -> None:
        judges = self.state.found or ()
        if row < len(judges):
            self.state.name = judges[row].name
            self._show_judge()

    def _show_judge(self) -> None:
        judge = self.state.chosen
        self.detail.setVisible(judge is not None)
        if judge is not None:
            self.detail.show_judge(judge)

    def _set_cut(self, text: str, fails_below: bool) -> None:
        judge, cut = self.state.chosen, self.state.cut(text, fails_below)
        if judge is not None and cut is not None:
            self.bridge.write(set_cut, judge.name, Cut(cut.at, cut.fails_below))
        elif judge is not None:
            self.detail.show_judge(judge)

    def _show_traces(self, missed: bool) -> None:
        judge = self.state.chosen
        if judge is None:
            return
        told = self.tr("{judge}: missed") if missed else self.tr("{judge}: false alarms")
        traces = judge.missed_traces if missed else judge.false_alarm_traces
        if traces:
            self.asked.emit("explore", TraceList(told.format(judge=judge.name), tuple(dict.fromkeys(traces))))


def _share(number: Number | None) -> Cell:
    if number is None or number.value is None:
        return Cell(wording.DASH, "text3")
    return Cell(wording.value(number))
