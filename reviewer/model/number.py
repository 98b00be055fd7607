"""A number that carries its own warrant: what it is of, how sure it is, and from how many."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from reviewer.model.basis import Basis as Basis
from reviewer.model.basis import Unit as Unit

if TYPE_CHECKING:
    from reviewer.model.alert import Alert
    from reviewer.model.change import ChangeSplit
    from reviewer.model.diagnosis import Diagnosis
    from reviewer.model.trend import Marker


@dataclass(frozen=True, slots=True)
class Number:
    """A value with its interval.

    ``n`` is how many items were looked at (reviewed, or all traffic), ``population`` how many it speaks for;
    ``n_eff`` the effective sample size. ``suppressed``: too few to print a percent sign (the counts stay).
    ``count`` is the number of items that have the property, where it is a share.
    """

    value: float | None
    basis: Basis
    unit: Unit = Unit.SHARE
    low: float | None = None
    high: float | None = None
    n: int = 0
    population: int | None = None
    n_eff: float | None = None
    count: int | None = None
    suppressed: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class Point:
    """One period of a trend: the number, the period's name and bounds (microseconds), and how many weeks it pools."""

    period: str
    start_us: int
    end_us: int
    window_weeks: int
    number: Number
    is_open: bool = False
    traces: tuple[str, ...] = field(default=())
    """Ids of the reviewed traces that carry the mode, for the click on a point."""
    alert: "Alert | None" = None


@dataclass(frozen=True, slots=True)
class Series:
    """A named run of points: the weekly dots and the rolling line of one failure mode."""

    id: str
    title: str
    weekly: tuple[Point, ...]
    rolling: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a scorecard field: a label and its number."""

    label: str
    number: Number
    previous: Number | None = None
    detail: str = ""
    traces: tuple[str, ...] = field(default=())
    change: "ChangeSplit | None" = None
    """What moved the number since the period before; None where a split does not hold."""
    alert: "Alert | None" = None
    owner: str = ""
    runbook: str = ""
    moved: int = 0
    """1 where it rose by more than chance, or more than is usual; -1 where it fell; 0 where that cannot be told."""
    history: "tuple[float | None, ...]" = ()
    """The number in each of the last weeks, the newest last; None for a week that does not record it."""


@dataclass(frozen=True, slots=True)
class Field:
    """One of the nine fields of the scorecard."""

    id: str
    title: str
    rows: tuple[Row, ...]
    explanation: str = ""
    """The method in plain words, behind the question mark."""


@dataclass(frozen=True, slots=True)
class Group:
    """Fields of one subject on the pages after the nine, such as latency; none of them is without a number."""

    id: str
    title: str
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class Scorecard:
    """One page: the nine fields of a period, with its design said in a sentence; then what else the traces say."""

    title: str
    workspace: str
    period: str
    start_us: int
    end_us: int
    timezone: str
    design: str
    reviewed: int
    drawn: int
    population: int
    fields: tuple[Field, ...]
    made_us: int = 0
    headline: Row | None = None
    """How many traces fail, with the period before; None where nothing was drawn."""
    against: str = ""
    """The period before, empty where there is none."""
    segment: str = ""
    """What the numbers are restricted to, such as ``workflow: docs``; empty for the whole."""
    operations: tuple[Group, ...] = ()
    diagnoses: "tuple[Diagnosis, ...]" = ()
    line: "tuple[Point, ...]" = ()
    """The share of failing traces in four weeks, at each of the last weeks."""
    markers: "tuple[Marker, ...]" = ()
    """What changed meanwhile."""
