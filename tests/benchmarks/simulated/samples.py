"""Many samples of one design at once: drawn, and estimated as ``reviewer.measure.prevalence`` does it one by one.

A grid of coverage needs millions of intervals; one call each would take hours. ``Setting.disagreement`` holds some of
the very same samples against the program's own function, so that what is measured here is what the program prints.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaincinv
from scipy.stats import norm

from reviewer.measure.intervals import TAIL, student
from reviewer.measure.prevalence import SMOOTHED_FROM, Cell, kish, prevalence

Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Setting:
    """One cell of a grid: the strata's sizes, how many are read in each, and how many of each have the mode."""

    sizes: tuple[int, ...]
    reads: tuple[int, ...]
    failing: tuple[int, ...]
    about: str = ""

    @property
    def truth(self) -> float:
        """Return the rate in the population."""
        return sum(self.failing) / sum(self.sizes)

    def counts(self, rng: np.random.Generator, times: int) -> Numbers:
        """Return how many of the read ones have the mode: one row a sample, one column a stratum."""
        failing, sizes = np.array(self.failing), np.array(self.sizes)
        drawn = rng.hypergeometric(failing, sizes - failing, np.array(self.reads), size=(times, len(sizes)))
        return drawn.astype(np.float64)

    def disagreement(self, counts: Numbers, found: "Estimates") -> float:
        """Return the largest difference from the program's own estimate and limits, over the samples given."""
        worst = 0.0
        for row, at_once in zip(counts, np.column_stack((found.value, found.low, found.high)), strict=True):
            cells = zip(self.sizes, self.reads, row, range(len(row)), strict=True)
            one = prevalence([Cell(size, read, int(x), f"s{i}") for size, read, x, i in cells])
            assert one is not None
            worst = max(worst, float(np.abs(at_once - (one.value, one.low, one.high)).max()))
        return worst


@dataclass(frozen=True, slots=True)
class Estimates:
    """One number a sample: the rate, its limits, and its variance before the strata are smoothed."""

    value: Numbers
    low: Numbers
    high: Numbers
    variance: Numbers

    def covers(self, truth: float) -> float:
        """Return how often the limits hold the truth."""
        return float(((self.low <= truth + 1e-12) & (truth - 1e-12 <= self.high)).mean())

    def part(self, count: int) -> "Estimates":
        """Return the first samples."""
        return Estimates(self.value[:count], self.low[:count], self.high[:count], self.variance[:count])


def estimates(setting: Setting, counts: Numbers) -> Estimates:
    """Return the stratified rate with the Korn-Graubard interval and its two repairs, for every row of counts.

    At least two must be read in each stratum that is not read whole: joining thin strata is not done here.
    """
    sizes, reads = np.array(setting.sizes, dtype=np.float64), np.array(setting.reads, dtype=np.float64)
    partly = reads < sizes
    assert (reads[partly] >= 2).all(), setting
    weights = sizes / sizes.sum()
    value = (counts / reads * weights).sum(axis=1)
    value[(counts == reads).all(axis=1)] = 1.0
    flipped = value > 0.5
    used = np.where(flipped[:, None], reads - counts, counts)
    rate = (used / reads * weights).sum(axis=1)
    rate[(used == 0).all(axis=1)] = 0.0
    plain = _variance(used / reads, sizes, reads)
    if not partly.any():
        return Estimates(value, value, value, plain)
    smoothed = np.where(used / reads >= SMOOTHED_FROM, (used + 0.5) / (reads + 1.0), used / reads)
    low, high = _limits(setting, rate, _variance(smoothed, sizes, reads), partly)
    return Estimates(value, np.where(flipped, 1.0 - high, low), np.where(flipped, 1.0 - low, high), plain)


def _limits(setting: Setting, rate: Numbers, variance: Numbers, partly: NDArray[np.bool_]) -> tuple[Numbers, Numbers]:
    n = int(sum(read for read, is_open in zip(setting.reads, partly, strict=True) if is_open))
    df = n - int(partly.sum())
    adjusted = (student(n - 1) / student(df)) ** 2 if df > 0 else 1.0
    spread = (rate > 0.0) & (variance > 0.0)
    by_weight = kish([Cell(setting.sizes[i], setting.reads[i], 0) for i in np.flatnonzero(partly)])
    by_variance = rate * (1.0 - rate) / np.where(spread, variance, 1.0) * adjusted
    n_eff = np.where(spread, np.minimum(by_variance, n), by_weight)
    seen, unseen = n_eff * rate, n_eff * (1.0 - rate)
    low = np.where(rate > 0.0, betaincinv(np.where(rate > 0.0, seen, 1.0), unseen + 1.0, TAIL), 0.0)
    return low, betaincinv(seen + 1.0, unseen, 1.0 - TAIL)


def _variance(rates: Numbers, sizes: Numbers, reads: Numbers) -> Numbers:
    several = np.maximum(reads - 1.0, 1.0)
    spread = reads / several * rates * (1.0 - rates)
    return ((sizes / sizes.sum()) ** 2 * (1.0 - reads / sizes) * spread / reads).sum(axis=1)


def wald(found: Estimates) -> Estimates:
    """Return the textbook interval, estimate ± 1.96 standard errors: what the default is held against."""
    reach = norm.ppf(1.0 - TAIL) * np.sqrt(found.variance)
    return Estimates(found.value, found.value - reach, found.value + reach, found.variance)


def raw(setting: Setting, counts: Numbers) -> Estimates:
    """Return the share of the reviewed items that have the mode, with Wilson's interval: no weights, no strata."""
    n, seen = float(sum(setting.reads)), counts.sum(axis=1)
    low, high = wilson(seen, n)
    return Estimates(seen / n, low, high, seen / n * (1 - seen / n) / n)


def wilson(seen: Numbers, n: float) -> tuple[Numbers, Numbers]:
    """Return Wilson's limits of a simple share (1927, JASA 22:209)."""
    z, share = float(norm.ppf(1.0 - TAIL)), seen / n
    centre = (share + z * z / (2 * n)) / (1 + z * z / n)
    reach = z / (1 + z * z / n) * np.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    return centre - reach, centre + reach


def rounded(parts: Sequence[float], whole: int) -> list[int]:
    """Return whole numbers near the parts that add up to ``whole``, rounded at the running total."""
    edges = np.rint(np.cumsum(parts) / sum(parts) * whole).astype(int)
    return [int(size) for size in np.diff(np.concatenate(([0], edges)))]
