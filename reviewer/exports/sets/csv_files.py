"""CSV: one table for programs, byte for byte, and one that is safe to open in a spreadsheet."""

import csv
import io
import json
from collections.abc import Iterable
from typing import Any

from reviewer.exports.sets.canonical import Row, SetAbout
from reviewer.exports.sets.losses import Losses
from reviewer.exports.sets.writing import Folder
from reviewer.sources.tables.delimited import APOSTROPHES

LOSES = (
    "Anchors, first failures and document labels stay in the workspace.",
    "A table has no types: lists, objects and conversations are JSON in a cell, nothing and an empty text look alike.",
)
SAFE = "dataset.spreadsheet.csv"
LONG_CELL = 32_767
LONG = "Cells longer than a spreadsheet takes (32,767 characters)"
QUOTED = "Cells of the spreadsheet's table that got a leading apostrophe, because a spreadsheet would run them"
RUN = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", "'")
"""How a cell begins that a spreadsheet may run; an apostrophe too, so that one can always be taken away again."""

COLUMNS = (
    "example_id", "trace_id", "session_id", "split", "input", "output", "expected", "verdict", "failure_modes",
    "scores", "critique", "retrieved_contexts", "messages", "output_tool_calls", "expected_tool_calls", "tools", "prompt_version", "model", "tags",
    "provenance",
)  # fmt: skip


def write(rows: Iterable[Row], folder: Folder, about: SetAbout, lost: Losses) -> None:
    """Write ``dataset.csv`` for programs and ``dataset.spreadsheet.csv`` for people.

    The latter has one more column, which names the cells of a row that got an apostrophe: the importer takes it away.
    """
    with folder.lines("dataset.csv") as plain, folder.lines(SAFE) as safe:
        for number, row in enumerate(rows):
            if number == 0:
                plain.head(_line(COLUMNS))
                safe.head(_line((*COLUMNS, APOSTROPHES)))
            cells = flat(row)
            quoted = [name for name, cell in cells.items() if is_run(cell)]
            lost.pieces[LONG] += sum(len(cell) > LONG_CELL for cell in cells.values())
            lost.pieces[QUOTED] += len(quoted)
            plain.write(_line(cells.values()))
            shown = [f"'{cell}" if name in quoted else cell for name, cell in cells.items()]
            safe.write(_line([*shown, ";".join(quoted)]))


def flat(row: Row) -> dict[str, str]:
    """Return a record as cells."""
    return {name: _cell(row[name]) for name in COLUMNS}


def is_run(cell: str) -> bool:
    """Return whether a spreadsheet may take a cell for a formula: after spaces, too."""
    return cell.lstrip(" ").startswith(RUN)


def _cell(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _line(cells: Iterable[str]) -> bytes:
    out = io.StringIO(newline="")
    # Everything quoted: by itself the library leaves a lone carriage return bare, which ends the row for readers.
    csv.writer(out, lineterminator="\n", quoting=csv.QUOTE_ALL).writerow(cells)
    return out.getvalue().encode()
