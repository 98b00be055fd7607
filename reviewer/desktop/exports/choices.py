"""What of the reviewed traces is exported: weeks, failure mode, verdict, negatives, splits and redaction."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from reviewer.desktop import shown
from reviewer.desktop.exports.conditions import MoreConditions
from reviewer.desktop.exports.state import ExportState
from reviewer.desktop.parts.controls import Hairline
from reviewer.desktop.parts.fields import Choice, Tick
from reviewer.desktop.theme import Theme
from reviewer.wording import decimal

if TYPE_CHECKING:
    from reviewer.model.taxonomy import Taxonomy

SPLIT_COLORS = {"train": "accent", "dev": "defer", "test": "passed"}
EVERY = ""


class SplitBar(QWidget):
    """How many rows stand in each split, as one bar."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.counts: dict[str, int] = {}
        self.set_theme(theme)

    def set_theme(self, theme: Theme) -> None:
        """Wear another theme."""
        self.theme = theme
        self.setFixedHeight(theme.px(10))
        self.update()

    def show_counts(self, counts: dict[str, int]) -> None:
        """Show other counts."""
        self.counts = counts
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the parts side by side."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        whole, left = sum(self.counts.values()), 0.0
        shown_parts = [split for split in SPLIT_COLORS if self.counts.get(split)]
        gaps = 2 * max(0, len(shown_parts) - 1)
        if not whole:
            painter.setBrush(self.theme.color("line"))
            painter.drawRoundedRect(QRectF(self.rect()), 4, 4)
        for split in shown_parts:
            width = (self.width() - gaps) * self.counts[split] / whole
            painter.setBrush(self.theme.color(SPLIT_COLORS[split]))
            painter.drawRoundedRect(QRectF(left, 0, width, self.height()), 4, 4)
            left += width + 2
        painter.end()


class Choices(QWidget):
    """The fields above the targets. ``week`` carries a week or nothing for all; ``narrowed`` says that another changed."""

    week = Signal(object)
    narrowed = Signal()

    def __init__(self, state: ExportState, theme: Theme) -> None:
        super().__init__()
        self.state = state
        self.weeks = Choice(self.tr("Weeks"), theme)
        self.weeks.chosen.connect(self.week)
        self.modes = Choice(self.tr("Failure mode"), theme)
        self.modes.chosen.connect(lambda mode: self._narrow(mode=str(mode)))
        self.verdicts = Choice(self.tr("Verdict"), theme)
        self.verdicts.chosen.connect(lambda verdict: self._narrow(verdict=str(verdict)))
        self.passes = Tick(self.tr("Add passes as negatives"), theme)
        self.passes.toggled.connect(lambda on: self._narrow(passes=on))
        self.more = MoreConditions(state, theme)
        self.more.narrowed.connect(self.narrowed)
        self.count = shown.label("", theme=theme, color="text2")
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(8)
        head = QHBoxLayout()
        head.addWidget(shown.label(self.tr("Traces"), theme=theme, weight=600))
        head.addStretch(1)
        head.addWidget(self.count)
        whole.addLayout(head)
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(1, 1)
        for row, field in enumerate((self.weeks, self.modes, self.verdicts)):
            field.setMinimumContentsLength(8)
            grid.addWidget(shown.label(field.accessibleName(), theme=theme, color="text2"), row, 0)
            grid.addWidget(field, row, 1)
        whole.addLayout(grid)
        whole.addWidget(self.passes)
        whole.addWidget(self.more)

    def offer(self, weeks: Sequence[str], taxonomy: "Taxonomy") -> None:
        """Offer weeks and the failure modes in use."""
        self.weeks.offer([(self.tr("all weeks"), EVERY), *((week, week) for week in weeks)], self.state.week or EVERY)
        modes = [(mode.title, str(mode.id)) for mode in taxonomy.active]
        self.modes.offer([(self.tr("any or none"), EVERY), *modes], self.state.mode)
        self.verdicts.offer(
            [(self.tr("pass and fail"), EVERY), (self.tr("fail"), "fail"), (self.tr("pass"), "pass")],
            self.state.verdict,
        )
        self.show_state()

    def show_state(self) -> None:
        """Show what is chosen."""
        state = self.state
        self.count.setText(self.tr("{} codings submitted").format(decimal(state.labelled)))
        self.passes.blockSignals(True)
        self.passes.setChecked(state.passes)
        self.passes.blockSignals(False)
        self.passes.setEnabled(bool(state.mode or state.verdict == "fail") and state.verdict != "pass")

    def _narrow(self, verdict: str | None = None, mode: str | None = None, passes: bool | None = None) -> None:
        self.state.narrow(verdict=verdict, mode=mode, passes=passes)
        self.narrowed.emit()


