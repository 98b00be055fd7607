"""After an import: what each value of a label means, and codings made of the labels."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from reviewer.desktop import shown
from reviewer.desktop.imports.labels_state import MOST_VALUES, NEW_MODE, NOTHING, LabelsState
from reviewer.desktop.parts.controls import Column as Scrolled
from reviewer.desktop.parts.controls import empty
from reviewer.desktop.parts.fields import Choice
from reviewer.desktop.theme import Theme
from reviewer.wording import decimal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reviewer.model.taxonomy import Mode


class LabelsPane(QWidget):
    """Shows a ``LabelsState``; ``changed`` says that codings may be possible now, or not any more."""

    changed = Signal()

    def __init__(self, state: LabelsState, theme: Theme) -> None:
        super().__init__()
        self.state, self.theme = state, theme
        self.modes: Sequence[Mode] = ()
        self.choices: dict[str, Choice] = {}
        self.about = shown.label("", theme=theme, color="text2", wrap=True)
        self.trouble = shown.label("", theme=theme, color="failed", wrap=True)
        self.name = Choice(self.tr("Label"), theme)
        self.name.setFixedWidth(theme.px(260))
        self.name.chosen.connect(self._choose)
        self.week = self._field(self.tr("Name of the week"), self._say_week)
        self.reviewer = self._field(self.tr("Who labelled"), self._say_reviewer)
        self.values_title = shown.label(self.tr("What the values mean"), theme=theme, role="heading")
        self.values = Scrolled(self.tr("What the values mean"), theme, (28, 4, 28, 20))
        self._lay_out()

    def _field(self, name: str, heard: object) -> QLineEdit:
        field = QLineEdit()
        field.setAccessibleName(name)
        field.setFixedWidth(self.theme.px(260))
        field.setFont(self.theme.font("body"))
        field.textEdited.connect(heard)
        return field

    def _lay_out(self) -> None:
        lines = QVBoxLayout()
        lines.setContentsMargins(28, 20, 28, 8)
        lines.setSpacing(10)
        lines.addWidget(self.about)
        lines.addSpacing(6)
        self.rows = [
            self._row(self.tr("Label"), self.name),
            self._row(self.tr("Name of the week"), self.week),
            self._row(self.tr("Who labelled"), self.reviewer),
        ]
        for row in self.rows:
            lines.addWidget(row)
        lines.addWidget(self.trouble)
        lines.addSpacing(8)
        lines.addWidget(self.values_title)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addLayout(lines)
        whole.addWidget(self.values, 1)

    def _row(self, title: str, field: QWidget) -> QWidget:
        made = QWidget()
        row = QHBoxLayout(made)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        label = shown.label(title, theme=self.theme, color="text2")
        label.setFixedWidth(self.theme.px(150))
        row.addWidget(label)
        row.addWidget(field)
        row.addStretch(1)
        return made

    def set_theme(self, theme: Theme) -> None:
        """Wear another theme."""
        self.theme = theme
        for field in (self.week, self.reviewer):
            field.setFont(theme.font("body"))
        self.show_labels()

    def show_labels(self) -> None:
        """Show the labels that are chosen, and every value with its meaning."""
        state = self.state
        self.name.offer([(labels.name, row) for row, labels in enumerate(state.offered)], state.row)
        self.week.setText(state.week)
        self.reviewer.setText(state.reviewer)
        labels = state.labels
        self.rows[2].setVisible(labels is not None and labels.is_unnamed)
        who = ", ".join(labels.authors) if labels is not None else ""
        by = self.tr("Given by {}.").format(who) if who else ""
        said = self.tr(
            "Every labelled trace of this workspace is put into a week of its own, in which each of those who labelled "
            "has read what they labelled. Only what a label could have named is said to be absent."
        )
        self.about.setText(f"{said} {by}".strip())
        self.show_trouble()
        self._make_values()
        self.changed.emit()

    def show_trouble(self) -> None:
        """Say why codings could not be made."""
        self.trouble.setText(self.state.trouble)
        self.trouble.setVisible(bool(self.state.trouble))

    def _make_values(self) -> None:
        empty(self.values.lines)
        self.choices = {}
        for value, times in self.state.values:
            self.values.lines.addLayout(self._value_row(value, times))
        left = len(self.state.labels.counts) - MOST_VALUES if self.state.labels is not None else 0
        if left > 0:
            more = self.tr("{} rarer values say nothing here; the command line can map them").format(decimal(left))
            self.values.lines.addWidget(shown.label(more, theme=self.theme, color="text2"))
        self.values.lines.addStretch(1)

    def _value_row(self, value: str, times: int) -> QHBoxLayout:
        theme = self.theme
        choice = Choice(self.tr("What {} means").format(value), theme)
        choice.setFixedWidth(theme.px(280))
        choice.offer(self._meanings(value), self.state.use(value))
        choice.chosen.connect(lambda use, value=value: self._say(value, use))
        self.choices[value] = choice
        row = QHBoxLayout()
        row.setSpacing(12)
        elide = Qt.TextElideMode.ElideRight
        row.addWidget(shown.label(value, theme=theme, role="mono", weight=500, elide=elide), 1)
        row.addWidget(choice)
        given = self.tr("given {} times").format(decimal(times)) if times != 1 else self.tr("given once")
        row.addWidget(shown.label(given, theme=theme, role="small", color="text2"))
        row.addStretch(1)
        return row

    def _meanings(self, value: str) -> list[tuple[str, object]]:
        lines: list[tuple[str, object]] = [
            (self.tr("says nothing"), NOTHING),
            (self.tr("pass"), "pass"),
            (self.tr("fail"), "fail"),
        ]
        if self.state.labels is not None and value in self.state.labels.words:
            lines.append((self.tr("fail: a new failure mode"), NEW_MODE))
        return lines + [(self.tr("fail: {}").format(mode.title), f"mode:{mode.id}") for mode in self.modes]

    def _choose(self, row: int) -> None:
        self.state.choose(row)
        self.show_labels()

    def _say(self, value: str, use: str) -> None:
        self.state.say(value, use)
        self.changed.emit()

    def _say_week(self, name: str) -> None:
        self.state.week = name
        self.changed.emit()

    def _say_reviewer(self, name: str) -> None:
        self.state.reviewer = name
        self.changed.emit()
