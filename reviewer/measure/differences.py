"""The difference of two rates in the traffic, such as this week's and last week's, with its interval."""

import math

from reviewer.measure.intervals import Interval
from reviewer.model.number import Basis, Number


def mover(later: float, of_later: Interval, earlier: float, of_earlier: Interval) -> Interval:
    """Return the limits of ``later - earlier`` from the limits of both (MOVER; Zou & Donner 2008, Stat Med 27:1693).

    From Wilson's limits this is Newcombe's hybrid interval (1998, Stat Med 17:873, method 10); from those of
    Korn and Graubard it holds for weighted samples. The two estimates must come from samples drawn independently.
    """
    difference = later - earlier
    below = math.hypot(later - of_later.low, of_earlier.high - earlier)
    above = math.hypot(of_later.high - later, earlier - of_earlier.low)
    return Interval(max(-1.0, difference - below), min(1.0, difference + above))


def difference(later: Number, earlier: Number) -> Number | None:
    """Return how much a rate rose, in parts of 1; None where either side has no value or no limits.

    An interval that holds 0 does not say that nothing changed. It is meant to be shown: alerts have rules of their own.
    """
    if later.value is None or later.low is None or later.high is None:
        return None
    if earlier.value is None or earlier.low is None or earlier.high is None:
        return None
    limits = mover(later.value, Interval(later.low, later.high), earlier.value, Interval(earlier.low, earlier.high))
    return Number(
        later.value - earlier.value,
        Basis.ESTIMATE,
        later.unit,
        limits.low,
        limits.high,
        n=later.n + earlier.n,
        suppressed=later.suppressed or earlier.suppressed,
    )
