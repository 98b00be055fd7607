"""One transcript on screen: what is shown of it, and where its parts are."""

from PySide6.QtCore import QSize

from reviewer.desktop.review.transcript import turns
from reviewer.desktop.review.transcript.column import Page
from reviewer.desktop.review.transcript.find import Hits
from reviewer.desktop.review.transcript.items import Builder, Unit
from reviewer.desktop.review.transcript.layout import Layout
from reviewer.desktop.review.transcript.marks import Place
from reviewer.desktop.review.transcript.paint import Focus, ItemPainter
from reviewer.desktop.review.transcript.strips import Opened, Reading, Strip


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
