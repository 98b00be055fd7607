"""The column *What this buys*: what an interval of this week would look like, in figures and sentences."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from reviewer.desktop import shown
from reviewer.desktop.parts.controls import Button, Ground, Hairline, dress
from reviewer.desktop.theme import Theme
from reviewer.desktop.week.curve import PrecisionCurve
from reviewer.desktop.week.state import WeekState
from reviewer.measure.planning import Consequence, Doubling
from reviewer.wording import PERCENT, RANGE, decimal, share


class Buys(Ground):
    """Figures about the plan, and the button that draws it."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        self.setAccessibleName(self.tr("What this buys"))
        self.reach, self.found, self.time = (Figure(theme) for _ in range(3))
        self.curve = PrecisionCurve(theme)
        self.curve_title = shown.label(self.tr("± points at a rate of 10 %, by items read"), theme=theme, weight=600)
        self.facts = [shown.label("", theme=theme, weight=500) for _ in range(5)]
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
        for figure in (self.reach, self.found, self.time):
            lines.addWidget(figure)
        lines.addWidget(Hairline(theme))
        lines.addSpacing(8)
        lines.addWidget(self.curve_title)
        lines.addWidget(self.curve)
        grid = QGridLayout()
        grid.setVerticalSpacing(6)
        titles = (
            self.tr("Effective n"),
            self.tr("An item stands for"),
            self.tr("Smallest stratum"),
            self.tr("Seen at least once"),
            self.tr("Taxonomy"),
        )
        meanings = (
            self.tr("A simple random sample of so many items would be as precise."),
            self.tr("How many of the population one that is read speaks for."),
            self.tr("How many are read where the fewest are."),
            self.tr("A failure mode this frequent shows in at least one item of the sample, with a chance of 95 %."),
            self.tr("The list of failure modes that the week is read with."),
        )
        for row, (title, value) in enumerate(zip(titles, self.facts, strict=True)):
            name = shown.label(title, theme=theme, color="text2")
            shown.tip(name, meanings[row])
            grid.addWidget(name, row, 0)
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
        bought = state.bought
        self._say_reach(bought)
        self._say_found(bought)
        self._say_time(state)
        self.curve.show_curve(state.curve(), state.drawn, self.tr("± points at a rate of 10 %, by items read"))
        self.curve_title.setVisible(bool(state.curve()))
        self._say_facts(state, bought)
        self._say_note(state)
        self._say_button(state)

    def _say_reach(self, bought: Consequence | None) -> None:
        if bought is None:
            self.reach.say("", "", self.tr("Nothing to say before there is a sample."))
        elif bought.exact:
            whole = self.tr("Nothing is estimated: the rates are those of the period.")
            self.reach.say(self.tr("exact"), self.tr("all of them are read"), whole)
        elif bought.low is None or bought.high is None or bought.half_width is None:
            self.reach.say("", "", "")
        else:
            said = self.tr("One week alone: a mode that is seen at 10 % lies between about {low} and {high} %.")
            self.reach.say(
                f"± {decimal(100 * bought.half_width, 1)}",
                self.tr("points at a rate of 10 %"),
                said.format(low=decimal(100 * bought.low, 0), high=decimal(100 * bought.high, 0)),
            )

    def _say_found(self, bought: Consequence | None) -> None:
        if bought is None or not bought.doublings:
            self.found.say("", "", "")
            return
        first, *others = bought.doublings
        if first.low != first.high:
            said = self.tr(
                "From {rate} to {doubled} % within four weeks, once eight weeks are closed: it depends on how well hints "
                "point at the mode."
            )
        else:
            said = self.tr("From {rate} to {doubled} % within four weeks, once eight weeks are closed.")
        rarer = self.tr("From {rate} to {doubled} %: {chance}.")
        sentences = [
            (said if one is first else rarer).format(
                rate=decimal(100 * one.rate), doubled=decimal(200 * one.rate), chance=_chance(one)
            )
            for one in (first, *others)
        ]
        self.found.say(_chance(first), self.tr("to find a doubling"), " ".join(sentences))

    def _say_time(self, state: WeekState) -> None:
        minutes = state.minutes()
        if minutes is None:
            self.time.say("", "", "")
            return
        said = self.tr("{readings} readings at {seconds} seconds each, as it went so far.").format(
            readings=decimal(state.readings), seconds=state.ground.seconds_each
        )
        readers = len(state.plan.readers)
        about = self.tr("to read, {} readers together").format(readers) if readers > 1 else self.tr("to read")
        self.time.say(self.tr("{} min").format(decimal(minutes)), about, said)

    def _say_facts(self, state: WeekState, bought: Consequence | None) -> None:
        said = ["", "", "", "", self.tr("version {}").format(state.ground.taxonomy_version)]
        if bought is not None:
            heaviest = max(row.stands_for for row in state.strata)
            smallest = min(row.drawn for row in state.strata)
            said[0] = self.tr("{n} of {size}").format(n=decimal(bought.effective), size=decimal(bought.read))
            said[1] = self.tr("up to {}").format(decimal(heaviest, 0 if heaviest >= 10 else 1))
            said[2] = self.tr("{} to read").format(decimal(smallest))
            said[3] = (
                self.tr("every mode") if bought.exact else self.tr("modes from {}").format(share(bought.seen_from))
            )
        for label, text in zip(self.facts, said, strict=True):
            label.setText(text)

    def _say_note(self, state: WeekState) -> None:
        notes = []
        counted = state.answer.counted if state.answer else None
        if counted and counted.late:
            said = self.tr("{} came late for an earlier week and are in this one.")
            notes.append(said.format(decimal(counted.late)))
        if counted and counted.untimed:
            said = self.tr("{} have no time of their own: they stand here by the time of their import.")
            notes.append(said.format(decimal(counted.untimed)))
        self.note.setText("\n".join(notes))
        self.note.setVisible(bool(notes))

    def _say_button(self, state: WeekState) -> None:
        trouble = state.trouble
        if state.is_drawn:
            trouble = self.tr("{} is drawn already: go on reading it, or choose another period.").format(state.name)
        self.trouble.set_color("text2" if state.is_drawn else "failed")
        self.trouble.setText(trouble)
        self.trouble.setVisible(bool(trouble))
        self.draw.setEnabled(state.can_draw or state.is_drawn)
        drawn = decimal(state.drawn)
        if state.is_drawn:
            self.draw.say(self.tr("Read {}").format(state.name))
        else:
            self.draw.say(self.tr("Draw {} and start").format(drawn) if state.drawn else self.tr("Draw and start"))

    def set_theme(self, theme: Theme) -> None:
        """Wear another theme."""
        super().set_theme(theme)
        dress(self, theme)


