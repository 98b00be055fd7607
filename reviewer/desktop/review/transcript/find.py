"""Finding text in a transcript: in what is stored, whether it was laid out or not."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from reviewer.desktop.review.transcript.items import Unit, unit_blocks
from reviewer.desktop.review.transcript.marks import Mark, Place
from reviewer.workspace.ask.transcript import Transcript

MOST_HITS = 5000


class Hits(NamedTuple):
    """Where a text was found, in reading order; ``cut`` says that there are more."""

    places: tuple[Place, ...]
    cut: bool = False

    def marks(self, current: int | None) -> dict[Unit, list[Mark]]:
        """Return the hits as marks; the current one looks different."""
        out: dict[Unit, list[Mark]] = {}
        for number, place in enumerate(self.places):
            look = Mark(place.start, place.end, "found" if number == current else "find")
            out.setdefault(place.unit, []).append(look)
        return out


def find(transcript: Transcript, text: str) -> Hits:
    """Return every place that holds ``text``, whatever the case of its letters."""
    if not text:
        return Hits(())
    wanted = re.compile(re.escape(text), re.IGNORECASE)
    places: list[Place] = []
    for unit in units(transcript):
        for match in wanted.finditer(transcript.text_of(unit_blocks(transcript, unit))):
            if len(places) >= MOST_HITS:
                return Hits(tuple(places), True)
            places.append(Place(unit, *match.span()))
    return Hits(tuple(places))


def units(transcript: Transcript) -> Iterator[Unit]:
    """Yield every text of all threads in reading order; a text that two units share comes once, as the call's result."""
    for thread in transcript.threads:
        messages = transcript.messages(thread)
        answered = {message.answers for message in messages}
        for at, message in enumerate(messages):
            shared = None
            if message.answers is not None:
                shared = transcript.calls[message.answers].result
                if shared is not None:
                    yield Unit("result", thread, message.answers)
            for number, part in enumerate(message.parts):
                if part.blocks != shared:
                    yield Unit("part", thread, at, number)
            for call in message.calls:
                yield Unit("arguments", thread, call)
                if transcript.calls[call].result is not None and call not in answered:
                    yield Unit("result", thread, call)
