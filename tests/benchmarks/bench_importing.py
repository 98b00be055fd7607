"""Importing, everything included, against what only parses, stores the raw line and indexes the same text."""

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.benchmarks.measured import Measured

ROOT = Path(__file__).resolve().parents[2]
BENCH = ROOT.parent / "shared" / "bench"
SMALL, LARGE = 10_000, 100_000
COMPILED = ROOT / "build" / "compiled"


def traces(count: int) -> Path:
    """Return a file of generated traces, made once."""
    path = ROOT / "build" / f"traces-{count}.jsonl"
    if not path.exists():
        path.parent.mkdir(exist_ok=True)
        subprocess.run(
            [sys.executable, BENCH / "gen_traces.py", str(count), path], check=True, stderr=subprocess.DEVNULL
        )
    return path


def limit(path: Path) -> float:
    """Return the seconds of the plain variant, in this run."""
    done = subprocess.run([sys.executable, BENCH / "limits.py", path, "fts"], check=True, stdout=subprocess.PIPE)
    return float(json.loads(done.stdout)["seconds"])


def ours(path: Path) -> tuple[float, float]:
    """Return the wall seconds of the whole command, and the largest resident size of its processes in MB.

    Byte code is kept from run to run, as an installed program has it.
    """
    env = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "reviewer", "import", str(path), "--workspace", f"{folder}/w.review"]
        start = time.perf_counter()
        child = subprocess.Popen(
            command, cwd=ROOT, stderr=subprocess.DEVNULL, env={**env, "PYTHONPYCACHEPREFIX": str(COMPILED)}
        )
        _, status, _ = os.wait4(child.pid, 0)
        seconds = time.perf_counter() - start
    assert status == 0, status
    return seconds, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024


def _pair(count: int, times: int) -> tuple[float, float, float]:
    path = traces(count)
    _compile()
    runs = []
    for _ in range(times):
        floor = limit(path)
        seconds, _ = ours(path)
        runs.append((floor, seconds))
    floor, seconds = sorted(runs, key=lambda run: run[1] / run[0])[len(runs) // 2]
    return floor, seconds, _peak(path)


def _compile() -> None:
    """Have the byte code of an import there, from an import of nothing."""
    with tempfile.NamedTemporaryFile(suffix=".jsonl", dir=ROOT / "build") as one:
        with traces(SMALL).open("rb") as lines:
            one.write(next(lines))
        one.flush()
        ours(Path(one.name))


def _peak(path: Path) -> float:
    """Return the peak of one import, measured in a process whose only children are its own."""
    code = f"from tests.benchmarks.bench_importing import ours; from pathlib import Path; print(ours(Path({str(path)!r}))[1])"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, stdout=subprocess.PIPE)
    return float(done.stdout)


def run() -> dict[str, Measured]:
    """Measure 10,000 traces; with ``BENCH_LARGE=1`` also how time and memory grow to 100,000."""
    if not BENCH.exists():
        return {}
    floor, seconds, peak = _pair(SMALL, 3)
    note = f"{seconds:.1f} s, the plain one {floor:.1f} s, peak {peak:.0f} MB"
    results = {"import 10,000 / plain": Measured(seconds / floor, 1.5, note)}
    if os.environ.get("BENCH_LARGE"):
        big_floor, big_seconds, big_peak = _pair(LARGE, 1)
        note = f"{big_seconds:.0f} s, the plain one {big_floor:.0f} s"
        growth = (big_seconds / seconds) / (big_floor / floor)
        results["import growth to 100,000 / growth of the plain one"] = Measured(growth, 1.3, note)
        results["import peak memory at 100,000 / at 10,000"] = Measured(big_peak / peak, 1.1, f"{big_peak:.0f} MB")
    return results
