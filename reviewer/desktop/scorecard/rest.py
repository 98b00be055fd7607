"""What stands below the nine fields: the diagnosis of what moved, and the groups of what else all traffic says."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from reviewer.desktop import shown
from reviewer.desktop.parts.table import Table
from reviewer.desktop.scorecard import cells
from reviewer.desktop.scorecard.state import Place, group_places
from reviewer.desktop.theme import Theme
from reviewer.exports.scorecard.lines import cause
from reviewer.model.diagnosis import Cause, Diagnosis
from reviewer.model.number import Basis, Field, Group, Number, Row, Scorecard


class Rest(QWidget):
    """``told`` carries the place that is chosen, ``opened`` asks for its traces."""

    told = Signal(object)
    opened = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.theme = theme
        self.tables: list[Table] = []
        self._lines = QVBoxLayout(self)
        self._lines.setContentsMargins(0, 8, 0, 0)
        self._lines.setSpacing(4)

    def set_theme(self, theme: Theme) -> None:
        """Wear another theme."""
        self.theme = theme

    def show_card(self, card: Scorecard) -> None:
        """Show the diagnoses and groups of a card."""
        self.tables = []
        while (item := self._lines.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for number, diagnosis in enumerate(card.diagnoses):
            if number == 0:
                self._title(self.tr("Diagnosis: what the traces say about the figures that moved"))
            self._diagnosis(diagnosis)
        for group in card.operations:
            self._group(group)

    def leave(self) -> None:
        """Have no row chosen."""
        for table in self.tables:
            table.leave()

    def _title(self, text: str) -> None:
        self._text(text, "heading", "text", 14)

    def _text(self, text: str, role: str, color: str, above: int = 0, weight: int | None = None) -> None:
        label = shown.label(text, theme=self.theme, role=role, color=color, weight=weight, wrap=True)
        label.setContentsMargins(28, above, 28, 0)
        self._lines.addWidget(label)

    def _diagnosis(self, diagnosis: Diagnosis) -> None:
        self._text(diagnosis.title, "body", "text", 6, 600)
        self._text(diagnosis.because, "body", "text2")
        table = Table(diagnosis.title, cells.cause_columns(), self.theme, row_height=30, fits=True)
        causes = diagnosis.causes
        table.show_rows(len(causes), lambda row: cells.cause_cells(causes[row]))
        self._add(table, [_of_cause(diagnosis, one) for one in causes])

    def _group(self, group: Group) -> None:
        self._title(group.title)
        places, absent = group_places(group)
        split = any(place.row.change is not None for place in places)
        table = Table(group.title, cells.group_columns(split), self.theme, row_height=30, fits=True)
        first = [n == 0 or places[n - 1].field is not place.field for n, place in enumerate(places)]
        table.show_rows(len(places), lambda row: cells.group_cells(places[row], first[row], split))
        self._add(table, places)
        if absent:
            names = ", ".join(field.title for field in absent)
            self._text(self.tr("Not recorded: %1.").replace("%1", names), "small", "text2", 2)

    def _add(self, table: Table, places: Sequence[Place]) -> None:
        table.chosen.connect(lambda row, t=table, p=places: self._chosen(t, p, row))
        table.opened.connect(lambda _row: self.opened.emit())
        self.tables.append(table)
        self._lines.addWidget(table)

    def _chosen(self, table: Table, places: Sequence[Place], row: int) -> None:
        if 0 <= row < len(places):
            for other in self.tables:
                if other is not table:
                    other.leave()
            self.told.emit(places[row])


def _of_cause(diagnosis: Diagnosis, one: Cause) -> Place:
    """Return a cause as a place, so that it is told and opened like any number."""
    number = one.now or Number(None, Basis.NOT_RECORDED)
    row = Row(one.title, number, one.before, cause(one), one.traces)
    return Place(0, Field(one.id, one.title, (row,), f"{diagnosis.title}: {one.finding.value}."), row)
