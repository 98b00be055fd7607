"""The lower part of *Judges*: one judge in sentences, its table of four counts, and its cut."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QDoubleValidator
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout

from reviewer import wording
from reviewer.desktop import shown
from reviewer.desktop.judges import words
from reviewer.desktop.parts.controls import Button, Ground, Hairline, dress
from reviewer.desktop.parts.fields import Choice
from reviewer.desktop.parts.table import Cell, Column, Table
from reviewer.desktop.theme import Theme
from reviewer.model.judge import Judge


class JudgeDetail(Ground):
    """``cut_wanted`` carries what was typed and whether lower numbers fail; the others ask for traces."""

    missed = Signal()
    false_alarms = Signal()
    cut_wanted = Signal(str, bool)

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        self.theme = theme
        self.title = shown.label("", theme=theme, role="heading", wrap=True)
        self.finds = shown.label("", theme=theme, wrap=True)
        self.rates = shown.label("", theme=theme, wrap=True)
        self.notes = shown.label("", theme=theme, color="text2", wrap=True)
        self.counts_title = shown.label(self.tr("Counts of the reviewed traces"), theme=theme, weight=600)
        columns = (
            Column("", share=2),
            Column(self.tr("people: failure"), 112, right=True),
            Column(self.tr("people: all right"), 112, right=True),
        )
        name = self.tr("Judge against people")
        self.counts = Table(name, columns, theme, margin=0, row_height=34, fits=True, can_choose=False)
        self.counts.setMaximumWidth(theme.px(520))
        self.show_missed = Button(self.tr("What it missed"), theme, "list")
        self.show_missed.clicked.connect(self.missed)
        self.show_alarms = Button(self.tr("Its false alarms"), theme, "list")
        self.show_alarms.clicked.connect(self.false_alarms)
        self.cut_label = shown.label(self.tr("Numbers that fail"), theme=theme, color="text2")
        self.side = Choice(self.tr("Which numbers fail"), theme)
        self.side.setMinimumContentsLength(5)
        self.side.chosen.connect(lambda _below: self._cut())
        self.at = QLineEdit()
        self.at.setAccessibleName(self.tr("Where its numbers part pass and fail"))
        self.at.setValidator(QDoubleValidator(self))
        self.at.setFont(theme.font("body"))
        self.at.setFixedWidth(theme.px(88))
        self.at.editingFinished.connect(self._cut)
        self.span = shown.label("", theme=theme, role="small", color="text2")
        self._lay_out(theme)

    def _lay_out(self, theme: Theme) -> None:
        lines = QVBoxLayout(self)
        lines.setContentsMargins(28, 16, 28, 0)
        lines.setSpacing(8)
        for label in (self.title, self.finds, self.rates, self.notes):
            lines.addWidget(label)
        cut = QHBoxLayout()
        cut.setSpacing(8)
        for widget in (self.cut_label, self.side, self.at, self.span):
            cut.addWidget(widget)
        cut.addStretch(1)
        lines.addLayout(cut)
        lines.addSpacing(4)
        lines.addWidget(Hairline(theme))
        lines.addWidget(self.counts_title)
        lines.addWidget(self.counts)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self.show_missed)
        buttons.addWidget(self.show_alarms)
        buttons.addStretch(1)
        lines.addLayout(buttons)

    def show_judge(self, judge: Judge) -> None:
        """Show a judge."""
        against = self.tr("{judge}, held against {what}").format(judge=judge.name, what=judge.of_title)
        self.title.setText(against)
        for label, sentences in ((self.finds, words.explained(judge)), (self.rates, words.rates(judge))):
            label.setText(" ".join(sentences))
            label.setVisible(bool(sentences))
        self.notes.setText(" ".join(judge.notes))
        self.notes.setVisible(bool(judge.notes))
        self._show_counts(judge)
        self.show_missed.setVisible(bool(judge.missed_traces))
        self.show_alarms.setVisible(bool(judge.false_alarm_traces))
        cut = judge.cut
        for widget in (self.cut_label, self.side, self.at, self.span):
            widget.setVisible(cut is not None)
        if cut is not None:
            self.side.offer([(self.tr("below"), True), (self.tr("from"), False)], cut.fails_below)
            self.at.setText(f"{cut.at:g}")
        if judge.span is not None:
            low, high = (f"{round(value, 2):g}" for value in judge.span)
            self.span.setText(self.tr("it gave {low} to {high}").format(low=low, high=high))

    def _show_counts(self, judge: Judge) -> None:
        rows = (
            (self.tr("judge: failure"), judge.caught, judge.false_alarms),
            (self.tr("judge: all right"), judge.missed, judge.passed_rightly),
        )

        def cells(row: int) -> tuple[Cell, ...]:
            name, failing, right = rows[row]
            return (Cell(name), Cell(wording.decimal(failing), weight=600), Cell(wording.decimal(right), weight=600))

        for widget in (self.counts_title, self.counts):
            widget.setVisible(judge.labelled > 0)
        self.counts.show_rows(len(rows), cells)

    def _cut(self) -> None:
        self.cut_wanted.emit(self.at.text(), bool(self.side.currentData()))

    def set_theme(self, theme: Theme) -> None:
        """Wear another theme."""
        super().set_theme(theme)
        self.theme = theme
        self.at.setFont(theme.font("body"))
        dress(self, theme)