class SplitsAndRedaction(QWidget):
    """How the rows are split, and whether their texts are redacted; ``redact`` carries the tick."""

    redact = Signal(bool)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.whole = shown.label(
            self.tr("whole sessions, never torn apart"),
            theme=theme,
            role="small",
            color="text2",
            elide=Qt.TextElideMode.ElideRight,
        )
        self.whole.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.bar = SplitBar(theme)
        self.splits = shown.label("", theme=theme)
        self.left_out = shown.label("", theme=theme, role="small", color="text2", wrap=True)
        self.found = shown.label("", theme=theme, role="small", color="text2", wrap=True)
        self.tick = Tick(self.tr("Addresses, numbers and keys"), theme)
        self.tick.toggled.connect(self.redact)
        lines = QVBoxLayout(self)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(8)
        head = QHBoxLayout()
        head.addWidget(shown.label(self.tr("Split"), theme=theme, weight=600))
        head.addWidget(self.whole, 1)
        lines.addLayout(head)
        for widget in (self.bar, self.splits, self.left_out):
            lines.addWidget(widget)
        lines.addSpacing(8)
        lines.addWidget(Hairline(theme))
        lines.addSpacing(8)
        lines.addWidget(shown.label(self.tr("Redaction"), theme=theme, weight=600))
        lines.addWidget(self.tick)
        lines.addWidget(self.found)

    def show_state(self, state: ExportState) -> None:
        """Show the splits of the planned version, and what redaction found in the first rows."""
        plan = state.plan
        counts = dict(plan.version.splits) if plan is not None else {}
        self.bar.show_counts(counts)
        said_of = {split: decimal(counts.get(split, 0)) for split in SPLIT_COLORS}
        parts = self.tr("train {train} · dev {dev} · test {test}").format(**said_of)
        self.splits.setText(parts if counts else self.tr("not known yet"))
        left_out = plan.left_out if plan is not None else {}
        said = [self.tr("{n} left out: {why}.").format(n=decimal(n), why=why) for why, n in left_out.items()]
        if plan is not None and plan.together:
            said.append(
                self.tr("{} sessions stand with others that ask nearly the same.").format(decimal(plan.together))
            )
        self.left_out.setText("\n".join(said))
        self.left_out.setVisible(bool(said))
        self.found.setText(
            " ".join((self._found(state), self.tr("Names and places have no form: read before you pass it on.")))
        )
        self.found.setVisible(state.redact)

    def _found(self, state: ExportState) -> str:
        """Say what redaction takes out: of the whole set, as soon as that is counted."""
        if state.found_in_all is None:
            first = {_rule(rule): decimal(n) for rule, n in sorted(state.found.items())}
            some = self.tr("In the first rows: {}. Counting in all of them.")
            said = ", ".join(f"{rule} {n}" for rule, n in first.items())
            return some.format(said) if said else self.tr("Nothing of that form in the first rows. Counting in all.")
        counted = [
            self.tr("{rule} {n} in {traces} traces").format(
                rule=_rule(one.rule), n=decimal(one.matches), traces=decimal(one.traces)
            )
            for one in state.found_in_all
            if one.matches
        ]
        if not counted:
            return self.tr("Nothing of that form in any row.")
        return self.tr("Taken out of all rows: {}.").format(", ".join(counted))


def _rule(name: str) -> str:
    return name.lower().replace("_", " ")
