"""CSV and its kin: rows with the line that each began on, and one clear error for what is no table."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from reviewer.errors import BadInput
from reviewer.model.problem import Problem
from reviewer.sources.reading import Stored
from reviewer.sources.records import Note, Value
from reviewer.sources.unwrapping import StreamBroken

CELL_BYTES = 64 * 1024 * 1024
"""The largest cell; the library's own limit of 128 KB is less than a long conversation."""

APOSTROPHES = "apostrophe_added"
"""The column of a table made for spreadsheets that names, separated by semicolons, the columns of its row whose cells
got a leading apostrophe, so that no spreadsheet runs them."""

_DELIMITERS = (",", ";", "\t", "|")
_REMEDY = "Save the table as CSV in UTF-8, with one header line and a name for every column."


@dataclass(frozen=True, slots=True)
class Layout:
    """The header of a table, what parts its cells, and what it is written in."""

    header: tuple[str, ...]
    delimiter: str
    encoding: str = "utf-8"


def layout(name: str, head: bytes) -> Layout | None:
    """Return how a text is laid out as a table, or None where its first line names no columns.

    Raises:
        BadInput: it is a table whose header cannot be used: two columns of one name, or a column without one.
    """
    encoding = "utf-8"
    try:
        text = head.decode("utf-8")
    except UnicodeDecodeError as why:
        if why.reason != "unexpected end of data":  # the last character may be cut
            encoding = "cp1252"
        text = head.decode(encoding, "replace")
    first = text.splitlines()[0] if text.strip() else ""
    delimiter = max(_DELIMITERS, key=first.count)
    if not first.count(delimiter) or first[:1] in "{[":
        return None
    try:
        header = next(csv.reader([first], delimiter=delimiter, strict=True))
    except csv.Error:
        return None
    header = _with_index([cell.strip() for cell in header])
    _check(name, header)
    return Layout(tuple(header), delimiter, encoding)


def _with_index(header: list[str]) -> list[str]:
    """Return a header whose first column has a name of its own, where it is the index of a data frame.

    pandas writes an index without a name, or once more beside the column that it was made of, as Phoenix does.
    """
    is_again = header[0] == "context.span_id" and header.count(header[0]) > 1
    is_index = (is_again or not header[0]) and "index" not in header
    return ["index", *header[1:]] if is_index else header


def _check(name: str, header: list[str]) -> None:
    seen: dict[str, str] = {}
    for place, cell in enumerate(header, 1):
        if not cell:
            raise BadInput(f"{name}: column {place} has no name in the header (line 1).", _REMEDY)
        if (other := seen.setdefault(cell.casefold(), cell)) is not cell:
            raise BadInput(f"{name}: two columns are called {other!r} and {cell!r} in the header (line 1).", _REMEDY)


def rows(stored: Stored, found: Layout, note: Note) -> Iterator[Value]:
    """Yield the rows of a table as objects; a row of another length is noted as lost, and harms no other."""
    csv.field_size_limit(CELL_BYTES)
    lines = _Lines(stored, found.encoding)
    reader = csv.reader(lines, delimiter=found.delimiter, strict=True)
    width = len(found.header)
    started = 1
    try:
        for number, cells in enumerate(reader):
            line, started = started, reader.line_num + 1
            if number == 0 or not cells:
                continue
            if len(cells) != width:
                note(stored.problem(f"the row has {len(cells)} cells where the header has {width}", line))
                continue
            yield Value(_as_written(dict(zip(found.header, cells, strict=True))), line)
    except csv.Error as why:
        note(_told(stored, why, started))
    except (StreamBroken, UnicodeDecodeError) as why:
        note(stored.problem(f"{why}; the last whole row ends in line {started - 1}", started))


def _as_written(row: dict[str, str]) -> dict[str, str]:
    """Return a row without the apostrophes that our table for spreadsheets says it added; others are as they are."""
    if row.get(APOSTROPHES):
        for column in row[APOSTROPHES].split(";"):
            if column in row:
                row[column] = row[column].removeprefix("'")
        row[APOSTROPHES] = ""
    return row


def _told(stored: Stored, why: csv.Error, line: int) -> Problem:
    reason = str(why)
    if "unexpected end of data" in reason:
        reason = f"a quote opened in line {line} never closes: nothing after it can be read"
    elif "field larger than field limit" in reason:
        reason = f"a cell is larger than {CELL_BYTES // 2**20} MB"
    return stored.problem(reason, line)


class _Lines:
    """The lines of a stored text with their ends, whatever these are: a cell may hold others."""

    def __init__(self, stored: Stored, encoding: str) -> None:
        self._text = io.TextIOWrapper(io.BufferedReader(_Bytes(stored)), encoding=encoding, newline="", errors="strict")

    def __iter__(self) -> Iterator[str]:
        return iter(self._text)


class _Bytes(io.RawIOBase):
    """The chunks of a stored file as a stream."""

    def __init__(self, stored: Stored) -> None:
        self._chunks = stored.chunks()
        self._left = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill a buffer; 0 at the end."""
        while not self._left:
            chunk = next(self._chunks, None)
            if chunk is None:
                return 0
            self._left = chunk
        size = min(len(buffer), len(self._left))
        buffer[:size] = self._left[:size]
        self._left = self._left[size:]
        return size
