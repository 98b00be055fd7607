"""What stands beside the answer: its documents, the tool calls before it, and the focused message as it is stored."""

from collections.abc import Callable
from typing import NamedTuple

from reviewer.desktop.review.transcript.items import SPOKEN, CallEntry, Item, Unit, chars
from reviewer.desktop.review.transcript.prose import guess
from reviewer.desktop.review.transcript.strips import BRIEF, CUT, Reading, Strip, payload_strips, text_strips
from reviewer.workspace.ask.transcript import DocumentRow, MessageRow, Transcript

FAR = 400  # messages that are looked at for the answer of a turn


class Evidence(NamedTuple):
    """The evidence of one answer: the message it is, the numbers of its documents, and the calls before it.

    ``earlier`` says that the documents were retrieved for an earlier turn, because this one has none of its own.
    """

    turn: int
    documents: tuple[int, ...] = ()
    earlier: int | None = None
    calls: tuple[CallEntry, ...] = ()


def evidence_of(transcript: Transcript, turn: int) -> Evidence:
    """Return the evidence of the answer that a message of the main thread is or leads to."""
    if not transcript.count():
        return Evidence(-1)
    answer = _answer_of(transcript, turn)
    own = [d.n for d in transcript.documents if d.turn == answer]
    untold = [d.n for d in transcript.documents if d.turn is None]
    earlier = None
    if not own:
        earlier = max((d.turn for d in transcript.documents if d.turn is not None and d.turn < answer), default=None)
        own = [d.n for d in transcript.documents if earlier is not None and d.turn == earlier]
    return Evidence(answer, (*own, *untold), earlier, tuple(_calls_before(transcript, answer)))


def _answer_of(transcript: Transcript, turn: int) -> int:
    count = transcript.count()
    turn = max(0, min(turn, count - 1))
    for at in range(turn, min(count, turn + FAR)):
        if _is_answer(transcript, transcript.message(at)):
            return at
    for at in range(turn, max(-1, turn - FAR), -1):
        if _is_answer(transcript, transcript.message(at)):
            return at
    return turn


def _is_answer(transcript: Transcript, message: MessageRow) -> bool:
    return message.role == "assistant" and any(
        part.kind in SPOKEN and chars(transcript, part.blocks) for part in message.parts
    )


def _calls_before(transcript: Transcript, answer: int) -> list[CallEntry]:
    """Return the calls since the message before the answer that a person or the assistant spoke, newest first."""
    found: dict[int, CallEntry] = {}
    answers: dict[int, int] = {}
    for at in range(answer - 1, max(-1, answer - FAR), -1):
        message = transcript.message(at)
        if message.role == "tool":
            if message.answers is not None:
                answers[message.answers] = at
            continue
        for call in message.calls:
            found[call] = CallEntry(call, at, answers.get(call))
        if message.role != "assistant" or _is_answer(transcript, message):
            break
    return [found[call] for call in sorted(found, reverse=True)]


def document_items(evidence: Evidence) -> list[Item]:
    """Return the items of the tab *Documents*."""
    items = [Item("heading", text="earlier")] if evidence.earlier is not None and evidence.documents else []
    items += [Item("document", role="user", document=n) for n in evidence.documents]
    if not evidence.documents:
        items.append(Item("notice", text="no documents"))
    if evidence.calls:
        items.append(Item("heading", text="calls"))
        items += [Item("evidence_call", role="tool", entries=[entry]) for entry in evidence.calls]
    return items


def tool_items(evidence: Evidence) -> list[Item]:
    """Return the items of the tab *Tools*: each call with its payloads."""
    if not evidence.calls:
        return [Item("notice", text="no calls")]
    return [Item("evidence_call", role="tool", text="open", entries=[entry]) for entry in reversed(evidence.calls)]


def raw_items(turn: int, thread: int) -> list[Item]:
    """Return the item of the tab *Raw*: the focused message as it is stored."""
    return [Item("raw", thread, turn, turn)]


class EvidenceOpener:
    """Makes strips of evidence. ``focused`` tells which document has the focus, ``labels`` what was said of them."""

    def __init__(
        self, reading: Reading, focused: Callable[[], int | None], labels: Callable[[], dict[int, str]]
    ) -> None:
        self._reading = reading
        self._focused = focused
        self._labels = labels

    def __call__(self, item: Item, width: float) -> list[Strip]:
        """Return the strips of an item for a width of text."""
        style = self._reading.style
        px = style.theme.px
        if item.kind == "document" and item.document is not None:
            return self._document(item.document, width)
        if item.kind == "evidence_call":
            return self._call(item, width)
        if item.kind == "raw":
            return self._raw(item, width)
        return [Strip("title" if item.kind == "heading" else "notice", px(24), item.text)]

    def _document(self, number: int, width: float) -> list[Strip]:
        reading = self._reading
        row = reading.transcript.documents[number]
        strips = [Strip("place", reading.style.theme.px(24))]
        if row.title and row.title != row.source:
            strips.append(Strip("line", reading.style.theme.line("small"), row.title))
        strips += text_strips(reading, Unit("document", 0, number), row.blocks, width, brief=True)
        if len(strips) == 1:
            strips.append(Strip("notice", reading.style.mono_line, "nothing"))
        if number == self._focused() or number in self._labels():
            strips.append(Strip("labels", reading.style.theme.px(26)))
        return strips

    def _call(self, item: Item, width: float) -> list[Strip]:
        reading = self._reading
        entry = item.entries[0]
        assert entry.call is not None
        strips = [Strip("place", reading.style.theme.px(24), entry=entry)]
        if item.text == "open":
            return strips + payload_strips(reading, 0, entry, width)
        call = reading.transcript.calls[entry.call]
        strips.append(Strip("result", reading.style.mono_line, call.arguments_preview, entry=entry))
        if call.is_error or call.error or call.result_preview:
            strips.append(Strip("result", reading.style.mono_line, "result", entry=entry))
        return strips

    def _raw(self, item: Item, width: float) -> list[Strip]:
        reading = self._reading
        message = reading.transcript.message(item.first, item.thread)
        strips = [
            Strip("line", reading.style.mono_line, f"{name}: {value}")
            for name, value in (
                ("role", message.role), ("name", message.name), ("call id", message.call_id), ("span", message.span_id),
                ("finish reason", message.finish_reason),
            )
            if value
        ]  # fmt: skip
        for number, part in enumerate(message.parts):
            unit = Unit("part", item.thread, item.first, number)
            reading.folding.whole.add(unit)
            strips.append(
                Strip(
                    "caption", reading.style.theme.px(24), part.kind if not part.mime else f"{part.kind}, {part.mime}"
                )
            )
            strips += text_strips(reading, unit, part.blocks, width, raw=True)
        for call in message.calls:
            strips += payload_strips(reading, item.thread, CallEntry(call, item.first), width)
        return strips


def estimate_evidence(reading: Reading, item: Item, width: float) -> float:
    """Return the height that an item of evidence will about have."""
    style = reading.style
    around = 2.0 * style.pad + style.theme.px(24)
    if item.kind == "document" and item.document is not None:
        size = chars(reading.transcript, reading.transcript.documents[item.document].blocks)
        return around + guess(min(size, BRIEF), 0, style, width)
    if item.kind == "evidence_call":
        return around + style.mono_line * (2 if item.text != "open" else CUT)
    return around


def cited(text: str, document: DocumentRow) -> int:
    """Return how often an answer cites a document by its place in the list, as in ``[2]``."""
    return text.count(f"[{document.rank + 1}]")
