"""A session in the transcript column: its traces one after another, each below a line that says which turn it is."""

from reviewer.desktop.review.transcript import turns
from reviewer.desktop.review.transcript.items import Builder, Item
from reviewer.desktop.review.transcript.layout import Layout
from reviewer.desktop.review.transcript.paint import Focus
from reviewer.desktop.review.transcript.words import count
from reviewer.model.coding import Anchor
from reviewer.model.ids import TraceId
from reviewer.workspace.ask.sessions import SessionTranscript
from reviewer.workspace.ask.transcript import Transcript, within


class SessionBuilder(Builder):
    """Turns a session into items, one trace after another; a trace is opened when its turn comes."""

    def __init__(self, session: SessionTranscript) -> None:
        self.session = session
        self.answers = {}
        self.total = sum(1 + turn.n_messages for turn in session.turns.values())
        self.done = 0
        self._left = list(session.turns)
        self._built = 0
        self._now: Builder | None = None

    @property
    def finished(self) -> bool:
        """Whether every message of every trace has its item."""
        return not self._left and (self._now is None or self._now.finished)

    def grow(self, count: int) -> list[Item]:
        """Return the items of the next ``count`` messages, and the lines between traces."""
        made: list[Item] = []
        while count > 0 and not self.finished:
            if self._now is None or self._now.finished:
                made += self._next_trace()
            assert self._now is not None
            before = self._now.done
            made += self._now.grow(count)
            count -= 1 + self._now.done - before
            self.done = min(self._built + self._now.done, self.total)
        if self.finished:
            self.done = self.total
            made += self._not_shown(self.session.of_turns - max(self.session.turns), later=True)
        return made

    def _next_trace(self) -> list[Item]:
        first = self._now is None
        turn = self._left.pop(0)
        if not first:
            self._built += 1 + self.session.turns[turn - 1].n_messages
        base = self.session.base_of(turn)
        self._now = Builder(self.session, self.session.part(turn), base)
        self._now.answers = self.answers
        return [*(self._not_shown(turn - 1, later=False) if first else []), Item("trace", base, turn, turn)]

    def _not_shown(self, turns_: int, later: bool) -> list[Item]:
        if not turns_:
            return []
        if later:
            said = count(
                turns_, "1 later turn of this session is not shown", "%n later turns of this session are not shown"
            )
        else:
            said = count(
                turns_, "1 earlier turn of this session is not shown", "%n earlier turns of this session are not shown"
            )
        return [Item("notice", text=said)]

    def thread(self, thread: int) -> list[Item]:
        """Return the items of a whole side thread of one of the traces."""
        turn = self.session.turn_of(thread)
        builder = Builder(self.session, self.session.part(turn), self.session.base_of(turn))
        builder.answers = self.answers
        return builder.thread(thread)


class SessionOnScreen:
    """What the transcript column asks of a session that it shows."""

    def __init__(self, transcript: Transcript) -> None:
        assert isinstance(transcript, SessionTranscript)
        self._session = transcript

    def builder(self) -> SessionBuilder:
        """Return what makes the items."""
        return SessionBuilder(self._session)

    def begin(self, layout: Layout) -> Focus:
        """Let a layout begin with the trace under review, and return the first turn there."""
        head = _head(layout, self._session.own)
        if head is None:
            return turns.first(layout)
        layout.begin_with(head)
        return turns.first(layout, head.index)

    def part(self, thread: int) -> tuple[Transcript, int, TraceId | None]:
        """Return the trace that a thread belongs to, the number of its main thread, and its id if it is another one."""
        turn = self._session.turn_of(thread)
        other = None if turn == self._session.own else self._session.turns[turn].trace
        return self._session.part(turn), self._session.base_of(turn), other

    def neighbour(self, layout: Layout, item: Item | None, by: int) -> Item | None:
        """Return the line above the next (1) or previous (-1) trace, seen from an item; None at the ends."""
        here = self._session.own if item is None else self._session.turn_of(item.thread)
        return _head(layout, here + by) if here + by in self._session.turns else None

    def stored(self, anchor: Anchor) -> Anchor:
        """Return an anchor as it is kept: by the numbers of its own trace, which is named if it is another one.

        The words of another trace are not kept: forgetting that trace would not find them.
        """
        turn = self._session.turn_of(anchor.thread)
        if turn == self._session.own:
            return anchor
        return anchor._replace(
            thread=within(anchor.thread), call=None if anchor.call is None else within(anchor.call), quote="", prefix="",
            suffix="", trace=self._session.turns[turn].trace,
        )  # fmt: skip

    def shown(self, anchor: Anchor) -> Anchor | None:
        """Return a kept anchor by the numbers on screen; None where its trace is not among the turns that are read."""
        if anchor.trace is None:
            return anchor
        turn = next((n for n, row in self._session.turns.items() if row.trace == anchor.trace), None)
        if turn is None:
            return None
        base = self._session.base_of(turn)
        return anchor._replace(
            thread=base + anchor.thread, call=None if anchor.call is None else base + anchor.call, trace=None
        )


def _head(layout: Layout, turn: int) -> Item | None:
    """Return the line above a turn, with some of what is below it made."""
    while True:
        found = next((item for item in layout.items if item.kind == "trace" and item.first == turn), None)
        if (found is not None and found.index + 1 < len(layout.items)) or layout.complete:
            return found
        layout.grow()
