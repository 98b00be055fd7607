"""Write segments by the rules of the workspace: of traces that come in, and of all that are there."""

import sqlite3
from collections.abc import Sequence
from typing import Any

import orjson

from reviewer.errors import Expected
from reviewer.model.segment_rules import FIELD_NAMES, FIELDS, Rules, Values, values_by
from reviewer.model.week import SEGMENTS
from reviewer.workspace.ask.segments import RULES, TRACES_CHANGED
from reviewer.workspace.file import Writer, as_json, read_meta, write_meta
from reviewer.workspace.packing import TRACE_COLUMNS, Packed

_SEGMENTS = tuple(TRACE_COLUMNS.index(segment) for segment in SEGMENTS)
_FIELDS = tuple(TRACE_COLUMNS.index(name) for name in FIELDS)
_NAMES = ", ".join(SEGMENTS)
UPDATE = f"UPDATE trace SET {', '.join(f'{segment} = ?' for segment in SEGMENTS)} WHERE n = ?"  # noqa: S608
FOUND_AGAIN = (
    f"UPDATE trace SET ({_NAMES}) = (SELECT {_NAMES} FROM found_segments WHERE trace = :n) "  # noqa: S608
    "WHERE n = :n AND EXISTS (SELECT 1 FROM found_segments WHERE trace = :n)"
)
KEEP_FOUND = f"INSERT OR REPLACE INTO found_segments VALUES (?{', ?' * len(SEGMENTS)})"  # noqa: S608
DROP_FOUND = "DELETE FROM found_segments WHERE trace = ?"

Placed = tuple[int, Values, Values]
"""A trace by its row, what it says of each segment by some rules, and what the program found by its own."""


def by_rules(rules: Rules, packed: Packed) -> tuple[tuple[Any, ...], Values | None]:
    """Return the row of a packed trace with its segments by the rules, and those that were found where they differ."""
    row = packed.row
    found = segments_in(row)
    attributes = {name: row[at] for name, at in zip(FIELD_NAMES, _FIELDS, strict=True) if row[at]}
    attributes.update(zip(orjson.loads(packed.attribute_names), orjson.loads(packed.attribute_values), strict=True))
    values = values_by(rules, found, attributes)
    if values == found:
        return row, None
    changed = list(row)
    for at, value in zip(_SEGMENTS, values, strict=True):
        changed[at] = value
    return tuple(changed), found


def segments_in(row: tuple[Any, ...]) -> Values:
    """Return the segments of a row of ``TRACE_COLUMNS``."""
    return tuple(row[at] for at in _SEGMENTS)


def note_change(db: sqlite3.Connection) -> None:
    """Say that traces were stored or forgotten: what was worked out from all of them before is old."""
    write_meta(db, **{TRACES_CHANGED: str(int(read_meta(db, TRACES_CHANGED, "0")) + 1)})


def apply(writer: Writer, rules: Rules, placed: Sequence[Placed], as_of: str) -> None:
    """Set the rules, and the segments of the traces that they change, in one transaction.

    ``as_of`` is the mark ``traces_changed`` of the moment at which the traces were read.

    Raises:
        Expected: traces came in or were forgotten since then; nothing was changed.
    """
    with writer.change() as db:
        if read_meta(db, TRACES_CHANGED) != as_of:
            raise Expected(
                "Traces came in while the segments were worked out; nothing was changed.",
                "Wait until the import has ended, and apply the rules again.",
            )
        write_meta(db, **{RULES: as_json(rules)})
        db.executemany(UPDATE, ((*values, n) for n, values, _ in placed))
        db.executemany(DROP_FOUND, ((n,) for n, values, found in placed if values == found))
        db.executemany(KEEP_FOUND, ((n, *found) for n, values, found in placed if values != found))
