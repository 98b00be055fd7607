"""The palette: a field that finds any command or item by a few letters."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QLineEdit, QRadioButton, QSizePolicy, QVBoxLayout, QWidget

from reviewer.desktop import shown
from reviewer.desktop.commands.keycap import keycap_width, paint_keycap
from reviewer.desktop.commands.sheet import Overlay
from reviewer.desktop.theme import Theme, baseline

MOST_ROWS = 9


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing to choose: its id, its name, a line about it, and its key."""

    id: str
    title: str
    about: str = ""
    key: str = ""


def rank(choices: Sequence[Choice], typed: str) -> list[Choice]:
    """Return the choices that fit what was typed, the best first.

    A title that begins with it comes before one with a word that does, then one that holds it, then an ``about`` that
    does, then letters in order. Without anything typed, all of them as they stand.
    """
    wanted = typed.casefold().strip()
    if not wanted:
        return list(choices)
    scored = [(score, i, choice) for i, choice in enumerate(choices) if (score := _fit(choice, wanted)) is not None]
    return [choice for _, _, choice in sorted(scored, key=lambda row: row[:2])]


def _fit(choice: Choice, wanted: str) -> int | None:
    title = choice.title.casefold()
    if title.startswith(wanted):
        return 0
    if any(word.startswith(wanted) for word in title.split()):
        return 1
    if wanted in title:
        return 2
    if wanted in choice.about.casefold() or wanted in choice.id:
        return 3
    letters = iter(title)
    return 4 if all(letter in letters for letter in wanted.replace(" ", "")) else None


class ChoiceRow(QRadioButton):
    """One line of a list to choose from."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self.choice = Choice("", "")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAutoExclusive(False)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_choice(self, choice: Choice, chosen: bool) -> None:
        """Show a choice, and whether Enter would take it."""
        self.choice = choice
        self.setAccessibleName(shown.safe(choice.title, 120))
        self.setAccessibleDescription(shown.safe(choice.about, 200))
        self.setChecked(chosen)
        self.setFixedHeight(self._theme.px(48 if choice.about else 34))
        self.update()

    def nextCheckState(self) -> None:
        """Leave the mark where the list has it."""

    def hitButton(self, pos: object) -> bool:
        return True

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, area = self._theme, QRectF(self.rect())
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        if self.isChecked() or self.underMouse():
            painter.setBrush(theme.color("accentTint" if self.isChecked() else "hover"))
            painter.drawRoundedRect(area, theme.radius("control"), theme.radius("control"))
        width = keycap_width(theme, self.choice.key)
        paint_keycap(painter, theme, area.width() - width - theme.px(10), theme.px(8), self.choice.key)
        room = area.width() - width - theme.px(36)
        font = theme.font("body", 600 if self.isChecked() else 400)
        painter.setFont(font)
        painter.setPen(theme.color("accentText" if self.isChecked() else "text"))
        self._line(painter, self.choice.title, theme.px(7), room)
        if self.choice.about:
            painter.setFont(theme.font("small"))
            painter.setPen(theme.color("text2"))
            self._line(painter, self.choice.about, theme.px(25), room)
        painter.end()

    def _line(self, painter: QPainter, text: str, top: float, room: float) -> None:
        font = painter.font()
        plain = QFontMetricsF(font).elidedText(shown.safe(text, 200), Qt.TextElideMode.ElideRight, room)
        painter.drawText(self._theme.px(12), round(baseline(font, top, self._theme.line("body"))), plain)


class Finder(QWidget):
    """A field and the choices that fit it. ``taken`` carries the id of the chosen one and what was typed."""

    taken = Signal(str, str)
    left = Signal()
    changed = Signal()
    """Other choices are shown; the height that is wanted may differ."""

    def __init__(self, theme: Theme, find: Callable[[str], Sequence[Choice]], name: str, hint: str) -> None:
        super().__init__()
        self.theme = theme
        self._find = find
        self._found: list[Choice] = []
        self._at = 0
        self._first = 0
        self.field = QLineEdit()
        self.field.setAccessibleName(name)
        self.field.setPlaceholderText(hint)
        self.field.setFont(theme.font("body"))
        self.field.textChanged.connect(self._search)
        self.field.installEventFilter(self)
        self._column = column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 8, 8)
        column.setSpacing(2)
        column.addWidget(self.field)
        column.addSpacing(4)
        self._rows = [ChoiceRow(theme, self) for _ in range(MOST_ROWS)]
        for row in self._rows:
            row.clicked.connect(lambda _=False, row=row: self._take(row))
            column.addWidget(row)
        self._none = shown.label(self.tr("Nothing fits"), theme=theme, color="text2")
        column.addWidget(self._none)
        column.addStretch(1)
        self.setAccessibleName(name)
        self.setFocusProxy(self.field)
        self._search("")

    @property
    def found(self) -> list[Choice]:
        """Return what fits now, the best first."""
        return self._found

    def eventFilter(self, watched: object, event: object) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QKeyEvent.Type.KeyPress:
            return self._press(event)
        return False

    def _press(self, press: QKeyEvent) -> bool:
        match press.key():
            case Qt.Key.Key_Down | Qt.Key.Key_Tab:
                self._move(1)
            case Qt.Key.Key_Up | Qt.Key.Key_Backtab:
                self._move(-1)
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                if self._found and not press.isAutoRepeat():
                    self.taken.emit(self._found[self._at].id, self.field.text())
            case Qt.Key.Key_Escape:
                self.left.emit()
            case _:
                return False
        return True

    def _take(self, row: QAbstractButton) -> None:
        assert isinstance(row, ChoiceRow)
        self.taken.emit(row.choice.id, self.field.text())

    def _search(self, typed: str) -> None:
        self._found = list(self._find(typed))
        self._at = self._first = 0
        self._show()

    def _move(self, by: int) -> None:
        if self._found:
            self._at = (self._at + by) % len(self._found)
            self._first = min(max(self._first, self._at - MOST_ROWS + 1), self._at)
            self._show()

    def _show(self) -> None:
        window = self._found[self._first : self._first + MOST_ROWS]
        for i, row in enumerate(self._rows):
            row.setVisible(i < len(window))
            if i < len(window):
                row.show_choice(window[i], self._first + i == self._at)
        self._none.setVisible(not window)
        self._column.activate()
        self.changed.emit()


class Palette(Overlay):
    """A finder on a card near the top of the window. ``chosen`` carries an id and what was typed."""

    chosen = Signal(str, str)

    def __init__(
        self, theme: Theme, find: Callable[[str], Sequence[Choice]], window: QWidget, name: str, hint: str
    ) -> None:
        super().__init__(theme, window)
        self.setAccessibleName(name)
        self.finder = Finder(theme, find, name, hint)
        self.finder.setParent(self)
        self.finder.changed.connect(self.fit)
        self.finder.taken.connect(self._choose)
        self.finder.left.connect(self.leave)
        self.setFocusProxy(self.finder)
        self.fit()

    def fit(self) -> None:
        self.finder.setGeometry(self.card().toRect())
        self.update()

    def card(self) -> QRectF:
        width = min(560, self.width() - 48)
        return QRectF((self.width() - width) / 2, 72, width, min(self.finder.sizeHint().height(), self.height() - 96))

    def _choose(self, id_: str, typed: str) -> None:
        self.leave()
        self.chosen.emit(id_, typed)
