"""What was read in one segment of the traffic: the reviewed sample counted within a workflow, a model, a tenant.

A segment cuts across strata. How many traces of the population it holds in each stratum is known, so each stratum
within a segment becomes a stratum of its own (post-stratification; Cochran 1977, section 5A.8), and every estimate of
a whole week can be made of a segment too.
"""

from collections.abc import Mapping, Sequence

import pandas as pd

from reviewer.measure.reading import StratumRead, WeekRead, weeks_read
from reviewer.model import columns

NO_SEGMENT = "not recorded"


def segment_labels(table: pd.DataFrame, by: Sequence[str]) -> "pd.Series[str]":
    """Return the label of each row's segment: the values of ``by``, joined by " · " where there are several."""
    first, *others = (table[name].astype(object).where(table[name].notna(), NO_SEGMENT).astype(str) for name in by)
    for other in others:
        first = first + " · " + other
    return first


def weeks_by_segment(items: pd.DataFrame, sizes: pd.DataFrame, by: Sequence[str]) -> dict[str, list[WeekRead]]:
    """Return what ``reading.weeks_read`` gives, once for each segment that holds a trace of the population.

    Args:
        items: the "items" table, with the segments of each trace.
        sizes: the "sizes" table (``model.columns``) of the same segments; weeks that are not in it are left out.
        by: names of segments; several are crossed.
    """
    bounds = {week.name: week for week in weeks_read(items)}
    own = segment_labels(items, by)
    held: dict[str, dict[tuple[str, str], int]] = {}
    for label, week, stratum, size in zip(
        segment_labels(sizes, by), sizes[columns.WEEK], sizes[columns.STRATUM], sizes[columns.SIZE], strict=True
    ):
        if week in bounds:
            held.setdefault(label, {})[week, stratum] = int(size)
    return {label: _weeks(items[own == label], held[label], bounds) for label in sorted(held)}


def _weeks(own: pd.DataFrame, sizes: Mapping[tuple[str, str], int], bounds: Mapping[str, WeekRead]) -> list[WeekRead]:
    """Return the weeks of one segment; strata from which none of its traces was drawn stand there unread."""
    read = {week.name: week for week in weeks_read(own)}
    weeks: dict[str, WeekRead] = {}
    for (name, label), size in sizes.items():
        whole = bounds[name]
        week = weeks.setdefault(name, WeekRead(name, whole.start_us, whole.end_us, whole.closed))
        found = read[name].strata.get(label) if name in read else None
        week.strata[label] = found or StratumRead(label, None)
        week.strata[label].size = size
    return sorted(weeks.values(), key=lambda week: (week.start_us, week.name))
