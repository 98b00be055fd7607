"""Phoenix and MLflow themselves: traces sent with their own libraries, a sample pulled, codings pushed and read back.

Runs where ``REVIEWER_REAL_SERVERS`` is set, after ``packaging/servers`` has made the environments.
"""

import json
import os
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from reviewer.exports.sets.choosing import Choice
from reviewer.model.label import SENDER
from reviewer.model.pull import Wanted
from reviewer.model.week import Plan
from reviewer.sources import services
from reviewer.sources.services.connections import Connection
from reviewer.verbs import coding, connections, datasets, exporting, listing, pulling, pushing, uploading, weeks
from tests.builders import a_trace, a_workspace, put
from tests.desktop.opened import reviewed

pytestmark = [
    pytest.mark.skipif(not os.environ.get("REVIEWER_REAL_SERVERS"), reason="packaging/servers runs these"),
    pytest.mark.timeout(400),
]

ENVIRONMENTS = Path(__file__).resolve().parents[3] / "build" / "servers"
CLIENTS = Path(__file__).with_name("clients")
PROJECT = "shop"
SIZE, DRAWN = 12, 6
NOTE = "The answer names no place."
QUIET = {
    "PHOENIX_TELEMETRY_ENABLED": "false",
    "PHOENIX_ALLOW_EXTERNAL_RESOURCES": "false",
    "MLFLOW_DISABLE_TELEMETRY": "true",
    "DO_NOT_TRACK": "true",
}


@dataclass(frozen=True)
class Real:
    """A running server with traces in it."""

    name: str
    connection: Connection

    def client(self, script: str, *arguments: str) -> str:
        """Run one of the clients in the server's environment and return what it printed."""
        python = ENVIRONMENTS / self.name / "bin" / "python"
        command = [str(python), str(CLIENTS / f"{script}_{self.name}.py"), self.connection.address, PROJECT, *arguments]
        done = subprocess.run(command, env={**os.environ, **QUIET}, capture_output=True, text=True, timeout=120)
        assert done.returncode == 0, done.stderr
        return done.stdout


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@contextmanager
def running(name: str, folder: Path) -> Iterator[str]:
    """Run a server on loopback and give its address once it answers."""
    port = free_port()
    programs = ENVIRONMENTS / name / "bin"
    own = {
        "PHOENIX_WORKING_DIR": str(folder),
        "PHOENIX_HOST": "127.0.0.1",
        "PHOENIX_PORT": str(port),
        "PHOENIX_GRPC_PORT": str(free_port()),
    }
    commands = {
        "phoenix": [str(programs / "phoenix"), "serve"],
        "mlflow": [
            str(programs / "mlflow"), "server", "--host", "127.0.0.1", "--port", str(port), "--workers", "1",
            "--backend-store-uri", f"sqlite:///{folder}/mlflow.db", "--artifacts-destination", str(folder / "files"),
        ],
    }  # fmt: skip
    with (folder / "log").open("w") as log:
        server = subprocess.Popen(
            commands[name],
            env={**os.environ, **QUIET, **own},
            stdout=log,
            stderr=log,
            cwd=folder,
            start_new_session=True,
        )
        try:
            wait_for(f"http://127.0.0.1:{port}{'/healthz' if name == 'phoenix' else '/health'}", server, folder / "log")
            yield f"http://127.0.0.1:{port}"
        finally:
            os.killpg(server.pid, 15)
            server.wait(timeout=30)


def wait_for(url: str, server: "subprocess.Popen[bytes]", log: Path) -> None:
    for _ in range(360):
        assert server.poll() is None, log.read_text()[-2000:]
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except OSError:
            time.sleep(0.5)
    pytest.fail(f"{url} did not answer in three minutes")


@pytest.fixture(scope="module", params=["phoenix", "mlflow"])
def real(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Real]:
    name = request.param
    with running(name, tmp_path_factory.mktemp(name)) as address:
        found = Real(name, Connection(name, name, address, PROJECT))
        found.client("send", str(SIZE))
        yield found


def expected(name: str, trace: str) -> list[list[Any]]:
    me = f"{SENDER}:ana"
    if name == "phoenix":
        return [
            [trace, "groundedness", me, {"score": 2.0}],
            [trace, "unsupported_claim", me, {"label": "present", "score": 1.0}],
            [trace, "verdict", me, {"label": "fail", "score": 0.0, "explanation": NOTE}],
        ]
    return [
        [trace, "groundedness", me, {"value": 2.0}],
        [trace, "unsupported_claim", me, {"value": True}],
        [trace, "verdict", me, {"value": "fail", "explanation": NOTE}],
    ]


def ordered(rows: list[list[Any]]) -> list[list[Any]]:
    """Return rows in one order, with results that compare."""
    return sorted((json.loads(json.dumps(row)) for row in rows), key=lambda row: row[:3])


def test_the_connection_answers_and_a_wrong_project_is_said(real: Real) -> None:
    assert PROJECT in connections.try_out(real.connection, None)
    other = Connection("x", real.name, real.connection.address, "no-such-project")
    with pytest.raises(Exception, match=r"404|no experiment"):
        connections.try_out(other, None)


