"""Drawing of the strips of a transcript: headers, calls, captions, chips. Text itself is drawn by its cell."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QFont, QPainter

from reviewer.desktop.review.transcript import words
from reviewer.desktop.review.transcript.items import CallEntry, Item, Unit, unit_blocks
from reviewer.desktop.review.transcript.overlay import draw_edges, draw_grounds
from reviewer.desktop.review.transcript.rows import RowsCell
from reviewer.desktop.review.transcript.strips import CUT, Chip, Opened, Reading, Strip
from reviewer.desktop.review.transcript.style import fill_bar, rounded
from reviewer.desktop.review.transcript.words import tr
from reviewer.desktop.shown import safe
from reviewer.workspace.ask.transcript import within


@dataclass(slots=True)
class Focus:
    """What has the focus: an item and, in a group, one of its calls."""

    item: Item | None = None
    entry: CallEntry | None = None


class ItemPainter:
    """Draws items of one pane. Coordinates are the pane's; ``width`` is the pane's width."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.style = reading.style
        self.focus = Focus()
        self.width = 0.0

    def draw(self, painter: QPainter, item: Item, opened: Opened, y: float, clip: QRectF) -> None:
        """Draw an item whose top is at ``y``, as far as it lies inside ``clip``."""
        focused = item is self.focus.item
        if focused:
            painter.fillRect(QRectF(0, y, self.width, item.height), self.style.color["focusTint"])
            painter.fillRect(QRectF(0, y, self.style.theme.size("focusBar"), item.height), self.style.color["accent"])
        self._bar(painter, item, opened, y)
        for strip, top in zip(opened.strips, opened.tops, strict=False):
            if y + top + strip.height < clip.top():
                continue
            if y + top > clip.bottom():
                break
            if strip.kind == "cell":
                self._cell(painter, item, strip, y + top, clip)
            else:
                self.drawings[strip.kind](self, painter, item, strip, y + top)

    def _bar(self, painter: QPainter, item: Item, opened: Opened, y: float) -> None:
        if item.kind not in ("turn", "tools", "thread"):
            return
        end = opened.tops[-1]
        if opened.strips and opened.strips[-1].kind == "chips":
            end = opened.tops[-2]
        width = self.style.theme.size("roleBar")
        left = self.style.theme.px(19 if within(item.thread) and item.kind != "thread" else 14)
        bar = QRectF(left, y + opened.pad, width, end - opened.pad)
        fill_bar(painter, bar, self.style.color[words.role_color(item.role)])

    def _header(self, painter: QPainter, item: Item, strip: Strip, y: float) -> None:
        style, row = self.style, (y, self.style.head)
        word, number = words.heading(self.reading.transcript, item)
        x: float = style.left
        style.draw(painter, style.strong, words.role_color(item.role), x, row, word)
        x += style.width(style.strong, word) + style.theme.px(7)
        style.draw(painter, style.small, "text3", x, row, number)
        x += style.width(style.small, number) + style.theme.px(8)
        name = self._speaker(item)
        if name:
            style.draw(painter, style.small, "text2", x, row, name)
            x += style.width(style.small, name) + style.theme.px(8)
        failure = self.reading.first_failure
        if failure and failure.message is not None and item.holds(failure.thread, failure.message):
            self._icon(painter, "flag", "failed", x, y, style.head)
            style.draw(painter, style.strong, "failed", x + style.theme.px(18), row, tr("first failure"))
        if (item.thread, item.first) in self.reading.folding.raw:
            style.draw(painter, style.small, "text3", self._right(0) - style.theme.px(100), row, tr("raw"))
        self._at_right(painter, style.small, "text3", 0, row, words.clock(item.ts_us, self.reading.zone))

    def _speaker(self, item: Item) -> str:
        if item.kind != "turn":
            return ""
        return safe(self.reading.transcript.message(item.first, item.thread).name or "", 40)

    def _fold(self, painter: QPainter, item: Item, strip: Strip, y: float) -> None:
        style, row = self.style, (y, self.style.head)
        self._icon(painter, "chevron-right", "text3", style.left, y, style.head)
        x: float = style.left + style.theme.px(18)
        word, _ = words.heading(self.reading.transcript, item)
        style.draw(painter, style.strong, "text2", x, row, word)
        x += style.width(style.strong, word) + style.theme.px(7)
        style.draw(painter, style.small, "text3", x, row, words.folded(self.reading.transcript, item))

    def _box(self, painter: QPainter, y: float, focused: bool) -> QRectF:
        style = self.style
        left = style.theme.px(22)
        box = QRectF(left, y + style.theme.px(2), self.width - style.right - left, style.theme.size("row", "list"))
        rounded(painter, box, 6, style.color["sunken"], style.color["accent"] if focused else None)
        return box

    def _call(self, painter: QPainter, item: Item, strip: Strip, y: float) -> None:
        entry = strip.entry
        assert entry is not None
        style, transcript, px = self.style, self.reading.transcript, self.style.theme.px
        box = self._box(painter, y, item is self.focus.item and entry is self.focus.entry and len(item.entries) > 1)
        row = (box.top(), box.height())
        opened = entry.call in self.reading.folding.calls if entry.call is not None else True
        self._icon(painter, "chevron-down" if opened else "chevron-right", "text2", box.left() + px(8), *row)
        self._icon(painter, "wrench", "roleTool", box.left() + px(26), *row)
        x = box.left() + px(47)
        end = self._call_outcome(painter, entry, box, row)
        room = min(box.width() * 0.4, end - x - px(6))
        name = style.elide(style.mono, words.call_name(transcript, entry, item.thread), room)
        style.draw(painter, style.mono, "text", x, row, name)
        x += style.width(style.mono, name) + px(9)
        if entry.call is not None:
            line = style.elide(style.mono, words.arguments(transcript.calls[entry.call]), end - x - px(12))
            style.draw(painter, style.mono, "text2", x, row, line)

    def _call_outcome(self, painter: QPainter, entry: CallEntry, box: QRectF, row: tuple[float, float]) -> float:
        """Draw outcome and latency at the right edge of a box and return where they begin."""
        style, px = self.style, self.style.theme.px
        end = box.right() - px(10)
        if entry.call is None:
            return end
        call = self.reading.transcript.calls[entry.call]
        took = words.latency(call.latency_ms)
        if took:
            end -= style.width(style.small, took)
            style.draw(painter, style.small, "text2", end, row, took)
            end -= px(10)
        text, failed = words.outcome(self.reading.transcript, call)
        font = style.strong if failed else style.small
        text = style.elide(font, text, box.width() * 0.36)
        end -= style.width(font, text)
        style.draw(painter, font, "failed" if failed else "text2", end, row, text)
        if failed:
            end -= px(20)
            self._icon(painter, "circle-alert", "failed", end, *row)
        return end

    def _thread(self, painter: QPainter, item: Item, strip: Strip, y: float) -> None:
        style, px = self.style, self.style.theme.px
        box = self._box(painter, y, False)
        row = (box.top(), box.height())
        opened = item.thread in self.reading.folding.threads
        self._icon(painter, "chevron-down" if opened else "chevron-right", "text2", box.left() + px(8), *row)
        self._icon(painter, "bot", "roleAssistant", box.left() + px(26), *row)
        title = style.elide(style.mono, safe(item.text) or tr("sub-agent"), box.width() * 0.5)
        style.draw(painter, style.mono, "text", box.left() + px(47), row, title)
        x = box.left() + px(56) + style.width(style.mono, title)
        count = words.count(item.last + 1, "sub-agent, 1 message", "sub-agent, %n messages")
        style.draw(painter, style.small, "text2", x, row, style.elide(style.small, count, box.right() - x - px(8)))

    def _turn(self, painter: QPainter, item: Item, strip: Strip, y: float) -> None:
        """Draw the line above a trace of a session; that of the trace under review stands out."""
        style, px = self.style, self.style.theme.px
        said, own = words.turn_line(self.reading.transcript, item.first, self.reading.zone)
        line = style.color["accent" if own else "lineStrong"]
        row = (y + px(4), strip.height - px(4))
        painter.fillRect(QRectF(0, y, self.width, px(2) if own else 1), line)
        x: float = style.theme.px(14)
        end = self._right(0)
        if own:
            mark = tr("your coding is of this turn")
            end -= style.width(style.strong, mark)
            style.draw(painter, style.strong, "accentText", end, row, mark)
            end -= px(12)
        style.draw(
            painter, style.strong, "accentText" if own else "text2", x, row, style.elide(style.strong, said, end - x)
        )

    def _caption(self, painter: QPainter, item: Item, strip: Strip, y: float) -> None:
        style = self.style
        style.draw(painter, style.tiny, "text3", style.left + strip.indent, (y, strip.height), tr(strip.text))

    def _line(self, painter: QPainter, item: Item, strip: Strip, y: float) -> None:
        style = self.style
        text = style.elide(style.mono, safe(strip.text), self._right(0) - style.left - strip.indent)
        style.draw(painter, style.mono, "failed", style.left + strip.indent, (y, strip.height), text)

    def _more(self, painter: QPainter, item: Item, strip: Strip, y: float) -> None:
        style, row = self.style, (y, strip.height)
        text = "… " + self._more_words(item, strip)
        x = style.left + strip.indent
        style.draw(painter, style.small, "text2", x, row, text)
        x += style.width(style.small, text) + style.theme.px(12)
        if item is self.focus.item:
            x = self._keycap(painter, x, y, strip.height, "C")
            style.draw(painter, style.small, "text2", x + style.theme.px(8), row, tr("unfold"))

    def _more_words(self, item: Item, strip: Strip) -> str:
        assert strip.unit is not None
        opened = item.open
        if isinstance(opened, Opened):
            for other in opened.strips:
                cell = other.cell
                if isinstance(cell, RowsCell) and cell.unit == strip.unit and cell.tidy and cell.exact:
                    return words.count(max(1, cell.cut_rows), "1 more line", "%n more lines")
        return more_words(self.reading, strip.unit, self.width)

    def _chips(self, painter: QPainter, item: Item, strip: Strip, y: float) -> None:
        x: float = self.style.left
        for chip in self.reading.chips_of(item):
            x = self._chip(painter, chip, x, y + self.style.theme.px(6)) + self.style.theme.px(8)
            if x > self._right(0):
                return

    def _chip(self, painter: QPainter, chip: Chip, x: float, y: float) -> float:
        style, px = self.style, self.style.theme.px
        height = px(26)
        place = style.elide(style.small, safe(chip.place, 60), px(180))
        title = style.elide(style.strong, safe(chip.title, 80), px(240))
        width = px(28) + style.width(style.strong, title) + px(10)
        width += style.width(style.small, place) + px(8) if place else 0
        outline = style.theme.color("accent", 0.55)
        rounded(painter, QRectF(x, y, width, height), 8, style.color["surface"], outline)
        key = QRectF(x + px(6), y + (height - px(16)) / 2, px(16), px(16))
        rounded(painter, key, 4, style.color["accent"])
        left = key.center().x() - style.width(style.chip, chip.key) / 2
        style.draw(painter, style.chip, "onAccent", left, (key.top(), key.height()), safe(chip.key, 3))
        style.draw(painter, style.strong, "accentText", x + px(28), (y, height), title)
        if place:
            end = x + px(36) + style.width(style.strong, title)
            style.draw(painter, style.small, "text2", end, (y, height), place)
        return x + width

    def _notice(self, painter: QPainter, item: Item, strip: Strip, y: float) -> None:
        style = self.style
        said = {
            "forgotten": tr("This trace was forgotten. Its text is gone for good; what was coded about it stays."),
            "empty": tr("No content was captured for this trace."),
            "truncated": tr("This trace was longer than the limit at import. What is beyond the limit is missing."),
            "nothing": tr("content not captured"),
            "no result": tr("no result was recorded"),
            "empty text": tr("empty"),
        }
        text = said.get(strip.text, strip.text)
        x = style.left + strip.indent
        if item.kind == "notice":
            self._icon(painter, "info", "text3", x, y, strip.height)
            x += style.theme.px(22)
        style.draw(painter, style.small, "text3", x, (y, strip.height), text)

    def _cell(self, painter: QPainter, item: Item, strip: Strip, y: float, clip: QRectF) -> None:
        cell = strip.cell
        assert cell is not None
        if not cell.exact:
            return
        x = self.style.left + strip.indent
        part = clip.translated(-x, -y).intersected(QRectF(-4, 0, self.width - x, cell.height))
        if part.isEmpty():
            return
        painter.save()
        painter.translate(x, y)
        marks = self.reading.marks.on(cell.unit, cell.base, cell.base + cell.size) if self.reading.marks.layers else []
        if marks:
            draw_grounds(painter, self.style, cell, marks, part)
        cell.draw(painter, self.style, part)
        ground = "focusTint" if item is self.focus.item else "surface"
        draw_edges(painter, self.style, cell, marks, part, ground if item.role == "assistant" else None)
        painter.restore()

    def _right(self, indent: float) -> float:
        return self.width - self.style.right - indent

    def _at_right(
        self, painter: QPainter, font: QFont, color: str, indent: float, row: tuple[float, float], text: str
    ) -> float:
        x = self._right(indent) - self.style.width(font, text)
        self.style.draw(painter, font, color, x, row, text)
        return x

    def _icon(self, painter: QPainter, name: str, color: str, x: float, y: float, height: float) -> None:
        px = self.style.theme.size("icon", "inline")
        ratio = painter.device().devicePixelRatioF()
        painter.drawPixmap(QPointF(x, y + (height - px) / 2), self.style.theme.icon(name, color, px, ratio))

    def _keycap(self, painter: QPainter, x: float, y: float, height: float, key: str) -> float:
        """Draw a keycap and return its right edge."""
        style = self.style
        size = style.theme.size("keycap")
        cap = QRectF(x, y + (height - size) / 2, max(size, style.width(style.tiny, key) + style.theme.px(10)), size)
        rounded(painter, cap, 4, style.color["raised"], style.color["lineStrong"])
        left = cap.center().x() - style.width(style.tiny, key) / 2
        style.draw(painter, style.tiny, "text2", left, (cap.top(), size), key)
        return cap.right()

    # Of the class: bound methods in each painter would tie it to itself, and its transcript would stay in memory.
    drawings: ClassVar[dict[str, Callable[..., None]]] = {
        "header": _header,
        "fold": _fold,
        "call": _call,
        "caption": _caption,
        "more": _more,
        "chips": _chips,
        "notice": _notice,
        "thread": _thread,
        "line": _line,
        "turn": _turn,
        "gap": lambda *_: None,
    }


def more_words(reading: Reading, unit: Unit, width: float) -> str:
    """Return how much of a payload is not shown: lines where it has lines, else its size."""
    span = unit_blocks(reading.transcript, unit)
    if span is None:
        return ""
    blocks = [reading.transcript.block(n) for n in range(span.first, span.first + span.size)]
    lines = sum(block.lines for block in blocks) + 1
    if lines > CUT:
        return words.count(lines - CUT, "1 more line", "%n more lines")
    return tr("more, {} in all").format(words.size(sum(block.chars for block in blocks)))
