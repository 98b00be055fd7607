"""Trends: each failure mode over the weeks, as weekly dots and as a line over four weeks."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

import pandas as pd

from reviewer.measure.alerts import History, alerts, history
from reviewer.measure.calibration import RULE, Calibration
from reviewer.measure.control import control
from reviewer.measure.domains import NO_SEGMENT, weeks_by_segment
from reviewer.measure.markers import redefined, restarts, taxonomy_markers, within
from reviewer.measure.quality import Scored
from reviewer.measure.reading import WeekRead, cells, rate, traces_with, versions_without, weeks_read
from reviewer.measure.saturation import saturation
from reviewer.model.clock import WEEK, local, to_us, zone
from reviewer.model.ids import ModeId
from reviewer.model.number import Point, Series
from reviewer.model.taxonomy import ScoreScale, Taxonomy
from reviewer.model.trend import Calibrated, Control, Marker, Trends

ROLLING_WEEKS = 4
"""At 60 reviewed a week a single week hides every rate below 15 %; four together show one from about 6 %."""

FAILING = "fail"
FAILING_TITLE = "Failing traces"


def trends(
    items: pd.DataFrame,
    taxonomy: Taxonomy,
    tz: str,
    earlier: Mapping[int, Taxonomy] | None = None,
    markers: Sequence[Marker] = (),
    known: Calibrated | None = None,
) -> Trends:
    """Return one series for each failure mode in use, in the taxonomy's order, with alerts, and the failing traces.

    Each week gives a weekly point (``window_weeks`` 1), and a rolling point (``window_weeks`` 4) over the weeks that
    start within the four weeks ending with it; at the beginning there are fewer. Weeks are strata of the rolling
    estimate. A week still open has points that say so: what was read so far is a probability sample too. Closed weeks
    whose mode has risen carry an alert in their weekly point (``alerts``).

    Args:
        items: the "items" table, one row a drawn item (``model.columns``).
        taxonomy: the present taxonomy.
        tz: the workspace's time zone, in which four weeks are counted.
        earlier: other versions by number. A coding says nothing about a mode that its version did not hold; a version
            that is missing here is taken to ask what the present one asks.
        markers: changes in the traffic, which restart what weeks are held against; those of the taxonomy are found.
        known: thresholds that were simulated before; those of another rule are simulated anew.
    """
    calibration = Calibration(known.thresholds if known and known.rule == RULE else None)
    versions = earlier or {}
    weeks = weeks_read(items)
    changes = within([*markers, *taxonomy_markers(weeks, taxonomy, versions)], weeks)
    series, failing = _series(weeks, taxonomy, tz, versions), _failing(weeks, tz)
    return Trends(
        modes=tuple(_with_alerts(series, weeks, taxonomy, versions, changes, calibration)),
        failing=failing,
        scores=_scores(weeks, taxonomy, tz, Scored(items)),
        markers=tuple(changes),
        saturation=saturation(items),
        controls=_controls([*series, failing]),
        calibrated=_worth_keeping(calibration, known),
    )


def trends_within(
    items: pd.DataFrame,
    sizes: pd.DataFrame,
    by: str,
    value: str | None,
    taxonomy: Taxonomy,
    tz: str,
    earlier: Mapping[int, Taxonomy] | None = None,
    markers: Sequence[Marker] = (),
) -> Trends:
    """Return the trends of one segment of the traffic, without alerts: these are calibrated for the whole.

    Each stratum within the segment is a stratum of its own, whose size is known (``domains``).

    Args:
        items: the "items" table of the whole traffic.
        sizes: the "sizes" table by ``by``.
        by: the segment, such as ``workflow``.
        value: the value to stay within, None for the traces that do not say.
        taxonomy: the present taxonomy.
        tz: the workspace's time zone.
        earlier: other versions of the taxonomy by number.
        markers: changes in the traffic.
    """
    versions = earlier or {}
    weeks = weeks_by_segment(items, sizes, [by]).get(NO_SEGMENT if value is None else value, [])
    changes = within([*markers, *taxonomy_markers(weeks, taxonomy, versions)], weeks)
    series, failing = _series(weeks, taxonomy, tz, versions), _failing(weeks, tz)
    own, held = _inside(items, by, value), _inside(sizes, by, value)
    return Trends(
        modes=tuple(series),
        failing=failing,
        scores=_scores(weeks, taxonomy, tz, Scored(own, held)),
        markers=tuple(changes),
        saturation=saturation(own),
        controls=_controls([*series, failing]),
        by=by,
        value=value,
    )


def _inside(table: pd.DataFrame, by: str, value: str | None) -> pd.DataFrame:
    return table[table[by].isna() if value is None else table[by] == value]


def _worth_keeping(calibration: Calibration, known: Calibrated | None) -> Calibrated | None:
    used = Calibrated(RULE, calibration.used)
    return used if used.thresholds and used != known else None


def _controls(series: Sequence[Series]) -> dict[str, Control]:
    return {one.id: found for one in series if (found := control(one.weekly)) is not None}


def _series(weeks: Sequence[WeekRead], taxonomy: Taxonomy, tz: str, earlier: Mapping[int, Taxonomy]) -> list[Series]:
    return [
        _of(weeks, tz, mode.id, mode.title, versions_without(mode.id, taxonomy, earlier)) for mode in taxonomy.active
    ]


def _failing(weeks: Sequence[WeekRead], tz: str) -> Series:
    return _of(weeks, tz, None, FAILING_TITLE, frozenset())


def _scores(weeks: Sequence[WeekRead], taxonomy: Taxonomy, tz: str, scored: Scored) -> tuple[Series, ...]:
    """Return a series of means for each score that was given at all."""
    found = [
        Series(
            score.id,
            score.title,
            tuple(_mean([week], week, scored, score, 1) for week in weeks),
            tuple(_mean(_window(weeks, week, tz), week, scored, score, ROLLING_WEEKS) for week in weeks),
        )
        for score in taxonomy.scores
    ]
    return tuple(one for one in found if any(point.number.n for point in one.weekly))


def _mean(window: Sequence[WeekRead], last: WeekRead, scored: Scored, score: ScoreScale, window_weeks: int) -> Point:
    start = min(week.start_us for week in window)
    number = scored.mean([week.name for week in window], score)
    return Point(last.name, start, last.end_us, window_weeks, number, is_open=not last.closed)


def _of(weeks: Sequence[WeekRead], tz: str, mode: ModeId | None, title: str, without: frozenset[int]) -> Series:
    return Series(
        mode or FAILING,
        title,
        tuple(_point([week], week, mode, without, 1) for week in weeks),
        tuple(_point(_window(weeks, week, tz), week, mode, without, ROLLING_WEEKS) for week in weeks),
    )


def _with_alerts(
    series: Sequence[Series],
    weeks: Sequence[WeekRead],
    taxonomy: Taxonomy,
    earlier: Mapping[int, Taxonomy],
    markers: Sequence[Marker],
    calibration: Calibration,
) -> list[Series]:
    closed = [week for week in weeks if week.closed]
    raised = alerts(
        [_history(ModeId(one.id), closed, taxonomy, earlier) for one in series],
        [week.name for week in closed],
        restarts(markers, closed),
        calibration,
    )
    by_week = dict(zip((week.name for week in closed), raised, strict=True))
    return [
        replace(
            one,
            weekly=tuple(
                replace(point, alert=found) if (found := by_week.get(point.period, {}).get(one.id)) else point
                for point in one.weekly
            ),
        )
        for one in series
    ]


def _history(mode: ModeId, weeks: Sequence[WeekRead], taxonomy: Taxonomy, earlier: Mapping[int, Taxonomy]) -> History:
    without = versions_without(mode, taxonomy, earlier)
    counted = [cells([week], mode, without) or [] for week in weeks]
    return history(mode, counted, redefined(weeks, mode, taxonomy, earlier))


def _window(weeks: Sequence[WeekRead], last: WeekRead, tz: str) -> list[WeekRead]:
    since = weeks_before(last.end_us, ROLLING_WEEKS, tz)
    # A period longer than the window is still its own.
    return [week for week in weeks if week is last or since <= week.start_us <= last.start_us]


def weeks_before(us: int, count: int, tz: str) -> int:
    """Return the moment some weeks earlier at the same time of day in ``tz``, so that a clock change does not count."""
    on_the_wall = local(us, tz).replace(tzinfo=None)
    # The calendar begins somewhere.
    back = min(count * WEEK, on_the_wall - datetime.min)  # noqa: DTZ901
    return to_us((on_the_wall - back).replace(tzinfo=zone(tz)))


def _point(
    window: Sequence[WeekRead], last: WeekRead, mode: ModeId | None, without: frozenset[int], window_weeks: int
) -> Point:
    return Point(
        period=last.name,
        start_us=min(week.start_us for week in window),
        end_us=last.end_us,
        window_weeks=window_weeks,
        number=rate(window, mode, without),
        is_open=not last.closed,
        traces=traces_with(window, mode),
    )
