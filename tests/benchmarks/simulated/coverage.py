"""How often the default interval holds the true rate, over grids of designs."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

import numpy as np

from reviewer.measure.allocation import FLAGGED_WEIGHT, Stratum, allocate
from reviewer.measure.strata import Crossing, stratify
from reviewer.model.week import Plan
from tests.benchmarks.simulated.samples import Numbers, Setting, estimates, raw, rounded, wald

FALSE_FLAGS = 0.05
"""The share of traces without the mode that carry the risk flag nevertheless."""

COMPARED = 20
"""Samples of every cell that are held against the program's own function."""


@dataclass(frozen=True, slots=True)
class Covered:
    """What came of one cell: how often each interval held the truth, widths, and the error of the mean estimate."""

    setting: Setting
    default: float
    textbook: float
    unweighted: float
    width: float
    """Mean width of the default interval over that of the textbook one."""
    bias: float
    """|mean estimate − truth| over what is allowed: 2 % of the truth, or 3 standard errors of the simulation."""
    disagreement: float


@dataclass(frozen=True, slots=True)
class Grid:
    """The cells of a grid, all together."""

    cells: tuple[Covered, ...]

    def coverage(self) -> Numbers:
        """Return the coverage of the default interval, one number a cell."""
        return np.array([cell.default for cell in self.cells])

    def row(self, which: str) -> dict[str, float]:
        """Return the row of a table for ``default``, ``textbook`` or ``unweighted``."""
        held = np.array([getattr(cell, which) for cell in self.cells])
        return {
            "least": float(held.min()),
            "5th percentile": float(np.quantile(held, 0.05)),
            "mean": float(held.mean()),
            "share of cells from .93": float((held >= 0.93).mean()),
        }

    @property
    def width(self) -> float:
        """Return the median over the cells of the width against the textbook interval."""
        return float(np.median([cell.width for cell in self.cells]))

    @property
    def bias(self) -> float:
        """Return the largest bias over what is allowed."""
        return max(cell.bias for cell in self.cells)

    @property
    def disagreement(self) -> float:
        """Return the largest difference from the program's own function."""
        return max(cell.disagreement for cell in self.cells)


def measure(settings: list[Setting], times: int, seed: int) -> Grid:
    """Return what came of ``times`` samples of each setting."""
    rng = np.random.default_rng(seed)
    return Grid(tuple(_covered(setting, rng, times) for setting in settings))


def _covered(setting: Setting, rng: np.random.Generator, times: int) -> Covered:
    counts = setting.counts(rng, times)
    found = estimates(setting, counts)
    textbook = wald(found)
    noise = float(found.value.std() / np.sqrt(times))
    return Covered(
        setting,
        found.covers(setting.truth),
        textbook.covers(setting.truth),
        raw(setting, counts).covers(setting.truth),
        float((found.high - found.low).mean() / (textbook.high - textbook.low).mean()),
        abs(float(found.value.mean()) - setting.truth) / max(0.02 * setting.truth, 3.0 * noise),
        setting.disagreement(counts[:COMPARED], found.part(COMPARED)),
    )


def ordinary() -> list[Setting]:
    """Return 390 cells: five sizes, six rates, and simple or risk-weighted designs whose flag finds 30 to 95 %."""
    simple = [(1, 1.0, 1.0, 0.7)]
    weighted = [
        (strata, weight, anchor, found)
        for strata, (weight, anchor), found in product((2, 8), ((8.0, 0.4), (20.0, 0.2)), (0.3, 0.7, 0.95))
    ]
    return [
        _setting(10_000, strata, n, rate, weight, anchor, found)
        for n, rate, (strata, weight, anchor, found) in product(
            (60, 100, 200, 400, 1000), (0.01, 0.02, 0.05, 0.1, 0.2, 0.4), (*simple, *weighted)
        )
    ]


def stress() -> list[Setting]:
    """Return 1,200 cells that are hard: many small strata, modes in one workflow only, flags that point elsewhere.

    Where the floor is 2, the design is the program's own. With 4 and 8, floors take at most half of the sample.
    """
    return [
        _setting(population, strata, n, rate, 8.0, 0.4, found, floor, concentrated)
        for population, strata, n, floor, rate, found, concentrated in product(
            (2_000, 100_000),
            (6, 40),
            (60, 200),
            (2, 4, 8),
            (0.01, 0.02, 0.05, 0.1, 0.2),
            (0.01, 0.05, 0.3, 0.7, 0.95),
            (False, True),
        )
    ]


