"""The reviewed sample behind a scorecard: the weeks of a period and of the one before, of the whole or one segment."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from reviewer.measure.domains import NO_SEGMENT, weeks_by_segment
from reviewer.measure.reading import WeekRead, rate, weeks_read
from reviewer.model import columns
from reviewer.model.ids import ModeId
from reviewer.model.number import Row
from reviewer.model.taxonomy import Mode, Taxonomy
from reviewer.model.week import Week

ANY_OF = ModeId("any of several")


@dataclass(frozen=True, slots=True)
class Sample:
    """What was read. ``now`` and ``past`` are weeks, the earliest first; ``past`` is empty where there are none.

    ``items`` and ``sizes`` (None where nobody needs segments) are the tables of ``model.columns``; of one segment only
    where the sample is, with the sizes of its strata then.
    """

    items: pd.DataFrame
    sizes: pd.DataFrame | None
    now: tuple[WeekRead, ...]
    past: tuple[WeekRead, ...]

    @property
    def drawn(self) -> int:
        """Return how many items of the period were drawn."""
        return sum(week.drawn for week in self.now)

    @property
    def read(self) -> int:
        """Return how many items of the period were reviewed."""
        return sum(week.read for week in self.now)

    def sizes_by(self, by: Sequence[str]) -> pd.DataFrame | None:
        """Return the sizes of strata within some segments alone; None where they are not known."""
        if self.sizes is None:
            return None
        return self.sizes.groupby([columns.WEEK, columns.STRATUM, *by], dropna=False)[columns.SIZE].sum().reset_index()


def sample_of(
    items: pd.DataFrame,
    week: Week,
    weeks: int = 1,
    sizes: pd.DataFrame | None = None,
    by: str = "",
    value: str | None = None,
) -> Sample:
    """Return the sample of as many weeks as asked, ending with one, and of as many before.

    Args:
        items: the "items" table; weeks that begin later are left out.
        week: the last week of the period.
        weeks: how many weeks the period pools.
        sizes: the "sizes" table by all segments, needed for a segment and for splits.
        by: the segment to stay within, empty for the whole.
        value: its value, None for traces that do not say.
    """
    known = [one for one in weeks_read(items) if (one.start_us, one.name) <= (week.start_us, str(week.name))]
    now, past = known[-weeks:], known[-2 * weeks : -weeks]
    if not now or now[-1].name != week.name:
        now, past = [], known[-weeks:]
    if not by or sizes is None:
        return Sample(items, sizes, tuple(now), tuple(past))
    names = {one.name for one in now}, {one.name for one in past}
    own, inside = _of_value(items, by, value), _of_value(sizes, by, value)
    whole = Sample(own, inside, (), ())
    label = NO_SEGMENT if value is None else value
    found = weeks_by_segment(items, whole.sizes_by([by]), [by]).get(label, []) if len(inside) else []  # type: ignore[arg-type]
    return Sample(
        _with_sizes(own, inside),
        inside,
        tuple(one for one in found if one.name in names[0]),
        tuple(one for one in found if one.name in names[1]),
    )


def _of_value(table: pd.DataFrame, by: str, value: str | None) -> pd.DataFrame:
    return table[table[by].isna() if value is None else table[by] == value]


def _with_sizes(items: pd.DataFrame, sizes: pd.DataFrame) -> pd.DataFrame:
    """Return the items of a segment with how many traces of it their stratum holds."""
    held = sizes.groupby([columns.WEEK, columns.STRATUM])[columns.SIZE].sum()
    keys = pd.MultiIndex.from_frame(items[[columns.WEEK, columns.STRATUM]])
    return items.assign(**{columns.N_H: held.reindex(keys).to_numpy()})


def segment_rows(sample: Sample, by: str, most: int) -> tuple[Row, ...]:
    """Return how many traces fail in each value of a segment, those with the most reviewed traces first."""
    sizes = sample.sizes_by([by])
    if sizes is None:
        return ()
    now, past = ({week.name for week in weeks} for weeks in (sample.now, sample.past))
    rows = []
    for label, weeks in weeks_by_segment(sample.items, sizes, [by]).items():
        own = [week for week in weeks if week.name in now]
        before = [week for week in weeks if week.name in past]
        if label == NO_SEGMENT or not any(week.read for week in own):
            continue
        number = rate(own, None)
        rows.append(
            Row(label, number, rate(before, None) if before else None, number.note, failed_in(sample, by, label))
        )
    return tuple(sorted(rows, key=lambda row: (-row.number.n, row.label))[:most])


def failed_in(sample: Sample, by: str = "", label: str = "") -> tuple[str, ...]:
    """Return the reviewed traces of the period that failed, in one segment or in all."""
    items = sample.items
    wanted = items[columns.WEEK].isin([week.name for week in sample.now]) & (items[columns.VERDICT] == "fail")
    if by:
        wanted &= items[by].astype(str) == label
    return tuple(items.loc[wanted, columns.TRACE])


def any_of(sample: Sample, modes: Callable[[Mode], bool], taxonomy: Taxonomy, title: str) -> tuple[Row, ...]:
    """Return how common it is that a trace carries any of the modes of a kind; nothing where there is no such mode."""
    wanted = {mode.id for mode in taxonomy.active if modes(mode)}
    if not wanted or not sample.now:
        return ()
    carried = sample.items[columns.MODES].map(lambda tagged: (ANY_OF,) if wanted & set(tagged) else ())
    again = weeks_read(sample.items.assign(**{columns.MODES: carried}))
    now, past = (
        _with_unread([one for one in again if one.name in {week.name for week in weeks}], weeks)
        for weeks in (sample.now, sample.past)
    )
    number = rate(now, ANY_OF)
    traces = tuple(
        trace for week in now for stratum in week.strata.values() for trace, _ in stratum.tagged.get(ANY_OF, ())
    )
    return (Row(title, number, rate(past, ANY_OF) if past else None, number.note, traces),)


def _with_unread(counted: Sequence[WeekRead], weeks: Sequence[WeekRead]) -> list[WeekRead]:
    """Return weeks with the strata, and their sizes, that they have in the sample."""
    by_name: Mapping[str, WeekRead] = {week.name: week for week in counted}
    for week in weeks:
        own = by_name.get(week.name)
        if own is None:
            continue
        for label, stratum in week.strata.items():
            if label not in own.strata:
                own.strata[label] = stratum
    return list(counted)
