"""What *New week* knows: the period, the plan, and what the draw would give. No Qt."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from reviewer.desktop.week.precision import LARGEST, Limits
from reviewer.measure.strata import FLAGGED, LEAST_ANCHOR, UNFLAGGED
from reviewer.model.clock import iso_week, iso_week_span
from reviewer.model.week import SEGMENTS, Draw, Plan, PlanKind, Segment
from reviewer.verbs.weeks import Planned

SMALLEST, LARGEST_SIZE, USUAL = 10, 400, 60
DAY_US = 86_400_000_000
SEED_DIGITS = 8
MOST_PERIODS = 520  # ten years of weeks


@dataclass(frozen=True, slots=True)
class Ground:
    """What the workspace says: its time zone, the span of its traces, the weeks that exist, its taxonomy's version."""

    timezone: str
    first_us: int | None
    last_us: int | None
    drawn: frozenset[str]
    taxonomy_version: int
    traces: int = 0


@dataclass(frozen=True, slots=True)
class StratumRow:
    """One stratum of the draw. ``flagged`` is None where the plan does not look at hints."""

    name: str
    flagged: bool | None
    size: int
    drawn: int

    @property
    def stands_for(self) -> float:
        """How many traces each drawn one stands for."""
        return self.size / self.drawn


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked of the planner: the period in microseconds, end not included, and the plan."""

    start_us: int
    end_us: int
    plan: Plan


@dataclass(frozen=True, slots=True)
class Reach:
    """What a week buys: the effective sample size, and the limits at 10 % (None until they are computed)."""

    effective: float
    low: float | None = None
    high: float | None = None
    exact: bool = False
    """Whether every trace is read, so that rates are known and not estimated."""

    @property
    def half_width(self) -> float | None:
        """Half the interval's width, as a share."""
        return None if self.low is None or self.high is None else (self.high - self.low) / 2


@dataclass
class WeekState:
    """The choices of a new week and the draw that they would give."""

    ground: Ground
    now_us: int
    seed: str
    period: str = ""
    size: int = USUAL
    kind: PlanKind = "proportional"
    anchor: float = 0.4
    by: tuple[Segment, ...] = ()
    limits: Limits = field(default_factory=list)
    planned: Planned | None = None
    rows: tuple[StratumRow, ...] = ()
    trouble: str = ""
    drawing: bool = False

    def __post_init__(self) -> None:
        if not self.period:
            self.period = first_choice(self.ground, self.now_us)

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
        return self.period in self.ground.drawn

    @property
    def can_draw(self) -> bool:
        """Whether the draw may be stored."""
        return bool(self.planned and self.rows and not self.is_drawn and not self.trouble and not self.drawing)

    def request(self) -> Request:
        """Return what to ask of the planner."""
        start, end = iso_week_span(self.period, self.ground.timezone)
        return Request(start, end, Plan(self.size, self.seed, self.kind, self.by, self.anchor))

    def choose_size(self, size: int) -> None:
        """Ask for another number of traces, held inside what can be asked."""
        self.size = min(max(size, SMALLEST), LARGEST_SIZE)

    def choose_anchor(self, anchor: float) -> None:
        """Give another share of the sample to ordinary traffic."""
        self.anchor = min(max(anchor, LEAST_ANCHOR), 1.0)

    def toggle_segment(self, segment: Segment, wanted: bool) -> None:
        """Stratify by a segment, or no longer; the order is always the same, so that strata keep their names."""
        chosen = {*self.by, segment} if wanted else {*self.by} - {segment}
        self.by = tuple(known for known in SEGMENTS if known in chosen)

    def answer(self, planned: Planned) -> None:
        """Take the planner's answer."""
        self.planned, self.trouble = planned, ""
        self.rows = tuple(strata_of(planned.draw))

    def refuse(self, sentence: str) -> None:
        """Take the planner's refusal: why this cannot be drawn."""
        self.planned, self.rows, self.trouble = None, (), sentence

    @property
    def drawn(self) -> int:
        """Return how many traces would be drawn."""
        return sum(row.drawn for row in self.rows)

    def reach(self) -> Reach | None:
        """Return what the draw buys; None before there is one."""
        if not self.rows:
            return None
        if all(row.drawn >= row.size for row in self.rows):
            return Reach(float(self.drawn), 0.1, 0.1, exact=True)
        effective = effective_size(self.rows)
        limits = limits_at(self.limits, effective)
        return Reach(effective) if limits is None else Reach(effective, *limits)

    def curve(self) -> list[tuple[int, float]]:
        """Return the half-width at 10 % by traces read, for a plan as efficient as this one; none where all is read."""
        reach = self.reach()
        if reach is None or reach.exact or not self.limits:
            return []
        efficiency = effective_size(self.rows) / self.drawn
        points = []
        for size in range(20, 201, 5):
            limits = limits_at(self.limits, size * efficiency)
            if limits is not None:
                points.append((size, (limits[1] - limits[0]) / 2))
        return points

    def learn(self, ground: Ground) -> None:
        """Take what the workspace says now; the chosen period stays."""
        kept = self.period if self.ground.traces else ""
        self.ground = ground
        self.period = kept or first_choice(ground, self.now_us)


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


def strata_of(draw: Draw) -> list[StratumRow]:
    """Return the strata of a draw, the largest name group first, its unflagged part before the flagged one."""
    sizes = Counter(draw.strata.values())
    drawn = Counter(item.stratum for item in draw.items)
    rows = [_row(label, size, drawn[label]) for label, size in sizes.items() if drawn[label]]
    together: Counter[str] = Counter()
    for row in rows:
        together[row.name] += row.size
    return sorted(rows, key=lambda row: (-together[row.name], row.name, bool(row.flagged)))


def _row(label: str, size: int, drawn: int) -> StratumRow:
    for ending, flagged in ((UNFLAGGED, False), (FLAGGED, True)):
        if label.endswith(ending):
            return StratumRow(label.removesuffix(ending), flagged, size, drawn)
    return StratumRow(label, None, size, drawn)


def effective_size(rows: Sequence[StratumRow]) -> float:
    """Return Kish's effective sample size of a draw, which is the same for all failure modes."""
    total = sum(row.size for row in rows)
    squares = sum(row.size**2 / row.drawn for row in rows)
    return total**2 / squares if squares else 0.0


def limits_at(table: Limits, effective: float) -> tuple[float, float] | None:
    """Return the limits for an effective size, between two entries of the table by a straight line."""
    if not table:
        return None
    sizes = range(1, len(table) + 1)
    at = min(max(effective, 1.0), float(min(len(table), LARGEST)))
    above = bisect_left(sizes, at)
    if above == 0:
        return table[0]
    part = at - sizes[above - 1]
    (low, high), (next_low, next_high) = table[above - 1], table[above]
    return low + part * (next_low - low), high + part * (next_high - high)
