"""Markers: when a prompt, a model or a provider took over a part of the traffic, and when the taxonomy changed."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from reviewer.measure.reading import WeekRead
from reviewer.model.ids import ModeId
from reviewer.model.taxonomy import Mode, Taxonomy
from reviewer.model.trend import Arrival, Marker, MarkerKind

NOTABLE = 0.10
"""The share of a week's traffic from which on something new is worth a line in every chart."""


def traffic_markers(arrivals: Iterable[Arrival], sizes: Mapping[int, int]) -> list[Marker]:
    """Return a marker for each value whose share of a period is notable for the first time, the earliest first.

    Args:
        arrivals: one for each period and value; periods are numbered in the order of time.
        sizes: how many traces each period has. What is notable in the first of them was there before.
    """
    known: set[tuple[MarkerKind, str]] = set()
    found: list[Marker] = []
    for one in sorted(arrivals, key=lambda arrival: (arrival.period, arrival.first_us, arrival.value)):
        if one.traces < NOTABLE * sizes[one.period] or (one.kind, one.value) in known:
            continue
        known.add((one.kind, one.value))
        if one.period != min(sizes):
            found.append(Marker(one.kind, one.first_us, one.value))
    return sorted(found, key=lambda marker: marker.at_us)


def taxonomy_markers(weeks: Sequence[WeekRead], present: Taxonomy, earlier: Mapping[int, Taxonomy]) -> list[Marker]:
    """Return a marker for each week that was read under other failure modes than the week before."""
    versions = {**earlier, present.version: present}
    return [
        Marker("taxonomy", week.start_us, str(version))
        for week, version, before in _changes(weeks)
        if _asked(versions.get(version, present)) != _asked(versions.get(before, present))
    ]


def redefined(
    weeks: Sequence[WeekRead], mode: ModeId, present: Taxonomy, earlier: Mapping[int, Taxonomy]
) -> frozenset[int]:
    """Return the indices of the weeks from which on a failure mode is defined in other words than before."""
    versions = {**earlier, present.version: present}
    index = {week.name: n for n, week in enumerate(weeks)}
    found = set()
    for week, version, before in _changes(weeks):
        new, old = (versions.get(one, present).mode(mode) for one in (version, before))
        if new and old and _meaning(new) != _meaning(old):
            found.add(index[week.name])
    return frozenset(found)


def _changes(weeks: Sequence[WeekRead]) -> list[tuple[WeekRead, int, int]]:
    """Return each week whose taxonomy version is another than that of the week read before, with both versions."""
    found: list[tuple[WeekRead, int, int]] = []
    last: int | None = None
    for week in weeks:
        version = _version(week)
        if version is None:
            continue
        if last is not None and version != last:
            found.append((week, version, last))
        last = version
    return found


def _version(week: WeekRead) -> int | None:
    """Return the version under which most of a week was read."""
    read: Counter[int] = Counter()
    for stratum in week.strata.values():
        for version, times in stratum.reviewed.items():
            if version is not None:
                read[version] += times
    return max(read, key=lambda version: (read[version], version)) if read else None


def _asked(taxonomy: Taxonomy) -> dict[str, tuple[str, ...]]:
    return {mode.id: _meaning(mode) for mode in taxonomy.active}


def _meaning(mode: Mode) -> tuple[str, ...]:
    return mode.definition, mode.counts_when, mode.not_when


def restarts(markers: Iterable[Marker], weeks: Sequence[WeekRead]) -> frozenset[int]:
    """Return the indices of the weeks, the earliest first, in which or before which something changed."""
    ends = [week.end_us for week in weeks]
    reached = (next((n for n, end in enumerate(ends) if end > marker.at_us), None) for marker in markers)
    return frozenset(n for n in reached if n is not None)


def within(markers: Iterable[Marker], weeks: Sequence[WeekRead]) -> list[Marker]:
    """Return the markers that lie within some weeks, the earliest first."""
    if not weeks:
        return []
    first, last = min(week.start_us for week in weeks), max(week.end_us for week in weeks)
    return sorted((one for one in markers if first <= one.at_us < last), key=lambda marker: marker.at_us)
