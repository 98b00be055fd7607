"""Crash reports: what happened, without any text of a trace."""

import os
import tempfile
import traceback
from datetime import UTC, datetime
from pathlib import Path

import platformdirs


def folder() -> Path:
    """Return where crash reports lie, or the temporary folder where that cannot be made."""
    place = Path(platformdirs.user_log_dir("transcript-reviewer"))
    try:
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError:
        return Path(tempfile.gettempdir())
    return place


def write_crash_report(why: BaseException) -> Path:
    """Write where a fault happened and return the file. Messages may quote data, so only types and places are kept."""
    lines = [f"{datetime.now(UTC).isoformat()} {type(why).__name__}"]
    lines += [f"  {Path(f.filename).name}:{f.lineno} {f.name}" for f in traceback.extract_tb(why.__traceback__)]
    path = folder() / f"crash-{datetime.now(UTC):%Y%m%dT%H%M%S}-{os.getpid()}.txt"
    try:
        descriptor = os.open(path, os.O_CREAT | os.O_WRONLY | os.O_APPEND, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write("\n".join(lines) + "\n")
    except OSError:
        return Path("(it could not be written)")
    return path
