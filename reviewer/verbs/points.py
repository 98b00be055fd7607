"""Ask what stands behind a point of a trend. Takes a reader and answers; changes nothing.

Importing this module is cheap; its functions import pandas and scipy. The window calls the ``_of`` form in another
process, with the path of the workspace.
"""

from collections.abc import Sequence
from pathlib import Path

from reviewer.errors import UsageError
from reviewer.model.trend import Behind
from reviewer.model.week import Segment
from reviewer.verbs.decomposition import FAIL
from reviewer.workspace.ask.queue import weeks as ask_weeks
from reviewer.workspace.ask.settings import taxonomies, taxonomy
from reviewer.workspace.file import Reader


def behind(
    reader: Reader,
    weeks: Sequence[str],
    of: str,
    by: Segment = "workflow",
    within: tuple[Segment, str | None] | None = None,
) -> Behind:
    """Return where a failure mode shows in some weeks, and what moved its rate since as many weeks before.

    Args:
        reader: the workspace.
        weeks: the names of the weeks of the point.
        of: ``fail``, or the id of a failure mode.
        by: the segment to split by.
        within: a segment and its value to stay within; another than ``by``.

    Raises:
        UsageError: there is no such failure mode, or none of these weeks.
    """
    from reviewer.measure.points import behind as measured
    from reviewer.workspace.ask.tables import items, sizes

    mode = next((mode.id for mode in taxonomy(reader).modes if mode.id == of), None)
    if mode is None and of != FAIL:
        raise UsageError(f"There is no failure mode {of!r}.", "See the page Trends.")
    known = [str(week.name) for week in ask_weeks(reader)]
    places = [known.index(name) for name in weeks if name in known]
    if not places:
        raise UsageError("None of these weeks was drawn.", "See the page Trends.")
    past = known[max(0, min(places) - len(places)) : min(places)]
    held = sizes(reader, [by, *([within[0]] if within else [])], [*past, *weeks])
    about = taxonomy(reader), taxonomies(reader)
    return measured(items(reader), held, weeks, past, by, mode, *about, within=within)


def behind_of(
    path: str, weeks: Sequence[str], of: str, by: Segment = "workflow", within: tuple[Segment, str | None] | None = None
) -> Behind:
    """Return what stands behind a point of the trends of the workspace at a path."""
    reader = Reader(Path(path))
    try:
        return behind(reader, weeks, of, by, within)
    finally:
        reader.close()
