"""What is wrong with a workspace: the file, the index against the bodies, every text, and every coding against its events."""

from collections.abc import Iterator
from typing import Any

import zstandard

from reviewer.errors import Expected
from reviewer.model.coding import CodingEvent, CodingKey, fold
from reviewer.model.ids import TraceId
from reviewer.workspace.ask.search import index_is_whole
from reviewer.workspace.ask.transcript import open_transcript
from reviewer.workspace.codings import EVENT_COLUMNS, event, projection
from reviewer.workspace.file import Reader

SHOWN = 20
"""At most so many faults of one kind are listed."""

BODIES = (
    "SELECT t.id, t.n_tool_calls, t.n_documents, (SELECT count(*) FROM tool_call c WHERE c.trace = t.n), "
    "(SELECT count(*) FROM document d WHERE d.trace = t.n) FROM trace t JOIN head h ON h.trace = t.n"
)
WITHOUT_BODY = "SELECT id FROM trace WHERE forgotten_us IS NULL AND n NOT IN (SELECT trace FROM head) LIMIT ?"
BODIES_OF_NONE = "SELECT DISTINCT trace FROM segment WHERE trace NOT IN (SELECT n FROM trace) LIMIT ?"
ITEMS = (
    "SELECT i.week, i.stratum, i.stratum_drawn, count(*) FROM week_item i "
    "WHERE i.purpose NOT IN ('explore', 'calibration') GROUP BY i.week, i.stratum, i.stratum_drawn "
    "HAVING count(*) != i.stratum_drawn LIMIT ?"
)
EVENTS = f"SELECT {EVENT_COLUMNS} FROM coding_event ORDER BY seq"  # noqa: S608
GUARDS = ("coding_event_no_update", "coding_event_no_delete")

UNREADABLE = (zstandard.ZstdError, ValueError, KeyError, IndexError, TypeError, AttributeError, Expected)


def faults(reader: Reader) -> Iterator[str]:
    """Yield every fault as a sentence; none when all is well."""
    yield from (row[0] for row in reader.db.execute("PRAGMA integrity_check") if row[0] != "ok")
    if not index_is_whole(reader):
        yield "the text index does not hold the same traces as the bodies"
    yield from (f"the trace {row[0]} has no body" for row in reader.db.execute(WITHOUT_BODY, (SHOWN,)))
    yield from (f"a body of no trace: {row[0]}" for row in reader.db.execute(BODIES_OF_NONE, (SHOWN,)))
    yield from _unreadable(reader)
    for week, stratum, drawn, there in reader.db.execute(ITEMS, (SHOWN,)):
        yield f"the week {week} has {there} items of {stratum}, and {drawn} were drawn"
    yield from _without_guards(reader)
    yield from _codings(reader)


def _unreadable(reader: Reader) -> Iterator[str]:
    for own_id, *counted in reader.db.execute(BODIES).fetchall():
        try:
            transcript = open_transcript(reader, TraceId(own_id))
            whole = (
                all(len(transcript.text(i)) == transcript.block(i).chars for i in range(transcript.block_count))
                and counted[:2] == counted[2:]
            )
        except UNREADABLE:
            whole = False
        if not whole:
            yield f"the body of the trace {own_id} is damaged"


def _without_guards(reader: Reader) -> Iterator[str]:
    there = {row[0] for row in reader.db.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'")}
    if not there.issuperset(GUARDS):
        yield "the log of codings is not guarded against changes"


def _codings(reader: Reader) -> Iterator[str]:
    by_key: dict[CodingKey, list[CodingEvent]] = {}
    damaged: set[tuple[str, str, str]] = set()
    for row in reader.db.execute(EVENTS):
        try:
            said = event(row)
            by_key.setdefault(said.key, []).append(said)
        except UNREADABLE:
            damaged.add((row[4], row[5], row[6]))
            yield f"the coding event {row[0]} cannot be read"
    stored = {(row[0], row[1], row[2]): row for row in reader.db.execute("SELECT * FROM coding")}
    for key, events in by_key.items():
        names = (key.trace, key.week, key.reviewer)
        if stored.pop(names, None) != _expected(key, events) and names not in damaged:
            yield f"the coding of {key.trace} in {key.week} by {key.reviewer} differs from its events"
    for trace, week, reviewer in stored.keys() - damaged:
        yield f"the coding of {trace} in {week} by {reviewer} has no events"


def _expected(key: CodingKey, events: list[CodingEvent]) -> tuple[Any, ...] | None:
    try:
        coding = fold(events)
    except UNREADABLE:
        return ()
    return None if coding.is_empty else projection(key, coding)


def sizes(reader: Reader) -> tuple[int, int, int]:
    """Return how many traces, coding events and codings that were ever submitted there are."""
    row = reader.db.execute(
        "SELECT (SELECT count(*) FROM trace), (SELECT count(*) FROM coding_event), (SELECT count(*) FROM "
        "(SELECT DISTINCT week, reviewer, trace FROM coding_event WHERE said = 'submit'))"
    ).fetchone()
    return row[0], row[1], row[2]
