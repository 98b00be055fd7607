"""The queue of a week: its items in reading order, with what the reviewer has said of each."""

import json
from typing import NamedTuple

from reviewer.errors import UsageError
from reviewer.model.ids import TraceId, WeekName
from reviewer.model.week import Plan, Week
from reviewer.workspace.file import Reader

QUEUE = (
    "SELECT i.position, i.trace, t.title, t.name, t.workflow, t.native_id, c.verdict, c.submitted_us, c.flagged, i.stratum, "
    "i.pi, i.purpose FROM week_item i JOIN trace t ON t.id = i.trace "
    "LEFT JOIN coding c ON c.trace = i.trace AND c.week = i.week AND c.reviewer = ? WHERE i.week = ? ORDER BY i.position"
)
WEEKS = (
    "SELECT name, start_us, end_us, size, seed, kind, segments, anchor, taxonomy_version, created_us, population, late, "
    "untimed, closed_us FROM week"
)
PROGRESS = (
    "SELECT w.name, (SELECT count(*) FROM week_item i WHERE i.week = w.name), "
    "count(c.trace), coalesce(sum(c.verdict = 'fail'), 0), coalesce(sum(c.verdict = 'defer'), 0), max(c.submitted_us) "
    "FROM week w LEFT JOIN coding c ON c.week = w.name AND c.submitted_us IS NOT NULL AND c.reviewer = ? GROUP BY w.name"
)


class QueueRow(NamedTuple):
    """One item. ``verdict`` is what stands now; it counts once ``submitted_us`` is set. ``order`` counts from 1."""

    order: int
    trace: TraceId
    title: str
    name: str
    workflow: str | None
    native_id: str
    verdict: str | None
    submitted_us: int | None
    flagged: bool
    stratum: str
    pi: float
    purpose: str


class Progress(NamedTuple):
    """How far one reviewer is in a week: drawn, submitted, of them failed and deferred, and when last."""

    week: WeekName
    drawn: int
    submitted: int
    failed: int
    deferred: int
    last_us: int | None


def queue(reader: Reader, week: WeekName, reviewer: str) -> list[QueueRow]:
    """Return the items of a week in reading order."""
    return [
        QueueRow(
            order,
            TraceId(trace),
            title,
            name,
            workflow,
            native,
            verdict,
            submitted,
            bool(flagged),
            stratum,
            pi,
            purpose,
        )
        for order, trace, title, name, workflow, native, verdict, submitted, flagged, stratum, pi, purpose in reader.db.execute(
            QUEUE, (reviewer, week)
        )
    ]


def weeks(reader: Reader) -> list[Week]:
    """Return all weeks, the oldest period first."""
    return [_week(row) for row in reader.db.execute(f"{WEEKS} ORDER BY start_us, created_us, name")]


def week(reader: Reader, name: str) -> Week:
    """Return one week by its name.

    Raises:
        UsageError: there is none.
    """
    row = reader.db.execute(f"{WEEKS} WHERE name = ?", (name,)).fetchone()
    if row is None:
        names = [w.name for w in weeks(reader)]
        known = f"Weeks here: {', '.join(names)}." if names else "Draw one with: reviewer week new."
        raise UsageError(f"There is no week {name!r} here.", known)
    return _week(row)


def is_item(reader: Reader, week: WeekName, trace: TraceId) -> bool:
    """Return whether a trace was drawn into a week."""
    found = reader.db.execute("SELECT 1 FROM week_item WHERE week = ? AND trace = ?", (week, trace)).fetchone()
    return found is not None


def progress(reader: Reader, reviewer: str) -> dict[WeekName, Progress]:
    """Return how far a reviewer is in each week."""
    rows = (Progress(WeekName(name), *rest) for name, *rest in reader.db.execute(PROGRESS, (reviewer,)))
    return {row.week: row for row in rows}


def _week(row: tuple[object, ...]) -> Week:
    name, start, end, size, seed, kind, segments, anchor, version, created, population, late, untimed, closed = row
    plan = Plan(size, seed, kind, tuple(json.loads(str(segments))), anchor)  # type: ignore[arg-type]
    return Week(WeekName(str(name)), start, end, plan, version, created, population, late, untimed, closed)  # type: ignore[arg-type]
