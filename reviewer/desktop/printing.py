"""The scorecard as a PDF: the nine fields on one sheet of A4, whatever its numbers and names; the rest on further ones."""

from pathlib import Path

from PySide6.QtCore import QBuffer, QIODevice, QMarginsF, QRectF, QSizeF, Qt
from PySide6.QtGui import (
    QColor,
    QFontMetricsF,
    QGuiApplication,
    QImage,
    QPageLayout,
    QPageSize,
    QPainter,
    QPdfWriter,
    QPen,
)

from reviewer.desktop import shown
from reviewer.desktop.printing_rest import print_rest
from reviewer.desktop.theme import Theme, baseline
from reviewer.exports.scorecard.lines import LISTS, alert, bars, basis, footnotes, heading, line, opening, period
from reviewer.exports.sets.writing import write_file
from reviewer.model.number import Basis, Field, Row, Scorecard

SHEET = QSizeF(794, 1123)  # A4 at 96 dots an inch: the units in which the sheet is drawn
MARGIN = 56.0
RESOLUTION = 1200
BADGES = {
    Basis.ALL_TRAFFIC: ("sunken", "text2"),
    Basis.ESTIMATE: ("accentTint", "accentText"),
    Basis.FIXED_SET: ("anchor", "text"),
}

HOW = "How the numbers are made"
_KEPT: list[QGuiApplication] = []
"""The invisible interface, once made: the shipped fonts live and die with it."""


def print_scorecard(card: Scorecard, path: Path) -> None:
    """Write a scorecard as a PDF whose first page holds the nine fields. Without a running interface, an invisible one is made for its fonts.

    Raises:
        Expected: the file cannot be written.
    """
    if QGuiApplication.instance() is None:
        _KEPT.append(QGuiApplication(["reviewer", "-platform", "offscreen"]))
    write_file(path, _pdf(card, Theme.light()))


def _pdf(card: Scorecard, theme: Theme) -> bytes:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setResolution(RESOLUTION)
    writer.setTitle(shown.safe(f"{card.title} {card.period}", 120))
    writer.setCreator("Transcript Reviewer")
    writer.setPageLayout(
        QPageLayout(QPageSize(QPageSize.PageSizeId.A4), QPageLayout.Orientation.Portrait, QMarginsF(0, 0, 0, 0))
    )
    room = SHEET.height() - 2 * MARGIN
    with_how = _height(card, theme, with_how=True) <= room
    shrink = min(1.0, room / _height(card, theme, with_how))
    painter = QPainter(writer)
    scale = RESOLUTION / 96
    painter.scale(scale, scale)
    painter.translate(MARGIN + (SHEET.width() - 2 * MARGIN) * (1 - shrink) / 2, MARGIN)
    painter.scale(shrink, shrink)
    Sheet(painter, theme, SHEET.width() - 2 * MARGIN).draw(card, with_how)
    painter.resetTransform()
    painter.scale(scale, scale)
    painter.translate(MARGIN, MARGIN)
    further = Sheet(painter, theme, SHEET.width() - 2 * MARGIN)
    print_rest(further, card, room, writer.newPage)
    painter.end()
    buffer.close()
    return bytes(buffer.data().data())


def _height(card: Scorecard, theme: Theme, with_how: bool) -> float:
    """Return how high the sheet becomes: it is drawn once where nobody sees it."""
    nowhere = QImage(1, 1, QImage.Format.Format_RGB32)
    painter = QPainter(nowhere)
    height = Sheet(painter, theme, SHEET.width() - 2 * MARGIN).draw(card, with_how)
    painter.end()
    return height


