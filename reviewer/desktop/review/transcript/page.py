"""One transcript on screen: what is shown of it, and where its parts are."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize

from reviewer.desktop.review.transcript import turns
from reviewer.desktop.review.transcript.column import Page
from reviewer.desktop.review.transcript.find import Hits
from reviewer.desktop.review.transcript.items import Builder, Unit
from reviewer.desktop.review.transcript.layout import Layout
from reviewer.desktop.review.transcript.marks import Place
from reviewer.desktop.review.transcript.paint import Focus, ItemPainter
from reviewer.desktop.review.transcript.strips import Opened, Reading, Strip
from reviewer.model.coding import Anchor
from reviewer.workspace.ask.transcript import Transcript

if TYPE_CHECKING:
    from reviewer.desktop.review.session_items import SessionOnScreen


class TranscriptPage(Page):
    """A page of a transcript, with the builder that knows which message answers which call."""

    def __init__(self, reading: Reading, builder: Builder, layout: Layout, size: QSize, ratio: float) -> None:
        super().__init__(layout, ItemPainter(reading), size, ratio)
        self.reading = reading
        self.builder = builder
        self.hits = Hits(())
        self.hit: int | None = None
        self.painter.focus = turns.first(layout)


def strip_of(opened: Opened, focus: Focus) -> Strip | None:
    """Return the row of the call that has the focus."""
    if focus.entry is None:
        return None
    return next((s for s in opened.strips if s.kind == "call" and s.entry is focus.entry), None)


def cut_units(opened: Opened, focus: Focus) -> list[Unit]:
    """Return the payloads of the focus that are not shown whole."""
    return [
        s.unit for s in opened.strips if s.kind == "more" and s.unit and (not focus.entry or s.entry is focus.entry)
    ]


def strip_at(opened: Opened, place: Place) -> Strip | None:
    """Return the strip whose cell holds the start of a place."""
    for strip in opened.strips:
        cell = strip.cell
        if cell is not None and cell.unit == place.unit and cell.base <= place.start < cell.base + cell.size:
            return strip
    return None


def shows(opened: Opened, place: Place) -> bool:
    """Return whether a place is not hidden behind "more lines"."""
    cut = any(strip.kind == "more" and strip.unit == place.unit for strip in opened.strips)
    return strip_at(opened, place) is not None and not cut


def session_of(transcript: Transcript) -> "SessionOnScreen":
    """Return what the column asks of a session; only where the transcript is one."""
    from reviewer.desktop.review.session_items import SessionOnScreen  # not before a session is read

    return SessionOnScreen(transcript)


def stored(transcript: Transcript, anchor: Anchor) -> Anchor:
    """Return an anchor on screen by the numbers it is kept with."""
    return session_of(transcript).stored(anchor) if transcript.of_session else anchor


def shown_in(transcript: Transcript | None, anchor: Anchor | None) -> Anchor | None:
    """Return a kept anchor by the numbers on screen, or None where its trace is not on screen."""
    if anchor is None or anchor.trace is None:
        return anchor
    return session_of(transcript).shown(anchor) if transcript is not None and transcript.of_session else None
