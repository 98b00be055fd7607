"""What the alert rules hold a week against: CUSUM steps, their calibrated threshold, and the chance of a spike.

Traces of a week are told apart by how much one of them weighs in the estimate: a simple random sample has one
``Kind``, a risk-weighted one has light (flagged) and heavy traces. What a baseline leaves in doubt is the rate of each
kind; one heavy trace more makes a larger leap than many light ones, and the threshold has to know that. With one kind
all of it is the textbook's binomial. Simulations have a fixed seed: the same baseline has the same threshold
everywhere.
"""

import math
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaln, gammaln

Numbers = NDArray[np.float64]
Value = TypeVar("Value", float, NDArray[np.float64])

MONITORED_WEEKS = 12
FALSE_ALARMS = 0.10
"""How often one of all failure modes together may pass its threshold in ``MONITORED_WEEKS`` though nothing changed."""

RUNS = 20_000
SEED = 20260413
CERTAIN = 0.98
"""A doubled rate is taken to be at most this."""

SPEAKS_FOR = 0.25
"""The part of its threshold that the sum of the estimate must have passed for the sum of the kinds to count."""

MOST_EFFECTIVE = 3.0
"""Well-placed flags make a trace worth more than one drawn at random; more than this many is not believed."""

_STEPS_A_DOUBLING = 12
_CV_STEP = 0.05

RULE = f"2 {RUNS} {SEED} {MONITORED_WEEKS} {FALSE_ALARMS} {CERTAIN} {MOST_EFFECTIVE} {_STEPS_A_DOUBLING} {_CV_STEP}"
"""Names what the thresholds follow from; the first number counts up whenever the simulation itself changes."""

_NEGLIGIBLE = 1e-10


class Kind(NamedTuple):
    """Traces of about the same weight: ``read`` in a week, which stand for a ``share`` of the traffic.

    In the baseline ``counted`` of ``looked_at`` carried the mode: numbers of traces, not weighted.
    """

    read: int
    share: float
    counted: int
    looked_at: int

    @property
    def rate(self) -> float:
        """Return the rate in the baseline with Jeffreys' prior, so that what was not seen is not impossible."""
        return (self.counted + 0.5) / (self.looked_at + 1.0)


def baseline_rate(x0: float, n0: float) -> float:
    """Return the rate p0 that a baseline of ``x0`` among ``n0`` effective traces stands for: (x0 + 1/2) / (n0 + 1)."""
    return (x0 + 0.5) / (n0 + 1.0)


def effective_read(kinds: Sequence[Kind]) -> float:
    """Return the effective size of a week: p(1-p) over the variance that its design has at the baseline's rates.

    Without the correction for finite strata: it is the process that is watched, not the traces of one week.
    """
    p = sum(kind.share * kind.rate for kind in kinds)
    variance = sum(kind.share**2 * kind.rate * (1.0 - kind.rate) / kind.read for kind in kinds)
    return min(p * (1.0 - p) / variance, MOST_EFFECTIVE * sum(kind.read for kind in kinds))


def cusum_step(x: Value, n: float, p0: float) -> Value:
    """Return what ``x`` of ``n`` traces add to a sum: the log likelihood ratio of twice the rate p0 against p0.

    The sum is S = max(0, S + step) (Page 1954; Reynolds & Stoumbos 1999).
    """
    # Twice a rate above a half is no rate; half way to certainty is the same kind of step.
    p1 = min(2.0 * p0, max(CERTAIN, (1.0 + p0) / 2.0))
    return x * math.log(p1 / p0) + (n - x) * math.log((1.0 - p1) / (1.0 - p0))