class Sheet:
    """Draws a scorecard from the top down; ``y`` is how far it has come."""

    def __init__(self, painter: QPainter, theme: Theme, width: float) -> None:
        self.painter, self.theme, self.width = painter, theme, width
        self.y = 0.0
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)

    def draw(self, card: Scorecard, with_how: bool) -> float:
        """Draw everything, with how the numbers are made if wanted, and return the height."""
        self._head(card)
        self.paragraph(opening(card), "heading", "text")
        self.y += 4
        self.paragraph(card.design, "small", "text2")
        self.y += 20
        numbered = list(enumerate(card.fields, 1))
        self._lists([pair for pair in numbered if pair[1].id in LISTS])
        self.y += 24
        self._singles([pair for pair in numbered if pair[1].id not in LISTS])
        self.y += 20
        self._rule("line", 1)
        self.y += 10
        self.paragraph(" ".join(footnotes(card)), "tiny", "text2", 400)
        if with_how:
            self._how(card)
        return self.y

    def _how(self, card: Scorecard) -> None:
        self.y += 14
        self.paragraph(HOW, "small", "text", 600)
        for field in card.fields:
            self.y += 2
            self.paragraph(f"{field.title}: {field.explanation}", "tiny", "text2", 400)

    def _head(self, card: Scorecard) -> None:
        half = self.width * 0.6
        self.text(card.title, "display", "text", QRectF(0, self.y, half, 34))
        self.text(card.workspace, "body", "text", QRectF(half, self.y, self.width - half, 34), 600, right=True)
        self.y += 38
        self.text(heading(card), "body", "text2", QRectF(0, self.y, half, 20))
        self.text(period(card), "body", "text2", QRectF(half, self.y, self.width - half, 20), right=True)
        self.y += 30
        self._rule("text", 1.5)
        self.y += 16

    def _lists(self, fields: list[tuple[int, Field]]) -> None:
        """Draw the fields that list several things side by side; the one with intervals and splits gets more room."""
        top, lowest, left = self.y, self.y, 0.0
        room = self.width - 28
        wides = [room * (0.6 if basis(field) is Basis.ESTIMATE else 0.4) for _, field in fields]
        scale = room / sum(wides) if wides else 1.0
        for (number, field), wide in zip(fields, wides, strict=True):
            self.y = top
            self._list(number, field, left, wide * scale)
            left += wide * scale + 28
            lowest = max(lowest, self.y)
        self.y = lowest

    def _list(self, number: int, field: Field, left: float, wide: float) -> None:
        self.text(str(number), "body", "text3", QRectF(left, self.y, 16, 24))
        title = self.text(field.title, "body", "text", QRectF(left + 16, self.y, 140, 24), 600)
        self._badge(basis(field), left + 16 + title + 8, self.y, 24)
        split = any(row.change is not None for row in field.rows)
        columns = [("now", 64.0), ("last", 58.0), ("change", 44.0)] + (
            [("mix", 38.0), ("within", 42.0)] if split else []
        )
        right = left + wide
        for name, size in reversed(columns[1:]):
            self.text(name, "tiny", "text3", QRectF(right - size, self.y, size, 24), 400, right=True)
            right -= size
        self.y += 26
        for row in field.rows:
            self._list_row(row, left + 16, left + wide, [size for _, size in columns])
            self.painter.fillRect(QRectF(left + 16, self.y - 0.5, wide - 16, 0.7), self.theme.color("line"))

    def _list_row(self, row: Row, left: float, right: float, sizes: list[float]) -> None:
        said = line(row)
        change = ("body", "text", 600) if row.moved else ("body", "text2", 400)
        cells = [
            (said.now, "body", "text", 600),
            (said.before, "small", "text2", 400),
            (said.change, *change),
            (said.mix, "small", "text2", 400),
            (said.within, "small", "text2", 400),
        ]
        edge, height, end = right, 24.0, right
        for (text, role, color, weight), size in reversed(list(zip(cells, sizes, strict=False))):
            width = self.text(text, role, color, QRectF(edge - size, self.y, size, height), weight, right=True)
            end = edge - width
            edge -= size
        label = QRectF(left, self.y, min(end, edge + sizes[0]) - left - 10, height)
        if row.number.basis is Basis.ESTIMATE:
            # The interval stands below its name: beside it there would be no room for either.
            raised, box = alert(row), QRectF(left, self.y + 18, 60, 16)
            wide = self.text(raised, "tiny", "failed" if raised == "ALERT" else "defer", box, 600)
            wide += 8 if raised else 0
            self.text(said.warrant, "tiny", "text2", QRectF(left + wide, self.y + 18, edge - left, 16), 400)
            height += 14
        self.text(said.label, "body", "text", label)
        self.y += height + 2

    def _singles(self, fields: list[tuple[int, Field]]) -> None:
        """Draw the fields of one number as a table."""
        places = self._places()
        titles = {
            "now": "now",
            "warrant": "interval or N",
            "last": "last",
            "change": "change",
            "mix": "mix",
            "within": "within",
        }
        for name, title in titles.items():
            self.text(
                title, "small", "text3", QRectF(*places[name][:1], self.y, places[name][1], 22), right=name != "warrant"
            )
        self.y += 24
        self._rule("text2", 1)
        for number, field in fields:
            for place, row in enumerate(field.rows):
                self._single(number if place == 0 else 0, field, row)
                self._rule("line", 0.7)
        self._rule("text2", 1)

    def _places(self) -> dict[str, tuple[float, float]]:
        """Return left edge and width of each column."""
        sizes = {"now": 60.0, "warrant": 108.0, "last": 54.0, "change": 56.0, "mix": 50.0, "bars": 44.0, "within": 50.0}
        left = self.width - sum(sizes.values()) - 10
        places = {}
        for name, size in sizes.items():
            left += 10 if name == "warrant" else 0
            places[name] = (left, size)
            left += size
        return places

    def _single(self, number: int, field: Field, row: Row) -> None:
        said, places, height = line(row), self._places(), 34.0
        if number:
            self.text(str(number), "body", "text3", QRectF(0, self.y, 16, height))
        label = field.title if said.label == field.title else f"{field.title}: {said.label}"
        known = row.number.basis is not Basis.NOT_RECORDED
        badge = self._advance(row.number.basis.value, "tiny", 500) + 14 if row.number.basis in BADGES else 0
        wide = places["now"][0] - 16 - badge - 16
        title = self.text(label, "body", "text", QRectF(16, self.y, wide if known else wide + 12, height), 600)
        self._badge(row.number.basis, 16 + title + 8, self.y, height)
        for name, text, role, color, weight in (
            ("now", said.now, "reading" if known else "small", "text" if known else "text3", 600 if known else 400),
            ("warrant", said.warrant, "small", "text2", 400),
            ("last", said.before, "small", "text2", 400),
            ("change", said.change, "small", "text" if row.moved else "text2", 600 if row.moved else 400),
            ("mix", said.mix, "small", "text2", 400),
            ("within", said.within, "small", "text2", 400),
        ):
            left, size = places[name]
            if name == "now" and not known:
                left, size = left - 40, size + 40
            self.text(text, role, color, QRectF(left, self.y, size, height), weight, right=name != "warrant")
        self._bars(row, *places["bars"], height)
        self.y += height
        if said.detail:
            self.y -= 6
            self.paragraph(said.detail, "small", "text2", left=16)
            self.y += 8

    def _bars(self, row: Row, left: float, wide: float, height: float) -> None:
        """Draw mix in outline above within filled, from one zero line."""
        if row.change is None:
            return
        painter, zero, reach, top = self.painter, left + wide / 2, wide / 2 - 6, self.y + height / 2 - 9
        painter.fillRect(QRectF(zero - 0.4, top - 1, 0.8, 20), self.theme.color("text3"))
        for (name, share), offset in zip(bars(row), (1.0, 10.0), strict=True):
            length = max(0.8, abs(share) * reach)
            bar = QRectF(zero if share >= 0 else zero - length, top + offset, length, 7)
            if name == "within":
                painter.fillRect(bar, QColor(self.theme.chart()[0]["color"]))
            else:
                painter.setPen(QPen(QColor(self.theme.chart()[0]["color"]), 1.2))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRect(bar)

    def _badge(self, kind: Basis, left: float, top: float, height: float) -> None:
        if kind not in BADGES:
            return
        font = self.theme.font("tiny", 500)
        wide, high = self._advance(kind.value, "tiny", 500) + 14, 18.0
        pill = QRectF(left, top + (height - high) / 2, wide, high)
        ground, front = BADGES[kind]
        self.painter.setPen(Qt.PenStyle.NoPen)
        self.painter.setBrush(self.theme.color(ground))
        self.painter.drawRoundedRect(pill, high / 2, high / 2)
        self.painter.setFont(font)
        self.painter.setPen(self.theme.color(front))
        self.painter.drawText(pill.left() + 7, baseline(font, pill.top(), high), kind.value)  # type: ignore[call-overload]

    def _advance(self, text: str, role: str, weight: int | None) -> float:
        return QFontMetricsF(self.theme.font(role, weight)).horizontalAdvance(text)

    def text(
        self, text: str, role: str, color: str, box: QRectF, weight: int | None = None, right: bool = False
    ) -> float:
        """Draw one line, cut to its box, and return how wide it is."""
        font = self.theme.font(role, weight)
        metrics = QFontMetricsF(font)
        said = metrics.elidedText(shown.safe(text, 300), Qt.TextElideMode.ElideRight, max(0.0, box.width()))
        wide = metrics.horizontalAdvance(said)
        self.painter.setFont(font)
        self.painter.setPen(QPen(self.theme.color(color)))
        left = box.right() - wide if right else box.left()
        self.painter.drawText(left, baseline(font, box.top(), box.height()), said)  # type: ignore[call-overload]
        return wide

    def paragraph(self, text: str, role: str, color: str, weight: int | None = None, left: float = 0) -> None:
        """Draw a text over as many lines as it needs."""
        line_height = float(self.theme.line(role))
        for said in self.lines(text, role, self.width - left, weight):
            self.text(said, role, color, QRectF(left, self.y, self.width - left, line_height), weight)
            self.y += line_height

    def lines(self, text: str, role: str, wide: float, weight: int | None = None) -> list[str]:
        """Return a text cut into lines that fit a width, at spaces."""
        metrics = QFontMetricsF(self.theme.font(role, weight))
        words, held = shown.safe(text, 900).split(" "), ""
        lines: list[str] = []
        for word in words:
            longer = f"{held} {word}".strip()
            if held and metrics.horizontalAdvance(longer) > wide:
                lines.append(held)
                held = word
            else:
                held = longer
        return [*lines, held]

    def line(self, left: float, top: float, wide: float) -> None:
        """Draw a hairline."""
        self.painter.fillRect(QRectF(left, top, wide, 0.7), self.theme.color("line"))

    def _rule(self, color: str, thick: float) -> None:
        self.painter.fillRect(QRectF(0, self.y, self.width, thick), self.theme.color(color))
