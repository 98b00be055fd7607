"""Rates, ratios and intervals against svy (tested against R's survey) and statsmodels, on random samples."""

import math

import numpy as np
import pytest

from reviewer.measure.calibration import rejected
from reviewer.measure.intervals import beta_limits
from reviewer.measure.moved import difference
from reviewer.measure.prevalence import SMOOTHED_FROM, Cell, prevalence
from reviewer.measure.ratio import Pairs, ratio
from reviewer.model.number import Basis, Number

from .conftest import library

pytestmark = pytest.mark.filterwarnings("default")
SEEDS = range(40)


def a_sample(seed: int) -> tuple[list[int], list[int], list[int]]:
    """Return sizes, numbers read and counts of a few strata, none of which the default interval would smooth."""
    rng = np.random.default_rng(seed)
    strata = int(rng.integers(1, 7))
    sizes = rng.integers(60, 20_000, strata)
    reads = rng.integers(2, 50, strata)
    counts = rng.binomial(reads, rng.beta(1, 5, strata))
    counts = np.minimum(counts, np.ceil(reads * SMOOTHED_FROM).astype(int) - 1)
    if not counts.any():
        counts[int(np.argmax(reads))] = 1 if reads.max() > 2 else 0
    return sizes.tolist(), reads.tolist(), counts.tolist()


@pytest.mark.parametrize("seed", SEEDS)
def test_the_default_interval_is_that_of_a_survey_package(seed: int) -> None:
    svy, polars = library("svy"), library("polars")
    sizes, reads, counts = a_sample(seed)
    rows = [
        (f"s{h}", size, size / read, int(i < count))
        for h, (size, read, count) in enumerate(zip(sizes, reads, counts, strict=True))
        for i in range(read)
    ]
    data = polars.DataFrame(rows, schema=["h", "N", "w", "y"], orient="row")
    survey = svy.Sample(data, svy.Design(stratum="h", wgt="w", pop_size="N"))
    theirs = next(e for e in survey.estimation.prop("y", ci_method="beta").estimates if e.y_level == 1)
    ours = prevalence([Cell(*row, label=f"s{i}") for i, row in enumerate(zip(sizes, reads, counts, strict=True))])
    assert ours is not None
    assert ours.value == pytest.approx(theirs.est, abs=1e-9)
    if ours.n_eff < ours.n:
        assert (ours.low, ours.high) == pytest.approx((theirs.lci, theirs.uci), abs=1e-9)
    else:
        # We do not believe that a stratified sample is worth more than its size (the truncation of NCHS); they do.
        assert ours.low <= theirs.lci + 1e-9 and theirs.uci - 1e-9 <= ours.high


@pytest.mark.parametrize("seed", SEEDS)
def test_cost_per_success_is_the_ratio_of_a_survey_package(seed: int) -> None:
    svy, polars = library("svy"), library("polars")
    rng = np.random.default_rng(seed)
    sizes, reads = rng.integers(100, 9000, 3), rng.integers(3, 40, 3)
    costs = [rng.lognormal(size=n) for n in reads]
    passed = [(rng.random(n) < 0.8).astype(float) for n in reads]
    if any(not p.any() for p in passed):
        passed = [np.ones(n) for n in reads]
    rows = [
        (f"s{h}", int(sizes[h]), sizes[h] / reads[h], c, p)
        for h in range(3)
        for c, p in zip(costs[h], passed[h], strict=True)
    ]
    data = polars.DataFrame(rows, schema=["h", "N", "w", "cost", "ok"], orient="row")
    theirs = (
        svy.Sample(data, svy.Design(stratum="h", wgt="w", pop_size="N")).estimation.ratio("cost", "ok").estimates[0]
    )
    ours = ratio([Pairs(int(size), c, p) for size, c, p in zip(sizes, costs, passed, strict=True)])
    assert ours is not None
    assert ours.value == pytest.approx(theirs.est, rel=1e-9)
    # Theirs is symmetric, ours on the logarithm: both come from the same standard error.
    reach = (theirs.uci - theirs.lci) / 2 / theirs.est
    assert math.log(ours.limits.high / ours.value) == pytest.approx(reach, rel=1e-9)


@pytest.mark.parametrize("seed", SEEDS)
def test_clopper_pearson_and_the_difference_of_two_rates(seed: int) -> None:
    proportion = library("statsmodels.stats.proportion")
    rng = np.random.default_rng(seed)
    n1, n2 = (int(n) for n in rng.integers(5, 400, 2))
    x1, x2 = int(rng.integers(0, n1 + 1)), int(rng.integers(0, n2 + 1))
    theirs = proportion.proportion_confint(x1, n1, method="beta")
    assert tuple(beta_limits(x1 / n1, n1)) == pytest.approx(theirs, abs=1e-9, nan_ok=True)
    ours = difference(
        *(
            Number(x / n, Basis.ESTIMATE, low=low, high=high, n=n)
            for x, n in ((x1, n1), (x2, n2))
            for low, high in (proportion.proportion_confint(x, n, method="wilson"),)
        )
    )
    assert ours is not None
    theirs = proportion.confint_proportions_2indep(x1, n1, x2, n2, method="newcomb", compare="diff")
    assert (ours.low, ours.high) == pytest.approx(theirs, abs=1e-9)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_false_discovery_rate(seed: int) -> None:
    multitest = library("statsmodels.stats.multitest")
    rng = np.random.default_rng(seed)
    chances = rng.beta(0.4, 3, int(rng.integers(1, 40)))
    for q in (0.01, 0.1):
        assert list(rejected(chances, q)) == list(multitest.multipletests(chances, q, method="fdr_bh")[0])
