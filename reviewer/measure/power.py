"""What a sample of a size can tell: its limits at a rate, and the chance that the alert rules find a doubling.

The simulation has a fixed seed, so that the same plan has the same chances everywhere.
"""

from bisect import bisect_left
from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from reviewer.measure.alerts import ALERT_Q, BASELINE_WEEKS
from reviewer.measure.calibration import Kind, Numbers, baseline_rate, cusum_step, spike_chance, thresholds
from reviewer.measure.intervals import beta_limits
from reviewer.measure.planning import RATE

WEEKS = 4
"""A doubling counts as found when it is an ALERT within this many weeks."""

RUNS = 20_000
SEED = 20260427
_BASELINES = 3
_OUTER = 0.02


def limits_at(effective: float) -> tuple[float, float]:
    """Return the 95 % limits of a rate that is seen at 10 % in a sample of an effective size."""
    found = beta_limits(RATE, effective)
    return found.low, found.high


@lru_cache(maxsize=1000)
def doubling_found(rate: float, effective: float, modes: int) -> float:
    """Return the chance that a rate which doubles is an ALERT within four weeks.

    ``effective`` is the effective size of each week, before and after; ``modes`` the number of failure modes watched
    together. Eight weeks at ``rate`` are the baseline; the CUSUM begins at 0 with the first doubled week, so that a
    sum which had risen by chance before would make it sooner. A spike counts where it would stand alone among the
    modes. Simulated (20,000 runs: the standard error is 0.004 at most).
    """
    n = max(1, round(effective))
    random = np.random.default_rng(SEED)
    n0 = n * BASELINE_WEEKS
    x0 = random.binomial(n0, rate, RUNS).astype(float)
    x = random.binomial(n, min(2 * rate, 1.0), (WEEKS, RUNS)).astype(float)
    known = np.unique(np.quantile(x0, np.linspace(_OUTER, 1.0 - _OUTER, _BASELINES)).round())
    baselines = [[Kind(n, 1.0, int(at), n0)] for at in known]
    highest = np.interp(x0, known, [thresholds(one, BASELINE_WEEKS, 0.0, modes).estimate for one in baselines])
    spikes = np.interp(x0, known, [_least_spike(one, n, modes) for one in baselines])
    total, found = np.zeros(RUNS), np.zeros(RUNS, dtype=bool)
    steps = _steps(x, n, x0, n0)
    for week in range(WEEKS):
        total = np.maximum(0.0, total + steps[week])
        found |= (total > highest) | (x[week] >= spikes)
    return float(found.mean())


def _steps(x: Numbers, n: int, x0: Numbers, n0: int) -> Numbers:
    """Return what each week adds to the sum of its run; runs with one baseline share a step."""
    steps = np.empty_like(x)
    for at in np.unique(x0):
        runs = x0 == at
        steps[:, runs] = cusum_step(x[:, runs], float(n), baseline_rate(float(at), n0))
    return steps


def _least_spike(baseline: Sequence[Kind], n: int, modes: int) -> int:
    """Return the smallest number of ``n`` traces that is a spike by itself; n + 1 where none is."""
    return bisect_left(
        range(n + 1), True, key=lambda x: spike_chance(x / n, baseline, BASELINE_WEEKS) <= ALERT_Q / modes
    )
