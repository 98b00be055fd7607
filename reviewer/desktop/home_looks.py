"""The lower half of Home: what is new and hardly read, the regular looks, and the latest day of all traffic."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from reviewer import wording
from reviewer.desktop import shown
from reviewer.desktop.explore.state import TraceList
from reviewer.desktop.home_words import LOOK_ICONS, done_words, due_words, figure_words, novelty_words, tr
from reviewer.desktop.parts.controls import Button, Ground, Hairline
from reviewer.desktop.parts.spark import Spark
from reviewer.desktop.theme import Theme
from reviewer.model.cadence import DAY_US, Standing
from reviewer.model.glance import DayFigure, Glance
from reviewer.model.novelty import Novelty

MOST_CARDS = 4


class Icon(QLabel):
    """An icon of the theme."""

    def __init__(self, name: str, theme: Theme, color: str = "text2") -> None:
        super().__init__()
        self._name, self._color = name, color
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.set_theme(theme)

    def set_theme(self, theme: Theme) -> None:
        """Wear another theme."""
        self.setPixmap(theme.icon(self._name, self._color, 18))


class Looks(QWidget):
    """``asked`` carries a page and its subject, ``done`` the name of a checklist that was just done.

    ``taken_back`` carries the name of one that was not done after all.
    """

    asked = Signal(str, object)
    done = Signal(str)
    taken_back = Signal(str)

    def __init__(self, theme: Theme, timezone: str) -> None:
        super().__init__()
        self.theme, self.timezone = theme, timezone
        self.opened: set[str] = set()
        """Names of the checklists whose steps are shown."""
        lines = QVBoxLayout(self)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(theme.px(8))
        self.new, self.cadences, self.day = QWidget(), QWidget(), QWidget()
        for part in (self.new, self.cadences, self.day):
            inside = QVBoxLayout(part)
            inside.setContentsMargins(0, 0, 0, 0)
            inside.setSpacing(theme.px(6))
            part.hide()
            lines.addWidget(part)

    def set_theme(self, theme: Theme) -> None:
        """Wear another theme."""
        self.theme = theme

    def show_novelties(self, found: Sequence[Novelty]) -> None:
        """Show a card for each novelty, the first four; nothing where there is none."""
        lines = _emptied(self.new)
        self.new.setVisible(bool(found))
        if not found:
            return
        lines.addWidget(Hairline(self.theme))
        title = self._title(self.tr("Revisit now"))
        more = len(found) - MOST_CARDS
        about = self.tr("something changed, and too few traces have been read since")
        title.addWidget(self._label(about + (self.tr("; %1 more").replace("%1", str(more)) if more > 0 else "")), 1)
        lines.addLayout(title)
        row = QGridLayout()
        row.setSpacing(self.theme.px(16))
        for place, novelty in enumerate(found[:MOST_CARDS]):
            row.addWidget(self._card(novelty), place // 2, place % 2)
        lines.addLayout(row)

    def _card(self, novelty: Novelty) -> QWidget:
        words = novelty_words(novelty, self.timezone)
        card = Ground(self.theme, "window")
        inside = QVBoxLayout(card)
        margin = self.theme.px(16)
        inside.setContentsMargins(margin, margin, margin, margin)
        inside.setSpacing(self.theme.px(4))
        head = QHBoxLayout()
        head.addWidget(Icon(words.icon, self.theme, "accent"))
        head.addWidget(shown.label(words.title, theme=self.theme, weight=600), 1)
        inside.addLayout(head)
        for number, text in enumerate(words.lines):
            color = "text2" if number else "text"
            inside.addWidget(shown.label(text, theme=self.theme, color=color, wrap=True))
        button = Button(self.tr("Show %1 of them").replace("%1", str(words.shown)), self.theme)
        wanted = TraceList(f"{words.title}: {words.lines[0]}", novelty.examples[: words.shown])
        button.clicked.connect(lambda: self.asked.emit("explore", wanted))
        inside.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
        return card

    def show_cadences(self, found: Sequence[Standing], now_us: int) -> None:
        """Show the regular looks with when each was done and is due."""
        lines = _emptied(self.cadences)
        self.cadences.setVisible(bool(found))
        lines.addWidget(Hairline(self.theme))
        lines.addLayout(self._title(self.tr("Regular looks")))
        for standing in found:
            lines.addLayout(self._cadence(standing, now_us))
            steps = self._steps(standing)
            steps.setVisible(standing.checklist.name in self.opened)
            lines.addWidget(steps)

    def _cadence(self, standing: Standing, now_us: int) -> QHBoxLayout:
        checklist = standing.checklist
        row = QHBoxLayout()
        row.setSpacing(self.theme.px(12))
        row.addWidget(Icon(LOOK_ICONS[checklist.name], self.theme))
        row.addWidget(shown.label(tr(checklist.title), theme=self.theme, weight=600), 3)
        row.addWidget(self._label(done_words(standing, now_us, self.timezone)), 3)
        due = due_words(standing, now_us, self.timezone)
        row.addWidget(shown.label(due, theme=self.theme, color="text" if standing.is_due(now_us) else "text2"), 2)
        steps = Button(self.tr("Steps"), self.theme)
        steps.setAccessibleName(self.tr("Steps of %1").replace("%1", tr(checklist.title)))
        steps.clicked.connect(lambda: self._toggle(checklist.name))
        row.addWidget(steps)
        row.addWidget(self._press(standing, now_us))
        return row

    def _press(self, standing: Standing, now_us: int) -> Button:
        """Return the button that says a look is done; of one that was done today, the one that takes it back."""
        checklist = standing.checklist
        if standing.last_us is not None and now_us - standing.last_us < DAY_US and not standing.is_due(now_us):
            button = Button(self.tr("Not done"), self.theme, "undo-2")
            button.setAccessibleName(self.tr("%1 is not done after all").replace("%1", tr(checklist.title)))
            button.clicked.connect(lambda: self.taken_back.emit(checklist.name))
        else:
            button = Button(self.tr("Done"), self.theme, "check")
            button.setAccessibleName(self.tr("%1 is done").replace("%1", tr(checklist.title)))
            button.clicked.connect(lambda: self.done.emit(checklist.name))
        return button

    def _steps(self, standing: Standing) -> QWidget:
        steps = QWidget()
        steps.setObjectName(standing.checklist.name)
        inside = QGridLayout(steps)
        inside.setContentsMargins(self.theme.px(30), 0, 0, self.theme.px(6))
        inside.addWidget(self._label(tr(standing.checklist.about) + "."), 0, 0, 1, 2)
        for row, look in enumerate(standing.checklist.looks, 1):
            inside.addWidget(shown.label(tr(look.text), theme=self.theme, wrap=True), row, 0)
            if look.page != "home":
                go = Button(self.tr("Open"), self.theme)
                go.setAccessibleName(self.tr("Open the page for: %1").replace("%1", tr(look.text)))
                subject = "month" if look.page == "scorecard" and standing.checklist.name == "monthly" else None
                go.clicked.connect(lambda _=False, page=look.page, about=subject: self.asked.emit(page, about))
                inside.addWidget(go, row, 1)
        inside.setColumnStretch(0, 1)
        return steps

    def _toggle(self, name: str) -> None:
        self.opened ^= {name}
        for steps in self.cadences.findChildren(QWidget, name):
            steps.setVisible(name in self.opened)

    def show_glance(self, glance: Glance | None) -> None:
        """Show the figures of the latest day; nothing without a trace."""
        lines = _emptied(self.day)
        self.day.setVisible(glance is not None)
        if glance is None:
            return
        lines.addWidget(Hairline(self.theme))
        title = QHBoxLayout()
        latest = self.tr("Latest day, all traffic: %1").replace("%1", wording.day(glance.day_us, self.timezone))
        title.addWidget(shown.label(latest, theme=self.theme, role="small", color="text2", weight=600), 1)
        count = self.tr("%1 traces, nothing sampled").replace("%1", wording.decimal(glance.traces))
        title.addWidget(shown.label(count, theme=self.theme, role="small", color="text2"))
        lines.addLayout(title)
        grid = QGridLayout()
        grid.setHorizontalSpacing(self.theme.px(24))
        for place, figure in enumerate(glance.figures):
            grid.addWidget(self._figure(figure), place // 3, place % 3)
        lines.addLayout(grid)

    def _figure(self, figure: DayFigure) -> QWidget:
        part = QWidget()
        inside = QGridLayout(part)
        inside.setContentsMargins(0, 0, 0, self.theme.px(4))
        inside.setVerticalSpacing(self.theme.px(2))
        inside.setHorizontalSpacing(self.theme.px(8))
        inside.addWidget(self._label(tr(figure.title), "small"), 0, 0, 1, 2)
        inside.addWidget(shown.label(wording.value(figure.number), theme=self.theme, role="reading", weight=600), 1, 0)
        usual = figure.is_usual
        said = shown.label(
            figure_words(figure), theme=self.theme, role="small", color="text" if usual is False else "text2"
        )
        inside.addWidget(said, 1, 1)
        inside.addWidget(Spark(figure.history, self.theme), 0, 2, 2, 1)
        inside.setColumnStretch(3, 1)
        return part

    def _title(self, text: str) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setContentsMargins(0, self.theme.px(8), 0, 0)
        row.setSpacing(self.theme.px(12))
        row.addWidget(shown.label(text, theme=self.theme, role="heading"))
        return row

    def _label(self, text: str, role: str = "body") -> QLabel:
        return shown.label(text, theme=self.theme, role=role, color="text2")


def _emptied(part: QWidget) -> QVBoxLayout:
    """Return the layout of a part after taking all out of it."""
    layout = part.layout()
    assert isinstance(layout, QVBoxLayout)
    _clear(layout)
    return layout


def _clear(layout: "QVBoxLayout | QHBoxLayout | QGridLayout") -> None:
    while (item := layout.takeAt(0)) is not None:
        widget, inside = item.widget(), item.layout()
        if widget is not None:
            widget.hide()
            widget.deleteLater()
        elif isinstance(inside, QVBoxLayout | QHBoxLayout | QGridLayout):
            _clear(inside)
            inside.deleteLater()
