"""A stored file as a stream of JSON values, whatever holds them: lines, one array, or documents back to back."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from reviewer.model.problem import Problem
from reviewer.sources.jsontext import NotJson, Warn, parse_checked, parse_fast
from reviewer.sources.records import Note, Progress, Value, unseen
from reviewer.sources.splitting import Piece, split_lines, split_values
from reviewer.sources.unwrapping import StreamBroken

Parse = Callable[[bytes, Warn], Any]

_HEAD_VALUES = 5
_HEAD_BYTES = 4 * 1024 * 1024
_FIRST_LOOK = 256 * 1024


def _fast(raw: bytes, warn: Warn, *, exact: bool = True) -> Any:
    return parse_fast(raw, exact=exact)


def _untold(problem: Problem) -> None:
    pass


class Stored:
    """One file, or one member of an archive, that can be read as often as it takes.

    ``name`` is what problems call it; ``member`` is its place in an archive. ``values`` may be called again for a
    second look; give it a note that drops what it is told then, or every problem is told twice.
    """

    def __init__(
        self,
        name: str,
        open_chunks: Callable[[Progress], Iterator[bytes]],
        progress: Progress = unseen,
        member: str | None = None,
    ) -> None:
        self.name = name
        self.member = member
        self._open = open_chunks
        self._progress = progress
        self._done = 0
        self._by_line: bool | None = None

    def chunks(self) -> Iterator[bytes]:
        """Yield the bytes of the text, for a format that is no JSON."""
        return self._open(self._report)

    def problem(self, reason: str, line: int | None = None, member: str | None = None, *, lost: bool = True) -> Problem:
        """Return a problem of this file; ``member`` says an array position or a byte."""
        where = ", ".join(place for place in (self.member, member) if place)
        return Problem(self.name, reason, line, where or None, lost)

    def values(self, note: Note, *, checked: bool, nan_as_text: bool = False, exact: bool = True) -> Iterator[Value]:
        """Yield the JSON values of the file in order; what is none is noted as lost.

        ``checked`` warns of repeated keys and half surrogates and takes longer; then ``nan_as_text`` keeps ``NaN``
        and ``Infinity`` as these words instead of losing the record. ``exact``: see ``parse_fast``.
        """
        fast = _fast if exact else partial(_fast, exact=False)
        parse: Parse = partial(parse_checked, nan_as_text=nan_as_text) if checked else fast
        try:
            for piece in self._pieces(self._report):
                yield from self._parsed(piece, note, parse)
        except StreamBroken as why:
            last = getattr(why, "last_line", 0)
            note(self.problem(f"{why}; the last whole line is {last}", last + 1))

    def head(self, most: int = _HEAD_VALUES) -> list[Value]:
        """Return the first values that parse, at least one if there is any, without noting anything."""
        found: list[Value] = []
        size = 0
        try:
            for piece in self._pieces(unseen):
                size += len(piece.data)
                found += self._parsed(piece, _untold, _fast)
                if len(found) >= most or (found and size > _HEAD_BYTES):
                    break
        except StreamBroken:
            pass  # told when the file is read
        return found[:most]

    def first_bytes(self) -> bytes:
        """Return the first bytes of the text, up to 256 KB; none if the file is empty or broken from the start."""
        try:
            return next((chunk for chunk in self._open(unseen) if chunk), b"")
        except StreamBroken:
            return b""

    def _report(self, done: int, total: int) -> None:
        # A second look starts over: the bar must not run back.
        self._done = max(self._done, done)
        self._progress(self._done, total)

    def _pieces(self, progress: Progress) -> Iterator[Piece]:
        if self._by_line is None:
            self._by_line = self._is_by_line()
        return split_lines(self._open(progress)) if self._by_line else split_values(self._open(progress))

    def _is_by_line(self) -> bool:
        """Whether every line is a value of its own, judged by the first lines."""
        text, whole = self._peek()
        lines = text.split(b"\n")
        if not whole and len(lines) > 1:
            lines.pop()
        said = [line for line in lines if line and not line.isspace()]
        if not said:
            return True
        first = said[0].lstrip()
        if _is_value(first):
            # One line that is an array, and no more: its elements are the values.
            return not first.startswith(b"[") or len(said) > 1 or not whole
        if not first.startswith((b"{", b"[")):
            return True
        if len(first.rstrip()) > 1 and any(line.startswith(b"{") and _is_value(line) for line in said[1:3]):
            return True
        # Records that are all broken each begin a new object; a document goes on.
        return first.startswith(b"{") and len(said) > 1 and all(line.startswith(b'{"') for line in said[:3])

    def _peek(self) -> tuple[bytes, bool]:
        """Return the first bytes, about as many as it takes to know, and whether they are all."""
        held: list[bytes] = []
        size = 0
        try:
            for chunk in self._open(unseen):
                held.append(chunk)
                size += len(chunk)
                if size >= _HEAD_BYTES or (size >= _FIRST_LOOK and b"\n{" in chunk):
                    return b"".join(held), False
        except StreamBroken:
            return b"".join(held), False
        return b"".join(held), True

    def _parsed(self, piece: Piece, note: Note, parse: Parse) -> Iterator[Value]:
        member = _place(piece)
        if piece.fault:
            note(self.problem(piece.fault, piece.line, member))
            return
        warnings: list[str] = []
        try:
            value = parse(piece.data, warnings.append)
        except NotJson as why:
            if self._by_line and why.goes_on and (several := _several(piece)):
                for inner in several:
                    yield from self._parsed(inner, note, parse)
                return
            note(self.problem(str(why), piece.line, member))
            return
        for warning in warnings:
            note(self.problem(warning, piece.line, member, lost=False))
        where = ", ".join(place for place in (self.member, member) if place) or None
        yield Value(value, piece.line, where, piece.data if warnings else None)


def _place(piece: Piece) -> str | None:
    return None if piece.index is None else f"element {piece.index}"


def _is_value(data: bytes) -> bool:
    try:
        parse_fast(data)
    except NotJson:
        return False
    return True


def _several(piece: Piece) -> list[Piece]:
    """Return the values that stand on one line without a break between them; none if that is not what it is."""
    if not piece.data.lstrip().startswith(b"{"):
        return []
    found = list(split_values(iter([piece.data])))
    if len(found) < 2 or any(inner.fault for inner in found) or not all(_is_value(inner.data) for inner in found):
        return []
    for number, inner in enumerate(found):
        inner.line = piece.line
        inner.index = number
    return found
