"""What a window cannot wait for: limits and chances for every sample size, worked out once in another process."""

import math
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from reviewer.jobs.running import Channel
from reviewer.measure.planning import DOUBLED_RATES

LARGEST = 400
EFFECTIVE_SIZES = (15, 35, 60, 110, 400)
_SURE = 1e-4

Limits = list[tuple[float, float]]
Chances = Mapping[float, Sequence[tuple[int, float]]]
"""By rate: effective sizes, each with the chance that a doubling of the rate is found."""


class Tables(NamedTuple):
    """The 95 % limits of a rate of 10 % for effective sizes of 1 to 400 (entry 0 is that of size 1), and the chances."""

    limits: Limits
    chances: Chances


def tables(_: Channel, modes: int) -> Tables:
    """Return limits and chances, where so many failure modes are watched."""
    # scipy takes half a second to load: never in the window's own process.
    from reviewer.measure.power import doubling_found, limits_at

    chances: dict[float, list[tuple[int, float]]] = {}
    for rate in DOUBLED_RATES:
        chances[rate] = [(size, doubling_found(rate, size, modes)) for size in EFFECTIVE_SIZES]
    return Tables([limits_at(size) for size in range(1, LARGEST + 1)], chances)


def limits_in(table: Limits, effective: float) -> tuple[float, float] | None:
    """Return the limits for an effective size, between two entries of the table by a straight line."""
    if not table:
        return None
    at = min(max(effective, 1.0), float(len(table)))
    above = min(int(at), len(table) - 1)
    part = at - int(at)
    (low, high), (next_low, next_high) = table[int(at) - 1], table[above]
    return low + part * (next_low - low), high + part * (next_high - high)


def chance_in(table: Chances, rate: float, effective: float) -> float | None:
    """Return the chance to find the doubling of a rate, between two entries of the table.

    The logit of the chance is taken to be straight over the logarithm of the size, which it nearly is.
    """
    known = table.get(rate)
    if not known:
        return None
    sizes = [size for size, _ in known]
    at = min(max(effective, sizes[0]), sizes[-1])
    above = max(1, bisect_left(sizes, at))
    (left, low), (right, high) = known[above - 1], known[above]
    part = math.log(at / left) / math.log(right / left)
    between = _logit(low) + part * (_logit(high) - _logit(low))
    return 1.0 / (1.0 + math.exp(-between))


def _logit(chance: float) -> float:
    held = min(max(chance, _SURE), 1.0 - _SURE)
    return math.log(held / (1.0 - held))
