"""The page *Segments*."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from reviewer.desktop import shown
from reviewer.desktop.computing import Computing
from reviewer.desktop.imports.page import Bar
from reviewer.desktop.parts.controls import Button, Ground, Hairline, dress
from reviewer.desktop.parts.heading import Heading
from reviewer.desktop.parts.table import Cell, Column, Table
from reviewer.desktop.segment_rules.rule import RulePane
from reviewer.desktop.segment_rules.state import Phase, SegmentsState
from reviewer.desktop.theme import Theme
from reviewer.desktop.week.plan import segment_title
from reviewer.desktop.window import Page
from reviewer.errors import Expected
from reviewer.jobs.messages import Broke, Done, Progress
from reviewer.model.week import SEGMENTS
from reviewer.verbs.changes import Changes
from reviewer.verbs.segments import apply, preview_of, survey_of, work_out
from reviewer.wording import decimal, share
from reviewer.workspace.ask.segments import rules

if TYPE_CHECKING:
    from reviewer.desktop.bridge import Bridge
    from reviewer.jobs.messages import Message
    from reviewer.jobs.running import Job
    from reviewer.verbs.segments import Tally


class SegmentsPage(Page):
    """Six segments with their rules; below the rule of one, and the attributes that it can name."""

    name = "segments"

    def __init__(self, bridge: "Bridge", theme: Theme) -> None:
        super().__init__()
        self.bridge = bridge
        self.theme = theme
        self.state = SegmentsState()
        self._job: Job | None = None
        self._listed: Sequence[tuple[str, Tally]] = ()
        self.surveying = Computing(
            bridge, self, self.state.survey, survey_of, lambda _: (), lambda _: self._show_attributes()
        )
        self.previewing = Computing(
            bridge, self, self.state.preview, preview_of, lambda wanted: (wanted,), lambda _: self._show()
        )
        self._build()

    @property
    def title(self) -> str:
        """Return what the sidebar calls it."""
        return self.tr("Segments")

    @property
    def count(self) -> str:
        """Return how far applying is."""
        return share(self.state.part, 0) if self.state.busy else ""

    def _build(self) -> None:
        theme = self.theme
        self.heading = Heading(self.title, theme)
        self.cancel = Button(self.tr("Cancel"), theme, "x")
        self.cancel.clicked.connect(self._cancel)
        self.undo = Button(self.tr("Undo"), theme, "undo-2")
        self.undo.clicked.connect(lambda: self._change(self.state.undo))
        self.reset = Button(self.tr("All as found"), theme, "rotate-cw")
        self.reset.clicked.connect(lambda: self._change(self.state.as_found))
        self.apply = Button(self.tr("Apply"), theme, "check", primary=True)
        self.apply.clicked.connect(self._apply)
        for button in (self.cancel, self.undo, self.reset, self.apply):
            self.heading.add(button)
        self.bar = Bar(theme)
        self.note = shown.label("", theme=theme, color="text2", wrap=True)
        self.note.setContentsMargins(28, 12, 28, 0)
        self.segments = Table(self.title, self._segment_columns(), theme, fits=True)
        self.segments.chosen.connect(self._choose)
        self.rule = RulePane(self.state, theme)
        self.rule.dropped.connect(lambda name: self._change(self.state.drop, name))
        self.words = QLineEdit()
        self.words.setPlaceholderText(self.tr("Search attributes and values"))
        self.words.setAccessibleName(self.tr("Search attributes and values"))
        self.words.setClearButtonEnabled(True)
        self.words.textChanged.connect(self._search)
        self.attributes = Table(self.tr("Attributes"), self._attribute_columns(), theme, margin=20)
        self.words.returnPressed.connect(self.attributes.setFocus)
        self.attributes.opened.connect(self._use)
        self.use = Button(self.tr("Use"), theme, "plus")
        self.use.clicked.connect(lambda: self._use(self.attributes.row()))
        self._lay_out()

    def _segment_columns(self) -> tuple[Column, ...]:
        return (
            Column(self.tr("segment"), 130),
            Column(self.tr("taken from"), share=3),
            Column(self.tr("values"), share=4),
            Column(self.tr("do not say"), 100, right=True, least=560),
            Column(self.tr("would change"), 110, right=True),
        )

    def _attribute_columns(self) -> tuple[Column, ...]:
        return (
            Column(self.tr("attribute"), share=3),
            Column(self.tr("values"), share=4, least=360),
            Column(self.tr("traces"), 72, right=True),
        )

    def _lay_out(self) -> None:
        ground = Ground(self.theme)
        right = QVBoxLayout()
        right.setContentsMargins(0, 12, 0, 12)
        right.setSpacing(8)
        search = QHBoxLayout()
        search.setContentsMargins(20, 0, 28, 0)
        search.setSpacing(8)
        search.addWidget(self.words, 1)
        search.addWidget(self.use)
        right.addLayout(search)
        right.addWidget(self.attributes, 1)
        self.halves = QWidget()
        halves = QHBoxLayout(self.halves)
        halves.setContentsMargins(0, 12, 0, 0)
        halves.setSpacing(0)
        halves.addWidget(self.rule, 2)
        halves.addWidget(Hairline(self.theme, standing=True))
        halves.addLayout(right, 3)
        lines = QVBoxLayout(ground)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(0)
        for widget in (self.heading, self.bar, self.note, self.segments):
            lines.addWidget(widget)
        lines.addWidget(self.halves, 1)
        lines.addStretch(0)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(ground)

    def set_theme(self, theme: Theme) -> None:
        """Wear another theme."""
        self.theme = theme
        dress(self, theme)

    def activated(self) -> None:
        """Learn the rules that count, and ask for what is not known."""
        self.state.learn(rules(self.bridge.reader))
        self.surveying.ask()
        self.previewing.ask()
        self._show()

    def refresh(self, changes: Changes) -> None:
        """Learn that traces came in, or that rules were applied."""
        if changes.traces or changes.everything:
            self.surveying.outdate()
            self.previewing.outdate()

    def _change(self, intent: Callable[..., object], *values: object) -> None:
        intent(*values)
        self.previewing.ask()
        self._show()

    def _choose(self, row: int) -> None:
        self.state.choose(SEGMENTS[row])
        self._show_rule()

    def _search(self, words: str) -> None:
        self.state.words = words
        self._show_attributes()

    def _use(self, row: int) -> None:
        if 0 <= row < len(self._listed):
            self._change(self.state.use, self._listed[row][0])

    def _apply(self) -> None:
        state = self.state
        if state.begin():
            path = str(self.bridge.workspace_path)
            self._job = self.bridge.job(work_out, path, state.rules, message=self._heard, done=self._worked_out)
            self._show()

    def _heard(self, message: "Message") -> None:
        if isinstance(message, Progress):
            self.state.hear(message)
            self._show_progress()

    def _cancel(self) -> None:
        if self._job is not None:
            self._job.cancel()
        self.state.stop()
        self._show()

    def _worked_out(self, end: "Message") -> None:
        self._job = None
        if isinstance(end, Done) and self.state.write():
            self.bridge.write(apply, end.result, then=lambda _: self._ended(), failed=self._failed)
        else:
            if isinstance(end, Broke):
                self.bridge.went_wrong.emit(Expected(end.sentence, end.next_step))
            self.state.end()
        self._show()

    def _failed(self, why: BaseException) -> None:
        self._ended()
        if not isinstance(why, Expected):
            raise why
        self.bridge.went_wrong.emit(why)

    def _ended(self) -> None:
        self.state.end()
        self.activated()
        self.bridge.changed.emit(Changes())  # nothing new, but the figure in the sidebar goes

    def _show(self) -> None:
        state = self.state
        self.cancel.setVisible(state.busy)
        self.cancel.setEnabled(state.phase is Phase.WORKING)
        self.undo.setVisible(state.is_changed and not state.busy)
        self.reset.setEnabled(bool(state.rules) and not state.busy)
        self.apply.setEnabled(state.may_apply)
        self.segments.show_rows(len(SEGMENTS), self._segment_cells)
        self._show_rule()
        self._show_progress()

    def _show_rule(self) -> None:
        self.rule.show_rule()
        self._show_attributes()

    def _show_attributes(self) -> None:
        listed = self._listed = self.state.listed()
        self.attributes.show_rows(len(listed), self._attribute_cells)
        self.use.setEnabled(bool(listed) and not self.state.busy)
        note = self._note()
        self.note.setText(note)
        self.note.setVisible(bool(note))

    def _note(self) -> str:
        state = self.state
        if trouble := state.survey.trouble or state.preview.trouble:
            return trouble
        survey = state.survey.found
        if survey is None:
            return ""
        if not survey.traces:
            return self.tr("There are no traces yet. Bring some in under Sources.")
        if survey.without:
            return self.tr(
                "{} traces came in before their attributes were kept. Import their files again to add them; nothing "
                "else of them changes."
            ).format(decimal(survey.without))
        return ""

    def _show_progress(self) -> None:
        state = self.state
        self.bar.setVisible(state.busy)
        self.bar.say(state.part, share(state.part, 0))
        self.heading.about(self._about())

    def _about(self) -> str:
        state, seen = self.state, self.state.seen
        if state.phase is Phase.STOPPING:
            return self.tr("stopping")
        if state.phase is Phase.WRITING:
            return self.tr("writing …")
        if state.busy:
            return self.tr("{} of {} traces").format(decimal(state.done), decimal(state.total))
        if seen is None:
            return self.tr("counting …") if not state.preview.trouble else ""
        if state.is_changed:
            said = self.tr("{changed} of {all} traces would change; nothing is written yet")
            return said.format(changed=decimal(seen.changed), all=decimal(seen.traces))
        return self.tr("what numbers and samples are split by")

    def _segment_cells(self, row: int) -> tuple[Cell, ...]:
        segment, state = SEGMENTS[row], self.state
        names = state.rules.get(segment, ())
        taken = Cell(", ".join(names), font="mono") if names else Cell(self.tr("as found"), "text2")
        title = Cell(segment_title(segment), weight=500)
        if state.seen is None:
            return title, taken, Cell("…", "text3"), Cell(), Cell()
        outcome = state.seen.segments[segment]
        values = ", ".join(value for value, _ in outcome.after.common)
        changed = Cell(decimal(outcome.changed), weight=600) if outcome.changed else Cell("0", "text3")
        return title, taken, Cell(values, "text2"), Cell(decimal(outcome.unknown)), changed

    def _attribute_cells(self, row: int) -> tuple[Cell, ...]:
        name, tally = self._listed[row]
        values = ", ".join(f"{value} {decimal(traces)}" for value, traces in tally.common)
        return Cell(name, font="mono"), Cell(values, "text2"), Cell(decimal(tally.traces))
