"""The evidence pane: documents, tool calls and the stored message of the focused turn."""

from collections import OrderedDict
from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QTabBar, QVBoxLayout, QWidget

from reviewer.desktop.review.evidence_items import (
    Evidence,
    EvidenceOpener,
    document_items,
    estimate_evidence,
    evidence_of,
    raw_items,
    tool_items,
)
from reviewer.desktop.review.evidence_paint import EvidencePainter, tr
from reviewer.desktop.review.transcript import words
from reviewer.desktop.review.transcript.column import Column, Page
from reviewer.desktop.review.transcript.items import Item, Unit, turn_number
from reviewer.desktop.review.transcript.layout import Layout, Spot
from reviewer.desktop.review.transcript.listening import announce_focus
from reviewer.desktop.review.transcript.marks import Mark, anchor_at
from reviewer.desktop.review.transcript.page import session_of
from reviewer.desktop.review.transcript.paint import Focus
from reviewer.desktop.review.transcript.strips import Folding, Reading
from reviewer.desktop.review.transcript.style import Style
from reviewer.desktop.review.transcript.view import TranscriptView
from reviewer.desktop.shown import safe
from reviewer.desktop.theme import Theme, baseline
from reviewer.model.coding import Anchor
from reviewer.model.ids import TraceId
from reviewer.workspace.ask.transcript import Transcript, within

if TYPE_CHECKING:
    from reviewer.desktop.review.support import Support

DOCUMENTS, TOOLS, RAW = range(3)
MOST_READY = 4  # transcripts whose evidence is made ready
MOST_COMPARED = 40  # documents that are compared with the answer


class EvidenceTabs(QTabBar):
    """The three tabs with their counts, and of which turn they speak."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._counts = ["", "", ""]
        self.of_turn = ""
        for text in (self.tr("Documents"), self.tr("Tools"), self.tr("Raw")):
            self.addTab(text)
        self.setDrawBase(False)
        self.setExpanding(False)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName(self.tr("Evidence"))

    def set_theme(self, theme: Theme) -> None:
        """Take another theme or scale."""
        self._theme = theme
        self.setFont(theme.font("body", 500))
        self.updateGeometry()
        self.update()

    def say(self, documents: int, tools: int, of_turn: str) -> None:
        """Show how many there are, and of which turn."""
        counts = [str(documents), str(tools), ""]
        if (counts, of_turn) == (self._counts, self.of_turn):
            return
        self._counts, self.of_turn = counts, of_turn
        for index, count in enumerate(self._counts):
            self.setTabData(index, count)
            self.setAccessibleTabName(index, f"{self.tabText(index)} {count}".strip())
        self.updateGeometry()
        self.update()

    def tabSizeHint(self, index: int) -> QSize:
        theme = self._theme
        width = self.fontMetrics().horizontalAdvance(f"{self.tabText(index)} {self._counts[index]}")
        return QSize(width + theme.px(24), theme.px(42))

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = self._theme
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.color("surface"))
        painter.fillRect(QRectF(0, self.height() - 1, self.width(), 1), theme.color("line"))
        for index in range(self.count()):
            area = QRectF(self.tabRect(index))
            chosen = index == self.currentIndex()
            font = theme.font("body", 500 if chosen else 400)
            painter.setFont(font)
            painter.setPen(theme.color("text" if chosen else "text2"))
            x, y = area.left() + theme.px(20), baseline(font, 0, self.height())
            painter.drawText(int(x), int(y), self.tabText(index))
            x += painter.fontMetrics().horizontalAdvance(self.tabText(index)) + theme.px(6)
            painter.setPen(theme.color("text3"))
            painter.setFont(theme.font("body"))
            painter.drawText(int(x), int(y), self._counts[index])
            if chosen:
                end = x + painter.fontMetrics().horizontalAdvance(self._counts[index])
                left = area.left() + theme.px(20)
                painter.fillRect(QRectF(left, self.height() - 2, end - left, 2), theme.color("accent"))
        painter.setFont(theme.font("small"))
        painter.setPen(theme.color("text3"))
        x = self.width() - theme.px(32) - painter.fontMetrics().horizontalAdvance(self.of_turn)
        if x > self.tabRect(self.count() - 1).right() + theme.px(20):
            painter.drawText(x, int(baseline(theme.font("small"), 0, self.height())), self.of_turn)
        painter.end()


class Legend(QWidget):
    """What the marks mean, and that they are a hint by word overlap."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(
            tr("Lit words are in a document, underlined sentences in none. Word overlap, a hint only.")
        )
        self.set_theme(theme)

    def set_theme(self, theme: Theme) -> None:
        """Take another theme or scale."""
        self._theme = theme
        self.setFixedHeight(theme.px(36))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, px = self._theme, self._theme.px
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), theme.color("surface"))
        left = px(20)
        painter.fillRect(QRectF(left, 0, self.width() - 2 * left, 1), theme.color("line"))
        font = theme.font("small")
        painter.setFont(font)
        y = int(baseline(font, 0, self.height()))
        swatch = QRectF(left, self.height() / 2 - px(6), px(18), px(12))
        painter.fillRect(swatch, theme.color("lit"))
        painter.fillRect(QRectF(swatch.left(), swatch.bottom() - 1, swatch.width(), 1), theme.color("litEdge"))
        painter.setPen(theme.color("text2"))
        x = int(swatch.right() + px(7))
        painter.drawText(x, y, tr("in a document"))
        x += painter.fontMetrics().horizontalAdvance(tr("in a document")) + px(16)
        pen = QPen(theme.color("unsup"), 1.75)
        pen.setDashPattern([2.2, 1.6])
        painter.setPen(pen)
        painter.drawLine(x, int(swatch.bottom()), x + px(18), int(swatch.bottom()))
        painter.setPen(theme.color("text2"))
        painter.drawText(x + px(25), y, tr("in none"))
        painter.setPen(theme.color("text3"))
        hint = tr("Word overlap, a hint only")
        width = painter.fontMetrics().horizontalAdvance(hint)
        if self.width() - left - width > x + px(90):
            painter.drawText(self.width() - left - width - px(12), y, hint)
        painter.end()