class Thresholds(NamedTuple):
    """The sums above which a mode is on ALERT: that of the estimate, and that of the kinds (None with one kind)."""

    estimate: float
    kinds: float | None

    def passed(self, estimate: float, kinds: float) -> bool:
        """Return whether the sums pass.

        The sum of the kinds hears a rise early where the flags point at it. It also rises when the flags alone have
        changed, so that it counts only while the estimate speaks for a rise too.
        """
        early = self.kinds is not None and kinds > self.kinds and estimate > self.estimate * SPEAKS_FOR
        return estimate > self.estimate or early


class Calibration:
    """Thresholds by what they are for: ``known`` ones need no simulation, ``used`` holds all that were asked for.

    A threshold that was kept under another ``RULE`` must not be handed in.
    """

    def __init__(self, known: Mapping[str, tuple[float, float | None]] | None = None) -> None:
        self._known = known or {}
        self.used: dict[str, Thresholds] = {}

    def thresholds(self, kinds: Sequence[Kind], weeks: int, cv: float, modes: int) -> Thresholds:
        """Return what ``thresholds`` returns, simulated only where it is not known."""
        asked = _asked(kinds, weeks, cv, modes)
        parts = ";".join(f"{kind.read},{kind.share},{kind.counted},{kind.looked_at}" for kind in asked[0])
        key = f"{parts}|{asked[1]},{asked[2]},{asked[3]}"
        if key not in self.used:
            self.used[key] = Thresholds(*self._known[key]) if key in self._known else _simulated(*asked)
        return self.used[key]


def thresholds(kinds: Sequence[Kind], weeks: int, cv: float, modes: int) -> Thresholds:
    """Return the sums above which a mode is on ALERT, after a baseline of some ``weeks``, watched among ``modes``.

    They are quantiles of the highest sum in ``MONITORED_WEEKS``, at 1 - ``FALSE_ALARMS`` / modes, which two sums share
    equally. Simulated with the true rate of each kind drawn from Beta(counted + 1/2, looked at - counted + 1/2), so
    that the doubt about the baseline is in, and with weekly rates that vary by the coefficient of variation ``cv``:
    those of the baseline did too, so that their mean lies off the rate by cv / √weeks of it. Results are kept in memory;
    counts are rounded to a fine grid first, so that few simulations serve many baselines.
    """
    return _simulated(*_asked(kinds, weeks, cv, modes))


def _asked(kinds: Sequence[Kind], weeks: int, cv: float, modes: int) -> tuple[tuple[Kind, ...], int, int, int]:
    """Return what a simulation is of, rounded."""
    rounded = tuple(kind._replace(share=round(kind.share, 2), counted=_on_grid(kind.counted)) for kind in kinds)
    return rounded, weeks, _steps_up(cv), max(1, modes)


def _steps_up(cv: float) -> int:
    """Return a variation in whole steps, rounded up: eight weeks tell little of it, and too little makes false alarms."""
    return math.ceil(cv / _CV_STEP)


def _on_grid(value: int) -> int:
    """Return a whole number near another: the same when small, at most 3 % off when large."""
    if value <= _STEPS_A_DOUBLING:
        return value
    return int(0.5 + math.exp2(round(math.log2(value) * _STEPS_A_DOUBLING) / _STEPS_A_DOUBLING))


