"""Marks on the text, painted over it and never part of it: found, supported, anchored, selected."""

from typing import Literal, NamedTuple

from reviewer.desktop.review.transcript.items import SPOKEN, Unit, part_start, unit_blocks
from reviewer.model.coding import Anchor
from reviewer.workspace.ask.transcript import Transcript

Look = Literal["lit", "unsupported", "anchor", "find", "found", "selected"]
AROUND = 32  # characters of prefix and suffix that an anchor keeps


class Mark(NamedTuple):
    """A marked range of the stored text of a unit, in code points."""

    start: int
    end: int
    look: Look


class Marks:
    """The marks of a transcript by layer and unit."""

    def __init__(self) -> None:
        self.layers: dict[str, dict[Unit, list[Mark]]] = {}

    def put(self, layer: str, marks: dict[Unit, list[Mark]]) -> None:
        """Replace a layer."""
        if marks:
            self.layers[layer] = marks
        else:
            self.layers.pop(layer, None)

    def on(self, unit: Unit, start: int, end: int) -> list[Mark]:
        """Return the marks of a unit that touch a range, layer by layer."""
        found: list[Mark] = []
        for layer in self.layers.values():
            marks = layer.get(unit)
            if marks:
                found += [mark for mark in marks if mark.start < end and mark.end > start]
        return found


class Place(NamedTuple):
    """A range of a unit."""

    unit: Unit
    start: int
    end: int


def places_of(transcript: Transcript, anchor: Anchor) -> list[Place]:
    """Return the ranges of text that an anchor points at; none for an anchor without characters.

    A text that has changed since is searched for the quote, with its prefix and suffix first.
    """
    if anchor.kind != "text" and not (anchor.kind == "call" and anchor.quote):
        return []
    if anchor.call is not None and anchor.message is None:
        return _places_in_call(transcript, anchor)
    if anchor.document is not None:
        if anchor.document >= len(transcript.documents):
            return []
        unit = Unit("document", 0, anchor.document)
        found = locate(transcript.text_of(transcript.documents[anchor.document].blocks), anchor)
        return [Place(unit, *found)] if found else []
    if anchor.message is None or anchor.message >= transcript.count(anchor.thread):
        return []
    found = locate(transcript.message_text(anchor.message, anchor.thread), anchor)
    return _split(transcript, anchor, *found) if found else []


def _places_in_call(transcript: Transcript, anchor: Anchor) -> list[Place]:
    if anchor.call is None or not transcript.has_call(anchor.call):
        return []
    for kind in ("result", "arguments"):
        unit = Unit(kind, anchor.thread, anchor.call)
        found = locate(transcript.text_of(unit_blocks(transcript, unit)), anchor)
        if found:
            return [Place(unit, *found)]
    return []


def _split(transcript: Transcript, anchor: Anchor, start: int, end: int) -> list[Place]:
    """Return a range of what a message says as ranges of its parts, or of the call result that shares its text."""
    assert anchor.message is not None
    message = transcript.message(anchor.message, anchor.thread)
    if message.answers is not None and transcript.has_call(message.answers):
        call = transcript.calls[message.answers]
        if len(message.parts) == 1 and call.result == message.parts[0].blocks:
            return [Place(Unit("result", anchor.thread, message.answers), start, end)]
    places: list[Place] = []
    for number, part in enumerate(message.parts):
        if part.kind not in SPOKEN:
            continue
        unit = Unit("part", anchor.thread, anchor.message, number)
        begin = part_start(transcript, unit) or 0
        size = sum(transcript.block(n).chars for n in range(part.blocks.first, part.blocks.first + part.blocks.size))
        low, high = max(start, begin) - begin, min(end, begin + size) - begin
        if low < high:
            places.append(Place(unit, low, high))
    return places


def locate(text: str, anchor: Anchor) -> tuple[int, int] | None:
    """Return where an anchor's characters are in a text: at its offsets, else where the quote is found again."""
    start, end, quote = anchor.start, anchor.end, anchor.quote
    if start is not None and end is not None and 0 <= start < end <= len(text) and quote in ("", text[start:end]):
        return start, end
    if not quote:
        return None
    for before, after in ((anchor.prefix, anchor.suffix), (anchor.prefix, ""), ("", anchor.suffix), ("", "")):
        at = text.find(before + quote + after)
        if at >= 0:
            return at + len(before), at + len(before) + len(quote)
    return None


def anchor_at(transcript: Transcript, place: Place, answers: dict[int, tuple[int, int]]) -> Anchor:
    """Return the anchor of a selected range. ``answers`` gives for a call the thread and message with its result."""
    unit, start, end = place
    text = transcript.text_of(unit_blocks(transcript, unit))
    quote, prefix, suffix = text[start:end], text[max(0, start - AROUND) : start], text[end : end + AROUND]
    if unit.kind == "document":
        return Anchor("text", document=unit.at, start=start, end=end, quote=quote, prefix=prefix, suffix=suffix)
    if unit.kind == "part":
        begin = part_start(transcript, unit)
        if begin is None:
            return Anchor("turn", unit.thread, unit.at, quote=quote, prefix=prefix, suffix=suffix)
        return Anchor(
            "text",
            unit.thread,
            unit.at,
            start=begin + start,
            end=begin + end,
            quote=quote,
            prefix=prefix,
            suffix=suffix,
        )
    if unit.kind == "result" and unit.at in answers:
        thread, message = answers[unit.at]
        row = transcript.message(message, thread)
        if len(row.parts) == 1 and transcript.calls[unit.at].result == row.parts[0].blocks:
            return Anchor(
                "text", thread, message, call=unit.at, start=start, end=end, quote=quote, prefix=prefix, suffix=suffix
            )
    return Anchor("call", unit.thread, call=unit.at, quote=quote, prefix=prefix, suffix=suffix)
