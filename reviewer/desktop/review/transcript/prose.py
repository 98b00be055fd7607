"""A cell of prose: Markdown in a document of its own, laid out when it is first seen."""

import re
from collections.abc import Iterator
from math import ceil

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QAbstractTextDocumentLayout, QPainter

from reviewer.desktop.review.transcript.items import Unit
from reviewer.desktop.review.transcript.offsets import Map, Units, align, through
from reviewer.desktop.review.transcript.rows import x_of
from reviewer.desktop.review.transcript.style import Style
from reviewer.desktop.shown import SafeDocument, document, show

PIECE = 1200  # longer prose is laid out in pieces, so that only what is seen costs
FENCE = re.compile(r"^ {0,3}(```|~~~)")
CITATION = re.compile(r"\[(\d{1,3})\](?![(\[:])")
MOST_CITATIONS = 400
MOST_RECTS = 400  # ranges whose rectangles are kept


class ProseCell:
    """One piece of prose. ``base`` is where it begins in the stored text of its unit; ``gap`` is left free below it, in pixels."""

    __slots__ = (
        "_citations", "_doc", "_gap", "_map", "_origin", "_rects", "_units", "base", "exact", "height", "size", "text", "unit",
    )  # fmt: skip

    def __init__(self, unit: Unit, base: int, text: str, style: Style, width: float, gap: int = 0) -> None:
        self.unit = unit
        self.base = base
        self.text = text
        self.size = len(text)
        self.height = guess(len(text), text.count("\n"), style, width)
        self.exact = False
        self._gap = gap
        self._rects: dict[tuple[int, int], list[QRectF]] = {}
        self._doc: SafeDocument | None = None
        self._origin: list[int] | None = None
        self._map: Map | None = None
        self._units: Units | None = None
        self._citations: list[tuple[int, int, str]] | None = None

    def ensure(self, style: Style, width: float) -> bool:
        """Lay the text out; return whether the height changed."""
        if self.exact:
            return False
        shown, self._origin = show(self.text)
        doc = document(style.theme, style.role)
        doc.set_prose(shown)
        doc.setTextWidth(width)
        before, self.height = self.height, float(ceil(doc.size().height()) + self._gap)
        self._doc = doc
        self.exact = True
        return before != self.height

    def draw(self, painter: QPainter, style: Style, clip: QRectF) -> None:
        """Draw the text that lies inside ``clip``, in the cell's own coordinates."""
        context = QAbstractTextDocumentLayout.PaintContext()
        context.clip = clip
        context.palette = style.palette
        painter.save()
        # Piled marks would paint over the neighbours.
        painter.setClipRect(clip, Qt.ClipOperation.IntersectClip)
        self._laid_out().documentLayout().draw(painter, context)
        painter.restore()

    def shown_text(self) -> str:
        """Return the rendered text."""
        return self._laid_out().toPlainText()

    def citations(self) -> list[tuple[int, int, str]]:
        """Return citations such as ``[2]``: start and end in the rendered text, and the number."""
        if self._citations is None:
            found = CITATION.finditer(self.shown_text()) if "[" in self.text else iter(())
            self._citations = [(m.start(), m.end(), m[1]) for m, _ in zip(found, range(MOST_CITATIONS), strict=False)]
        return self._citations

    def rects(self, start: int, end: int, top: float = 0.0, bottom: float = 1e9) -> list[QRectF]:
        """Return the rectangles of a range of the rendered text, one a line, in the cell's coordinates.

        Those wholly above ``top`` or below ``bottom`` are left out.
        """
        known = self._rects.get((start, end))
        if known is None:
            if len(self._rects) > MOST_RECTS:
                self._rects.clear()
            known = self._rects[start, end] = self._measure(start, end)
        return [rect for rect in known if rect.bottom() >= top and rect.top() <= bottom]

    def _measure(self, start: int, end: int) -> list[QRectF]:
        doc = self._laid_out()
        first, last = self._to_units(start), self._to_units(end)
        out: list[QRectF] = []
        block = doc.findBlock(first)
        while block.isValid() and block.position() < last:
            layout = block.layout()
            corner = doc.documentLayout().blockBoundingRect(block).topLeft()
            begin = block.position()
            for number in range(layout.lineCount()):
                line = layout.lineAt(number)
                low = max(first - begin, line.textStart())
                high = min(last - begin, line.textStart() + line.textLength())
                if low >= high:
                    continue
                x0, x1 = x_of(line, low), x_of(line, high)
                if line.textStart() + line.textLength() <= high:
                    x1 = min(x1, line.x() + line.naturalTextWidth())
                left = corner.x() + min(x0, x1)
                out.append(QRectF(left, corner.y() + line.y(), abs(x1 - x0), line.height()))
            block = block.next()
        return out

    def hit(self, x: float, y: float) -> int:
        """Return the position in the rendered text nearest to a point."""
        doc = self._laid_out()
        units = doc.documentLayout().hitTest(QPointF(x, max(0.0, y)), Qt.HitTestAccuracy.FuzzyHit)
        return self._unit_map().to_points(max(0, units))

    def link(self, x: float, y: float) -> str:
        """Return the target of the link under a point: an address, ``cite:2``, or nothing."""
        address = self._laid_out().documentLayout().anchorAt(QPointF(x, y))
        if address:
            return str(address)
        for start, end, number in self.citations():
            if any(rect.contains(x, y) for rect in self.rects(start, end)):
                return f"cite:{number}"
        return ""

    def to_stored(self, rendered: int) -> int:
        """Return the stored position, inside the unit, of a rendered one that begins a range."""
        return self.base + self._both().to_stored(rendered)

    def end_to_stored(self, rendered: int) -> int:
        """Return the stored position, inside the unit, of a rendered one that ends a range."""
        return self.base + self._both().end_to_stored(rendered)

    def to_shown(self, start: int, end: int) -> tuple[int, int]:
        """Return the rendered range of a stored one (inside the unit)."""
        low, high = max(0, start - self.base), min(self.size, end - self.base)
        both = self._both()
        return both.to_rendered(low), both.end_to_rendered(high)

    def _laid_out(self) -> SafeDocument:
        assert self._doc is not None, "a cell is laid out before it is asked"
        return self._doc

    def _both(self) -> Map:
        if self._map is None:
            shown = show(self.text).text if self._origin is not None else self.text
            self._map = Map(through(align(self.shown_text(), shown), self._origin))
        return self._map

    def _unit_map(self) -> Units:
        if self._units is None:
            self._units = Units(self.shown_text())
        return self._units

    def _to_units(self, points: int) -> int:
        return self._unit_map().to_units(points)