@lru_cache(maxsize=20_000)
def _simulated(kinds: tuple[Kind, ...], weeks: int, cv_steps: int, modes: int) -> Thresholds:
    random = np.random.default_rng(SEED)
    cv = cv_steps * _CV_STEP
    rates = [random.beta(kind.counted + 0.5, max(kind.looked_at - kind.counted, 0) + 0.5, RUNS) for kind in kinds]
    if cv:
        level_before = random.gamma(weeks / cv**2, cv**2 / weeks, RUNS)
        rates = [rate / level_before for rate in rates]
    n = effective_read(kinds)
    x0 = weeks * n * sum(kind.share * kind.counted / kind.looked_at for kind in kinds)
    p0 = baseline_rate(x0, weeks * n)
    totals, highest = np.zeros((2, RUNS)), np.zeros((2, RUNS))
    for _ in range(MONITORED_WEEKS):
        level = random.gamma(1.0 / cv**2, cv**2, RUNS) if cv else np.ones(RUNS)
        estimate, steps = np.zeros(RUNS), np.zeros(RUNS)
        for kind, rate in zip(kinds, rates, strict=True):
            seen = random.binomial(kind.read, np.minimum(rate * level, 1.0)).astype(float)
            estimate += kind.share / kind.read * seen
            steps += cusum_step(seen, kind.read, kind.rate)
        totals = np.maximum(0.0, totals + np.stack((cusum_step(n * estimate, n, p0), steps)))
        np.maximum(highest, totals, out=highest)
    share = FALSE_ALARMS / modes / min(len(kinds), 2)
    first, second = (float(np.quantile(one, 1.0 - share, method="higher")) for one in highest)
    return Thresholds(first, second if len(kinds) > 1 else None)


def spike_chance(rate: float, kinds: Sequence[Kind], weeks: int, cv: float = 0.0) -> float:
    """Return the mid-p chance of a week's estimate of ``rate`` or more, where nothing has changed since the baseline.

    P(X > x) + P(X = x) / 2, where X is the sum over the kinds of share times a beta-binomial rate, predicted from the
    baseline of some ``weeks`` with Jeffreys' prior. Variation between weeks by ``cv``, rounded up as for the thresholds,
    adds (p * cv)² to its variance for the week itself, and a part of that for each week of the baseline.
    """
    doubt = _steps_up(cv) * _CV_STEP * math.sqrt(1.0 + 1.0 / weeks)
    means = [kind.share * kind.rate for kind in kinds]
    # Weeks vary together, so that each kind has to take more than its own part of the variance.
    together = sum(means) / math.sqrt(sum(mean**2 for mean in means))
    values, chances = np.zeros(1), np.ones(1)
    for kind in kinds:
        found = _predicted(kind, doubt * together)
        values = np.add.outer(values, kind.share / kind.read * np.arange(len(found))).ravel()
        chances = np.multiply.outer(chances, found).ravel()
    # With one kind the estimate is whole traces; else the nearest step of the lightest.
    width = min(kind.share / kind.read for kind in kinds) / 2.0
    above, equal = values > rate + width, np.abs(values - rate) <= width
    return float(np.clip(1.0 - chances[~above].sum() + chances[equal].sum() / 2.0, 0.0, 1.0))


def _predicted(kind: Kind, cv: float) -> Numbers:
    """Return the chances of 0, 1, 2 ... traces with the mode in a week: beta-binomial, cut where they vanish."""
    a, b = kind.counted + 0.5, max(kind.looked_at - kind.counted, 0) + 0.5
    if cv:
        p = a / (a + b)
        variance = p * (1.0 - p) / (a + b + 1.0) + (p * cv) ** 2
        strength = max(p * (1.0 - p) / variance - 1.0, 0.5)
        a, b = p * strength, (1.0 - p) * strength
    k = np.arange(kind.read + 1, dtype=float)
    ways = gammaln(kind.read + 1.0) - gammaln(k + 1.0) - gammaln(kind.read - k + 1.0)
    chances = np.exp(ways + betaln(k + a, kind.read - k + b) - betaln(a, b))
    return np.asarray(chances[: int(np.flatnonzero(chances > _NEGLIGIBLE)[-1]) + 1])


def rejected(chances: Numbers, q: float) -> NDArray[np.bool_]:
    """Return which chances stand out among all, with a false discovery rate of at most ``q``.

    The step-up procedure of Benjamini & Hochberg (1995).
    """
    m = len(chances)
    order = np.argsort(chances, kind="stable")
    below = np.flatnonzero(chances[order] <= q * np.arange(1, m + 1) / max(m, 1))
    found = np.zeros(m, dtype=bool)
    if len(below):
        found[order[: below[-1] + 1]] = True
    return found
