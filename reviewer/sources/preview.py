"""What a file would give, before anything is written: its format, its columns, how many records, and one transcript.

A preview reads the beginning of a file only: at most ``MOST_RECORDS`` records, for at most ``MOST_SECONDS``. What it
shows of them is cut, so that it may travel between processes.
"""

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from reviewer import sources
from reviewer.errors import Expected
from reviewer.model.problem import Problem
from reviewer.model.segment_rules import FIELD_NAMES, FIELDS, Rules, values_by
from reviewer.model.trace import Message, Score, ToolCall, Trace
from reviewer.model.week import SEGMENTS
from reviewer.sources.formats.table import Said, Sheet
from reviewer.sources.jsontext import printable
from reviewer.sources.records import unseen
from reviewer.sources.tables.cells import as_text

MOST_RECORDS = 200
MOST_SECONDS = 2.0
_TURNS, _DOCUMENTS, _SCORES, _CELLS, _PROBLEMS, _COLUMNS = 40, 10, 20, 3, 5, 500
_LONG, _SHORT = 1200, 120


@dataclass(frozen=True, slots=True)
class ColumnPreview:
    """One column of a table: its use as ``parse_use`` reads it, and what stands in its first cells."""

    name: str
    use: str
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TablePreview:
    """The columns of a table; ``key`` tells tables with the same columns, ``why`` says where the uses come from."""

    key: str
    why: str
    columns: tuple[ColumnPreview, ...]


@dataclass(frozen=True, slots=True)
class Turn:
    """One message: who says it (a role, and a name where there is one), and the text with the calls it makes."""

    role: str
    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Example:
    """One trace as its reader would see it: the main thread, documents, scores, and what it says about itself."""

    native_id: str
    turns: tuple[Turn, ...]
    more_turns: int
    documents: tuple[str, ...]
    scores: tuple[str, ...]
    facts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Preview:
    """What a file would give. ``refusal`` says why it would give nothing; then there is no example.

    ``records`` were read, ``lost`` of them could not be taken. ``is_whole`` says whether that is the whole file.
    """

    path: str
    format: str = ""
    why: str = ""
    records: int = 0
    lost: int = 0
    is_whole: bool = False
    table: TablePreview | None = None
    example: Example | None = None
    problems: tuple[Problem, ...] = ()
    refusal: str = ""
    labels: tuple[str, ...] = ()
    """Names of what people said of the records; codings can be made of it once they are in."""

    def as_json(self) -> dict[str, Any]:
        """Return the preview as the command line prints it."""
        table, example = self.table, self.example
        return {
            "file": self.path,
            "format": self.format or None,
            "why": self.why or None,
            "records": self.records,
            "lost": self.lost,
            "is_whole": self.is_whole,
            "columns": [{"name": c.name, "use": c.use, "cells": list(c.cells)} for c in table.columns]
            if table
            else None,
            "key": table.key if table else None,
            "trace": None
            if example is None
            else {
                "native_id": example.native_id,
                "messages": [{"role": t.role, "name": t.name or None, "text": t.text} for t in example.turns],
                "more_messages": example.more_turns,
                "documents": list(example.documents),
                "scores": list(example.scores),
                **example.facts,
            },
            "problems": [problem.as_json() for problem in self.problems],
            "labels": list(self.labels),
            "refusal": self.refusal or None,
        }


@dataclass
class _Seen:
    """What a bounded reading met."""

    example: Trace | None = None
    formats: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    labels: dict[str, None] = field(default_factory=dict)
    records: int = 0
    is_whole: bool = False


def preview(path: Path, format: str | None, said: Said, rules: Rules | None = None) -> Preview:
    """Return what a file would give when it is imported with this format, or the one that is found, and these uses.

    ``rules`` are those of the workspace that it would go to, which say what its segments are.
    """
    name = printable(str(path))
    sheet: Sheet | None = None
    seen = _Seen()
    refusal = why = ""
    try:
        sheet = sources.sheet(path, format, said)
        why = _why(path, format, sheet, said)
        _read(path, format, said, seen)
    except Expected as fault:
        refusal = printable(str(fault))
    except OSError as fault:
        refusal = f"{printable(path.name)} cannot be read: {fault.strerror or fault}."
    lost = sum(problem.lost for problem in seen.problems)
    return Preview(
        name, seen.formats[0] if seen.formats else "", why, seen.records + lost, lost, seen.is_whole and not refusal,
        _table(sheet), _example(seen.example, rules or {}), tuple(seen.problems[:_PROBLEMS]), refusal, tuple(seen.labels),
    )  # fmt: skip


