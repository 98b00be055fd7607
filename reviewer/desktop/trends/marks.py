"""What the charts show at a change: a dotted line, its sign and its short name."""

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen, QPolygonF

from reviewer.desktop import shown
from reviewer.desktop.theme import Theme
from reviewer.model.trend import Marker, MarkerKind

LONGEST = 14


def marker_word(found: Sequence[Marker]) -> str:
    """Return the short name of what changed in one week; several changes are counted."""
    if len(found) > 1:
        return QCoreApplication.translate("Markers", "{n} changes").format(n=len(found))
    (one,) = found
    if one.kind == "prompt":
        # The version is what differs; the name of the prompt stands before it.
        return shown.safe(one.label.rsplit(" ", 1)[-1], LONGEST)
    return {
        "model": QCoreApplication.translate("Markers", "model"),
        "provider": QCoreApplication.translate("Markers", "provider"),
        "taxonomy": QCoreApplication.translate("Markers", "taxonomy"),
    }[one.kind]


def paint_marker(painter: QPainter, theme: Theme, kind: MarkerKind, x: float, y: float, bottom: float) -> None:
    """Paint a dotted line at ``x`` down to ``bottom``, and its sign at ``y``.

    A triangle is a model or its provider, a square a prompt, a diamond the taxonomy.
    """
    painter.setPen(QPen(theme.color("text3"), 1, Qt.PenStyle.DotLine))
    painter.drawLine(QPointF(x, y + 6), QPointF(x, bottom))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.color("text2"))
    if kind == "prompt":
        painter.drawRect(QRectF(x - 4, y - 4, 8, 8))
    elif kind == "taxonomy":
        painter.drawPolygon(QPolygonF([QPointF(x, y - 5), QPointF(x + 5, y), QPointF(x, y + 5), QPointF(x - 5, y)]))
    else:
        painter.drawPolygon(QPolygonF([QPointF(x - 5, y + 4), QPointF(x + 5, y + 4), QPointF(x, y - 5)]))


def marker_sentence(one: Marker) -> str:
    """Return what changed as a line for the side."""
    said = {
        "model": QCoreApplication.translate("Markers", "new model: {name}"),
        "provider": QCoreApplication.translate("Markers", "new provider: {name}"),
        "prompt": QCoreApplication.translate("Markers", "new prompt: {name}"),
        "taxonomy": QCoreApplication.translate("Markers", "taxonomy changed: version {name}"),
    }[one.kind]
    return said.format(name=shown.safe(one.label, 60))
