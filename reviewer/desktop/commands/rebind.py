"""Change the key of a command: press the new one. What another command has is refused."""

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from reviewer.desktop import shown
from reviewer.desktop.commands.press import is_modifier, words
from reviewer.desktop.commands.sheet import Overlay
from reviewer.desktop.theme import Theme


class KeyQuestion(Overlay):
    """Asks for the new key of a command. ``pressed`` carries the command's id and the name of the key."""

    pressed = Signal(str, str)

    def __init__(self, theme: Theme, command: str, title: str, window: QWidget) -> None:
        super().__init__(theme, window)
        self._command = command
        name = self.tr("New key for: %1").replace("%1", title)
        self.setAccessibleName(name)
        self._content = QWidget(self)
        column = QVBoxLayout(self._content)
        column.setContentsMargins(24, 20, 24, 20)
        column.addWidget(shown.label(name, theme=theme, role="heading", wrap=True))
        column.addWidget(
            shown.label(
                self.tr("Press the key that you want, or Esc to leave it as it is."), theme=theme, color="text2"
            )
        )
        self.fit()

    def card(self) -> QRectF:
        width = min(480, self.width() - 48)
        return QRectF((self.width() - width) / 2, 120, width, 120)

    def fit(self) -> None:
        self._content.setGeometry(self.card().toRect())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.leave()
        elif not is_modifier(event) and not event.isAutoRepeat():
            found = words(event)
            if found:
                self.leave()
                self.pressed.emit(self._command, found[0])
