"""Files made to hurt, in the window: each of their traces opens within a second, as text, and nothing is fetched."""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter
from typing import Any

import pytest
from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from reviewer.desktop.offscreen import Player
from reviewer.model.week import Plan
from reviewer.verbs import opening, weeks
from reviewer.verbs.importing import read_ahead, start
from reviewer.workspace.ask.settings import counts
from tests.desktop.windows import WEEK, a_window, review_of, state_of

pytestmark = pytest.mark.journey

ENDINGS = (".json", ".jsonl", ".gz", ".eval")
LONGEST_S = 1.0
TOUCHING = ("socket.connect", "socket.getaddrinfo", "subprocess.Popen", "os.system", "webbrowser.open")


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory, shared: Callable[..., Path]) -> Path:
    """Import all hostile files and draw a week of all their traces; return the workspace's path.

    Most files call their traces t1 to t5: they get the file's name in front, or one would take the other's place.
    """
    folder = tmp_path_factory.mktemp("hostile")
    files = sorted(file for file in shared("hostile").iterdir() if file.name.endswith(ENDINGS))
    for file in files:
        name = file.name.partition(".")[0].encode()
        (folder / file.name).write_bytes(file.read_bytes().replace(b'"id": "t', b'"id": "' + name + b"-t"))
    path = folder / "hostile.review"
    with opening.new(path, "default", "UTC") as workspace:
        start(workspace, read_ahead([folder / file.name for file in files])).wait()
        reader = workspace.reader()
        held = counts(reader)
        assert held.first_us is not None and held.last_us is not None
        plan = Plan(held.traces, "seed")
        workspace.write(weeks.open_week, reader, WEEK, held.first_us, held.last_us + 1, plan).result()
        reader.close()
    return path


@contextmanager
def nothing_said_by_qt() -> Iterator[None]:
    said: list[str] = []

    def hear(_kind: QtMsgType, _where: QMessageLogContext, text: str | None) -> None:
        if text and "This plugin does not support" not in text:  # the offscreen platform, at every resize
            said.append(text)

    before = qInstallMessageHandler(hear)
    try:
        yield
    finally:
        qInstallMessageHandler(before)
    assert said == []


@contextmanager
def nothing_touched() -> Iterator[None]:
    """Fail when Python starts a program, makes a connection, or opens one of the files that the traces name."""
    touched: list[str] = []
    watching = True

    def hear(name: str, told: tuple[Any, ...]) -> None:
        if not watching:
            return
        if name in TOUCHING:
            touched.append(f"{name} {told[0]!r}")
        elif name == "open" and isinstance(told[0], str) and told[0].startswith(("/etc/pass", "/etc/hos", "/root/")):
            touched.append(f"open {told[0]}")

    sys.addaudithook(hear)  # for good: Python cannot take a hook away
    try:
        yield
    finally:
        watching = False
    assert touched == []


def opened_in_s(player: Player, order: int) -> float:
    state = state_of(player)
    began = perf_counter()
    review_of(player).do(lambda state: state.go_to(order))
    player.wait(lambda: state.current is not None and state.on_screen == state.current.trace, "an item to be painted")
    return perf_counter() - began


def test_every_hostile_trace_opens_within_a_second_and_touches_nothing(hostile: Path, qtbot: QtBot) -> None:
    with nothing_said_by_qt(), nothing_touched(), a_window(hostile) as player:
        rows = state_of(player).rows
        assert len(rows) > 130
        slow = []
        for row in rows:
            took = opened_in_s(player, row.order)
            if took > LONGEST_S:
                slow.append((row.native_id[:40], took))
            player.press("v", "shift+g", "c", "g", "g")  # raw, to the end, unfolded: all of it is laid out once
    assert slow == []
    assert "PySide6.QtNetwork" not in sys.modules


def test_what_is_copied_is_what_was_stored_and_what_is_shown_names_what_cannot_be_seen(
    hostile: Path, shared: Callable[..., Path], qtbot: QtBot
) -> None:
    written = [json.loads(line) for line in shared("hostile", "bidi_trojan.jsonl").read_text("utf-8").splitlines()]
    copied: set[str] = set()
    spoken: list[str] = []
    with a_window(hostile) as player:
        view = review_of(player).view
        for row in state_of(player).rows:
            if row.native_id.startswith("bidi_trojan-"):
                opened_in_s(player, row.order)
                assert view.transcript is not None
                for turn in range(view.transcript.count()):
                    view.focus_turn(turn)
                    player.press("ctrl+shift+c")
                    copied.add(QGuiApplication.clipboard().text())
                    spoken.append(view.spoken(view.focus))
    assert copied == {record[side] for record in written for side in ("input", "output")}
    assert any("[U+202E" in words for words in spoken)
    assert not any("\u202e" in words for words in spoken)
