"""How far several readers agree: raw and positive agreement, kappa, Krippendorff's alpha and Gwet's AC1.

All of them are made from one table: how many readers gave each value to each unit. A bootstrap repeats them with the
units weighted, so that no number is looked at twice.
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from reviewer.measure.intervals import TAIL, Interval

Numbers = NDArray[np.float64]
Level = Literal["nominal", "ordinal", "interval", "sets"]

REPEATS = 1000
SEED = 20_261_124
LEAST_REPEATS = 100
MOST_CELLS = 20_000_000
BATCH = 64
LEAST_DEFINED = 0.5
"""A bootstrap of which fewer repeats than this share have a value gives no interval."""


@dataclass(frozen=True, slots=True)
class Ratings:
    """What several readers said of units.

    ``values`` holds the distinct values in ascending order (of sets, frozensets); ``counts`` how many readers gave
    each of them to each unit, shape (units, values).
    """

    values: tuple[Hashable, ...]
    counts: Numbers

    @property
    def per_unit(self) -> Numbers:
        """Return how many readers judged each unit."""
        found: Numbers = self.counts.sum(axis=1)
        return found


def ratings(units: Sequence[Sequence[Hashable]]) -> Ratings:
    """Return the table of the values that each unit was given; who gave them does not matter, and some may lack."""
    values = sorted({value for unit in units for value in unit}, key=_order)
    place = {value: i for i, value in enumerate(values)}
    counts = np.zeros((len(units), len(values)))
    rows = [i for i, unit in enumerate(units) for _ in unit]
    np.add.at(counts, (rows, [place[value] for unit in units for value in unit]), 1.0)
    return Ratings(tuple(values), counts)


def _order(value: Hashable) -> tuple[object, ...]:
    if isinstance(value, frozenset):
        return (2, sorted(map(str, value)))
    return (0, value) if isinstance(value, (int, float)) else (1, str(value))


def alpha(given: Ratings, level: Level, weights: Numbers | None = None) -> Numbers:
    """Return Krippendorff's alpha, 1 - Do/De, once for each row of ``weights`` (2011, Computing Alpha-Reliability).

    Units with fewer than two values are left out. Not a number where all values are the same.

    Args:
        given: the values; for ``ordinal`` and ``interval`` they must be numbers.
        level: how far two values lie apart. Sets by MASI (Passonneau 2006).
        weights: how often each unit counts, shape (repeats, units); all once where it is None.
    """
    paired = given.per_unit >= 2
    counts = given.counts[paired]
    weighed = np.ones((1, len(counts))) if weights is None else weights[:, paired]
    if not len(counts):
        return np.full(len(weighed), np.nan)
    match level:
        case "nominal":
            return _by_distance(counts, weighed, 1.0 - np.eye(counts.shape[1]))
        case "sets":
            return _by_distance(counts, weighed, masi_distances(given.values))
        case "interval":
            places = np.array([float(str(value)) for value in given.values])
            return _by_moments(counts, weighed, np.broadcast_to(places - places.mean(), (len(weighed), len(places))))
        case "ordinal":
            marginal = weighed @ counts
            # Values lie as far apart as their mean ranks: the sum of the margins between them, with half of their own.
            return _by_moments(counts, weighed, marginal.cumsum(axis=1) - marginal / 2)


def _by_distance(counts: Numbers, weights: Numbers, distances: Numbers) -> Numbers:
    """Return alpha from the squared distances of all pairs of values, shape (values, values)."""
    per_unit = counts.sum(axis=1)
    observed = weights @ (((counts @ distances) * counts).sum(axis=1) / (per_unit - 1))
    marginal = weights @ counts
    total = marginal.sum(axis=1)
    expected = ((marginal @ distances) * marginal).sum(axis=1)
    return _one_minus(observed * (total - 1), expected)


def _by_moments(counts: Numbers, weights: Numbers, places: Numbers) -> Numbers:
    """Return alpha where the distance is the squared difference of places, which may differ from repeat to repeat."""
    per_unit = counts.sum(axis=1)
    found = np.empty(len(weights))
    for start in range(0, len(weights), BATCH):
        w, place = weights[start : start + BATCH], places[start : start + BATCH]
        sums, squares = place @ counts.T, place**2 @ counts.T
        observed = (w * (2 * (per_unit * squares - sums**2) / (per_unit - 1))).sum(axis=1)
        total, all_sums, all_squares = w @ per_unit, (w * sums).sum(axis=1), (w * squares).sum(axis=1)
        expected = 2 * (total * all_squares - all_sums**2)
        found[start : start + BATCH] = _one_minus(observed * (total - 1), expected)
    return found


def _one_minus(above: Numbers, below: Numbers) -> Numbers:
    """Return 1 - above/below; not a number where nothing differs."""
    known = below > 1e-12 * np.maximum(1.0, np.abs(above))
    return np.where(known, 1.0 - above / np.where(known, below, 1.0), np.nan)


def masi_distances(sets: Sequence[Hashable]) -> Numbers:
    """Return 1 - MASI of each pair of sets (Passonneau 2006): Jaccard's index times 1, 2/3, 1/3 or 0.

    1 for equal sets, 2/3 where one holds the other, 1/3 where they overlap, 0 where they do not. Two empty sets are
    equal. Alpha takes these distances as they are.
    """
    names = sorted({name for one in sets if isinstance(one, frozenset) for name in one}, key=str)
    place = {name: i for i, name in enumerate(names)}
    held = np.zeros((len(sets), len(names)))
    for i, one in enumerate(sets):
        if isinstance(one, frozenset):
            held[i, [place[name] for name in one]] = 1.0
    size = held.sum(axis=1)
    shared = held @ held.T
    union = size[:, None] + size[None, :] - shared
    jaccard = np.divide(shared, union, out=np.ones_like(shared), where=union > 0)
    smaller, larger = np.minimum(size[:, None], size[None, :]), np.maximum(size[:, None], size[None, :])
    monotone = np.select([larger == shared, (smaller == shared) & (smaller > 0), shared > 0], [1.0, 2 / 3, 1 / 3], 0.0)
    distances: Numbers = 1.0 - jaccard * monotone
    return distances


def raw_agreement(given: Ratings, weights: Numbers | None = None) -> Numbers:
    """Return the share of pairs of readers of the same unit who said the same, averaged over units."""
    agreeing, paired = _agreeing(given)
    weighed = np.ones((1, len(agreeing))) if weights is None else weights[:, paired]
    return _divided(weighed @ agreeing, weighed.sum(axis=1))


def _agreeing(given: Ratings) -> tuple[Numbers, NDArray[np.bool_]]:
    """Return the share of agreeing pairs of each unit with two or more values, and which units these are."""
    paired = given.per_unit >= 2
    counts, per_unit = given.counts[paired], given.per_unit[paired]
    return (counts * (counts - 1)).sum(axis=1) / (per_unit * (per_unit - 1)), paired


def positive_agreement(given: Ratings, value: Hashable, weights: Numbers | None = None) -> Numbers:
    """Return how often a second reader says ``value`` too where a first one does: 2a / (2a + b + c) of two readers."""
    paired = given.per_unit >= 2
    weighed = np.ones((1, int(paired.sum()))) if weights is None else weights[:, paired]
    if value not in given.values:
        return np.full(len(weighed), np.nan)
    said = given.counts[paired, given.values.index(value)]
    # Each reader's word is held against every other reader of the unit, and each unit counts once a reader.
    others = given.per_unit[paired] - 1
    return _divided(weighed @ (said * (said - 1) / others), weighed @ said)


def ac1(given: Ratings, weights: Numbers | None = None) -> Numbers:
    """Return Gwet's AC1 (2008, British Journal of Mathematical and Statistical Psychology 61:29).

    Chance agreement is the sum of pi (1 - pi) over the k values, divided by k - 1, with pi the mean share of a value
    over all units. Not a number with a single value.
    """
    per_unit = given.per_unit
    judged = per_unit > 0
    weighed = np.ones((1, len(per_unit))) if weights is None else weights
    shares = given.counts[judged] / per_unit[judged, None]
    typical = _divided(weighed[:, judged] @ shares, weighed[:, judged].sum(axis=1)[:, None])
    values = len(given.values)
    if values < 2:
        return np.full(len(weighed), np.nan)
    chance = (typical * (1 - typical)).sum(axis=1) / (values - 1)
    return _divided(raw_agreement(given, weights) - chance, 1 - chance)


def fleiss(given: Ratings, weights: Numbers | None = None) -> Numbers:
    """Return Fleiss' kappa (1971, Psychological Bulletin 76:378) of the units that the most readers judged."""
    full = given.per_unit == given.per_unit.max(initial=0.0)
    if given.per_unit.max(initial=0.0) < 2:
        return np.full(1 if weights is None else len(weights), np.nan)
    whole = Ratings(given.values, given.counts[full])
    weighed = np.ones((1, int(full.sum()))) if weights is None else weights[:, full]
    margins = _divided(weighed @ whole.counts, (weighed @ whole.per_unit)[:, None])
    chance = (margins**2).sum(axis=1)
    return _divided(raw_agreement(whole, weighed) - chance, 1 - chance)


