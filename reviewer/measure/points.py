"""What stands behind one point of a trend: where the mode shows, and what moved its rate since the period before."""

from collections.abc import Collection, Mapping, Sequence

import pandas as pd

from reviewer.measure.changes import on_old_mix, rate_change, score_change
from reviewer.measure.domains import NO_SEGMENT, weeks_by_segment
from reviewer.measure.quality import Scored
from reviewer.measure.reading import rate, versions_without
from reviewer.model import columns
from reviewer.model.ids import ModeId
from reviewer.model.number import Number
from reviewer.model.taxonomy import ScoreScale, Taxonomy
from reviewer.model.trend import Behind, Spot
from reviewer.model.week import Segment


def behind(
    items: pd.DataFrame,
    sizes: pd.DataFrame,
    now: Sequence[str],
    past: Sequence[str],
    by: Segment,
    mode: ModeId | None,
    taxonomy: Taxonomy,
    earlier: Mapping[int, Taxonomy],
    within: tuple[Segment, str | None] | None = None,
) -> Behind:
    """Return the rate of a failure mode in each segment at a point, and its change since the period before, split.

    Args:
        items: the "items" table of the whole traffic.
        sizes: the "sizes" table of all these weeks by ``by``, and by the segment of ``within`` where there is one.
        now: names of the weeks of the point.
        past: names of the weeks of the period before; empty where there is none.
        by: the segment to split by.
        mode: the failure mode, or None for the verdict *fail*.
        taxonomy: the present taxonomy.
        earlier: other versions of it by number.
        within: a segment and its value to stay within; another than ``by``.
    """
    if within is not None:
        items, sizes = (_of_value(table, *within) for table in (items, sizes))
    sizes = sizes.groupby([columns.WEEK, columns.STRATUM, by], dropna=False)[columns.SIZE].sum().reset_index()
    without = versions_without(mode, taxonomy, earlier) if mode else frozenset[int]()
    split = rate_change(items, sizes, set(past), set(now), (by,), mode, without) if past else None
    spots = _spots(items, sizes, set(now), by, mode, without)
    return Behind(by, tuple(past), spots, split, on_old_mix(split) if split else None)


def behind_score(
    items: pd.DataFrame,
    sizes: pd.DataFrame,
    now: Sequence[str],
    past: Sequence[str],
    by: Segment,
    score: ScoreScale,
    within: tuple[Segment, str | None] | None = None,
) -> Behind:
    """Return the mean of a quality score in each segment at a point, and its change since the period before, split.

    The arguments are those of ``behind``, with the score in place of the mode.
    """
    if within is not None:
        items, sizes = (_of_value(table, *within) for table in (items, sizes))
    sizes = sizes.groupby([columns.WEEK, columns.STRATUM, by], dropna=False)[columns.SIZE].sum().reset_index()
    split = score_change(items, sizes, set(past), set(now), (by,), score) if past else None
    spots = []
    for value in dict.fromkeys(None if pd.isna(one) else str(one) for one in sizes[by]):
        number = Scored(_of_value(items, by, value), _of_value(sizes, by, value)).mean(now, score)
        if number.n:
            spots.append(Spot(value, number))
    spots.sort(key=_most_first)
    return Behind(by, tuple(past), tuple(spots), split, on_old_mix(split) if split else None)


def _of_value(table: pd.DataFrame, by: Segment, value: str | None) -> pd.DataFrame:
    return table[table[by].isna() if value is None else table[by] == value]


def _spots(
    items: pd.DataFrame,
    sizes: pd.DataFrame,
    now: Collection[str],
    by: Segment,
    mode: ModeId | None,
    without: frozenset[int],
) -> tuple[Spot, ...]:
    """Return the segments of which anything was reviewed, those with the most traces that carry the mode first."""
    found = []
    for label, weeks in weeks_by_segment(items, sizes, [by]).items():
        number = rate([week for week in weeks if week.name in now], mode, without)
        if number.n:
            found.append(Spot(None if label == NO_SEGMENT else label, number))
    return tuple(sorted(found, key=_most_first))


def _most_first(spot: Spot) -> tuple[int, int, str]:
    number: Number = spot.number
    return -(number.count or 0), -number.n, spot.value or ""
