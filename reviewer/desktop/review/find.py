"""The find bar above the transcript."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from reviewer.desktop import shown
from reviewer.desktop.parts.controls import dress
from reviewer.desktop.theme import Theme


class FindField(QLineEdit):
    """A field whose Enter goes to the next hit, with Shift to the one before."""

    step = Signal(int)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.step.emit(-1 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1)
            return
        super().keyPressEvent(event)


class FindBar(QWidget):
    """Find in one transcript. ``wanted`` carries the text as it is typed, ``step`` the way to the next hit."""

    wanted = Signal(str)
    step = Signal(int)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.theme = theme
        self.field = FindField()
        self.field.setAccessibleName(self.tr("Find in transcript"))
        self.field.setPlaceholderText(self.tr("Find in transcript"))
        self.field.textChanged.connect(self.wanted)
        self.field.step.connect(self.step)
        self._hits = shown.label("", theme=theme, role="small", color="text2")
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.px(28), 6, theme.px(24), 6)
        row.addWidget(self.field, 1)
        row.addWidget(self._hits)
        self.setAccessibleName(self.tr("Find"))
        self.hide()

    def say_hits(self, n: int) -> None:
        """Show how many hits there are."""
        text = self.tr("%1 hits").replace("%1", str(n)) if n != 1 else self.tr("1 hit")
        self._hits.setText(text if self.field.text() else "")

    def open(self) -> None:
        """Show the bar and write into it."""
        self.show()
        self.field.setFocus()
        self.field.selectAll()

    def set_theme(self, theme: Theme) -> None:
        """Take another theme or scale."""
        self.theme = theme
        dress(self, theme)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), self.theme.color("surface"))
        painter.fillRect(0, self.height() - 1, self.width(), 1, self.theme.color("line"))
        painter.end()
