"""Open a workspace: readers that cannot write, and one writer on its own thread that owns every change."""

import contextlib
import json
import os
import queue
import sqlite3
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import quote

from reviewer.errors import NewerWorkspace, StorageFull, WorkspaceBusy, WorkspaceError
from reviewer.model.clock import Clock, system_clock
from reviewer.workspace import backups, locking
from reviewer.workspace.layout import APPLICATION_ID, SCHEMA_VERSION

T = TypeVar("T")
BUSY_MS = 2000
LOG_ROOM = 4 << 20  # bytes of the log that are there beforehand while somebody codes: some 250 presses

FULL = {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_WRITE, sqlite3.SQLITE_IOERR_FSYNC}


@contextlib.contextmanager
def said_plainly(path: Path) -> Iterator[None]:
    """Turn what the machine did to us into sentences; what we did wrong stays a bug."""
    try:
        yield
    except sqlite3.DatabaseError as why:
        code = getattr(why, "sqlite_errorcode", None)
        primary = None if code is None else code & 0xFF
        if code in FULL or primary == sqlite3.SQLITE_FULL:
            raise StorageFull(
                f"{path.name} could not be written: {why}.", "Free some space and try again; nothing saved was lost."
            ) from why
        if primary == sqlite3.SQLITE_BUSY:
            raise WorkspaceBusy(
                f"{path.name} is being written by another program.", "Try again when it is done."
            ) from why
        if primary in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
            raise WorkspaceError(
                f"{path.name} is damaged: {why}.",
                f"The file was left as it is; a backup lies in {backups.folder(path).name}.",
            ) from why
        if primary in (sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM):
            raise WorkspaceError(
                f"{path.name} cannot be used: {why}.", "Check the folder and its permissions."
            ) from why
        raise


class Reader:
    """A read-only connection. Not for more than one thread at a time."""

    def __init__(self, path: Path) -> None:
        self.path = path
        with said_plainly(path):
            self.db = _connect_to_read(path)

    def close(self) -> None:
        """Close the connection."""
        self.db.close()

    def interrupt(self) -> None:
        """Stop the query that another thread is running here; it raises ``sqlite3.OperationalError``."""
        self.db.interrupt()


class Writer:
    """The connection that writes. A verb opens its one transaction with ``with writer.change():``."""

    def __init__(self, path: Path, db: sqlite3.Connection, clock: Clock) -> None:
        self.path = path
        self.db = db
        self.clock = clock

    @contextlib.contextmanager
    def change(self) -> Iterator[sqlite3.Connection]:
        """Run a block as one transaction: on disk when it ends, undone when it raises."""
        with said_plainly(self.path):
            self.db.execute("BEGIN IMMEDIATE")
            try:
                yield self.db
                self.db.execute("COMMIT")
            except BaseException:
                if self.db.in_transaction:
                    self.db.execute("ROLLBACK")
                raise


def keep_room(writer: Writer) -> None:
    """Give the log the length of many presses: one that grows makes the file system note its length at every wait.

    What stands behind the last frame of a log is skipped, in a crash too: zeros are no frame. Where it cannot be done,
    nothing is lost but that time.
    """
    log = writer.path.with_name(writer.path.name + "-wal")
    with contextlib.suppress(OSError), log.open("r+b") as file:
        missing = LOG_ROOM - file.seek(0, os.SEEK_END)
        if missing > 0:
            file.write(bytes(missing))
            file.flush()
            os.fsync(file.fileno())