def guess(chars: int, lines: int, style: Style, width: float) -> float:
    """Return the height that prose of so many characters and line ends will about have."""
    per_line = max(1.0, width / style.letter)
    return style.reading_line * ceil(max(1.0, chars / per_line * 1.05 + lines * 0.4 + 0.3))


def pieces(text: str) -> Iterator[tuple[int, str]]:
    """Yield a text in pieces of about ``PIECE`` characters, cut at blank lines between paragraphs: (start, piece)."""
    if len(text) <= PIECE * 3 // 2:
        yield 0, text
        return
    start = at = 0
    fenced = False
    lines = _lines(text)
    for number, line in enumerate(lines):
        if FENCE.match(line):
            fenced = not fenced
        after = lines[number + 1] if number + 1 < len(lines) else ""
        at += len(line)
        begins_paragraph = after[:1].isalpha() or after[:1] in ("#", "*", "|")
        if not fenced and at - start >= PIECE and not line.strip() and begins_paragraph:
            yield start, text[start:at]
            start = at
    if start < len(text):
        yield start, text[start:]


def _lines(text: str) -> list[str]:
    """Return the lines with their ends, cut at line feeds alone (``splitlines`` knows eight more)."""
    parts = text.split("\n")
    return [part + "\n" for part in parts[:-1]] + ([parts[-1]] if parts[-1] else [])
