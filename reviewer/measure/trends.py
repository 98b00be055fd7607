"""Trends: each failure mode over the weeks, as weekly dots and as a line over four weeks."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import pandas as pd

from reviewer.measure.reading import WeekRead, rate, traces_with, versions_without, weeks_read
from reviewer.model.clock import WEEK, local, to_us, zone
from reviewer.model.ids import ModeId
from reviewer.model.number import Point, Series
from reviewer.model.taxonomy import Taxonomy

ROLLING_WEEKS = 4
"""At 60 reviewed a week a single week hides every rate below 15 %; four together show one from about 6 %."""


def trends(
    items: pd.DataFrame, taxonomy: Taxonomy, tz: str, earlier: Mapping[int, Taxonomy] | None = None
) -> list[Series]:
    """Return one series for each failure mode in use, in the taxonomy's order.

    Each week gives a weekly point (``window_weeks`` 1), and a rolling point (``window_weeks`` 4) over the weeks that
    start within the four weeks ending with it; at the beginning there are fewer. Weeks are strata of the rolling
    estimate. A week still open has points that say so: what was read so far is a probability sample too.

    Args:
        items: the "items" table, one row a drawn item (``model.columns``).
        taxonomy: the present taxonomy.
        tz: the workspace's time zone, in which four weeks are counted.
        earlier: other versions by number. A coding says nothing about a mode that its version did not hold; a version
            that is missing here is taken to ask what the present one asks.
    """
    weeks = weeks_read(items)
    windows = [_window(weeks, week, tz) for week in weeks]
    return [
        Series(
            mode.id,
            mode.title,
            tuple(_point([week], week, mode.id, without, 1) for week in weeks),
            tuple(
                _point(window, week, mode.id, without, ROLLING_WEEKS)
                for window, week in zip(windows, weeks, strict=True)
            ),
        )
        for mode in taxonomy.active
        for without in (versions_without(mode.id, taxonomy, earlier or {}),)
    ]


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
    window: Sequence[WeekRead], last: WeekRead, mode: ModeId, without: frozenset[int], window_weeks: int
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
