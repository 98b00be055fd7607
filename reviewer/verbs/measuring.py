"""Turn codings and traffic into numbers. Takes a reader and answers; changes nothing.

Importing this module is cheap; its functions import pandas and scipy. The window calls the ``_of`` forms in another
process, with the path of the workspace.
"""

from pathlib import Path

from reviewer.model.number import Scorecard, Series
from reviewer.workspace.ask.queue import week as ask_week
from reviewer.workspace.ask.settings import taxonomy, timezone, workspace_name
from reviewer.workspace.file import Reader


def trends(reader: Reader) -> list[Series]:
    """Return the weekly dots and the rolling line of every failure mode in use."""
    from reviewer.measure.trends import trends as measure
    from reviewer.workspace.ask.tables import items

    return measure(items(reader), taxonomy(reader), timezone(reader))


def scorecard(reader: Reader, week: str) -> Scorecard:
    """Return the scorecard of a week."""
    from reviewer.measure.scorecard import scorecard as measure
    from reviewer.workspace.ask.tables import items, week_traffic

    found = ask_week(reader, week)
    return measure(
        items(reader), week_traffic(reader, found), taxonomy(reader), found, timezone(reader), workspace_name(reader)
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
