"""Where the weeks of a rate would lie by chance: the limits of a p-chart, and a smoothed line. For the eye alone.

No alert follows from them: with eight weeks of baseline the limits raise several false alarms a quarter, and the
smoothed line more (``alerts`` has the rules that are calibrated).
"""

import math
from collections.abc import Sequence

from reviewer.model.number import Point
from reviewer.model.trend import Control, Usual

SIGMAS = 3.0
SMOOTHING = 0.2
LEAST_WEEKS = 4


def control(weekly: Sequence[Point]) -> Control | None:
    """Return the limits and the smoothed line of the closed weeks; None where fewer than four have a rate.

    Limits are p ± 3 √(p (1 - p) / n) with the mean rate p of all these weeks, each weighing as much as its effective
    sample, and the effective sample n of the week (Shewhart 1931; Montgomery 2013, section 7.3). The line is
    0.2 x + 0.8 of the line before, and begins at p (Roberts 1959).
    """
    weeks = [
        (point.period, value, n)
        for point in weekly
        if (value := point.number.value) is not None and (n := _size(point))
    ]
    if len(weeks) < LEAST_WEEKS:
        return None
    mean = sum(value * n for _, value, n in weeks) / sum(n for _, _, n in weeks)
    found, smooth = [], mean
    for period, value, n in weeks:
        reach = SIGMAS * math.sqrt(mean * (1.0 - mean) / n)
        smooth = SMOOTHING * value + (1.0 - SMOOTHING) * smooth
        found.append(Usual(period, max(0.0, mean - reach), min(1.0, mean + reach), smooth))
    return Control(mean, tuple(found))


def _size(point: Point) -> float:
    return 0.0 if point.is_open else point.number.n_eff or float(point.number.n)
