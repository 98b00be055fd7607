"""Traces that arrive in pieces: one trace may be spread over many lines, in any order.

A trace that looks whole in its line is given at once, so memory stays flat. Pieces of the others wait, in memory up
to ``HELD_BYTES`` and then in a temporary file, until the end. A trace that was given too early is read once more
from the file, whole, and given as a replacement.
"""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field
from struct import Struct
from tempfile import SpooledTemporaryFile
from typing import Any

import orjson

from reviewer.model.trace import Trace
from reviewer.sources.assemble.complete import trace_from_spans
from reviewer.sources.assemble.spans import Span
from reviewer.sources.jsontext import dump
from reviewer.sources.reading import Stored
from reviewer.sources.records import Found, Note

KIND = "otel"
"""The family of formats that share OpenTelemetry's trace ids."""

ODD_SHAPE = (RecursionError, TypeError, ValueError, KeyError, IndexError, AttributeError, OverflowError)
"""What code raises on a value of another shape than the format's."""

_HEADER = Struct("<qI")
HELD_BYTES = 64 * 1024 * 1024
"""Bytes of waiting pieces that are held in memory."""


@dataclass(slots=True, eq=False)
class Piece:
    """What one line holds of one trace, not decoded yet: raw spans and log records, each with its resource."""

    trace_id: str
    spans: list[tuple[dict[str, Any], Any]] = field(default_factory=list)
    logs: list[tuple[dict[str, Any], Any]] = field(default_factory=list)
    line: int | None = None
    member: str | None = None


Decode = Callable[[Piece, list[str]], list[Span]]
"""Returns the spans of a piece, log records joined; adds what it could not read to the list of faults."""


def decoded_each(piece: Piece, decode: Callable[[dict[str, Any], Any], Span], faults: list[str]) -> list[Span]:
    """Return the spans of a piece, each decoded with its resource; one that is malformed costs no other."""
    spans: list[Span] = []
    for raw, resource in piece.spans:
        try:
            spans.append(decode(raw, resource))
        except ODD_SHAPE as why:
            faults.append(f"a span has a shape that is not understood ({why})")
    return spans


@dataclass(slots=True, eq=False)
class Whole:
    """One trace's spans, ready to be assembled, and what was wrong with others of them."""

    trace_id: str
    spans: list[Span]
    faults: list[str]
    line: int | None = None
    member: str | None = None
    replaces_earlier: bool = False


def assembled(
    stored: Stored,
    note: Note,
    read: Callable[[Note], Iterable[Piece]],
    decode: Decode,
    format_name: str,
    *,
    early: bool = True,
) -> Iterator[Found]:
    """Yield the traces of a file of spans, assembled; what cannot be decoded is noted as lost, oddities as warnings.

    ``read`` gives the pieces of the file and tells the note that it is given; it may be called twice.
    """
    telling: list[Note] = [note]

    def pieces() -> Iterator[Piece]:
        yield from read(telling[0])
        telling[0] = lambda _: None  # a second reading tells nothing twice

    for whole in gather(pieces, decode, early=early):
        trace = told(whole, stored, note, Trace(KIND, whole.trace_id, format_name))
        if trace is not None:
            yield Found(trace, whole.line, whole.member, whole.replaces_earlier)


def told(whole: Whole, stored: Stored, note: Note, trace: Trace) -> Trace | None:
    """Return the trace filled from its spans, or None where it is lost; notes what was wrong."""
    warnings = whole.faults
    lost = not whole.spans
    if whole.spans:
        try:
            trace, more = trace_from_spans(trace, whole.spans)
            warnings = [*warnings, *more]
        except ODD_SHAPE as why:
            lost, warnings = True, [*warnings, f"its spans have a shape that is not understood ({why})"]
    for warning in dict.fromkeys(warnings):
        note(stored.problem(f"trace {whole.trace_id}: {warning}", whole.line, whole.member, lost=False))
    if lost:
        note(stored.problem(f"trace {whole.trace_id} could not be read", whole.line, whole.member))
    return None if lost else trace


