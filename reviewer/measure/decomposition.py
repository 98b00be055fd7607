"""What moved a rate or a mean between two periods: the mix of the traffic, or what happens inside its segments."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaincinv

from reviewer.measure.intervals import TAIL, Interval
from reviewer.model.change import ChangeSplit, SegmentChange
from reviewer.model.number import Basis, Number

Numbers = NDArray[np.float64]

_ABSENT = Number(None, Basis.NOT_RECORDED)


@dataclass(frozen=True, slots=True)
class Part:
    """One segment in one period: its share of what the number is of, and its own number.

    The share is known from the population and has no error.
    """

    share: float
    number: Number


Term = tuple[float, Part]
"""How much of a part's number is in a sum: each change is a sum of numbers that were estimated apart."""


def kitagawa(by: str, before: Mapping[str, Part], after: Mapping[str, Part]) -> ChangeSplit | None:
    """Return the change of a rate or a mean, split into mix, within and presence, which add up to it.

    With shares q and values r of the segments that both periods hold (Kitagawa 1955, JASA 50:1168)::

        mix    = sum of (q1 - q0) (r0 + r1) / 2        within = sum of (r1 - r0) (q0 + q1) / 2

    A segment with a share in one period only has entered or left. It counts by how far its value lies from that of
    the segments which both periods hold, and their shares are then taken among themselves, so that a new segment that
    is like the others moves nothing. Without such segments the shares are used as given. Intervals are normal, with
    the variances of the values and none of the shares; without any variance there are none.

    Args:
        by: what the segments are of, as a reader names it.
        before: the parts of the earlier period by segment.
        after: the parts of the later period by segment.

    Returns:
        None where the periods have no segment in common, or where the value of a segment with a share is not known.
    """
    old, new = _present(before), _present(after)
    common = [name for name in new if name in old]
    if not common or any(part.number.value is None for part in (*old.values(), *new.values())):
        return None
    old_scale, new_scale = _scale(old, common), _scale(new, common)
    segments: list[SegmentChange] = []
    mix_terms: list[Term] = []
    within_terms: list[Term] = []
    for name in common:
        first, last = old[name], new[name]
        q0, q1 = first.share * old_scale, last.share * new_scale
        r0, r1 = _value(first), _value(last)
        mix_terms += [((q1 - q0) / 2, last), ((q1 - q0) / 2, first)]
        within_terms += [((q0 + q1) / 2, last), (-(q0 + q1) / 2, first)]
        segments.append(
            SegmentChange(
                name, first.share, last.share, first.number, last.number,
                mix=(q1 - q0) * (r0 + r1) / 2, within=(r1 - r0) * (q0 + q1) / 2,
            )
        )  # fmt: skip
    came_and_went, presence_terms = _came_and_went(old, new, common)
    total_terms = [*((part.share, part) for part in new.values()), *((-part.share, part) for part in old.values())]
    numbers = [part.number for _, part in total_terms]
    change = math.fsum(part.share * _value(part) for part in new.values()) - math.fsum(
        part.share * _value(part) for part in old.values()
    )
    return ChangeSplit(
        by,
        total=_difference(change, total_terms, numbers),
        mix=_difference(math.fsum(s.mix or 0.0 for s in segments), mix_terms, numbers),
        within=_difference(math.fsum(s.within or 0.0 for s in segments), within_terms, numbers),
        presence=_difference(math.fsum(s.presence or 0.0 for s in came_and_went), presence_terms, numbers)
        if came_and_went
        else None,
        segments=(*segments, *came_and_went),
    )


def _present(parts: Mapping[str, Part]) -> dict[str, Part]:
    return {name: part for name, part in parts.items() if part.share > 0.0}


def _value(part: Part) -> float:
    return part.number.value or 0.0


def _scale(parts: Mapping[str, Part], common: Sequence[str]) -> float:
    """Return what makes the shares of the common segments add up to what all of them do; exactly 1 if all are."""
    if len(common) == len(parts):
        return 1.0
    return math.fsum(part.share for part in parts.values()) / math.fsum(parts[name].share for name in common)


def _came_and_went(
    old: Mapping[str, Part], new: Mapping[str, Part], common: Sequence[str]
) -> tuple[list[SegmentChange], list[Term]]:
    """Return the segments of one period only, with what each adds to the change, and the terms of that."""
    found: list[SegmentChange] = []
    terms: list[Term] = []
    for parts, sign in ((new, 1.0), (old, -1.0)):
        shared = math.fsum(parts[name].share for name in common)
        typical = math.fsum(parts[name].share * _value(parts[name]) for name in common) / shared
        alone = [(name, part) for name, part in parts.items() if name not in common]
        weight = math.fsum(part.share for _, part in alone)
        terms += [(sign * part.share, part) for _, part in alone]
        terms += [(-sign * weight * parts[name].share / shared, parts[name]) for name in common]
        for name, part in alone:
            first, last = (Part(0.0, _ABSENT), part) if sign > 0 else (part, Part(0.0, _ABSENT))
            found.append(
                SegmentChange(
                    name, first.share, last.share, first.number, last.number,
                    presence=sign * part.share * (_value(part) - typical),
                )
            )  # fmt: skip
    return found, terms


