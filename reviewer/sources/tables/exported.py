"""Tables that services export: each row as the record that the same service writes as JSON.

Data frames of Phoenix spread a span over columns with dots, searches of MLflow a trace; others only write objects and
lists as text. What a row means is then the business of the service's own format.
"""

import math
import re
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from reviewer.sources.assemble.unjson import unjson
from reviewer.sources.jsontext import printable
from reviewer.sources.reading import Stored
from reviewer.sources.records import Note, Progress, Value, unseen
from reviewer.sources.tables import delimited, parquet

Rows = Callable[[Note, Progress], Iterator[Value]]
"""Starts a reading of the rows."""

_ATTRIBUTES = "attributes."
_CONTEXT = ("context.trace_id", "context.span_id")
_TEXTS = (".input.value", ".output.value", ".json_schema", ".invocation_parameters")
"""Columns of attributes that are texts by convention, also where they hold JSON."""
_NUMBERS = re.compile(r"(?i)(?:tokens|cost|usage|latency|duration|count)$|token_count\.|\.cost\.")
_DEPTH = 40
_REPR_LIMIT = 1_000_000
_TOKENS = re.compile(
    r"""'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|(?P<gap>\}\s+(?=\{))|(?P<array>\barray\()|(?P<end>,\s*dtype=\w+\))"""
    r"""|(?P<nan>\bnan\b)""",
    re.DOTALL,
)


class Exported(Stored):
    """A table of records; its values are objects as the service's JSON has them."""

    def __init__(self, name: str, rows: Rows, progress: Progress = unseen, member: str | None = None) -> None:
        super().__init__(name, lambda progress: iter(()), progress, member)
        self._rows = rows

    def values(self, note: Note, *, checked: bool, nan_as_text: bool = False, exact: bool = True) -> Iterator[Value]:
        """Yield the rows as records; how they are to be read as JSON makes no difference."""
        for row in self._rows(note, self._report):
            yield Value(record(row.value), row.line, row.member)

    def head(self, most: int = 5) -> list[Value]:
        """Return the first records, without noting anything."""
        return list(islice(self.values(lambda problem: None, checked=False), most))

    def first_bytes(self) -> bytes:
        """Return what the first record would begin with as JSON."""
        return b"{}"


def of_text(stored: Stored, layout: delimited.Layout) -> Exported:
    """Return the records of a text with delimiters."""
    return Exported(stored.name, lambda note, progress: delimited.rows(stored, layout, note), member=stored.member)


def of_parquet(path: Path, progress: Progress = unseen) -> Exported:
    """Return the records of a Parquet file."""
    name = printable(path.name)
    return Exported(name, lambda note, progress: parquet.rows(path, name, progress), progress)


def record(row: dict[str, Any]) -> dict[str, Any]:
    """Return the record that a row stands for."""
    cells = {column: _cell(column, value) for column, value in row.items()}
    if cells.get(_CONTEXT[1]) is not None:
        return _span(cells)
    if "trace_id" in cells or "request_id" in cells:
        return _search(cells)
    return cells


def _cell(column: str, value: Any) -> Any:
    """Return what a cell holds: lists and objects however they were written, numbers in columns of numbers."""
    if isinstance(value, float) and math.isnan(value):
        return None
    if not isinstance(value, str):
        return _without_nothing(value, _DEPTH)
    if not value:
        return None
    if value[0] in "[{" and not column.endswith(_TEXTS):
        return decoded(value)
    if _NUMBERS.search(column):
        try:
            number = float(value)
        except ValueError:
            return value
        return int(number) if number.is_integer() else number if math.isfinite(number) else None
    return value


def decoded(text: str) -> Any:
    """Return the list or object that a text writes as JSON, as Python or as numpy prints it; else the text.

    numpy parts the objects of a list by blanks alone, and calls lists within them arrays.
    """
    value = unjson(text)
    if value is not text or len(text) > _REPR_LIMIT:
        return value
    plain = _TOKENS.sub(_as_python, text)
    return text if (value := unjson(plain)) is plain else value


def _as_python(found: re.Match[str]) -> str:
    return {"gap": "}, ", "array": "(", "end": ")", "nan": "None", None: found.group()}[found.lastgroup]


def _without_nothing(value: Any, depth: int) -> Any:
    """Return a value without the keys that hold nothing: a column of objects has the keys of all its rows in each."""
    if depth == 0:
        return value
    if isinstance(value, dict):
        return {key: _without_nothing(one, depth - 1) for key, one in value.items() if one is not None}
    if isinstance(value, list):
        return [_without_nothing(one, depth - 1) for one in value]
    return value


def _span(cells: dict[str, Any]) -> dict[str, Any]:
    """Return a row of a Phoenix data frame as Phoenix writes the span."""
    span = {k: v for k, v in cells.items() if not k.startswith(_ATTRIBUTES) and k not in _CONTEXT and v is not None}
    span["context"] = {key.partition(".")[2]: cells.get(key) for key in _CONTEXT}
    span["attributes"] = {
        column.removeprefix(_ATTRIBUTES): value
        for column, value in cells.items()
        if column.startswith(_ATTRIBUTES) and value is not None
    }
    return span


def _search(cells: dict[str, Any]) -> dict[str, Any]:
    """Return a row of an MLflow search as the trace that it holds; any other row as it is."""
    if not isinstance(cells.get("spans"), list) or isinstance(cells.get("trace"), dict):
        return cells
    names = {
        "trace_id": ("trace_id", "request_id"), "request_time": ("request_time", "timestamp_ms"),
        "state": ("state", "status"), "trace_metadata": ("trace_metadata", "request_metadata"),
        "tags": ("tags",), "assessments": ("assessments",),
    }  # fmt: skip
    info = {name: next((cells[k] for k in keys if cells.get(k) is not None), None) for name, keys in names.items()}
    return {"info": {k: v for k, v in info.items() if v is not None}, "data": {"spans": cells["spans"]}}