def cohen(first: Sequence[Hashable], second: Sequence[Hashable], weights: Numbers | None = None) -> Numbers:
    """Return Cohen's kappa (1960) of two readers who judged the same units, once for each row of ``weights``.

    Not a number where both give one and the same value throughout.
    """
    place = {value: i for i, value in enumerate(sorted({*first, *second}, key=_order))}
    by_first, by_second = (_one_hot([place[value] for value in said], len(place)) for said in (first, second))
    weighed = np.ones((1, len(first))) if weights is None else weights
    total = weighed.sum(axis=1)
    seen = _divided(weighed @ (by_first * by_second).sum(axis=1), total)
    chance = _divided(((weighed @ by_first) * (weighed @ by_second)).sum(axis=1), total**2)
    return _divided(seen - chance, 1 - chance)


def _one_hot(places: Sequence[int], size: int) -> Numbers:
    return np.eye(size)[np.array(places, dtype=np.intp)]


def _divided(above: Numbers, below: Numbers) -> Numbers:
    known = np.broadcast_to(np.abs(below) > 1e-12, np.broadcast_shapes(above.shape, below.shape))
    return np.where(known, above / np.where(np.abs(below) > 1e-12, below, 1.0), np.nan)


def resampled(units: int, repeats: int = REPEATS, seed: int = SEED) -> Numbers:
    """Return how often each unit is drawn when as many are drawn with replacement, shape (repeats, units).

    Of very many units there are fewer repeats, so that the table stays below ``MOST_CELLS``.
    """
    repeats = min(repeats, max(MOST_CELLS // max(units, 1), LEAST_REPEATS))
    drawn = np.random.default_rng(seed).integers(0, max(units, 1), size=(repeats, units))
    drawn += np.arange(repeats)[:, None] * units
    return np.bincount(drawn.ravel(), minlength=repeats * units).reshape(repeats, units).astype(np.float64)


def percentiles(repeats: Numbers) -> Interval | None:
    """Return the percentile interval of a bootstrap; None where too many of its repeats have no value."""
    known = repeats[~np.isnan(repeats)]
    if len(known) < LEAST_DEFINED * len(repeats) or not len(known):
        return None
    low, high = np.quantile(known, (TAIL, 1.0 - TAIL))
    return Interval(float(low), float(high))
