"""A cell of monospaced rows: where a row begins is arithmetic, and nothing is shaped before it is painted."""

import re
import unicodedata
from bisect import bisect_right
from functools import cache
from itertools import accumulate
from typing import Any

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QTextCharFormat, QTextLayout, QTextLine, QTextOption

from reviewer.desktop.review.transcript.items import Unit
from reviewer.desktop.review.transcript.lexer import Lexer, Token
from reviewer.desktop.review.transcript.offsets import Map, Units
from reviewer.desktop.review.transcript.pretty import pretty
from reviewer.desktop.review.transcript.style import Style
from reviewer.desktop.shown import Shown, show
from reviewer.workspace.ask.transcript import Block, Transcript

TAB = "    "
EXACT_WRAP = 4000  # longer lines are cut by arithmetic: at the columns, at half of them where signs are wide
SLACK = 3  # so few rows more are shown rather than hidden
KEPT_ROWS = 400
WIDE = (
    "[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\U0001f000-\U0003fffd]"
)


class RowsCell:
    """One block as rows. ``most`` cuts it to so many rows; ``tidy`` indents JSON that is stored on one line."""

    __slots__ = (
        "_block", "_breaks", "_columns", "_kept", "_lexer", "_lines", "_map", "_row_starts", "_starts", "_style", "_transcript",
        "base", "cut_rows", "exact", "height", "look", "most", "size", "text", "tidy", "unit",
    )  # fmt: skip

    def __init__(
        self,
        unit: Unit,
        base: int,
        transcript: Transcript,
        block: Block,
        style: Style,
        width: float,
        *,
        most: int | None = None,
        tidy: bool = False,
    ) -> None:
        self.unit = unit
        self.base = base
        self.size = block.chars
        self.look = block.look
        self.most = most
        self.tidy = tidy
        self.exact = False
        self.cut_rows = 0
        self.text = ""
        self.height = guess(block, style, width, most)
        self._block = block.number
        self._transcript = transcript
        self._columns = style.columns(width)
        self._style = style
        self._lines: list[str] = []
        self._starts: list[int] = [0]
        self._row_starts: list[int] = [0]
        self._breaks: dict[int, list[int]] = {}
        self._map: Map | None = None
        self._lexer: Lexer | None = None
        self._kept: dict[int, tuple[QTextLayout, Units]] = {}

    def ensure(self, style: Style, width: float) -> bool:
        """Cut the text into rows; return whether the height changed."""
        if self.exact:
            return False
        text, origin = self._shown(self._transcript.text(self._block))
        self.text = text
        self._map = None if origin is None else Map(origin)
        self._lines = (text[:-1] if text.endswith("\n") else text).split("\n")
        self._starts = list(accumulate((len(line) + 1 for line in self._lines), initial=0))
        self._row_starts = list(accumulate((self._count(n, line) for n, line in enumerate(self._lines)), initial=0))
        self._lexer = Lexer(text) if self.look == "json" else None
        rows = self._row_starts[-1]
        if self.most is not None and rows > self.most + SLACK:
            self.cut_rows = rows - self.most
            rows = self.most
        before, self.height = self.height, float(rows * style.mono_line)
        self.exact = True
        return before != self.height

    def _shown(self, stored: str) -> Shown:
        first = pretty(stored) if self.tidy else Shown(stored, None)
        second = _tabs(show(first.text))
        if first.origin is None or second.origin is None:
            return Shown(second.text, second.origin or first.origin)
        return Shown(second.text, [first.origin[place] for place in second.origin])

    def _count(self, number: int, line: str) -> int:
        columns = self._columns
        if line.isascii():
            if len(line) <= columns:
                return 1
            if len(line) > EXACT_WRAP:
                return (len(line) + columns - 1) // columns
            self._breaks[number] = breaks = wrap_words(line, columns)
        else:
            self._breaks[number] = breaks = wrap(line, columns)
        return len(breaks) - 1

    def _row(self, row: int) -> tuple[int, int]:
        """Return the start and end of a row in the shown text."""
        line = min(bisect_right(self._row_starts, row), len(self._lines)) - 1
        k = row - self._row_starts[line]
        start = self._starts[line]
        breaks = self._breaks.get(line)
        if breaks is not None:
            return start + breaks[k], start + breaks[k + 1]
        return start + k * self._columns, start + min(len(self._lines[line]), (k + 1) * self._columns)

    def _row_of(self, at: int) -> int:
        line = min(max(0, bisect_right(self._starts, at) - 1), len(self._lines) - 1)
        inside = min(at - self._starts[line], len(self._lines[line]))
        breaks = self._breaks.get(line)
        if breaks is not None:
            k = min(max(0, bisect_right(breaks, inside) - 1), len(breaks) - 2)
        else:
            k = min(inside // self._columns, self._row_starts[line + 1] - self._row_starts[line] - 1)
        return self._row_starts[line] + k

    @property
    def rows(self) -> int:
        """How many rows are shown."""
        return round(self.height / self._style.mono_line)

    def draw(self, painter: QPainter, style: Style, clip: QRectF) -> None:
        """Draw the rows that lie inside ``clip``, in the cell's own coordinates."""
        line = style.mono_line
        first, last = max(0, int(clip.top() // line)), min(self.rows, int(clip.bottom() // line) + 1)
        painter.setFont(style.mono)
        painter.setPen(style.color["text"])
        down = (line + style.mono.pixelSize() * 0.73) / 2
        for row in range(first, last):
            start, end = self._row(row)
            text = self.text[start:end]
            if not text.isascii():
                self._draw_wide(painter, style, row, text, start)
            elif self._lexer is None:
                painter.drawText(QPointF(0, row * line + down), text)
            else:
                self._draw_json(painter, style, row * line + down, text, start)

    def _draw_json(self, painter: QPainter, style: Style, y: float, text: str, start: int) -> None:
        at = 0
        for token in self._keys(start, start + len(text)):
            low, high = max(0, token.start - start), min(len(text), token.end - start)
            if low > at:
                painter.drawText(QPointF(at * style.cell, y), text[at:low])
            painter.setPen(style.color["accentText"])
            painter.drawText(QPointF(low * style.cell, y), text[low:high])
            painter.setPen(style.color["text"])
            at = high
        if at < len(text):
            painter.drawText(QPointF(at * style.cell, y), text[at:])

    def _keys(self, start: int, end: int) -> list[Token]:
        return [] if self._lexer is None else [t for t in self._lexer.tokens(start, end) if t.kind == "key"]

    def _draw_wide(self, painter: QPainter, style: Style, row: int, text: str, start: int) -> None:
        layout, units = self._shaped(row, text)
        formats = []
        for token in self._keys(start, start + len(text)):
            words = QTextCharFormat()
            words.setForeground(style.color["accentText"])
            piece = QTextLayout.FormatRange()
            low, high = max(0, token.start - start), min(len(text), token.end - start)
            piece.start = units.to_units(low)
            piece.length = units.to_units(high) - piece.start
            piece.format = words
            formats.append(piece)
        painter.save()
        painter.setClipRect(QRectF(-2, row * style.mono_line, 1e5, style.mono_line), Qt.ClipOperation.IntersectClip)
        layout.draw(painter, QPointF(0, row * style.mono_line), formats)
        painter.restore()

    def _shaped(self, row: int, text: str) -> tuple[QTextLayout, Units]:
        kept = self._kept.get(row)
        if kept is None:
            layout = QTextLayout(text, self._style.mono)
            option = QTextOption()
            option.setTextDirection(Qt.LayoutDirection.LeftToRight)
            option.setWrapMode(QTextOption.WrapMode.NoWrap)
            layout.setTextOption(option)
            layout.beginLayout()
            line = layout.createLine()
            line.setLineWidth(1e6)
            line.setPosition(QPointF(0, (self._style.mono_line - line.height()) / 2))
            layout.endLayout()
            if len(self._kept) > KEPT_ROWS:
                self._kept.clear()
            kept = self._kept[row] = (layout, Units(text))
        return kept

    def shown_text(self) -> str:
        """Return the text as it is shown."""
        return self.text

    def rects(self, start: int, end: int, top: float = 0.0, bottom: float = 1e9) -> list[QRectF]:
        """Return the rectangles of a range of the shown text, one a row, for the rows between ``top`` and ``bottom``."""
        if start >= end:
            return []
        line = self._style.mono_line
        first = max(self._row_of(start), int(top // line))
        last = min(self._row_of(end - 1), self.rows - 1, int(bottom // line))
        out: list[QRectF] = []
        for row in range(first, last + 1):
            low, high = self._row(row)
            a, b = max(start, low), min(end, high)
            if a < b:
                x0, x1 = self._x(row, a - low), self._x(row, b - low)
                out.append(QRectF(min(x0, x1), row * line, abs(x1 - x0), line))
        return out

    def _x(self, row: int, inside: int) -> float:
        start, end = self._row(row)
        text = self.text[start:end]
        if text.isascii():
            return inside * self._style.cell
        layout, units = self._shaped(row, text)
        return x_of(layout.lineAt(0), units.to_units(inside))

    def hit(self, x: float, y: float) -> int:
        """Return the position in the shown text nearest to a point."""
        row = max(0, min(self.rows - 1, int(y // self._style.mono_line)))
        start, end = self._row(row)
        text = self.text[start:end]
        if text.isascii():
            return start + max(0, min(len(text), round(x / self._style.cell)))
        layout, units = self._shaped(row, text)
        return start + units.to_points(int(layout.lineAt(0).xToCursor(x)))

    def link(self, x: float, y: float) -> str:
        """Return nothing: rows hold no links."""
        return ""

    def to_stored(self, shown: int) -> int:
        """Return the stored position, inside the unit, of a shown one that begins a range."""
        return self.base + (min(shown, self.size) if self._map is None else self._map.to_stored(shown))

    def end_to_stored(self, shown: int) -> int:
        """Return the stored position, inside the unit, of a shown one that ends a range."""
        return self.base + (min(shown, self.size) if self._map is None else self._map.end_to_stored(shown))

    def to_shown(self, start: int, end: int) -> tuple[int, int]:
        """Return the shown range of a stored one (inside the unit)."""
        low, high = max(0, start - self.base), min(self.size, end - self.base)
        if self._map is None:
            return low, high
        return self._map.to_rendered(low), self._map.end_to_rendered(high)


def guess(block: Block, style: Style, width: float, most: int | None = None) -> float:
    """Return the height that a block will about have as rows, from what is known without its text."""
    rows = max(block.lines + 1, -(-block.chars // style.columns(width)), 1)
    return float(style.mono_line * (rows if most is None else min(rows, most)))


def x_of(line: QTextLine, units: int) -> float:
    """Return the x of a UTF-16 position of a line."""
    found: Any = line.cursorToX(units)
    return float(found[0] if isinstance(found, tuple) else found)


@cache
def wide_signs() -> re.Pattern[str]:
    """Return the pattern of a sign that takes two cells. So many ranges take some milliseconds: not for the start."""
    return re.compile(WIDE)


def wrap_words(line: str, columns: int) -> list[int]:
    """Return where the rows of a line of narrow characters begin, and its length at the end: at a space if one is near."""
    breaks = [0]
    at = 0
    while len(line) - at > columns:
        space = line.rfind(" ", at + columns * 2 // 3, at + columns + 1)
        at = space + 1 if space >= 0 else at + columns
        breaks.append(at)
    breaks.append(len(line))
    return breaks


def wrap(line: str, columns: int) -> list[int]:
    """Return where the rows of a line with wide or combining characters begin, and its length at the end."""
    if len(line) > EXACT_WRAP:
        width = columns // 2 if wide_signs().search(line) else columns
        return [*range(0, len(line), width), len(line)]
    breaks = [0]
    used = 0
    for at, sign in enumerate(line):
        if sign < "\u0300":
            cells = 1
        elif unicodedata.combining(sign):
            cells = 0
        else:
            cells = 2 if unicodedata.east_asian_width(sign) in "WF" else 1
        if used + cells > columns:
            breaks.append(at)
            used = 0
        used += cells
    breaks.append(len(line))
    return breaks


def _tabs(shown: Shown) -> Shown:
    """Return the text with each tab as four spaces: a tab has no fixed width in a row of cells."""
    if "\t" not in shown.text:
        return shown
    places = shown.origin or range(len(shown.text) + 1)
    origin: list[int] = []
    for sign, place in zip(shown.text, places, strict=False):
        origin.extend([place] * (len(TAB) if sign == "\t" else 1))
    origin.append(places[len(shown.text)])
    return Shown(shown.text.replace("\t", TAB), origin)
