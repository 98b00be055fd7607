"""Write traces: insert, update and compare packed traces, keep the record of an import, and forget."""

import contextlib
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson
import zstandard

from reviewer.model.ids import TraceId
from reviewer.model.problem import Problem
from reviewer.model.segment_rules import Values
from reviewer.workspace import segments
from reviewer.workspace.ask.segments import stored_rules
from reviewer.workspace.file import Writer, said_plainly
from reviewer.workspace.packing import TRACE_COLUMNS, Packed, compressor, words_of

_COLUMNS = ", ".join(TRACE_COLUMNS)
_STARTED = TRACE_COLUMNS.index("started_us")
_BASIS = TRACE_COLUMNS.index("time_basis")
_TOOLS = TRACE_COLUMNS.index("tools_hash")
_FORMAT = TRACE_COLUMNS.index("format")
_MESSAGES = TRACE_COLUMNS.index("n_messages")
INSERT_TRACE = (
    f"INSERT INTO trace ({_COLUMNS}, run, file, line, member) VALUES ({', '.join('?' * (len(TRACE_COLUMNS) + 4))})"  # noqa: S608
)
UPDATE_TRACE = f"UPDATE trace SET {', '.join(f'{c} = ?' for c in TRACE_COLUMNS)}, run = ?, file = ?, line = ?, member = ? WHERE n = ?"  # noqa: S608
FIND = (
    "SELECT id, n, content_hash, run, file, line, member, started_us, time_basis, forgotten_us FROM trace WHERE id = ?"
)
STORED_SIZES = (
    "SELECT n_messages, (SELECT count(*) FROM tool_call c WHERE c.trace = t.n), "
    "(SELECT count(*) FROM document d WHERE d.trace = t.n), (SELECT count(*) FROM score s WHERE s.trace = t.n) "
    "FROM trace t WHERE t.n = ?"
)
# A reason may quote a few characters of the record that it is about.
FORGET_PROBLEMS = (
    "DELETE FROM problem WHERE rowid IN (SELECT p.rowid FROM problem p JOIN trace t ON t.n = ? JOIN import_file f ON "
    "f.id = t.file WHERE p.file = f.path AND (p.line = t.line OR p.member = t.member))"
)
INSERT_PART = {
    "head": "INSERT INTO head VALUES (?, ?)",
    "segment": "INSERT INTO segment VALUES (?, ?, ?)",
    "tool_call": f"INSERT INTO tool_call VALUES ({', '.join('?' * 11)})",  # noqa: S608
    "document": f"INSERT INTO document VALUES ({', '.join('?' * 13)})",  # noqa: S608
    "score": f"INSERT INTO score VALUES ({', '.join('?' * 11)})",  # noqa: S608
    "hint": "INSERT OR IGNORE INTO hint VALUES (?, ?, ?, ?)",
    "retrieval": "INSERT INTO retrieval VALUES (?, ?, ?, ?)",
    "attribute": "INSERT OR REPLACE INTO attribute VALUES (?, ?, ?)",
    "found_segments": segments.KEEP_FOUND,
}
FIND_ATTRIBUTES = "SELECT s.names, a.body FROM attribute a JOIN attribute_names s ON s.id = a.names WHERE a.trace = ?"
INSERT_TOOLS = "INSERT OR IGNORE INTO tool_set VALUES (?, ?)"
INSERT_WORDS = "INSERT INTO text_index (rowid, body) VALUES (?, ?)"


@dataclass(slots=True)
class Stored:
    """What became of a batch."""

    imported: int = 0
    updated: int = 0
    unchanged: int = 0
    messages: int = 0
    tool_calls: int = 0
    documents: int = 0
    scores: int = 0
    problems: list[Problem] = field(default_factory=list)
    changed: set[TraceId] = field(default_factory=set)
    formats: dict[str, int] = field(default_factory=dict)


