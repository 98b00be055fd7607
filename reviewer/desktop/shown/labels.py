"""Labels, tooltips and messages that show any text as letters, never as markup."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from reviewer.desktop.shown.markers import paragraphs, safe
from reviewer.desktop.theme import Theme

NARROW = 4  # pixels of a letter that is narrower than most
LETTERS = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
"""What stands for the signs of markup, between tags."""


class PlainLabel(QLabel):
    """A label of plain text: one line, elided where asked for, or wrapped paragraphs."""

    def __init__(
        self,
        text: str = "",
        theme: Theme | None = None,
        role: str = "body",
        color: str = "text",
        *,
        weight: int | None = None,
        elide: Qt.TextElideMode | None = None,
        wrap: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self._role = role
        self._color = color
        self._weight = weight
        self._elide = elide
        self._theme = theme
        self._given: str | None = None
        self._full = ""
        self._cut = ""
        self._has_room = False
        self.setWordWrap(wrap)
        if elide is not None:
            self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        if theme is not None:
            self.set_theme(theme)
        self.setText(text)

    def setText(self, text: str) -> None:
        """Show a text. Stored text may be given as it is."""
        if text == self._given:
            return
        self._given = text
        self._full = paragraphs(text) if self.wordWrap() else safe(text)
        self.setAccessibleName(self._full)
        self._show()

    def keep_room_for(self, widest: str) -> None:
        """Take the room of a text for good, at the right: other texts then lay nothing out."""
        self._has_room = True
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        self.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.setFixedWidth(self.fontMetrics().horizontalAdvance(widest) + 2)

    @property
    def full_text(self) -> str:
        """The text as it would be shown without eliding."""
        return self._full

    def set_color(self, role: str) -> None:
        """Change the colour's role."""
        self._color = role
        if self._theme is not None:
            self.set_theme(self._theme)

    def set_theme(self, theme: Theme) -> None:
        """Take font and colour from a theme."""
        self._theme = theme
        self.setFont(theme.font(self._role, self._weight))
        palette = self.palette()
        palette.setColor(QPalette.ColorRole.WindowText, theme.color(self._color))
        self.setPalette(palette)
        self._show()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._show()

    def sizeHint(self) -> QSize:
        if self._elide is None:
            return super().sizeHint()
        metrics = self.fontMetrics()
        return QSize(metrics.horizontalAdvance(self._full) + 2, metrics.height() + (0 if self._has_room else 2))

    def text(self) -> str:
        """Return the letters that are seen."""
        return super().text() if self._elide is None else self._cut

    def _show(self) -> None:
        if self._elide is None:
            super().setText(self._full)
            return
        self._cut = self._full if self._has_room else self._elided(self._elide)
        self.update()

    def _elided(self, elide: Qt.TextElideMode) -> str:
        metrics, width = self.fontMetrics(), self.width()
        if elide is Qt.TextElideMode.ElideRight:
            # Measuring takes long: letters that hardly ever fit are measured only where they do.
            begin = self._full[: width // NARROW + 1]
            cut = metrics.elidedText(begin, elide, width)
            if cut != begin or begin == self._full:
                return cut
        return metrics.elidedText(self._full, elide, width)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint an elided text here: a label that is told another one has the whole window laid out anew."""
        palette = self.palette()
        wanted = palette.color(QPalette.ColorRole.WindowText) if self._theme is None else self._theme.color(self._color)
        if self._elide is None:
            # A style sheet gives a label that was never painted the colours back that it had before the last theme.
            if palette.color(QPalette.ColorRole.WindowText) != wanted:
                palette.setColor(QPalette.ColorRole.WindowText, wanted)
                self.setPalette(palette)
            super().paintEvent(event)
            return
        painter = QPainter(self)
        painter.setPen(wanted)
        painter.drawText(self.contentsRect(), self.alignment(), self._cut)
        painter.end()


def label(
    text: str = "",
    *,
    theme: Theme | None = None,
    role: str = "body",
    color: str = "text",
    weight: int | None = None,
    elide: Qt.TextElideMode | None = None,
    wrap: bool = False,
    parent: QWidget | None = None,
) -> PlainLabel:
    """Return a label that shows any text as plain letters."""
    return PlainLabel(text, theme, role, color, weight=weight, elide=elide, wrap=wrap, parent=parent)


def tip(widget: QWidget, text: str) -> None:
    """Give a widget a tooltip; an empty text takes it away."""
    widget.setToolTip(f"<qt>{safe(text).translate(LETTERS)}</qt>" if text else "")


class MessageDialog(QDialog):
    """A dialog with a title, what happened, the next step, and buttons; the first button is the primary one."""

    def __init__(
        self,
        parent: QWidget | None,
        title: str,
        text: str,
        next_step: str = "",
        buttons: Sequence[str] = (),
        theme: Theme | None = None,
    ) -> None:
        super().__init__(parent)
        self.chosen = -1
        self.setWindowTitle(safe(title, 120))
        self.setMinimumWidth(440)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 16)
        column.setSpacing(8)
        column.addWidget(PlainLabel(title, theme, "heading", wrap=True))
        for words, color in ((text, "text"), (next_step, "text2")):
            if words:
                column.addWidget(PlainLabel(words, theme, color=color, wrap=True))
        column.addSpacing(16)
        row = QHBoxLayout()
        row.addStretch()
        for number, words in reversed(list(enumerate(buttons or (self.tr("OK"),)))):
            button = QPushButton(safe(words, 80).replace("&", "&&"))
            button.setProperty("primary", number == 0)
            button.setDefault(number == 0)
            button.clicked.connect(lambda _=False, n=number: self._choose(n))
            row.addWidget(button)
        column.addLayout(row)

    def _choose(self, number: int) -> None:
        self.chosen = number
        self.accept()


def message(
    parent: QWidget | None,
    title: str,
    text: str,
    next_step: str = "",
    buttons: Sequence[str] = (),
    theme: Theme | None = None,
) -> int:
    """Ask and wait: return the index of the button that was pressed, -1 when the dialog was closed.

    Without buttons there is one that says OK.
    """
    dialog = MessageDialog(parent, title, text, next_step, buttons, theme)
    dialog.exec()
    chosen = dialog.chosen
    dialog.deleteLater()
    return chosen
