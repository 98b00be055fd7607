"""The fields of a new connection, and of a pull."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QLineEdit, QWidget

from reviewer.desktop import shown
from reviewer.desktop.parts.controls import Button
from reviewer.desktop.parts.fields import Choice
from reviewer.desktop.theme import Theme

_WEEK = 7


class ConnectionForm(QWidget):
    """Fields for a new connection. The key is shown as dots, and cleared as soon as it is handed over."""

    wanted = Signal(str, str, str, str, str)
    """Name, service, address, project and key; an empty key says that there is none."""

    def __init__(self, services: Sequence[tuple[str, str]], theme: Theme) -> None:
        super().__init__()
        self.service = Choice(self.tr("Service"), theme)
        self.service.offer(list(services), services[0][1])
        self.name, self.address, self.project, self.key = (QLineEdit() for _ in range(4))
        self.key.setEchoMode(QLineEdit.EchoMode.Password)
        self.add = Button(self.tr("Add"), theme, "plus")
        self.add.clicked.connect(self._add)
        rows = (
            (self.tr("Service"), self.service),
            (self.tr("Name"), self.name),
            (self.tr("Address"), self.address),
            (self.tr("Project"), self.project),
            (self.tr("Key"), self.key),
        )
        lay_out(self, rows, self.add, theme)

    def _add(self) -> None:
        service = str(self.service.currentData())
        told = (self.name.text(), service, self.address.text(), self.project.text(), self.key.text())
        self.key.clear()
        self.wanted.emit(*told)


class PullForm(QWidget):
    """Fields for a pull: the period (last day not included), the size, and the segment that makes the strata."""

    wanted = Signal(str, str, str, object)
    """First day, day after the last, size (may be empty), and a segment or None."""

    def __init__(self, segments: Sequence[tuple[str, object]], theme: Theme) -> None:
        super().__init__()
        today = datetime.now(UTC).date()
        self.start = QLineEdit((today - timedelta(days=_WEEK)).isoformat())
        self.end = QLineEdit(today.isoformat())
        self.size_asked = QLineEdit("200")
        self.by = Choice(self.tr("Strata"), theme)
        self.by.offer(list(segments), segments[0][1])
        self.pull = Button(self.tr("Pull a sample"), theme, "download", primary=True)
        self.pull.clicked.connect(self._pull)
        rows = (
            (self.tr("From"), self.start),
            (self.tr("To, not included"), self.end),
            (self.tr("Traces, all if empty"), self.size_asked),
            (self.tr("Strata"), self.by),
        )
        lay_out(self, rows, self.pull, theme)

    def _pull(self) -> None:
        self.wanted.emit(self.start.text(), self.end.text(), self.size_asked.text(), self.by.currentData())


def lay_out(form: QWidget, rows: Sequence[tuple[str, QWidget]], button: Button, theme: Theme) -> None:
    """Put fields under each other, each behind its name, and the button below."""
    grid = QGridLayout(form)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(12)
    grid.setVerticalSpacing(8)
    for place, (text, field) in enumerate(rows):
        field.setAccessibleName(text)
        grid.addWidget(shown.label(text, theme=theme, color="text2"), place, 0)
        grid.addWidget(field, place, 1)
    grid.addWidget(button, len(rows), 1)
    grid.setColumnStretch(1, 1)
