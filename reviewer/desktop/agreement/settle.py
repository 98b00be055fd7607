"""Settling: where readers disagree, the transcript, and what each of them said beside what is decided."""

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from reviewer.desktop import shown
from reviewer.desktop.agreement.settle_state import SettleState
from reviewer.desktop.explore.page import listed
from reviewer.desktop.parts.controls import Button, Ground, Hairline
from reviewer.desktop.parts.controls import Column as Scrolled
from reviewer.desktop.parts.fields import Choice
from reviewer.desktop.parts.table import Cell, Column, Table
from reviewer.desktop.review.transcript.view import TranscriptView
from reviewer.desktop.theme import Theme
from reviewer.errors import Expected
from reviewer.wording import DASH, decimal
from reviewer.workspace.ask.settings import taxonomy, timezone
from reviewer.workspace.ask.transcript import open_transcript

if TYPE_CHECKING:
    from reviewer.desktop.bridge import Bridge, Ticket
    from reviewer.desktop.explore.state import Listed
    from reviewer.verbs.adjudicating import Disagreement

YES, NO = "yes", "no"
NOT_SAID = ""


class SettleView(QWidget):
    """A list of disagreements, the transcript of one, and its decision."""

    def __init__(self, bridge: "Bridge", theme: Theme, reviewer: str) -> None:
        super().__init__()
        self.bridge = bridge
        self.theme = theme
        self.reviewer = reviewer
        self.state = SettleState()
        self.titles: dict[str, str] = {}
        self._week = ""
        self._ticket: Ticket | None = None
        self.count = shown.label("", theme=theme, weight=600, elide=Qt.TextElideMode.ElideRight)
        columns = (Column(self.tr("trace"), share=1), Column(self.tr("differ in"), 96, least=180))
        self.list = Table(self.tr("Where readers disagree"), columns, theme, row_height=36)
        self.list.chosen.connect(self._look_at)
        self.view = TranscriptView(theme, zone=timezone(bridge.reader))
        self.view.setAccessibleName(self.tr("Transcript"))
        self.side = Scrolled(self.tr("What each reader said"), theme, (20, 16, 20, 16))
        self.said = QWidget()
        self.note = QPlainTextEdit()
        self.note.setAccessibleName(self.tr("Why"))
        self.note.setPlaceholderText(self.tr("Why: kept with the decision"))
        self.note.setTabChangesFocus(True)
        self.note.setFont(theme.font("body"))
        self.note.setFixedHeight(theme.px(72))
        self.add = Choice(self.tr("Another failure mode"), theme)
        self.add.chosen.connect(lambda mode: self._say_mode(str(mode), True) if mode else None)
        self.settle = Button(self.tr("Settle and go on"), theme, "check", primary=True)
        self.settle.clicked.connect(self.decide)
        shown.tip(self.settle, self.tr("Ctrl+Enter"))
        self.skip = Button(self.tr("Skip"), theme)
        self.skip.clicked.connect(lambda: self._go(self.state.next_open()))
        self.outcome = shown.label("", theme=theme, color="failed", wrap=True)
        shortcut = QShortcut(QKeySequence("Ctrl+Return"), self)
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.activated.connect(self.decide)
        self._lay_out()

    def _lay_out(self) -> None:
        self.left = left = Ground(self.theme)
        lines = QVBoxLayout(left)
        lines.setContentsMargins(0, 16, 0, 0)
        lines.setSpacing(8)
        head = QHBoxLayout()
        head.setContentsMargins(28, 0, 12, 0)
        head.addWidget(self.count)
        lines.addLayout(head)
        lines.addWidget(self.list, 1)
        for widget in (self.said, self.add, Hairline(self.theme), self.note, self.outcome):
            self.side.lines.addWidget(widget)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self.settle)
        buttons.addWidget(self.skip)
        buttons.addStretch(1)
        self.side.lines.addLayout(buttons)
        self.side.lines.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        left.setMaximumWidth(self.theme.px(320))
        for widget, share in ((left, 2), (self.view, 5), (self.side, 3)):
            row.addWidget(widget, share)
            if widget is not self.side:
                row.addWidget(Hairline(self.theme, standing=True))

    def set_theme(self, theme: Theme) -> None:
        """Wear another theme; what it is made of is dressed by the page."""
        self.theme = theme
        self.note.setFont(theme.font("body"))
        self.note.setFixedHeight(theme.px(72))
        self.left.setMaximumWidth(theme.px(320))
        if self.state.chosen is not None:
            self._show_draft()

    def ask(self, week: str) -> None:
        """Look where readers disagree now, in one week or in all."""
        from reviewer.verbs.adjudicating import disagreements

        if self._ticket is not None:
            self._ticket.drop()
        self._week = week
        self._ticket = self.bridge.ask(disagreements, week or None, then=self.take)

    def take(self, found: "tuple[Disagreement, ...]") -> None:
        """Show what was found; the one that is looked at stays."""
        before = self.state.chosen
        self.state.take(found)
        now = self.state.chosen
        self._ticket = self.bridge.ask(listed, [one.trace for one in found], then=self._take_titles)
        self._show_list()
        # A reason that is being typed stays, whatever else changed meanwhile.
        if (
            before is None
            or now is None
            or (before.week, before.trace, before.decision) != (now.week, now.trace, now.decision)
        ):
            self._show_one()

    def _take_titles(self, rows: "list[Listed]") -> None:
        self.titles = {row.id: row.title for row in rows}
        self._show_list()

    def _show_list(self) -> None:
        state = self.state
        counts = {"n": decimal(state.open_count), "done": decimal(len(state.found) - state.open_count)}
        self.count.setText(self.tr("{n} to settle, {done} settled").format(**counts))
        # The rows may stand in another order now: which one is looked at is what the state says.
        self.list.blockSignals(True)
        self.list.show_rows(len(state.found), self._cells)
        if state.at >= 0:
            self.list.setCurrentIndex(self.list.rows.index(state.at, 0))
        self.list.blockSignals(False)

    def _cells(self, row: int) -> tuple[Cell, ...]:
        one = self.state.found[row]
        color = "text" if one.decision is None else "text3"
        about = one.about[0] if len(one.about) == 1 else self.tr("{} things").format(decimal(len(one.about)))
        return (
            Cell(self.titles.get(one.trace, one.trace), color),
            Cell(self.tr("settled") if one.decision is not None else about.replace("_", " "), "text2", "small"),
        )

    def _look_at(self, row: int) -> None:
        if row != self.state.at:
            self._go(row)

    def _go(self, place: int) -> None:
        self.state.look_at(place)
        self._show_list()
        self._show_one()

    def _show_one(self) -> None:
        one = self.state.chosen
        for widget in (self.side, self.view):
            widget.setVisible(one is not None)
        if one is None:
            return
        now = self.view.transcript
        if now is None or now.about.id != one.trace:
            self.view.show_transcript(open_transcript(self.bridge.reader, one.trace))
        self.note.setPlainText(one.decision.note if one.decision is not None else "")
        self._show_draft()

    def _show_draft(self) -> None:
        """Show what each reader said in columns, and the draft in the last one."""
        one, state = self.state.chosen, self.state
        assert one is not None
        fresh = QWidget()
        grid = QGridLayout(fresh)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(0, 1)
        for column, (name, _) in enumerate(one.readers, 1):
            self._put(grid, 0, column, shown.safe(name, 12), "text2")
        self._put(grid, 0, len(one.readers) + 1, self.tr("settled as"), "text2")
        verdicts: list[tuple[str, object]] = [(DASH, NOT_SAID), (self.tr("pass"), "pass"), (self.tr("fail"), "fail")]
        self.verdict = self._line(grid, self.tr("verdict"), [str(coding.verdict) for _, coding in one.readers], verdicts,
                   state.verdict, self._say_verdict)  # fmt: skip
        known = taxonomy(self.bridge.reader)
        titles: dict[str, str] = {mode.id: mode.title for mode in known.modes}
        for mode in state.tagged():
            said = [self.tr("yes") if mode in coding.modes else DASH for _, coding in one.readers]
            answers: list[tuple[str, object]] = [(self.tr("no"), NO), (self.tr("yes"), YES)]
            self._line(grid, titles.get(mode, mode), said, answers, YES if mode in state.modes else NO,
                       lambda answer, m=mode: self._say_mode(m, answer == YES))  # fmt: skip
        for name in state.scored():
            given = [coding.scores.get(name) for _, coding in one.readers]
            values: list[tuple[str, object]] = [(DASH, None)]
            values += [(f"{value:g}", value) for value in sorted({value for value in given if value is not None})]
            self._line(grid, name.replace("_", " "), [DASH if v is None else f"{v:g}" for v in given], values,
                       state.scores.get(name), lambda value, n=name: self._say_score(n, value))  # fmt: skip
        for name, coding in one.readers:
            if coding.note:
                row = grid.rowCount()
                text = shown.label(f"{name}: {coding.note}", theme=self.theme, color="text2", wrap=True)
                grid.addWidget(text, row, 0, 1, len(one.readers) + 2)
        self.side.lines.replaceWidget(self.said, fresh)
        # The column scrolls up and down alone: what stands in it must fit.
        self.side.setMinimumWidth(fresh.minimumSizeHint().width() + 56)
        self.said.deleteLater()
        self.said = fresh
        others: list[tuple[str, object]] = [(self.tr("Add another failure mode"), NOT_SAID)]
        others += [(mode.title, str(mode.id)) for mode in known.active if mode.id not in state.tagged()]
        self.add.offer(others, NOT_SAID)
        self._show_foot()

    def _put(self, grid: QGridLayout, row: int, column: int, text: str, color: str = "text") -> None:
        label = shown.label(text, theme=self.theme, color=color)
        grid.addWidget(label, row, column, Qt.AlignmentFlag.AlignVCenter)

    def _line(
        self, grid: QGridLayout, title: str, said: list[str], answers: list[tuple[str, object]], now: object, then: Any
    ) -> Choice:
        """Add one line: what it is about, what each reader said, and the field of what is settled, which it returns."""
        row = grid.rowCount()
        differs = len(set(said)) > 1
        grid.addWidget(shown.label(title, theme=self.theme, weight=600 if differs else 400, wrap=True), row, 0)
        for column, text in enumerate(said, 1):
            self._put(grid, row, column, text, "text" if differs else "text2")
        field = Choice(self.tr("{} is settled as").format(shown.safe(title, 60)), self.theme)
        field.setMinimumContentsLength(4)
        field.offer(answers, now)
        field.chosen.connect(then)
        grid.addWidget(field, row, len(said) + 1)
        return field

    def _say_verdict(self, verdict: object) -> None:
        self.state.verdict = str(verdict)
        self._show_foot()

    def _say_mode(self, mode: str, on: bool) -> None:
        before = self.state.tagged()
        self.state.say_mode(mode, on)
        if self.state.tagged() != before:
            self._show_draft()
        else:
            self.verdict.setCurrentIndex(self.verdict.findData(self.state.verdict))
            self._show_foot()

    def _say_score(self, name: str, value: object) -> None:
        self.state.say_score(name, float(value) if isinstance(value, int | float) else None)

    def _show_foot(self) -> None:
        state = self.state
        self.settle.setEnabled(state.can_decide)
        self.outcome.setText(state.trouble)
        self.outcome.setVisible(bool(state.trouble))

    def decide(self) -> None:
        """Store the draft and look at the next one that is open."""
        from reviewer.verbs.adjudicating import decide

        state, one = self.state, self.state.chosen
        if one is None or not state.can_decide:
            return
        state.busy = True
        self._show_foot()
        wanted = state.wanted(self.reviewer, self.note.toPlainText().strip())
        self.bridge.write_with_reader(decide, one.week, wanted, then=lambda _: self._decided(), failed=self._refused)

    def _decided(self) -> None:
        self.state.busy = False
        following = self.state.next_open()
        if following >= 0:
            self._go(following)
        self.ask(self._week)

    def _refused(self, why: BaseException) -> None:
        if not isinstance(why, Expected):
            raise why
        self.state.busy, self.state.trouble = False, str(why)
        self._show_foot()
