"""Saturation: whether reading more traces would find failure modes that nobody has seen yet."""

from collections import Counter
from collections.abc import Iterable

import pandas as pd

from reviewer.measure.reading import COUNTED_PURPOSES
from reviewer.model import columns
from reviewer.model.trend import Discovery, Saturation

QUIET = 20
"""Traces in a row without a new mode after which reviewers commonly stop looking; the coverage has to agree."""

ENOUGH = 0.95


def coverage(occurrences: int, once: int, twice: int, units: int | None = None) -> float:
    """Return the estimated share of all occurrences that belong to kinds already seen.

    C = 1 - f1/n * (m-1)f1 / ((m-1)f1 + 2 f2), where f1 and f2 kinds were seen once and twice, n are the occurrences
    and m the ``units`` looked at: the occurrences themselves, or traces where one trace can show several kinds (Good
    1953; Chao & Jost 2012, Ecology 93:2533).
    """
    if not occurrences:
        return 0.0
    rest = max((occurrences if units is None else units) - 1, 0)
    if not once:
        return 1.0
    # Without a kind seen twice the bias-corrected form: f2 is 0 and f1 loses one.
    return 1.0 - once / occurrences * (
        rest * once / (rest * once + 2 * twice) if twice else rest * (once - 1) / (rest * (once - 1) + 2)
    )


def least_kinds(units: int, seen: int, once: int, twice: int) -> float:
    """Return a lower bound of how many kinds there are, seen or not (Chao2; with occurrences as units, Chao1).

    S + (m-1)/m * f1²/(2 f2), and S + (m-1)/m * f1(f1-1)/2 where no kind was seen twice (Chao 1984, 1987).
    """
    if not units:
        return float(seen)
    unseen = once**2 / (2 * twice) if twice else once * (once - 1) / 2
    return seen + (units - 1) / units * unseen


def saturation(items: pd.DataFrame) -> Saturation:
    """Return the saturation of the "items" table: its reviewed traces of the probability sample, in order of reading.

    Rows stand by week, and within a week in the order of the draw, so that any beginning of them is a sample too.
    """
    counted = items[columns.PURPOSE].isin(COUNTED_PURPOSES) & (items[columns.REVIEWED] == True)  # noqa: E712
    return of_readings(items.loc[counted, columns.MODES])


def of_readings(readings: Iterable[tuple[str, ...]]) -> Saturation:
    """Return the saturation from the failure modes of each trace, in order of reading."""
    times: Counter[str] = Counter()
    curve, read, last = [Discovery(0, 0)], 0, 0
    for modes in readings:
        read += 1
        found = any(mode not in times for mode in modes)
        times.update(modes)
        if found:
            last = read
            curve.append(Discovery(read, len(times)))
    if read > last:
        curve.append(Discovery(read, len(times)))
    once, twice = (sum(n == seen for n in times.values()) for seen in (1, 2))
    covered = coverage(times.total(), once, twice, read) if times else None
    return Saturation(
        read=read,
        failures=times.total(),
        seen=len(times),
        coverage=covered,
        at_least=least_kinds(read, len(times), once, twice),
        since_last=read - last,
        enough=covered is not None and covered >= ENOUGH and read - last >= QUIET,
        curve=tuple(curve),
    )
