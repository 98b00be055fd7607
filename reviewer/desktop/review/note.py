"""The row below the transcript: the note, what was done last with its undo, and a write that failed."""

from PySide6.QtCore import QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPlainTextEdit, QSizePolicy, QToolButton, QWidget

from reviewer.desktop import shown
from reviewer.desktop.commands.keycap import Keycap, keycap_width, paint_keycap
from reviewer.desktop.commands.keys import Keymap
from reviewer.desktop.commands.press import first_cap
from reviewer.desktop.parts.controls import dress
from reviewer.desktop.parts.pictures import Pictures
from reviewer.desktop.theme import Theme, baseline

MOST_LINES = 6
PAUSE_MS = 3000  # after a pause in writing the note goes to the disk: a crash takes no more than this
STEP = 64  # the toast's width goes in such steps: most presses leave the row as it is laid out


class NoteField(QPlainTextEdit):
    """A field of plain text that grows to six lines. Enter leaves it and saves, Shift+Enter makes a line."""

    done = Signal()
    left = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setTabChangesFocus(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.document().setDocumentMargin(2)
        self.textChanged.connect(self._grow)
        self.set_theme(theme)

    def set_theme(self, theme: Theme) -> None:
        """Take another theme or scale."""
        self.setFont(theme.font("body"))
        ground, line = theme.color("surface").name(), theme.color("line").name()
        self.setStyleSheet(
            f"QPlainTextEdit {{ background: {ground}; border: 1px solid {ground}; padding: 5px 6px; }}"
            f"QPlainTextEdit:hover {{ border: 1px solid {line}; }}"
            f"QPlainTextEdit:focus {{ border: 2px solid {theme.color('accent').name()}; padding: 4px 5px; }}"
        )
        self._grow()

    def _grow(self) -> None:
        lines = max(1, min(MOST_LINES, self.document().blockCount()))
        self.setFixedHeight(round(self.fontMetrics().lineSpacing() * lines) + 18)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
                self.insertPlainText("\n")
            else:
                self.done.emit()
            return
        super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.left.emit()


class Toast(QToolButton):
    """What was done last, with its undo. It stays until the next press."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._key = ""
        self.undoable = True
        self._said = ""
        self._width = 0
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self._pictures = Pictures()
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.hide()

    def set_theme(self, theme: Theme) -> None:
        """Take another theme."""
        self._theme = theme
        self._pictures.forget()
        self.updateGeometry()
        self.update()

    def set_key(self, key: str) -> None:
        """Show another key for undo."""
        self._key = key

    def say(self, text: str, undoable: bool) -> None:
        """Show a text, with undo where it can be undone; an empty one hides the toast."""
        self.undoable = undoable
        plain = self._said = shown.safe(text, 80)
        self.setAccessibleName(self.tr("%1. Undo").replace("%1", plain) if undoable else plain)
        self.setVisible(bool(text))
        if self.sizeHint().width() != self._width:
            self._width = self.sizeHint().width()
            self.updateGeometry()
        self.update()

    def text(self) -> str:
        """Return what it says. Qt is not told: it would lay the row out for every other text."""
        return self._said

    def _undo(self) -> str:
        return self.tr("Undo")

    def sizeHint(self) -> QSize:
        theme = self._theme
        metrics = self.fontMetrics()
        width = metrics.horizontalAdvance(self.text()) + theme.px(48)
        if self.undoable:
            width += metrics.horizontalAdvance(self._undo()) + round(keycap_width(theme, self._key)) + theme.px(44)
        step = theme.px(STEP)
        return QSize(-(-width // step) * step, theme.px(35))

    def minimumSizeHint(self) -> QSize:
        return QSize(self._theme.px(80), self._theme.px(35))

    def paintEvent(self, event: QPaintEvent) -> None:
        looks = (self._said, self.undoable, self._key)
        self._pictures.show(self, looks, self._theme.color("surface"), self._draw)

    def _draw(self, painter: QPainter, area: QRectF) -> None:
        theme = self._theme
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("tooltip"))
        painter.drawRoundedRect(area, theme.radius("card"), theme.radius("card"))
        font = theme.font("body", 500)
        painter.setFont(font)
        ink = theme.color("onTooltip")
        painter.setPen(ink)
        line = baseline(font, 0, area.height())
        side = theme.size("icon", "inline")
        left = theme.px(14)
        icon = "undo-2" if self.undoable else "info"
        painter.drawPixmap(left, round((area.height() - side) / 2), theme.icon(icon, "onTooltip", side))
        right = area.width() - theme.px(12)
        if self.undoable:
            right -= keycap_width(theme, self._key)
            paint_keycap(painter, theme, right, (area.height() - theme.size("keycap")) / 2, self._key, on=ink)
            right -= theme.px(8) + self.fontMetrics().horizontalAdvance(self._undo())
            painter.drawText(round(right), round(line), self._undo())
            right -= theme.px(14)
            painter.fillRect(QRectF(round(right), theme.px(9), 1, area.height() - theme.px(18)), theme.color("text3"))
        left += side + theme.px(10)
        text = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, round(right - left - 8))
        painter.drawText(left, round(line), text)


class Failure(QWidget):
    """A write that failed: what failed, that the draft is kept, and *Try again*. It does not go away by itself."""

    again = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._words = shown.label("", theme=theme, color="failed", weight=500, elide=Qt.TextElideMode.ElideRight)
        self._button = QToolButton()
        self._button.setText(self.tr("Try again"))
        self._button.setAccessibleName(self.tr("Try again"))
        self._button.clicked.connect(self.again)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 4, 8, 4)
        row.addWidget(self._words, 1)
        row.addWidget(self._button)
        self.set_theme(theme)
        self.hide()

    @property
    def said(self) -> str:
        """Return what the bar says."""
        return self._words.full_text

    def set_theme(self, theme: Theme) -> None:
        """Take another theme."""
        self._theme = theme
        self._words.set_theme(theme)
        self._button.setFont(theme.font("body", 600))
        self.update()

    def say(self, why: BaseException | None) -> None:
        """Show why the write failed, or nothing."""
        if why is not None:
            sentence = self.tr("Not saved, your work is kept here. %1").replace("%1", str(why))
            self._words.setText(sentence)
            self.setAccessibleName(shown.safe(sentence))
        self.setVisible(why is not None)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(self._theme.color("failedTint"))
        painter.setPen(self._theme.color("failed"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)
        painter.end()


class NoteRow(QWidget):
    """Note, toast and failure in one row."""

    saved = Signal(str)
    """The text of the note, when the field was left, or writing paused."""
    closed = Signal()
    asked = Signal(str)
    try_again = Signal()

    def __init__(self, theme: Theme, keymap: Keymap) -> None:
        super().__init__()
        self.theme = theme
        self._key = Keycap("", theme)
        self._word = shown.label(self.tr("Note"), theme=theme, weight=600)
        self.field = NoteField(theme)
        self.field.setAccessibleName(self.tr("Note"))
        self.field.setPlaceholderText(self.tr("What went wrong, in your own words"))
        self.field.done.connect(self.closed)
        self.field.left.connect(self._save)
        self._shown: str | None = None
        """The stored note that stands in the field; None while it may be another."""
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE_MS)
        self._pause.timeout.connect(self._save)
        self.field.textChanged.connect(self._pause.start)
        self.toast = Toast(theme)
        self.toast.clicked.connect(lambda: self.asked.emit("write.undo") if self.toast.undoable else None)
        self.failure = Failure(theme)
        self.failure.again.connect(self.try_again)
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.px(20), 8, theme.px(20), 8)
        row.setSpacing(theme.px(8))
        for part, stretch in ((self._key, 0), (self._word, 0), (self.field, 1), (self.failure, 1), (self.toast, 0)):
            row.addWidget(part, stretch)
        self.setAccessibleName(self.tr("Note and last change"))
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.set_keymap(keymap)
        self.set_theme(theme)

    def set_keymap(self, keymap: Keymap) -> None:
        """Show the keys of another keymap."""
        self._key.say(first_cap(keymap.keys("write.note")))
        self.toast.set_key(first_cap(keymap.keys("write.undo")))

    def set_theme(self, theme: Theme) -> None:
        """Take another theme or scale."""
        self.theme = theme
        self.setMinimumHeight(theme.size("noteRow"))
        dress(self, theme)
        self.update()

    def _save(self) -> None:
        self._pause.stop()
        self._shown = None  # what was typed stands in the field, whatever is stored
        self.saved.emit(self.field.toPlainText())

    def show_note(self, text: str) -> None:
        """Show the note of an item; what is being written is left alone."""
        if text == self._shown or self.field.hasFocus():
            return
        self._shown = text
        if self.field.toPlainText() != text:
            self.field.setPlainText(text)
            self._pause.stop()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), self.theme.color("surface"))
        painter.fillRect(0, 0, self.width(), 1, self.theme.color("line"))
        painter.end()
