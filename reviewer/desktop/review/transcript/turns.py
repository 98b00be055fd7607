"""The turns that the focus steps through: each message on its own, each call of a group on its own."""

from collections.abc import Iterator

from reviewer.desktop.review.transcript.items import CallEntry, Item
from reviewer.desktop.review.transcript.layout import Layout
from reviewer.desktop.review.transcript.paint import Focus


def stops(item: Item) -> Iterator[Focus]:
    """Yield where the focus can rest in an item."""
    if item.kind in ("tools",):
        for entry in item.entries:
            yield Focus(item, entry)
    elif item.kind in ("turn", "thread"):
        yield Focus(item)


def first(layout: Layout, begin: int = 0) -> Focus:
    """Return the first turn after a folded system prompt, or that prompt where there is nothing else.

    ``begin`` is the place of the item to look from; of a session no further than the end of that trace.
    """
    found = Focus()
    for item in layout.items[begin:]:
        if item.kind == "trace" and item.index > begin:
            break
        for stop in stops(item):
            if item.role != "system":
                return stop
            found = stop if found.item is None else found
    return found


def step(layout: Layout, focus: Focus, by: int) -> Focus:
    """Return the next (1) or previous (-1) stop; at the ends the focus stays."""
    item = focus.item
    if item is None:
        return first(layout)
    here = list(stops(item))
    at = next((n for n, stop in enumerate(here) if stop.entry is focus.entry), 0) + by
    if 0 <= at < len(here):
        return here[at]
    index = item.index + by
    if by > 0 and index >= len(layout.items):
        layout.grow()
    while 0 <= index < len(layout.items):
        there = list(stops(layout.items[index]))
        if there:
            return there[0 if by > 0 else -1]
        index += by
    return focus


def at_end(layout: Layout, last: bool) -> Focus:
    """Return the first stop of all, or the last."""
    if last:
        layout.finish()
    for item in reversed(layout.items) if last else layout.items:
        there = list(stops(item))
        if there:
            return there[-1 if last else 0]
    return Focus()


def of_message(layout: Layout, thread: int, message: int) -> Focus:
    """Return the stop that shows a message; a turn of its own has priority over a row of a group."""
    found = _look(layout, thread, message)
    if found.item is None and not layout.complete:
        layout.finish()
        found = _look(layout, thread, message)
    return found


def _look(layout: Layout, thread: int, message: int) -> Focus:
    found = Focus()
    for item in layout.items:
        if not item.holds(thread, message):
            continue
        if item.kind == "turn":
            return Focus(item)
        for entry in item.entries:
            if message in (entry.answer, entry.message):
                found = found if found.item else Focus(item, entry)
                if entry.answer == message:
                    return Focus(item, entry)
    return found


def of_call(layout: Layout, call: int) -> Focus:
    """Return the stop that shows a call."""
    for item in layout.items:
        for entry in item.entries:
            if entry.call == call:
                return Focus(item, entry)
    return Focus()


def message_of(item: Item, entry: CallEntry | None) -> int:
    """Return the message that a stop stands for."""
    return entry.turn if entry is not None else item.first
