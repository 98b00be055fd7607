"""The split of the row that is looked at: left to chance, or chosen by hand before a version holds it."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from reviewer.desktop import shown
from reviewer.desktop.parts.fields import Choice
from reviewer.desktop.theme import Theme
from reviewer.errors import Expected
from reviewer.model.dataset import SPLITS

if TYPE_CHECKING:
    from reviewer.desktop.bridge import Bridge, Ticket
    from reviewer.verbs.datasets import Placed

CHANCE = ""


class PinChoice(QWidget):
    """A list of the splits for the session of one trace, and why it may be closed; ``moved`` when it has another."""

    moved = Signal()

    def __init__(self, bridge: "Bridge", theme: Theme) -> None:
        super().__init__()
        self.bridge = bridge
        self.trace = ""
        self._ticket: Ticket | None = None
        self.why = shown.label("", theme=theme, role="small", color="text2", elide=Qt.TextElideMode.ElideRight)
        self.why.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.splits = Choice(self.tr("Split of its session"), theme)
        self.splits.setMinimumContentsLength(8)
        self.splits.chosen.connect(self._choose)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.why, 1)
        row.addWidget(self.splits)
        self.hide()

    def show_trace(self, trace: str) -> None:
        """Show the split of a trace's session; without a trace there is nothing to choose."""
        if self._ticket is not None:
            self._ticket.drop()
        self.trace = trace
        self.setVisible(bool(trace))
        if trace:
            from reviewer.verbs.datasets import placed

            self.splits.setEnabled(False)
            self._ticket = self.bridge.ask(placed, trace, then=self._show, failed=self._refused)

    def _show(self, placed: "Placed") -> None:
        lines: list[tuple[str, object]] = [(self.tr("by chance"), CHANCE)]
        lines += [(self.tr("in {}").format(split), split) for split in SPLITS]
        if placed.held:
            lines = [(self.tr("stays in {}").format(placed.split), placed.split)]
        self.splits.offer(lines, placed.split if placed.held or placed.by_hand else CHANCE)
        # What chance decided for a version that holds other sessions is not there for this one to be changed.
        self.splits.setEnabled(not placed.held)
        self.why.setText(self.tr("a version holds its session") if placed.held else self.tr("its whole session:"))

    def _choose(self, split: object) -> None:
        from reviewer.verbs.datasets import pin, unpin

        verb, more = (unpin, ()) if split == CHANCE else (pin, (split,))
        self.splits.setEnabled(False)
        self.bridge.write_with_reader(verb, self.trace, *more, then=self._chose, failed=self._refused)

    def _chose(self, _: object) -> None:
        self.show_trace(self.trace)
        self.moved.emit()

    def _refused(self, why: BaseException) -> None:
        if not isinstance(why, Expected):
            raise why
        self.why.setText(why.sentence)
