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
import gc
gc.disable()  # as the command does until the window stands
import sys
from pathlib import Path
from reviewer.desktop.offscreen import open_player
player = open_player(Path(sys.argv[1]), sys.argv[2], sys.argv[3], Path(sys.argv[1]).with_suffix(".ini"))
while player.application.review.state.on_screen is None:  # the transcript's first paint sets it
    player.application.qt.processEvents()
import os
os._exit(0)  # the end of the process is not part of the start
"""


def _timed(compiled: Path, code: str, *arguments: str) -> float:
    """Return the seconds of a whole process; ``compiled`` keeps byte code, as an installed program has it."""
    env = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    start = time.perf_counter()
    subprocess.run(
        [sys.executable, "-c", code, *arguments],
        check=True,
        cwd=ROOT,
        env={**env, "QT_QPA_PLATFORM": "offscreen", "PYTHONPYCACHEPREFIX": str(compiled)},
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
    floor, ours = (statistics.median(column) for column in zip(*pairs, strict=True))
    return {
        "start to first paint / interpreter and QtWidgets": Measured(
            ours / floor, 2.5, f"{ours * 1e3:.0f} ms of {floor * 1e3:.0f} ms"
        )
    }
