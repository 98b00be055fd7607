"""Selected characters, across messages; what is copied is what is stored."""

from collections.abc import Iterator
from typing import NamedTuple

from reviewer.desktop.review.transcript.items import Item, Unit, chars, unit_blocks
from reviewer.desktop.review.transcript.marks import Mark, Place
from reviewer.desktop.review.transcript.strips import Reading


class End(NamedTuple):
    """One end of a selection: a character of a unit of an item.

    ``low`` is its stored position if the selection begins here, ``high`` if it ends here: they differ where Markdown's
    signs stand between two letters.
    """

    item: Item
    unit: Unit
    low: int
    high: int


class Selection:
    """A range between two ends, in whatever order they were made."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self.fixed: End | None = None
        self.moving: End | None = None

    @property
    def is_empty(self) -> bool:
        """Whether no character is selected."""
        return not self.places()

    def clear(self) -> None:
        """Select nothing."""
        self.fixed = self.moving = None

    def places(self) -> list[Place]:
        """Return the selected ranges, unit by unit, in reading order."""
        if self.fixed is None or self.moving is None:
            return []
        first, last = sorted((self.fixed, self.moving), key=self._order)
        if first.unit == last.unit:
            return [Place(first.unit, first.low, last.high)] if first.low < last.high else []
        out: list[Place] = []
        for unit in self._between(first, last):
            start = first.low if unit == first.unit else 0
            end = last.high if unit == last.unit else self._length(unit)
            if start < end:
                out.append(Place(unit, start, end))
        return out

    def _order(self, end: End) -> tuple[int, int, int]:
        units = units_of(self._reading, end.item)
        return end.item.index, units.index(end.unit) if end.unit in units else 0, end.low

    def _between(self, first: End, last: End) -> Iterator[Unit]:
        started = False
        for item in self.items_between(first.item, last.item):
            for unit in units_of(self._reading, item):
                started = started or unit == first.unit
                if started:
                    yield unit
                if unit == last.unit and item is last.item:
                    return

    def items_between(self, first: Item, last: Item) -> list[Item]:
        """Return the items from one to another; the pane sets how."""
        return [first] if first is last else [first, last]

    def _length(self, unit: Unit) -> int:
        span = unit_blocks(self._reading.transcript, unit)
        return chars(self._reading.transcript, span) if span else 0

    def marks(self) -> dict[Unit, list[Mark]]:
        """Return the selection as marks."""
        return {place.unit: [Mark(place.start, place.end, "selected")] for place in self.places()}

    def text(self) -> str:
        """Return the stored characters that are selected; units are parted by a blank line."""
        transcript = self._reading.transcript
        return "\n\n".join(
            transcript.text_of(unit_blocks(transcript, unit))[start:end] for unit, start, end in self.places()
        )


def units_of(reading: Reading, item: Item) -> list[Unit]:
    """Return the texts of an item that are open to the eye, in order."""
    transcript = reading.transcript
    if item.kind == "document" and item.document is not None:
        return [Unit("document", 0, item.document)]
    if item.kind == "turn":
        if reading.folded(item):
            return []
        return [
            Unit("part", item.thread, item.first, n)
            for n in range(len(transcript.message(item.first, item.thread).parts))
        ]
    out: list[Unit] = []
    for entry in item.entries:
        if entry.call is None:
            parts = transcript.message(entry.message, item.thread).parts
            out += [Unit("part", item.thread, entry.message, n) for n in range(len(parts))]
        elif entry.call in reading.folding.calls:
            out += [Unit("arguments", item.thread, entry.call), Unit("result", item.thread, entry.call)]
    return out
