"""Compressed and encoded files: unwrapped by their bytes, in bounds, and honest where they break."""

import gzip
import zlib
from pathlib import Path

import pytest
import zstandard

from reviewer.sources.unwrapping import StreamBroken, file_chunks

TEXT = b'{"id": "a"}\n' * 2000


def unwrapped(path: Path) -> bytes:
    return b"".join(file_chunks(path, lambda done, total: None))


@pytest.mark.parametrize(
    "stored",
    [
        TEXT,
        b"\xef\xbb\xbf" + TEXT,
        gzip.compress(TEXT),
        gzip.compress(TEXT[:12]) + gzip.compress(TEXT[12:]),
        gzip.compress(TEXT) + b"\0" * 512,
        zstandard.compress(TEXT),
        zstandard.compress(TEXT[:12]) + zstandard.compress(TEXT[12:]),
        TEXT.decode().encode("utf-16"),
        TEXT.decode().encode("utf-16-le"),
        TEXT.decode().encode("utf-16-be"),
        gzip.compress(TEXT.decode().encode("utf-16")),
    ],
    ids=str.split(
        "text marked gzip gzips gzip-padded zstd zstds utf-16 utf-16-le utf-16-be gzip-utf-16"
    ),  # no clock in them
)
def test_the_text_comes_out_whatever_holds_it(tmp_path: Path, stored: bytes) -> None:
    path = tmp_path / "file"
    path.write_bytes(stored)
    assert unwrapped(path) == TEXT


@pytest.mark.parametrize("packed", [gzip.compress(TEXT), zstandard.compress(TEXT)], ids=["gzip", "zstd"])
def test_a_cut_file_gives_what_is_whole_and_then_says_so(tmp_path: Path, packed: bytes) -> None:
    path = tmp_path / "file"
    path.write_bytes(packed[:-6])
    with pytest.raises(StreamBroken, match="ends early"):
        unwrapped(path)


def test_damaged_data_says_so(tmp_path: Path) -> None:
    packed = bytearray(gzip.compress(TEXT))
    packed[20] ^= 0xFF
    path = tmp_path / "file"
    path.write_bytes(packed)
    with pytest.raises(StreamBroken):
        unwrapped(path)


@pytest.mark.parametrize("packer", [gzip.compress, zstandard.compress])
def test_a_bomb_stops_long_before_it_is_unpacked(tmp_path: Path, packer: object) -> None:
    path = tmp_path / "bomb"
    path.write_bytes(packer(b"x" * 60_000_000))  # type: ignore[operator]
    size = 0
    with pytest.raises(StreamBroken, match="more than 200 times"):
        for chunk in file_chunks(path, lambda done, total: None):
            size += len(chunk)
    assert size < 32_000_000


def test_utf16_that_is_none_is_one_clear_error(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"\xff\xfe" + b"\x00\xd8" + b"a\0")
    with pytest.raises(StreamBroken, match="not UTF-8"):
        unwrapped(path)


def test_progress_ends_at_the_size_as_stored(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(gzip.compress(bytes(range(256)) * 8000, 0))
    told: list[tuple[int, int]] = []
    for _ in file_chunks(path, lambda done, total: told.append((done, total))):
        pass
    size = path.stat().st_size
    assert told[-1] == (size, size) and len(told) >= size // 262_144
    assert [done for done, _ in told] == sorted(done for done, _ in told)


def test_deflate_bombs_of_many_members_are_counted_together(tmp_path: Path) -> None:
    one = zlib.compressobj(9, zlib.DEFLATED, 31)
    member = one.compress(b"y" * 3_000_000) + one.flush()
    path = tmp_path / "bomb"
    path.write_bytes(member * 10)
    with pytest.raises(StreamBroken, match="200 times"):
        unwrapped(path)
