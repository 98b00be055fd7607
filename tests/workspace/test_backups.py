"""Backups: verified, taken while one works, thinned by age and never by a wrong clock."""

import contextlib
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from reviewer.errors import WorkspaceError
from reviewer.model.clock import system_clock
from reviewer.verbs import opening
from reviewer.workspace import backups, file
from reviewer.workspace.file import Workspace
from tests.builders import a_trace, a_workspace, put


def test_a_backup_opens_and_holds_everything(tmp_path: Path) -> None:
    with a_workspace(tmp_path, 4) as workspace:
        target = backups.take(workspace.path, workspace.clock())
    assert target.parent.name == "test.review.backups"
    result = opening.check(target)
    assert (result.traces, result.faults) == (4, ())


def test_work_of_half_an_hour_is_backed_up_by_itself(tmp_path: Path) -> None:
    now = [system_clock()]
    workspace = opening.new(tmp_path / "w.review", clock=lambda: now[0])
    put(workspace, [a_trace(1)])
    assert backups.existing(workspace.path) == []
    now[0] += backups.INTERVAL_US + 5_000_000
    put(workspace, [a_trace(2)])
    workspace.close()
    assert len(backups.existing(workspace.path)) == 1


def test_short_sessions_add_up(tmp_path: Path) -> None:
    now = [system_clock()]
    opening.new(tmp_path / "w.review", clock=lambda: now[0]).close()
    for _ in range(4):  # four sessions of ten minutes each
        now[0] += 10 * 60 * 1_000_000
        with Workspace(tmp_path / "w.review", clock=lambda: now[0]) as workspace:
            put(workspace, [a_trace(1)])
    assert len(backups.existing(tmp_path / "w.review")) == 1


def test_opening_and_making_room_is_no_work(tmp_path: Path) -> None:
    now = [system_clock()]
    opening.new(tmp_path / "w.review", clock=lambda: now[0]).close()
    now[0] += backups.INTERVAL_US + 5_000_000
    with Workspace(tmp_path / "w.review", clock=lambda: now[0]) as workspace:
        workspace.write(file.keep_room).result()
    assert backups.existing(tmp_path / "w.review") == []


def test_a_migration_is_preceded_by_a_backup(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    a_workspace(tmp_path, 1).close()
    path = tmp_path / "test.review"
    with contextlib.closing(sqlite3.connect(path)) as db:  # as an older version would have left it
        db.execute("CREATE TABLE old_only (x)")
    monkeypatch.setattr(file, "SCHEMA_VERSION", 11)
    Workspace(path).close()
    [copy] = backups.existing(path)
    assert "before-migration" in copy.name


def test_a_copy_that_cannot_be_written_leaves_nothing_behind(tmp_path: Path) -> None:
    with a_workspace(tmp_path, 1) as workspace, pytest.raises(WorkspaceError):
        backups.copy(workspace.path, tmp_path / "no" / "such" / "folder.review")
    assert not list(tmp_path.rglob("*.part"))


def _named(at: datetime) -> Path:
    return Path(f"w-{at:%Y%m%dT%H%M%SZ}.review")


def test_thinning_keeps_two_days_whole_then_days_weeks_and_months() -> None:
    newest = datetime(2026, 11, 24, 12, tzinfo=UTC)
    hourly = [_named(newest - timedelta(hours=h)) for h in range(24 * 400)]
    gone = set(backups.outdated(hourly, keep=hourly[0]))
    kept = [p for p in hourly if p not in gone]
    assert all(p in kept for p in hourly[:48])
    assert 48 + 10 <= len(kept) <= 49 + backups.KEEP_DAYS + backups.KEEP_WEEKS + backups.KEEP_MONTHS
    assert len({p.name[2:8] for p in kept}) == backups.KEEP_MONTHS


def test_a_clock_that_jumps_does_not_thin_everything_away() -> None:
    now = datetime(2026, 11, 24, tzinfo=UTC)
    ordinary = [_named(now - timedelta(days=d)) for d in range(5)]
    future = _named(now + timedelta(days=3650))
    kept = {*ordinary, future} - set(backups.outdated([*ordinary, future], keep=future))
    assert len(kept) == 6
