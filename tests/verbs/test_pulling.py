"""Pulling from a service: a sample with known chances, resumed after a kill, and no key anywhere."""

import contextlib
import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from reviewer.errors import UsageError
from reviewer.model.clock import day_start
from reviewer.model.pull import Wanted
from reviewer.sources.services.connections import Connection
from reviewer.verbs import pulling
from reviewer.workspace.file import Workspace
from tests.builders import a_workspace
from tests.sources.services.fake_phoenix import FakePhoenix
from tests.sources.services.servers import Asked, serve

CANARY = "canary-0b5e51"
DAY = (day_start("2026-11-24", "UTC"), day_start("2026-11-25", "UTC"))


def pull(workspace: Workspace, url: str, wanted: Wanted) -> pulling.PullReport:
    return pulling.start(workspace, Connection("shop", "phoenix", url, "shop"), None, wanted).wait()


def test_a_stratified_sample_comes_with_the_counts_of_its_population(tmp_path: Path) -> None:
    wanted = Wanted(*DAY, size=8, by=("workflow",))
    with serve(FakePhoenix()) as server, a_workspace(tmp_path) as workspace:
        report = pull(workspace, server.url, wanted)
        again = pull(workspace, server.url, wanted)
    assert (report.state, report.population, report.drawn) == ("done", 24, 8)
    assert [(s.name, s.size, s.drawn) for s in report.strata] == [("billing", 6, 2), ("returns", 18, 6)]
    assert all(s.pi == pytest.approx(1 / 3) for s in report.strata)
    assert report.imported.imported == 8
    assert (again.imported.imported, again.imported.unchanged) == (0, 8), "the same seed draws the same traces"


def test_without_a_size_all_are_read(tmp_path: Path) -> None:
    with serve(FakePhoenix(size=9)) as server, a_workspace(tmp_path) as workspace:
        report = pull(workspace, server.url, Wanted(*DAY))
    assert report.imported.imported == 9
    assert not any(asked.query.get("parent_id") for asked in server.asked), "nobody asked for segments"


def test_an_empty_period_is_no_failure(tmp_path: Path) -> None:
    with serve(FakePhoenix(size=0)) as server, a_workspace(tmp_path) as workspace:
        report = pull(workspace, server.url, Wanted(*DAY, size=3))
    assert (report.state, report.population, report.drawn) == ("done", 0, 0)


def test_a_server_that_refuses_the_key_is_said_and_the_pull_goes_on_later(tmp_path: Path) -> None:
    fake = FakePhoenix()
    refusing = [True]

    def answer(asked: Asked):  # type: ignore[no-untyped-def]
        return (401, {}) if refusing[0] and asked.path.endswith("/spans") else fake(asked)

    with serve(answer) as server, a_workspace(tmp_path) as workspace:
        report = pull(workspace, server.url, Wanted(*DAY, size=5))
        assert report.state == "broken" and "refused the key" in report.sentence + str(report.imported.problems)
        refusing[0] = False
        listed = sum(asked.path.endswith("/traces") for asked in server.asked)
        report = pull(workspace, server.url, Wanted(*DAY, size=5))
        assert (report.state, report.imported.imported) == ("done", 5)
        assert listed == sum(asked.path.endswith("/traces") for asked in server.asked), "the listing was kept"


@pytest.mark.parametrize("wanted", [Wanted(2, 1), Wanted(1, 1), Wanted(1, 2, size=0)])
def test_a_pull_that_cannot_be_meant_is_refused(wanted: Wanted) -> None:
    with pytest.raises(UsageError):
        pulling.refuse(wanted)


COMMAND = [sys.executable, "-m", "reviewer"]


@pytest.fixture
def home(tmp_path: Path) -> dict[str, str]:
    """Return an environment whose home is the test's own."""
    places = {"XDG_CONFIG_HOME": str(tmp_path / "config"), "XDG_STATE_HOME": str(tmp_path / "state")}
    return {**os.environ, **places, "HOME": str(tmp_path)}


def connect(url: str, home: dict[str, str]) -> None:
    told = ["--service", "phoenix", "--url", url, "--project", "shop", "--no-key"]
    subprocess.run([*COMMAND, "connection", "add", "shop", *told], env=home, check=True, timeout=60)