@dataclass(slots=True)
class Origin:
    """Which run and file a batch comes from, and the time that stands in where a trace has none."""

    run: int
    file: int
    path: str
    now_us: int
    met: dict[int, str] = field(default_factory=dict)
    """Where in this file a trace stands that was met and not imported, by its row; an imported one knows it itself."""
    before: dict[int, tuple[bytes, int]] = field(default_factory=dict)
    """Of a trace that this run updated: its content hash before, and how often it was counted as updated, by its row.

    All files of a run share it.
    """


def store(writer: Writer, batches: Iterable[tuple[Sequence[Packed], Origin]]) -> list[Stored]:
    """Store batches of traces in one transaction and say what became of each batch.

    A trace that is there with the same content is unchanged. With other content it is updated, and its codings stay
    with it. The same id twice in one file with other content is a conflict: the first is kept and both are named.
    """
    told = []
    with writer.change() as db:
        parts = _Parts(db)
        for batch, origin in batches:
            stored = Stored()
            for packed in batch:
                _store_one(db, packed, origin, stored, parts)
            told.append(stored)
        parts.write()
        segments.note_change(db)
    # Otherwise the log of a large import grows as large as the file, and is moved into it when all wait for the end.
    with contextlib.suppress(sqlite3.Error):
        writer.db.execute("PRAGMA wal_checkpoint(PASSIVE)")
    return told


