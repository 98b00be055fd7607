"""The pages after the first: who acts on a failure mode, the diagnosis, and what else all traffic says, in two columns."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF

from reviewer.exports.scorecard.lines import alert_reason, cause, line, parted
from reviewer.model.diagnosis import Finding
from reviewer.model.number import Field, Group, Row, Scorecard

if TYPE_CHECKING:
    from reviewer.desktop.printing import Sheet

GAP = 28.0
LINE = 19.0
HEAD = 24.0
TITLE = 34.0
ACTS = "Failure modes: who acts, and how"
DIAGNOSIS = "Diagnosis"
ABSENT = "Not recorded: {}."


@dataclass(frozen=True, slots=True)
class Block:
    """Something that is not parted by a page: its height, and how it is drawn from a corner within a width."""

    height: float
    draw: Callable[[float, float, float], None]


def print_rest(sheet: "Sheet", card: Scorecard, room: float, new_page: Callable[[], object]) -> None:
    """Draw everything after the nine fields on further pages of a height; nothing where there is nothing."""
    if _has_second(card):
        new_page()
        sheet.y = 0.0
        _second(sheet, card, room, new_page)
    blocks = [block for group in card.operations for block in _group(sheet, group)]
    if not blocks:
        return
    new_page()
    wide = (sheet.width - GAP) / 2
    column, y = 0, 0.0
    for block in blocks:
        if y and y + block.height > room:
            column, y = column + 1, 0.0
        if column > 1:
            new_page()
            column = 0
        block.draw(column * (wide + GAP), y, wide)
        y += block.height


def _has_second(card: Scorecard) -> bool:
    return bool(card.diagnoses) or any(row.owner or row.runbook or row.alert for row in _modes(card))


def _modes(card: Scorecard) -> list[Row]:
    return [row for field in card.fields if field.id == "top_failure_modes" for row in field.rows]


def _second(sheet: "Sheet", card: Scorecard, room: float, new_page: Callable[[], object]) -> None:
    """Draw owners, runbooks and the diagnosis as running text."""

    def paragraph(text: str, role: str, color: str, weight: int | None = None, left: float = 0.0) -> None:
        if sheet.y > room - 3 * LINE:
            new_page()
            sheet.y = 0.0
        sheet.paragraph(text, role, color, weight, left)

    for number, row in enumerate(row for row in _modes(card) if row.owner or row.runbook or row.alert):
        if number == 0:
            paragraph(ACTS, "heading", "text", 600)
        sheet.y += 6
        paragraph(row.label, "body", "text", 600)
        owner = f"{row.owner}." if row.owner else ""
        paragraph(" ".join(filter(None, (alert_reason(row), owner, row.runbook))), "small", "text2")
    for number, diagnosis in enumerate(card.diagnoses):
        if number == 0:
            sheet.y += 16
            paragraph(DIAGNOSIS, "heading", "text", 600)
        sheet.y += 8
        paragraph(diagnosis.title, "body", "text", 600)
        paragraph(diagnosis.because, "small", "text2")
        for one in diagnosis.causes:
            holds = one.finding is Finding.HOLDS
            said = ", ".join(filter(None, (one.title, cause(one))))
            paragraph(
                f"{one.finding.value}: {said}", "small", "text" if holds else "text2", 600 if holds else 400, 12.0
            )


def _group(sheet: "Sheet", group: Group) -> Iterator[Block]:
    """Yield the blocks of a group; its title stands with the first of them."""
    singles, lists, absent = parted(group)
    blocks = [_table(sheet, "", [row for field in singles for row in field.rows])] if singles else []
    blocks += [_table(sheet, field.title, list(field.rows)) for field in lists]
    if absent:
        blocks.append(_absent(sheet, absent))
    first = blocks[0]
    yield Block(first.height + TITLE, _titled(sheet, group.title, first))
    yield from blocks[1:]


def _titled(sheet: "Sheet", title: str, block: Block) -> Callable[[float, float, float], None]:
    def draw(left: float, top: float, wide: float) -> None:
        sheet.text(title, "heading", "text", QRectF(left, top + 4, wide, 24), 600)
        block.draw(left, top + TITLE, wide)

    return draw


def _table(sheet: "Sheet", title: str, rows: list[Row]) -> Block:
    def draw(left: float, top: float, wide: float) -> None:
        sheet.text(title, "small", "text", QRectF(left, top, wide * 0.6, HEAD), 600)
        sheet.text("last", "tiny", "text3", QRectF(left + wide - 130, top, 74, HEAD), 400, right=True)
        sheet.text("change", "tiny", "text3", QRectF(left + wide - 52, top, 52, HEAD), 400, right=True)
        for number, row in enumerate(rows):
            _row(sheet, row, left, top + HEAD + number * LINE, wide)

    return Block(HEAD + len(rows) * LINE + 14, draw)


def _row(sheet: "Sheet", row: Row, left: float, top: float, wide: float) -> None:
    said = line(row)
    right = left + wide
    color, weight = ("text", 600) if row.moved else ("text2", 400)
    sheet.text(said.change, "tiny", color, QRectF(right - 58, top, 58, LINE), weight, right=True)
    sheet.text(said.before, "tiny", "text2", QRectF(right - 130, top, 70, LINE), 400, right=True)
    now = sheet.text(said.now, "small", "text", QRectF(right - 206, top, 72, LINE), 600, right=True)
    sheet.text(said.label, "small", "text", QRectF(left, top, wide - 134 - now - 8, LINE), 400)
    sheet.line(left, top + LINE - 0.5, wide)


def _absent(sheet: "Sheet", fields: list[Field]) -> Block:
    said = ABSENT.format(", ".join(field.title for field in fields))
    wide = (sheet.width - GAP) / 2
    lines = sheet.lines(said, "tiny", wide, 400)

    def draw(left: float, top: float, wide: float) -> None:
        for number, text in enumerate(lines):
            sheet.text(text, "tiny", "text3", QRectF(left, top + number * 16, wide, 16), 400)

    return Block(len(lines) * 16 + 16, draw)
