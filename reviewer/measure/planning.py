"""What a plan buys: its strata, how far an interval would reach, and how likely a doubling would be found.

Works on numbers of traces alone and without numpy, so that a window can ask at every step of a slider. What has to be
computed or simulated comes in as two functions; ``power`` has them.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from reviewer.measure.design import CHOSEN, refuse_empty
from reviewer.measure.strata import FLAGGED, SEPARATOR, UNFLAGGED, Crossing, refuse_impossible, stratify
from reviewer.model.week import Plan

RATE = 0.10
"""The rate at which an interval is shown."""

DOUBLED_RATES = (0.10, 0.02)
"""The rates whose doubling is shown: a common failure mode, and a rare one."""

POINTING = 0.7
"""The share of a mode's traces that are flagged, where flags point well at it."""

MOST_POINTED_AT = 0.95
"""Not more than this share of the flagged traces is taken to have a mode."""

MOST_EFFECTIVE = 3.0
"""The alert rules do not believe that a trace is worth more than this many drawn at random."""

BASELINE_WEEKS = 8
"""The alert rules hold a week against this many before it."""

MISSED = 0.05

CURVE_SIZES = range(20, 201, 5)
"""The sizes of a sample for which the width of the interval is shown."""

LimitsAt = Callable[[float], tuple[float, float] | None]
"""From an effective size to the 95 % limits of a rate seen at 10 %; None while they are not known."""

ChanceOf = Callable[[float, float], float | None]
"""From a rate and an effective size to the chance that its doubling is an ALERT within four weeks; None: not known."""


@dataclass(frozen=True, slots=True)
class PlannedStratum:
    """One stratum of a plan. ``flagged`` is None where the plan does not look at the flag."""

    name: str
    flagged: bool | None
    size: int
    drawn: int

    @property
    def first(self) -> str:
        """Return the value of the first segment: strata that share it stand side by side."""
        return self.name.split(SEPARATOR)[0]

    @property
    def pi(self) -> float:
        """Return the chance of each of its traces to be drawn."""
        return self.drawn / self.size

    @property
    def stands_for(self) -> float:
        """Return how many traces each drawn one stands for."""
        return self.size / self.drawn


@dataclass(frozen=True, slots=True)
class Doubling:
    """The chance that the doubling of a rate is an ALERT within four weeks.

    ``low`` to ``high``: from flags that say nothing about the mode to flags that point well at it, whichever is less;
    both are the same where the plan does not look at flags.
    """

    rate: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Consequence:
    """What the sample of a plan would tell.

    ``effective`` is Kish's effective size, which is the same for all modes; ``low`` and ``high`` the 95 % limits of a
    rate seen at 10 % in one week (None until they are known); ``exact`` says that every trace is read; ``seen_from``
    is the smallest rate of which at least one trace is read in 95 of 100 weeks.
    """

    read: int
    effective: float
    exact: bool
    seen_from: float
    low: float | None = None
    high: float | None = None
    doublings: tuple[Doubling, ...] = ()

    @property
    def half_width(self) -> float | None:
        """Return half the interval's width, as a share."""
        return None if self.low is None or self.high is None else (self.high - self.low) / 2


def outline(counted: Mapping[Crossing, int], plan: Plan, chosen: int = 0) -> tuple[PlannedStratum, ...]:
    """Return the strata of a plan with what would be drawn, the largest first, its unflagged part before the other.

    Args:
        counted: the number of traces in each crossing, without those chosen before the draw.
        plan: the plan.
        chosen: how many traces are chosen before the draw; they make a stratum of their own, the last.

    Raises:
        UsageError: an empty population, or a plan that cannot be meant.
    """
    refuse_empty(sum(counted.values()) + chosen)
    refuse_impossible(plan)
    found = stratify(counted, plan)
    rows = [_planned(label, stratum.size, found.drawn[label]) for label, stratum in found.sizes.items()]
    together: Counter[str] = Counter()
    for row in rows:
        together[row.name] += row.size
        together[row.first] += 0 if row.first == row.name else row.size
    rows.sort(key=lambda row: (-together[row.first], row.first, -together[row.name], row.name, bool(row.flagged)))
    return (*rows, *([PlannedStratum(CHOSEN, None, chosen, chosen)] if chosen else []))


def _planned(label: str, size: int, drawn: int) -> PlannedStratum:
    for ending, flagged in ((UNFLAGGED, False), (FLAGGED, True)):
        if label.endswith(ending):
            return PlannedStratum(label.removesuffix(ending), flagged, size, drawn)
    return PlannedStratum(label, None, size, drawn)


