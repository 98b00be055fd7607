"""The file: private, whole, one writer, never from the future."""

import os
import shutil
import sqlite3
import stat
import subprocess
import sys
import tempfile
from collections.abc import Callable
from concurrent.futures import wait
from pathlib import Path

import pytest

from reviewer.errors import NewerWorkspace, WorkspaceBusy, WorkspaceError
from reviewer.verbs import opening
from reviewer.workspace import backups
from reviewer.workspace.file import LOG_ROOM, Reader, Workspace, Writer, create, keep_room
from reviewer.workspace.layout import APPLICATION_ID, SCHEMA_VERSION
from tests.builders import a_trace, a_workspace, put


def test_everything_that_is_made_is_for_its_owner_alone(tmp_path: Path) -> None:
    workspace = a_workspace(tmp_path, 2)
    backups.take(workspace.path, workspace.clock())
    for path in tmp_path.rglob("*"):
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path
    workspace.close()


def test_the_header_says_whose_and_which_version(tmp_path: Path) -> None:
    a_workspace(tmp_path).close()
    header = (tmp_path / "test.review").read_bytes()[:100]
    assert int.from_bytes(header[68:72], "big") == APPLICATION_ID
    assert int.from_bytes(header[60:64], "big") == SCHEMA_VERSION


def test_writes_are_durable_at_commit(tmp_path: Path) -> None:
    with a_workspace(tmp_path) as workspace:
        modes = workspace.write(
            lambda writer: [writer.db.execute(f"PRAGMA {p}").fetchone()[0] for p in ("journal_mode", "synchronous")]
        )
        assert modes.result() == ["wal", 2]


@pytest.mark.parametrize("written", [0, 3])
def test_room_in_the_log_costs_no_write_before_or_after_it(tmp_path: Path, written: int) -> None:
    """As after a crash: the file and its log are copied while they are open, and read elsewhere."""
    (tmp_path / "after").mkdir()
    with a_workspace(tmp_path) as workspace:
        log = workspace.path.with_name("test.review-wal")
        if written:
            put(workspace, [a_trace(n + 1) for n in range(written)])
        workspace.write(keep_room).result()
        assert log.stat().st_size >= LOG_ROOM
        put(workspace, [a_trace(written + 1)])
        assert log.stat().st_size == LOG_ROOM  # what was written is within the room
        for name in ("test.review", "test.review-wal"):
            shutil.copy(tmp_path / name, tmp_path / "after" / name)
    assert not log.exists()
    with Workspace(tmp_path / "after" / "test.review") as after:
        reader = after.reader()
        assert reader.db.execute("SELECT count(*) FROM trace").fetchone() == (written + 1,)
        assert reader.db.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_a_newer_file_is_refused_and_not_a_byte_changes(tmp_path: Path) -> None:
    a_workspace(tmp_path, 1).close()
    path = tmp_path / "test.review"
    with sqlite3.connect(path) as db:
        db.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
    db.close()
    before, listed = path.read_bytes(), set(tmp_path.iterdir())
    for attempt in (Reader, Workspace):
        with pytest.raises(NewerWorkspace, match=str(SCHEMA_VERSION + 1)):
            attempt(path)
    assert path.read_bytes() == before
    assert set(tmp_path.iterdir()) == listed


