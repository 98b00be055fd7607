"""Writing a dataset of 100,000 coded traces, against writing the same records as plain JSON lines in the same run."""

import gc
import tempfile
import time
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

from reviewer.exports.sets.canonical import Labelled
from reviewer.exports.sets.targets import TARGETS, export
from reviewer.model.coding import Verdict
from reviewer.model.trace import Document
from tests.benchmarks.measured import Measured
from tests.exports.builders import about, coded, labelled, said, trace

SMALL, LARGE = 3_000, 100_000
SLOWEST = ("openai", "csv")
"""The targets that take longest for the small number of rows: the large one is measured with these alone."""
FEW, MANY = 500, 4_000
ANSWER = "The parcel left the store on Monday and is on its way. " * 8
DOCUMENTS = [Document(f"Passage {number}: " + "orders take two days, returns are free. " * 10) for number in range(3)]


def coded_traces(count: int) -> Iterator[Labelled]:
    """Yield traces of about 2 KB, every third one a fail with a correction."""
    for number in range(count):
        talk = [said("user", f"Where is order {number}?"), said("assistant", f"{number}: {ANSWER}")]
        coding = coded(Verdict.FAIL, "looping", note="No place is named.", expected="x") if number % 3 == 0 else coded()
        yield labelled(trace(str(number), *talk, documents=list(DOCUMENTS), session_id=f"s{number // 4}"), coding)


def seconds(target: str, count: int, folder: Path) -> float:
    gc.collect()
    start = time.perf_counter()
    written = export(target, coded_traces(count), folder / target, about())
    taken = time.perf_counter() - start
    assert written.rows + sum(written.dropped.values()) == count
    return taken


def peak(target: str, count: int, folder: Path) -> int:
    tracemalloc.start()
    try:
        export(target, coded_traces(count), folder / f"{target}-{count}", about())
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def run() -> dict[str, Measured]:
    """Measure each target's seconds as a ratio to those of ``jsonl``, and how its memory grows with the rows."""
    found: dict[str, Measured] = {}
    with tempfile.TemporaryDirectory(dir=Path(__file__).resolve().parents[2] / "build") as place:
        folder = Path(place)
        for count, targets in ((SMALL, TARGETS[1:]), (LARGE, SLOWEST)):
            floor = seconds("jsonl", count, folder)
            for target in targets:
                taken = seconds(target, count, folder)
                note = f"{taken:.1f} s, canonical {floor:.1f} s"
                found[f"export {count:,} rows, {target} / canonical"] = Measured(taken / floor, 3.0, note)
        for target in TARGETS:
            few, many = peak(target, FEW, folder), peak(target, MANY, folder)
            note = f"{many / 1e6:.1f} MB for {MANY:,} rows"
            # What may grow is a hash a row: 32 bytes and their object, against 2 KB of text a row.
            found[f"export {target}, bytes a row more"] = Measured((many - few) / (MANY - FEW), 400.0, note)
    return found