def consequence(strata: Sequence[PlannedStratum], limits: LimitsAt, chance: ChanceOf) -> Consequence:
    """Return what a plan buys, from its strata; there must be one at least."""
    read = sum(row.drawn for row in strata)
    exact = all(row.drawn >= row.size for row in strata)
    seen_from = 1.0 - MISSED ** (1.0 / read)
    if exact:
        return Consequence(read, float(read), True, 0.0, RATE, RATE)
    effective = kish(strata)
    low, high = limits(effective) or (None, None)
    doublings = [found for rate in DOUBLED_RATES if (found := _doubling(strata, rate, chance)) is not None]
    return Consequence(read, effective, False, seen_from, low, high, tuple(doublings))


def curve(bought: Consequence, limits: LimitsAt) -> list[tuple[int, float]]:
    """Return half the width of the interval at 10 % by traces read, for plans as efficient as this; none where exact."""
    if bought.exact:
        return []
    efficiency = bought.effective / bought.read
    found = ((size, limits(size * efficiency)) for size in CURVE_SIZES)
    return [(size, (both[1] - both[0]) / 2) for size, both in found if both is not None]


def kish(strata: Sequence[PlannedStratum]) -> float:
    """Return Kish's effective sample size, (sum of weights)² / sum of squared weights."""
    return _kish([_Part(row.size, row.drawn, False) for row in strata])


def effective_pointed_at(strata: Sequence[PlannedStratum], rate: float, pointing: float) -> float:
    """Return the effective size with which the doubling of a mode is looked for, where flags point at the mode.

    ``pointing`` is the share of the mode's traces that are flagged. It is the smaller of two: the size that eight
    weeks at the old rate let the alert rules believe in, and the size of a week in which the mode has doubled (more
    traces are flagged then, and more of the sample is drawn from them).
    """
    parts = [_Part(row.size, row.drawn, bool(row.flagged)) for row in strata]
    before = _effective(parts, rate, pointing, BASELINE_WEEKS)
    return min(before, _effective(_grown(parts, rate * pointing), 2.0 * rate, pointing))


class _Part(NamedTuple):
    """A stratum as it might become: numbers need not be whole."""

    size: float
    drawn: float
    flagged: bool


def _kish(parts: Sequence[_Part]) -> float:
    total = sum(part.size for part in parts)
    return float(total**2 / sum(part.size**2 / part.drawn for part in parts))


def _effective(parts: Sequence[_Part], p: float, pointing: float, weeks: int = 0) -> float:
    """Return p(1-p) over the variance of a design (Cochran 1977, chapter 5), Kish's size where flags say nothing.

    Without the correction for finite strata: it is the process that is watched. With ``weeks`` the rates are those
    that so many weeks of reading would show, with Jeffreys' prior.
    """
    total = sum(part.size for part in parts)
    flagged = sum(part.size for part in parts if part.flagged) / total
    if not flagged or pointing <= flagged:
        return _kish(parts)
    there = min(p * pointing / flagged, MOST_POINTED_AT)
    rates = {True: there, False: (p - there * flagged) / (1.0 - flagged)}
    if weeks:
        for side, rate in rates.items():
            looked_at = weeks * sum(part.drawn for part in parts if part.flagged is side)
            rates[side] = (rate * looked_at + 0.5) / (looked_at + 1.0)
    variance = sum(
        (part.size / total) ** 2 * rates[part.flagged] * (1.0 - rates[part.flagged]) / part.drawn for part in parts
    )
    return min(p * (1.0 - p) / variance, MOST_EFFECTIVE * sum(part.drawn for part in parts))


def _grown(parts: Sequence[_Part], share: float) -> list[_Part]:
    """Return the strata when a further share of the traffic is flagged, each drawn at the same relative chance."""
    total = sum(part.size for part in parts)
    flagged = sum(part.size for part in parts if part.flagged)
    if not 0.0 < flagged < total:
        return list(parts)
    more = min(share * total, 0.5 * (total - flagged))
    factors = {True: 1.0 + more / flagged, False: 1.0 - more / (total - flagged)}
    read = sum(part.drawn for part in parts)
    scale = read / sum(part.drawn * factors[part.flagged] for part in parts)
    return [
        _Part(part.size * factors[part.flagged], part.drawn * factors[part.flagged] * scale, part.flagged)
        for part in parts
    ]


def _doubling(strata: Sequence[PlannedStratum], rate: float, chance: ChanceOf) -> Doubling | None:
    sizes = sorted((kish(strata), effective_pointed_at(strata, rate, POINTING)))
    low, high = (chance(rate, size) for size in sizes)
    return None if low is None or high is None else Doubling(rate, low, high)
