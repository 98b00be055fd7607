"""What a chart draws, in weeks and values: band, line, dots and rings. No Qt."""

from dataclasses import dataclass
from typing import NamedTuple

from reviewer.desktop.trends.state import has_line, positions
from reviewer.model.alert import Level
from reviewer.model.number import Series

LONE_REACH = 0.15
"""How far the band of a single week reaches to both sides, else nothing of it would be seen."""


class Dot(NamedTuple):
    """One week: where it stands, whether it is still open, and how sure it is that the rate has risen."""

    x: float
    value: float
    is_open: bool
    level: Level | None


@dataclass(frozen=True, slots=True)
class Drawing:
    """``weeks`` are the places of the weeks; ``band`` its places with both limits; ``lines`` runs of places and values."""

    weeks: tuple[float, ...] = ()
    band: tuple[tuple[float, float, float], ...] = ()
    lines: tuple[tuple[tuple[float, float], ...], ...] = ()
    dots: tuple[Dot, ...] = ()

    @property
    def last(self) -> float:
        """Return the place of the last week; at least 1, so that a lone week has a width."""
        return max(self.weeks[-1] if self.weeks else 0.0, 1.0)


def drawing(series: Series) -> Drawing:
    """Return what a series looks like.

    A rate that may not be said keeps its band and loses its line, and an open week has neither.
    """
    places = positions(series)
    closed = [(x, point.number) for x, point in zip(places, series.rolling, strict=True) if not point.is_open]
    band = [(x, n.low, n.high) for x, n in closed if n.low is not None and n.high is not None]
    if len(band) == 1:
        ((x, low, high),) = band
        band = [(x - LONE_REACH, low, high), (x + LONE_REACH, low, high)]
    runs: list[list[tuple[float, float]]] = [[]]
    for x, number in closed:
        if has_line(number) and number.value is not None:
            runs[-1].append((x, number.value))
        elif runs[-1]:
            runs.append([])
    dots = [
        Dot(x, point.number.value, point.is_open, point.alert.level if point.alert else None)
        for x, point in zip(places, series.weekly, strict=True)
        if point.number.value is not None
    ]
    return Drawing(tuple(places), tuple(band), tuple(tuple(run) for run in runs if run), tuple(dots))
