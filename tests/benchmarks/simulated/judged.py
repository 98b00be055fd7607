"""Rates that lean on a judge, over populations in which its hits and misses are known."""

from dataclasses import dataclass
from itertools import product

import numpy as np

from reviewer.measure.correction import LEAST_OF_EACH, Predicted, ppi
from reviewer.measure.intervals import Interval
from reviewer.measure.prevalence import Cell, prevalence, tight_prevalence
from tests.benchmarks.simulated.samples import Numbers, wilson

POPULATION = 10_000
SENSITIVITY, SPECIFICITY = 0.8, 0.9


@dataclass(frozen=True, slots=True)
class Leaned:
    """What came of one cell of ``times`` samples; widths are means over those that the other interval has."""

    rate: float
    n: int
    offered: float
    """How often PPI++ was offered: 20 failures and 20 others among the reviewed."""
    covered: float
    """How often PPI++ held the truth where it was offered; not a number where it never was."""
    rule: float
    """How often the interval that the program shows held the truth: PPI++ where offered, else the default one."""
    width: float
    """PPI++ where offered, over the textbook interval of the labels alone."""
    stratified: float
    """How often the interval held the truth that takes the judge's two answers as strata."""
    stratified_width: float
    """Its width over Wilson's of the labels alone."""


def leaned(times: int, seed: int) -> list[Leaned]:
    """Return the twelve cells of rates from 2 to 30 % and 100 to 400 labels."""
    rng = np.random.default_rng(seed)
    return [_cell(rate, n, times, rng) for rate, n in product((0.02, 0.05, 0.1, 0.3), (100, 200, 400))]


def _cell(rate: float, n: int, times: int, rng: np.random.Generator) -> Leaned:
    failing = round(rate * POPULATION)
    caught, alarms = round(SENSITIVITY * failing), round((1 - SPECIFICITY) * (POPULATION - failing))
    held = (caught, failing - caught, alarms, POPULATION - failing - alarms)
    truth, flagged = failing / POPULATION, caught + alarms
    rows = [_sample(drawn, flagged, truth) for drawn in rng.multivariate_hypergeometric(held, n, size=times)]
    found = np.array(rows)
    offered = found[:, 0] == 1.0
    return Leaned(
        rate,
        n,
        float(offered.mean()),
        float(found[offered, 1].mean()) if offered.any() else float("nan"),
        float(found[:, 2].mean()),
        float(np.nanmean(found[offered, 3])) if offered.any() else float("nan"),
        float(found[:, 4].mean()),
        float(found[:, 5].mean()),
    )


def _sample(drawn: Numbers, flagged: int, truth: float) -> tuple[float, ...]:
    """Return what came of one sample: offered, covered by PPI++, by the rule, width, and the same of the strata."""
    caught, missed, alarms, passed = (int(count) for count in drawn)
    n, seen = caught + missed + alarms + passed, caught + missed
    plain = prevalence([Cell(POPULATION, n, seen)])
    assert plain is not None
    strata = [
        Cell(flagged, caught + alarms, caught, "flagged"),
        Cell(POPULATION - flagged, missed + passed, missed, "passed"),
    ]
    by_judge = tight_prevalence(strata) or prevalence(strata)
    assert by_judge is not None
    low, high = wilson(np.array([float(seen)]), float(n))
    stratified = (
        _holds(Interval(by_judge.low, by_judge.high), truth),
        (by_judge.high - by_judge.low) / float((high - low)[0]),
    )
    if seen < LEAST_OF_EACH or n - seen < LEAST_OF_EACH:
        return 0.0, np.nan, _holds(Interval(plain.low, plain.high), truth), np.nan, *stratified
    labels = np.repeat([1.0, 1.0, 0.0, 0.0], (caught, missed, alarms, passed))
    words = np.repeat([1.0, 0.0, 1.0, 0.0], (caught, missed, alarms, passed))
    leaning = ppi([Predicted(POPULATION, flagged / POPULATION, labels, words)])
    assert leaning is not None
    held = _holds(leaning.limits, truth)
    textbook = 2 * 1.96 * np.sqrt(seen / n * (1 - seen / n) / n)
    return 1.0, held, held, (leaning.limits.high - leaning.limits.low) / textbook, *stratified


def _holds(limits: Interval, truth: float) -> float:
    return float(limits.low <= truth <= limits.high)
