"""The transcript on screen: turns, tool calls and sub-agents, read and pointed at from the keyboard."""

from collections.abc import Iterator, Sequence
from functools import partial

from PySide6.QtCore import QRect, QSize, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from reviewer.desktop.review.transcript import turns
from reviewer.desktop.review.transcript.column import Column, Page
from reviewer.desktop.review.transcript.find import find
from reviewer.desktop.review.transcript.items import Builder, Item
from reviewer.desktop.review.transcript.layout import Layout, Spot
from reviewer.desktop.review.transcript.listening import announce_focus
from reviewer.desktop.review.transcript.marks import Place, anchor_at
from reviewer.desktop.review.transcript.page import (
    TranscriptPage,
    cut_units,
    session_of,
    shown_in,
    shows,
    stored,
    strip_at,
    strip_of,
)
from reviewer.desktop.review.transcript.paint import Focus
from reviewer.desktop.review.transcript.prepared import Prepared
from reviewer.desktop.review.transcript.rows import wide_signs
from reviewer.desktop.review.transcript.strips import Reading, Strip, estimate, open_item
from reviewer.desktop.review.transcript.tags import support_marks, tags_of
from reviewer.desktop.theme import Theme
from reviewer.model.coding import Anchor
from reviewer.workspace.ask.transcript import Transcript, within

GROWN_AT_ONCE = 128


