"""The page *New week*."""

import secrets
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from reviewer.desktop import shown
from reviewer.desktop.explore.state import TraceList
from reviewer.desktop.parts.controls import Button, Column, Hairline, dress
from reviewer.desktop.parts.heading import Heading
from reviewer.desktop.parts.table import Cell, Table
from reviewer.desktop.parts.table import Column as Titled
from reviewer.desktop.theme import Theme
from reviewer.desktop.week.buys import Buys
from reviewer.desktop.week.plan import PlanControls, segment_title
from reviewer.desktop.week.precision import tables
from reviewer.desktop.week.state import SEED_DIGITS, Answer, Ground, Question, WeekState
from reviewer.desktop.window import Page
from reviewer.errors import Expected
from reviewer.jobs.messages import Done
from reviewer.measure.design import CHOSEN
from reviewer.measure.planning import PlannedStratum
from reviewer.measure.strata import EVERYTHING
from reviewer.verbs.changes import Changes
from reviewer.verbs.weeks import open_week, standing
from reviewer.wording import days, decimal, share
from reviewer.workspace.ask.population import counted, inside, reviewed_before
from reviewer.workspace.ask.queue import seconds_each, weeks
from reviewer.workspace.ask.sessions import has_sessions
from reviewer.workspace.ask.settings import counts, taxonomy, timezone

if TYPE_CHECKING:
    from reviewer.desktop.bridge import Bridge, Ticket
    from reviewer.jobs.running import Job
    from reviewer.workspace.file import Reader

SETTLE_MS = 60  # a moving slider asks once it rests this long
REFRESH_MS = 1000
TWO_COLUMNS = 800


def look_around(reader: "Reader") -> Ground:
    """Return what a new week has to know of the workspace."""
    found, known = counts(reader), taxonomy(reader)
    drawn = sorted(weeks(reader), key=lambda week: week.created_us)
    return Ground(
        timezone(reader), found.first_us, found.last_us, frozenset(str(week.name) for week in drawn), known.version,
        found.traces, has_sessions(reader), max(1, len(known.active)), drawn[-1].plan.readers if drawn else (), seconds_each(reader),
    )  # fmt: skip


def look_at(reader: "Reader", asked: Question) -> Answer:
    """Return the population of a period as numbers, and what could be read again."""
    also = standing(reader, asked.unit, asked.also)
    found = counted(reader, asked.start_us, asked.end_us, asked.by, also, asked.unit)
    held = inside(reader, asked.start_us, asked.end_us, also, asked.unit)
    chosen = tuple(trace for trace in also if trace in held)
    return Answer(found, len(reviewed_before(reader, asked.start_us, asked.unit)), chosen, len(also) - len(chosen))


