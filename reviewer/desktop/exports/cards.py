"""The targets as cards, one of them chosen."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QButtonGroup, QGridLayout, QRadioButton, QWidget

from reviewer.desktop.exports.state import Target
from reviewer.desktop.theme import Theme, baseline


class TargetCard(QRadioButton):
    """One target: its name and what it is for."""

    def __init__(self, target: Target, about: str, theme: Theme) -> None:
        super().__init__()
        self.target = target
        self.about = about
        self.setAccessibleName(target.title)
        self.setAccessibleDescription(about)
        self.set_theme(theme)

    def set_theme(self, theme: Theme) -> None:
        """Wear another theme."""
        self.theme = theme
        self.setFixedHeight(theme.px(50))
        self.update()

    def sizeHint(self) -> QSize:
        """Return a card's size; its column makes it wider."""
        return QSize(self.theme.px(120), self.theme.px(50))

    def hitButton(self, pos: object) -> bool:
        """Return True: the whole card is the button."""
        return True

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the card."""
        theme, on = self.theme, self.isChecked()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        edge = "accent" if on or self.hasFocus() else "line"
        painter.setPen(QPen(theme.color(edge), 2 if self.hasFocus() else 1.5 if on else 1))
        painter.setBrush(theme.color("accentTint" if on else "raised"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 6, 6)
        for text, font, color, top in (
            (self.target.title, theme.font("body", 600), "accentText" if on else "text", theme.px(5)),
            (self.about, theme.font("small"), "text2", theme.px(25)),
        ):
            painter.setFont(font)
            painter.setPen(theme.color(color))
            room = self.width() - theme.px(24)
            said = QFontMetricsF(font).elidedText(text, Qt.TextElideMode.ElideRight, room)
            painter.drawText(theme.px(12), round(baseline(font, top, theme.px(20))), said)
        painter.end()


class TargetCards(QWidget):
    """All targets; ``chosen`` carries the name of the one that was pressed."""

    chosen = Signal(str)

    def __init__(self, targets: Sequence[Target], about: dict[str, str], theme: Theme) -> None:
        super().__init__()
        self.setAccessibleName(self.tr("Target"))
        self._group = QButtonGroup(self)
        self.cards: dict[str, TargetCard] = {}
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(8)
        for number, target in enumerate(targets):
            card = TargetCard(target, about.get(target.name, ""), theme)
            card.clicked.connect(lambda _=False, name=target.name: self.chosen.emit(name))
            self._group.addButton(card)
            grid.addWidget(card, number // 2, number % 2)
            self.cards[target.name] = card

    def mark(self, name: str) -> None:
        """Show which target is chosen."""
        self.cards[name].setChecked(True)