def gather(read: Callable[[], Iterable[Piece]], decode: Decode, *, early: bool = True) -> Iterator[Whole]:
    """Yield the traces of a file; ``read`` starts a new reading of its pieces each time it is called.

    ``early`` allows a trace to be given before the end
    of the file; not so where each piece is one span and a root alone would look whole.
    """
    given: set[int] = set()
    again: set[str] = set()
    waiting = _Waiting()
    for piece in read():
        mark = hash(piece.trace_id)
        if mark in given:
            again.add(piece.trace_id)
        elif not early or piece.trace_id in waiting.newest or piece.logs or not piece.spans:
            waiting.add(piece)
        else:
            faults: list[str] = []
            spans = decode(piece, faults)
            if looks_whole(spans):
                given.add(mark)
                yield Whole(piece.trace_id, spans, faults, piece.line, piece.member)
            else:
                waiting.add(piece)
    yield from _joined(waiting, decode, replaces=False)
    if again:
        rest = _Waiting()
        for piece in read():
            if piece.trace_id in again:
                rest.add(piece)
        yield from _joined(rest, decode, replaces=True)


def looks_whole(spans: list[Span]) -> bool:
    """Return whether the spans have a root and every parent that they name."""
    ids = {span.span_id for span in spans}
    has_root = False
    for span in spans:
        if span.parent_id is None:
            has_root = True
        elif span.parent_id not in ids:
            return False
    return has_root


def pieces_of(read: Callable[[], Iterable[Piece]], wanted: Collection[str]) -> Iterator[Piece]:
    """Yield the wanted traces, each as one piece of all that ``read`` goes through holds of it."""
    waiting = _Waiting()
    for piece in read():
        if piece.trace_id in wanted:
            waiting.add(piece)
    for trace_id in waiting.newest:
        yield waiting.join(trace_id)
    waiting.close()


def across(read: Callable[[], Iterable[Piece]], decode: Decode, wanted: Collection[str]) -> Iterator[Whole]:
    """Yield the wanted traces, each from all its pieces in whatever files ``read`` goes through, as replacements."""
    for piece in pieces_of(read, wanted):
        faults: list[str] = []
        spans = decode(piece, faults)
        if spans or faults:
            yield Whole(piece.trace_id, spans, faults, piece.line, piece.member, replaces_earlier=True)


def _joined(waiting: "_Waiting", decode: Decode, *, replaces: bool) -> Iterator[Whole]:
    for trace_id in waiting.newest:
        piece = waiting.join(trace_id)
        faults: list[str] = []
        spans = decode(piece, faults)
        if spans or faults:
            yield Whole(trace_id, spans, faults, piece.line, piece.member, replaces)
    waiting.close()


class _Waiting:
    """Pieces that wait for their fellows, as bytes in one file that stays in memory while it is small.

    Each piece points back to the one before it of the same trace, so that memory holds one number a trace.
    """

    def __init__(self) -> None:
        self.newest: dict[str, int] = {}
        self._file = SpooledTemporaryFile(max_size=HELD_BYTES)  # noqa: SIM115 - closed by close()
        self._end = 0

    def add(self, piece: Piece) -> None:
        """Keep a piece."""
        data = dump([piece.spans, piece.logs, piece.line, piece.member]).encode()
        self._file.seek(self._end)
        self._file.write(_HEADER.pack(self.newest.get(piece.trace_id, -1), len(data)) + data)
        self.newest[piece.trace_id] = self._end
        self._end += _HEADER.size + len(data)

    def join(self, trace_id: str) -> Piece:
        """Return all pieces of a trace as one, at the place of the first."""
        parts = []
        offset = self.newest[trace_id]
        while offset >= 0:
            self._file.seek(offset)
            offset, length = _HEADER.unpack(self._file.read(_HEADER.size))
            parts.append(orjson.loads(self._file.read(length)))
        whole = Piece(trace_id, line=parts[-1][2], member=parts[-1][3])
        for spans, logs, _, _ in reversed(parts):
            whole.spans += spans
            whole.logs += logs
        return whole

    def close(self) -> None:
        """Give the memory or the file back."""
        self._file.close()
