"""Buttons, choices and scrolled columns that wear the theme: the small parts that every page is made of."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QFrame,
    QLayout,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from reviewer.desktop import shown
from reviewer.desktop.theme import Theme


class Button(QPushButton):
    """A push button with an icon from the theme; ``primary`` for the one that a page is about."""

    def __init__(self, text: str, theme: Theme, icon: str = "", primary: bool = False) -> None:
        super().__init__()
        self._icon = icon
        self.setProperty("primary", primary)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.say(text)
        self.set_theme(theme)

    def say(self, text: str) -> None:
        """Show another text; an ampersand is shown as one, not as a key."""
        plain = shown.safe(text, 60)
        # The space keeps the text from touching the icon; a style sheet offers no other way.
        self.setText((" " if self._icon else "") + plain.replace("&", "&&"))
        self.setAccessibleName(plain)

    def set_theme(self, theme: Theme) -> None:
        """Wear another theme."""
        self.setFont(theme.font("body", 500))
        if self._icon:
            from PySide6.QtGui import QIcon

            icon = theme.qicon(self._icon, "onAccent" if self.property("primary") else "text2")
            icon.addPixmap(theme.icon(self._icon, "disabled"), QIcon.Mode.Disabled)
            self.setIconSize(QSize(16, 16))
            self.setIcon(icon)


class Ground(QWidget):
    """A ground of one colour: ``surface`` for what is read, ``window`` for what surrounds it.

    It paints itself: a palette's ground is forgotten when a widget moves into another, and labels on a ground set by
    role take that ground's text colour instead of their own.
    """

    def __init__(self, theme: Theme, role: str = "surface") -> None:
        super().__init__()
        self._role = role
        self._color = theme.color(role)

    def set_theme(self, theme: Theme) -> None:
        """Wear another theme."""
        self._color = theme.color(self._role)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the ground."""
        painter = QPainter(self)
        painter.fillRect(event.rect(), self._color)
        painter.end()


class Column(QScrollArea):
    """A column that scrolls up and down; ``lines`` is the layout to fill. Room that is not needed stays below."""

    def __init__(
        self, name: str, theme: Theme, margins: tuple[int, int, int, int] = (28, 20, 28, 20), role: str = "surface"
    ) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        inside = Ground(theme, role)
        inside.setAccessibleName(name)
        self.lines = QVBoxLayout(inside)
        self.lines.setContentsMargins(*margins)
        self.lines.setSpacing(8)
        self.setWidget(inside)


def empty(layout: QLayout) -> None:
    """Take everything out of a layout."""
    while (item := layout.takeAt(0)) is not None:
        if (widget := item.widget()) is not None:
            widget.hide()  # it is deleted later, and would be seen until then
            widget.deleteLater()
        elif (inner := item.layout()) is not None:
            empty(inner)


class Hairline(QWidget):
    """A line of one pixel that parts two blocks, lying or standing."""

    def __init__(self, theme: Theme, standing: bool = False) -> None:
        super().__init__()
        self._color = theme.color("line")
        if standing:
            self.setFixedWidth(1)
            self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        else:
            self.setFixedHeight(1)

    def set_theme(self, theme: Theme) -> None:
        """Wear another theme."""
        self._color = theme.color("line")
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the line."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._color)
        painter.end()


def dress(root: QWidget, theme: Theme) -> None:
    """Hand a theme to every part inside a widget that can wear one."""
    for widget in root.findChildren(QWidget):
        wear = getattr(widget, "set_theme", None)
        if wear is not None:
            wear(theme)