def _difference(value: float, terms: Sequence[Term], numbers: Sequence[Number]) -> Number:
    """Return a difference in the unit of the numbers it is made of, with an interval where any of them has an error."""
    basis = Basis.ESTIMATE if any(n.basis is Basis.ESTIMATE for n in numbers) else numbers[0].basis
    sizes = [number.population for number in numbers if number.population is not None]
    limits = _mover(value, terms) if basis is Basis.ESTIMATE else None
    return Number(
        value,
        basis,
        numbers[0].unit,
        low=None if limits is None else limits.low,
        high=None if limits is None else limits.high,
        n=sum(number.n for number in numbers),
        population=sum(sizes) if sizes else None,
    )


def _mover(value: float, terms: Sequence[Term]) -> Interval:
    """Return the limits of a sum from those of what it is made of; what has none is taken to be without error."""
    downward, upward = [], []
    for weight, part in terms:
        number = part.number
        low, high = (_value(part) if limit is None else limit for limit in (number.low, number.high))
        reaches = weight * (_value(part) - low), weight * (high - _value(part))
        # A number that is taken away reaches up with its lower limit.
        below, above = reaches if weight >= 0.0 else (-reaches[1], -reaches[0])
        downward.append(below)
        upward.append(above)
    return Interval(value - math.hypot(*downward), value + math.hypot(*upward))


def reweighted(
    by: str,
    before: Mapping[str, Numbers],
    after: Mapping[str, Numbers],
    statistic: Callable[[Numbers, Numbers], float],
    number: Callable[[float, int], Number],
) -> ChangeSplit | None:
    """Return the change of a quantile or another statistic of all traffic, split by reweighting to the old mix.

    What no sum over segments gives is computed anew: once from the later traces weighted so that each segment has its
    earlier share. *Within* is the way from the earlier number to that one, *mix* the rest of the way; segments of one
    period only are left out for both, and what that leaves out is *presence*.

    Args:
        by: what the segments are of.
        before: rows of the earlier period by segment, one row a trace.
        after: rows of the later period by segment.
        statistic: makes the number from rows and their weights.
        number: makes a ``Number`` of a value and how many traces it is of.
    """
    common = sorted(name for name in after if name in before and len(before[name]) and len(after[name]))
    if not common:
        return None
    size = {name: len(before[name]) / len(after[name]) for name in common}
    old, new = np.concatenate(list(before.values())), np.concatenate(list(after.values()))
    old_common = np.concatenate([before[name] for name in common])
    new_common = np.concatenate([after[name] for name in common])
    on_old_mix = statistic(new_common, np.concatenate([np.full(len(after[name]), size[name]) for name in common]))
    first, last = statistic(old, np.ones(len(old))), statistic(new, np.ones(len(new)))
    first_common, last_common = (statistic(rows, np.ones(len(rows))) for rows in (old_common, new_common))
    n = len(old) + len(new)
    alone = len(old) + len(new) > len(old_common) + len(new_common)
    return ChangeSplit(
        by,
        total=number(last - first, n),
        mix=number(last_common - on_old_mix, n),
        within=number(on_old_mix - first_common, n),
        presence=number((last - last_common) - (first - first_common), n) if alone else None,
        segments=tuple(_segment(name, before, after, statistic, number) for name in sorted({*before, *after})),
    )


def _segment(
    name: str,
    before: Mapping[str, Numbers],
    after: Mapping[str, Numbers],
    statistic: Callable[[Numbers, Numbers], float],
    number: Callable[[float, int], Number],
) -> SegmentChange:
    shares, numbers = [], []
    for rows in (before, after):
        own = rows.get(name)
        total = sum(len(each) for each in rows.values())
        there = own is not None and len(own) > 0
        shares.append(len(own) / total if own is not None and there else 0.0)
        numbers.append(number(statistic(own, np.ones(len(own))), len(own)) if own is not None and there else _ABSENT)
    return SegmentChange(name, shares[0], shares[1], numbers[0], numbers[1])


def weighted_quantile(values: Numbers, weights: Numbers, q: float) -> float:
    """Return the quantile of weighted values; with equal weights that of ``numpy.quantile`` (linear, Hyndman-Fan 7)."""
    order = np.argsort(values, kind="stable")
    ordered, mass = values[order], weights[order]
    reached = np.cumsum(mass)
    # With equal weights these are (i - 1) / (n - 1), the plotting positions of type 7.
    places = (reached - mass) / (reached[-1] - mass[-1]) if reached[-1] > mass[-1] else np.zeros(len(mass))
    return float(np.interp(q, places, ordered))


def standardised(counts: Sequence[float], weights: Sequence[float], most: float = 1.0) -> tuple[float, Interval]:
    """Return a rate on a reference mix with the gamma interval of Fay and Feuer (1997, Stat Med 16:791).

    Args:
        counts: how many items with the property were seen in each cell.
        weights: what one of them adds to the rate: the cell's share of the reference mix over the items looked at.
        most: the largest value the rate can have; limits are cut there.
    """
    value = math.fsum(w * x for w, x in zip(weights, counts, strict=True))
    variance = math.fsum(w * w * x for w, x in zip(weights, counts, strict=True))
    largest = max(weights)
    low = 0.0 if value <= 0.0 else _gamma(TAIL, value, variance)
    high = _gamma(1.0 - TAIL, value + largest, variance + largest**2)
    return value, Interval(min(low, most), min(high, most))


def _gamma(q: float, mean: float, variance: float) -> float:
    return float(gammaincinv(mean**2 / variance, q)) * variance / mean
