"""Members of a zip archive as bounded streams: nothing is extracted, no name is trusted, no declared size believed."""

import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from reviewer.errors import BadInput
from reviewer.sources.jsontext import printable
from reviewer.sources.records import Progress
from reviewer.sources.unwrapping import CHUNK, RATIO_CAP, RATIO_FREE, StreamBroken, inflated, unzstd

MEMBER_CAP = 64 * 1024 * 1024
"""Bytes of one member, unpacked."""
MEMBERS_CAP = 100_000

_LOCAL_HEADER = struct.Struct("<4s5H3L2H")
_STORED, _DEFLATED, _ZSTD = 0, 8, 93
_ENCRYPTED = 1


@dataclass(frozen=True, slots=True)
class Member:
    """One entry of the archive's directory. ``refused`` says why it is not read, where that is known beforehand."""

    name: str
    size: int
    packed: int
    method: int
    offset: int
    crc: int
    refused: str | None = None


class Archive:
    """A zip file, opened for its members."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.name = printable(path.name)
        self.total = path.stat().st_size
        try:
            with zipfile.ZipFile(path) as opened:
                entries = opened.infolist()
        except (zipfile.BadZipFile, ValueError, NotImplementedError, struct.error, UnicodeError) as why:
            raise BadInput(f"{self.name} is a damaged zip archive.", "Copy or download it again.") from why
        if len(entries) > MEMBERS_CAP:
            raise BadInput(f"{self.name} holds {len(entries):,} members; at most {MEMBERS_CAP:,} are read.")
        names: dict[str, int] = {}
        for entry in entries:
            names[entry.filename] = names.get(entry.filename, 0) + 1
        self.members = [_member(entry, names[entry.filename]) for entry in entries if not entry.is_dir()]
        self._done = 0

    def named(self, name: str) -> Member | None:
        """Return the first member of that name."""
        return next((member for member in self.members if member.name == name), None)

    def chunks(self, member: Member, progress: Progress) -> Iterator[bytes]:
        """Yield a member's bytes; raise ``StreamBroken`` where they are not what the archive says, or too many."""
        if member.refused:
            raise StreamBroken(member.refused)
        crc = size = 0
        for chunk in self._unpacked(member):
            size += len(chunk)
            if size > min(MEMBER_CAP, member.size):
                raise StreamBroken("the member holds more bytes than the archive says")
            crc = zlib.crc32(chunk, crc)
            yield chunk
        if size != member.size or crc != member.crc:
            raise StreamBroken("the member's data is damaged: its checksum does not fit")
        self._done += member.packed
        progress(min(self._done, self.total), self.total)

    def read(self, member: Member, progress: Progress) -> bytes:
        """Return a member's bytes whole, checked."""
        return b"".join(self.chunks(member, progress))

    def _unpacked(self, member: Member) -> Iterator[bytes]:
        packed = self._packed(member)
        if member.method == _DEFLATED:
            return inflated(packed, -15)
        return unzstd(packed) if member.method == _ZSTD else packed

    def _packed(self, member: Member) -> Iterator[bytes]:
        with self.path.open("rb") as file:
            file.seek(member.offset)
            head = file.read(_LOCAL_HEADER.size)
            if len(head) < _LOCAL_HEADER.size or not head.startswith(b"PK\x03\x04"):
                raise StreamBroken("the member is not where the archive says")
            *_, name_length, extra_length = _LOCAL_HEADER.unpack(head)
            file.seek(name_length + extra_length, 1)
            left = member.packed
            while left > 0 and (chunk := file.read(min(CHUNK, left))):
                left -= len(chunk)
                yield chunk


def _member(entry: zipfile.ZipInfo, times: int) -> Member:
    refused = None
    if times > 1:
        refused = f"its name stands {times} times in the archive, and readers disagree which one counts: none was read"
    elif has_odd_name(entry.filename):
        refused = "its name points outside the archive"
    elif entry.flag_bits & _ENCRYPTED:
        refused = "it is encrypted"
    elif entry.compress_type not in (_STORED, _DEFLATED, _ZSTD):
        refused = f"it is packed by method {entry.compress_type}, which is not read"
    elif entry.file_size > MEMBER_CAP:
        refused = f"it is larger than {MEMBER_CAP // 1024 // 1024} MB"
    elif entry.file_size > RATIO_FREE and entry.file_size > RATIO_CAP * entry.compress_size:
        refused = f"it expands more than {RATIO_CAP} times"
    elif stat.S_ISLNK(entry.external_attr >> 16):
        refused = "it is a symbolic link"
    return Member(
        entry.filename,
        entry.file_size,
        entry.compress_size,
        entry.compress_type,
        entry.header_offset,
        entry.CRC,
        refused,
    )


def has_odd_name(name: str) -> bool:
    """Return whether a member's name would lead out of a folder, on any system."""
    path = PurePosixPath(name.replace("\\", "/"))
    return path.is_absolute() or ".." in path.parts or ":" in (path.parts[0] if path.parts else "") or "\0" in name
