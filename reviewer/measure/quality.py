"""Quality scores: the mean of each score over the weeks, estimated for the traffic from the reviewed sample."""

import math
from collections.abc import Sequence

import numpy as np
import pandas as pd

from reviewer.measure.intervals import student
from reviewer.measure.ratio import Pairs, stratified_mean
from reviewer.measure.reading import COUNTED_PURPOSES
from reviewer.model import columns
from reviewer.model.number import Basis, Number, Unit
from reviewer.model.taxonomy import ScoreScale

LEAST_SCORES = 10
"""Below this a mean has an interval that says nothing."""


class Scored:
    """The reviewed traces of each week by stratum, with the scores they were given."""

    def __init__(self, items: pd.DataFrame, sizes: pd.DataFrame | None = None) -> None:
        """Keep the "items" table; ``sizes`` (``columns.SIZE`` by week and stratum) are those of a segment."""
        counted = items[columns.PURPOSE].isin(COUNTED_PURPOSES) & (items[columns.REVIEWED] == True)  # noqa: E712
        keys = [columns.WEEK, columns.STRATUM]
        self._known = None if sizes is None else sizes.groupby(keys)[columns.SIZE].sum().to_dict()
        self._read: dict[str, dict[str, tuple[int | None, list[dict[str, float]]]]] = {}
        self._counted = items.loc[counted, [columns.WEEK, columns.TRACE, columns.SCORES]]
        for week, label, size, scores in items.loc[counted, [*keys, columns.N_H, columns.SCORES]].itertuples(
            index=False, name=None
        ):
            held = self._known.get((week, label)) if self._known is not None else size
            _, given = self._read.setdefault(week, {}).setdefault(label, (None if pd.isna(held) else int(held), []))
            given.append(scores)

    def mean(self, weeks: Sequence[str], score: ScoreScale) -> Number:
        """Return the mean of a score in the traffic of some weeks, of traces that would be given one.

        A ratio of two stratified means, the scores over how many were given, with the interval of Student's t
        (Cochran 1977, chapter 6). Without a design, or with fewer than ``LEAST_SCORES``, there is no value.
        """
        strata = [found for week in weeks for found in self._read.get(week, {}).values()]
        pairs = [_pairs(size or 0, given, score.id) for size, given in strata]
        n = int(sum(pair.below.sum() for pair in pairs))
        if any(size is None for size, _ in strata):
            return Number(None, Basis.REVIEWED, Unit.SCORE, n=n)
        whole = sum(pair.size for pair in pairs)
        if n < LEAST_SCORES:
            return Number(None, Basis.ESTIMATE, Unit.SCORE, n=n, population=whole)
        given = stratified_mean(pairs, [pair.below for pair in pairs])[0]
        value = stratified_mean(pairs, [pair.above for pair in pairs])[0] / given
        variance = stratified_mean(pairs, [pair.above - value * pair.below for pair in pairs])[1] / given**2
        reach = student(max(1, n - len(pairs))) * math.sqrt(variance)
        low, high = max(float(score.low), value - reach), min(float(score.high), value + reach)
        return Number(value, Basis.ESTIMATE, Unit.SCORE, low=low, high=high, n=n, population=whole)

    def lowest(self, weeks: Sequence[str], score: ScoreScale) -> tuple[str, ...]:
        """Return the tenth of the traces with the lowest scores, the lowest first; one at least."""
        own = self._counted[self._counted[columns.WEEK].isin(weeks)]
        given = own[columns.SCORES].map(lambda scores: scores.get(score.id)).dropna().sort_values(kind="stable")
        return tuple(own.loc[given.index[: max(1, len(given) // 10)], columns.TRACE]) if len(given) else ()

    def share_given(self, weeks: Sequence[str], score: ScoreScale) -> float | None:
        """Return the share of the traffic of some weeks that would be given a score; None where nothing was read."""
        strata = [found for week in weeks for found in self._read.get(week, {}).values()]
        pairs = [_pairs(size or 0, given, score.id) for size, given in strata]
        return stratified_mean(pairs, [pair.below for pair in pairs])[0] if pairs else None


def _pairs(size: int, given: Sequence[dict[str, float]], score: str) -> Pairs:
    return Pairs(
        max(size, len(given)),
        np.array([float(scores.get(score, 0.0)) for scores in given]),
        np.array([float(score in scores) for scores in given]),
    )
