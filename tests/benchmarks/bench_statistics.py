"""Whether the numbers can be believed: intervals, alerts and splits against simulated truth, and how long they take.

Every simulation has a fixed seed. The tables behind the ratios are written to ``build/statistics.json``. The alerts are
simulated over 60 quarters; ``BENCH_QUARTERS`` asks for more, which take about a quarter of a second each, nine times.
"""

import dataclasses
import json
import os
from pathlib import Path

import numpy as np

from tests.benchmarks.measured import Measured
from tests.benchmarks.simulated import alarms, coverage, judged, running, splits

OUT = Path(__file__).resolve().parents[2] / "build" / "statistics.json"
QUARTERS = int(os.environ.get("BENCH_QUARTERS", "60"))
JUDGED = 800
"""Samples of every cell in which a judge is held against a sample that favours flagged traces."""
SEED = 20_261_124


def run() -> dict[str, Measured]:
    """Measure everything; values are shares missed, numbers a quarter, or times, each against what it may be at most."""
    tables: dict[str, object] = {"quarters": QUARTERS}
    found: dict[str, Measured] = {}
    for part in (_coverage, _judges, _splits, _alarms, _running):
        # Plain numbers: numpy's own are not written as JSON.
        found |= {name: Measured(float(one.value), one.limit, one.note) for name, one in part(tables).items()}
        OUT.write_text(json.dumps(tables, indent=1) + "\n", encoding="utf-8")
    return found


def _coverage(tables: dict[str, object]) -> dict[str, Measured]:
    ordinary = coverage.measure(coverage.ordinary(), 4000, SEED)
    stress = coverage.measure(coverage.stress(), 2000, SEED + 1)
    for name, grid in (("ordinary", ordinary), ("stress", stress)):
        rows: dict[str, object] = {which: grid.row(which) for which in ("default", "textbook", "unweighted")}
        rows |= {"cells": len(grid.cells), "width": grid.width, "bias": grid.bias, "disagreement": grid.disagreement}
        tables[f"coverage, {name}"] = rows
    held, hard = ordinary.coverage(), stress.coverage()
    least_upper = min(coverage.zero_upper_limits())
    return {
        "interval misses the rate, worst of 390 designs": Measured(1 - held.min(), 0.07),
        "interval misses the rate, mean of 390 designs": Measured(1 - held.mean(), 0.05),
        "width / textbook interval, median of 390 designs": Measured(ordinary.width, 1.55),
        "hard designs that miss more than 7 in 100": Measured(float((hard < 0.93).mean()), 0.01, "of 1,200"),
        "interval misses the rate, worst of 1,200 hard designs": Measured(1 - hard.min(), 0.10),
        "bias / what is allowed, worst of 390 designs": Measured(ordinary.bias, 1.0),
        "designs without an upper limit after nothing was seen": Measured(float(least_upper <= 0), 0.0),
        "difference from the program's own interval": Measured(max(ordinary.disagreement, stress.disagreement), 1e-9),
    }


def _judges(tables: dict[str, object]) -> dict[str, Measured]:
    cells = judged.leaned(3000, SEED + 2)
    favoured = judged.favoured(JUDGED, SEED + 12)
    tables["judges"] = [dataclasses.asdict(cell) for cell in cells]
    tables["judges, favouring flagged traces"] = [dataclasses.asdict(cell) for cell in favoured]
    width = {(cell.rate, cell.n): cell.width for cell in cells}
    usual = [cell for cell in cells if cell.offered >= 0.5]
    leaned_on = [cell.covered for cell in favoured if cell.offered >= 0.5]
    return {
        "PPI++ misses the rate where it is usually offered": Measured(1 - min(c.covered for c in usual), 0.07),
        "what is shown beside a judge misses the rate": Measured(1 - min(c.rule for c in cells), 0.07, "of 12 cells"),
        "corrected rate misses, simple sample": Measured(1 - min(c.stratified for c in cells), 0.07, "of 12 cells"),
        "corrected rate misses, favouring flagged traces": _rate(1 - min(c.corrected for c in favoured), 0.07, JUDGED),
        "bias of the corrected rate / what is allowed, worst of 9": Measured(max(c.bias for c in favoured), 1.0),
        "PPI++ misses where usually offered, favouring flagged traces": _rate(1 - min(leaned_on), 0.07, JUDGED),
        "PPI++ width / textbook, 10 %, 200 labels": Measured(width[0.1, 200], 0.86),
        "PPI++ width / textbook, 30 %, 100 labels": Measured(width[0.3, 100], 0.75),
    }