def _setting(
    population: int,
    strata: int,
    n: int,
    rate: float,
    weight: float,
    anchor: float,
    found: float,
    floor: int = 2,
    concentrated: bool = False,
) -> Setting:
    """Return a cell: workflows of falling size, each split by the flag, which ``found`` of the failing ones carry."""
    if strata == 1:
        return Setting(
            (population,), (n,), (round(rate * population),), f"N {population}, n {n}, rate {rate:g}, simple"
        )
    workflows = rounded([1 / (i + 1) for i in range(strata // 2)], population)
    failing = rounded([float(size) for size in workflows], round(rate * population))
    if concentrated:
        failing = _only_in(2, workflows, round(rate * population))
    sizes, held = _split(workflows, failing, found)
    about = f"N {population}, n {n}, {strata} strata, rate {rate:g}, flag finds {found:g}, x{weight:g}, floor {floor}"
    design = _own if (weight, floor) == (FLAGGED_WEIGHT, 2) else _other
    return design(sizes, held, n, anchor, weight, floor, about + (", in one workflow" if concentrated else ""))


def _own(
    sizes: dict[Crossing, int], held: dict[Crossing, int], n: int, anchor: float, weight: float, floor: int, about: str
) -> Setting:
    """Return the cell as the program lays its strata."""
    found = stratify(sizes, Plan(n, "", "risk", ("workflow",), anchor=anchor))
    failing = Counter[str]()
    for crossing, label in found.labels.items():
        failing[label] += held[crossing]
    labels = list(found.sizes)
    return Setting(
        tuple(found.sizes[label].size for label in labels),
        tuple(found.drawn[label] for label in labels),
        tuple(failing[label] for label in labels),
        about,
    )


def _other(
    sizes: dict[Crossing, int], held: dict[Crossing, int], n: int, anchor: float, weight: float, floor: int, about: str
) -> Setting:
    """Return the cell with a weight or a floor that the program does not offer, and twice the floors at least."""
    heavy = {crossing: size * (weight if crossing[1] else 1.0) for crossing, size in sizes.items()}
    whole, whole_heavy = sum(sizes.values()), sum(heavy.values())
    cells = {str(crossing): Stratum(size, crossing[1]) for crossing, size in sizes.items()}
    shares = {
        str(crossing): anchor * size / whole + (1.0 - anchor) * heavy[crossing] / whole_heavy
        for crossing, size in sizes.items()
    }
    size = min(whole, max(n, 2 * sum(min(floor, cell.size) for cell in cells.values())))
    reads = allocate(cells, shares, size, floor)
    return Setting(tuple(sizes.values()), tuple(reads.values()), tuple(held[crossing] for crossing in sizes), about)


def _only_in(place: int, workflows: list[int], failing: int) -> list[int]:
    room = [0] * len(workflows)
    for i in (place, *(i for i in range(len(workflows)) if i != place)):
        room[i] = min(workflows[i], failing)
        failing -= room[i]
    return room


def _split(workflows: list[int], failing: list[int], found: float) -> tuple[dict[Crossing, int], dict[Crossing, int]]:
    """Return the size and the failing ones of each workflow's flagged and unflagged part; empty parts are left out."""
    sizes: dict[Crossing, int] = {}
    held: dict[Crossing, int] = {}
    for i, (size, bad) in enumerate(zip(workflows, failing, strict=True)):
        flagged_bad = round(found * bad)
        flagged = flagged_bad + round(FALSE_FLAGS * (size - bad))
        for is_flagged, part, failing_part in (
            (True, flagged, flagged_bad),
            (False, size - flagged, bad - flagged_bad),
        ):
            if part:
                sizes[(f"w{i:02d}",), is_flagged] = part
                held[(f"w{i:02d}",), is_flagged] = failing_part
    return sizes, held


def zero_upper_limits() -> Iterator[float]:
    """Yield the upper limit after nothing was found, for every design of the ordinary grid."""
    for setting in ordinary():
        yield float(estimates(setting, np.zeros((1, len(setting.sizes)))).high[0])
