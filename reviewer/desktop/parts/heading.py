"""The line at the top of a page: its title, what it is about in a few words, and its buttons at the right."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from reviewer.desktop import shown
from reviewer.desktop.theme import Theme


class Heading(QWidget):
    """A title with a subtitle; ``add`` puts a widget at the right edge."""

    def __init__(self, title: str, theme: Theme) -> None:
        super().__init__()
        self.theme = theme
        self.setFixedHeight(theme.px(64))
        self._title = shown.label(title, theme=theme, role="title")
        self._about = shown.label("", theme=theme, role="body", color="text2", elide=Qt.TextElideMode.ElideRight)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(28, 4, 28, 0)
        self._row.setSpacing(12)
        self._row.addWidget(self._title)
        self._row.addWidget(self._about, 1)
        self.setAccessibleName(title)

    def say(self, title: str) -> None:
        """Show another title."""
        self._title.setText(shown.safe(title, 70))
        self.setAccessibleName(title)

    def about(self, text: str) -> None:
        """Say what the page shows now."""
        self._about.setText(text)

    def add(self, widget: QWidget) -> None:
        """Put a widget at the right edge."""
        self._row.addWidget(widget)

    def set_theme(self, theme: Theme) -> None:
        """Wear another theme."""
        self.theme = theme
        self.setFixedHeight(theme.px(64))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the ground and the hairline below."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), self.theme.color("surface"))
        painter.fillRect(0, self.height() - 1, self.width(), 1, self.theme.color("line"))
        painter.end()
