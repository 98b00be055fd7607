"""Bytes of a file as stored, unwrapped and bounded: gzip, zstd, byte-order marks and UTF-16.

Everything is a stream of chunks. Whatever ends a stream before its time raises ``StreamBroken`` after the chunks
that were still whole.
"""

import codecs
import zlib
from collections.abc import Iterator
from pathlib import Path

import zstandard

from reviewer.sources.records import Progress

CHUNK = 256 * 1024
_PACKED_CHUNK = 16 * 1024  # may hold a second's work when unpacked: progress would stand still
RATIO_CAP = 200
"""Bytes out for a byte in; beyond it a file counts as a bomb. The first ``RATIO_FREE`` bytes are free."""
RATIO_FREE = 4 * 1024 * 1024
_ZSTD_FEED = 512  # bytes in at once: a block of 4 bytes may expand to 128 KB, so this bounds a step to 16 MB

GZIP, ZSTD = b"\x1f\x8b", b"\x28\xb5\x2f\xfd"
_UTF8_MARK = codecs.BOM_UTF8
_UTF16 = {codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16", b"{\0": "utf-16-le", b"\0{": "utf-16-be"}


class StreamBroken(Exception):
    """The bytes end before their time; the message says why."""


def file_chunks(path: Path, progress: Progress) -> Iterator[bytes]:
    """Yield the bytes of a file as UTF-8 text, unwrapped; call ``progress`` with bytes as stored after each chunk."""
    return as_utf8(unpacked_chunks(path, progress))


def unpacked_chunks(path: Path, progress: Progress) -> Iterator[bytes]:
    """Yield the bytes of a file, unwrapped; call ``progress`` with bytes as stored after each chunk."""
    with path.open("rb") as file:
        head = file.read(4)
    if head.startswith(GZIP):
        return inflated(_stored(path, progress, _PACKED_CHUNK), 31)
    if head.startswith(ZSTD):
        return unzstd(_stored(path, progress, _PACKED_CHUNK))
    return _stored(path, progress, CHUNK)


def as_utf8(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """Yield chunks of text without a byte-order mark, UTF-16 turned into UTF-8."""
    first = next(chunks, b"")
    encoding = _UTF16.get(first[:2])
    if encoding is None:
        if whole := first.removeprefix(_UTF8_MARK):
            yield whole
        yield from chunks
        return
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        yield decoder.decode(first).encode("utf-8")
        for chunk in chunks:
            yield decoder.decode(chunk).encode("utf-8")
        decoder.decode(b"", final=True)
    except UnicodeError as why:
        raise StreamBroken("the text is not UTF-8, and not valid UTF-16 either") from why


def inflated(chunks: Iterator[bytes], window: int) -> Iterator[bytes]:
    """Yield deflated data (``window`` as in zlib: 31 for gzip, -15 for zip) inflated; gzip members follow on."""
    ratio = Ratio()
    machine = zlib.decompressobj(window)
    for chunk in chunks:
        ratio.put_in(len(chunk))
        data = chunk
        while data:
            if machine.eof:
                if window < 0 or not data.strip(b"\0"):
                    return
                machine = zlib.decompressobj(window)
            try:
                out = machine.decompress(data, CHUNK)
            except zlib.error as why:
                raise StreamBroken("the compressed data is damaged") from why
            data = machine.unused_data if machine.eof else machine.unconsumed_tail
            if out:
                ratio.check(len(out))
                yield out
    while not machine.eof and (out := machine.decompress(machine.unconsumed_tail, CHUNK)):
        ratio.check(len(out))
        yield out
    if not machine.eof:
        raise StreamBroken("the compressed data ends early")


def unzstd(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """Yield zstd data decompressed, frame after frame."""
    ratio = Ratio()
    decompressor = zstandard.ZstdDecompressor(max_window_size=2**27)
    machine = decompressor.decompressobj()
    for chunk in chunks:
        for start in range(0, len(chunk), _ZSTD_FEED):
            data = chunk[start : start + _ZSTD_FEED]
            ratio.put_in(len(data))
            while data:
                if machine.eof:
                    machine = decompressor.decompressobj()
                try:
                    out = machine.decompress(data)
                except zstandard.ZstdError as why:
                    raise StreamBroken("the compressed data is damaged") from why
                data = machine.unused_data if machine.eof else b""
                if out:
                    ratio.check(len(out))
                    yield out
    if not machine.eof:
        raise StreamBroken("the compressed data ends early")


class Ratio:
    """Watches how much comes out for what goes in."""

    def __init__(self) -> None:
        self.bytes_in = 0
        self.bytes_out = 0

    def put_in(self, n_bytes: int) -> None:
        """Count bytes as stored."""
        self.bytes_in += n_bytes

    def check(self, n_bytes: int) -> None:
        """Count bytes that came out; raise ``StreamBroken`` beyond the cap."""
        self.bytes_out += n_bytes
        if self.bytes_out > RATIO_FREE and self.bytes_out > RATIO_CAP * self.bytes_in:
            raise StreamBroken(f"the data expands more than {RATIO_CAP} times: reading stopped here")


def _stored(path: Path, progress: Progress, size: int) -> Iterator[bytes]:
    total = path.stat().st_size
    done = 0
    with path.open("rb") as file:
        while chunk := file.read(size):
            yield chunk
            done += len(chunk)
            progress(done, total)
