"""What opens over the coding panel, and the list over all modes."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from reviewer.desktop.commands.keys import Keymap
from reviewer.desktop.commands.palette import Choice, Finder, rank
from reviewer.desktop.commands.press import first_cap
from reviewer.desktop.theme import Theme
from reviewer.model.taxonomy import Taxonomy

PROPOSE = "propose"
"""The id of the last row: what was typed becomes a proposal."""


def find_modes(taxonomy: Taxonomy, keymap: Keymap, propose: str) -> Callable[[str], Sequence[Choice]]:
    """Return the search over all modes in use; ``propose`` words the last row, with %1 for what was typed."""
    modes = [
        Choice(mode.id, mode.title, mode.definition, first_cap(keymap.keys(f"review.tag.{mode.slot}")) if mode.slot else "")
        for mode in sorted(taxonomy.active, key=lambda mode: (mode.slot is None, mode.slot or 0))
    ]  # fmt: skip

    def find(typed: str) -> Sequence[Choice]:
        title = " ".join(typed.split())
        return [*rank(modes, typed), *([Choice(PROPOSE, propose.replace("%1", title))] if title else [])]

    return find


class Popover(QWidget):
    """A raised card that keeps all keys to itself until it is left."""

    left = Signal()

    def __init__(self, theme: Theme, parent: QWidget, area: QRectF) -> None:
        super().__init__(parent)
        self.theme = theme
        self.setGeometry(area.toRect())
        self._most = round(area.height())
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(1, 1, 1, 1)

    def open(self) -> None:
        """Show it over its neighbours and take the keyboard."""
        self.show()
        self.raise_()
        self.setFocus()

    def keep_draft(self) -> None:
        """Save what is being written, if anything is."""

    def fit(self) -> None:
        """Be as high as what is shown needs, within the area that was given."""
        self.resize(self.width(), min(self._most, self._column.sizeHint().height()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(self.theme.color("lineStrong"))
        painter.setBrush(self.theme.color("raised"))
        radius = self.theme.radius("card")
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), radius, radius)
        painter.end()


class ModeList(Popover):
    """Type-ahead over all failure modes. ``taken`` carries a mode's id, or ``PROPOSE`` and the title that was typed."""

    taken = Signal(str, str)

    def __init__(self, theme: Theme, taxonomy: Taxonomy, keymap: Keymap, parent: QWidget, area: QRectF) -> None:
        super().__init__(theme, parent, area)
        name = self.tr("All failure modes")
        find = find_modes(taxonomy, keymap, self.tr("Propose “%1” as a new mode"))
        self.finder = Finder(theme, find, name, self.tr("Type a part of a name"))
        self.finder.taken.connect(self.taken)
        self.finder.left.connect(self.left)
        self._column.addWidget(self.finder)
        self.finder.changed.connect(self.fit)
        self.fit()
        self.setAccessibleName(name)
        self.setFocusProxy(self.finder)
