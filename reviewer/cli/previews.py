"""A preview of a file as lines of text."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from reviewer.wording import decimal

if TYPE_CHECKING:
    from reviewer.sources.preview import Example, Preview, TablePreview

_WIDE = 200


def preview_lines(preview: "Preview") -> Iterator[str]:
    """Yield what a person reads of a preview: format and why, count, columns, one transcript, problems."""
    yield preview.path
    if preview.refusal:
        yield f"  {preview.refusal}"
    if preview.format:
        yield f"  format   {preview.format} ({preview.why})"
        lost = f", of which {decimal(preview.lost)} cannot be taken" if preview.lost else ""
        yield f"  records  {'' if preview.is_whole else 'at least '}{decimal(preview.records)}{lost}"
    if preview.table is not None:
        yield from _columns(preview.table)
    if preview.example is not None:
        yield from _transcript(preview.example)
    for problem in preview.problems:
        yield f"  {'error' if problem.lost else 'warning'}: {_place(problem.line, problem.member)}{problem.reason}"


def _columns(table: "TablePreview") -> Iterator[str]:
    yield "  columns  change a use with --map COLUMN=USE"
    width = min(40, max((len(column.name) for column in table.columns), default=0))
    for column in table.columns:
        cell = column.cells[0] if column.cells else ""
        yield f"    {column.name:<{width}}  {column.use:<16}  {_line(cell, 60)}".rstrip()


def _transcript(example: "Example") -> Iterator[str]:
    facts = "".join(f", {name} {value}" for name, value in example.facts.items())
    yield f"  first    {example.native_id}{facts}"
    for turn in example.turns:
        who = f"{turn.role} ({turn.name})" if turn.name else turn.role
        yield f"    {who}: {_line(turn.text, _WIDE)}"
    if example.more_turns:
        yield f"    and {decimal(example.more_turns)} more messages"
    yield from (f"    document: {_line(text, _WIDE)}" for text in example.documents)
    yield from (f"    score: {_line(text, _WIDE)}" for text in example.scores)


def _place(line: int | None, member: str | None) -> str:
    place = ", ".join(filter(None, (f"line {line}" if line else "", member)))
    return f"{place}: " if place else ""


def _line(text: str, limit: int) -> str:
    one = " ".join(text.split())
    return one if len(one) <= limit else one[: limit - 1] + "…"
