"""The bridge: answers arrive on the interface thread, late ones are dropped, failures are said."""

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication
from pytestqt.qtbot import QtBot

from reviewer.desktop.bridge import Bridge
from reviewer.errors import UsageError
from reviewer.jobs.messages import Done, Progress
from reviewer.jobs.running import Channel
from reviewer.verbs.changes import Changes
from reviewer.workspace.file import Reader, Workspace, Writer
from tests.builders import a_workspace


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with a_workspace(tmp_path) as opened:
        yield opened


@pytest.fixture
def bridge(workspace: Workspace, qtbot: QtBot) -> Iterator[Bridge]:
    made = Bridge(workspace)
    yield made
    made.close()


def count_traces(reader: Reader) -> int:
    return int(reader.db.execute("SELECT count(*) FROM trace").fetchone()[0])


def endless(reader: Reader) -> int:
    sql = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"
    return int(reader.db.execute(sql).fetchone()[0])


def refuse(*_: Any) -> None:
    raise UsageError("That week exists already.", "Choose another name.")


def test_an_answer_arrives_on_the_thread_that_draws(bridge: Bridge, qtbot: QtBot) -> None:
    got: list[tuple[int, str]] = []
    bridge.ask(count_traces, then=lambda n: got.append((n, threading.current_thread().name)))
    qtbot.waitUntil(lambda: bool(got))
    assert got == [(0, "MainThread")]


def test_dropping_a_question_stops_its_query_and_the_next_is_answered(bridge: Bridge, qtbot: QtBot) -> None:
    late: list[object] = []
    got: list[int] = []
    ticket = bridge.ask(endless, then=late.append, failed=late.append)
    bridge.ask(count_traces, then=got.append)
    qtbot.waitUntil(lambda: bridge._asking._current is ticket)
    ticket.drop()
    qtbot.waitUntil(lambda: got == [0])
    assert late == []


def test_a_write_says_what_changed_before_its_callback(bridge: Bridge, qtbot: QtBot) -> None:
    heard: list[str] = []
    bridge.changed.connect(lambda changes: heard.append(f"changed {changes.taxonomy}"))

    def verb(_writer: Writer, _reader: Reader) -> Changes:
        return Changes(taxonomy=True)

    bridge.write_with_reader(verb, then=lambda _changes: heard.append("then"))
    assert bridge.writes_waiting == 1
    qtbot.waitUntil(lambda: len(heard) == 2)
    assert heard == ["changed True", "then"]
    assert bridge.writes_waiting == 0


def test_a_refused_write_reaches_its_caller_or_the_window(bridge: Bridge, qtbot: QtBot) -> None:
    mine: list[BaseException] = []
    bridge.write(refuse, failed=mine.append)
    qtbot.waitUntil(lambda: bool(mine))
    assert "exists already" in str(mine[0])
    with qtbot.waitSignal(bridge.went_wrong) as said:
        bridge.write(refuse)
    assert said.args is not None
    assert "exists already" in said.args[0].sentence


def say_seven(channel: Channel, n: int) -> int:
    for i in range(n):
        channel.send(Progress(i + 1, n))
    return n


def test_a_job_tells_how_far_it_is_and_then_its_result(bridge: Bridge, qtbot: QtBot) -> None:
    heard: list[int] = []
    ends: list[object] = []
    bridge.job(say_seven, 7, message=lambda said: heard.append(said.done), done=ends.append)  # type: ignore[union-attr]
    qtbot.waitUntil(lambda: bool(ends), timeout=20_000)
    assert heard == [1, 2, 3, 4, 5, 6, 7]
    assert ends == [Done(7)]


def test_nothing_arrives_after_the_bridge_was_closed(workspace: Workspace, qtbot: QtBot) -> None:
    late: list[object] = []
    bridge = Bridge(workspace)
    bridge.ask(count_traces, then=late.append)
    bridge.ask(refuse, then=late.append, failed=late.append)
    bridge.close()
    QCoreApplication.processEvents()
    assert late == []


def test_an_answer_that_comes_after_the_close_reaches_nobody(workspace: Workspace, qtbot: QtBot) -> None:
    bridge = Bridge(workspace)
    late: list[object] = []
    answered = threading.Event()
    bridge.ask(lambda _reader: answered.set(), then=late.append)
    assert answered.wait(5)
    bridge.close()
    qtbot.wait(1)
    assert late == []


def test_it_is_busy_until_the_last_answer_has_arrived_or_is_not_wanted(bridge: Bridge, qtbot: QtBot) -> None:
    assert not bridge.busy
    got: list[int] = []
    unwanted = bridge.ask(endless, then=got.append)
    bridge.ask(count_traces, then=got.append)
    unwanted.drop()
    assert bridge.busy
    qtbot.waitUntil(lambda: not bridge.busy)
    assert got == [0]
    bridge.write(refuse, failed=lambda _: got.append(1))
    assert bridge.busy
    qtbot.waitUntil(lambda: not bridge.busy)
    assert got == [0, 1]
