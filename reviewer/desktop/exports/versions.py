"""The versions of the dataset, what changed between them, and how the newest one covers the latest traffic."""

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QVBoxLayout

from reviewer import wording
from reviewer.desktop import shown
from reviewer.desktop.exports.returned import EvalResults
from reviewer.desktop.parts.controls import Column as Scrolled
from reviewer.desktop.parts.table import Cell, Column, Table
from reviewer.desktop.theme import Theme
from reviewer.model.dataset import SPLITS

if TYPE_CHECKING:
    from reviewer.desktop.bridge import Bridge
    from reviewer.model.dataset import Difference, Version
    from reviewer.verbs.coverage import Covered, Standing


class VersionsView(Scrolled):
    """Tables of versions, traffic and failure modes, and what to add next."""

    def __init__(self, bridge: "Bridge", timezone: str, theme: Theme) -> None:
        super().__init__("", theme, (0, 20, 0, 24))
        self.setAccessibleName(self.tr("Versions and coverage"))
        self.timezone = timezone
        self.message = shown.label("", theme=theme, color="text2", wrap=True)
        titles = self.tr("Versions"), self.tr("The latest four weeks of traffic"), self.tr("Failure modes")
        columns = self._version_columns(), self._traffic_columns(), self._mode_columns()
        self.titles = [shown.label(title, theme=theme, weight=600) for title in titles]
        self.tables = [
            Table(title, column, theme, row_height=34, fits=True, can_choose=False)
            for title, column in zip(titles, columns, strict=True)
        ]
        self.add_title = shown.label(self.tr("What to add next"), theme=theme, weight=600)
        self.add = shown.label("", theme=theme, wrap=True)
        self.results = EvalResults(bridge, theme)
        self.results.setContentsMargins(28, 16, 28, 0)
        head = QVBoxLayout()
        head.setContentsMargins(28, 0, 28, 4)
        head.setSpacing(8)
        for widget in (self.message, self.add_title, self.add):
            head.addWidget(widget)
        self.lines.addLayout(head)
        for title, table in zip(self.titles, self.tables, strict=True):
            title.setContentsMargins(28, 12, 28, 0)
            self.lines.addWidget(title)
            self.lines.addWidget(table)
        self.lines.addWidget(self.results)
        self.lines.addStretch(1)
        self.show_standing(None)

    def _version_columns(self) -> tuple[Column, ...]:
        return (
            Column(self.tr("version"), 48, right=True),
            Column(self.tr("made"), 92, least=640),
            Column(self.tr("rows"), 44, right=True),
            *self._split_columns(40),
            Column(self.tr("added"), 44, right=True),
            Column(self.tr("changed"), 56, right=True),
            Column(self.tr("removed"), 56, right=True),
            Column(self.tr("chosen"), share=1, least=640),
        )

    def _split_columns(self, width: int) -> tuple[Column, ...]:
        return tuple(Column(title, width, right=True) for title in (self.tr("train"), self.tr("dev"), self.tr("test")))

    def _traffic_columns(self) -> tuple[Column, ...]:
        return (
            Column("", 112),
            Column(self.tr("value"), share=2),
            Column(self.tr("traces"), 64, right=True),
            Column(self.tr("share"), 64, right=True),
            Column(self.tr("examples"), 72, right=True),
        )

    def _mode_columns(self) -> tuple[Column, ...]:
        waiting = Column(self.tr("reviewed, not in it"), 124, right=True)
        return (Column(self.tr("failure mode"), share=2), *self._split_columns(64), waiting)

    def show_standing(self, standing: "Standing | None") -> None:
        """Show how the dataset stands; None while nobody knows yet."""
        drift = standing.drift if standing is not None else None
        versions = standing.versions if standing is not None else ()
        for widget in (*self.titles, *self.tables, self.add_title, self.add, self.results):
            widget.setVisible(bool(versions))
        self.message.setVisible(not versions)
        self.message.setText(
            self.tr("Reading")
            if standing is None
            else self.tr("No version yet: the first one is made when the set is written.")
        )
        self.tables[0].show_rows(len(versions), lambda row: self._version_cells(versions, row))
        covered = drift.covered if drift is not None else ()
        self.tables[1].show_rows(len(covered), lambda row: self._traffic_cells(covered, row))
        modes = drift.modes if drift is not None else ()
        self.tables[2].show_rows(
            len(modes),
            lambda row: (
                Cell(modes[row][1]),
                *(_few(modes[row][2].get(split, 0)) for split in SPLITS),
                _few(drift.waiting.get(modes[row][0], 0) if drift is not None else 0),
            ),
        )
        if drift is not None:
            from reviewer.verbs.coverage import to_add

            said = to_add(drift)
            self.add.setText("\n".join(f"– {sentence}" for sentence in said) or self.tr("Nothing is missing."))

    def _version_cells(self, versions: "tuple[tuple[Version, Difference | None], ...]", row: int) -> tuple[Cell, ...]:
        version, changed = versions[row]
        parts = ("added", "changed", "removed")
        counts = [None if changed is None else len(getattr(changed, part)) for part in parts]
        return (
            Cell(str(version.number), weight=600),
            Cell(wording.short_moment(version.created_us, self.timezone), "text2"),
            Cell(wording.decimal(version.rows)),
            *(Cell(wording.decimal(version.splits.get(split, 0)), "text2") for split in SPLITS),
            *(Cell(wording.DASH, "text3") if count is None else Cell(wording.decimal(count)) for count in counts),
            Cell(version.query, "text2", "small"),
        )

    def _traffic_cells(self, covered: "tuple[Covered, ...]", row: int) -> tuple[Cell, ...]:
        one = covered[row]
        first = row == 0 or covered[row - 1].by != one.by
        return (
            Cell(one.by.replace("_", " ") if first else "", "text2"),
            Cell(one.value or wording.NOT_RECORDED, "text" if one.value else "text2"),
            Cell(wording.decimal(one.traffic), "text2"),
            Cell(wording.share(one.share)),
            _count(one.examples),
        )


def _count(number: int) -> Cell:
    """Return a count; none stands out."""
    return Cell(wording.decimal(number), "text" if number else "failed", weight=None if number else 600)


def _few(number: int) -> Cell:
    """Return a count; none steps back, since most failure modes are rare."""
    return Cell(wording.decimal(number), "text" if number else "text3")
