"""The controls of a plan: period, size, kind, share in proportion, segments and seed."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QCoreApplication, QSignalBlocker, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from reviewer.desktop import shown
from reviewer.desktop.parts.fields import Choice, NumberField, Slider, Tick
from reviewer.desktop.theme import Theme
from reviewer.desktop.week.state import LARGEST_SIZE, READ_AGAIN, SMALLEST, WeekState
from reviewer.measure.allocation import LEAST_ANCHOR
from reviewer.measure.strata import MOST_READ_TWICE
from reviewer.model.week import SEGMENTS, UNITS, PlanKind, SamplingUnit, Segment
from reviewer.wording import decimal, share

KINDS: tuple[PlanKind, ...] = ("risk", "proportional")


def segment_title(segment: Segment) -> str:
    """Return what a segment is called."""
    return {
        "workflow": QCoreApplication.translate("Segments", "workflow"),
        "model": QCoreApplication.translate("Segments", "model"),
        "prompt_version": QCoreApplication.translate("Segments", "prompt version"),
        "tenant": QCoreApplication.translate("Segments", "tenant"),
        "task_type": QCoreApplication.translate("Segments", "task type"),
        "environment": QCoreApplication.translate("Segments", "environment"),
    }[segment]


class PlanControls(QWidget):
    """What a person chooses of a week; ``changed`` after each choice, which is in the state already."""

    changed = Signal()

    def __init__(self, state: WeekState, theme: Theme) -> None:
        super().__init__()
        self.state = state
        self.theme = theme
        self.period = Choice(self.tr("Period"), theme)
        self.kind = Choice(self.tr("How the sample is drawn"), theme)
        self.unit = Choice(self.tr("What is drawn"), theme)
        self.sizes, self.number = (
            Slider(self.tr("Items to read"), SMALLEST, 200, theme),
            NumberField(self.tr("Items to read"), SMALLEST, LARGEST_SIZE, theme),
        )
        self.anchor = Slider(self.tr("Share drawn in proportion, percent"), round(100 * LEAST_ANCHOR), 100, theme)
        self.share = shown.label("", theme=theme, role="body", weight=600)
        self.overlap = Slider(self.tr("Share read twice, percent"), 0, round(100 * MOST_READ_TWICE), theme)
        self.twice = shown.label("", theme=theme, role="body", weight=600)
        self.readers = QLineEdit(", ".join(state.plan.readers))
        self.seed = QLineEdit()
        self.where_large = Tick(self.tr("split further only where a stratum is large enough"), theme)
        self.again = Tick(self.tr("read {} earlier items again").format(READ_AGAIN), theme)
        shown.tip(self.again, self.tr("The same items read once more show whether readers judge as they did before."))
        self.segments = {segment: Tick(segment_title(segment), theme) for segment in SEGMENTS}
        self._across = 0
        self._name()
        self._lay_out()
        self._connect()
        self.set_theme(theme)

    def _name(self) -> None:
        self.seed.setAccessibleName(self.tr("Seed of the draw"))
        self.seed.setMaxLength(64)
        self.readers.setAccessibleName(self.tr("Readers, with commas between their names"))
        self.readers.setPlaceholderText(self.tr("whoever opens the week"))
        self.readers.setMaxLength(400)
        for segment, box in self.segments.items():
            box.setAccessibleName(self.tr("Stratify by {}").format(segment_title(segment)))

    def _lay_out(self) -> None:
        grid = self._grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(32)
        grid.setVerticalSpacing(16)
        blocks: tuple[tuple[str, list[QWidget], QWidget | None], ...] = (
            (self.tr("Period"), [self.period], None),
            (self.tr("Items to read"), [self.sizes], self.number),
            (self.tr("Plan"), [self.unit, self.kind], None),
            (self.tr("Drawn in proportion"), [self.anchor], self.share),
            (self.tr("Read twice"), [self.overlap], self.twice),
            (self.tr("Readers, with commas between"), [self.readers], None),
        )
        self._blocks = [self._block(*block) for block in blocks]
        self._ticks = self._segments_row()
        self.arrange(2)

    def arrange(self, across: int) -> None:
        """Set the blocks in one column or in two."""
        if across == self._across:
            return
        self._across = across
        for number, block in enumerate((*self._blocks, self._ticks)):
            self._grid.removeWidget(block)
            whole = block is self._ticks
            self._grid.addWidget(block, number // across, number % across, 1, across if whole else 1)
        for column in range(2):
            self._grid.setColumnStretch(column, int(column < across))
        self._segments.removeWidget(self._stratify)
        self._segments.addWidget(self._stratify, 0, 0, 1, 1 if across == 2 else 2)
        for number, box in enumerate(self.segments.values()):
            self._segments.removeWidget(box)
            row, column = (number // 3, 1 + number % 3) if across == 2 else (1 + number // 2, number % 2)
            self._segments.addWidget(box, row, column)
        for number, box in enumerate((self.where_large, self.again)):
            self._segments.removeWidget(box)
            row, column, wide = (2 + number, 1, 4) if across == 2 else (4 + number, 0, 2)
            self._segments.addWidget(box, row, column, 1, wide)

    def _block(self, title: str, widgets: Sequence[QWidget], figure: QWidget | None) -> QWidget:
        ground = QWidget()
        block, head = QVBoxLayout(ground), QHBoxLayout()
        block.setContentsMargins(0, 0, 0, 0)
        block.setSpacing(4)
        head.addWidget(shown.label(title, theme=self.theme, role="body", weight=500))
        head.addStretch(1)
        if figure is not None:
            head.addWidget(figure)
        block.addLayout(head)
        for widget in widgets:
            block.addWidget(widget)
        return ground

    def _segments_row(self) -> QWidget:
        ground = QWidget()
        grid = self._segments = QGridLayout(ground)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(24)
        grid.setVerticalSpacing(6)
        self._stratify = shown.label(self.tr("Stratify by"), theme=self.theme, role="body", weight=500)
        grid.setColumnStretch(4, 1)
        return ground

    def _connect(self) -> None:
        self.period.chosen.connect(lambda name: self._do(self.state.choose_period, name))
        self.unit.chosen.connect(lambda unit: self._do(self.state.choose_unit, unit))
        self.kind.chosen.connect(lambda kind: self._do(self.state.choose_kind, kind))
        self.sizes.valueChanged.connect(lambda size: self._do(self.state.choose_size, size))
        self.number.entered.connect(lambda size: self._do(self.state.choose_size, size))
        self.anchor.valueChanged.connect(lambda percent: self._do(self.state.choose_anchor, percent / 100))
        self.overlap.valueChanged.connect(lambda percent: self._do(self.state.choose_overlap, percent / 100))
        self.readers.textEdited.connect(lambda text: self._do(self.state.name_readers, text))
        self.where_large.toggled.connect(lambda on: self._do(self.state.split_where_large, on))
        self.again.toggled.connect(lambda on: self._do(self.state.read_again, on))
        self.seed.textEdited.connect(lambda text: self._do(self.state.choose_seed, text))
        for segment, box in self.segments.items():
            box.toggled.connect(lambda on, s=segment: self._do(self.state.toggle_segment, s, on))

    def _do(self, intent: Callable[..., None], *values: object) -> None:
        intent(*values)
        self._told()

    def _told(self) -> None:
        self.show_state()
        self.changed.emit()

    def show_state(self) -> None:
        """Show what the state says, without telling it back."""
        state, plan = self.state, self.state.plan
        ticks = (self.where_large, self.again, *self.segments.values())
        blocked = [QSignalBlocker(widget) for widget in (self.sizes, self.anchor, self.overlap, *ticks)]
        drawn = self.tr("{}, drawn already")
        periods = [(drawn.format(n) if state.name_of(n) in state.ground.drawn else n, n) for n in state.periods()]
        self.period.offer(periods, state.period)
        self.kind.offer([(self._kind_title(kind), kind) for kind in KINDS], plan.kind)
        self.unit.offer([(self._unit_title(unit), unit) for unit in UNITS], plan.unit)
        self.unit.setVisible(state.ground.sessions or state.of_sessions)
        self.sizes.setValue(plan.size)
        self.number.say(plan.size)
        self.anchor.setValue(round(100 * plan.anchor))
        self.anchor.setEnabled(plan.kind == "risk")
        self.share.setText(share(plan.anchor if plan.kind == "risk" else 1.0, 0))
        self.overlap.setValue(round(100 * plan.overlap))
        if not self.readers.hasFocus():
            self.readers.setText(", ".join(plan.readers))
        if self.seed.text() != state.seed:
            self.seed.setText(state.seed)
        for segment, box in self.segments.items():
            box.setChecked(segment in plan.by)
        self.where_large.setChecked(plan.where_large)
        self.where_large.setVisible(len(plan.by) > 1)
        self.again.setChecked(state.calibration)
        del blocked
        self.show_draw()

    def show_draw(self) -> None:
        """Show what follows from the draw: how many are read twice, and whether there is something to read again."""
        state = self.state
        said = self.tr("{n}, {share}").format(n=decimal(state.twice), share=share(state.plan.overlap, 0))
        self.twice.setText(said if state.twice else self.tr("none"))
        self.again.setVisible(bool(state.answer and state.answer.reviewed_before))

    def _unit_title(self, unit: SamplingUnit) -> str:
        return self.tr("traces, each by itself") if unit == "trace" else self.tr("whole sessions")

    def _kind_title(self, kind: PlanKind) -> str:
        if kind == "risk":
            return self.tr("more from where hints point")
        return self.tr("every stratum in proportion")

    def set_theme(self, theme: Theme) -> None:
        """Wear another theme."""
        self.theme = theme
        self.seed.setFont(theme.font("mono"))
        self.seed.setMinimumWidth(theme.px(80))
        self.seed.setMaximumWidth(theme.px(150))
