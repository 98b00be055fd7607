"""Ask what stands behind a point of a trend. Takes a reader and answers; changes nothing.

Importing this module is cheap; its functions import pandas and scipy. The window calls the ``_of`` form in another
process, with the path of the workspace.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from reviewer import wording
from reviewer.errors import UsageError
from reviewer.model.trend import Behind
from reviewer.model.week import SamplingUnit, Segment
from reviewer.verbs.decomposition import FAIL, FAIL_TITLE, Moved, span, split_values
from reviewer.verbs.decomposition import lines as moved_lines
from reviewer.verbs.listing import number
from reviewer.workspace.ask.queue import weeks as ask_weeks
from reviewer.workspace.ask.settings import taxonomies, taxonomy
from reviewer.workspace.file import Reader

HEAD = "{}, {}, by {}:"
SPOT = "  {}: {} ({})"


def behind(
    reader: Reader,
    weeks: Sequence[str],
    of: str,
    by: Segment = "workflow",
    within: tuple[Segment, str | None] | None = None,
) -> Behind:
    """Return where a failure mode shows in some weeks, or how a score is there, and what moved it since as many before.

    Args:
        reader: the workspace.
        weeks: the names of the weeks of the point.
        of: ``fail``, or the id of a failure mode or of a score.
        by: the segment to split by.
        within: a segment and its value to stay within; another than ``by``.

    Raises:
        UsageError: there is no such failure mode or score, or none of these weeks.
    """
    from reviewer.measure.points import behind as measured
    from reviewer.measure.points import behind_score
    from reviewer.workspace.ask.tables import items, sizes

    now = taxonomy(reader)
    mode = next((mode.id for mode in now.modes if mode.id == of), None)
    score = None if mode is not None else now.score(of)
    if mode is None and score is None and of != FAIL:
        raise UsageError(f"There is no failure mode or score {of!r}.", "See the page Trends.")
    unit: SamplingUnit = next((week.plan.unit for week in ask_weeks(reader) if week.name in weeks), "trace")
    known = [str(week.name) for week in ask_weeks(reader, unit)]
    places = [known.index(name) for name in weeks if name in known]
    if not places:
        raise UsageError("None of these weeks was drawn.", "See the page Trends.")
    past = known[max(0, min(places) - len(places)) : min(places)]
    held = sizes(reader, [by, *([within[0]] if within else [])], [*past, *weeks])
    if score is not None:
        return behind_score(items(reader, unit), held, weeks, past, by, score, within)
    return measured(items(reader, unit), held, weeks, past, by, mode, now, taxonomies(reader), within=within)


def at(reader: Reader, week: str | None, count: int, unit: SamplingUnit = "trace") -> list[str]:
    """Return the names of the weeks of a point: as many drawn weeks, of which ``week``, or the latest, is the last.

    All of them draw one kind of unit.

    Raises:
        UsageError: there is no such week, none at all, or ``count`` is no number of weeks.
    """
    known = [str(one.name) for one in ask_weeks(reader, unit)]
    if not known or (week is not None and week not in known):
        raise UsageError("There is no such week.", "See the page Trends.")
    if count < 1:
        raise UsageError("A period has at least one week.", "Use --weeks 1 or more.")
    last = known.index(week) + 1 if week is not None else len(known)
    return known[max(0, last - count) : last]


def plain(found: Behind, weeks: Sequence[str]) -> dict[str, Any]:
    """Return what stands behind a point as plain values, for the command line."""
    return {
        "weeks": list(weeks),
        "by": found.by,
        "segments": [{"segment": spot.value, "number": number(spot.number)} for spot in found.spots],
        "before": list(found.before),
        "change": None if found.split is None else split_values(found.split),
        "on_old_mix": number(found.on_old_mix),
    }


def lines(found: Behind, weeks: Sequence[str], title: str) -> list[str]:
    """Return what stands behind a point of a failure mode, by its title, as lines for a terminal."""
    said = [HEAD.format(title, span(weeks), found.by.replace("_", " "))]
    for spot in found.spots:
        name = wording.NOT_RECORDED if spot.value is None else spot.value
        said.append(SPOT.format(name, wording.value(spot.number), wording.interval_or_size(spot.number)))
    if found.before:
        said += moved_lines(Moved(title, span(found.before), span(weeks), found.split, found.on_old_mix))
    return said


def title_of(reader: Reader, of: str) -> str:
    """Return what a failure mode, a score, or ``fail`` is called."""
    known = taxonomy(reader)
    titles = {mode.id: mode.title for mode in known.modes} | {score.id: score.title for score in known.scores}
    return titles.get(of, FAIL_TITLE)


def behind_of(
    path: str, weeks: Sequence[str], of: str, by: Segment = "workflow", within: tuple[Segment, str | None] | None = None
) -> Behind:
    """Return what stands behind a point of the trends of the workspace at a path."""
    reader = Reader(Path(path))
    try:
        return behind(reader, weeks, of, by, within)
    finally:
        reader.close()
