"""Where one top-level JSON value ends and the next begins: lines, and a scanner for arrays and documents."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

VALUE_CAP = 64 * 1024 * 1024
"""Bytes of one line or one value; longer ones are lost."""

_DEPTH_CAP = 2_000  # far beyond what is parsed; it keeps a file of brackets from being walked to its end

_OUTSIDE = re.compile(rb'["\[\]{},]')
_BETWEEN = re.compile(rb"[^ \t\r\n]")
_INSIDE = re.compile(rb'["\\]')
_CLOSER = {ord("["): ord("]"), ord("{"): ord("}")}


@dataclass(slots=True)
class Piece:
    """The bytes of one value and where it begins: line from 1, byte offset and position in the array from 0.

    ``fault`` says why there is no value; ``data`` is then what was read of it, or nothing.
    """

    data: bytes
    line: int
    offset: int = 0
    index: int | None = None
    fault: str | None = None


class _Fault(Exception):
    """What ends the scanning."""


def split_lines(chunks: Iterator[bytes]) -> Iterator[Piece]:
    """Yield the lines that are not blank, cut at ``\\n`` alone; a line beyond the cap comes as a fault, once.

    A broken stream raises through, with ``last_line`` of the exception set to the last whole line.
    """
    number = 1
    rest: list[bytes] = []
    held = 0
    try:
        for chunk in chunks:
            at = 0
            # Not split(), which looks at every byte by itself: in long lines that takes five times as long.
            while (end := chunk.find(b"\n", at)) >= 0:
                if held <= VALUE_CAP:
                    rest.append(chunk[at:end])
                yield from _line(b"".join(rest), number, held + end - at)
                number += 1
                rest, held, at = [], 0, end + 1
            if held <= VALUE_CAP:
                rest.append(chunk[at:])
            held += len(chunk) - at
    except Exception as broken:
        broken.last_line = number - 1  # type: ignore[attr-defined]
        raise
    yield from _line(b"".join(rest), number, held)


def _line(data: bytes, number: int, length: int) -> Iterator[Piece]:
    if length > VALUE_CAP:
        yield Piece(b"", number, fault=f"the line is longer than {VALUE_CAP // 1024 // 1024} MB")
    elif data and not data.isspace():
        yield Piece(data, number)


def split_values(chunks: Iterator[bytes]) -> Iterator[Piece]:
    """Yield the elements of one outermost array, or objects that follow each other, however they are broken up.

    The first fault ends the reading: behind it nothing tells where the next value begins.
    """
    return _Scanner().run(chunks)


class _Scanner:
    """Finds the ends of values by brackets and quotes, over chunks, without parsing."""

    def __init__(self) -> None:
        self.stack = bytearray()  # the closers that are still to come
        self.in_array = False
        self.in_string = False
        self.escaped = False
        self.began: int | None = None  # offset where the value began
        self.began_line = 1
        self.index = 0
        self.buffer = bytearray()
        self.base = 0  # offset of the buffer's first byte
        self.line = 1
        self.line_at = 0  # offset up to which lines are counted
        self.array_over = False

    def run(self, chunks: Iterator[bytes]) -> Iterator[Piece]:
        """Yield the values of the chunks."""
        at = 0  # position in the buffer
        try:
            for chunk in chunks:
                self.buffer += chunk
                yield from self.scan(at)
                self.drop(self.began if self.began is not None else self.base + len(self.buffer))
                at = len(self.buffer)
                if at > VALUE_CAP:
                    raise _Fault(f"the value is longer than {VALUE_CAP // 1024 // 1024} MB")
            self.check_end()
        except _Fault as why:
            yield self.fault(str(why))
        except Exception as broken:
            broken.last_line = self.count_lines(self.base + at) - 1  # type: ignore[attr-defined]
            raise

    def scan(self, at: int) -> Iterator[Piece]:
        """Yield the values that end in the buffer from ``at`` on."""
        while True:
            if self.in_string:
                end = self.skip_string(at)
                if end is None:
                    return
                at, self.in_string = end, False
                if not self.stack:
                    yield self.piece(at)
                continue
            pattern = _BETWEEN if self.began is None else _OUTSIDE
            found = pattern.search(self.buffer, at)
            if found is None:
                return
            at, byte = found.end(), self.buffer[found.start()]
            if self.began is None and not self.begin(byte, self.base + at - 1):
                continue
            if (piece := self.take(byte, at)) is not None:
                yield piece

    def begin(self, byte: int, offset: int) -> bool:
        """Handle the first byte between values; return whether a value begins there."""
        if self.array_over:
            self.began, self.began_line = offset, self.count_lines(offset)
            raise _Fault(f"there is more text after the end of the array, at byte {offset}")
        if self.in_array and byte in b",]":
            self.array_over = byte == ord("]")
            self.in_array = not self.array_over
            return False
        if byte == ord("[") and not self.in_array and self.index == 0:
            self.in_array = True
            return False
        self.began, self.began_line = offset, self.count_lines(offset)
        if byte not in b'"[{' and not self.in_array:
            raise _Fault(f"no JSON value begins at byte {offset}")
        return True

    def take(self, byte: int, at: int) -> Piece | None:
        """Handle a byte of a value; return the value if it ends here."""
        if byte == ord('"'):
            self.in_string = True
        elif byte in b"[{":
            self.stack.append(_CLOSER[byte])
            if len(self.stack) > _DEPTH_CAP:
                raise _Fault(f"nested more than {_DEPTH_CAP:,} levels deep")
        elif byte in b"]}" and self.stack:
            if self.stack.pop() != byte:
                raise _Fault(f"the wrong bracket closes at byte {self.base + at - 1}")
            if not self.stack:
                return self.piece(at)
        elif byte == ord("]") and self.in_array:
            piece = self.piece(at - 1)
            self.in_array, self.array_over = False, True
            return piece
        elif byte in b"]}":
            raise _Fault(f"a bracket closes that was not opened, at byte {self.base + at - 1}")
        elif byte == ord(",") and not self.stack and self.in_array:
            return self.piece(at - 1)
        return None

    def skip_string(self, at: int) -> int | None:
        """Return the position behind the string's end, or None if it goes on behind the buffer."""
        if self.escaped:
            self.escaped, at = False, at + 1
        while (found := _INSIDE.search(self.buffer, at)) is not None:
            at = found.end()
            if self.buffer[found.start()] == ord('"'):
                return at
            if at >= len(self.buffer):
                self.escaped = True
                return None
            at += 1
        return None

    def piece(self, end: int) -> Piece:
        """Return the value that ends before the position."""
        assert self.began is not None
        data = bytes(self.buffer[self.began - self.base : end]).rstrip()
        index = self.index if self.in_array else None
        made = Piece(data, self.began_line, self.began, index)
        self.began = None
        self.index += 1
        return made

    def fault(self, reason: str) -> Piece:
        """Return a fault where the value under way began."""
        offset = self.began if self.began is not None else self.base
        return Piece(b"", self.began_line, offset, self.index if self.in_array else None, reason)

    def check_end(self) -> None:
        """Raise if the bytes are over and a value, or the array, is not."""
        if self.began is not None:
            raise _Fault("the file ends inside this value")
        if self.in_array:
            self.began_line = self.line
            raise _Fault("the file ends before the array does")

    def drop(self, offset: int) -> None:
        """Forget the bytes before an offset."""
        self.count_lines(offset)
        del self.buffer[: offset - self.base]
        self.base = offset

    def count_lines(self, offset: int) -> int:
        """Return the line that holds an offset; offsets may only grow."""
        if offset <= self.line_at:
            return self.line
        self.line += self.buffer.count(b"\n", self.line_at - self.base, offset - self.base)
        self.line_at = offset
        return self.line