def test_a_sample_is_pulled_coded_pushed_and_read_back(real: Real, tmp_path: Path) -> None:
    now = time.time_ns() // 1000
    period = (now - 3_600_000_000, now + 60_000_000)
    wanted = Wanted(*period, size=DRAWN, by=("workflow",))
    with a_workspace(tmp_path) as workspace:
        report = pulling.start(workspace, real.connection, None, wanted).wait()
        assert (report.state, report.population, report.drawn) == ("done", SIZE, DRAWN), report
        assert [(s.name, s.size) for s in report.strata] == [("billing", 3), ("returns", 9)]
        assert report.imported.imported == DRAWN and not report.imported.problems
        reader = workspace.reader()
        natives = [str(row["native_id"]) for row in listing.traces(reader)]
        shown = listing.show(reader, natives[0])
        assert [message["role"] for message in shown["messages"]] == ["user", "assistant"]
        workspace.write(weeks.open_week, reader, "w1", *period, Plan(DRAWN, "s")).result()
        for native in natives[:3]:
            told = coding.Wanted(native, "ana", "fail", ("unsupported_claim",), {"groundedness": 2}, NOTE)
            workspace.write(coding.code, reader, "w1", told).result()

        def push() -> pushing.PushReport:
            return pushing.carry_out(workspace, real.connection, None, pushing.plan(reader, real.connection))

        first, second = push(), push()
        assert (first.sent, first.failed, second.sent) == (9, [], 0)
        there = json.loads(real.client("read", *natives))
        assert ordered(there) == ordered([row for native in natives[:3] for row in expected(real.name, native)])

        # The program ended before it noted what it had sent.
        with workspace.writer.change() as db:
            db.execute("DELETE FROM pushed")
        assert push().sent == 9
        assert ordered(json.loads(real.client("read", *natives))) == ordered(there)

        again = pulling.start(workspace, real.connection, None, wanted).wait()
        assert (again.imported.updated, again.imported.unchanged) == (0, DRAWN), "our labels are no news"

        told = coding.Wanted(natives[0], "ana", "pass", (), {}, "Fine.")
        workspace.write(coding.code, reader, "w1", told).result()
        assert push().sent == 3
        left = {row[1]: row[3] for row in json.loads(real.client("read", natives[0]))}
        if real.name == "phoenix":
            assert left["verdict"]["label"] == "pass" and left["unsupported_claim"] == {"label": "withdrawn"}
        else:
            assert left == {"verdict": {"value": "pass", "explanation": "Fine."}}
        reader.close()


def test_a_listing_can_be_taken_up_at_any_page(real: Real, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services.SERVICES[real.name].service, "SIZE", 5)
    wanted = Wanted(1_700_000_000_000_000, 1_900_000_000_000_000)
    with services.open_client(real.connection, None) as client:
        pages = list(services.listed(client, real.connection, wanted, None, print))
        assert [len(rows) for rows, _ in pages] == [5, 5, 2]
        rest = list(services.listed(client, real.connection, wanted, pages[0][1], print))
    assert rest == pages[1:]
    assert len({row.native_id for rows, _ in pages for row in rows}) == SIZE


WILD = 'भा 😀 \u2028 \r\n =HYPERLINK("x") {{ env.HOME }} file:///etc/hostname \x00 NA 007 2026-01-01'


def test_a_dataset_is_uploaded_and_read_back_with_the_services_own_client(real: Real, tmp_path: Path) -> None:
    with a_workspace(tmp_path) as workspace:
        put(workspace, [a_trace(n, question=f"{WILD} {n}?", answer=f"{WILD} {n}") for n in range(SIZE)])
        reviewed(workspace, size=SIZE, modes=("looping",))
        reader = workspace.reader()

        def uploaded(**choice: Any) -> uploading.UploadReport:
            planned = datasets.plan(reader, Choice(**choice))
            workspace.write(datasets.keep, planned).result()
            todo = uploading.plan(reader, real.connection, None, planned)
            return uploading.carry_out(workspace, real.connection, None, planned, todo)

        def there() -> dict[str, Any]:
            told: dict[str, Any] = json.loads(real.client("dataset", "test"))
            told["rows"] = {(row.get("tags") or row["metadata"])["example_id"]: row for row in told["rows"]}
            return told

        report = uploaded()
        assert (report.state, report.sent["new"], report.failed) == ("done", SIZE, [])
        first = there()
        wanted = exporting.preview(reader, real.name, Choice(), SIZE, planned=datasets.plan(reader, Choice()))[0]
        assert len(first["rows"]) == len(wanted) == SIZE
        for row in wanted:
            own = (row.get("tags") or row["metadata"])["example_id"]
            kept = {part: first["rows"][own][part] for part in row if part not in ("source", "span_id")}
            assert kept == {part: row[part] for part in kept}
        assert not uploaded().sent and there() == first, "twice is once"

        fine = next(row for row in datasets.plan(reader, Choice()).rows if row.verdict == "pass")
        told = coding.Wanted(fine.trace, "anna", "pass", (), {}, NOTE)
        workspace.write(coding.code, reader, "2026-W47", told).result()
        assert uploaded().sent == {"changed": 1}
        assert NOTE in json.dumps(there()["rows"][fine.id])
        fails = [row.id for row in datasets.plan(reader, Choice(verdict="fail")).rows]
        assert uploaded(verdict="fail").sent == {"removed": SIZE - len(fails)}
        assert sorted(there()["rows"]) == sorted(fails)
        assert uploaded().sent == {"new": SIZE - len(fails)} and len(there()["rows"]) == SIZE
        reader.close()
