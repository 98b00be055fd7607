"""Make the scorecard of a week or of four, of the whole or of one segment. Takes a reader and answers; changes nothing.

Importing this module is cheap; its functions import pandas and scipy. The window calls ``scorecard_of`` in another
process, with the path of the workspace.
"""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from reviewer.errors import UsageError
from reviewer.model.alert import Alert, Level
from reviewer.model.clock import WEEK, system_clock
from reviewer.model.number import Point, Scorecard
from reviewer.model.period import Period
from reviewer.model.trend import Trends
from reviewer.model.week import SEGMENTS, Segment, Week
from reviewer.verbs import results
from reviewer.verbs.measuring import trends
from reviewer.workspace.ask.patterns import patterns
from reviewer.workspace.ask.queue import week_of_traces
from reviewer.workspace.ask.queue import weeks as ask_weeks
from reviewer.workspace.ask.settings import taxonomies, taxonomy, timezone, workspace_name
from reviewer.workspace.file import Reader

if TYPE_CHECKING:
    from pandas import DataFrame

    from reviewer.measure.recorded import Recorded

Length = Literal["week", "month"]
LENGTHS: tuple[Length, ...] = ("week", "month")
"""A month is the drawn weeks among four: it holds whole weeks, so that it can be compared."""
MONTH_WEEKS = 4
LINE_WEEKS = 12
HISTORY_WEEKS = 8
RESTRICTED = "{by}: {value}"
NO_VALUE = "not recorded"


def scorecard(
    reader: Reader, week: str, length: Length = "week", by: Segment | None = None, value: str | None = None
) -> Scorecard:
    """Return the scorecard of a week, or of the month that ends with it, beside the period before it.

    The period before are as many drawn weeks, or, without any, the same span of time before.

    Args:
        reader: the workspace.
        week: the name of a week.
        length: ``week``, or ``month`` for the drawn weeks among four that end with it.
        by: stay within a segment.
        value: its value, None for *not recorded*.

    Raises:
        UsageError: there is no such week, or no trace of it is in the segment.
    """
    from reviewer.measure.diagnosis import diagnoses
    from reviewer.measure.operations import operations
    from reviewer.measure.sample import sample_of
    from reviewer.measure.scorecard import scorecard as measure
    from reviewer.measure.scorecard import with_history
    from reviewer.workspace.ask.tables import items, sizes

    found = week_of_traces(reader, week)
    now, before = periods(reader, found, length, by, value)
    names = [*now.weeks, *before.weeks]
    sample = sample_of(items(reader), found, len(now.weeks), sizes(reader, SEGMENTS, names), by or "", value)
    recorded, earlier = recorded_in(reader, now), recorded_in(reader, before)
    if by is not None and recorded.traces.empty:
        raise UsageError(f"No trace of {week} has {by} {value!r}.", "See the values on the page Explore.")
    past = earlier if len(earlier.traces) else None
    moving = trends(reader, by or "", value)
    split_by: Segment = "model" if by == "workflow" else "workflow"
    card = measure(
        sample,
        recorded.traces,
        taxonomy(reader),
        found,
        timezone(reader),
        workspace_name(reader),
        results.trend(reader, found.end_us) if by is None else None,
        before=None if past is None else past.traces,
        earlier=taxonomies(reader),
        alerts=_alerts(moving, now.weeks),
        split_by=split_by,
        segment=""
        if by is None
        else RESTRICTED.format(by=by.replace("_", " "), value=NO_VALUE if value is None else value),
        made_us=system_clock(),
    )
    line = _line(moving, found)
    return replace(
        with_history(card, _last_weeks(reader, now)),
        operations=operations(recorded, past, sample, taxonomy(reader), split_by),
        diagnoses=diagnoses(card, recorded, past, sample, taxonomy(reader)),
        line=line,
        markers=tuple(
            one for one in moving.markers if line and line[0].end_us - WEEK_US <= one.at_us < line[-1].end_us
        ),
    )


def periods(
    reader: Reader, week: Week, length: Length = "week", by: Segment | None = None, value: str | None = None
) -> tuple[Period, Period]:
    """Return the period that ends with a week, and the one before it."""
    known = [one for one in ask_weeks(reader, "trace") if (one.start_us, one.name) <= (week.start_us, week.name)]
    count = 1
    if length == "month":
        since = week.end_us - MONTH_WEEKS * (WEEK // WEEK.resolution)
        # A clock change makes four weeks an hour longer or shorter.
        count = max(1, sum(one.start_us >= since - HOUR_US for one in known))
    now, past = known[-count:], known[-2 * count : -count]
    start = min(one.start_us for one in now)
    period = Period(start, week.end_us, tuple(one.name for one in now), by, value)
    if past:
        first = min(one.start_us for one in past)
        return period, Period(first, past[-1].end_us, tuple(one.name for one in past), by, value)
    return period, Period(2 * start - week.end_us, start, (), by, value)


def _last_weeks(reader: Reader, now: Period) -> list["DataFrame"]:
    """Return the "traffic" tables of the last weeks up to the end of a period, the newest last; none of a segment else."""
    from reviewer.model.columns import STARTED
    from reviewer.workspace.ask import details

    start = now.end_us - HISTORY_WEEKS * WEEK_US
    table = details.traces(reader, Period(start, now.end_us, (), now.by, now.value))
    number = (table[STARTED] - start) // WEEK_US
    return [table[number == n] for n in range(HISTORY_WEEKS)]


HOUR_US = 3_600_000_000
WEEK_US = 7 * 24 * HOUR_US
DAY_US = 24 * HOUR_US


def recorded_in(reader: Reader, period: Period) -> "Recorded":
    """Return the tables of what the traces of a period recorded."""
    from reviewer.measure.recorded import Recorded
    from reviewer.workspace.ask import details

    return Recorded(
        details.traces(reader, period),
        details.calls(reader, period),
        details.documents(reader, period),
        details.retrievals(reader, period),
        details.scores(reader, period),
        (period.end_us - period.start_us) / DAY_US,
        patterns(reader).feedback,
    )


def _alerts(found: Trends, weeks: tuple[str, ...]) -> dict[str, Alert]:
    """Return the latest WATCH or ALERT of some weeks, by failure mode; an ALERT before any WATCH."""
    alerts: dict[str, Alert] = {}
    for series in found.modes:
        raised = [point.alert for point in series.weekly if point.period in weeks and point.alert is not None]
        if raised:
            alerts[series.id] = max(raised, key=lambda alert: (alert.level is Level.ALERT, alert.week))
    return alerts


def _line(found: Trends, week: Week) -> tuple[Point, ...]:
    """Return the four-week share of failing traces, at a week and those before it."""
    points = () if found.failing is None else found.failing.rolling
    return tuple(point for point in points if point.start_us < week.end_us)[-LINE_WEEKS:]


def scorecard_of(
    path: str, week: str, length: Length = "week", by: Segment | None = None, value: str | None = None
) -> Scorecard:
    """Return the scorecard of a week of the workspace at a path."""
    reader = Reader(Path(path))
    try:
        return scorecard(reader, week, length, by, value)
    finally:
        reader.close()