class _Parts:
    """The rows and words of new traces, held back and written table by table, which takes half the time."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self.db = db
        self.rules = stored_rules(db)
        self._squeeze = compressor()
        self._name_sets: dict[str, int] = {}
        self._rows: dict[str, list[tuple[object, ...]]] = {table: [] for table in INSERT_PART}
        self._words: list[tuple[int, str]] = []
        self._tools: dict[str, str] = {}

    def offer(self, packed: Packed) -> None:
        """Take the tools that a trace offered, also of one that is here already: an older import did not keep them."""
        if packed.tools and packed.row[_TOOLS]:
            self._tools.setdefault(packed.row[_TOOLS], packed.tools)

    def by_rules(self, packed: Packed) -> tuple[tuple[Any, ...], Values | None]:
        """Return a trace's row as the workspace's rules have it, and its segments as they were found, if others."""
        return segments.by_rules(self.rules, packed) if self.rules else (packed.row, None)

    def add(self, n: int, packed: Packed, found: Values | None) -> None:
        """Take the parts of the trace in row ``n``, and its segments as they were found, if rules say others."""
        rows = self._rows
        rows["head"].append((n, self._squeeze(packed.head)))
        rows["segment"] += [(n, grp, self._squeeze(group)) for grp, group in enumerate(packed.groups)]
        for table, own in (
            ("tool_call", packed.calls),
            ("document", packed.documents),
            ("score", packed.scores),
            ("hint", packed.hints),
            ("retrieval", packed.retrievals),
        ):
            rows[table] += [(n, *row) for row in own]
        self.add_attributes(n, packed, found)
        self._words.append((n, words_of(packed.labels, map(orjson.loads, packed.groups))))

    def add_attributes(self, n: int, packed: Packed, found: Values | None) -> None:
        """Take what segments can be found in of the trace in row ``n``."""
        self._rows["attribute"].append((n, self._name_set(packed.attribute_names), packed.attribute_values))
        if found is not None:
            self._rows["found_segments"].append((n, *found))

    def _name_set(self, names: str) -> int:
        number = self._name_sets.get(names)
        if number is None:
            row = self.db.execute("SELECT id FROM attribute_names WHERE names = ?", (names,)).fetchone()
            if row is None:
                made = self.db.execute("INSERT INTO attribute_names (names) VALUES (?)", (names,))
                row = (made.lastrowid,)
            number = self._name_sets[names] = int(row[0])
        return number

    def write(self) -> None:
        """Write what is held."""
        for table, rows in self._rows.items():
            self.db.executemany(INSERT_PART[table], rows)
            rows.clear()
        self.db.executemany(INSERT_WORDS, self._words)
        self._words.clear()
        self.db.executemany(INSERT_TOOLS, self._tools.items())
        self._tools.clear()


def _store_one(db: sqlite3.Connection, packed: Packed, origin: Origin, stored: Stored, parts: _Parts) -> None:
    row = db.execute(FIND, (packed.id,)).fetchone()
    new_hash = packed.content_hash
    parts.offer(packed)
    if row is None:
        values, found = parts.by_rules(packed)
        cursor = db.execute(INSERT_TRACE, _values(packed, values, new_hash, origin, None))
        parts.add(int(cursor.lastrowid or 0), packed, found)
        stored.imported += 1
        _count(stored, packed)
        return
    _, n, content_hash, run, file, line, member, started_us, basis, forgotten_us = row
    if run == origin.run and file == origin.file:
        origin.met.setdefault(n, _place(line, member))
    first = origin.met.get(n)
    if forgotten_us is not None:
        stored.unchanged += not packed.replaces_earlier
        reason = "this trace was forgotten here and stays so"
        stored.problems.append(Problem(origin.path, reason, packed.line, packed.member, lost=False))
    elif content_hash == new_hash:
        stored.unchanged += not packed.replaces_earlier
        origin.met.setdefault(n, _place(packed.line, packed.member))
        if first is None:
            _renew_attributes(db, n, packed, stored, parts)
    elif run != origin.run and _says_less(db, n, packed):
        stored.unchanged += not packed.replaces_earlier
    elif first is not None and not packed.replaces_earlier:
        reason = f"the id of {first} again, with other content; the first one was kept"
        stored.problems.append(Problem(origin.path, reason, packed.line, packed.member))
    else:
        parts.write()  # what it replaces may be held still
        if run == origin.run:
            _count_no_more(db, n, stored)
        _remove_parts(db, n)
        kept_time = started_us if basis == "import" else None
        values, found = parts.by_rules(packed)
        db.execute(UPDATE_TRACE, (*_values(packed, values, new_hash, origin, kept_time), n))
        parts.add(n, packed, found)
        was, times = origin.before.get(n, (content_hash, 0))
        if packed.replaces_earlier and times and was == new_hash:
            # The parts that were given first looked like changes; the whole is what was here all along.
            stored.updated -= times
            stored.unchanged += times
            return
        if first is None:
            stored.updated += 1
            if times or run != origin.run:
                origin.before[n] = was, times + 1
        _count(stored, packed)


def _says_less(db: sqlite3.Connection, n: int, packed: Packed) -> bool:
    """Return whether a trace is the stored one without its scores, out of a format that has none: a bare transcript."""
    if packed.scores:
        return False
    has_scores = "SELECT format FROM trace WHERE n = ? AND EXISTS (SELECT 1 FROM score s WHERE s.trace = trace.n)"
    row = db.execute(has_scores, (n,)).fetchone()
    if row is None or row[0] == packed.row[_FORMAT]:
        return False
    return words_of(packed.labels, map(orjson.loads, packed.groups)) == stored_words(db, n)


def _renew_attributes(db: sqlite3.Connection, n: int, packed: Packed, stored: Stored, parts: _Parts) -> None:
    """Keep the attributes of a trace whose content is here already: an older import has none, another export others."""
    if db.execute(FIND_ATTRIBUTES, (n,)).fetchone() == (packed.attribute_names, packed.attribute_values):
        return
    row, found = parts.by_rules(packed)
    db.execute(segments.UPDATE, (*segments.segments_in(row), n))
    db.execute(segments.DROP_FOUND, (n,))
    parts.add_attributes(n, packed, found)
    stored.changed.add(packed.id)


def _count_no_more(db: sqlite3.Connection, n: int, stored: Stored) -> None:
    """Take back what this run counted of a trace that it now replaces."""
    row = db.execute(STORED_SIZES, (n,)).fetchone()
    for name, size in zip(("messages", "tool_calls", "documents", "scores"), row, strict=True):
        setattr(stored, name, getattr(stored, name) - size)


def _place(line: int | None, member: str | None) -> str:
    return f"line {line}" if line is not None else (member or "an earlier record")


def _count(stored: Stored, packed: Packed) -> None:
    stored.changed.add(packed.id)
    stored.messages += packed.row[_MESSAGES]
    stored.tool_calls += len(packed.calls)
    stored.documents += len(packed.documents)
    stored.scores += len(packed.scores)


def _values(
    packed: Packed, row: tuple[Any, ...], content_hash: bytes, origin: Origin, kept_time: int | None
) -> tuple[object, ...]:
    if row[_STARTED] is None:
        stand_in = origin.now_us if kept_time is None else kept_time
        row = (*row[:_STARTED], stand_in, "import", *row[_BASIS + 1 :])
    return (*row, content_hash, origin.run, origin.file, packed.line, packed.member)


def _remove_parts(db: sqlite3.Connection, n: int) -> None:
    # The index holds no copy of the text: it forgets words when it is given the same words again.
    db.execute("INSERT INTO text_index (text_index, rowid, body) VALUES ('delete', ?, ?)", (n, stored_words(db, n)))
    for table in INSERT_PART:
        db.execute(f"DELETE FROM {table} WHERE trace = ?", (n,))  # noqa: S608


def stored_words(db: sqlite3.Connection, n: int) -> str:
    """Return what the index holds of a stored trace, made anew from its head and segments."""
    expand = zstandard.ZstdDecompressor().decompress
    head = orjson.loads(expand(db.execute("SELECT body FROM head WHERE trace = ?", (n,)).fetchone()[0]))
    rows = db.execute("SELECT body FROM segment WHERE trace = ? ORDER BY grp", (n,))
    return words_of(head["labels"], [orjson.loads(expand(body)) for (body,) in rows])


def begin_run(writer: Writer) -> int:
    """Note that an import has begun and return its number."""
    with writer.change() as db:
        cursor = db.execute("INSERT INTO import_run (started_us, state) VALUES (?, 'running')", (writer.clock(),))
    return int(cursor.lastrowid or 0)


def begin_file(writer: Writer, run: int, path: str) -> int:
    """Note which file a run reads and return its number."""
    with writer.change() as db:
        cursor = db.execute("INSERT INTO import_file (run, path) VALUES (?, ?)", (run, path))
    return int(cursor.lastrowid or 0)


def end_run(writer: Writer, run: int, state: str, report: str, problems: Sequence[Problem]) -> None:
    """Keep how an import ended (``done``, ``cancelled`` or ``broken``), its counts as JSON, and its problems.

    The problems stand in their own table alone, where forgetting finds them.
    """
    with writer.change() as db:
        db.execute(
            "UPDATE import_run SET finished_us = ?, state = ?, report = ? WHERE id = ?",
            (writer.clock(), state, report, run),
        )
        db.executemany(
            "INSERT INTO problem VALUES (?, ?, ?, ?, ?, ?)",
            [(run, p.file, p.line, p.member, p.reason, int(p.lost)) for p in problems],
        )


def forget(writer: Writer, ids: Sequence[TraceId]) -> None:
    """Erase the text of traces: bodies, index, payload rows and names go; ids, times and counts stay."""
    with writer.change() as db:
        for own_id in ids:
            row = db.execute("SELECT n FROM trace WHERE id = ? AND forgotten_us IS NULL", (own_id,)).fetchone()
            if row is None:
                continue
            # An attribute that was made a segment may name a person.
            db.execute(segments.FOUND_AGAIN, {"n": row[0]})
            _remove_parts(db, row[0])
            db.execute(FORGET_PROBLEMS, (row[0],))
            db.execute(
                "UPDATE trace SET name = '', title = '', error_message = NULL, session_id = NULL, user_id = NULL, "
                "content_hash = x'', member = NULL, forgotten_us = ? WHERE n = ?",
                (writer.clock(), row[0]),
            )
        db.execute("DELETE FROM attribute_names WHERE id NOT IN (SELECT names FROM attribute)")
        segments.note_change(db)
        # Deleted words linger in the index's older levels until they are merged.
        db.execute("INSERT INTO text_index (text_index) VALUES ('optimize')")


def compact(writer: Writer) -> bool:
    """Rewrite the file without its free pages, so that what was deleted is in none of them.

    Returns whether it came to that: another program that reads an old state keeps it.
    """
    with said_plainly(writer.path):
        writer.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        writer.db.execute("VACUUM")
        return not writer.db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