class EvidenceColumn(Column):
    """The scrolling part of the pane."""

    document_clicked = Signal(int)

    def make_style(self, theme: Theme) -> Style:
        """Return the body's font and narrow margins: evidence is quieter than the transcript."""
        return Style(theme, "body", left=44, right=20)

    def spoken(self, stop: Focus) -> str:
        """Return what a document or a call is, and how it begins."""
        item = stop.item
        if self.current is None or item is None:
            return ""
        transcript = self.current.painter.reading.transcript
        if item.document is not None:
            row = transcript.documents[item.document]
            text = transcript.text(row.blocks.first)[:300] if row.blocks.size else ""
            return tr("Document {}, {}: {}").format(row.rank + 1, safe(row.source or row.title or "", 80), safe(text))
        if item.entries and item.entries[0].call is not None:
            call = transcript.calls[item.entries[0].call]
            return tr("Tool call {}, {}").format(safe(call.name, 80), words.outcome(transcript, call)[0])
        return tr("Stored message") if item.kind == "raw" else ""

    def clicked(self, spot: Spot) -> None:
        """Focus a document; show the whole of what was cut."""
        page = self.current
        if page is None:
            return
        if spot.strip is not None and spot.strip.kind == "more" and spot.strip.unit is not None:
            page.painter.reading.folding.whole.add(spot.strip.unit)
            page.layout.close(spot.item)
            self.show_item(spot.item)
        elif spot.item.document is not None:
            self.document_clicked.emit(spot.item.document)


