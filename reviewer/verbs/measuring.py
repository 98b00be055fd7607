"""Turn codings and traffic into numbers. Takes a reader and answers; changes nothing.

Importing this module is cheap; its functions import pandas and scipy. The window calls the ``_of`` forms in another
process, with the path of the workspace.
"""

from pathlib import Path

from reviewer.model.clock import system_clock
from reviewer.model.number import Scorecard, Series
from reviewer.workspace.ask.queue import week as ask_week
from reviewer.workspace.ask.settings import taxonomies, taxonomy, timezone, workspace_name
from reviewer.workspace.file import Reader


def trends(reader: Reader) -> list[Series]:
    """Return the weekly dots and the rolling line of every failure mode in use."""
    from reviewer.measure.trends import trends as measure
    from reviewer.workspace.ask.tables import items

    return measure(items(reader), taxonomy(reader), timezone(reader), taxonomies(reader))


def scorecard(reader: Reader, week: str) -> Scorecard:
    """Return the scorecard of a week, beside the period before it where there is traffic in it."""
    from reviewer.measure.scorecard import scorecard as measure
    from reviewer.workspace.ask.tables import items, traffic, week_traffic

    found = ask_week(reader, week)
    before = traffic(reader, 2 * found.start_us - found.end_us, found.start_us)
    return measure(
        items(reader),
        week_traffic(reader, found),
        taxonomy(reader),
        found,
        timezone(reader),
        workspace_name(reader),
        before=before if len(before) else None,
        earlier=taxonomies(reader),
        made_us=system_clock(),
    )


def trends_of(path: str) -> list[Series]:
    """Return the trends of the workspace at a path."""
    reader = Reader(Path(path))
    try:
        return trends(reader)
    finally:
        reader.close()


def scorecard_of(path: str, week: str) -> Scorecard:
    """Return the scorecard of a week of the workspace at a path."""
    reader = Reader(Path(path))
    try:
        return scorecard(reader, week)
    finally:
        reader.close()
