"""The segments that a page can be restricted to, each with a value. No Qt."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from reviewer.model.week import Segment
from reviewer.workspace.ask.traces import facet

if TYPE_CHECKING:
    from reviewer.workspace.file import Reader

Within = tuple[Segment, str | None]
"""A segment and its value, None for the traces that do not say."""
Facets = Mapping[Segment, Iterable[tuple[str | None, int]]]
MOST_VALUES = 12
"""Values of one segment that are offered; the largest."""


def facets(reader: "Reader", segments: Sequence[Segment]) -> Facets:
    """Return the values of some segments with how many traces have each, the most frequent first."""
    return {by: facet(reader, by) for by in segments}


def choices(found: Facets) -> tuple[Within, ...]:
    """Return what can be chosen: the largest values of each segment; one with a single value is no choice."""
    values = {by: [value for value, _ in counted] for by, counted in found.items()}
    return tuple((by, value) for by, known in values.items() if len(known) > 1 for value in known[:MOST_VALUES])