def _splits(tables: dict[str, object]) -> dict[str, Measured]:
    true, found = splits.truth(), splits.splits(4000, SEED + 3)
    tables["splits"] = dataclasses.asdict(found) | {name: getattr(true, name).value for name in splits.PARTS}
    opposite = (true.mix.value or 0.0) > 0 > (true.within.value or 0.0)
    return {
        "mix and within against the change, largest gap": Measured(found.gap, 1e-12),
        "interval of a part misses it": Measured(1 - min(found.covered.values()), 0.07),
        "Simpson's paradox overlooked": Measured(float(not opposite), 0.0),
    }


def _alarms(tables: dict[str, object]) -> dict[str, Measured]:
    simple, weighted, larger = alarms.simple(100), alarms.weighted(100), alarms.simple(200)
    quiet = [
        alarms.false_alarms(simple, QUARTERS, SEED + 4),
        alarms.false_alarms(weighted, QUARTERS, SEED + 5),
        alarms.false_alarms(simple, QUARTERS, SEED + 6, variation=0.25),
        alarms.false_alarms(weighted, QUARTERS, SEED + 11, variation=0.25),
    ]
    doubled = [
        alarms.doubling(weighted, 0.05, QUARTERS, SEED + 7),
        alarms.doubling(larger, 0.05, QUARTERS, SEED + 8),
        alarms.doubling(weighted, 0.10, QUARTERS, SEED + 9),
        alarms.doubling(weighted, 0.02, QUARTERS, SEED + 10),
        alarms.doubling(simple, 0.02, QUARTERS, SEED + 13),
    ]
    tables["alarms"] = [dataclasses.asdict(one) for one in quiet]
    tables["doubling"] = [dataclasses.asdict(one) for one in doubled]
    return {
        "quarters with a false ALERT, simple": _rate(quiet[0].any_alert, 0.22),
        "quarters with a false ALERT, risk-weighted": _rate(quiet[1].any_alert, 0.22),
        "quarters with a false ALERT, simple, weeks that vary by a quarter": _rate(quiet[2].any_alert, 0.30),
        "quarters with a false ALERT, risk-weighted, weeks that vary by a quarter": _rate(quiet[3].any_alert, 0.30),
        "false ALERTs a quarter, worst of four": Measured(max(one.alerts for one in quiet), 0.5),
        "5 to 10 % not found in 4 weeks, risk-weighted, 100": _rate(1 - doubled[0].within[4], 0.28),
        "5 to 10 % not found in 4 weeks, simple, 200": _rate(1 - doubled[1].within[4], 0.18),
        "10 to 20 % not found in 4 weeks, risk-weighted, 100": _rate(1 - doubled[2].within[4], 0.05),
    }


def _rate(value: float, limit: float, times: int = QUARTERS) -> Measured:
    """Return a simulated share against its limit, with the error of so few runs added to the limit and said."""
    noise = 2 * float(np.sqrt(limit * (1 - limit) / times)) if times < 1000 else 0.0
    return Measured(value, limit + noise, f"limit {limit:g} and 2 standard errors of {times}" if noise else f"{times}")


def _running(tables: dict[str, object]) -> dict[str, Measured]:
    times = running.seconds()
    tables["seconds"] = {name: {"seconds": taken, "at most": limit} for name, (taken, limit) in times.items()}
    tables["peak MB"] = peak = running.peak_megabytes()
    return {
        **{
            f"{name}: seconds / target": Measured(taken / limit, 1.0, f"{taken:.2f} s")
            for name, (taken, limit) in times.items()
        },
        "memory / 700 MB": Measured(peak / 700, 1.0, f"{peak:.0f} MB"),
    }
