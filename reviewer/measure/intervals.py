"""Intervals for rates, ratios and quantiles at 95 %."""

import math
from typing import Any, NamedTuple

import numpy as np
from scipy.special import betaincinv, stdtrit
from scipy.stats import binom

TAIL = 0.025
"""What lies outside a 95 % interval on each side."""


class Interval(NamedTuple):
    """Two limits, both included."""

    low: float
    high: float


def student(df: float) -> float:
    """Return the quantile of Student's t that leaves ``TAIL`` above it; ``df`` must be above 0."""
    return float(stdtrit(df, 1.0 - TAIL))


def beta_limits(p: float, n_eff: float) -> Interval:
    """Return the Clopper-Pearson limits of a rate ``p`` seen in ``n_eff`` items, which need not be whole numbers.

    None seen gives 0 as the lower limit, all seen gives 1 as the upper.
    """
    seen, unseen = n_eff * p, n_eff * (1.0 - p)
    low = 0.0 if p <= 0.0 else float(betaincinv(seen, unseen + 1.0, TAIL))
    high = 1.0 if p >= 1.0 else float(betaincinv(seen + 1.0, unseen, 1.0 - TAIL))
    return Interval(low, high)


def effective_size(p: float, variance: float, n: int, df: int) -> float:
    """Return Korn and Graubard's effective sample size, at most ``n`` (the truncation of NCHS).

    ``p`` must lie between 0 and 1 and ``variance`` above 0 (Korn & Graubard 1998, Survey Methodology 24:193). Without
    degrees of freedom, the adjustment for them is left out.
    """
    adjusted = (student(n - 1) / student(df)) ** 2 if df > 0 and n > 1 else 1.0
    return min(p * (1.0 - p) / variance * adjusted, float(n))


def korn_graubard(p: float, variance: float, n: int, df: int) -> Interval:
    """Return the Korn-Graubard limits of a rate from its design variance."""
    return beta_limits(p, effective_size(p, variance, n, df))


def weighted_beta(p: float, variance: float, heaviest: float) -> Interval:
    """Return the limits of a rate by beta distributions with the moments of the weighted sample.

    The twin of the gamma interval of Fay and Feuer (1997, Stat Med 16:791): for the upper limit one more item of the
    heaviest weight is taken to have the property. Narrower than Korn and Graubard's, and too narrow in thin strata.

    Args:
        p: the rate, between 0 and 1.
        variance: its design variance; above 0 unless ``p`` is 0.
        heaviest: the largest share of the population that one reviewed item stands for.
    """
    low = 0.0
    if p > 0.0:
        size = p * (1.0 - p) / variance
        low = float(betaincinv(size * p, size * (1.0 - p) + 1.0, TAIL))
    mean, spread = p + heaviest, variance + heaviest**2
    if mean >= 1.0:
        return Interval(low, 1.0)
    size = mean * (1.0 - mean) / spread
    return Interval(low, float(betaincinv(size * mean, size * (1.0 - mean), 1.0 - TAIL)))


def log_limits(value: float, variance: float, df: int) -> Interval:
    """Return limits of a ratio above 0, symmetric on the logarithm (Taylor series; Cochran 1977, chapter 6)."""
    if df < 1:
        return Interval(0.0, math.inf)
    reach = student(df) * math.sqrt(variance) / value
    return Interval(value * math.exp(-reach), value * math.exp(reach))


def quantile_limits(
    values: np.ndarray[tuple[int], np.dtype[np.floating[Any]]], q: float, tail: float = TAIL
) -> Interval | None:
    """Return distribution-free limits of a quantile from its order statistics (Conover 1999, 3.2).

    ``values`` need not be sorted; ``tail`` is what lies outside on each side. None where the sample is too small for
    two finite limits: below 72 for 0.95, below 368 for 0.99.
    """
    n = len(values)
    first, last = int(binom.ppf(tail, n, q)), int(binom.ppf(1.0 - tail, n, q)) + 1
    if first < 1 or last > n:
        return None
    ordered = np.partition(values, (first - 1, last - 1))
    return Interval(float(ordered[first - 1]), float(ordered[last - 1]))
