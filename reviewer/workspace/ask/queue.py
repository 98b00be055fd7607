"""The queue of a week: its items in reading order, with what the reviewer has said of each."""

import json
from typing import TYPE_CHECKING, NamedTuple

from reviewer.errors import UsageError
from reviewer.model.ids import TraceId, WeekName
from reviewer.workspace.file import Reader, as_json

if TYPE_CHECKING:
    from reviewer.model.week import SamplingUnit, Week

# Where a week names its readers, an item belongs to those it was dealt to, and whoever is not named sees all. Where it
# names nobody but lets a share be read twice, the rest is done once somebody has submitted it. What one has begun stays.
OWN = """(
  i.readers = '[]' AND (w.overlap = 0 OR i.purpose NOT IN ('prob', 'certainty') OR NOT EXISTS (
    SELECT 1 FROM coding o WHERE o.week = i.week AND o.trace = i.trace AND o.reviewer != :reviewer
    AND o.submitted_us IS NOT NULL))
  OR instr(i.readers, :quoted) > 0
  OR w.readers != '[]' AND instr(w.readers, :quoted) = 0
  OR EXISTS (SELECT 1 FROM coding m WHERE m.week = i.week AND m.trace = i.trace AND m.reviewer = :reviewer)
)"""
QUEUE = f"""
SELECT i.trace, t.title, t.name, t.workflow, t.native_id, c.verdict, c.submitted_us, coalesce(c.flagged, 0), i.stratum, i.pi,
  i.purpose FROM week_item i JOIN week w ON w.name = i.week JOIN trace t ON t.id = i.trace
  LEFT JOIN coding c ON c.trace = i.trace AND c.week = i.week AND c.reviewer = :reviewer
  WHERE i.week = :week AND {OWN} ORDER BY i.position
"""  # noqa: S608
WEEKS = (
    "SELECT name, start_us, end_us, size, seed, kind, segments, anchor, taxonomy_version, created_us, population, late, "
    "untimed, closed_us, where_large, overlap, readers, unit FROM week"
)
PROGRESS = f"""
SELECT w.name, (SELECT count(*) FROM week_item i WHERE i.week = w.name AND {OWN}), count(c.trace),
  coalesce(sum(c.verdict = 'fail'), 0), coalesce(sum(c.verdict = 'defer'), 0), max(c.submitted_us)
  FROM week w LEFT JOIN coding c ON c.week = w.name AND c.submitted_us IS NOT NULL AND c.reviewer = :reviewer
  GROUP BY w.name
"""  # noqa: S608
GAPS = """
SELECT at_us - lag(at_us) OVER (PARTITION BY week, reviewer ORDER BY seq)
FROM (SELECT seq, week, reviewer, at_us FROM coding_event WHERE said = 'submit' ORDER BY seq DESC LIMIT ?)
"""
LAST_SUBMITS = 500
SESSIONS_TOLD = "Its rates are in the trends of sessions: reviewer trends --unit session."
FEWEST_GAPS = 3
READING_US = (2_000_000, 15 * 60 * 1_000_000)


class QueueRow(NamedTuple):
    """One item. ``verdict`` is what stands now; it counts once ``submitted_us`` is set.

    ``order`` is the place in the reviewer's own queue, from 1.
    """

    order: int
    trace: TraceId
    title: str
    name: str
    workflow: str | None
    native_id: str
    verdict: str | None
    submitted_us: int | None
    flagged: int
    """1 where the reviewer flagged it for discussion, else 0."""
    stratum: str
    pi: float
    purpose: str


class Progress(NamedTuple):
    """How far one reviewer is in a week: theirs to read, submitted, of them failed and deferred, and when last."""

    week: WeekName
    drawn: int
    submitted: int
    failed: int
    deferred: int
    last_us: int | None


def queue(reader: Reader, week: WeekName, reviewer: str) -> list[QueueRow]:
    """Return the items of a week that are a reviewer's to read, in reading order."""
    rows = reader.db.execute(QUEUE, {"week": week, **_named(reviewer)})
    return [QueueRow(place, *row) for place, row in enumerate(rows, 1)]


def weeks(reader: Reader, unit: "SamplingUnit | None" = None) -> "list[Week]":
    """Return all weeks, or those that draw one kind of unit, the oldest period first."""
    found = [_week(row) for row in reader.db.execute(f"{WEEKS} ORDER BY start_us, created_us, name")]
    return [week for week in found if unit in (None, week.plan.unit)]


def week(reader: Reader, name: str) -> "Week":
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


def draws_sessions(reader: Reader, week: WeekName) -> bool:
    """Return whether the items of a week are sessions."""
    return reader.db.execute("SELECT 1 FROM week WHERE name = ? AND unit = 'session'", (week,)).fetchone() is not None


def week_of_traces(reader: Reader, name: str) -> "Week":
    """Return one week of traces by its name: what is told of it would not hold for sessions.

    Raises:
        UsageError: there is none, or it draws sessions.
    """
    found = week(reader, name)
    if found.plan.unit != "trace":
        raise UsageError(f"{name} is a week of sessions, and this is told of traces.", SESSIONS_TOLD)
    return found


def is_item(reader: Reader, week: WeekName, trace: TraceId) -> bool:
    """Return whether a trace was drawn into a week."""
    found = reader.db.execute("SELECT 1 FROM week_item WHERE week = ? AND trace = ?", (week, trace)).fetchone()
    return found is not None


def progress(reader: Reader, reviewer: str) -> dict[WeekName, Progress]:
    """Return how far a reviewer is in each week."""
    rows = (Progress(WeekName(name), *rest) for name, *rest in reader.db.execute(PROGRESS, _named(reviewer)))
    return {row.week: row for row in rows}


def seconds_each(reader: Reader) -> int | None:
    """Return the median time between two submits of one reviewer in one week, in seconds; None where nothing tells.

    Longer gaps are breaks, and shorter ones were not read: a script submitted them.
    """
    gaps = sorted(
        gap
        for (gap,) in reader.db.execute(GAPS, (LAST_SUBMITS,))
        if gap is not None and READING_US[0] <= gap < READING_US[1]
    )
    return round(gaps[len(gaps) // 2] / 1_000_000) if len(gaps) >= FEWEST_GAPS else None


def _named(reviewer: str) -> dict[str, str]:
    return {"reviewer": reviewer, "quoted": as_json(reviewer)}


def _week(row: tuple[object, ...]) -> "Week":
    from reviewer.model.week import Plan, Week  # which the queue of a week that was named does without

    name, start, end, size, seed, kind, segments, anchor, version, created, population, late, untimed, closed = row[:14]
    large, overlap, readers, unit = row[14:]
    by, named = (tuple(json.loads(str(listed))) for listed in (segments, readers))
    plan = Plan(size, seed, kind, by, anchor, bool(large), overlap, named, unit)  # type: ignore[arg-type]
    return Week(WeekName(str(name)), start, end, plan, version, created, population, late, untimed, closed)  # type: ignore[arg-type]
