"""How long the numbers take, in seconds of the processor, which other programs on the machine do not stretch."""

import resource
import time
from collections.abc import Callable

import numpy as np

from reviewer.measure import coefficients
from reviewer.measure.correction import Predicted, ppi
from reviewer.measure.design import draw
from reviewer.measure.intervals import quantile_limits
from reviewer.measure.reading import rate, weeks_read
from reviewer.model import columns as c
from reviewer.model.ids import ModeId, TraceId
from reviewer.model.week import Candidate, Plan
from tests.measure.builders import item, table

SEED = 5


def seconds() -> dict[str, tuple[float, float]]:
    """Return what each computation took and may take at most, by name."""
    return {
        "draw from 1,000,000 traces, 400 strata": (_timed(*_draw()), 4.0),
        "10,000 labels, 50 modes, rates with intervals": (_timed(*_rates()), 0.25),
        "alpha of 3 readers, 3,000 traces, 1,000 resamples": (_timed(*_alpha()), 4.0),
        "alpha of sets, 2 readers, 300 traces": (_timed(*_sets()), 0.5),
        "PPI++ of 1,000,000 traces": (_timed(*_leaning()), 0.1),
        "p95 of 1,000,000 traces with its interval": (_timed(*_quantile()), 0.2),
    }


def peak_megabytes() -> float:
    """Return the largest resident size of this process so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _timed(compute: Callable[[], object], times: int) -> float:
    """Return the shortest of some runs, on one core."""
    taken = []
    for _ in range(times):
        start = time.process_time()
        compute()
        taken.append(time.process_time() - start)
    return min(taken)


def _draw() -> tuple[Callable[[], object], int]:
    population = [
        Candidate(TraceId(f"trace-{i:07d}"), (f"workflow {i % 200}",), i // 200 % 8 == 0) for i in range(1_000_000)
    ]
    plan = Plan(2000, "seed", "risk", ("workflow",))
    return lambda: draw(population, plan), 2


def _rates() -> tuple[Callable[[], object], int]:
    rng = np.random.default_rng(SEED)
    modes = [f"m{i}" for i in range(50)]
    rows = [
        item("2026-W47", f"t{i}", [m for m, hit in zip(modes, rng.random(50) < 0.05, strict=True) if hit])
        | {c.STRATUM: f"s{i % 40}", c.N_H: 5000, c.DRAWN_H: 250}
        for i in range(10_000)
    ]
    items = table(rows)

    def compute() -> None:
        weeks = weeks_read(items)
        for mode in modes:
            rate(weeks, ModeId(mode))

    return compute, 5


def _alpha() -> tuple[Callable[[], object], int]:
    rng = np.random.default_rng(SEED)
    given = coefficients.ratings(rng.integers(1, 6, (3000, 3)).tolist())
    weights = coefficients.resampled(3000)
    return lambda: coefficients.alpha(given, "ordinal", weights), 2


def _sets() -> tuple[Callable[[], object], int]:
    rng = np.random.default_rng(SEED)
    said = [[frozenset(np.flatnonzero(rng.random(8) < 0.2).tolist()) for _ in range(2)] for _ in range(300)]
    return lambda: coefficients.alpha(coefficients.ratings(said), "sets"), 3


def _leaning() -> tuple[Callable[[], object], int]:
    rng = np.random.default_rng(SEED)
    flagged = (rng.random(1_000_000) < 0.2).astype(float)
    labels = (rng.random(400) < 0.1).astype(float)
    return lambda: ppi([Predicted(len(flagged), float(flagged.mean()), labels, flagged[:400])]), 5


def _quantile() -> tuple[Callable[[], object], int]:
    values = np.random.default_rng(SEED).lognormal(size=1_000_000)
    return lambda: (np.quantile(values, 0.95), quantile_limits(values, 0.95)), 3