class WeekPage(Page):
    """Choose a period and a plan, see the strata and what they buy, draw."""

    name = "week"

    def __init__(self, bridge: "Bridge", theme: Theme) -> None:
        super().__init__()
        self.bridge = bridge
        self.theme = theme
        seed = str(secrets.randbelow(10**SEED_DIGITS)).zfill(SEED_DIGITS)
        nothing = Ground(timezone(bridge.reader), None, None, frozenset(), taxonomy(bridge.reader).version)
        self.state = WeekState(nothing, bridge.clock(), seed)
        self._ticket: Ticket | None = None
        self._job: Job | None = None
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(SETTLE_MS)
        self._settle.timeout.connect(self._ask)
        # An import says that traces came many times a second: looking once a second is enough.
        self._refresh = QTimer(self)
        self._refresh.setSingleShot(True)
        self._refresh.setInterval(REFRESH_MS)
        self._refresh.timeout.connect(self._look)
        self._stale = True
        self._build()
        self._show()

    def _build(self) -> None:
        self.heading = Heading(self.title, self.theme)
        self.controls = PlanControls(self.state, self.theme)
        self.strata_about = shown.label("", theme=self.theme, color="text2", elide=Qt.TextElideMode.ElideRight)
        self.table = Table(self.tr("Strata"), self._columns(), self.theme, margin=0, fits=True, can_choose=False)
        self.buys = Buys(self.theme)
        self.certain = Button("", self.theme, "x")
        self.certain.clicked.connect(self._nothing_certain)
        self.certain.hide()
        self.shares = shown.label("", theme=self.theme, color="text2", wrap=True)
        self.controls.changed.connect(self._changed)
        self.buys.draw.clicked.connect(self._draw)
        self._lay_out()

    def _lay_out(self) -> None:
        left = Column(self.tr("Plan"), self.theme)
        left.lines.addWidget(self.controls)
        left.lines.addSpacing(8)
        left.lines.addWidget(Hairline(self.theme))
        left.lines.addSpacing(8)
        title = QHBoxLayout()
        title.setSpacing(12)
        title.addWidget(shown.label(self.tr("Strata"), theme=self.theme, role="heading"))
        title.addWidget(self.strata_about, 1)
        left.lines.addLayout(title)
        left.lines.addWidget(self.table)
        left.lines.addSpacing(8)
        left.lines.addWidget(self.shares)
        left.lines.addLayout(self._seed_row())
        left.lines.addSpacing(4)
        for promise in (
            self.tr("Strata are interleaved: a week that stops early is still a fair sample."),
            self.tr("Same seed, same period: the draw can be repeated, and topped up without losing what was read."),
        ):
            left.lines.addWidget(shown.label(f"✓  {promise}", theme=self.theme, color="text2", wrap=True))
        left.lines.addStretch(1)
        columns = QHBoxLayout()
        columns.setSpacing(0)
        columns.addWidget(left, 1)
        columns.addWidget(Hairline(self.theme, standing=True))
        columns.addWidget(self.buys)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self.heading)
        whole.addLayout(columns, 1)
        self._share_width()

    def _seed_row(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(shown.label(self.tr("Seed"), theme=self.theme, weight=500))
        row.addWidget(self.controls.seed)
        another = Button(self.tr("Another seed"), self.theme, "rotate-cw")
        another.clicked.connect(self._another_seed)
        row.addWidget(another)
        row.addWidget(self.certain)
        row.addStretch(1)
        return row

    def _columns(self) -> tuple[Titled, ...]:
        return (
            Titled(self.tr("stratum")),
            Titled("", 76),
            Titled(self.tr("in all"), 60, right=True),
            Titled(self.tr("share"), 52, right=True, least=520),
            Titled("", 130, least=640),
            Titled(self.tr("to read"), 44, right=True),
            Titled(self.tr("each stands for"), 104, right=True, least=420),
        )

    @property
    def title(self) -> str:
        """Return what the sidebar calls it."""
        return self.tr("New week")

    @property
    def busy(self) -> bool:
        """Whether a question waits until the sliders rest."""
        return self._settle.isActive() or self._refresh.isActive()

    def activated(self) -> None:
        """Plan with what the workspace holds now."""
        self._look()

    def show_subject(self, subject: object) -> None:
        """Take traces that are to be read for certain, as a ``TraceList``."""
        if isinstance(subject, TraceList):
            self.state.choose_also([*self.state.also, *subject.traces])
            self._show()

    def refresh(self, changes: Changes) -> None:
        """Look again when traces came or weeks were drawn."""
        if changes.traces or changes.weeks or changes.taxonomy or changes.everything:
            self._stale = True
            if self.isVisible() and not self._refresh.isActive():
                self._refresh.start()

    def set_theme(self, theme: Theme) -> None:
        """Wear another theme."""
        self.theme = theme
        self._share_width()
        dress(self, theme)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the right column less where there is little."""
        super().resizeEvent(event)
        self._share_width()

    def _share_width(self) -> None:
        self.buys.setFixedWidth(self.theme.px(372 if self.width() >= self.theme.px(1072) else 308))
        self.controls.arrange(2 if self.width() >= self.theme.px(TWO_COLUMNS) else 1)

    def _look(self) -> None:
        if self._stale:
            self.bridge.ask(look_around, then=self._learn)
        else:
            self._ask()

    def _learn(self, ground: Ground) -> None:
        self._stale = False
        self.state.learn(ground)
        self._show()
        self._work_out()
        self._ask()

    def _work_out(self) -> None:
        """Let limits and chances be computed, once."""
        if self._job is None:
            modes = self.state.ground.modes
            self._job = self.bridge.job(tables, modes, message=lambda _: None, done=self._worked_out)

    def _nothing_certain(self) -> None:
        self.state.choose_also(())
        self._changed()

    def _another_seed(self) -> None:
        self.state.choose_seed(str(secrets.randbelow(10**SEED_DIGITS)).zfill(SEED_DIGITS))
        self.controls.show_state()
        self._changed()

    def _changed(self) -> None:
        """Show what follows at once; only where other traces or segments are meant, ask when the hand rests."""
        if self.state.replan():
            self._settle.stop()
            self._show_draw()
        else:
            self.buys.show_state(self.state)
            self._settle.start()

    def _worked_out(self, end: object) -> None:
        if isinstance(end, Done):
            self.state.limits, self.state.chances = end.result
            self.state.work_out()
            self.buys.show_state(self.state)

    def _ask(self) -> None:
        if self._ticket is not None:
            self._ticket.drop()
        asked = self.state.question()
        self._ticket = self.bridge.ask(
            look_at, asked, then=lambda answer: self._answered(asked, answer), failed=self._refused
        )

    def _answered(self, asked: Question, answer: Answer) -> None:
        self.state.take(asked, answer)
        self._show()

    def _refused(self, why: BaseException) -> None:
        if not isinstance(why, Expected):
            raise why
        self.state.refuse(str(why))
        self._show()

    def _draw(self) -> None:
        if self.state.is_drawn:
            self.asked.emit("review", self.state.name)
        if not self.state.can_draw:
            return
        wanted, answer = self.state.question(), self.state.answer
        assert answer is not None, "nothing is drawn before the workspace has answered"
        self.state.drawing = True
        self.buys.show_state(self.state)
        self.bridge.write_with_reader(
            open_week, self.state.name, wanted.start_us, wanted.end_us, self.state.whole_plan, answer.inside,
            self.state.again, then=self._drawn, failed=self._not_drawn,
        )  # fmt: skip

    def _drawn(self, changes: Changes) -> None:
        self.state.drawing = False
        self.state.choose_also(())
        self._show()
        for name in changes.weeks:
            self.asked.emit("review", name)

    def _not_drawn(self, why: BaseException) -> None:
        self.state.drawing = False
        self._refused(why)

    def _show(self) -> None:
        self.controls.show_state()
        self._show_draw()

    def _show_draw(self) -> None:
        """Show what the plan would draw, and what that buys."""
        state, wanted = self.state, self.state.question()
        self.controls.show_draw()
        self.buys.show_state(state)
        about = days(wanted.start_us, wanted.end_us, state.ground.timezone)
        if state.answer is not None:
            of = self.tr("{} sessions begin in the period") if state.of_sessions else self.tr("{} traces in the period")
            found = of.format(decimal(state.answer.counted.size))
            about = f"{about}, {found}"
        self.heading.about(f"{state.name}, {about}")
        self._show_readers()
        self._show_strata()

    def _show_readers(self) -> None:
        state = self.state
        self.certain.setVisible(bool(state.also))
        self.certain.say(self.tr("{} read for certain: drop them").format(decimal(len(state.also))))
        each = self.tr("{name} reads {n}")
        said = [each.format(name=name, n=decimal(n)) for name, n in state.shares().items()]
        if state.outside:
            said.append(self.tr("{} of those chosen are of another period and stay out").format(state.outside))
        if state.again:
            said.append(self.tr("{} of earlier weeks are read again and are in no rate").format(state.again))
        self.shares.setText(shown.safe(", ".join(said), 400))
        self.shares.setVisible(bool(said))

    def _show_strata(self) -> None:
        state = self.state
        self.strata_about.setText(self._about_strata())
        strata = state.strata
        rows = [self._cells(row, above) for row, above in zip(strata, (None, *strata), strict=False)]
        if rows:
            rows.append(self._total())
        self.table.show_rows(len(rows), rows.__getitem__)

    def _about_strata(self) -> str:
        plan = self.state.plan
        by = [segment_title(segment) for segment in plan.by]
        always = by[:1] if plan.where_large else by
        if plan.kind == "risk":
            always.append(self.tr("flagged by a hint"))
        said = " × ".join(always) or self.tr("one stratum: a simple random sample")
        rest = by[1:] if plan.where_large else []
        return self.tr("{}, then {} where large enough").format(said, ", ".join(rest)) if rest else said

    def _cells(self, row: PlannedStratum, above: PlannedStratum | None) -> tuple[Cell, ...]:
        total = sum(r.size for r in self.state.strata)
        most = max(r.drawn for r in self.state.strata)
        side = {None: Cell(), False: Cell(self.tr("the rest"), "text2"),
                True: Cell(self.tr("flagged"), icon="flag", icon_color="defer")}[row.flagged]  # fmt: skip
        many = self.tr("{} sessions") if self.state.of_sessions else self.tr("{} traces")
        stands = decimal(row.stands_for, 0 if row.stands_for >= 10 else 1)
        return (
            Cell("" if above and above.name == row.name else self._stratum(row), weight=600),
            side,
            Cell(decimal(row.size)),
            Cell(share(row.size / total), "text2"),
            Cell(bar=row.drawn / most),
            Cell(decimal(row.drawn), weight=600),
            Cell(many.format(stands) if row.stands_for > 1 else self.tr("itself"), "text2"),
        )

    def _stratum(self, row: PlannedStratum) -> str:
        named = {EVERYTHING: self.tr("all"), CHOSEN: self.tr("chosen before the draw")}
        return named.get(row.name, row.name)

    def _total(self) -> tuple[Cell, ...]:
        rows = self.state.strata
        flagged = sum(row.drawn for row in rows if row.flagged)
        said = self.tr("{} are flagged").format(flagged) if self.state.plan.kind == "risk" else ""
        size = decimal(sum(row.size for row in rows))
        return (
            Cell(self.tr("Together"), weight=600),
            Cell(),
            Cell(size, weight=600),
            Cell(share(1.0), "text2"),
            Cell(),
            Cell(decimal(self.state.drawn), weight=600),
            Cell(said, "text2"),
        )
