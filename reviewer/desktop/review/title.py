"""The head of the transcript: what it is about, its place in the queue, and the facts of the run."""

from collections import OrderedDict
from collections.abc import Callable
from functools import partial
from typing import NamedTuple

from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QHelpEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from reviewer.desktop import shown
from reviewer.desktop.parts.pictures import Pictures
from reviewer.desktop.review.words import tr
from reviewer.desktop.theme import Theme
from reviewer.wording import dollars, duration, moment, short_moment
from reviewer.workspace.ask.transcript import About


def prompt_version(about: About) -> str:
    """Return which prompt a run had, in words; empty where that is not recorded."""
    return tr("prompt %1").replace("%1", about.prompt_version) if about.prompt_version else ""


def facts(about: About, timezone: str, when: Callable[[int, str], str] = short_moment) -> str:
    """Return the facts of a run in one line, the model last: it is what gives way first. What is not known is left out."""
    parts = [about.workflow, prompt_version(about)]
    if about.time_basis == "trace":
        parts.append(when(about.started_us, timezone))
    if about.latency_ms is not None:
        parts.append(duration(about.latency_ms))
    if about.cost_usd is not None:
        parts.append(dollars(about.cost_usd))
    parts.append(about.model)
    return "  ·  ".join(part for part in parts if part)


ID_LETTERS = 13
KEPT = 6  # items whose words are kept
LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class Words(NamedTuple):
    """What the two lines say of one item; ``widest`` is the place that takes most room."""

    title: str
    place: str
    facts: str
    id: str
    widest: str


class TitleLine(QWidget):
    """Two lines above the transcript. They are one picture, which can be made before the item is asked for."""

    def __init__(self, theme: Theme, timezone: str) -> None:
        super().__init__()
        self.theme = theme
        self._timezone = timezone
        self._about: About | None = None
        self._words = Words("", "", "", "", "")
        self._known: OrderedDict[tuple[str, int, int], tuple[About, Words]] = OrderedDict()
        self._pictures = Pictures()
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("Transcript"))

    def show_item(self, about: About, order: int, drawn: int) -> None:
        """Show one item of the queue."""
        self._about = about
        self._words = self._words_of(about, order, drawn)
        self.setAccessibleDescription("\n".join(self._words[:-1]))
        self.update()

    def prepare(self, about: About, order: int, drawn: int) -> None:
        """Word and draw an item of the queue that may be shown next."""
        words = self._words_of(about, order, drawn)
        self._pictures.of(self, words, self.theme.color("surface"), partial(self._draw, words))

    def set_theme(self, theme: Theme) -> None:
        """Take another theme or scale."""
        self.theme = theme
        self._pictures.forget()
        self.updateGeometry()
        self.update()

    def _words_of(self, about: About, order: int, drawn: int) -> Words:
        key = (about.id, order, drawn)
        known, words = self._known.get(key, (None, self._words))
        if known is about:
            return words
        title = shown.safe(about.title or about.name or about.native_id)
        words = Words(title, self._place(order, drawn), shown.safe(facts(about, self._timezone)),
                      shown.safe(about.native_id, ID_LETTERS), self._place(drawn, drawn))  # fmt: skip
        self._known[key] = (about, words)
        if len(self._known) > KEPT:
            self._known.popitem(last=False)
        return words

    def _place(self, order: int, drawn: int) -> str:
        return self.tr("%1 of %2").replace("%1", str(order)).replace("%2", str(drawn))

    def _areas(self) -> tuple[QRect, QRect, QRect, QRect]:
        """Return where title, place, facts and id stand; place and id keep the room of the widest."""
        theme, px = self.theme, self.theme.px
        strong, small, mono = (QFontMetrics(theme.font(*f)) for f in (("body", 600), ("small",), ("mono",)))
        first, second = strong.height() + 2, max(small.height() + 2, mono.height())
        left, right, top = px(28), self.width() - px(24), px(8)
        place, number = small.horizontalAdvance(self._words.widest) + 2, mono.horizontalAdvance("M" * ID_LETTERS) + 2
        below = top + first + px(2)
        return (
            QRect(left, top, right - left - place - px(12), first),
            QRect(right - place, top, place, first),
            QRect(left, below, right - left - number - px(12), second),
            QRect(right - number, below, number, second),
        )

    def sizeHint(self) -> QSize:
        return QSize(self.theme.px(320), self._areas()[3].bottom() + 1 + self.theme.px(8))

    def minimumSizeHint(self) -> QSize:
        return QSize(self.theme.px(160), self.sizeHint().height())

    def event(self, event: QEvent) -> bool:
        """Word the tooltip when it is asked for: the facts with the whole time, or the whole id."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            shown.tip(self, self._tip(event.pos()))
        return super().event(event)

    def _tip(self, spot: QPoint) -> str:
        _, _, low, number = self._areas()
        if self._about is None or spot.y() < low.top():
            return ""
        return self._about.native_id if number.contains(spot) else facts(self._about, self._timezone, moment)

    def paintEvent(self, event: QPaintEvent) -> None:
        self._pictures.show(self, self._words, self.theme.color("surface"), partial(self._draw, self._words))

    def _draw(self, words: Words, painter: QPainter, _area: QRectF) -> None:
        theme, quiet = self.theme, self.theme.color("text2")
        painter.fillRect(0, self.height() - 1, self.width(), 1, theme.color("line"))
        title, place, low, number = self._areas()
        for area, flags, font, color, text in (
            (title, LEFT, theme.font("body", 600), theme.color("text"), words.title),
            (place, RIGHT, theme.font("small"), quiet, words.place),
            (low, LEFT, theme.font("small"), quiet, words.facts),
            (number, RIGHT, theme.font("mono"), quiet, words.id),
        ):
            painter.setFont(font)
            painter.setPen(color)
            cut = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, area.width())
            painter.drawText(area, flags, cut)
