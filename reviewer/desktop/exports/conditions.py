"""Further conditions on what is exported: segment, hint, score, readers, balance; folded away until they are wanted."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from reviewer.desktop import shown
from reviewer.desktop.exports.state import ExportState
from reviewer.desktop.parts.controls import Button
from reviewer.desktop.parts.fields import Choice, Tick
from reviewer.desktop.theme import Theme
from reviewer.wording import decimal

if TYPE_CHECKING:
    from reviewer.model.taxonomy import Taxonomy
    from reviewer.verbs.datasets import Offers

ANY = ""
BALANCES = (5, 10, 20, 50, 100, 200)


class MoreConditions(QWidget):
    """Fields for what else must hold; ``narrowed`` is emitted after the state took a choice."""

    narrowed = Signal()

    def __init__(self, state: ExportState, theme: Theme) -> None:
        super().__init__()
        self.state = state
        self.fold = Button("", theme)
        self.fold.clicked.connect(self._fold)
        self.segments = Choice(self.tr("Segment"), theme)
        self.segments.chosen.connect(self._choose_segment)
        self.hints = Choice(self.tr("Hint"), theme)
        self.hints.chosen.connect(lambda hint: self._demand(hint=hint))
        self.scores = Choice(self.tr("Score"), theme)
        self.scores.chosen.connect(lambda score: self._demand(score=score, limit=""))
        self.limits = Choice(self.tr("Its value"), theme)
        self.limits.chosen.connect(lambda limit: self._demand(limit=limit))
        self.readers = Choice(self.tr("Readers"), theme)
        self.readers.chosen.connect(lambda readers: self._demand(readers=readers))
        self.labels = Choice(self.tr("Labels"), theme)
        self.labels.chosen.connect(lambda labels: self._demand(labels=labels))
        self.balances = Choice(self.tr("Balance"), theme)
        self.balances.chosen.connect(lambda most: self._demand(balance=int(most or 0)))
        self.expected = Tick(self.tr("Only with an expected answer"), theme)
        self.expected.toggled.connect(lambda on: self._demand(expected=on))
        self.once = Tick(self.tr("Each conversation once"), theme)
        self.once.toggled.connect(lambda on: self._demand(once=on))
        self.fields = QWidget()
        grid = QGridLayout(self.fields)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(1, 1)
        grid.setColumnMinimumWidth(0, theme.px(80))  # in line with the fields above
        fields = (self.segments, self.hints, self.scores, self.limits, self.readers, self.labels, self.balances)
        for row, field in enumerate(fields):
            field.setMinimumContentsLength(8)
            grid.addWidget(shown.label(field.accessibleName(), theme=theme, color="text2"), row, 0)
            grid.addWidget(field, row, 1)
        for row, tick in enumerate((self.expected, self.once), len(fields)):
            grid.addWidget(tick, row, 0, 1, 2)
        lines = QVBoxLayout(self)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(8)
        lines.addWidget(self.fold)
        lines.addWidget(self.fields)
        self.fields.hide()
        self._offers: Offers | None = None
        self._taxonomy: Taxonomy | None = None
        self._show_fold()

    def offer(self, offers: "Offers", taxonomy: "Taxonomy") -> None:
        """Offer what occurs among the reviewed traces; what is chosen stays chosen, also where it occurs no more."""
        self._offers, self._taxonomy = offers, taxonomy
        self.show_state()

    def show_state(self) -> None:
        """Show what is chosen."""
        offers, said = self._offers, self.state.conditions
        if offers is None:
            return
        there: dict[object, str] = {
            _joined(key): self.tr("{by} {value} ({n})").format(by=key[0].replace("_", " "), value=key[1], n=decimal(n))
            for key, n in offers.segments.items()
        }
        self._list(self.segments, there, _joined(said.where) if said.where else ANY)
        hints: dict[object, str] = {
            hint: self.tr("{hint} ({n})").format(hint=hint.replace("_", " "), n=decimal(n))
            for hint, n in offers.hints.items()
        }
        self._list(self.hints, hints, said.hint)
        scores: dict[object, str] = {name: name.replace("_", " ") for name in offers.scores}
        self._list(self.scores, scores, said.score)
        self._list(self.limits, self._limits(said.score), said.limit)
        self.limits.setEnabled(bool(said.score))
        readers: dict[object, str] = {
            "once": self.tr("read by one"),
            "agreed": self.tr("read by several who agree"),
            "disputed": self.tr("read by several who disagree"),
            "adjudicated": self.tr("somebody decided between them"),
        }
        self._list(self.readers, readers, said.readers)
        self.readers.setEnabled(bool(offers.several or said.readers))
        self._list(self.labels, {"majority": self.tr("always the majority")}, said.labels, self.tr("what was decided"))
        self.labels.setEnabled(bool(offers.several or said.labels))
        balances: dict[object, str] = {n: self.tr("at most {} of each mode").format(decimal(n)) for n in BALANCES}
        self._list(self.balances, balances, said.balance or ANY, self.tr("as they come"))
        self.expected.setEnabled(bool(offers.expected or said.expected))
        for tick, on in ((self.expected, said.expected), (self.once, said.once)):
            tick.blockSignals(True)
            tick.setChecked(on)
            tick.blockSignals(False)
        self._show_fold()

    def _list(self, field: Choice, lines: dict[object, str], chosen: object, none: str = "") -> None:
        first: list[tuple[str, object]] = [(none or self.tr("any"), ANY)]
        kept = [] if chosen == ANY or chosen in lines else [(self.tr("{} (none now)").format(chosen), chosen)]
        field.offer([*first, *((text, value) for value, text in lines.items()), *kept], chosen)

    def _limits(self, score: str) -> dict[object, str]:
        """Return what may be asked of a score: at most each of its lower steps, at least each of its upper ones."""
        scale = self._taxonomy.score(score) if self._taxonomy is not None and score else None
        if scale is None:
            return {}
        steps = range(int(scale.low), int(scale.high) + 1)
        most: dict[object, str] = {f"<={n}": self.tr("{} or less").format(decimal(n)) for n in steps[:-1]}
        least: dict[object, str] = {f">={n}": self.tr("{} or more").format(decimal(n)) for n in steps[1:]}
        return most | least

    def _choose_segment(self, chosen: object) -> None:
        by, _, value = str(chosen).partition("=")
        self._demand(where=(by, value) if by else None)

    def _demand(self, **said: object) -> None:
        self.state.demand(**said)
        self.show_state()
        self.narrowed.emit()

    def _fold(self) -> None:
        self.fields.setVisible(self.fields.isHidden())
        self._show_fold()

    def _show_fold(self) -> None:
        count = self.state.conditions.said
        text = self.tr("More conditions ({})").format(decimal(count)) if count else self.tr("More conditions")
        self.fold.say(text if self.fields.isHidden() else self.tr("Fewer fields"))


def _joined(where: tuple[str, str]) -> str:
    """Return a segment and its value as one text: a list of Qt gives no tuple back as it was."""
    return "=".join(where)
