"""A coding on disk, against appending 4 KB to a file and waiting for the disk (S)."""

import os
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from reviewer.model.coding import CodingKey, Said, Speaker
from reviewer.model.ids import TraceId, WeekName
from reviewer.verbs import coding, opening
from tests.benchmarks.measured import Measured

TIMES = 300


def _timed(once: Callable[[], object]) -> float:
    start = time.perf_counter()
    once()
    return time.perf_counter() - start


def run() -> dict[str, Measured]:
    """Measure from the press to the answer of the writer's thread, on the same file system in the same run."""
    with tempfile.TemporaryDirectory(dir=Path(__file__).resolve().parents[2] / "build") as folder:
        descriptor = os.open(Path(folder) / "floor", os.O_CREAT | os.O_WRONLY | os.O_APPEND)

        def append() -> None:
            os.write(descriptor, b"x" * 4096)
            os.fsync(descriptor)

        workspace = opening.new(Path(folder) / "w.review")
        count = iter(range(TIMES * 10))

        def press() -> None:
            number = next(count)
            key = CodingKey(TraceId(f"t{number // 6}"), WeekName("w"), "r")  # six presses an item
            speaker = Speaker(key, 1, "h")
            said = speaker.say(1, (Said.MODE_ON, {"mode": f"m{number % 7}", "anchor": None}))
            workspace.write(coding.record, said).result()

        workspace.write(coding.make_room).result()  # as the window does once it stands
        for _ in range(20):
            append(), press()
        # In turn, so that both meet the same disk: its speed comes in phases.
        pairs = [(_timed(append), _timed(press)) for _ in range(TIMES)]
        floor, ours = zip(*pairs, strict=True)
        workspace.close()
        os.close(descriptor)
    p50, p95 = statistics.median, (lambda values: statistics.quantiles(values, n=20)[-1])
    note = f"{p50(ours) * 1e3:.2f} ms, S {p50(floor) * 1e3:.2f} ms"
    return {
        "tag durable / S, median": Measured(p50(ours) / p50(floor), 2.0, note),
        "tag durable / S, 95 %": Measured(p95(ours) / p95(floor), 2.0, f"{p95(ours) * 1e3:.2f} ms"),
    }
