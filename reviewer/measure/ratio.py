"""A ratio of two means in the traffic, such as cost per successful task, from a stratified sample."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from reviewer.measure.intervals import Interval, log_limits

Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Pairs:
    """One stratum: ``size`` traces in the population, and the two values of each reviewed trace."""

    size: int
    above: Numbers
    below: Numbers


@dataclass(frozen=True, slots=True)
class Ratio:
    """A ratio with its 95 % interval, from ``n`` traces."""

    value: float
    limits: Interval
    n: int


def ratio(strata: Sequence[Pairs]) -> Ratio | None:
    """Return the ratio of the population means, with an interval on the logarithm; None where it cannot be told.

    The variance is that of z = above − ratio · below over the mean of below (Cochran 1977, chapter 6; as R's
    ``svyratio``). Strata without a reviewed trace are left out; a stratum with one takes the pooled variance. None
    with fewer than two traces, or where either mean is not above 0.
    """
    read = [stratum for stratum in strata if len(stratum.above)]
    n = sum(len(stratum.above) for stratum in read)
    if n < 2:
        return None
    above, below = (stratified_mean(read, [getattr(s, side) for s in read])[0] for side in ("above", "below"))
    if above <= 0.0 or below <= 0.0:
        return None
    value = above / below
    _, variance = stratified_mean(read, [s.above - value * s.below for s in read])
    open_strata = [s for s in read if len(s.above) < s.size]
    df = sum(len(s.above) for s in open_strata) - len(open_strata)
    return Ratio(value, Interval(value, value) if not open_strata else log_limits(value, variance / below**2, df), n)


def stratified_mean(strata: Sequence[Pairs], values: Sequence[Numbers]) -> tuple[float, float]:
    """Return the mean in the population and its variance, from the values read in each stratum."""
    return from_moments(
        np.array([s.size for s in strata], dtype=float),
        np.array([len(v) for v in values], dtype=float),
        np.array([v.mean() for v in values]),
        np.array([v.var(ddof=1) if len(v) > 1 else np.nan for v in values]),
    )


def from_moments(sizes: Numbers, read: Numbers, means: Numbers, variances: Numbers) -> tuple[float, float]:
    """Return the mean in the population and its variance, corrected for finite strata (Cochran 1977, chapter 5).

    All arrays have one number a stratum. A variance that is not a number (one trace read) is replaced by the pooled
    one; without any, it is 0.
    """
    weights = sizes / sizes.sum()
    known = ~np.isnan(variances)
    degrees = (read[known] - 1.0).sum()
    pooled = float(((read[known] - 1.0) * variances[known]).sum() / degrees) if degrees > 0 else 0.0
    spread = np.where(known, variances, pooled)
    return float((weights * means).sum()), float((weights**2 * (1.0 - read / sizes) * spread / read).sum())
