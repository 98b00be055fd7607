"""From a key press in the window to a command: one way for every key, before any widget sees it."""

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QEvent, QObject
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QLineEdit,
    QPlainTextEdit,
    QTextEdit,
    QWidget,
)

from reviewer.desktop.commands.keys import Answer, Keymap, Matcher
from reviewer.desktop.commands.press import is_modifier, words
from reviewer.desktop.commands.table import BY_ID

OVERLAY = "overlay"
"""The layer while a palette, a list or a sheet is open: it keeps all keys to itself."""
SILENT = ("backspace", "delete")
PRESSED = QEvent.Type.KeyPress
TEXTS = (QLineEdit, QPlainTextEdit, QTextEdit)


def typing_in(widget: QWidget | None) -> bool:
    """Whether a widget takes letters: single-letter commands sleep then."""
    if isinstance(widget, TEXTS):
        return not widget.isReadOnly()
    if widget is None or not may_take_letters(widget):
        return False
    return widget.inherits("QAbstractSpinBox") or bool(widget.property("editable"))


def may_take_letters(widget: QWidget | None) -> bool:
    """Whether a widget is of a kind that can take letters."""
    # By name: the binding makes a class when it is first named.
    return isinstance(widget, TEXTS) or (
        widget is not None and (widget.inherits("QAbstractSpinBox") or widget.inherits("QComboBox"))
    )


class Dispatcher(QObject):
    """Watches a window's key presses, and has the command done that is meant.

    Installed on the native window, so that it sees a press before the widget with the focus; dialogs and menus are
    windows of their own and keep their keys.
    """

    def __init__(
        self, keymap: Keymap, layer: Callable[[], str], run: Callable[[str], None], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._layer = layer
        self._run = run  # a call and not a signal: after a rest a signal takes four times as long, and a press waits
        self._matcher = Matcher(keymap)
        self._focus: QWidget | None = None
        self._plain = False
        """Whether ``_focus`` is a widget that never takes letters."""

    def set_keymap(self, keymap: Keymap) -> None:
        """Follow another keymap."""
        self._matcher = Matcher(keymap)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        return isinstance(event, QKeyEvent) and event.type() is PRESSED and self._take(event)

    def _take(self, press: QKeyEvent) -> bool:
        """Return whether a press was a command's, or must do nothing."""
        layer = self._layer()
        if layer == OVERLAY or is_modifier(press) or QApplication.activePopupWidget() is not None:
            return False
        focus = QApplication.focusWidget()
        if focus is not self._focus:
            self._focus, self._plain = focus, not may_take_letters(focus)
        typing = not self._plain and typing_in(focus)
        named = words(press)
        if not typing and any(name.endswith(SILENT) for name in named):
            return layer != "pages"
        if named and named[0] == "space" and isinstance(focus, QAbstractButton):
            return False  # a button that was reached by Tab is pressed with Space
        answer, command = self._matcher.press(named, "text" if typing else layer)
        if answer is Answer.NONE or (command is not None and layer == "pages" and BY_ID[command].submits):
            return False  # what submits is about the item on screen, and another page is
        if command is not None and not (press.isAutoRepeat() and not BY_ID[command].repeats):
            self._run(command)
        return True


def title_of(command: str) -> str:
    """Return the title of a command, translated."""
    row = BY_ID[command]
    return QCoreApplication.translate("Commands", row.title).replace("%1", command.rsplit(".", 1)[-1])
