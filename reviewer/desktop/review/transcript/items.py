"""What stands in a transcript, from top to bottom: turns, groups of tool calls, sub-agents. No Qt in here.

Items are built a few at a time: a transcript of thousands of messages shows its first screen before the rest is known.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from reviewer.workspace.ask.transcript import Blocks, MessageRow, Transcript

Kind = Literal["turn", "tools", "thread", "trace", "notice", "document", "heading", "evidence_call", "raw"]
SPOKEN = ("text", "refusal")


class Unit(NamedTuple):
    """One stored text: a part of a message, the arguments or the result of a call, or a document.

    ``kind`` is ``part``, ``arguments``, ``result`` or ``document``; ``at`` is the message, call or document; ``part``
    counts the parts of a message.
    """

    kind: Literal["part", "arguments", "result", "document"]
    thread: int
    at: int
    part: int = 0


@dataclass(slots=True, eq=False)
class CallEntry:
    """One row of a group: a call, the message that makes it and the one that answers it (both may be missing)."""

    call: int | None
    message: int
    answer: int | None = None

    @property
    def turn(self) -> int:
        """The message that stands for the call: its answer where there is one."""
        return self.message if self.answer is None else self.answer


@dataclass(slots=True, eq=False)
class Item:
    """One thing that can have the focus, with the messages it covers. ``role`` is the speaker's."""

    kind: Kind
    thread: int = 0
    first: int = 0
    last: int = 0
    role: str = ""
    ts_us: int | None = None
    text: str = ""
    """What a notice or a heading says; the title of a sub-agent."""
    entries: list[CallEntry] = field(default_factory=list)
    document: int | None = None
    index: int = 0
    height: float = 0.0
    open: object | None = None
    """What the layout made of it once it was seen."""

    def holds(self, thread: int, message: int) -> bool:
        """Return whether a message is part of this item."""
        return self.thread == thread and self.first <= message <= self.last and self.kind in ("turn", "tools")


class Builder:
    """Turns a transcript into items, as far as it is asked to.

    Of a session it takes one trace, the ``part``, whose main thread has the number ``main`` in ``transcript``.
    """

    def __init__(self, transcript: Transcript, part: Transcript | None = None, main: int = 0) -> None:
        self.transcript = transcript
        self._part = part or transcript
        self._main = main
        self.total = transcript.count(main)
        self.done = 0
        self._begun = False
        self._group: Item | None = None
        self._side = sorted(
            (self._begins(main + thread), main + thread)
            for thread in range(1, len(self._part.thread_titles))
            if transcript.count(main + thread)
        )
        self.answers: dict[int, tuple[int, int]] = {}
        """For each call the thread and message that answer it."""

    @property
    def finished(self) -> bool:
        """Whether every message has its item."""
        return self._begun and self.done >= self.total and not self._side

    def grow(self, count: int) -> list[Item]:
        """Return the items of the next ``count`` messages. A group that goes on grows in place."""
        made: list[Item] = []
        if not self._begun:
            self._begun = True
            made += self._notices()
        stop = min(self.total, self.done + count)
        while self.done < stop:
            message = self.transcript.message(self.done, self._main)
            while self._side and message.ts_us is not None and self._side[0][0] <= message.ts_us and self.done:
                made.append(self._thread_item(self._side.pop(0)[1]))
                self._group = None
            self._add(message, self._main, self.done, made)
            self.done += 1
        if self.done >= self.total:
            made += [self._thread_item(thread) for _, thread in self._side]
            self._side = []
        return made

    def thread(self, thread: int) -> list[Item]:
        """Return the items of a whole side thread."""
        self._group = None
        made: list[Item] = []
        for at, message in enumerate(self.transcript.messages(thread)):
            self._add(message, thread, at, made)
        self._group = None
        return made

    def _notices(self) -> Iterator[Item]:
        transcript = self._part
        if transcript.about.forgotten_us is not None:
            yield Item("notice", text="forgotten")
        elif not any(transcript.count(thread) for thread in range(len(transcript.thread_titles))):
            yield Item("notice", text="empty")
        elif transcript.truncated:
            yield Item("notice", text="truncated")

    def _begins(self, thread: int) -> int:
        stamp = self.transcript.message(0, thread).ts_us
        return stamp if stamp is not None else 2**62

    def _thread_item(self, thread: int) -> Item:
        count = self.transcript.count(thread)
        return Item("thread", thread, 0, count - 1, "assistant", text=self._part.thread_titles[thread - self._main])

    def _add(self, message: MessageRow, thread: int, at: int, made: list[Item]) -> None:
        if message.role == "tool":
            self._add_answer(message, thread, at, made)
            return
        if not message.calls or self._says_something(message):
            made.append(Item("turn", thread, at, at, message.role, message.ts_us))
            self._group = None
        if message.calls:
            group = self._open_group(thread, at, message.ts_us, made)
            group.entries += [CallEntry(call, at) for call in message.calls]
            group.last = at

    def _add_answer(self, message: MessageRow, thread: int, at: int, made: list[Item]) -> None:
        group = self._open_group(thread, at, message.ts_us, made)
        group.last = at
        if message.answers is not None:
            self.answers[message.answers] = (thread, at)
            for entry in reversed(group.entries):
                if entry.call == message.answers:
                    entry.answer = at
                    return
        group.entries.append(CallEntry(message.answers, at, at))

    def _open_group(self, thread: int, at: int, ts_us: int | None, made: list[Item]) -> Item:
        if self._group is None or self._group.thread != thread:
            self._group = Item("tools", thread, at, at, "tool", ts_us)
            made.append(self._group)
        return self._group

    def _says_something(self, message: MessageRow) -> bool:
        block = self.transcript.block
        return any(
            block(number).chars
            for part in message.parts
            for number in range(part.blocks.first, part.blocks.first + part.blocks.size)
        )


def turn_number(transcript: Transcript, thread: int, message: int) -> int:
    """Return the number a reader sees: turns count from 1, a system message at the start has none (0)."""
    starts_with_system = transcript.count(thread) > 0 and transcript.message(0, thread).role == "system"
    return message if starts_with_system else message + 1


def unit_blocks(transcript: Transcript, unit: Unit) -> Blocks | None:
    """Return where the text of a unit is stored, or None where nothing was recorded."""
    if unit.kind == "part":
        return transcript.message(unit.at, unit.thread).parts[unit.part].blocks
    if unit.kind == "document":
        return transcript.documents[unit.at].blocks
    call = transcript.calls[unit.at]
    return call.arguments if unit.kind == "arguments" else call.result


def part_start(transcript: Transcript, unit: Unit) -> int | None:
    """Return where a part begins in what its message says, or None for a part that is not spoken (reasoning, media)."""
    message = transcript.message(unit.at, unit.thread)
    if message.parts[unit.part].kind not in SPOKEN:
        return None
    start = 0
    for part in message.parts[: unit.part]:
        if part.kind in SPOKEN:
            start += chars(transcript, part.blocks)
    return start


def chars(transcript: Transcript, span: Blocks) -> int:
    """Return the length of a run of blocks in code points, without reading it."""
    return sum(transcript.block(number).chars for number in range(span.first, span.first + span.size))