class Figure(QWidget):
    """One thing that the plan buys: a large figure, what it is, and a sentence. Without any of it, it is not there."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.figure = shown.label("", theme=theme, role="display")
        self.at = shown.label("", theme=theme, role="body", color="text2")
        self.sentence = shown.label("", theme=theme, role="body", color="text2", wrap=True)
        head = QHBoxLayout()
        head.setSpacing(10)
        head.addWidget(self.figure, 0, Qt.AlignmentFlag.AlignBaseline)
        head.addWidget(self.at, 1, Qt.AlignmentFlag.AlignBaseline)
        lines = QVBoxLayout(self)
        lines.setContentsMargins(0, 0, 0, 10)
        lines.setSpacing(2)
        lines.addLayout(head)
        lines.addWidget(self.sentence)

    def say(self, figure: str, at: str, sentence: str) -> None:
        """Show a figure."""
        self.figure.setText(figure)
        self.at.setText(at)
        self.sentence.setText(sentence)
        self.figure.setVisible(bool(figure))
        self.at.setVisible(bool(at))
        self.setVisible(bool(figure or sentence))


def _chance(found: Doubling) -> str:
    """Return how likely a doubling is found: ``48 – 89 %``, or one figure where both ends round to it."""
    low, high = decimal(100 * found.low), decimal(100 * found.high)
    return share(found.high, 0) if low == high else PERCENT.format(RANGE.format(low, high))
