"""Turn codings and traffic into numbers. Takes a reader and answers; changes nothing.

Importing this module is cheap; its functions import pandas and scipy. The window calls the ``_of`` forms in another
process, with the path of the workspace.
"""

from pathlib import Path

from reviewer.model.number import Series
from reviewer.workspace.ask.settings import taxonomies, taxonomy, timezone
from reviewer.workspace.file import Reader


def trends(reader: Reader) -> list[Series]:
    """Return the weekly dots and the rolling line of every failure mode in use."""
    from reviewer.measure.trends import trends as measure
    from reviewer.workspace.ask.tables import items

    return measure(items(reader), taxonomy(reader), timezone(reader), taxonomies(reader))


def trends_of(path: str) -> list[Series]:
    """Return the trends of the workspace at a path."""
    reader = Reader(Path(path))
    try:
        return trends(reader)
    finally:
        reader.close()
