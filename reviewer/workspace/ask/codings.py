"""What was said: the events of a reviewer, and the current codings."""

from typing import Any, NamedTuple

from reviewer.model.coding import Coding, CodingEvent, CodingKey
from reviewer.model.ids import TraceId, WeekName
from reviewer.workspace.codings import EVENT_COLUMNS, coding_from, event, stored
from reviewer.workspace.file import Reader

CODINGS = (
    "SELECT c.trace, t.native_id, c.week, c.reviewer, c.verdict, c.scores, c.submitted_us, c.flagged, c.taxonomy_version, "
    "c.body FROM coding c LEFT JOIN trace t ON t.id = c.trace"
)


class CodingRow(NamedTuple):
    """One current coding with the native id of its trace."""

    key: CodingKey
    native_id: str
    coding: Coding


def reviewer_events(reader: Reader, week: WeekName, reviewer: str) -> list[CodingEvent]:
    """Return all events of a reviewer in a week, oldest first: what undo walks through."""
    sql = f"SELECT {EVENT_COLUMNS} FROM coding_event WHERE week = ? AND reviewer = ? ORDER BY seq"  # noqa: S608
    return [event(row) for row in reader.db.execute(sql, (week, reviewer))]


def all_events(reader: Reader) -> list[CodingEvent]:
    """Return the whole log, oldest first."""
    return [event(row) for row in reader.db.execute(f"SELECT {EVENT_COLUMNS} FROM coding_event ORDER BY seq")]  # noqa: S608


def codings(reader: Reader, week: str | None = None, submitted: bool = False) -> list[CodingRow]:
    """Return the current codings, of one week or of all, by week, trace and reviewer."""
    where = " AND ".join(
        [*(["c.week = ?"] if week else []), *(["c.submitted_us IS NOT NULL"] if submitted else []), "1"]
    )
    sql = f"{CODINGS} WHERE {where} ORDER BY c.week, c.trace, c.reviewer"
    return [_row(row) for row in reader.db.execute(sql, (week,) if week else ())]


def coding_of(reader: Reader, key: CodingKey) -> Coding:
    """Return what stands for one key now; an empty coding when nothing was said."""
    return stored(reader.db, key)


def _row(row: tuple[Any, ...]) -> CodingRow:
    trace, native_id, week, reviewer, *rest = row
    return CodingRow(CodingKey(TraceId(trace), WeekName(week), reviewer), native_id or "", coding_from(tuple(rest)))
