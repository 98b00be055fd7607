"""Tables: rows of CSV, Parquet or plain objects that no other format knows, by what their columns mean."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice
from pathlib import Path
from typing import Any

from reviewer.errors import BadInput
from reviewer.model.problem import Problem
from reviewer.model.trace import Trace
from reviewer.sources.building import Refused, build_each, what_it_is
from reviewer.sources.jsontext import Warn
from reviewer.sources.reading import Stored
from reviewer.sources.records import Found, Guess, Note, Progress, Value, unseen
from reviewer.sources.tables import delimited, parquet
from reviewer.sources.tables.columns import Columns, Role, Use, guess, header_key
from reviewer.sources.tables.rows import Row, Table

NAMES = ("table",)

EVERY_TABLE = ""
"""The key of what was said for every table of an import, whatever its columns."""

Said = Mapping[str, Mapping[str, Use]]
"""What a person said of columns, by the key of the header (``header_key``) or ``EVERY_TABLE``."""

_SAMPLE = 20
_TELLING: frozenset[Role] = frozenset({"user", "assistant", "messages", "contexts", "expected", "label"})


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table before it is read: its key, its columns with their use, and its first rows."""

    key: str
    columns: Columns
    sample: tuple[Row, ...] = field(default=())

    def is_spoken_of(self, said: Said) -> bool:
        """Return whether a person said what this table's columns mean: those of this header, or each one named."""
        everywhere = said.get(EVERY_TABLE, {})
        return self.key in said or (bool(everywhere) and set(everywhere) <= set(self.columns.uses))


def looks_like(head: Sequence[Value], name: str) -> Guess | None:
    """Return a guess if the values are objects with names by which a question, an answer or a label is known."""
    rows = [value.value for value in head if isinstance(value.value, dict)]
    columns = guess(_header(rows), rows)
    roles = {use.role for use in columns.uses.values()} & _TELLING
    if columns.makes_traces and len(roles) >= 2:
        return Guess("table", columns.why)
    return None


def read(stored: Stored, note: Note) -> Iterator[Found]:
    """Yield a trace for every row of a table of objects, or for every session where rows are its turns."""
    yield from read_objects(stored, note, {})


def read_objects(stored: Stored, note: Note, said: Said) -> Iterator[Found]:
    """Yield the traces of a table of JSON objects."""
    sheet = sheet_of_objects(stored, said)
    yield from _traces(stored.name, stored.values(note, checked=True), sheet, note)


def read_delimited(stored: Stored, layout: delimited.Layout, note: Note, said: Said) -> Iterator[Found]:
    """Yield the traces of a CSV file."""
    values = delimited.rows(stored, layout, note)
    first = list(islice(values, _SAMPLE))
    sheet = sheet_of(layout.header, first, said)
    yield from _traces(stored.name, chain(first, values), sheet, note)


def read_parquet(path: Path, name: str, note: Note, progress: Progress, said: Said) -> Iterator[Found]:
    """Yield the traces of a Parquet file."""
    header = parquet.header(path, name)
    values = parquet.rows(path, name, progress)
    first = list(islice(values, _SAMPLE))
    sheet = sheet_of(header, first, said)
    yield from _traces(name, chain(first, values), sheet, note)


def _header(rows: Iterable[Mapping[str, Any]]) -> list[str]:
    return list(dict.fromkeys(column for row in rows for column in row))


def sheet_of_objects(stored: Stored, said: Said) -> Sheet:
    """Return the table that JSON objects are, its columns being the keys of the first ones."""
    rows = [value for value in stored.head(_SAMPLE) if isinstance(value.value, dict)]
    return sheet_of(_header([row.value for row in rows]), rows, said)


def sheet_of(header: Sequence[str], values: Sequence[Value], said: Said) -> Sheet:
    """Return a table with the use of its columns: what a person said of them, else what they probably mean."""
    rows = tuple(value.value for value in values[:_SAMPLE])
    key = header_key(header)
    columns = guess(header, rows)
    everywhere = {column: use for column, use in said.get(EVERY_TABLE, {}).items() if column in columns.uses}
    if everywhere or key in said:
        columns = columns.changed({**said.get(key, {}), **everywhere})
    return Sheet(key, columns, rows)


def sheet_of_text(stored: Stored, layout: delimited.Layout, said: Said) -> Sheet:
    """Return the table that a text with delimiters is."""
    return sheet_of(layout.header, list(islice(delimited.rows(stored, layout, _untold), _SAMPLE)), said)


def sheet_of_parquet(path: Path, name: str, said: Said) -> Sheet:
    """Return the table that a Parquet file is."""
    return sheet_of(parquet.header(path, name), list(islice(parquet.rows(path, name, unseen), _SAMPLE)), said)


def _untold(problem: Problem) -> None:
    """Take a problem that is told when the table is read."""


def _traces(name: str, values: Iterable[Value], sheet: Sheet, note: Note) -> Iterator[Found]:
    if not sheet.columns.makes_traces:
        raise BadInput(
            f"no traces found in {name}: none of its columns ({', '.join(list(sheet.columns.uses)[:8])}) is known to "
            "hold what was said.",
            "Say which one does, for example --map COLUMN=user --map COLUMN=assistant.",
        )
    table = Table(sheet.columns, sheet.key)

    def build(held: Any, warn: Warn) -> Trace:
        rows = held if isinstance(held, list) else [held]
        if not isinstance(rows[0], dict):
            raise Refused(f"{what_it_is(rows[0])} is no row")
        return table.trace(rows, warn)

    if table.is_by_session:
        values = _by_session(values, table)
    yield from build_each(name, values, note, build)


def _by_session(values: Iterable[Value], table: Table) -> Iterable[Value]:
    """Return one value a session, in the order in which they begin; a row without a session stands alone."""
    sessions: dict[str, Value] = {}
    for place, value in enumerate(values):
        named = table.session(value.value) if isinstance(value.value, dict) else ""
        key = named or f"\0{place}"
        if key in sessions:
            sessions[key].value.append(value.value)
        else:
            sessions[key] = Value([value.value], value.line, value.member)
    return sessions.values()
