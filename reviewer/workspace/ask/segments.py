"""The workspace's own rules for segments, and of each trace what they are about: its attributes and its segments."""

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass

from reviewer.model.ids import TraceId
from reviewer.model.segment_rules import FIELD_NAMES, FIELDS, Rules, Values, checked
from reviewer.model.week import SEGMENTS
from reviewer.workspace.file import Reader, read_meta

RULES = "segment_rules"
TRACES_CHANGED = "traces_changed"
_FIRST_FIELD, _FIRST_SEGMENT = 3, 3 + len(FIELDS)
_FIRST_FOUND = _FIRST_SEGMENT + len(SEGMENTS)
TOLD = (
    f"SELECT t.n, t.id, t.title, {', '.join(f't.{name}' for name in FIELDS)}, "  # noqa: S608
    f"{', '.join(f't.{segment}' for segment in SEGMENTS)}, f.trace, {', '.join(f'f.{segment}' for segment in SEGMENTS)}, "
    "s.names, a.body FROM trace t LEFT JOIN attribute a ON a.trace = t.n LEFT JOIN attribute_names s ON s.id = a.names "
    "LEFT JOIN found_segments f ON f.trace = t.n "
    "WHERE t.forgotten_us IS NULL ORDER BY t.n"
)


@dataclass(frozen=True, slots=True)
class Told:
    """One trace: what it says of each segment now, what the program found by its own rules, and its attributes.

    ``attributes`` are those of ``FIELD_NAMES`` that it has, and, unless it was imported before they were kept
    (``keeps`` is False), the short values that came with it.
    """

    n: int
    id: TraceId
    title: str
    now: Values
    found: Values
    attributes: dict[str, str]
    keeps: bool


def rules(reader: Reader) -> Rules:
    """Return the rules of the workspace; none where all segments are found by the program's own."""
    return stored_rules(reader.db)


def stored_rules(db: sqlite3.Connection) -> Rules:
    """Return the rules that a file holds."""
    return checked(json.loads(read_meta(db, RULES, "{}")))


def traces_changed(reader: Reader) -> str:
    """Return a mark that is another one as soon as any trace was stored or forgotten."""
    return read_meta(reader.db, TRACES_CHANGED)


def told(reader: Reader) -> Iterator[Told]:
    """Yield every trace that was not forgotten, in the order of import."""
    read: dict[str, list[str]] = {}
    for row in reader.db.execute(TOLD):
        fields = zip(FIELD_NAMES, row[_FIRST_FIELD:_FIRST_SEGMENT], strict=True)
        attributes = {name: value for name, value in fields if value}
        names, body = row[-2:]
        if names is not None:
            if names not in read:
                read[names] = json.loads(names)
            attributes.update(zip(read[names], json.loads(body), strict=True))
        now = row[_FIRST_SEGMENT:_FIRST_FOUND]
        found = now if row[_FIRST_FOUND] is None else row[_FIRST_FOUND + 1 : -2]
        yield Told(row[0], TraceId(row[1]), row[2], now, found, attributes, names is not None)


def count(reader: Reader) -> int:
    """Return how many traces ``told`` yields."""
    number: int = reader.db.execute("SELECT count(*) FROM trace WHERE forgotten_us IS NULL").fetchone()[0]
    return number
