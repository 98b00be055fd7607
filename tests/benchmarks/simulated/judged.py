"""Rates that lean on a judge, over populations in which its hits and misses are known."""

from dataclasses import dataclass
from itertools import product

import numpy as np

from reviewer.measure.correction import LEAST_OF_EACH, Predicted, ppi
from reviewer.measure.intervals import Interval
from reviewer.measure.judges import _Against, _Stratum
from reviewer.measure.prevalence import Cell, prevalence, tight_prevalence
from reviewer.measure.strata import Crossing, stratify
from reviewer.model.number import Number
from reviewer.model.week import Plan
from tests.benchmarks.simulated.samples import Numbers, wilson

POPULATION = 10_000
SENSITIVITY, SPECIFICITY = 0.8, 0.9

WORKFLOWS = (0.4, 0.3, 0.2, 0.1)
FLAGS_FIND, FALSE_FLAGS = 0.7, 0.05
"""Of the failing traces and of the others, the share that carries the risk flag, whatever the judge says."""


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


@dataclass(frozen=True, slots=True)
class Favoured:
    """What came of one cell in which the sample favours flagged traces, in four workflows."""

    rate: float
    n: int
    corrected: float
    """How often the corrected rate's interval held the truth."""
    bias: float
    """|mean corrected rate − truth| over what is allowed: 2 % of the truth, or 3 standard errors of the simulation."""
    offered: float
    covered: float
    """How often PPI++ held the truth where it was offered; not a number where it never was."""


def favoured(times: int, seed: int) -> list[Favoured]:
    """Return the nine cells of rates from 5 to 30 % and 60 to 200 labels in the program's own risk plan."""
    rng = np.random.default_rng(seed)
    return [_favoured(rate, n, times, rng) for rate, n in product((0.05, 0.1, 0.3), (60, 100, 200))]


def _favoured(rate: float, n: int, times: int, rng: np.random.Generator) -> Favoured:
    held, drawn = _risk_plan(rate, n)
    whole = np.sum(list(held.values()), axis=0)
    truth = float((whole[0] + whole[1]) / whole.sum())
    corrected, tightened = [], []
    for _ in range(times):
        read = {label: rng.multivariate_hypergeometric(cells, drawn[label]) for label, cells in held.items()}
        against = _Against({("week", label): _stratum(cells, read[label]) for label, cells in held.items()})
        corrected.append(against.corrected())
        tightened.append(against.tightened())
    found, offered = [one for one in corrected if one], [one for one in tightened if one]
    values = np.array([one.value for one in found], dtype=np.float64)
    noise = float(values.std() / np.sqrt(times))
    return Favoured(
        rate,
        n,
        _covered(found, truth),
        abs(float(values.mean()) - truth) / max(0.02 * truth, 3.0 * noise),
        len(offered) / times,
        _covered(offered, truth) if offered else float("nan"),
    )


def _covered(numbers: list[Number], truth: float) -> float:
    return float(np.mean([(one.low or 0.0) <= truth <= (1.0 if one.high is None else one.high) for one in numbers]))


def _risk_plan(rate: float, n: int) -> tuple[dict[str, Numbers], dict[str, int]]:
    """Return by stratum how many traces are caught, missed, false alarms and passed, and how many are read."""
    crossings: dict[Crossing, tuple[int, ...]] = {}
    for number, share in enumerate(WORKFLOWS):
        size = round(share * POPULATION)
        failing = round(size * rate)
        pointed_at = round(FLAGS_FIND * failing)
        flagged = pointed_at + round(FALSE_FLAGS * (size - failing))
        for flag, part, bad in ((True, flagged, pointed_at), (False, size - flagged, failing - pointed_at)):
            caught, alarms = round(SENSITIVITY * bad), round((1 - SPECIFICITY) * (part - bad))
            crossings[(f"workflow {number}",), flag] = (caught, bad - caught, alarms, part - bad - alarms)
    laid = stratify({crossing: sum(cells) for crossing, cells in crossings.items()}, Plan(n, "", "risk", ("workflow",)))
    held: dict[str, Numbers] = {}
    for crossing, label in laid.labels.items():
        held[label] = np.add(held.get(label, np.zeros(4, int)), crossings[crossing])
    return held, laid.drawn


def _stratum(held: Numbers, read: Numbers) -> _Stratum:
    caught, missed, alarms, passed = (int(count) for count in held)
    seen = [int(count) for count in read]
    return _Stratum(
        size=int(held.sum()),
        held={True: caught + alarms, False: missed + passed, None: 0},
        read={True: seen[0] + seen[2], False: seen[1] + seen[3], None: 0},
        positive={True: seen[0], False: seen[1], None: 0},
    )


def _holds(limits: Interval, truth: float) -> float:
    return float(limits.low <= truth <= limits.high)
