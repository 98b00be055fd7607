"""Members of zip archives, read in bounds and never believed."""

import struct
import warnings
import zipfile
from pathlib import Path

import pytest
import zstandard

from reviewer.errors import BadInput
from reviewer.sources.archives import Archive, has_odd_name
from reviewer.sources.unwrapping import StreamBroken


def unseen(done: int, total: int) -> None:
    pass


def read(archive: Archive, name: str) -> bytes:
    member = archive.named(name)
    assert member is not None
    return archive.read(member, unseen)


def zstd_archive(path: Path, name: str, data: bytes) -> None:
    """Write a zip whose one member is packed by method 93, as newer writers do."""
    packed = zstandard.compress(data)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr(name, packed)
        info = archive.getinfo(name)
        crc, size = zipfile.crc32(data), len(data)  # type: ignore[attr-defined]
    raw = bytearray(path.read_bytes())
    central = raw.index(b"PK\x01\x02")
    for at, offset in ((0, 8), (central, 10)):
        struct.pack_into("<H", raw, at + offset, 93)
        struct.pack_into("<L", raw, at + offset + 6, crc)
        struct.pack_into("<L", raw, at + offset + 14, size)
    assert info.file_size == len(packed)
    path.write_bytes(raw)


def test_stored_deflated_and_zstd_members_read_alike(tmp_path: Path) -> None:
    data = b'{"id": 1}' * 300
    path = tmp_path / "a.eval"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("stored.json", data, zipfile.ZIP_STORED)
        archive.writestr("deflated.json", data, zipfile.ZIP_DEFLATED)
    opened = Archive(path)
    assert read(opened, "stored.json") == read(opened, "deflated.json") == data
    zstd_archive(tmp_path / "z.eval", "z.json", data)
    assert read(Archive(tmp_path / "z.eval"), "z.json") == data


def test_a_name_that_stands_twice_is_refused_both_times(tmp_path: Path) -> None:
    path = tmp_path / "a.eval"
    with zipfile.ZipFile(path, "w") as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        archive.writestr("x.json", "1")
        archive.writestr("x.json", "2")
    assert [m.refused is not None for m in Archive(path).members] == [True, True]
    with pytest.raises(StreamBroken, match="stands 2 times"):
        read(Archive(path), "x.json")


def test_an_expanding_member_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.eval"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("x.json", b"x" * 20_000_000)
    with pytest.raises(StreamBroken, match="200 times"):
        read(Archive(path), "x.json")


def test_a_checksum_that_does_not_fit_is_told(tmp_path: Path) -> None:
    path = tmp_path / "a.eval"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("x.json", b"hello hello")
    path.write_bytes(path.read_bytes().replace(b"hello hello", b"hello jello"))
    with pytest.raises(StreamBroken, match="checksum"):
        read(Archive(path), "x.json")


def test_a_zip_that_is_none_is_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / "a.eval"
    path.write_bytes(b"PK\x03\x04" + b"\0" * 50)
    with pytest.raises(BadInput, match=r"a\.eval is a damaged zip archive"):
        Archive(path)


@pytest.mark.parametrize("name", ["../x", "/etc/x", "a/../../x", "C:\\x", "a\\..\\..\\x", "..\\x"])
def test_names_that_lead_out_are_odd(name: str) -> None:
    assert has_odd_name(name)
    assert not has_odd_name("samples/1_epoch_1.json")