class TranscriptView(Column):
    """Shows one transcript. Turns are numbered by their message in the main thread."""

    turn_focused = Signal(int)
    """The message that has the focus now, of the main thread or of the sub-agent on screen."""

    preparing = Signal(object, int)
    """A transcript is being made ready: it, and the message that will have the focus. Idle time for what goes with it."""

    def __init__(self, theme: Theme, parent: QWidget | None = None, zone: str = "UTC") -> None:
        super().__init__(theme, parent)
        self._zone = zone
        self._zen = False
        self._tags: list[tuple[str, str, Anchor | None]] = []
        self.setAccessibleName(self.tr("Transcript"))

    # Showing

    def prepare(self, transcript: Transcript, size: QSize | None = None) -> Prepared:
        """Make a transcript ready in idle slices of at most 4 ms, as it will be shown at ``size`` (the present one)."""
        size = size or self.text_area()
        ratio = self.devicePixelRatioF()
        prepared = Prepared(
            transcript, partial(self._make_page, transcript, size, ratio), self.style_of_text, size, ratio
        )
        self.work_later(prepared.work())
        self.work_later(self._tell_prepared(prepared))
        self.work_later(_compile())
        return prepared

    def _tell_prepared(self, prepared: Prepared) -> Iterator[None]:
        yield
        if isinstance(prepared.page, TranscriptPage) and not prepared.transcript.of_session:
            focus = prepared.page.painter.focus
            message = turns.message_of(focus.item, focus.entry) if focus.item else -1
            self.preparing.emit(prepared.transcript, message)

    def _make_page(self, transcript: Transcript, size: QSize, ratio: float) -> TranscriptPage:
        reading = Reading(transcript, self.style_of_text, zone=self._zone)
        builder = session_of(transcript).builder() if transcript.of_session else Builder(transcript)
        layout = Layout(
            self.style_of_text, size.width(), partial(open_item, reading), partial(estimate, reading), builder
        )
        page = TranscriptPage(reading, builder, layout, size, ratio)
        if transcript.of_session:
            page.painter.focus = session_of(transcript).begin(layout)
        return page

    def show_transcript(self, transcript: Transcript, prepared: Prepared | None = None) -> None:
        """Show a transcript from its top, with the focus on its first turn; a prepared one is there at once."""
        size, ratio = self.text_area(), self.devicePixelRatioF()
        page: Page | None = None
        if prepared is not None and prepared.fits(transcript, self.style_of_text, size, ratio):
            page = prepared.take()
        self._zen = False
        self._tags = []
        page = page or self._make_page(transcript, size, ratio)
        page.layout.settle(size.height())
        self.set_page(page)
        if not page.layout.complete:
            self.work_later(self._grow())
        self.turn_focused.emit(self.focused_turn)

    def _grow(self) -> Iterator[None]:
        page = self.current
        while page is not None and page is self.current and not page.layout.complete:
            page.layout.grow(GROWN_AT_ONCE)
            yield
        self._sync()

    def set_theme(self, theme: Theme) -> None:
        """Take another theme or scale: the page is made anew, focus and folds stay."""
        super().set_theme(theme)
        old = self._transcript_page
        if old is None:
            self.viewport().update()
            return
        message, thread = self.focused_turn, self.focused_thread
        page = self._make_page(old.reading.transcript, self.text_area(), self.devicePixelRatioF())
        page.reading.folding = old.reading.folding
        page.reading.marks = old.reading.marks
        page.reading.chips, page.reading.first_failure = old.reading.chips, old.reading.first_failure
        page.hits, page.hit = old.hits, old.hit
        for opened in sorted(page.reading.folding.threads):
            self._unfold_thread(page, opened)
        self._zen = False
        self.set_page(page)
        self._focus(turns.of_message(page.layout, thread, message))

    def clear(self) -> None:
        """Show nothing."""
        self._work.clear()
        self.set_page(None)

    @property
    def transcript(self) -> Transcript | None:
        """The transcript on screen."""
        page = self._transcript_page
        return page.reading.transcript if page else None

    @property
    def _transcript_page(self) -> TranscriptPage | None:
        return self.current if isinstance(self.current, TranscriptPage) else None

    # Focus

    def stops(self) -> list[Focus]:
        """Return the turns, calls and sub-agents that have been built so far."""
        return [stop for item in self.current.layout.items for stop in turns.stops(item)] if self.current else []

    def spoken(self, stop: Focus) -> str:
        """Return who speaks, which turn it is, and how it begins."""
        from reviewer.desktop.review.transcript.accessible import name_of

        return name_of(self, stop)

    @property
    def focused_turn(self) -> int:
        """The message that has the focus; -1 where there is none."""
        focus = self.focus
        return -1 if focus.item is None else turns.message_of(focus.item, focus.entry)

    @property
    def focused_thread(self) -> int:
        """The thread of the message that has the focus; 0 is the main one."""
        return self.focus.item.thread if self.focus.item else 0

    @property
    def focused_call(self) -> int | None:
        """The tool call that has the focus."""
        return self.focus.entry.call if self.focus.entry else None

    def focus_turn(self, message: int, thread: int = 0) -> None:
        """Move the focus to a message and show it."""
        page = self._transcript_page
        if page is not None and 0 <= message < page.reading.transcript.count(thread):
            if within(thread) and thread not in page.reading.folding.threads:
                self._unfold_thread(page, thread)
            self._focus(turns.of_message(page.layout, thread, message))

    def next_turn(self) -> None:
        """Move the focus one turn down."""
        self._step(1)

    def previous_turn(self) -> None:
        """Move the focus one turn up."""
        self._step(-1)

    def _step(self, by: int) -> None:
        page = self._transcript_page
        if page is not None:
            self._focus(turns.step(page.layout, self.focus, by))

    def first(self) -> None:
        """Move the focus to the first turn."""
        if self._transcript_page is not None:
            self._focus(turns.at_end(self._transcript_page.layout, last=False))

    def last(self) -> None:
        """Move the focus to the last turn."""
        if self._transcript_page is not None:
            self._focus(turns.at_end(self._transcript_page.layout, last=True))

    def step_trace(self, by: int) -> None:
        """Move the focus to the beginning of the next (1) or previous (-1) trace of the session that is read."""
        page = self._transcript_page
        if page is not None and page.reading.transcript.of_session:
            head = session_of(page.reading.transcript).neighbour(page.layout, self.focus.item, by)
            if head is not None and not self._zen:
                page.layout.jump(page.layout.tops[head.index], self.view_height)
            if head is not None:
                self._focus(turns.first(page.layout, head.index))
            self._sync()
            self.changed()

    def page(self, pages: int) -> None:
        """Scroll by screens, with two lines of overlap; the focus stays."""
        self.scroll_by(pages * (self.view_height - 2 * self.style_of_text.reading_line))

    def _focus(self, focus: Focus) -> None:
        page = self._transcript_page
        if page is None or focus.item is None:
            return
        moved = (focus.item, focus.entry) != (self.focus.item, self.focus.entry)
        page.painter.focus = focus
        if self._zen:
            page.layout.show_only(focus.item)
        self.show_item(focus.item, strip_of(page.layout.open(focus.item), focus))
        if moved:
            self.turn_focused.emit(self.focused_turn)
            announce_focus(self)

    # Folding

    def toggle_fold(self) -> None:
        """Open or close what has the focus: a call, a sub-agent, a cut payload, else the turn itself."""
        page = self._transcript_page
        item = self.focus.item
        if page is None or item is None:
            return
        if item.kind == "thread":
            self._toggle_thread(page, item)
            return
        folding = page.reading.folding
        more = cut_units(page.layout.open(item), self.focus)
        if more:
            folding.whole.update(more)
        elif self.focus.entry is not None and self.focus.entry.call is not None:
            folding.calls ^= {self.focus.entry.call}
        else:
            folding.turned ^= {(item.thread, turns.message_of(item, self.focus.entry))}
        self._remake(item)

    def toggle_raw(self) -> None:
        """Show the focused turn as it is stored, or rendered again."""
        page = self._transcript_page
        item = self.focus.item
        if page is not None and item is not None and item.kind != "thread":
            page.reading.folding.raw ^= {(item.thread, turns.message_of(item, self.focus.entry))}
            self._remake(item)

    def set_zen(self, alone: bool) -> None:
        """Show the focused turn alone, or all turns again."""
        page = self._transcript_page
        if page is None or self._zen == alone or self.focus.item is None:
            return
        self._zen = alone
        page.layout.show_only(self.focus.item if alone else None)
        self.show_item(self.focus.item)

    @property
    def zen(self) -> bool:
        """Whether one turn is shown alone."""
        return self._zen

    def _remake(self, item: Item) -> None:
        if self.current is not None:
            self.current.layout.close(item)
            self.show_item(item, strip_of(self.current.layout.open(item), self.focus))

    def _toggle_thread(self, page: TranscriptPage, item: Item) -> None:
        if item.thread in page.reading.folding.threads:
            page.reading.folding.threads.discard(item.thread)
            page.layout.remove([i for i in page.layout.items if i.thread == item.thread and i.kind != "thread"])
        else:
            self._unfold_thread(page, item.thread)
        self.show_item(item)

    def _unfold_thread(self, page: TranscriptPage, thread: int) -> None:
        page.layout.finish()
        head = next((i for i in page.layout.items if i.kind == "thread" and i.thread == thread), None)
        if head is not None:
            page.reading.folding.threads.add(thread)
            page.layout.insert_after(head, page.builder.thread(thread))

    def clicked(self, spot: Spot) -> None:
        """Focus what was clicked; a row that folds, folds."""
        page = self._transcript_page
        if page is None or spot.item.kind not in ("turn", "tools", "thread"):
            return
        strip = spot.strip
        entry = strip.entry if strip is not None and strip.entry else next(iter(spot.item.entries), None)
        self._focus(Focus(spot.item, entry if spot.item.kind == "tools" else None))
        if strip is not None and strip.kind in ("call", "fold", "thread"):
            if strip.kind == "call" and entry is not None and entry.call is not None:
                page.reading.folding.calls ^= {entry.call}
                self._remake(spot.item)
            else:
                self.toggle_fold()
        elif strip is not None and strip.kind == "more" and strip.unit is not None:
            page.reading.folding.whole.add(strip.unit)
            self._remake(spot.item)

    # Finding

    def find(self, text: str) -> int:  # type: ignore[override]  # Qt's looks for a window by its id
        """Mark every place that holds a text, go to the first at or below the focus, and return how many there are."""
        page = self._transcript_page
        if page is None:
            return 0
        page.hits = find(page.reading.transcript, text)
        page.hit = None
        page.reading.marks.put("find", page.hits.marks(None))
        self.changed()
        if page.hits.places:
            self.find_next(1)
        return len(page.hits.places)

    def find_next(self, by: int = 1) -> int | None:
        """Go to the next (1) or previous (-1) hit, around the end, and return its number from 0."""
        page = self._transcript_page
        if page is None or not page.hits.places:
            return None
        count = len(page.hits.places)
        page.hit = (0 if by > 0 else count - 1) if page.hit is None else (page.hit + by) % count
        page.reading.marks.put("find", page.hits.marks(page.hit))
        self._go_to(page.hits.places[page.hit])
        return page.hit

    def _go_to(self, place: Place) -> None:
        """Open whatever hides a place, focus its turn and bring its line on the screen."""
        page = self._transcript_page
        assert page is not None
        unit = place.unit
        reading = page.reading
        if within(unit.thread) and unit.thread not in reading.folding.threads:
            self._unfold_thread(page, unit.thread)
        if unit.kind == "part":
            focus = turns.of_message(page.layout, unit.thread, unit.at)
        else:
            page.layout.finish()
            focus = turns.of_call(page.layout, unit.at)
            reading.folding.calls.add(unit.at)
        item = focus.item
        if item is None:
            return
        if item.kind == "turn" and reading.folded(item):
            reading.folding.turned ^= {(item.thread, item.first)}
        if not shows(page.layout.open(item), place):
            reading.folding.whole.add(unit)
            page.layout.close(item)
        self._focus(focus)
        strip = strip_at(page.layout.open(item), place)
        if strip is not None:
            self._show_range(item, strip, place)

    def _show_range(self, item: Item, strip: Strip, place: Place) -> None:
        page = self.current
        assert page is not None and strip.cell is not None
        strip.cell.ensure(self.style_of_text, page.layout.text_width - strip.indent)
        start, end = strip.cell.to_shown(place.start, place.end)
        rects = strip.cell.rects(start, end)
        page.layout.show_y(item, strip, rects[0].top() if rects else 0.0, self.view_height)
        self._sync()
        self.changed()

    # Anchors, tags, support

    def selection_anchor(self) -> Anchor | None:
        """Return the anchor of the selected characters, or None where nothing is selected.

        Characters of a call's arguments, or of a result that no message carries, give an anchor of the call with a quote.
        """
        page = self._transcript_page
        places = page.selection.places() if page else []
        if page is None or not places:
            return None
        return stored(page.reading.transcript, anchor_at(page.reading.transcript, places[0], page.builder.answers))

    def anchor(self) -> Anchor:
        """Return what is pointed at: the selected characters, else the focused call, else the focused turn."""
        selected = self.selection_anchor()
        if selected is not None:
            return selected
        item, entry = self.focus.item, self.focus.entry
        if item is None or self.transcript is None or item.kind == "notice":
            return Anchor("turn")
        if entry is not None and entry.call is not None:
            return stored(self.transcript, Anchor("call", item.thread, entry.turn, call=entry.call))
        return stored(self.transcript, Anchor("turn", item.thread, turns.message_of(item, entry)))

    def set_tags(self, tags: Sequence[tuple[str, str, Anchor | None]]) -> None:
        """Show tags as chips below the turns they point into, and their characters on the anchor's ground.

        Each tag is the label of its key, the failure mode's title, and its anchor.
        """
        page = self._transcript_page
        if page is None or list(tags) == self._tags:
            return
        self._tags = list(tags)
        chips, marks = tags_of(page, [(key, title, shown_in(self.transcript, anchor)) for key, title, anchor in tags])
        touched = {key for key in {*chips, *page.reading.chips} if chips.get(key) != page.reading.chips.get(key)}
        remarked = marks != page.reading.marks.layers.get("anchor", {})
        page.reading.chips = chips
        page.reading.marks.put("anchor", marks)
        if not touched and not remarked:
            return  # nothing of it points into the text
        items = {id(item): item for key in touched if (item := turns.of_message(page.layout, *key).item)}
        if len(items) == 1 and not self._zen:
            self._rechip_in_place(page, next(iter(items.values())), remarked)
            return
        for item in items.values():
            self._rechip(page, item)
        page.layout.settle(self.view_height)
        self._sync()
        self.changed()

    def _rechip(self, page: TranscriptPage, item: Item) -> None:
        if item.open is not None:
            page.layout.set_chips(item, self.theme.px(34) if page.reading.chips_of(item) else 0)

    def _rechip_in_place(self, page: TranscriptPage, item: Item, remarked: bool) -> None:
        """Repaint the tags of one item alone and move what is below: a press is painted in a fraction of a screen."""
        y = page.layout.place_of(item, self.view_height)
        before = item.height
        self._rechip(page, item)
        top = page.layout.top
        page.layout.settle(self.view_height)
        self._sync()
        if y is None or page.layout.top != top or not self.isVisible():
            self.changed()
            return
        page.picture = None
        viewport = self.viewport()
        moved = int(item.height - before)
        chips = self.theme.px(34) if page.reading.chips_of(item) else 0
        below = int(y + item.height) - chips - self.style_of_text.pad
        if moved and below < self.view_height:
            viewport.scroll(0, moved, QRect(0, below, viewport.width(), self.view_height - below))
        start = int(y) if remarked else below
        viewport.update(QRect(0, start, viewport.width(), int(y + item.height) - start + 1))

    def set_first_failure(self, anchor: Anchor | None) -> None:
        """Mark where the first failure is, with a flag beside its turn's header."""
        page = self._transcript_page
        anchor = shown_in(self.transcript, anchor)
        if page is not None and page.reading.first_failure != anchor:
            page.reading.first_failure = anchor
            self.changed()

    def set_support(
        self,
        message: int,
        supported: Sequence[tuple[int, int]],
        unsupported: Sequence[tuple[int, int]],
        thread: int = 0,
    ) -> None:
        """Light the ranges of what a message says that documents support, underline those that none does."""
        page = self._transcript_page
        if page is None:
            return
        marks = support_marks(page.reading.transcript, Anchor("text", thread, message), supported, unsupported)
        if marks or "support" in page.reading.marks.layers:
            page.reading.marks.put("support", marks)
            self.changed()

    def copy_original(self) -> None:
        """Put what is stored of the focused turn (or call) on the clipboard."""
        text = self.original_text()
        if text:
            QGuiApplication.clipboard().setText(text)

    def original_text(self) -> str:
        """Return what is stored of the focused turn; of a call its arguments and its result."""
        page = self._transcript_page
        item = self.focus.item
        if page is None or item is None:
            return ""
        transcript = page.reading.transcript
        call = self.focused_call
        if call is not None:
            row = transcript.calls[call]
            result = transcript.text_of(row.result)
            return transcript.text_of(row.arguments) + ("\n\n" + result if result else "")
        parts = transcript.message(self.focused_turn, item.thread).parts
        return "".join(transcript.text_of(part.blocks) for part in parts)


def _compile() -> Iterator[None]:
    """Have ready what the first line of wide signs needs: a press must not wait for it."""
    yield
    wide_signs()
