"""The key sheet: every command with its live key, in three columns over the page."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QRectF, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from reviewer.desktop import shown
from reviewer.desktop.commands.dispatch import title_of
from reviewer.desktop.commands.keycap import Keycap
from reviewer.desktop.commands.keys import Keymap
from reviewer.desktop.commands.press import caps, first_cap
from reviewer.desktop.commands.table import COMMANDS, GROUPS, Command, Group
from reviewer.desktop.theme import Theme

COLUMNS: tuple[tuple[Group, ...], ...] = (
    ("judge", "modes", "pages"),
    ("move", "look", "everywhere"),
    ("evidence", "write", "file"),
)
FIRST_SLOTS, LAST_SLOTS = range(1, 11), range(11, 21)


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One line: the keycaps and what they do."""

    caps: tuple[str, ...]
    title: str


def rows_of(group: Group, keymap: Keymap) -> list[SheetRow]:
    """Return the lines of a group: the slots of failure modes are told in two lines, keyless commands not at all."""
    rows = _slot_rows(keymap) if group == "modes" else []
    for command in COMMANDS:
        if command.group == group and not _is_slot(command) and command.where != "scores":
            shown_caps = tuple(cap for keys in keymap.keys(command.id) for cap in caps(keys))
            if shown_caps:
                rows.append(SheetRow(shown_caps, title_of(command.id)))
    return rows


def _is_slot(command: Command) -> bool:
    return command.id.startswith("review.tag.")


def _slot_rows(keymap: Keymap) -> list[SheetRow]:
    rows = []
    for slots, title in (
        (FIRST_SLOTS, QCoreApplication.translate("Commands", "slots 1 – 10, on or off")),
        (LAST_SLOTS, QCoreApplication.translate("Commands", "slots 11 – 20")),
    ):
        first, last = (first_cap(keymap.keys(f"review.tag.{slot}")) for slot in (slots[0], slots[-1]))
        if first:
            rows.append(SheetRow((f"{first} – {last}",), title))
    return rows


class Overlay(QWidget):
    """A card over the window, on a scrim. Escape or a click beside it closes it."""

    def __init__(self, theme: Theme, window: QWidget) -> None:
        super().__init__(window)
        self.theme = theme
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setGeometry(window.rect())
        window.installEventFilter(self)
        self._returns_to = window.focusWidget()

    def card(self) -> QRectF:
        """Return where the card is."""
        width, height = min(1040, self.width() - 48), min(712, self.height() - 48)
        return QRectF((self.width() - width) / 2, (self.height() - height) / 2, width, height)

    def open(self) -> None:
        """Show it over everything and take the keyboard."""
        self.show()
        self.raise_()
        self.setFocus()

    def leave(self) -> None:
        """Close it and give the keyboard back."""
        self.hide()
        if self._returns_to is not None:
            self._returns_to.setFocus()
        self.deleteLater()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and self.isVisible():
            over = self.parentWidget()
            if over is not None:
                self.setGeometry(over.rect())
                self.fit()
        return False

    def fit(self) -> None:
        """Place what stands on the card; called when the window's size changes."""
        raise NotImplementedError

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.leave()
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if not self.card().contains(event.position()):
            self.leave()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), self.theme.color("shadow", 0.34))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self.theme.color("line"))
        radius = self.theme.radius("dialog")
        painter.drawRoundedRect(self.card().adjusted(-1, -1, 1, 1), radius + 1, radius + 1)
        painter.setBrush(self.theme.color("surface"))
        painter.drawRoundedRect(self.card(), radius, radius)
        painter.end()


class KeySheet(Overlay):
    """All keys of the window."""

    def __init__(self, theme: Theme, keymap: Keymap, window: QWidget) -> None:
        super().__init__(theme, window)
        self.setAccessibleName(self.tr("Keys"))
        inside = QWidget()
        columns = QHBoxLayout(inside)
        columns.setContentsMargins(0, 0, 16, 0)
        columns.setSpacing(theme.px(32))
        for groups in COLUMNS:
            columns.addLayout(self._column(groups, keymap), 1)
        area = QScrollArea()
        area.setAccessibleName(self.tr("Keys"))
        area.setFrameShape(QScrollArea.Shape.NoFrame)
        area.setWidgetResizable(True)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(inside)
        for widget in (area.viewport(), inside):
            widget.setAutoFillBackground(False)
        head = QHBoxLayout()
        head.addWidget(shown.label(self.tr("Keys of the review screen"), theme=theme, role="heading"))
        head.addStretch(1)
        profile = self.tr("profile: %1").replace("%1", keymap.profile.title)
        head.addWidget(shown.label(profile, theme=theme, role="small", color="text2"))
        foot = self.tr("Backspace and Delete do nothing. Single letters sleep while you type.")
        self._content = QWidget(self)
        column = QVBoxLayout(self._content)
        column.setContentsMargins(32, 24, 32, 20)
        column.setSpacing(16)
        column.addLayout(head)
        column.addWidget(area, 1)
        column.addWidget(shown.label(foot, theme=theme, role="small", color="text2"))
        self.fit()

    def fit(self) -> None:
        self._content.setGeometry(self.card().toRect())

    def _column(self, groups: Sequence[Group], keymap: Keymap) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(4)
        for group in groups:
            heading = QCoreApplication.translate("Commands", GROUPS[group])
            column.addWidget(shown.label(heading, theme=self.theme, role="small", color="text2", weight=600))
            grid = QGridLayout()
            grid.setVerticalSpacing(self.theme.px(9))
            grid.setHorizontalSpacing(self.theme.px(12))
            grid.setColumnMinimumWidth(0, self.theme.px(76))
            grid.setColumnStretch(1, 1)
            for i, row in enumerate(rows_of(group, keymap)):
                keys = QHBoxLayout()
                keys.setSpacing(4)
                for cap in row.caps:
                    keys.addWidget(Keycap(cap, self.theme))
                keys.addStretch(1)
                grid.addLayout(keys, i, 0)
                grid.addWidget(shown.label(row.title, theme=self.theme, role="small"), i, 1)
            column.addLayout(grid)
            column.addSpacing(12)
        column.addStretch(1)
        return column