class Workspace:
    """An open workspace: ``reader()`` gives connections that read, ``write`` runs a verb on the writer's thread."""

    def __init__(self, path: Path, clock: Clock = system_clock) -> None:
        path = path.resolve()  # two names of one file must mean one lock and one folder of backups
        self.path = path
        self.clock = clock
        _refuse_strangers(path)  # before anything is made beside it
        self._lock = locking.hold(path)
        try:
            with said_plainly(path):
                db = _connect_to_write(path)
                migrate(path, db, clock)
        except BaseException:
            self._lock.release()
            raise
        self.writer = Writer(path, db, clock)
        self._jobs: queue.SimpleQueue[tuple[Callable[..., Any], tuple[Any, ...], Future[Any]] | None] = (
            queue.SimpleQueue()
        )
        self._backup_due = backups.Schedule(path, clock)
        self._thread = threading.Thread(target=self._run, name="writer", daemon=True)
        self._thread.start()

    def reader(self) -> Reader:
        """Return a new read-only connection."""
        return Reader(self.path)

    def write(self, verb: Callable[..., T], *arguments: Any) -> "Future[T]":
        """Run ``verb(writer, *arguments)`` on the writer's thread; the future ends after the commit."""
        outcome: Future[T] = Future()
        self._jobs.put((verb, arguments, outcome))
        return outcome

    def close(self) -> None:
        """Finish what is queued, move the log into the file, and let go of it."""
        if self._thread.is_alive():
            self._jobs.put(None)
            self._thread.join()
        self._lock.release()

    def __enter__(self) -> "Workspace":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _run(self) -> None:
        while True:
            try:
                job = self._jobs.get(timeout=None if self._backup_due.idle else 1.0)
            except queue.Empty:
                self._rest()
                continue
            if job is None:
                break
            verb, arguments, outcome = job
            rows = self.writer.db.total_changes
            try:
                outcome.set_result(verb(self.writer, *arguments))
            except BaseException as why:  # carried to whoever waits for it
                outcome.set_exception(why)
            if self.writer.db.total_changes != rows:  # what only read, or made room, is no work to be backed up
                self._backup_due.changed()
        self._backup_due.wait()
        with contextlib.suppress(sqlite3.Error):
            self.writer.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        self.writer.db.close()

    def _rest(self) -> None:
        # One writer also means one checkpointer: SQLite below 3.51.3 can corrupt a file when two do it at once.
        with contextlib.suppress(sqlite3.Error):
            self.writer.db.execute("PRAGMA wal_checkpoint(PASSIVE)")
        self._backup_due.maybe()


def bring_up_to_date(path: Path) -> None:
    """Bring a file of an older schema to the current one, after a backup; leave any other as it is."""
    if 0 < _refuse_strangers(path) < SCHEMA_VERSION:
        Workspace(path).close()


def _connect_to_write(path: Path) -> sqlite3.Connection:
    db = sqlite3.connect(path, isolation_level=None, check_same_thread=False, cached_statements=256)
    db.execute(f"PRAGMA busy_timeout = {BUSY_MS}")
    journal = db.execute("PRAGMA journal_mode = WAL").fetchone()[0]
    if journal != "wal":  # a file system without shared memory
        db.execute("PRAGMA locking_mode = EXCLUSIVE")
    for pragma in ("synchronous = FULL", "foreign_keys = ON", "trusted_schema = OFF", "cell_size_check = ON",
                   "temp_store = MEMORY", "secure_delete = ON", "wal_autocheckpoint = 0", "mmap_size = 0",
                   "cache_size = -32768", "fullfsync = ON", "checkpoint_fullfsync = ON"):  # fmt: skip
        db.execute(f"PRAGMA {pragma}")
    return db


def _connect_to_read(path: Path) -> sqlite3.Connection:
    _refuse_strangers(path)
    address = f"file:{quote(os.fsencode(path.resolve()))}?mode=ro"
    try:
        db = sqlite3.connect(address, uri=True, isolation_level=None, check_same_thread=False, cached_statements=256)
        db.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    except sqlite3.OperationalError:
        if os.access(path.parent, os.W_OK) or path.with_name(path.name + "-wal").exists():
            raise
        # A read-only medium cannot hold the shared-memory file that WAL needs.
        db = sqlite3.connect(address + "&immutable=1", uri=True, isolation_level=None, check_same_thread=False)
    for pragma in (f"busy_timeout = {BUSY_MS}", "query_only = ON", "trusted_schema = OFF", "cell_size_check = ON",
                   "mmap_size = 0", "temp_store = MEMORY", "cache_size = -16384"):  # fmt: skip
        db.execute(f"PRAGMA {pragma}")
    return db


