"""What the page Trends shows: series over the weeks, what changed meanwhile, and whether reading finds new modes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from reviewer.model.change import ChangeSplit
from reviewer.model.number import Number, Series
from reviewer.model.week import Segment

MarkerKind = Literal["model", "provider", "prompt", "taxonomy"]


@dataclass(frozen=True, slots=True)
class Marker:
    """A change of the application or of the taxonomy: its kind, when it began (microseconds), and what is new."""

    kind: MarkerKind
    at_us: int
    label: str


class Arrival(NamedTuple):
    """How many traces of a period show one value, and the first of them (microseconds)."""

    period: int
    kind: MarkerKind
    value: str
    traces: int
    first_us: int


@dataclass(frozen=True, slots=True)
class Discovery:
    """How many failure modes had been seen after some traces read, in the order of reading."""

    read: int
    seen: int


@dataclass(frozen=True, slots=True)
class Saturation:
    """Whether reading more would find failure modes that were not seen yet, from the probability sample alone.

    ``coverage`` is the estimated share of failures that belong to a mode already seen (0 to 1; None where no failure
    was seen), ``at_least`` a lower bound of how many modes there are, ``since_last`` how many traces were read since
    one showed a mode for the first time. ``curve`` has a step for each mode that was new, and ends with all traces.
    """

    read: int
    failures: int
    seen: int
    coverage: float | None
    at_least: float
    since_last: int
    enough: bool
    curve: tuple[Discovery, ...] = ()


@dataclass(frozen=True, slots=True)
class Usual:
    """Between what a week's rate would lie by chance, and the smoothed line there; shares."""

    period: str
    low: float
    high: float
    smooth: float


@dataclass(frozen=True, slots=True)
class Control:
    """The control chart of a rate: its mean over the closed weeks, and each of them. No alert follows from it."""

    mean: float
    weeks: tuple[Usual, ...]


@dataclass(frozen=True, slots=True)
class Spot:
    """One segment at a point of a trend: its value (None for traces that do not say) and its own rate."""

    value: str | None
    number: Number


@dataclass(frozen=True, slots=True)
class Behind:
    """What stands behind a point: its rate in each segment, and the change since the weeks ``before`` split by segment.

    ``split`` is None where no period went before, or where fewer than two segments hold enough; ``on_old_mix`` is what
    the point would show with the traffic mixed as before.
    """

    by: Segment
    before: tuple[str, ...] = ()
    spots: tuple[Spot, ...] = ()
    split: ChangeSplit | None = None
    on_old_mix: Number | None = None


@dataclass(frozen=True, slots=True)
class Calibrated:
    """Thresholds of alerts, worth keeping: simulating them takes most of the time. They hold under one ``rule`` only.

    Each is one sum, or two, by what it was simulated for.
    """

    rule: str
    thresholds: Mapping[str, tuple[float, float | None]]


@dataclass(frozen=True, slots=True)
class Trends:
    """The series of all failure modes, the failing traces and the quality scores, with markers and saturation.

    ``failing`` is the share of traces with the verdict *fail*; ``scores`` has a series of means for each score of the
    taxonomy that was given. ``by`` and ``value`` name the segment that all of it is restricted to; without one, ``by``
    is empty. Alerts are of the whole traffic alone.
    """

    modes: tuple[Series, ...]
    failing: Series | None = None
    scores: tuple[Series, ...] = ()
    markers: tuple[Marker, ...] = ()
    saturation: Saturation | None = None
    controls: Mapping[str, Control] = field(default_factory=dict)
    """The control charts of failure modes and failing traces, by the id of their series."""
    calibrated: Calibrated | None = None
    """The thresholds that the alerts used; None where the workspace keeps just these already."""
    by: str = ""
    value: str | None = None
