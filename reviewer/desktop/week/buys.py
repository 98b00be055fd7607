"""The column *What this buys*: what an interval of this week would look like, in figures and sentences."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QVBoxLayout

from reviewer.desktop import shown
from reviewer.desktop.parts.controls import Button, Ground, Hairline, dress
from reviewer.desktop.theme import Theme
from reviewer.desktop.week.curve import PrecisionCurve
from reviewer.desktop.week.state import Reach, WeekState
from reviewer.wording import decimal


class Buys(Ground):
    """Figures about the plan, and the button that draws it."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        self.setAccessibleName(self.tr("What this buys"))
        self.figure = shown.label("", theme=theme, role="display")
        self.at = shown.label("", theme=theme, role="body", color="text2")
        self.sentence = shown.label("", theme=theme, role="body", color="text2", wrap=True)
        self.curve = PrecisionCurve(theme)
        self.curve_title = shown.label(self.tr("Half-width at 10 %, by traces read"), theme=theme, weight=600)
        self.facts = [shown.label("", theme=theme, weight=500) for _ in range(4)]
        self.note = shown.label("", theme=theme, role="small", color="text2", wrap=True)
        self.trouble = shown.label("", theme=theme, role="body", color="failed", wrap=True)
        self.draw = Button("", theme, "shuffle", primary=True)
        self._lay_out(theme)

    def _lay_out(self, theme: Theme) -> None:
        lines = QVBoxLayout(self)
        lines.setContentsMargins(28, 20, 28, 24)
        lines.setSpacing(8)
        lines.addWidget(shown.label(self.tr("What this buys"), theme=theme, role="body", weight=600))
        lines.addSpacing(4)
        for widget in (self.figure, self.at, self.sentence):
            lines.addWidget(widget)
        lines.addSpacing(8)
        lines.addWidget(Hairline(theme))
        lines.addSpacing(8)
        lines.addWidget(self.curve_title)
        lines.addWidget(self.curve)
        grid = QGridLayout()
        grid.setVerticalSpacing(6)
        titles = (
            self.tr("Effective n"),
            self.tr("Heaviest trace"),
            self.tr("Smallest stratum"),
            self.tr("Taxonomy"),
        )
        for row, (title, value) in enumerate(zip(titles, self.facts, strict=True)):
            grid.addWidget(shown.label(title, theme=theme, color="text2"), row, 0)
            grid.addWidget(value, row, 1, Qt.AlignmentFlag.AlignRight)
        grid.setColumnStretch(0, 1)
        lines.addLayout(grid)
        lines.addSpacing(4)
        lines.addWidget(self.note)
        lines.addStretch(1)
        lines.addWidget(self.trouble)
        lines.addWidget(self.draw)

    def show_state(self, state: WeekState) -> None:
        """Show what the plan buys."""
        reach = state.reach()
        self._say_reach(reach)
        self.curve.show_curve(state.curve(), state.drawn, self.tr("Half-width at 10 %, by traces read"))
        self.curve_title.setVisible(bool(state.curve()))
        self._say_facts(state, reach)
        self._say_note(state)
        self._say_button(state)

    def _say_reach(self, reach: Reach | None) -> None:
        if reach is None or reach.low is None or reach.high is None or reach.half_width is None:
            self.figure.setText("")
            self.at.setText("")
            self.sentence.setText(self.tr("Nothing to say before there is a sample.") if reach is None else "")
        elif reach.exact:
            self.figure.setText(self.tr("exact"))
            self.at.setText(self.tr("every trace is read"))
            self.sentence.setText(self.tr("Nothing is estimated: the rates are those of the period."))
        else:
            self.figure.setText(f"± {decimal(100 * reach.half_width, 1)}")
            self.at.setText(self.tr("points at a rate of 10 %"))
            low, high = decimal(100 * reach.low, 0), decimal(100 * reach.high, 0)
            said = self.tr("One week alone: a mode that is seen at 10 % lies between about {low} and {high} %.")
            self.sentence.setText(said.format(low=low, high=high))

    def _say_facts(self, state: WeekState, reach: Reach | None) -> None:
        said = ["", "", "", self.tr("version {}").format(state.ground.taxonomy_version)]
        if reach is not None:
            heaviest = max(row.stands_for for row in state.rows)
            smallest = min(row.drawn for row in state.rows)
            said[0] = self.tr("{n} of {size}").format(n=decimal(reach.effective), size=decimal(state.drawn))
            said[1] = self.tr("1 stands for {}").format(decimal(heaviest, 0 if heaviest >= 10 else 1))
            said[2] = self.tr("{} to read").format(decimal(smallest))
        for label, text in zip(self.facts, said, strict=True):
            label.setText(text)

    def _say_note(self, state: WeekState) -> None:
        notes = []
        if state.planned and state.planned.late:
            said = self.tr("{} came late for an earlier week and are in this one.")
            notes.append(said.format(decimal(state.planned.late)))
        if state.planned and state.planned.untimed:
            said = self.tr("{} have no time of their own: they stand here by the time of their import.")
            notes.append(said.format(decimal(state.planned.untimed)))
        self.note.setText("\n".join(notes))
        self.note.setVisible(bool(notes))

    def _say_button(self, state: WeekState) -> None:
        trouble = state.trouble
        if state.is_drawn:
            trouble = self.tr("{} is drawn already: go on reading it, or choose another period.").format(state.period)
        self.trouble.set_color("text2" if state.is_drawn else "failed")
        self.trouble.setText(trouble)
        self.trouble.setVisible(bool(trouble))
        self.draw.setEnabled(state.can_draw or state.is_drawn)
        drawn = decimal(state.drawn)
        if state.is_drawn:
            self.draw.say(self.tr("Read {}").format(state.period))
        else:
            self.draw.say(self.tr("Draw {} and start").format(drawn) if state.drawn else self.tr("Draw and start"))

    def set_theme(self, theme: Theme) -> None:
        """Wear another theme."""
        super().set_theme(theme)
        dress(self, theme)
