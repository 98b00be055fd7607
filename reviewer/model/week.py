"""A week: one review round with its population, plan, seed and drawn items."""

from dataclasses import dataclass, field
from typing import Literal

from reviewer.model.ids import TraceId, WeekName

Segment = Literal["workflow", "model", "prompt_version", "tenant", "task_type", "environment"]
SEGMENTS: tuple[Segment, ...] = ("workflow", "model", "prompt_version", "tenant", "task_type", "environment")
PlanKind = Literal["proportional", "risk"]
SamplingUnit = Literal["trace", "session"]
"""What is drawn, read and counted as one. A session is its traces together; a trace without one is a session by itself."""
UNITS: tuple[SamplingUnit, ...] = ("trace", "session")
OF_SESSIONS = "-sessions"
"""What the window adds to the name of a period to name its week of sessions."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How a week's sample is drawn.

    ``by`` names the segments whose crossing makes the strata; none means one stratum: a simple random sample.
    ``proportional`` gives each stratum its share of ``size``; ``risk`` also splits by the risk flag, gives the share
    ``anchor`` of the sample proportionally and the rest to flagged traces (weight 8 to 1). The seed is any text.
    ``where_large`` lets segments after the first split a stratum only where the parts are large enough. ``overlap`` is
    the share of the sample that is read twice, ``readers`` the names between whom the week is dealt out; without names
    whoever opens the week reads. ``unit`` says what an item is: a session is drawn whole, never a part of it.
    """

    size: int
    seed: str
    kind: PlanKind = "proportional"
    by: tuple[Segment, ...] = ()
    anchor: float = 0.4
    where_large: bool = False
    overlap: float = 0.0
    readers: tuple[str, ...] = ()
    unit: SamplingUnit = "trace"


USUAL_BY: tuple[Segment, ...] = ("workflow", "model", "prompt_version")


def usual_plan(size: int, seed: str) -> Plan:
    """Return the plan that is offered first: by workflow and flag, by model and prompt version where large enough."""
    return Plan(size, seed, "risk", USUAL_BY, where_large=True)


Purpose = Literal["prob", "certainty", "explore", "overlap", "calibration"]


@dataclass(frozen=True, slots=True)
class Candidate:
    """One trace of the population, with what can put it into a stratum; of sessions, the first trace of one."""

    trace: TraceId
    segments: tuple[str | None, ...]
    """Values of ``Plan.by``, in that order; None where the trace does not say."""
    flagged: bool = False


@dataclass(frozen=True, slots=True)
class Item:
    """One trace to read, and why; in a week of sessions it stands for the session that begins with it.

    ``pi`` is the inclusion probability n_h / N_h; ``u`` the permanent random number; ``order`` counts from 1 and is
    the order of reading. ``purpose``: ``prob`` was drawn, ``overlap`` was drawn and is read twice, ``certainty`` was
    chosen before the draw; ``explore`` was added after looking and ``calibration`` is an old trace to read again: both
    have no chance of their own (N_h, n_h and pi are 0) and are in no rate. ``readers`` names who reads it; none:
    whoever opens the week.
    """

    trace: TraceId
    stratum: str
    N_h: int
    n_h: int
    pi: float
    u: float
    order: int
    purpose: Purpose = "prob"
    readers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Draw:
    """The outcome of a draw: the items in reading order, and the stratum of every trace of the population."""

    items: tuple[Item, ...]
    strata: dict[TraceId, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Week:
    """One review round as stored. ``start_us`` is included, ``end_us`` is not."""

    name: WeekName
    start_us: int
    end_us: int
    plan: Plan
    taxonomy_version: int
    created_us: int
    population: int
    """How many of the plan's units the sample is drawn from."""
    late: int = 0
    """How many traces of the population belong to an earlier week's period and came after its draw."""
    untimed: int = 0
    """How many traces of the population have no time of their own and stand here by the time of their import."""
    closed_us: int | None = None
