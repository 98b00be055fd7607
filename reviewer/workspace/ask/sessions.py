"""The sessions of a workspace: which there are, the traces of one in order, and those traces as one transcript."""

from collections import OrderedDict
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple, overload

from reviewer.errors import UsageError
from reviewer.model.ids import TraceId
from reviewer.workspace.ask.transcript import (
    BITS,
    Block,
    Blocks,
    CallRow,
    MessageRow,
    Transcript,
    open_transcript,
    within,
)
from reviewer.workspace.file import Reader

MOST_TURNS = 200
"""Traces of a session that are read together: one id is sometimes given to all that a program ever did."""
OPEN_TRACES = 24  # beside the one under review

# A trace without a time of its own stands by the time of its import, which says nothing of when the session was.
AT = "CASE WHEN time_basis = 'trace' THEN started_us END"
SESSIONS = f"""
SELECT session_id, id, {AT} AS at_us FROM trace WHERE session_id IS NOT NULL ORDER BY at_us IS NULL, at_us, n
"""  # noqa: S608
TURNS = f"""
SELECT id, native_id, {AT} AS at_us, model, n_messages, forgotten_us IS NOT NULL FROM trace WHERE session_id = ?
  ORDER BY at_us IS NULL, at_us, n
"""  # noqa: S608


class SessionRow(NamedTuple):
    """One session: its traces in order, and when the first and the last of them began (microseconds UTC, or None)."""

    id: str
    traces: tuple[TraceId, ...]
    first_us: int | None
    last_us: int | None


class TurnRow(NamedTuple):
    """One trace of a session; ``at_us`` is None where the trace has no time of its own."""

    trace: TraceId
    native_id: str
    at_us: int | None
    model: str | None
    n_messages: int
    forgotten: bool


def sessions(reader: Reader) -> Iterator[SessionRow]:
    """Yield every session, the one that began first at the top, those without times last."""
    found: dict[str, list[tuple[TraceId, int | None]]] = {}
    for session, trace, at_us in reader.db.execute(SESSIONS):
        found.setdefault(session, []).append((TraceId(trace), at_us))
    for session, traces in found.items():
        times = [at_us for _, at_us in traces if at_us is not None]
        ends = (times[0], times[-1]) if times else (None, None)
        yield SessionRow(session, tuple(trace for trace, _ in traces), *ends)


def turns(reader: Reader, session: str) -> list[TurnRow]:
    """Return the traces of a session by the time they began, then as they were imported; without a time they are last."""
    return [TurnRow._make((*row[:-1], bool(row[-1]))) for row in reader.db.execute(TURNS, (session,))]


def has_sessions(reader: Reader) -> bool:
    """Return whether some session has more than one trace."""
    sql = "SELECT 1 FROM trace WHERE session_id IS NOT NULL GROUP BY session_id HAVING count(*) > 1 LIMIT 1"
    return reader.db.execute(sql).fetchone() is not None


def known_turns(reader: Reader, session: str) -> list[TurnRow]:
    """Return the traces of a session that somebody names.

    Raises:
        UsageError: there is no such session.
    """
    found = turns(reader, session)
    if not found:
        raise UsageError(f"There is no session {session!r} here.", "List them with: reviewer sessions.")
    return found


def stands_for(reader: Reader, trace: TraceId) -> TraceId:
    """Return the trace that stands for the session of a trace: the first that is not forgotten; a lone one for itself."""
    (session,) = reader.db.execute("SELECT session_id FROM trace WHERE id = ?", (trace,)).fetchone()
    known = turns(reader, session) if session is not None else []
    return next((turn.trace for turn in known if not turn.forgotten), trace)


