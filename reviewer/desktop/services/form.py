"""The fields of a new connection, and of a pull."""

from collections.abc import Collection, Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QLineEdit, QWidget

from reviewer.desktop import shown
from reviewer.desktop.parts.controls import Button
from reviewer.desktop.parts.fields import Choice, Tick
from reviewer.desktop.theme import Theme
from reviewer.model.pull import Wanted
from reviewer.model.week import Segment

_WEEK = 7


class Connecting(NamedTuple):
    """What was entered for a new connection; an empty key says that there is none."""

    name: str
    service: str
    address: str
    project: str
    tenant: str
    key: str


class Pulling(NamedTuple):
    """What was entered for a pull: first day, day after the last, size (may be empty), segments, filter and seed."""

    start: str
    end: str
    size: str
    by: tuple[Segment, ...]
    filter: str
    seed: str


class _Wide(QWidget):
    """A field that takes the whole width, below its name."""


class ConnectionForm(QWidget):
    """Fields for a new connection. The key is shown as dots, and cleared as soon as it is handed over."""

    wanted = Signal(object)
    """Carries ``Connecting``."""

    def __init__(self, services: Sequence[tuple[str, str]], with_tenants: Collection[str], theme: Theme) -> None:
        super().__init__()
        self._with_tenants = with_tenants
        self.service = Choice(self.tr("Service"), theme)
        self.service.offer(list(services), services[0][1])
        self.service.currentIndexChanged.connect(lambda _: self._show_tenant())
        self.name, self.address, self.project, self.tenant, self.key = (QLineEdit() for _ in range(5))
        self.tenant.setPlaceholderText(self.tr("for a key of an organization"))
        self.key.setEchoMode(QLineEdit.EchoMode.Password)
        self.add = Button(self.tr("Add"), theme, "plus")
        self.add.clicked.connect(self._add)
        rows = (
            (self.tr("Service"), self.service),
            (self.tr("Name"), self.name),
            (self.tr("Address"), self.address),
            (self.tr("Project"), self.project),
            (self.tr("Workspace"), self.tenant),
            (self.tr("Key"), self.key),
        )
        self._titles = lay_out(self, rows, self.add, theme)
        self._show_tenant()

    def _show_tenant(self) -> None:
        there = self.service.currentData() in self._with_tenants
        for widget in (self.tenant, self._titles[self.tenant]):
            widget.setVisible(there)

    def _add(self) -> None:
        service = str(self.service.currentData())
        tenant = "" if self.tenant.isHidden() else self.tenant.text()
        told = (self.name.text(), service, self.address.text(), self.project.text(), tenant, self.key.text())
        self.key.clear()
        self.wanted.emit(Connecting(*told))


class PullForm(QWidget):
    """Fields for a pull: the period (last day not included), the size, what makes the strata, a filter and the seed."""

    wanted = Signal(object)
    """Carries ``Pulling``."""

    def __init__(self, segments: Sequence[tuple[str, Segment]], theme: Theme) -> None:
        super().__init__()
        today = datetime.now(UTC).date()
        self.start = QLineEdit((today - timedelta(days=_WEEK)).isoformat())
        self.end = QLineEdit(today.isoformat())
        self.size_asked = QLineEdit("200")
        self.filter = QLineEdit()
        self.filter.setPlaceholderText(self.tr("in the service's own words"))
        self.seed = QLineEdit(Wanted(0, 1).seed)
        shown.tip(self.seed, self.tr("Any text: the same seed draws the same traces again."))
        self.by = {segment: Tick(title, theme) for title, segment in segments}
        self.pull = Button(self.tr("Pull a sample"), theme, "download", primary=True)
        self.pull.clicked.connect(self._pull)
        rows = (
            (self.tr("From"), self.start),
            (self.tr("To, not included"), self.end),
            (self.tr("Traces, all if empty"), self.size_asked),
            (self.tr("Strata"), self._ticks()),
            (self.tr("Filter"), self.filter),
            (self.tr("Seed"), self.seed),
        )
        lay_out(self, rows, self.pull, theme)

    def _ticks(self) -> "_Wide":
        ground = _Wide()
        grid = QGridLayout(ground)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(4)
        for place, tick in enumerate(self.by.values()):
            tick.setAccessibleName(self.tr("Stratify by {}").format(tick.text()))
            grid.addWidget(tick, place // 2, place % 2)
        return ground

    def _pull(self) -> None:
        by = tuple(segment for segment, tick in self.by.items() if tick.isChecked())
        told = (self.start.text(), self.end.text(), self.size_asked.text(), by, self.filter.text(), self.seed.text())
        self.wanted.emit(Pulling(*told))


def lay_out(form: QWidget, rows: Sequence[tuple[str, QWidget]], button: Button, theme: Theme) -> dict[QWidget, QWidget]:
    """Put fields under each other, each behind its name, and the button below; return the names by their fields."""
    titles: dict[QWidget, QWidget] = {}
    grid = QGridLayout(form)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(12)
    grid.setVerticalSpacing(8)
    for place, (text, field) in enumerate(rows):
        field.setAccessibleName(text)
        titles[field] = shown.label(text, theme=theme, color="text2")
        if isinstance(field, _Wide):
            grid.addWidget(titles[field], 2 * place, 0, 1, 2)
            grid.addWidget(field, 2 * place + 1, 0, 1, 2)
        else:
            grid.addWidget(titles[field], 2 * place, 0)
            grid.addWidget(field, 2 * place, 1)
    grid.addWidget(button, 2 * len(rows), 0, 1, 2)
    grid.setColumnStretch(1, 1)
    return titles