def run(path: Path, size: int, home: dict[str, str]) -> "subprocess.Popen[str]":
    period = ["--from", "2026-11-24", "--to", "2026-11-25", "--size", str(size), "--by", "workflow"]
    command = [*COMMAND, "pull", "shop", "--workspace", str(path), *period]
    return subprocess.Popen(command, env=home, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


PARTS = ("head", "segment", "tool_call", "document", "score", "hint", "retrieval", "attribute")


def held(path: Path) -> tuple[object, ...]:
    with contextlib.closing(sqlite3.connect(path)) as db:
        assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        parts = [
            db.execute(f"SELECT t.id, count(*) FROM {part} p JOIN trace t ON t.n = p.trace GROUP BY 1").fetchall()
            for part in PARTS
        ]
        return (
            *map(sorted, parts),
            db.execute("SELECT count(*) FROM text_index_docsize").fetchone(),
            db.execute("SELECT t.id, h.body FROM trace t JOIN head h ON h.trace = t.n ORDER BY 1").fetchall(),
            db.execute("SELECT id, native_id, content_hash, started_us, n_messages FROM trace ORDER BY id").fetchall(),
            db.execute("SELECT name, size, drawn FROM pull_stratum ORDER BY name").fetchall(),
            db.execute("SELECT trace, stratum, pi, u FROM pull_trace ORDER BY trace").fetchall(),
            db.execute("SELECT DISTINCT state FROM pull").fetchall(),
        )


def test_a_pull_that_is_killed_at_any_request_ends_as_a_clean_one(tmp_path: Path, home: dict[str, str]) -> None:
    victim: list[subprocess.Popen[str]] = []
    death = 0

    def before(number: int, _: Asked) -> None:
        if number == death:
            victim[0].kill()
            victim[0].wait()

    fake = FakePhoenix(before=before)
    with serve(fake) as server:
        connect(server.url, home)
        # While the first pages are listed, between them, before the draw, and while traces are fetched.
        for death in (2, 3, 3, 4, 3, 2, 5):  # noqa: B007 - the server reads it
            fake.served = 0
            victim[:] = [run(tmp_path / "killed.review", 22, home)]
            victim[0].communicate(timeout=60)
            assert victim[0].returncode == -signal.SIGKILL
        death = 0
        for name in ("killed.review", "clean.review"):
            running = run(tmp_path / name, 22, home)
            said, _ = running.communicate(timeout=60)
            assert running.returncode == 0, said
    assert held(tmp_path / "killed.review") == held(tmp_path / "clean.review")


PULL_AND_DIE = """
import os, random, signal, sqlite3, sys, threading
from pathlib import Path
from reviewer.model.pull import Wanted
from reviewer.sources.services.connections import Connection
from reviewer.verbs import pulling
from reviewer.workspace.file import Workspace
path, url, start, end, at, when = sys.argv[1:]
commits = 0
def die():
    os.kill(os.getpid(), signal.SIGKILL)
def told(statement):
    global commits
    if commits == int(at) and when == "after":
        die()
    if statement == "COMMIT":
        commits += 1
        if commits == int(at) and when == "before":
            die()
        if commits == int(at) and when == "in":
            threading.Timer(random.uniform(0, 0.003), die).start()
def connect(*arguments, **more):
    db = connected(*arguments, **more)
    db.set_trace_callback(told)
    return db
if __name__ == "__main__":
    connected, sqlite3.connect = sqlite3.connect, connect
    with Workspace(Path(path)) as workspace:
        wanted = Wanted(int(start), int(end), size=22, by=("workflow",))
        pulling.start(workspace, Connection("shop", "phoenix", url, "shop"), None, wanted).wait()
    print(commits)
"""


def test_a_pull_that_is_killed_around_and_in_its_commits_ends_as_a_clean_one(tmp_path: Path) -> None:
    script = tmp_path / "pull_and_die.py"  # a file, because the worker process is spawned from it
    script.write_text(PULL_AND_DIE)
    places: dict[str, Path] = {}
    for name in ("killed", "clean"):
        (tmp_path / name).mkdir()
        with a_workspace(tmp_path / name) as workspace:
            places[name] = workspace.path
    with serve(FakePhoenix()) as server:

        def pulled(name: str, at: int, when: str) -> "subprocess.CompletedProcess[str]":
            told = [sys.executable, str(script), str(places[name]), server.url, *map(str, DAY), str(at), when]
            return subprocess.run(told, capture_output=True, text=True, timeout=60, check=False)

        whole = pulled("clean", 0, "never")
        assert whole.returncode == 0, whole.stderr
        commits = int(whole.stdout)
        assert commits > 6
        # Each death lies a commit or two further on than what the one before has left.
        for at, when in ((1, "before"), (2, "in"), (2, "after"), (3, "before"), (3, "in"), (4, "after")):
            died = pulled("killed", at, when)
            assert died.returncode == -signal.SIGKILL, died.stderr
        done = pulled("killed", 0, "never")
        assert done.returncode == 0, done.stderr
    assert held(places["killed"]) == held(places["clean"])


def test_the_key_is_in_no_file_no_output_and_no_list_of_processes(tmp_path: Path, home: dict[str, str]) -> None:
    seen: list[str] = []

    def before(_: int, asked: Asked) -> None:
        seen.append(asked.headers.get("authorization", ""))
        for place in Path("/proc").glob("[0-9]*/cmdline"):
            with contextlib.suppress(OSError):
                assert CANARY.encode() not in place.read_bytes()
        assert CANARY not in str(asked.query) + asked.path

    fake = FakePhoenix(before=before)
    echoes = False

    def answer(asked: Asked):  # type: ignore[no-untyped-def]
        return (403, {"detail": f"no entry for {asked.headers}"}) if echoes else fake(asked)

    path, with_key = tmp_path / "w.review", {**home, "REVIEWER_KEY_SHOP": CANARY}
    with serve(answer) as server:
        connect(server.url, home)
        running = run(path, 8, with_key)
        said, _ = running.communicate(timeout=60)
        assert running.returncode == 0, said
        echoes = True
        refused, _ = run(path, 9, with_key).communicate(timeout=60)
        assert "403" in refused or "refused" in refused
        backup = [*COMMAND, "backup", "--workspace", str(path), "--out", str(tmp_path / "copy.review")]
        subprocess.run(backup, env=with_key, check=True, timeout=60)
    assert set(seen) == {f"Bearer {CANARY}"}, "the server got it"
    assert CANARY not in said + refused
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert {"connections.json", "w.review", "copy.review"} <= {path.name for path in files}
    for path in files:
        assert CANARY.encode() not in path.read_bytes(), path
        if path.name == "connections.json":
            assert path.stat().st_mode & 0o077 == 0
