"""Tags and support as chips and marks: from anchors to the places they point at."""

from collections.abc import Sequence

from reviewer.desktop.review.transcript import turns
from reviewer.desktop.review.transcript.items import Unit
from reviewer.desktop.review.transcript.marks import Look, Mark, places_of
from reviewer.desktop.review.transcript.page import TranscriptPage
from reviewer.desktop.review.transcript.strips import Chip
from reviewer.model.coding import Anchor
from reviewer.workspace.ask.transcript import Transcript

Tag = tuple[str, str, Anchor | None]
"""The label of a key, a failure mode's title, and its anchor."""


def tags_of(
    page: TranscriptPage, tags: Sequence[Tag]
) -> tuple[dict[tuple[int, int], list[Chip]], dict[Unit, list[Mark]]]:
    """Return the chips by thread and message, and the anchored characters by text."""
    chips: dict[tuple[int, int], list[Chip]] = {}
    marks: dict[Unit, list[Mark]] = {}
    for key, title, anchor in tags:
        message = _message_of(page, anchor)
        if anchor is None or message is None:
            continue
        chips.setdefault((anchor.thread, message), []).append(Chip(key, title, _place_words(page, anchor)))
        for unit, start, end in places_of(page.reading.transcript, anchor):
            marks.setdefault(unit, []).append(Mark(start, end, "anchor"))
    return chips, marks


def support_marks(
    transcript: Transcript,
    message: Anchor,
    supported: Sequence[tuple[int, int]],
    unsupported: Sequence[tuple[int, int]],
) -> dict[Unit, list[Mark]]:
    """Return ranges of what a message says as marks of its texts."""
    marks: dict[Unit, list[Mark]] = {}
    looks: tuple[tuple[Sequence[tuple[int, int]], Look], ...] = ((supported, "lit"), (unsupported, "unsupported"))
    for ranges, look in looks:
        for start, end in ranges:
            anchor = Anchor("text", message.thread, message.message, start=start, end=end)
            for unit, low, high in places_of(transcript, anchor):
                marks.setdefault(unit, []).append(Mark(low, high, look))
    return marks


def _message_of(page: TranscriptPage, anchor: Anchor | None) -> int | None:
    """Return the message that an anchor points into."""
    if anchor is None:
        return None
    if anchor.message is not None:
        return anchor.message if anchor.message < page.reading.transcript.count(anchor.thread) else None
    if anchor.call is not None:
        page.layout.finish()
        focus = turns.of_call(page.layout, anchor.call)
        return turns.message_of(focus.item, focus.entry) if focus.item else None
    return None


def _place_words(page: TranscriptPage, anchor: Anchor) -> str:
    if anchor.quote:
        return f"“{anchor.quote}”"
    if anchor.call is not None and page.reading.transcript.has_call(anchor.call):
        return page.reading.transcript.calls[anchor.call].name
    return ""
