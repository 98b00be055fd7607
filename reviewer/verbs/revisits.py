"""What is new since the last drawn week began, and a glance at the latest day. Takes a reader; changes nothing."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reviewer.model.clock import iso
from reviewer.model.glance import Glance
from reviewer.model.novelty import Novelty
from reviewer.model.period import Period
from reviewer.workspace.ask.novelties import known_before, shown_since, verdicts
from reviewer.workspace.ask.queue import weeks
from reviewer.workspace.ask.settings import counts, timezone
from reviewer.workspace.file import Reader

DAY_US = 86_400_000_000


@dataclass(frozen=True, slots=True)
class Look:
    """What Home shows beside the week: what is new, and the latest day."""

    novelties: tuple[Novelty, ...]
    glance: Glance | None


def revisit(reader: Reader) -> tuple[Novelty, ...]:
    """Return what is new since the last drawn week began and has hardly been read; nothing without a week."""
    from reviewer.measure.revisit import Seen, novelties

    drawn = weeks(reader)
    if not drawn:
        return ()
    since = max(week.start_us for week in drawn)
    seen = (Seen(*shown) for shown in shown_since(reader, since))
    return novelties(seen, known_before(reader, since), verdicts(reader))


def glance(reader: Reader) -> Glance | None:
    """Return the latest day of all traffic beside the four weeks before it."""
    from reviewer.measure.glance import DAYS
    from reviewer.measure.glance import glance as measure
    from reviewer.workspace.ask import details

    last = counts(reader).last_us
    if last is None:
        return None
    return measure(details.traces(reader, Period(last - (DAYS + 1) * DAY_US, last + 1)), timezone(reader))


def look_of(path: str) -> Look:
    """Return what is new and the latest day of the workspace at a path."""
    reader = Reader(Path(path))
    try:
        return Look(revisit(reader), glance(reader))
    finally:
        reader.close()


def as_json(found: Iterable[Novelty]) -> list[dict[str, Any]]:
    """Return novelties as JSON values; times are ISO 8601 in UTC."""
    return [
        {
            "kind": one.kind,
            "name": one.name,
            "before": one.before or None,
            "workflow": one.workflow or None,
            "since": iso(one.since_us),
            "traces": one.traces,
            "read": one.read,
            "failed": one.failed,
            "examples": list(one.examples),
        }
        for one in found
    ]


def glance_as_json(found: Glance | None) -> list[dict[str, Any]]:
    """Return the figures of the latest day as JSON values; none without a trace."""
    if found is None:
        return []
    return [
        {
            "day": iso(found.day_us),
            "traces": found.traces,
            "id": figure.id,
            "title": figure.title,
            "value": figure.number.value,
            "unit": figure.number.unit.value,
            "n": figure.number.n,
            "usual_low": figure.low,
            "usual_high": figure.high,
            "is_usual": figure.is_usual,
            "history": list(figure.history),
        }
        for figure in found.figures
    ]
