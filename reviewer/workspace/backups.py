"""Verified copies of a workspace beside it, in ``NAME.review.backups/``: taken while working, thinned with age."""

import contextlib
import os
import re
import sqlite3
import threading
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import quote

from reviewer.errors import WorkspaceError
from reviewer.model.clock import EPOCH, Clock

INTERVAL_US = 30 * 60 * 1_000_000
STAMP = re.compile(r"(\d{8}T\d{6}Z)")
KEEP_ALL = timedelta(days=2)
KEEP_DAYS, KEEP_WEEKS, KEEP_MONTHS = 12, 10, 9


def folder(path: Path) -> Path:
    """Return where the backups of a workspace lie."""
    return path.with_name(path.name + ".backups")


def existing(path: Path) -> list[Path]:
    """Return the backups of a workspace, oldest first."""
    return sorted(p for p in folder(path).glob("*.review") if STAMP.search(p.name))


def take(path: Path, now_us: int, why: str = "") -> Path:
    """Copy a workspace into its backup folder, check the copy, thin the older ones, and return the copy."""
    place = folder(path)
    place.mkdir(mode=0o700, exist_ok=True)
    stamp = (EPOCH + timedelta(microseconds=now_us)).strftime("%Y%m%dT%H%M%SZ")
    target = place / f"{path.stem}-{stamp}{'-' + why if why else ''}.review"
    copy(path, target)
    for old in outdated(existing(path), keep=target):
        old.unlink(missing_ok=True)
    return target


def copy(path: Path, target: Path) -> None:
    """Write a verified copy of a workspace, whole or not at all.

    Raises:
        WorkspaceError: the copy did not pass its check, or could not be written.
    """
    part = target.with_name(target.name + ".part")
    try:
        part.unlink(missing_ok=True)
        os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        with (
            contextlib.closing(
                sqlite3.connect(f"file:{quote(os.fsencode(path.resolve()))}?mode=ro", uri=True)
            ) as origin,
            contextlib.closing(sqlite3.connect(part)) as made,
        ):
            origin.backup(made, pages=2048, sleep=0)
            # The copy is one file: without this it would ask for a -wal of its own when opened.
            made.execute("PRAGMA journal_mode = DELETE")
            verdict = made.execute("PRAGMA integrity_check").fetchone()[0]
            if verdict != "ok" or _counts(made) is None:
                raise WorkspaceError(f"The backup {target.name} did not pass its check: {verdict}.")
        with part.open("rb") as file:
            os.fsync(file.fileno())
        part.replace(target)
        sync_folder(target.parent)
    except (OSError, sqlite3.Error) as why:
        part.unlink(missing_ok=True)
        raise WorkspaceError(
            f"The backup {target} could not be written: {why}.", "Check the folder and the space."
        ) from why


def _counts(db: sqlite3.Connection) -> tuple[int, int] | None:
    row = db.execute("SELECT (SELECT count(*) FROM trace), (SELECT count(*) FROM coding_event)").fetchone()
    return (row[0], row[1]) if row else None


def sync_folder(place: Path) -> None:
    """Have the entries of a folder on the disk."""
    with contextlib.suppress(OSError):  # not every system lets a folder be opened
        descriptor = os.open(place, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def outdated(backups: list[Path], keep: Path) -> list[Path]:
    """Return the backups that may go: all of two days stay, then one a day, a week, a month.

    Ages count from the newest backup's name, not from the clock, so that a wrong clock thins nothing away.
    """
    dated = sorted(((_stamp(p), p) for p in backups), reverse=True)
    if not dated:
        return []
    newest = dated[0][0]
    kept: set[Path] = {keep, dated[0][1]} | {p for at, p in dated if newest - at <= KEEP_ALL}
    for shape, limit in (("%Y-%j", KEEP_DAYS), ("%G-%V", KEEP_WEEKS), ("%Y-%m", KEEP_MONTHS)):
        newest_of: dict[str, Path] = {}
        for at, p in dated:
            newest_of.setdefault(at.strftime(shape), p)
        kept |= set(list(newest_of.values())[:limit])
    return [p for _, p in dated if p not in kept]


def _stamp(path: Path) -> datetime:
    found = STAMP.search(path.name)
    return datetime.fromisoformat(found.group(1)) if found else EPOCH


def _last(path: Path) -> int:
    """Return when the newest backup was taken, or when the file was made: short sessions add up to work too."""
    taken = existing(path)
    if taken:
        return int(_stamp(taken[-1]).timestamp() * 1e6)
    return int(path.stat().st_ctime * 1e6)


class Schedule:
    """Takes a backup at least every 30 minutes of work, on a thread of its own with a connection of its own."""

    def __init__(self, path: Path, clock: Clock) -> None:
        self.path = path
        self.clock = clock
        self.last_us = _last(path)
        self.dirty = False
        self.trouble: str | None = None
        self._thread: threading.Thread | None = None

    @property
    def idle(self) -> bool:
        """Whether nothing has changed since the last rest, so that the writer may sleep until it is asked."""
        return not self.dirty

    def changed(self) -> None:
        """Note that something was written; take the backup if it is due, even while the work goes on."""
        self.dirty = True
        if self.clock() - self.last_us >= INTERVAL_US:
            self._start()

    def maybe(self) -> None:
        """Take the backup if it is due."""
        if self.dirty and self.clock() - self.last_us >= INTERVAL_US:
            self._start()

    def _start(self) -> None:
        if self._thread is not None and self._thread.is_alive():
            return
        self.last_us = self.clock()
        self.dirty = False
        self._thread = threading.Thread(target=self._take, name="backup", daemon=True)
        self._thread.start()

    def _take(self) -> None:
        try:
            take(self.path, self.clock())
            self.trouble = None
        except WorkspaceError as why:
            self.trouble = str(why)

    def wait(self) -> None:
        """Let a backup that is being taken finish."""
        if self._thread is not None:
            self._thread.join()
