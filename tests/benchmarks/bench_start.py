"""Start to the first transcript painted, against starting Python and importing QtWidgets."""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from reviewer.verbs import sample
from tests.benchmarks.measured import Measured

ROOT = Path(__file__).resolve().parents[2]
TIMES = 15
FLOOR = "import os, PySide6.QtWidgets; os._exit(0)"
OURS = """
import os, sys
from reviewer.desktop.review.state import ReviewState
was_painted = ReviewState.painted
def painted(state, trace):
    was_painted(state, trace)
    from PySide6.QtCore import QTimer
    QTimer.singleShot(0, lambda: os._exit(0))  # told at the paint's beginning: leave when it is over
ReviewState.painted = painted
from reviewer.cli import main
sys.exit(main(["open", sys.argv[1], "--week", sys.argv[2], "--reviewer", sys.argv[3]]))
"""
"""The command itself. Both sides leave without tidying up: the end of a process is not part of its start."""


def _timed(compiled: Path, code: str, *arguments: str) -> float:
    """Return the seconds of a whole process; ``compiled`` keeps byte code, as an installed program has it."""
    env = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    start = time.perf_counter()
    subprocess.run(
        [sys.executable, "-c", code, *arguments],
        check=True,
        cwd=ROOT,
        env={
            **env,
            "QT_QPA_PLATFORM": "offscreen",
            "PYTHONPYCACHEPREFIX": str(compiled),
            "REVIEWER_SETTINGS": str(compiled.with_name("settings.ini")),
        },
        stderr=subprocess.DEVNULL,  # the offscreen platform's chatter
    )
    return time.perf_counter() - start


def run() -> dict[str, Measured]:
    """Measure whole processes in turn, so that both see the same machine."""
    with tempfile.TemporaryDirectory() as folder:
        made, compiled = sample.make(Path(folder)), Path(folder) / "compiled"
        arguments = (str(made.path), str(made.week), made.reviewer)
        _timed(compiled, FLOOR), _timed(compiled, OURS, *arguments)
        pairs = [(_timed(compiled, FLOOR), _timed(compiled, OURS, *arguments)) for _ in range(TIMES)]
    floor, ours = (min(column) for column in zip(*pairs, strict=True))  # what else the machine does only adds
    return {
        "start to first paint / interpreter and QtWidgets": Measured(
            ours / floor, 2.5, f"{ours * 1e3:.0f} ms of {floor * 1e3:.0f} ms"
        )
    }
