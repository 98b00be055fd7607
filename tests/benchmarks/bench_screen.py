"""The whole review screen against the floor F of the same run: real keys, from the press to the end of all painting.

F draws the visible, already laid-out text of both panes once, as in ``bench_view``. Times are CPU time of the
interface thread; the transcript that comes next was made ready while nobody pressed a key. What a press means for the
transcript and its coding is painted first; what the screen shows in the turn after that (progress, rail, notice,
definition, the way to the disk) is measured as a line of its own, its painting included.
"""

import gc
import tempfile
import time
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtGui import QKeyEvent

from reviewer.desktop.collecting import IdleCollector
from reviewer.desktop.commands.press import qt_press
from reviewer.desktop.offscreen import Player, open_player
from reviewer.desktop.review.screen import ReviewPage
from reviewer.model.week import Plan
from reviewer.verbs import weeks
from tests.benchmarks.bench_view import floor_ms, p50, p95
from tests.benchmarks.measured import Measured
from tests.benchmarks.transcripts import transcript
from tests.builders import HOUR_US, MONDAY_US, a_workspace, put

TRACES = 60
STEPS = 50
TAGS = 40
PASSES = 8
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
    IdleCollector(player.application)  # as in the program
    floors: list[float] = []
    steps = [_step(player, review, floors, n) for n in range(STEPS)]
    tags = [_pressed(player, "1" if n % 2 == 0 else "2") for n in range(TAGS)]
    passes = [_pressed(player, "p") for _ in range(PASSES)]
    floor = p50(floors)
    found: dict[str, Measured] = {}
    for name, presses, limit, high, after in (
        ("next, made ready", steps, 1.0, 1.6, 0.6),
        ("tag painted", tags, 0.25, 0.4, 0.9),
        ("pass and next, made ready", passes, 1.25, None, 1.25),
    ):
        first, rest = zip(*presses, strict=True)
        found[f"screen: {name}, p50 / F"] = Measured(
            p50(first) / floor, limit, f"{p50(first):.2f} ms; F {floor:.2f} ms"
        )
        if high is not None:
            found[f"screen: {name}, p95 / F"] = Measured(p95(first) / floor, high, f"{p95(first):.2f} ms")
        found[f"screen: {name}, followed by, p50 / F"] = Measured(p50(rest) / floor, after, f"{p50(rest):.2f} ms")
    return found


def _step(player: Player, review: ReviewPage, floors: list[float], n: int) -> tuple[float, float]:
    """Go one item on; measure F at every sixth."""
    times = _pressed(player, "right")
    if n % 6 == 0:
        floors.append(floor_ms(review))
    return times


def _pressed(player: Player, key: str) -> tuple[float, float]:
    """Press a key, then rest; return the milliseconds of this thread up to the end of the paint, and of what follows."""
    review = player.application.review
    assert review is not None
    code, modifiers, text = qt_press(key)
    press = QKeyEvent(QEvent.Type.KeyPress, code, modifiers, text)
    window = player.window.windowHandle()
    start = time.thread_time()
    QCoreApplication.sendEvent(window, press)
    QCoreApplication.sendPostedEvents()  # layouts and paint events are among them; timers, and so idle work, are not
    painted = time.thread_time()
    review.following.catch_up()
    QCoreApplication.sendPostedEvents()
    done = time.thread_time()
    QCoreApplication.sendEvent(window, QKeyEvent(QEvent.Type.KeyRelease, code, modifiers, text))
    _rest(player)
    return (painted - start) * 1e3, (done - painted) * 1e3


def _rest(player: Player) -> None:
    """Let everything be saved, the neighbours made ready, and the guard against haste run out."""
    player.settle()
    end = time.monotonic() + 0.25
    while time.monotonic() < end:
        player.application.qt.processEvents()
