"""Drawing of the evidence: documents with rank, age and score, calls with their outcome, labels with their keys."""

from collections.abc import Callable
from typing import ClassVar

from PySide6.QtCore import QCoreApplication, QRectF, Qt
from PySide6.QtGui import QPainter

from reviewer.desktop.review.evidence_items import cited
from reviewer.desktop.review.transcript import words
from reviewer.desktop.review.transcript.items import Item
from reviewer.desktop.review.transcript.paint import ItemPainter
from reviewer.desktop.review.transcript.strips import Reading, Strip
from reviewer.desktop.review.transcript.style import fill_bar
from reviewer.desktop.shown import safe
from reviewer.workspace.ask.transcript import DocumentRow

DAY_US = 86_400_000_000
STALE_DAYS = 365
LABELS = (("R", "relevant", "check", "passed"), ("I", "irrelevant", "minus", "text2"), ("X", "missing", "x", "defer"))


def tr(text: str, n: int = -1) -> str:
    """Return a text of the evidence in the reader's language; ``%n`` becomes a number."""
    return QCoreApplication.translate("Evidence", text, None, n).replace("%n", str(n))


class EvidencePainter(ItemPainter):
    """Draws the items of the evidence pane. ``answer`` is what the answer says, ``labels`` what was said of documents."""

    def __init__(self, reading: Reading, labels: Callable[[], dict[int, str]], answer: str) -> None:
        super().__init__(reading)
        self._labels_now = labels
        self._answer = answer

    def _place(self, painter: QPainter, item: Item, strip: Strip, y: float) -> None:
        if item.document is not None:
            self._document(painter, item, self.reading.transcript.documents[item.document], (y, strip.height))
        else:
            self._call_head(painter, item, (y, strip.height))

    def _document(self, painter: QPainter, item: Item, row: DocumentRow, place: tuple[float, float]) -> None:
        style, px = self.style, self.style.theme.px
        color = "accentText" if item is self.focus.item else "text"
        style.draw(painter, style.strong, color, px(22), place, str(row.rank + 1))
        end = self._score(painter, row, place)
        age, stale = self._age(row)
        room = end - style.left - style.width(style.small, age) - px(34)
        name = safe(row.source or row.title or row.doc_id or "") or tr("unnamed document")
        name = style.elide(style.mono, name, room, Qt.TextElideMode.ElideMiddle)
        style.draw(painter, style.mono, "text", style.left, place, name)
        x = style.left + style.width(style.mono, name) + px(10)
        if stale:
            self._icon(painter, "history", "defer", x, *place)
            x += px(18)
        style.draw(painter, style.small, "defer" if stale else "text3", x, place, age)

    def _score(self, painter: QPainter, row: DocumentRow, place: tuple[float, float]) -> float:
        """Draw the score at the right edge and return where it begins."""
        style, px = self.style, self.style.theme.px
        if row.score is None:
            return self._right(0)
        x = self._at_right(painter, style.small, "text", 0, place, f"{row.score:.2f}".replace("-", "−"))
        if not 0.0 <= row.score <= 1.0 or row.score_kind == "distance":
            return x
        bar = QRectF(x - px(46), place[0] + (place[1] - px(4)) / 2, px(36), px(4))
        fill_bar(painter, bar, style.color["line"])
        fill_bar(painter, QRectF(bar.left(), bar.top(), bar.width() * row.score, bar.height()), style.color["text2"])
        return bar.left()

    def _age(self, row: DocumentRow) -> tuple[str, bool]:
        """Return how old a document was when the trace began, and whether that is long."""
        if row.updated_us is None:
            return "", False
        days = (self.reading.transcript.about.started_us - row.updated_us) // DAY_US
        if days < 0:
            return tr("changed since"), True
        if days < 14:
            return tr("%n days old", days) if days != 1 else tr("1 day old"), False
        if days < 63:
            return tr("%n weeks old", days // 7), False
        if days < 730:
            return tr("%n months old", days // 30), days > STALE_DAYS
        return tr("%n years old", days // 365), True

    def _call_head(self, painter: QPainter, item: Item, place: tuple[float, float]) -> None:
        style, px = self.style, self.style.theme.px
        call = self.reading.transcript.calls[item.entries[0].call or 0]
        text, failed = words.outcome(self.reading.transcript, call)
        icon = ("circle-alert", "failed") if failed else ("circle-check", "text2")
        self._icon(painter, *icon, px(20), *place)
        name = style.elide(style.mono, safe(call.name, 80), self.width * 0.4)
        style.draw(painter, style.mono, "text", style.left, place, name)
        end = self._at_right(painter, style.small, "text2", 0, place, words.latency(call.latency_ms))
        x = style.left + style.width(style.mono, name) + px(10)
        font = style.strong if failed else style.small
        style.draw(painter, font, "failed" if failed else "text2", x, place, style.elide(font, text, end - x - px(12)))

    def _result(self, painter: QPainter, item: Item, strip: Strip, y: float) -> None:
        style = self.style
        call = self.reading.transcript.calls[item.entries[0].call or 0]
        if strip.text != "result":
            text = words.arguments(call)
        elif call.is_error or call.error:
            text = tr("error") + " " + safe(call.error or call.result_preview, 160)
        else:
            text = safe(call.result_preview, 160)
        text = style.elide(style.mono, text, self._right(0) - style.left)
        style.draw(painter, style.mono, "text2", style.left, (y, strip.height), text)

    def _labels(self, painter: QPainter, item: Item, strip: Strip, y: float) -> None:
        style, px = self.style, self.style.theme.px
        place = (y + px(2), strip.height - px(2))
        assert item.document is not None
        said = self._labels_now().get(item.document)
        x: float = style.left
        words_of = {"relevant": tr("relevant"), "irrelevant": tr("irrelevant"), "missing": tr("missing")}
        for key, label, icon, color in LABELS:
            text = words_of[label]
            if item is self.focus.item:
                x = self._keycap(painter, x, place[0], place[1], key) + px(7)
                font = style.strong if said == label else style.small
                style.draw(painter, font, "accentText" if said == label else "text2", x, place, text)
                x += style.width(font, text) + px(16)
            elif said == label:
                self._icon(painter, icon, color, x, *place)
                style.draw(painter, style.small, "text2", x + px(20), place, text)
        times = cited(self._answer, self.reading.transcript.documents[item.document])
        if times:
            text = {1: tr("cited once"), 2: tr("cited twice")}.get(times) or tr("cited %n times", times)
            self._at_right(painter, style.strong, "accentText", 0, place, text)

    def _title(self, painter: QPainter, item: Item, strip: Strip, y: float) -> None:
        said = {
            "calls": tr("Tool calls before this answer"),
            "earlier": tr("Retrieved for an earlier turn"),
        }
        style = self.style
        left = style.theme.px(20)
        if strip.text == "calls":
            painter.fillRect(QRectF(left, y - style.pad, self._right(0) - left, 1), style.color["line"])
        style.draw(painter, style.strong, "text2", left, (y, strip.height), said.get(strip.text, ""))

    def _plain_line(self, painter: QPainter, item: Item, strip: Strip, y: float) -> None:
        style = self.style
        failed = item.kind == "evidence_call"
        text = style.elide(
            style.mono if failed or item.kind == "raw" else style.small, safe(strip.text), self._right(0) - style.left
        )
        font = style.mono if failed or item.kind == "raw" else style.small
        style.draw(painter, font, "failed" if failed else "text2", style.left, (y, strip.height), text)

    def _note(self, painter: QPainter, item: Item, strip: Strip, y: float) -> None:
        said = {
            "no documents": tr("No documents were recorded for this turn."),
            "no calls": tr("No tool was called before this answer."),
            "nothing": tr("content not captured"),
        }
        if strip.text in said:
            style = self.style
            style.draw(
                painter,
                style.small,
                "text3",
                style.left if item.kind == "document" else style.theme.px(20),
                (y, strip.height),
                said[strip.text],
            )
        else:
            self._notice(painter, item, strip, y)

    drawings: ClassVar[dict[str, Callable[..., None]]] = {
        **ItemPainter.drawings,
        "place": _place,
        "labels": _labels,
        "title": _title,
        "result": _result,
        "line": _plain_line,
        "notice": _note,
    }
