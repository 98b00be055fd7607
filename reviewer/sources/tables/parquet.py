"""Parquet: rows in small batches, with a limit on what they unpack to. Needs the extra ``parquet``."""

import base64
from collections.abc import Iterator
from datetime import date, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from reviewer.errors import BadInput
from reviewer.sources.records import Progress, Value

MAGIC = b"PAR1"
BATCH_ROWS = 64
UNPACKED_RATIO = 200
"""Bytes of text for a stored byte, beyond which a file counts as a bomb. The first ``UNPACKED_FREE`` are free."""
UNPACKED_FREE = 16 * 1024 * 1024


def is_parquet(path: Path) -> bool:
    """Return whether a file is Parquet, by its first bytes."""
    with path.open("rb") as file:
        return file.read(4) == MAGIC


def header(path: Path, name: str) -> tuple[str, ...]:
    """Return the names of the columns.

    Raises:
        BadInput: the file cannot be read as Parquet, or pyarrow is not installed.
    """
    return tuple(_opened(path, name).schema_arrow.names)


def rows(path: Path, name: str, progress: Progress) -> Iterator[Value]:
    """Yield the rows as objects, numbered from 1 as ``row N``.

    Raises:
        BadInput: a part cannot be read, or what is read grows beyond the limit; rows before it were given.
    """
    import pyarrow

    table = _opened(path, name)
    stored, unpacked, number = path.stat().st_size, 0, 0
    total = max(table.metadata.num_rows, 1)
    try:
        for batch in table.iter_batches(batch_size=BATCH_ROWS, use_threads=False):
            unpacked += batch.nbytes
            if unpacked > UNPACKED_FREE and unpacked > UNPACKED_RATIO * stored:
                raise BadInput(
                    f"{name} unpacks to more than {UNPACKED_RATIO} times its size: reading stopped after row {number}.",
                    "If you trust it, write it as JSONL.",
                )
            for row in batch.to_pylist():
                number += 1
                yield Value({name: _plain(cell) for name, cell in row.items()}, None, f"row {number}")
            progress(stored * min(number, total) // total, stored)
    except (pyarrow.ArrowException, OSError, ValueError, MemoryError) as why:
        raise BadInput(f"{name} is damaged after row {number}: {_first_line(why)}.") from why


def _plain(value: Any) -> Any:
    """Return a cell as JSON could say it: moments in ISO, spans of time in milliseconds, bytes as text or base64."""
    if value is None or isinstance(value, (str, int, float)):
        return value
    if isinstance(value, list):
        if value and all(isinstance(one, tuple) and len(one) == 2 for one in value):
            return {str(key): _plain(one) for key, one in value}  # pyarrow gives a map as its pairs
        return [_plain(one) for one in value]
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, timedelta):
        return value / timedelta(milliseconds=1)
    if isinstance(value, (date, time)):
        return value.isoformat()
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, bytes):
        try:
            return value.decode("utf-8")
        except UnicodeDecodeError:
            return base64.b64encode(value).decode()
    return str(value)


def _opened(path: Path, name: str) -> Any:
    try:
        import pyarrow
        from pyarrow.parquet import ParquetFile
    except ImportError as why:
        raise BadInput(
            f"{name} is a Parquet table, and the library that reads it is not installed.",
            "Install transcript-reviewer[parquet].",
        ) from why
    try:
        return ParquetFile(path, memory_map=False, page_checksum_verification=True)
    except (pyarrow.ArrowException, OSError, ValueError) as why:
        raise BadInput(f"{name} cannot be read as Parquet: {_first_line(why)}.") from why


def _first_line(why: BaseException) -> str:
    return (str(why).splitlines() or [type(why).__name__])[0].rstrip(".")