class EvidencePane(QWidget):
    """Tabs, column and legend. Follows the focused turn; computes support when the program is idle."""

    document_labelled = Signal(int, object)
    """A document's number and its label: ``relevant``, ``irrelevant``, ``missing``, or None to take it back."""
    support_found = Signal(int, list, list, object)
    """The answer's message, the supported and the unsupported ranges, the thread: for ``TranscriptView.set_support``."""
    link_asked = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._transcript: Transcript | None = None
        self._turn = -1
        self._thread = 0
        self._evidence = Evidence(-1)
        self._labels: dict[int, str] = {}
        self._said: dict[int, str] = {}
        self._main = 0
        self.other_trace: TraceId | None = None
        """The trace that the evidence is of where it is not the item under review but another of its session."""
        self._focused: int | None = None
        self._known: Support | None = None
        self._ready: OrderedDict[int, tuple[Transcript, Evidence, Page]] = OrderedDict()
        self.tabs = EvidenceTabs(theme)
        self.column = EvidenceColumn(theme)
        self.legend = Legend(theme)
        self.tabs.set_theme(theme)
        self.tabs.currentChanged.connect(self._show_tab)
        self.column.document_clicked.connect(self.focus_document)
        self.column.link_asked.connect(self.link_asked)
        self.column.setAccessibleName(self.tr("Evidence of the focused turn"))
        self.setAccessibleName(self.tr("Evidence"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for part in (self.tabs, self.column, self.legend):
            column.addWidget(part)

    def set_theme(self, theme: Theme) -> None:
        """Take another theme or scale."""
        self._theme = theme
        self.tabs.setFont(theme.font("body"))
        self._ready.clear()
        for part in (self.tabs, self.column, self.legend):
            part.set_theme(theme)
        self._show_tab()

    # What is shown

    def show_turn(self, transcript: Transcript, turn: int, thread: int = 0) -> None:
        """Show the evidence of the answer that a turn is or leads to; nothing happens while that stays the same."""
        self._main, self.other_trace = 0, None
        if transcript.of_session:
            transcript, self._main, self.other_trace = session_of(transcript).part(thread)
            thread = within(thread)
        if transcript is self._transcript and (turn, thread) == (self._turn, self._thread):
            return
        before = self._evidence
        same = transcript is self._transcript
        self._turn, self._thread = turn, thread
        if thread:  # documents belong to turns of the main thread: a sub-agent's turn keeps what is shown
            evidence = before if same else Evidence(-1)
        else:
            evidence = evidence_of(transcript, turn) if turn >= 0 else Evidence(-1)
        self._transcript, self._evidence = transcript, evidence
        self._labels = {} if self.other_trace else self._said
        if same and evidence.turn == before.turn and self.tabs.currentIndex() != RAW:
            return
        self._known = None
        self._focused = None
        self._say_counts()
        self._show_tab()
        self.column.work_later(self._find_support(transcript, evidence))

    def clear(self) -> None:
        """Show nothing."""
        self._transcript = None
        self._evidence, self._turn = Evidence(-1), -1
        self.column.set_page(None)
        self._say_counts()

    def _say_counts(self) -> None:
        of_turn = ""
        if self._transcript is not None and self._evidence.turn >= 0:
            number = turn_number(self._transcript, 0, self._evidence.turn)
            of_turn = self.tr("Evidence of turn {}").format(number) if number else ""
        self.tabs.say(len(self._evidence.documents), len(self._evidence.calls), of_turn)

    def _show_tab(self) -> None:
        self.legend.setVisible(self.tabs.currentIndex() == DOCUMENTS)
        if self._transcript is not None:
            page = self._take_ready(self._transcript)
            page = page or self._make_page(self._transcript, self._evidence, self._items(self._evidence))
            page.layout.settle(self.column.view_height)
            self.column.set_page(page)
            self._mark()

    def follow(self, view: TranscriptView) -> None:
        """Join this pane to a transcript: made ready with it, its answers marked, its citations followed."""
        view.preparing.connect(self.prepare)
        self.support_found.connect(view.set_support)
        view.link_asked.connect(self._follow_link)

    def _follow_link(self, link: str) -> None:
        if link.startswith("cite:"):
            self.show_citation(int(link.removeprefix("cite:")))

    def prepare(self, transcript: Transcript, turn: int) -> None:
        """Lay out and paint in idle moments what ``show_turn`` will show for a transcript and its first turn."""
        if self.tabs.currentIndex() == DOCUMENTS and turn >= 0:
            self.column.work_later(self._prepare(transcript, turn))

    def _prepare(self, transcript: Transcript, turn: int) -> Iterator[None]:
        evidence = evidence_of(transcript, turn)
        page = self._make_page(transcript, evidence, document_items(evidence))
        yield
        yield from page.work()
        self._ready[id(transcript)] = (transcript, evidence, page)
        while len(self._ready) > MOST_READY:
            self._ready.popitem(last=False)

    def _take_ready(self, transcript: Transcript) -> Page | None:
        """Return the page that was made ready for what is to be shown, if nothing has changed since."""
        _, evidence, page = self._ready.pop(id(transcript), (None, None, None))
        column = self.column
        fits = page is not None and page.painter.style is column.style_of_text and page.size == column.text_area()
        return (
            page
            if fits
            and evidence is not None
            and evidence.turn == self._evidence.turn
            and self.tabs.currentIndex() == DOCUMENTS
            else None
        )

    def _make_page(self, transcript: Transcript, evidence: Evidence, items: list[Item]) -> Page:
        column = self.column
        reading = Reading(transcript, column.style_of_text, Folding())
        answer = transcript.message_text(evidence.turn) if 0 <= evidence.turn < transcript.count() else ""
        labels = partial(getattr, self, "_labels")
        opener = EvidenceOpener(reading, partial(getattr, self, "_focused"), labels)
        size = column.text_area()
        layout = Layout(column.style_of_text, size.width(), opener, partial(estimate_evidence, reading), items=items)
        page = Page(layout, EvidencePainter(reading, labels, answer), size, column.devicePixelRatioF())
        page.painter.focus = Focus(
            next((i for i in items if i.document is not None and i.document == self._focused), None)
        )
        return page

    def _items(self, evidence: Evidence) -> list[Item]:
        if self.tabs.currentIndex() == TOOLS:
            return tool_items(evidence)
        if self.tabs.currentIndex() == RAW:
            shown = self._transcript is not None and 0 <= self._turn < self._transcript.count(self._thread)
            return raw_items(self._turn, self._thread) if shown else []
        return document_items(evidence)

    # Documents

    @property
    def focused_document(self) -> int | None:
        """The number of the document that has the focus."""
        return self._focused

    def next_document(self) -> None:
        """Move the focus one document down, from none to the first."""
        self._step(1)

    def previous_document(self) -> None:
        """Move the focus one document up, from none to the last."""
        self._step(-1)

    def _step(self, by: int) -> None:
        documents = self._evidence.documents
        if not documents:
            return
        if self._focused in documents:
            at = max(0, min(documents.index(self._focused) + by, len(documents) - 1))
        else:
            at = 0 if by > 0 else len(documents) - 1
        self.focus_document(documents[at])

    def focus_document(self, number: int | None) -> None:
        """Move the focus to a document, or to none."""
        if number is not None:
            self.tabs.setCurrentIndex(DOCUMENTS)
        before, self._focused = self._focused, number
        page = self.column.current
        if page is None:
            return
        for item in page.layout.items:
            if item.document is not None and item.document in (before, number):
                page.layout.close(item)
        focused = next((i for i in page.layout.items if number is not None and i.document == number), None)
        page.painter.focus = Focus(focused)
        if focused is not None:
            self.column.show_item(focused)
            announce_focus(self.column)
        self.column.changed()

    def show_citation(self, number: int) -> None:
        """Focus the document that ``[number]`` cites, if there is one."""
        if self._transcript is not None:
            found = [n for n in self._evidence.documents if self._transcript.documents[n].rank + 1 == number]
            if found:
                self.focus_document(found[0])

    def label_focused(self, label: str | None) -> None:
        """Say of the focused document ``relevant``, ``irrelevant`` or ``missing``; the same again takes it back."""
        if self._focused is not None:
            self.document_labelled.emit(self._focused, None if self._labels.get(self._focused) == label else label)

    def selection_anchor(self) -> Anchor | None:
        """Return the anchor of characters that are selected in a document, or None."""
        page = self.column.current
        places = [place for place in page.selection.places() if place.unit.kind == "document"] if page else []
        return anchor_at(self._transcript, places[0], {}) if places and self._transcript else None

    def set_labels(self, labels: dict[int, str]) -> None:
        """Show what was said of the documents of the item under review."""
        self._said = dict(labels)
        labels = {} if self.other_trace else self._said
        if labels == self._labels:
            return
        touched = {n for n in {*labels, *self._labels} if labels.get(n) != self._labels.get(n)}
        self._labels = labels
        page = self.column.current
        if page is not None:
            for item in page.layout.items:
                if item.document in touched:
                    page.layout.close(item)
            page.layout.settle(self.column.view_height)
            self.column.changed()

    # Support

    def _find_support(self, transcript: Transcript, evidence: Evidence) -> Iterator[None]:
        if evidence is not self._evidence or evidence.turn < 0 or not evidence.documents:
            return
        if transcript.message(evidence.turn).role != "assistant":
            return
        # Its patterns take some milliseconds: the first transcript is painted before it is imported.
        from reviewer.desktop.review.support import DOCUMENT_LIMIT, steps

        texts = {
            n: transcript.text(transcript.documents[n].blocks.first)[:DOCUMENT_LIMIT]
            for n in evidence.documents[:MOST_COMPARED]
            if transcript.documents[n].blocks.size
        }
        yield
        known = None
        for known in steps(transcript.message_text(evidence.turn), texts):  # noqa: B007 - the last one is whole
            yield
            if evidence is not self._evidence:
                return
        self._known = known
        self._mark()
        if known is not None:
            self.support_found.emit(evidence.turn, known.supported, known.unsupported, self._main)

    def _mark(self) -> None:
        page = self.column.current
        if page is None or self._known is None:
            return
        marks: dict[Unit, list[Mark]] = {
            Unit("document", 0, n): [Mark(start, end, "lit") for start, end in ranges]
            for n, ranges in self._known.documents.items()
        }
        page.painter.reading.marks.put("support", marks)
        self.column.changed()