def _refuse_strangers(path: Path) -> int:
    """Return the schema of a file from its header alone; raise unless it is a workspace that this version can open."""
    try:
        with path.open("rb") as file:
            header = file.read(100)
    except FileNotFoundError as why:
        raise WorkspaceError(f"There is no workspace at {path}.", "Make one with: reviewer new FILE.review") from why
    except OSError as why:
        raise WorkspaceError(f"{path} cannot be read: {why.strerror}.", "Check its permissions.") from why
    if not header:
        raise WorkspaceError(f"{path.name} is empty and no workspace.", "Delete it, or choose another name.")
    if header[:16] != b"SQLite format 3\0" or int.from_bytes(header[68:72], "big") != APPLICATION_ID:
        raise WorkspaceError(
            f"{path.name} is not a workspace.", "Choose a file that ends in .review, or make a new one."
        )
    version = int.from_bytes(header[60:64], "big")
    if version > SCHEMA_VERSION:
        raise NewerWorkspace(
            f"{path.name} was written by a newer version: it needs schema {version}, this program knows {SCHEMA_VERSION}.",
            "Update Transcript Reviewer; the file was not changed.",
        )
    return version


def create(path: Path, begin: Callable[[Writer], None], clock: Clock = system_clock) -> None:
    """Make a new workspace with what ``begin`` writes into it, whole or not at all, readable by its owner alone.

    Raises:
        WorkspaceError: something is there already, or the folder cannot be written.
    """
    part = path.with_name(f".{path.name}.{os.urandom(6).hex()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        with said_plainly(path), contextlib.closing(_connect_to_write(part)) as db:
            migrate(part, db, clock)
            begin(Writer(part, db, clock))
        _put_in_place(part, path)
    except FileExistsError as why:
        raise WorkspaceError(f"{path} is there already.", "Choose another name, or open it.") from why
    except OSError as why:
        raise WorkspaceError(
            f"{path} cannot be made: {why.strerror}.", "Check the folder and its permissions."
        ) from why
    finally:
        for left in (part, *(part.with_name(part.name + end) for end in ("-wal", "-shm"))):
            left.unlink(missing_ok=True)


def _put_in_place(part: Path, path: Path) -> None:
    """Give a finished file its name, unless that is taken."""
    try:
        os.link(part, path)
    except FileExistsError:
        raise
    except OSError:  # a file system without links
        if path.exists():
            raise FileExistsError(path) from None
        part.rename(path)
    backups.sync_folder(path.parent)


def migrate(path: Path, db: sqlite3.Connection, clock: Clock) -> None:
    """Bring a file to the current schema, after a verified backup of what it holds."""
    version = db.execute("PRAGMA user_version").fetchone()[0]
    if version == SCHEMA_VERSION:
        return
    if version > 0:
        backups.take(path, clock(), "before-migration")
    with _without_pandas():
        from sqlite_utils import Database

        from reviewer.workspace.schema import migrations

    migrations.apply(Database(db))
    # Into the file itself, so that its header tells an older program the truth.
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")


@contextlib.contextmanager
def _without_pandas() -> Iterator[None]:
    """Hide pandas from sqlite-utils, which imports it where it finds it: half a second that no migration needs."""
    if "pandas" in sys.modules:
        yield
        return
    sys.modules["pandas"] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        del sys.modules["pandas"]


def read_meta(db: sqlite3.Connection, key: str, default: str = "") -> str:
    """Return one value of the workspace's own settings."""
    row = db.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
    return row[0] if row else default


def write_meta(db: sqlite3.Connection, **values: str) -> None:
    """Set values of the workspace's own settings."""
    db.executemany(
        "INSERT INTO meta VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value", values.items()
    )


def device_name() -> str:
    """Return the name under which this machine's events are ordered."""
    return locking.host_name()[:64] or "device"


def as_json(value: Any) -> str:
    """Return a value as JSON text for a column."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
