"""Writing a folder whole or not at all, under a name that every system takes."""

import contextlib
import ctypes
import hashlib
import json
import os
import re
import secrets
import shutil
import sys
import time
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from reviewer.errors import Expected, UsageError

MANIFEST = "manifest.json"
MADE_BY = "transcript-reviewer"
PART = ".part"
ABANDONED_SECONDS = 24 * 3600.0
NAME_BYTES = 100
_HERE = -100  # AT_FDCWD
_RENAME_EXCHANGE = 2
RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class WrittenFile:
    """One file of an export: its path inside the folder with forward slashes, its size, hash and rows."""

    path: str
    size: int
    sha256: str
    rows: int | None = None


@dataclass(slots=True)
class LineFile:
    """A file that is written line by line, hashed on the way."""

    path: str
    stream: BinaryIO
    size: int = 0
    rows: int = 0
    digest: "hashlib._Hash" = field(default_factory=hashlib.sha256)

    def head(self, line: bytes) -> None:
        """Add a line that is no row: the names of the columns."""
        self.stream.write(line)
        self.digest.update(line)
        self.size += len(line)

    def write(self, row: bytes) -> None:
        """Add one row."""
        self.head(row)
        self.rows += 1


@dataclass(slots=True)
class Folder:
    """A folder in the making; its files are listed in the order in which they were finished."""

    root: Path
    files: list[WrittenFile] = field(default_factory=list)

    def add(self, path: str, content: bytes) -> None:
        """Write one whole file."""
        with self._opened(path) as stream:
            stream.write(content)
        self.files.append(WrittenFile(path, len(content), hashlib.sha256(content).hexdigest()))

    @contextmanager
    def lines(self, path: str) -> Iterator[LineFile]:
        """Open a file that takes rows."""
        with self._opened(path) as stream:
            made = LineFile(path, stream)
            yield made
        self.files.append(WrittenFile(path, made.size, made.digest.hexdigest(), made.rows))

    def adopt(self, path: str, rows: int) -> None:
        """List a file that another library wrote into the folder, and have it on the disk."""
        (self.root / path).chmod(0o600)
        with (self.root / path).open("rb+") as stream:
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
            os.fsync(stream.fileno())
        self.files.append(WrittenFile(path, (self.root / path).stat().st_size, digest, rows))

    def place(self, path: str) -> Path:
        """Return where a file of the folder is to be, its folder made."""
        target = self.root / path
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        return target

    @contextmanager
    def _opened(self, path: str) -> Iterator[BinaryIO]:
        with open(self.place(path), "xb", opener=_private) as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())


def _private(path: str, flags: int) -> int:
    """Open a new file for its owner alone: what leaves holds conversations."""
    return os.open(path, flags, 0o600)


@contextmanager
def whole_folder(out: Path) -> Iterator[Folder]:
    """Give a folder to fill; it appears at ``out`` when all went well, and leaves no trace otherwise.

    A folder that an earlier export made is replaced; so is an empty one.

    Raises:
        UsageError: something else stands there.
        Expected: the place cannot be written.
    """
    out = out.absolute().resolve()
    _check_replaceable(out)
    part = out.with_name(f".{MADE_BY}-{secrets.token_hex(6)}{PART}")
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        _sweep(out.parent)
        part.mkdir(mode=0o700)
        folder = Folder(part)
        yield folder
        for inner in sorted({path.parent for path in part.rglob("*")} | {part}):
            _sync(inner)
        _check_replaceable(out)
        _put(part, out)
    except OSError as why:
        reason = why.strerror or why
        raise Expected(f"The folder {out} could not be written: {reason}.", "Choose another place.") from why
    finally:
        shutil.rmtree(part, ignore_errors=True)


def write_file(out: Path, content: bytes) -> None:
    """Write one file whole or not at all; a file that stands there is replaced.

    Raises:
        Expected: the place cannot be written.
    """
    out = out.absolute().resolve()
    part = out.with_name(f".{MADE_BY}-{secrets.token_hex(6)}{PART}")
    try:
        with open(part, "xb", opener=_private) as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        part.replace(out)
        _sync(out.parent)
    except OSError as why:
        part.unlink(missing_ok=True)
        reason = why.strerror or why
        raise Expected(f"The file {out} could not be written: {reason}.", "Choose another place.") from why


def _check_replaceable(out: Path) -> None:
    if not out.exists():
        return
    if not out.is_dir():
        raise UsageError(f"{out} is a file, not a folder.", "Choose another name.")
    if any(out.iterdir()) and not _is_ours(out):
        raise UsageError(f"{out} holds other files.", "Choose an empty or a new folder.")


def _is_ours(folder: Path) -> bool:
    try:
        manifest = json.loads((folder / MANIFEST).read_bytes())
    except (OSError, ValueError, RecursionError):
        return False
    return isinstance(manifest, dict) and manifest.get("made_by") == MADE_BY


def _put(part: Path, out: Path) -> None:
    """Move the finished folder to its place; what stood there is then at ``part`` or gone."""
    if not out.exists():
        part.rename(out)
    elif not _exchange(part, out):
        aside = out.with_name(f".{MADE_BY}-{secrets.token_hex(6)}{PART}")
        out.rename(aside)
        try:
            part.rename(out)
        except OSError:
            aside.rename(out)
            raise
        shutil.rmtree(aside, ignore_errors=True)
    _sync(out.parent)


def _exchange(one: Path, other: Path) -> bool:
    """Swap two folders in one step, so that a kill leaves the old one or the new one; False where that is unknown.

    Linux has the call (renameat2 with RENAME_EXCHANGE), Python does not offer it.
    """
    call = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None) if sys.platform == "linux" else None
    if call is None:
        return False
    return bool(call(_HERE, os.fsencode(one), _HERE, os.fsencode(other), _RENAME_EXCHANGE) == 0)


def _sweep(folder: Path) -> None:
    """Delete what exports that were killed left in a folder; a younger one may still be at work."""
    for left in folder.glob(f".{MADE_BY}-*{PART}"):
        with contextlib.suppress(OSError):
            if time.time() - left.stat().st_mtime > ABANDONED_SECONDS:
                shutil.rmtree(left) if left.is_dir() else left.unlink()


def _sync(folder: Path) -> None:
    """Have a folder's entries on the disk; systems that cannot open folders keep them safe by themselves."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def safe_name(text: str) -> str:
    """Return a file name for any text: at most 100 bytes, valid on every system, distinct for distinct texts.

    The readable part is followed by eight hex digits of the text's hash.
    """
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    plain = unicodedata.normalize("NFKC", text)
    slug = re.sub(r"[^\w]+", "-", plain, flags=re.ASCII if plain.isascii() else 0).strip("-_")
    slug = slug.encode("utf-8", "ignore")[: NAME_BYTES - 9].decode("utf-8", "ignore").strip("-_")
    if not slug or RESERVED.fullmatch(slug):
        slug = "set"
    return f"{slug}-{digest}"