def _why(path: Path, format: str | None, sheet: Sheet | None, said: Said) -> str:
    if format is not None:
        return "named by hand"
    if sheet is not None and sheet.is_spoken_of(said):
        return "its columns were named by hand"
    if sheet is not None and sheet.columns.why and sheet.columns.makes_traces:
        return f"a table: {sheet.columns.why}"
    return sources.detect(path).why


def _read(path: Path, format: str | None, said: Said, seen: _Seen) -> None:
    until = time.monotonic() + MOST_SECONDS
    for found in sources.read(path, format, seen.problems.append, unseen, said):
        seen.records += not found.replaces_earlier
        seen.formats.append(found.trace.format)
        seen.labels |= {printable(s.name)[:_SHORT]: None for s in found.trace.scores if _is_label(s)}
        if seen.example is None or (not seen.example.main and found.trace.main):
            seen.example = found.trace
        if seen.records >= MOST_RECORDS or time.monotonic() > until:
            return
    seen.is_whole = True


def _is_label(score: Score) -> bool:
    """Return whether a score is what a person said, and of few possible values."""
    return score.source == "human" and score.data_type in ("number", "bool", "category")


def _table(sheet: Sheet | None) -> TablePreview | None:
    if sheet is None:
        return None
    columns = [
        ColumnPreview(printable(name), str(use), tuple(_cells(sheet, name)))
        for name, use in list(sheet.columns.uses.items())[:_COLUMNS]
    ]
    return TablePreview(sheet.key, sheet.columns.why, tuple(columns))


def _cells(sheet: Sheet, column: str) -> Iterator[str]:
    """Yield the first cells that hold something."""
    texts = (as_text(row.get(column)) for row in sheet.sample)
    said = [text for text in texts if text]
    return (_cut(text, _SHORT) for text in said[:_CELLS])


def _example(trace: Trace | None, rules: Rules) -> Example | None:
    if trace is None:
        return None
    said = {"session_id": trace.session_id, **_segments(trace, rules)}
    facts = {name: printable(str(value))[:_SHORT] for name, value in said.items() if value}
    return Example(
        printable(trace.native_id)[:_SHORT], tuple(_turn(message) for message in trace.main[:_TURNS]),
        max(0, len(trace.main) - _TURNS), tuple(_cut(d.text, _SHORT) for d in trace.documents[:_DOCUMENTS]),
        tuple(_score(score) for score in trace.scores[:_SCORES]), facts,
    )  # fmt: skip


def _segments(trace: Trace, rules: Rules) -> dict[str, str | None]:
    """Return what a trace says of each segment once it is in the workspace."""
    fields = zip(FIELD_NAMES, (getattr(trace, name) for name in FIELDS), strict=True)
    attributes = {name: str(value) for name, value in fields if value} | trace.attributes
    found = tuple(getattr(trace, segment) for segment in SEGMENTS)
    return dict(zip(SEGMENTS, values_by(rules, found, attributes), strict=True))


def _turn(message: Message) -> Turn:
    texts = [part.text for part in message.parts] + [_call(call) for call in message.calls]
    return Turn(message.role, printable(message.name or "")[:_SHORT], _cut("\n".join(filter(None, texts)), _LONG))


def _call(call: ToolCall) -> str:
    return f"{call.name}({call.arguments})"


def _score(score: Score) -> str:
    value = (
        score.value_text
        if score.value_text is not None
        else f"{score.value_num:g}"
        if score.value_num is not None
        else ""
    )
    return _cut(
        ": ".join(filter(None, (f"{score.name} ({score.author})" if score.author else score.name, value))), _SHORT
    )


def _cut(text: str, limit: int) -> str:
    return printable(text if len(text) <= limit else text[: limit - 1].rstrip() + "…")
