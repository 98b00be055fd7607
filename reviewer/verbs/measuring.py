"""Turn codings and traffic into trends, and keep what took long to simulate.

Importing this module is cheap; its functions import pandas and scipy. The window calls the ``_of`` forms in another
process, with the path of the workspace.
"""

from pathlib import Path

from reviewer.errors import UsageError
from reviewer.model.trend import Calibrated, Marker, Trends
from reviewer.model.week import SEGMENTS, SamplingUnit
from reviewer.verbs.changes import Changes
from reviewer.workspace.ask.calibration import calibrated
from reviewer.workspace.ask.queue import weeks
from reviewer.workspace.ask.settings import taxonomies, taxonomy, timezone
from reviewer.workspace.calibration import set_calibrated
from reviewer.workspace.file import Reader, Writer


def trends(reader: Reader, by: str = "", value: str | None = None, unit: SamplingUnit = "trace") -> Trends:
    """Return the weekly dots and the rolling line of every failure mode in use, with what changed meanwhile.

    Args:
        reader: the workspace.
        by: a segment to stay within, such as ``workflow``; empty for the whole traffic, which alone has alerts.
        value: its value, None for the traces that do not say.
        unit: ``session`` for the weeks that drew sessions; every rate is then of sessions.

    Raises:
        UsageError: there is no such segment, or none of the drawn traces has the value.
    """
    from reviewer.measure.trends import trends as of_all
    from reviewer.measure.trends import trends_within
    from reviewer.workspace.ask.tables import items, sizes

    about = taxonomy(reader), timezone(reader), taxonomies(reader), markers(reader)
    if not by:
        return of_all(items(reader, unit), *about, known=calibrated(reader))
    if by not in SEGMENTS:
        raise UsageError(f"There is no segment {by!r}.", f"Use {', '.join(SEGMENTS)}.")
    held = sizes(reader, [by], [week.name for week in weeks(reader, unit)])
    found = trends_within(items(reader, unit), held, by, value, *about)
    if found.failing is None or not found.failing.weekly:
        raise UsageError(f"No {unit} of a drawn week has {by} {value!r}.", "See the values on the page Explore.")
    return found


def markers(reader: Reader) -> list[Marker]:
    """Return when prompts, models and providers took over a part of the traffic, the earliest first."""
    from reviewer.measure.markers import traffic_markers
    from reviewer.workspace.ask.arrivals import arrivals, sizes

    return traffic_markers(arrivals(reader), sizes(reader))


def trends_of(path: str, by: str = "", value: str | None = None, unit: SamplingUnit = "trace") -> Trends:
    """Return the trends of the workspace at a path."""
    reader = Reader(Path(path))
    try:
        return trends(reader, by, value, unit)
    finally:
        reader.close()


def keep(writer: Writer, found: Calibrated) -> Changes:
    """Keep the thresholds of alerts for the next time; no number changes by it."""
    set_calibrated(writer, found)
    return Changes()