class SessionTranscript(Transcript):
    """The traces of one session read as one transcript: each is opened when it is reached.

    Every number (of a thread, block or call) carries above ``BITS`` its trace: 0 is the one under review, so that its
    numbers, and the anchors of its coding, are what they are without the session; another has its turn, counted from 1.
    Documents and scores are those of the trace under review alone: ``part`` gives the others theirs.
    """

    of_session = True

    def __init__(self, reader: Reader, turns: Sequence[TurnRow], trace: TraceId, is_item: bool = False) -> None:
        self.is_item = is_item
        """Whether the session is what is reviewed, not one of its traces."""
        self.of_turns = len(turns)
        self.own = next(n for n, turn in enumerate(turns, 1) if turn.trace == trace)
        """The turn under review, from 1."""
        first = max(0, min(self.own - 1 - MOST_TURNS // 2, len(turns) - MOST_TURNS))
        self.turns = {n: turns[n - 1] for n in range(first + 1, min(first + MOST_TURNS, len(turns)) + 1)}
        """The turns that are read, by their number."""
        self._own = open_transcript(reader, trace)
        self._others: OrderedDict[int, Transcript] = OrderedDict()
        super().__init__(reader, self._own.about, self._own._head)

    def turn_of(self, number: int) -> int:
        """Return the turn that the number of a thread, block or call belongs to."""
        return number >> BITS or self.own

    def base_of(self, turn: int) -> int:
        """Return what is added to the numbers within a turn's trace."""
        return 0 if turn == self.own else turn << BITS

    def part(self, turn: int) -> Transcript:
        """Return the transcript of one turn's trace by itself."""
        if turn == self.own:
            return self._own
        if turn not in self._others:
            self._others[turn] = open_transcript(self._reader, self.turns[turn].trace)
        self._others.move_to_end(turn)
        while len(self._others) > OPEN_TRACES:
            self._others.popitem(last=False)
        return self._others[turn]

    @property
    def threads(self) -> Iterable[int]:
        """Return the numbers of the threads, turn by turn."""
        return (self.base_of(turn) + thread for turn in self.turns for thread in self.part(turn).threads)

    def count(self, thread: int = 0) -> int:
        """Return how many messages a thread has."""
        return self.part(self.turn_of(thread)).count(within(thread))

    def message(self, index: int, thread: int = 0) -> MessageRow:
        """Return one message of a thread."""
        turn = self.turn_of(thread)
        base, row = self.base_of(turn), self.part(turn).message(index, within(thread))
        if not base:
            return row
        return row._replace(
            parts=tuple(part._replace(blocks=_moved(part.blocks, base)) for part in row.parts),
            calls=tuple(base + call for call in row.calls),
            answers=None if row.answers is None else base + row.answers,
        )

    def block(self, index: int) -> Block:
        """Return what is known of a block without reading its text."""
        return self.part(self.turn_of(index)).block(within(index))._replace(number=index)

    def text(self, number: int) -> str:
        """Return the stored text of one block."""
        return self.part(self.turn_of(number)).text(within(number))

    @property
    def calls(self) -> Sequence[CallRow]:
        """Return the tool calls by their numbers, which have gaps."""
        return _Calls(self)

    def has_call(self, number: int) -> bool:
        """Whether there is a tool call of that number."""
        turn = self.turn_of(number)
        return turn in self.turns and self.part(turn).has_call(within(number))


class _Calls(Sequence[CallRow]):
    """Finds the calls of a session by their numbers; counted and gone through, it is those of the trace under review."""

    def __init__(self, session: SessionTranscript) -> None:
        self._session = session

    def __len__(self) -> int:
        return len(self._session.part(self._session.own).calls)

    @overload
    def __getitem__(self, number: int) -> CallRow: ...
    @overload
    def __getitem__(self, number: slice) -> Sequence[CallRow]: ...
    def __getitem__(self, number: int | slice) -> CallRow | Sequence[CallRow]:
        if isinstance(number, slice):
            raise TypeError("the calls of a session have numbers, not places")
        turn = self._session.turn_of(number)
        base, row = self._session.base_of(turn), self._session.part(turn).calls[within(number)]
        result = None if row.result is None else _moved(row.result, base)
        return row._replace(n=number, arguments=_moved(row.arguments, base), result=result)


def open_session(reader: Reader, trace: TraceId, is_item: bool = False) -> Transcript:
    """Open the session of a trace for reading, or the trace alone where it has none, or is all of it.

    ``is_item``: the session is what is reviewed.
    """
    own = open_transcript(reader, trace)
    found = turns(reader, own.about.session_id) if own.about.session_id is not None else []
    return SessionTranscript(reader, found, trace, is_item) if len(found) > 1 else own


def _moved(blocks: Blocks, base: int) -> Blocks:
    return Blocks(blocks.first + base, blocks.size)
