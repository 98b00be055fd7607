"""Write codings: add events, and keep the projection equal to their fold in the same transaction."""

import json
import sqlite3
from collections.abc import Iterable, Sequence
from typing import Any

from reviewer.model.calls import calls_from_json
from reviewer.model.coding import Anchor, Coding, CodingEvent, CodingKey, Said, Verdict, fold
from reviewer.model.ids import EventId, ModeId, TraceId, WeekName
from reviewer.workspace.file import Writer, as_json, read_meta

EVENT_COLUMNS = (
    "seq, id, press, device, trace, week, reviewer, said, value, taxonomy_version, content_hash, reading, at_us"
)
ADD = f"INSERT INTO coding_event ({EVENT_COLUMNS}) VALUES (NULL{', ?' * 12})"  # noqa: S608
KEY = "trace = ? AND week = ? AND reviewer = ?"
OF_KEY = f"SELECT {EVENT_COLUMNS} FROM coding_event WHERE {KEY} ORDER BY seq"  # noqa: S608
STANDING = "SELECT verdict, scores, submitted_us, flagged, taxonomy_version, body FROM coding"
REMOVE = f"DELETE FROM coding WHERE {KEY}"  # noqa: S608
PROJECT = "INSERT OR REPLACE INTO coding VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"


def add(writer: Writer, events: Sequence[CodingEvent]) -> set[TraceId]:
    """Add events in one transaction, with the projection of every key that they touch; return those traces."""
    by_key: dict[CodingKey, list[CodingEvent]] = {}
    for event in events:
        by_key.setdefault(event.key, []).append(event)
    with writer.change() as db:
        device = read_meta(db, "device")
        stood = {key: stored(db, key) for key in by_key}
        db.executemany(ADD, [_row(event, device) for event in events])
        for key, said in by_key.items():
            undoes = any(event.said is Said.UNDO for event in said)
            _put(db, key, fold(of_key(db, key)) if undoes else fold(said, stood[key]))
    return {key.trace for key in by_key}


def project(db: sqlite3.Connection, key: CodingKey) -> None:
    """Write the current coding of a key anew from all its events."""
    _put(db, key, fold(of_key(db, key)))


def _put(db: sqlite3.Connection, key: CodingKey, coding: Coding) -> None:
    if coding.is_empty:
        db.execute(REMOVE, (key.trace, key.week, key.reviewer))
    else:
        db.execute(PROJECT, projection(key, coding))


def stored(db: sqlite3.Connection, key: CodingKey) -> Coding:
    """Return what stands for one key now; an empty coding when nothing was said."""
    row = db.execute(f"{STANDING} WHERE {KEY}", (key.trace, key.week, key.reviewer)).fetchone()
    return coding_from(row) if row else Coding()


def coding_from(row: tuple[Any, ...]) -> Coding:
    """Return the coding that a row of ``STANDING`` holds."""
    verdict, scores, submitted_us, flagged, version, body = row
    more = json.loads(body)
    return Coding(
        verdict=Verdict(verdict) if verdict else None,
        modes={ModeId(mode): Anchor.from_json(anchor) for mode, anchor in more["modes"].items()},
        scores=json.loads(scores),
        note=more["note"],
        expected=more["expected"],
        first_failure=Anchor.from_json(more["first_failure"]),
        documents={int(n): label for n, label in more["documents"].items()},
        flagged=bool(flagged),
        proposed=tuple(more["proposed"]),
        submitted_us=submitted_us,
        taxonomy_version=version,
        content_hash=more["content_hash"],
        reading=more["reading"],
        expected_calls=calls_from_json(more.get("expected_calls")),
    )


def projection(key: CodingKey, coding: Coding) -> tuple[Any, ...]:
    """Return the row that stands for a coding."""
    return (
        key.trace, key.week, key.reviewer, coding.verdict, as_json(list(coding.modes)), as_json(coding.scores),
        coding.submitted_us, int(coding.flagged), coding.taxonomy_version, as_json(_body(coding)),
    )  # fmt: skip


def _body(coding: Coding) -> dict[str, Any]:
    # A coding without expected calls stands as it did before those were kept.
    calls = [call.as_json() for call in coding.expected_calls]
    return {
        **({"expected_calls": calls} if calls else {}),
        "modes": {mode: anchor.as_json() if anchor else None for mode, anchor in coding.modes.items()},
        "note": coding.note,
        "expected": coding.expected,
        "first_failure": coding.first_failure.as_json() if coding.first_failure else None,
        "documents": {str(n): label for n, label in coding.documents.items()},
        "proposed": list(coding.proposed),
        "content_hash": coding.content_hash,
        "reading": coding.reading,
    }


def of_key(db: sqlite3.Connection, key: CodingKey) -> list[CodingEvent]:
    """Return the events of one key, oldest first."""
    return [event(row) for row in db.execute(OF_KEY, (key.trace, key.week, key.reviewer))]


def event(row: tuple[Any, ...]) -> CodingEvent:
    """Return the event that a row of ``EVENT_COLUMNS`` holds."""
    seq, event_id, press, device, trace, week, reviewer, said, value, version, content_hash, reading, at_us = row
    return CodingEvent(
        EventId(event_id), press, CodingKey(TraceId(trace), WeekName(week), reviewer), Said(said), json.loads(value),
        version, content_hash, at_us, reading, seq, device,
    )  # fmt: skip


def _row(event: CodingEvent, device: str) -> tuple[Any, ...]:
    key = event.key
    return (
        event.id, event.press, event.device or device, key.trace, key.week, key.reviewer, event.said.value,
        as_json(event.value), event.taxonomy_version, event.content_hash, event.reading, event.at_us,
    )  # fmt: skip


def forget_words(writer: Writer, traces: Iterable[TraceId]) -> None:
    """Replace words that quote a trace (notes, expected answers and calls, proposed modes, quotes of anchors) by tombstones; the facts stay."""
    with writer.change() as db:
        db.execute("INSERT INTO forgetting VALUES (1)")
        keys: set[CodingKey] = set()
        for trace in traces:
            rows = db.execute(f"SELECT {EVENT_COLUMNS} FROM coding_event WHERE trace = ?", (trace,)).fetchall()  # noqa: S608
            for row in rows:
                said = event(row)
                keys.add(said.key)
                wordless = _without_words(said)
                if wordless.value != said.value:
                    db.execute("UPDATE coding_event SET value = ? WHERE seq = ?", (as_json(wordless.value), said.seq))
        for key in keys:
            project(db, key)
        db.execute("DELETE FROM forgetting")


def _without_words(said: CodingEvent) -> CodingEvent:
    match said.said:
        case Said.NOTE:
            return said._replace(value="")
        case Said.EXPECTED:
            return said._replace(value=None)
        case Said.EXPECTED_CALLS:
            return said._replace(value=[])
        case Said.MODE_ON:
            return said._replace(value={**said.value, "anchor": _bare(said.value.get("anchor"))})
        case Said.FIRST_FAILURE:
            return said._replace(value=_bare(said.value))
        case Said.PROPOSE:
            return said._replace(value={"title": ""})
        case _:
            return said


def _bare(stored: dict[str, Any] | None) -> dict[str, Any] | None:
    anchor = Anchor.from_json(stored)
    return anchor._replace(quote="", prefix="", suffix="").as_json() if anchor else None
