"""The rule of one segment: the attributes that it names, what they give, and a few traces that change."""

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from reviewer.desktop import shown
from reviewer.desktop.parts.controls import Button, empty
from reviewer.desktop.parts.controls import Column as Scrolled
from reviewer.desktop.parts.table import Cell, Column, Table
from reviewer.desktop.segment_rules.state import SegmentsState
from reviewer.desktop.theme import Theme
from reviewer.desktop.week.plan import segment_title
from reviewer.wording import NOT_RECORDED, decimal

if TYPE_CHECKING:
    from reviewer.verbs.segments import Example, Outcome


class RulePane(QWidget):
    """Shows the rule that a state looks at. ``dropped`` carries the attribute that shall be named no more."""

    dropped = Signal(str)

    def __init__(self, state: SegmentsState, theme: Theme) -> None:
        super().__init__()
        self.state, self.theme = state, theme
        self.drops: list[Button] = []
        self.title = shown.label("", theme=theme, role="heading")
        self.about = shown.label("", theme=theme, color="text2", wrap=True)
        self.names = QVBoxLayout()
        self.names.setSpacing(6)
        self.rest = shown.label("", theme=theme, color="text2", wrap=True)
        self.values = Table(self.tr("Values"), self._columns(), theme, margin=0, fits=True, can_choose=False)
        self.more = shown.label("", theme=theme, role="small", color="text2", wrap=True)
        self.examples_title = shown.label(self.tr("For example"), theme=theme, weight=600)
        change = (Column(self.tr("change")),)
        self.examples = Table(
            self.tr("For example"), change, theme, margin=0, row_height=48, fits=True, can_choose=False
        )
        self.examples.horizontalHeader().hide()
        column = Scrolled(self.tr("Rule"), theme, (28, 16, 20, 20))
        lines = column.lines
        for widget in (self.title, self.about):
            lines.addWidget(widget)
        lines.addLayout(self.names)
        below: tuple[QWidget, ...] = (self.rest, self.values, self.more, self.examples_title, self.examples)
        for part in below:
            lines.addWidget(part)
        lines.addStretch(1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(column)

    def _columns(self) -> tuple[Column, ...]:
        return Column(self.tr("value"), share=3), Column(self.tr("traces"), 80, right=True)

    def set_theme(self, theme: Theme) -> None:
        """Wear another theme."""
        self.theme = theme
        self.show_rule()

    def show_rule(self) -> None:
        """Show the rule as it is being written."""
        state, outcome = self.state, self.state.outcome
        self.title.setText(segment_title(state.segment))
        self.about.setText(
            self.tr("The first of these that a trace has counts. Without any, what the program found stays.")
            if state.names
            else self.tr("As the program finds it. Choose an attribute that says it better.")
        )
        self._show_names(outcome)
        self.rest.setText(self._rest(outcome))
        self.rest.setVisible(bool(self.rest.full_text))
        common = outcome.after.common if outcome is not None else []
        self.values.setVisible(bool(common))
        self.values.show_rows(len(common), lambda row: self._cells(common[row]))
        self._show_more(outcome, len(common))
        self._show_examples(outcome)

    def _show_names(self, outcome: "Outcome | None") -> None:
        empty(self.names)
        self.drops = []
        for name in self.state.names:
            self.names.addLayout(self._name_row(name, outcome.taken[name] if outcome is not None else None))

    def _name_row(self, name: str, traces: int | None) -> QHBoxLayout:
        theme = self.theme
        told = self.tr("counting …") if traces is None else self.tr("{} traces").format(decimal(traces))
        texts = QVBoxLayout()
        texts.setSpacing(0)
        texts.addWidget(shown.label(name, theme=theme, role="mono", weight=500, elide=Qt.TextElideMode.ElideMiddle))
        texts.addWidget(shown.label(told, theme=theme, role="small", color="text2"))
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addLayout(texts, 1)
        drop = Button(self.tr("Remove"), theme)
        drop.setAccessibleName(self.tr("Do not use {}").format(shown.safe(name, 60)))
        drop.clicked.connect(partial(self.dropped.emit, name))
        drop.setEnabled(not self.state.busy)
        self.drops.append(drop)
        row.addWidget(drop)
        return row

    def _rest(self, outcome: "Outcome | None") -> str:
        if outcome is None:
            return self.tr("counting …")
        parts = [self.tr("{} traces as the program finds it").format(decimal(outcome.found))] if outcome.found else []
        if outcome.unknown:
            parts.append(self.tr("{} traces do not say").format(decimal(outcome.unknown)))
        return "  ·  ".join(parts)

    def _cells(self, counted: tuple[str, int]) -> Sequence[Cell]:
        value, traces = counted
        return Cell(value, weight=500), Cell(decimal(traces))

    def _show_more(self, outcome: "Outcome | None", named: int) -> None:
        left = len(outcome.after.values) - named if outcome is not None else 0
        text = self.tr("{} further values").format(decimal(left)) if left > 0 else ""
        if outcome is not None and outcome.after.rest:
            text = self.tr("more than {} further values: hardly a segment").format(decimal(left))
        self.more.setText(text)
        self.more.setVisible(bool(text))

    def _show_examples(self, outcome: "Outcome | None") -> None:
        examples = outcome.examples if outcome is not None else []
        for widget in (self.examples_title, self.examples):
            widget.setVisible(bool(examples))
        self.examples.show_rows(len(examples), lambda row: self._example(examples[row]))

    def _example(self, one: "Example") -> Sequence[Cell]:
        change = f"{_named(one.before)} → {_named(one.after)}"
        return (Cell(change, weight=500, below=one.title or one.trace),)


def _named(value: str | None) -> str:
    return NOT_RECORDED if value is None else value
