"""The strata of a plan: which traces stand in one stratum, and how many of each are drawn, from their counts alone."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from reviewer.errors import UsageError
from reviewer.measure.allocation import LEAST_ANCHOR, Stratum, allocate, least_items, mixture_shares
from reviewer.model.week import Plan

LEAST_EXPECTED = 4.0
"""A part of a stratum stands alone only where the draw is expected to take this many items from it."""

MOST_FOR_FLOORS = 0.5
"""Floors may take this share of a sample: where they took all of it, large strata would get as little as small ones,
and intervals would hold the rate as rarely as 70 times in 100 (``tests/benchmarks/simulated/coverage.py``)."""

LARGEST_SIZE = 10**12
MOST_READ_TWICE = 0.5

SEPARATOR = " · "
EVERYTHING = "all"
NOT_RECORDED = "not recorded"
OTHERS = "small groups together"
REST = "all others"
FLAGGED = " · flagged"
UNFLAGGED = " · not flagged"

Crossing = tuple[tuple[str | None, ...], bool]
"""What can put a trace into a stratum: its values of ``Plan.by``, in that order, and whether it is flagged."""


@dataclass(frozen=True, slots=True)
class Strata:
    """The strata of a population: the label of every crossing, and each stratum with the number to draw from it."""

    labels: dict[Crossing, str]
    sizes: dict[str, Stratum]
    drawn: dict[str, int]


def stratify(counted: Mapping[Crossing, int], plan: Plan) -> Strata:
    """Return the strata of a plan, from the number of traces in each crossing.

    Each crossing is a stratum of its own. With ``plan.where_large`` only the values of the first segment are (with the
    flag for ``risk``); every further segment splits a stratum where at least two parts result from which the draw is
    expected to take 4 items or more; values below that stay together as *all others*. Where the floors (two a stratum for
    ``risk``, one for ``proportional``) would take more than half of the items, the smallest strata are put together, so
    that every trace of the population has a chance and none weighs much more than in a simple sample.
    """
    named = _names(counted, plan)
    sizes: dict[str, Stratum] = {}
    for crossing, label in named.items():
        before = sizes.get(label, Stratum(0, crossing[1]))
        sizes[label] = Stratum(before.size + counted[crossing], before.flagged)
    final = _labels_that_fit(sizes, plan)
    joined: dict[str, Stratum] = {}
    for label, stratum in sizes.items():
        so_far = joined.get(final[label], Stratum(0, stratum.flagged)).size
        joined[final[label]] = Stratum(so_far + stratum.size, stratum.flagged)
    labels = {crossing: final[label] for crossing, label in named.items()}
    return Strata(labels, joined, numbers(joined, plan))


def numbers(sizes: Mapping[str, Stratum], plan: Plan) -> dict[str, int]:
    """Return how many items a plan draws from each stratum; see ``allocation.allocate``."""
    if not sizes:
        return {}
    anchor = plan.anchor if plan.kind == "risk" else 1.0
    return allocate(sizes, mixture_shares(sizes, anchor), plan.size, floor_of(plan))


def floor_of(plan: Plan) -> int:
    """Return the smallest number of items a stratum gets, where it holds as many."""
    return 2 if plan.kind == "risk" and plan.size >= 4 else 1


def refuse_impossible(plan: Plan) -> None:
    """Raise for a plan that cannot be meant, whatever the population.

    Raises:
        UsageError: a size below 1 or out of reach, an anchor outside 0.3 to 1, or a share read twice outside 0 to 0.5
            or with one reader alone.
    """
    if plan.size < 1:
        raise UsageError(f"A sample of {plan.size} has no items.", "Ask for at least 1.")
    if plan.size > LARGEST_SIZE:
        raise UsageError(f"A sample of {plan.size} is larger than any workspace.", "Ask for fewer.")
    if not LEAST_ANCHOR <= plan.anchor <= 1:
        raise UsageError(
            f"An anchor of {plan.anchor:g} leaves too little of the sample to ordinary traffic.",
            f"Use a share from {LEAST_ANCHOR:g} to 1.",
        )
    if not 0 <= plan.overlap <= MOST_READ_TWICE:
        raise UsageError(
            f"A share of {plan.overlap:g} cannot be read twice.", f"Use a share from 0 to {MOST_READ_TWICE:g}."
        )
    if plan.overlap and len(plan.readers) == 1:
        raise UsageError("One reader alone reads nothing twice.", "Name two readers or more, or none.")


def _names(counted: Mapping[Crossing, int], plan: Plan) -> dict[Crossing, str]:
    """Return the label of each crossing; two crossings with the same label are one stratum."""
    for segments, _ in counted:
        if len(segments) != len(plan.by):
            raise ValueError(f"a candidate has {len(segments)} segments where the plan has {len(plan.by)}")
    if plan.where_large and plan.by:
        parts = _parts_where_large(counted, plan)
    else:
        parts = {crossing: tuple(_said(value) for value in crossing[0]) for crossing in counted}
    risk = plan.kind == "risk"
    return {
        crossing: (SEPARATOR.join(said) or EVERYTHING) + ((FLAGGED if crossing[1] else UNFLAGGED) if risk else "")
        for crossing, said in parts.items()
    }


def _said(value: str | None) -> str:
    return NOT_RECORDED if value is None else value


def _parts_where_large(counted: Mapping[Crossing, int], plan: Plan) -> dict[Crossing, tuple[str, ...]]:
    expected = _expected(counted, plan)
    found: dict[Crossing, tuple[str, ...]] = {}
    for side in _sides(counted, plan):
        for value, members in _by_value(side, 0).items():
            found |= _split(members, 1, (_said(value),), len(plan.by), expected)
    return found


def _sides(counted: Iterable[Crossing], plan: Plan) -> list[list[Crossing]]:
    """Return the crossings parted by the flag, where the plan looks at it."""
    every = list(counted)
    if plan.kind != "risk":
        return [every]
    return [[crossing for crossing in every if crossing[1] is flagged] for flagged in (False, True)]


def _expected(counted: Mapping[Crossing, int], plan: Plan) -> Callable[[Iterable[Crossing]], float]:
    """Return a function that says how many items the mixture takes from some crossings, before floors."""
    sides = {str(flagged): Stratum(0, flagged) for flagged in (False, True)}
    for (_, flagged), size in counted.items():
        sides[str(flagged)] = Stratum(sides[str(flagged)].size + size, flagged)
    shares = mixture_shares(sides, plan.anchor if plan.kind == "risk" else 1.0)
    each = {label: plan.size * shares[label] / side.size for label, side in sides.items() if side.size}
    return lambda crossings: sum(counted[crossing] * each[str(crossing[1])] for crossing in crossings)


def _split(
    members: list[Crossing],
    level: int,
    name: tuple[str, ...],
    depth: int,
    expected: Callable[[Iterable[Crossing]], float],
) -> dict[Crossing, tuple[str, ...]]:
    if level == depth:
        return dict.fromkeys(members, name)
    large, rest = _large_parts(_by_value(members, level), expected)
    if len(large) + bool(rest) < 2:
        return _split(members, level + 1, name, depth, expected)
    found = _split(rest, level + 1, (*name, REST), depth, expected) if rest else {}
    for value, part in large.items():
        found |= _split(part, level + 1, (*name, _said(value)), depth, expected)
    return found


def _large_parts(
    by_value: Mapping[str | None, list[Crossing]], expected: Callable[[Iterable[Crossing]], float]
) -> tuple[dict[str | None, list[Crossing]], list[Crossing]]:
    """Return the parts that may stand alone, and the rest; a rest that may not takes the smallest of the others in."""
    order = sorted(by_value, key=lambda value: (-expected(by_value[value]), _said(value)))
    large = {value: by_value[value] for value in order if expected(by_value[value]) >= LEAST_EXPECTED}
    rest = [crossing for value in order if value not in large for crossing in by_value[value]]
    while rest and large and expected(rest) < LEAST_EXPECTED:
        _, smallest = large.popitem()
        rest += smallest
    return large, rest


def _by_value(members: Iterable[Crossing], level: int) -> dict[str | None, list[Crossing]]:
    found: dict[str | None, list[Crossing]] = defaultdict(list)
    for crossing in members:
        found[crossing[0][level]].append(crossing)
    return found


def _labels_that_fit(sizes: Mapping[str, Stratum], plan: Plan) -> dict[str, str]:
    """Return the final label of each label: the smallest strata share one until what all must get fits."""
    labels = {label: label for label in sizes}
    demand = _Demand(plan, sum(stratum.size for stratum in sizes.values()))
    for stratum in sizes.values():
        demand.add(stratum.size)
    together: dict[str, int] = defaultdict(int)
    for label in sorted(sizes, key=lambda label: (sizes[label].size, label)):
        if demand.fits:
            return labels
        stratum = sizes[label]
        shared = labels[label] = OTHERS + ((FLAGGED if stratum.flagged else UNFLAGGED) if plan.kind == "risk" else "")
        demand.take_away(stratum.size)
        demand.take_away(together[shared])
        together[shared] += stratum.size
        demand.add(together[shared])
    if demand.least > plan.size:
        # Not even one item for each side of the flag fits: what is left is a simple random sample.
        return dict.fromkeys(sizes, EVERYTHING)
    return labels if len(together) < len(sizes) else {label: label for label in sizes}


@dataclass(slots=True)
class _Demand:
    """What the strata of a plan must get: their floors, and their least numbers of items."""

    plan: Plan
    population: int
    floors: int = 0
    least: int = 0

    @property
    def fits(self) -> bool:
        """Whether the least fit into the sample, and the floors into half of it, or everything is read anyway."""
        reads_all = self.plan.size >= self.population
        return reads_all or (self.floors <= MOST_FOR_FLOORS * self.plan.size and self.least <= self.plan.size)

    def add(self, stratum: int) -> None:
        """Count a stratum of some size in; one of size 0 asks for nothing."""
        self._count(stratum, 1)

    def take_away(self, stratum: int) -> None:
        """Count a stratum out again."""
        self._count(stratum, -1)

    def _count(self, stratum: int, sign: int) -> None:
        floor = floor_of(self.plan)
        self.floors += sign * min(floor, stratum)
        self.least += sign * least_items(stratum, self.population, self.plan.size, floor)
