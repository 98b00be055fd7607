"""What a file is, told by its bytes and its first values; its name only breaks ties."""

import re
from pathlib import Path

from reviewer.errors import BadInput
from reviewer.sources.jsontext import printable

PICKLE = re.compile(rb"\x80[\x02-\x05]")
_ZIP = b"PK\x03\x04"
_YAML_LINE = re.compile(rb"(?:---|%YAML|[A-Za-z_][\w .-]*:(?:\s|$)|- |#|!)")
_NEXT = "Traces come as JSON or JSONL (also .gz or .zst), as Inspect .eval logs, or as tables (CSV, Parquet)."

_FOREIGN: tuple[tuple[bytes, str], ...] = (
    (b"SQLite format 3\0", "is an SQLite database, which is no trace format"),
    (b"\x93NUMPY", "is a NumPy array, which is no trace format"),
    (b"%PDF", "is a PDF document, which is no trace format"),
    (b"\x7fELF", "is a program, which is no trace format"),
    (b"\x89PNG", "is an image, which is no trace format"),
    (b"BZh", "is packed with bzip2; gzip and zstd are read"),
    (b"\xfd7zXZ\0", "is packed with xz; gzip and zstd are read"),
)


def check_file(path: Path) -> None:
    """Raise ``BadInput`` if a path is no file that can be opened."""
    name = printable(path.name)
    if path.is_dir():
        raise BadInput(f"{name} is a folder, not a file.")
    try:
        with path.open("rb"):
            pass
    except OSError as why:
        raise BadInput(f"{name} cannot be opened: {why.strerror or why}.") from why


def is_archive(path: Path) -> bool:
    """Return whether a file is a zip archive, by its first bytes."""
    with path.open("rb") as file:
        return file.read(4) in (_ZIP, b"PK\x05\x06")


def refuse_foreign(name: str, head: bytes) -> None:
    """Raise ``BadInput`` with one sentence if the first bytes (unpacked) are of a format that holds no traces."""
    for magic, what in _FOREIGN:
        if head.startswith(magic):
            raise BadInput(f"{name} {what}.", _NEXT)
    if PICKLE.match(head):
        raise BadInput(f"{name} is a pickle, not JSONL. It was not opened: a pickle can run any program.", _NEXT)


def refuse_text(name: str, head: bytes) -> None:
    """Raise ``BadInput`` for a text in which no JSON value was found: say what it seems to be."""
    said = head.lstrip()
    if not said:
        raise BadInput(f"no records found in {name}: the file is empty.", _NEXT)
    suffix = Path(name).suffix.lower()
    if suffix in (".yaml", ".yml") or (said[:1] not in b"{[" and _YAML_LINE.match(said)):
        raise BadInput(f"{name} is YAML, which is no trace format. It was not parsed.", _NEXT)
    if suffix in (".csv", ".tsv"):
        raise BadInput(f"{name} has no header line that names at least two columns.", _NEXT)
    if b"\0" in head[:4096]:
        raise BadInput(f"{name} is no text: it holds neither JSON nor JSONL.", _NEXT)
    if said[:1] not in b'{["':
        raise BadInput(f"no records found in {name}: it is not JSON or JSONL.", _NEXT)


def nothing_known(name: str, keys: str) -> BadInput:
    """Return the error for JSON in which nothing looks like a trace."""
    return BadInput(f"no traces found in {name}: {keys}.", "Name its format if you know it.")
