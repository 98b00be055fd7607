"""The whole review screen against the floor F of the same run: real keys, from the press to the end of all painting.

F draws the visible, already laid-out text of both panes once, as in ``bench_view``. Times are CPU time of the
interface thread; the transcript that comes next was made ready while nobody pressed a key.
"""

import gc
import tempfile
import time
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtGui import QKeyEvent

from reviewer.desktop.commands.press import qt_press
from reviewer.desktop.offscreen import Player, open_player
from reviewer.model.week import Plan
from reviewer.verbs import weeks
from tests.benchmarks.bench_view import floor_ms, p50, p95
from tests.benchmarks.measured import Measured
from tests.benchmarks.transcripts import transcript
from tests.builders import HOUR_US, MONDAY_US, a_workspace, put

TRACES = 60
STEPS = 50
TAGS = 40
WEEK = "2026-W47"


def run() -> dict[str, Measured]:
    """Measure one window on one week in one process."""
    with tempfile.TemporaryDirectory() as folder:
        path = _a_week(Path(folder))
        player = open_player(path, WEEK, "ada", Path(folder) / "settings.ini")
        try:
            return _measure(player)
        finally:
            player.application.close_workspace()
            player.window.close()


def _a_week(folder: Path) -> Path:
    workspace = a_workspace(folder)
    put(workspace, [transcript(n) for n in range(TRACES)])
    reader = workspace.reader()
    end = MONDAY_US + 7 * 24 * HOUR_US
    workspace.write(weeks.open_week, reader, WEEK, MONDAY_US, end, Plan(TRACES, "seed")).result()
    reader.close()
    workspace.close()
    return workspace.path


def _measure(player: Player) -> dict[str, Measured]:
    review = player.application.review
    assert review is not None
    _rest(player)
    gc.collect()
    gc.freeze()
    floors, steps = [], []
    for n in range(STEPS):
        steps.append(_pressed(player, "right"))
        _rest(player)
        if n % 6 == 0:
            floors.append(floor_ms(review))
    floor = p50(floors)
    tags = []
    for n in range(TAGS):
        tags.append(_pressed(player, "1" if n % 2 == 0 else "2"))
        _rest(player)
    passes = []
    for _ in range(8):
        passes.append(_pressed(player, "p"))
        _rest(player)
    return {
        "screen: next, made ready, p50 / F": Measured(
            p50(steps) / floor, 1.0, f"{p50(steps):.2f} ms; F = {floor:.2f} ms"
        ),
        "screen: next, made ready, p95 / F": Measured(p95(steps) / floor, 1.6, f"{p95(steps):.2f} ms"),
        "screen: tag painted, p50 / F": Measured(p50(tags) / floor, 0.25, f"{p50(tags):.2f} ms"),
        "screen: pass and next, made ready, p50 / F": Measured(p50(passes) / floor, 1.25, f"{p50(passes):.2f} ms"),
    }


def _pressed(player: Player, key: str) -> float:
    """Return the milliseconds of this thread from a press to the end of the painting that it causes."""
    code, modifiers, text = qt_press(key)
    press = QKeyEvent(QEvent.Type.KeyPress, code, modifiers, text)
    window = player.window.windowHandle()
    start = time.thread_time()
    QCoreApplication.sendEvent(window, press)
    QCoreApplication.sendPostedEvents()  # layouts and paint events are among them; timers, and so idle work, are not
    taken = (time.thread_time() - start) * 1e3
    QCoreApplication.sendEvent(window, QKeyEvent(QEvent.Type.KeyRelease, code, modifiers, text))
    return taken


def _rest(player: Player) -> None:
    """Let everything be saved, the neighbours made ready, and the guard against haste run out."""
    player.settle()
    end = time.monotonic() + 0.25
    while time.monotonic() < end:
        player.application.qt.processEvents()
