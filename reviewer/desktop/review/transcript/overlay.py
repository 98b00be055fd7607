"""Overlays: grounds below the text, edges and citation chips above it. The document is never edited."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from reviewer.desktop.review.transcript.marks import Mark
from reviewer.desktop.review.transcript.prose import ProseCell
from reviewer.desktop.review.transcript.strips import Cell
from reviewer.desktop.review.transcript.style import Style, fill_bar, rounded

GROUNDS = {"lit": "lit", "anchor": "anchor", "find": "find", "found": "find"}
ORDER = ("lit", "unsupported", "anchor", "find", "found", "selected")
MOST = 500  # marks that are painted in one cell


def draw_grounds(painter: QPainter, style: Style, cell: Cell, marks: list[Mark], clip: QRectF) -> None:
    """Fill the grounds of the marks of a cell, the selection last."""
    for mark in sorted(marks, key=lambda m: ORDER.index(m.look))[-MOST:]:
        if mark.look == "unsupported":
            continue
        for rect in rects(cell, mark, clip):
            grown = _ground(cell, rect)
            if mark.look == "selected":
                painter.fillRect(grown, style.selection)
            else:
                fill_bar(painter, grown, style.color[GROUNDS[mark.look]])
            if mark.look == "found":
                painter.setPen(QPen(style.color["accent"], 1))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRect(grown.adjusted(0, 0, -1, -1))


def draw_edges(
    painter: QPainter, style: Style, cell: Cell, marks: list[Mark], clip: QRectF, citations: str | None
) -> None:
    """Draw the lines below supported and unsupported words, and citation chips on the ground ``citations``."""
    for mark in marks:
        if mark.look == "lit":
            for rect in rects(cell, mark, clip):
                ground = _ground(cell, rect)
                painter.fillRect(QRectF(ground.left(), ground.bottom() - 1, ground.width(), 1), style.color["litEdge"])
        elif mark.look == "unsupported":
            pen = QPen(style.color["unsup"], 1.75)
            pen.setDashPattern([2.2, 1.6])
            painter.setPen(pen)
            for rect in rects(cell, mark, clip):
                y = _ground(cell, rect).bottom()
                painter.drawLine(QPointF(rect.left(), y), QPointF(rect.right(), y))
    if citations is not None and isinstance(cell, ProseCell):
        _draw_citations(painter, style, cell, clip, citations)


def _draw_citations(painter: QPainter, style: Style, cell: ProseCell, clip: QRectF, ground: str) -> None:
    for start, end, number in cell.citations():
        spots = cell.rects(start, end)
        if len(spots) != 1 or not spots[0].intersects(clip):
            continue
        spot = spots[0]
        painter.fillRect(spot.toAlignedRect(), style.color[ground])
        chip = QRectF(spot.left(), spot.center().y() - style.theme.px(8), spot.width(), style.theme.px(16))
        rounded(painter, chip, 4, style.color["accentTint"])
        left = chip.center().x() - style.width(style.chip, number) / 2
        style.draw(painter, style.chip, "accentText", left, (chip.top(), chip.height()), number)


def rects(cell: Cell, mark: Mark, clip: QRectF) -> list[QRectF]:
    """Return the rectangles of a mark that touch ``clip``, in the cell's coordinates."""
    start, end = cell.to_shown(mark.start, mark.end)
    return [
        rect
        for rect in cell.rects(start, end, clip.top(), clip.bottom())
        if rect.bottom() >= clip.top() and rect.top() <= clip.bottom()
    ]


def _ground(cell: Cell, rect: QRectF) -> QRectF:
    if isinstance(cell, ProseCell):
        return QRectF(rect.adjusted(-1, -1, 1, 2).toAlignedRect())
    return QRectF(rect.adjusted(0, 1, 0, -1).toAlignedRect())
