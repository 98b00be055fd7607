"""What *New week* knows: the period, the plan, and what the draw would give. No Qt."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from reviewer.desktop.week.precision import Chances, Limits, chance_in, limits_in
from reviewer.errors import UsageError
from reviewer.measure import design, planning
from reviewer.measure.allocation import LEAST_ANCHOR
from reviewer.measure.planning import Consequence, PlannedStratum
from reviewer.measure.strata import MOST_READ_TWICE
from reviewer.model.clock import iso_week, iso_week_span
from reviewer.model.ids import TraceId
from reviewer.model.week import OF_SESSIONS, SEGMENTS, Plan, PlanKind, SamplingUnit, Segment, usual_plan
from reviewer.workspace.ask.population import Counted

SMALLEST, LARGEST_SIZE, USUAL = 10, 400, 60
DAY_US = 86_400_000_000
SEED_DIGITS = 8
MOST_PERIODS = 520  # ten years of weeks
READ_AGAIN = 20
"""How many traces of earlier weeks a calibration reads again."""


@dataclass(frozen=True, slots=True)
class Ground:
    """What the workspace says: its time zone, the span of its traces, the weeks that exist, its taxonomy.

    ``sessions`` says whether some traces belong to one. ``modes`` is the number of failure modes in use, ``readers`` are those of the week that was drawn last;
    ``seconds_each`` is how long a reading takes, None where nothing tells.
    """

    timezone: str
    first_us: int | None
    last_us: int | None
    drawn: frozenset[str]
    taxonomy_version: int
    traces: int = 0
    sessions: bool = False
    modes: int = 1
    readers: tuple[str, ...] = ()
    seconds_each: int | None = None


class Question(NamedTuple):
    """What has to be asked of the workspace: everything else about a plan is arithmetic."""

    start_us: int
    end_us: int
    by: tuple[Segment, ...]
    also: tuple[TraceId, ...]
    unit: SamplingUnit = "trace"


@dataclass(frozen=True, slots=True)
class Answer:
    """The population of a period as numbers, and how many traces of earlier weeks could be read again."""

    counted: Counted
    reviewed_before: int = 0
    inside: tuple[TraceId, ...] = ()
    """The items chosen before the draw that are in the period."""
    outside: int = 0
    """How many of those chosen are of another period."""


@dataclass
class WeekState:
    """The choices of a new week and the draw that they would give."""

    ground: Ground
    now_us: int
    seed: str
    period: str = ""
    plan: Plan = field(default_factory=lambda: usual_plan(USUAL, ""))
    also: tuple[TraceId, ...] = ()
    calibration: bool = False
    limits: Limits = field(default_factory=list)
    chances: Chances = field(default_factory=dict)
    answered: Question | None = None
    answer: Answer | None = None
    strata: tuple[PlannedStratum, ...] = ()
    bought: Consequence | None = None
    trouble: str = ""
    drawing: bool = False

    def __post_init__(self) -> None:
        if not self.period:
            self.period = first_choice(self.ground, self.now_us)
        self.plan = replace(self.plan, readers=self.ground.readers)

    def periods(self) -> list[str]:
        """Return the ISO weeks to choose from, the latest first: those that can hold traces, and the chosen one."""
        known = {self.period, last_complete_week(self.now_us, self.ground.timezone)}
        if self.ground.first_us is not None and self.ground.last_us is not None:
            at = self.ground.last_us
            while at >= self.ground.first_us - 7 * DAY_US and len(known) < MOST_PERIODS:
                known.add(iso_week(max(at, self.ground.first_us), self.ground.timezone))
                at -= 7 * DAY_US
        return sorted(known, reverse=True)

    @property
    def is_drawn(self) -> bool:
        """Whether a week of this name exists already."""
        return self.name in self.ground.drawn

    @property
    def name(self) -> str:
        """Return what the week will be called."""
        return self.name_of(self.period)

    def name_of(self, period: str) -> str:
        """Return what the week of a period is called: a week of traces by the period alone."""
        return period + OF_SESSIONS if self.of_sessions else period

    @property
    def can_draw(self) -> bool:
        """Whether the draw may be stored."""
        return bool(self.strata and not self.is_drawn and not self.trouble and not self.drawing)

    @property
    def whole_plan(self) -> Plan:
        """Return the plan with its seed."""
        return replace(self.plan, seed=self.seed)

    def question(self) -> Question:
        """Return what to ask of the workspace."""
        start, end = iso_week_span(self.period, self.ground.timezone)
        return Question(start, end, self.plan.by, self.also, self.plan.unit)

    # Choices

    def choose_period(self, name: str) -> None:
        """Draw from another week's traffic."""
        self.period = name

    def choose_seed(self, seed: str) -> None:
        """Draw with another seed."""
        self.seed = seed

    def choose_size(self, size: int) -> None:
        """Ask for another number of traces, held inside what can be asked."""
        self._change(size=min(max(size, SMALLEST), LARGEST_SIZE))

    def choose_kind(self, kind: PlanKind) -> None:
        """Draw more from flagged traces, or every stratum in proportion."""
        self._change(kind=kind)

    def choose_unit(self, unit: SamplingUnit) -> None:
        """Draw traces, or whole sessions."""
        self._change(unit=unit)

    @property
    def of_sessions(self) -> bool:
        """Whether sessions are drawn."""
        return self.plan.unit == "session"

    def choose_anchor(self, anchor: float) -> None:
        """Give another share of the sample to ordinary traffic."""
        self._change(anchor=min(max(anchor, LEAST_ANCHOR), 1.0))

    def choose_overlap(self, share: float) -> None:
        """Read another share of the sample twice."""
        self._change(overlap=min(max(share, 0.0), MOST_READ_TWICE))

    def name_readers(self, names: str) -> None:
        """Deal the week out between the people named, with commas between them; nobody named: whoever opens it."""
        cleaned = (" ".join(name.split()) for name in names.split(","))
        self._change(readers=tuple(dict.fromkeys(name for name in cleaned if name)))

    def toggle_segment(self, segment: Segment, wanted: bool) -> None:
        """Stratify by a segment, or no longer; the order is always the same, so that strata keep their names."""
        chosen = {*self.plan.by, segment} if wanted else {*self.plan.by} - {segment}
        self._change(by=tuple(known for known in SEGMENTS if known in chosen))

    def split_where_large(self, wanted: bool) -> None:
        """Let segments after the first split a stratum only where it is large enough, or always."""
        self._change(where_large=wanted)

    def choose_also(self, traces: Sequence[str]) -> None:
        """Read some traces for certain, beside the sample."""
        self.also = tuple(TraceId(trace) for trace in dict.fromkeys(traces))

    def read_again(self, wanted: bool) -> None:
        """Read some traces of earlier weeks again, or none."""
        self.calibration = wanted

    def _change(self, **choices: object) -> None:
        self.plan = replace(self.plan, **choices)  # type: ignore[arg-type]

    # What follows

    def take(self, question: Question, answer: Answer) -> None:
        """Take the workspace's answer to a question."""
        self.answered, self.answer, self.trouble = question, answer, ""
        self.replan()

    def replan(self) -> bool:
        """Work out the strata and what they buy; return False where the workspace has to be asked first."""
        if self.answer is None or self.answered != self.question():
            return False
        try:
            self.strata = planning.outline(self.answer.counted.crossings, self.whole_plan, self.answer.counted.chosen)
        except UsageError as why:
            self.refuse(str(why))
            return True
        self.trouble = ""
        self.work_out()
        return True

    def work_out(self) -> None:
        """Say what the strata buy, with what is known by now of limits and chances."""
        if self.strata:
            self.bought = planning.consequence(
                self.strata,
                lambda effective: limits_in(self.limits, effective),
                lambda rate, effective: chance_in(self.chances, rate, effective),
            )

    def refuse(self, sentence: str) -> None:
        """Take a refusal: why this cannot be drawn."""
        self.strata, self.bought, self.trouble = (), None, sentence

    @property
    def drawn(self) -> int:
        """Return how many traces would be drawn, with those that are read for certain."""
        return sum(row.drawn for row in self.strata)

    @property
    def twice(self) -> int:
        """Return how many of them are read twice."""
        certain = self.answer.counted.chosen if self.answer else 0
        return design.read_twice(self.drawn - certain, self.plan)

    @property
    def outside(self) -> int:
        """Return how many of the items chosen before the draw are of another period; they stay out."""
        return self.answer.outside if self.answer and self.answered == self.question() else 0

    @property
    def again(self) -> int:
        """Return how many traces of earlier weeks are read again."""
        return min(READ_AGAIN, self.answer.reviewed_before) if self.calibration and self.answer else 0

    @property
    def readings(self) -> int:
        """Return how many readings the week takes, all readers together."""
        return self.drawn + self.twice + self.again * max(1, len(self.plan.readers))

    def shares(self) -> dict[str, int]:
        """Return how many readings fall to each reader who is named."""
        dealt = design.readings(self.drawn, self.twice, self.plan)
        return {name: readings + self.again for name, readings in dealt.items()}

    def minutes(self) -> int | None:
        """Return how many minutes the readings take, all together; None where nothing tells."""
        seconds = self.ground.seconds_each
        return None if seconds is None or not self.strata else max(1, round(self.readings * seconds / 60))

    def curve(self) -> list[tuple[int, float]]:
        """Return the half-width at 10 % by traces read, for a plan as efficient as this one; none where all is read."""
        if self.bought is None or not self.limits:
            return []
        return planning.curve(self.bought, lambda effective: limits_in(self.limits, effective))

    def learn(self, ground: Ground) -> None:
        """Take what the workspace says now; the chosen period stays, and so do readers who were named here."""
        kept = self.period if self.ground.traces else ""
        if self.plan.readers == self.ground.readers:
            self._change(readers=ground.readers)
        self.ground = ground
        self.period = kept or first_choice(ground, self.now_us)
        self.answered = None


def last_complete_week(now_us: int, tz: str) -> str:
    """Return the last ISO week that is over."""
    start, _ = iso_week_span(iso_week(now_us, tz), tz)
    return iso_week(start - 1, tz)


def first_choice(ground: Ground, now_us: int) -> str:
    """Return the last complete week, or the week of the newest trace where that lies further back."""
    complete = last_complete_week(now_us, ground.timezone)
    if ground.last_us is None:
        return complete
    return min(complete, iso_week(ground.last_us, ground.timezone))
