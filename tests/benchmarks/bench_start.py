"""Start to the first transcript painted, against starting Python and importing QtWidgets."""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from reviewer.verbs import sample
from tests.benchmarks.measured import Measured

ROOT = Path(__file__).resolve().parents[2]
TIMES = 9
FLOOR = "import PySide6.QtWidgets"
OURS = """
import sys
from pathlib import Path
from reviewer.desktop.offscreen import open_player
open_player(Path(sys.argv[1]), sys.argv[2], sys.argv[3], Path(sys.argv[1]).with_suffix(".ini")).settle()
import os
os._exit(0)  # the end of the process is not part of the start
"""


def _timed(code: str, *arguments: str) -> float:
    start = time.perf_counter()
    subprocess.run(
        [sys.executable, "-c", code, *arguments],
        check=True,
        cwd=ROOT,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
    )
    return time.perf_counter() - start


def run() -> dict[str, Measured]:
    """Measure whole processes in turn, so that both see the same machine."""
    with tempfile.TemporaryDirectory() as folder:
        made = sample.make(Path(folder))
        arguments = (str(made.path), str(made.week), made.reviewer)
        _timed(FLOOR), _timed(OURS, *arguments)
        pairs = [(_timed(FLOOR), _timed(OURS, *arguments)) for _ in range(TIMES)]
    floor, ours = (statistics.median(column) for column in zip(*pairs, strict=True))
    return {
        "start to first paint / interpreter and QtWidgets": Measured(
            ours / floor, 2.5, f"{ours * 1e3:.0f} ms of {floor * 1e3:.0f} ms"
        )
    }