@pytest.mark.parametrize("content", [b"hello, this is no database at all", b"SQLite format 3\0" + b"\0" * 200])
def test_another_kind_of_file_is_refused_and_left_alone(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "other.review"
    path.write_bytes(content)
    with pytest.raises(WorkspaceError, match="not a workspace"):
        Workspace(path)
    assert path.read_bytes() == content


def test_an_empty_file_is_no_workspace(tmp_path: Path) -> None:
    path = tmp_path / "empty.review"
    path.touch()
    for attempt in (Reader, Workspace):
        with pytest.raises(WorkspaceError, match="is empty"):
            attempt(path)
    assert path.stat().st_size == 0
    assert list(tmp_path.iterdir()) == [path]


def test_a_link_and_its_target_are_one_workspace(tmp_path: Path) -> None:
    workspace = a_workspace(tmp_path, 1)
    (tmp_path / "elsewhere").mkdir()
    link = tmp_path / "elsewhere" / "link.review"
    link.symlink_to(workspace.path)
    with pytest.raises(WorkspaceBusy):
        Workspace(link)
    workspace.close()
    with Workspace(link) as opened:
        taken = backups.take(opened.path, opened.clock())
    assert taken.parent == backups.folder(tmp_path / "test.review")


def test_a_missing_file_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(WorkspaceError, match="reviewer new"):
        Reader(tmp_path / "none.review")


def test_a_workspace_appears_whole_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "new.review"

    def killed(writer: Writer) -> None:
        assert not path.exists()
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        create(path, killed)
    assert list(tmp_path.iterdir()) == []
    opening.new(path).close()
    assert {p.name for p in tmp_path.iterdir()} == {"new.review", "new.review.lock"}
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert opening.check(path).faults == ()


def test_making_one_never_overwrites(tmp_path: Path) -> None:
    a_workspace(tmp_path, 1).close()
    with pytest.raises(WorkspaceError, match="there already"):
        opening.new(tmp_path / "test.review")
    with Workspace(tmp_path / "test.review") as workspace:
        assert workspace.reader().db.execute("SELECT count(*) FROM trace").fetchone() == (1,)


def test_a_second_writer_is_told_who_holds_it(tmp_path: Path) -> None:
    with a_workspace(tmp_path) as workspace, pytest.raises(WorkspaceBusy, match=f"process {os.getpid()}"):
        Workspace(workspace.path)


def test_the_lock_dies_with_its_process(tmp_path: Path) -> None:
    a_workspace(tmp_path).close()
    code = f"import os; from pathlib import Path; from reviewer.workspace.file import Workspace; Workspace(Path({str(tmp_path / 'test.review')!r})); os._exit(9)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 9
    Workspace(tmp_path / "test.review").close()


def test_a_reader_cannot_write(tmp_path: Path) -> None:
    with a_workspace(tmp_path) as workspace, pytest.raises(sqlite3.OperationalError):
        workspace.reader().db.execute("DELETE FROM trace")


def test_a_failed_verb_leaves_nothing_and_reports_itself(tmp_path: Path) -> None:
    def half(writer: Writer) -> None:
        with writer.change() as db:
            db.execute("INSERT INTO meta VALUES ('half', 'x')")
            raise RuntimeError("in the middle")

    with a_workspace(tmp_path) as workspace:
        outcome = workspace.write(half)
        wait([outcome])
        assert isinstance(outcome.exception(), RuntimeError)
        assert workspace.reader().db.execute("SELECT * FROM meta WHERE key = 'half'").fetchone() is None
        put(workspace, [a_trace(1)])  # the writer goes on


def test_a_read_only_folder_can_still_be_read() -> None:
    folder = Path(tempfile.mkdtemp())
    try:
        a_workspace(folder, 3).close()
        (folder / "test.review").chmod(0o444)
        folder.chmod(0o555)
        assert _as_nobody(lambda: _count(folder / "test.review")) == 3
    finally:
        folder.chmod(0o700)
        shutil.rmtree(folder)


def _count(path: Path) -> int:
    reader = Reader(path)
    try:
        return int(reader.db.execute("SELECT count(*) FROM trace").fetchone()[0])
    finally:
        reader.close()


def _as_nobody(question: Callable[[], int]) -> int:
    """Answer in a child without root's rights, which no file mode binds; 99 when it failed."""
    if os.geteuid() != 0:
        return question()
    child = os.fork()
    if child == 0:
        answer = 99
        try:
            os.setuid(65534)
            answer = question()
        finally:
            os._exit(answer)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def test_a_damaged_file_is_named_and_kept(tmp_path: Path) -> None:
    a_workspace(tmp_path, 5).close()
    path = tmp_path / "test.review"
    content = bytearray(path.read_bytes())
    content[5000:30000] = b"\xff" * 25000
    path.write_bytes(content)
    with pytest.raises(WorkspaceError, match="damaged"):
        Workspace(path).write(lambda writer: _touch_all(writer)).result()
    assert path.read_bytes() == bytes(content)


def _touch_all(writer: Writer) -> None:
    with writer.change() as db:
        for (name,) in db.execute(
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'"
        ).fetchall():
            db.execute(f"SELECT * FROM {name}").fetchall()
