"""Files of OTLP requests that are no text: protobuf, and the records of the collector's file exporter.

The exporter writes text only for uncompressed JSON. Everything else it writes as records: four bytes that say the
length, most significant first, then the request as protobuf or JSON, packed with zstd by itself or not
(``exportMessageAsBuffer`` in opentelemetry-collector-contrib).
"""

from collections.abc import Callable, Iterator
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

from reviewer.sources.formats.otlp_messages import GROUP, is_group, request
from reviewer.sources.jsontext import NotJson, parse_fast, printable
from reviewer.sources.reading import Stored
from reviewer.sources.records import Note, Progress, Value, unseen
from reviewer.sources.splitting import VALUE_CAP
from reviewer.sources.unwrapping import ZSTD, StreamBroken, file_chunks, unpacked_chunks, unzstd
from reviewer.sources.wire import Malformed, varint

_LENGTH_BYTES = 4
_FIRST_BYTES = (*range((VALUE_CAP >> 24) + 1), GROUP)
"""A length that is within the cap begins with one of the first; no text does but one with a blank first line."""
_TOO_LONG = f"the record is longer than {VALUE_CAP // 1024 // 1024} MB"

Split = Callable[[Iterator[bytes]], Iterator[bytes]]
"""Cuts a stream into records."""


def opened(path: Path, progress: Progress = unseen) -> Stored:
    """Return a file as a stream of JSON values, whether it is text or requests in bytes."""
    name = printable(path.name)
    unpacked = partial(unpacked_chunks, path)
    if _begins(unpacked) in _FIRST_BYTES:
        for split in (_by_length, _by_group):
            if _fits(split, unpacked):
                return Requests(name, unpacked, progress, split)
    return Stored(name, partial(file_chunks, path), progress)


class Requests(Stored):
    """Requests that are no text, each as the JSON that it would be."""

    format = "otlp_proto"

    def __init__(
        self, name: str, open_chunks: Callable[[Progress], Iterator[bytes]], progress: Progress, split: Split
    ) -> None:
        super().__init__(name, open_chunks, progress)
        self._split = split

    def values(self, note: Note, *, checked: bool, nan_as_text: bool = False, exact: bool = True) -> Iterator[Value]:
        """Yield the requests in order; one that is none is noted as lost. What is ``checked`` makes no difference."""
        number = 0
        try:
            for number, record in enumerate(self._split(self.chunks()), 1):
                try:
                    yield Value(_decoded(record), None, f"record {number}")
                except (NotJson, Malformed, StreamBroken) as why:
                    note(self.problem(f"no OTLP request: {why}", None, f"record {number}"))
        except (StreamBroken, Malformed) as why:
            note(self.problem(f"{why}; reading ended there", None, f"record {number + 1}"))

    def head(self, most: int = 5) -> list[Value]:
        """Return the first requests, without noting anything."""
        return list(islice(self.values(lambda problem: None, checked=False), most))

    def first_bytes(self) -> bytes:
        """Return what the first request would begin with as JSON; whether it is something else is settled."""
        return b"{}"


def _begins(unpacked: Callable[[Progress], Iterator[bytes]]) -> int:
    """Return the first byte of a stream, -1 where there is none."""
    try:
        return next((chunk[0] for chunk in unpacked(unseen) if chunk), -1)
    except StreamBroken:
        return -1


def _fits(split: Split, unpacked: Callable[[Progress], Iterator[bytes]]) -> bool:
    """Return whether the first record that a stream is cut into is a request."""
    try:
        record = next(split(unpacked(unseen)), b"")
        if record.startswith((b"{", ZSTD)):
            return isinstance(_decoded(record), dict)
        return record[:1] == bytes([GROUP]) and is_group(record[varint(record, 1)[1] :])
    except (StreamBroken, NotJson, Malformed):
        return False


def _decoded(record: bytes) -> Any:
    if record.startswith(ZSTD):
        record = b"".join(_within_cap(unzstd(iter([record]))))
    return parse_fast(record, exact=False) if record.startswith(b"{") else request(record)


def _within_cap(chunks: Iterator[bytes]) -> Iterator[bytes]:
    size = 0
    for chunk in chunks:
        size += len(chunk)
        if size > VALUE_CAP:
            raise StreamBroken(_TOO_LONG)
        yield chunk


def _by_length(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """Yield records that each stand behind their length."""
    stream = _Stream(chunks)
    while head := stream.take(_LENGTH_BYTES):
        size = int.from_bytes(head, "big")
        if size > VALUE_CAP:
            raise StreamBroken(_TOO_LONG)
        record = stream.take(size)
        if len(head) < _LENGTH_BYTES or len(record) < size:
            raise StreamBroken("the file ends inside this record")
        yield record


def _by_group(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """Yield the groups of one message, or of several written one behind the other, each as a message of its own."""
    stream = _Stream(chunks)
    while head := stream.peek(11):
        if head[0] != GROUP:
            raise StreamBroken("no group of spans begins here")
        size, begins = varint(head, 1)
        if size > VALUE_CAP:
            raise StreamBroken(_TOO_LONG)
        record = stream.take(begins + size)
        if len(record) < begins + size:
            raise StreamBroken("the file ends inside this record")
        yield record


class _Stream:
    """Chunks from which bytes are taken by number."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks
        self._held = bytearray()
        self._at = 0

    def peek(self, size: int) -> bytes:
        """Return the next bytes, fewer where the stream ends, and leave them."""
        while len(self._held) - self._at < size and (chunk := next(self._chunks, None)) is not None:
            del self._held[: self._at]
            self._at = 0
            self._held += chunk
        return bytes(self._held[self._at : self._at + size])

    def take(self, size: int) -> bytes:
        """Return the next bytes, fewer where the stream ends."""
        taken = self.peek(size)
        self._at += len(taken)
        return taken
