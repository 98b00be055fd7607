"""Estimates: the published numbers come out, and the interval stays honest where data are thin."""

import json
import math
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reviewer.measure.intervals import beta_limits, korn_graubard, quantile_limits
from reviewer.measure.prevalence import Cell, Estimate, kish, prevalence, tight_prevalence
from reviewer.model.number import Basis

Vectors = dict[str, dict[str, Any]]


@pytest.fixture(scope="module")
def vectors(shared: Callable[..., Path]) -> Vectors:
    listed = json.loads(shared("reference", "statistics-vectors.json").read_text())["vectors"]
    return {vector["id"]: vector for vector in listed}


def estimate(sizes: list[int], read: list[int], counts: list[int], labels: list[str] | None = None) -> Estimate:
    cells = [
        Cell(*row, label=labels[i] if labels else f"s{i}")
        for i, row in enumerate(zip(sizes, read, counts, strict=True))
    ]
    found = prevalence(cells)
    assert found is not None
    return found


@pytest.mark.parametrize("name", ["cp_81_263", "cp_15_148"])
def test_clopper_pearson(vectors: Vectors, name: str) -> None:
    x, n = vectors[name]["input"]["x"], vectors[name]["input"]["n"]
    assert list(beta_limits(x / n, n)) == pytest.approx(vectors[name]["expected"], abs=vectors[name]["tol"])


@pytest.mark.parametrize("name", ["kg_strat", "kg_stratclus_df56"])
def test_korn_graubard_as_in_r_survey(vectors: Vectors, name: str) -> None:
    given = vectors[name]["input"]
    limits = korn_graubard(given["p"], given["se"] ** 2, given["n"], given["df"])
    assert list(limits) == pytest.approx(vectors[name]["expected"], abs=vectors[name]["tol"])


@pytest.mark.parametrize(
    "name", ["default_interval_1", *(f"default_interval_repair_{i}" for i in range(1, 5)), "weighted_beta_case"]
)
def test_the_default_interval(vectors: Vectors, name: str) -> None:
    vector = vectors[name]
    given = {key.removesuffix("_h").removesuffix("h"): value for key, value in vector["input"].items()}
    found = estimate(given["N"], given["n"], given["x"])
    wanted = [vector["expected"][i] for i in ((0, 4, 5) if name == "weighted_beta_case" else (0, 1, 2))]
    assert [found.value, found.low, found.high] == pytest.approx(wanted, abs=vector["tol"])


def test_the_estimate_of_a_stratified_survey_is_the_published_one(vectors: Vectors) -> None:
    vector = vectors["apistrat_awards_fpc"]
    found = estimate(vector["input"]["N_h"], vector["input"]["n_h"], vector["input"]["successes_h"])
    assert found.value == pytest.approx(vector["expected"]["p"], abs=vector["tol"])


def test_a_simple_random_sample_is_one_stratum(vectors: Vectors) -> None:
    given = vectors["apisrs_awards_fpc"]["input"]
    found = estimate([given["N"]], [given["n"]], [given["x"]])
    assert found.value == pytest.approx(vectors["apisrs_awards_fpc"]["expected"]["p"], abs=1e-9)


def test_the_smallest_samples_with_a_quantile_interval(vectors: Vectors) -> None:
    for q, name in ((0.95, "p95"), (0.99, "p99")):
        least = vectors["p95_min_n"]["expected"][name]
        assert quantile_limits(np.arange(least - 1.0), q) is None
        assert quantile_limits(np.arange(float(least)), q) is not None


def test_a_quantile_interval_holds_the_quantile_as_often_as_it_says() -> None:
    rng = np.random.default_rng(7)
    true = math.log(20)  # the 95th percentile of an exponential
    limits = [quantile_limits(rng.exponential(size=200), 0.95) for _ in range(800)]
    held = [low <= true <= high for low, high in (found for found in limits if found is not None)]
    assert len(held) == 800
    assert sum(held) / len(held) > 0.93


def test_nothing_read_gives_no_estimate() -> None:
    assert prevalence([]) is None
    assert prevalence([Cell(100, 0, 0)]) is None


def test_a_population_that_was_read_whole_has_no_interval() -> None:
    found = estimate([40, 10], [40, 10], [4, 10])
    assert (found.low, found.value, found.high) == (0.28, 0.28, 0.28)


def test_a_certainty_stratum_adds_to_the_rate_and_nothing_to_the_variance() -> None:
    alone = estimate([1000], [60], [6])
    beside = estimate([1000, 3], [60, 3], [6, 3], ["all", "chosen before the draw"])
    assert beside.value == pytest.approx((1000 * 0.1 + 3) / 1003)
    assert beside.high - beside.low == pytest.approx(alone.high - alone.low, abs=0.002)


def test_a_sample_without_any_failure_still_has_an_upper_limit() -> None:
    found = estimate([8800, 1200], [64, 36], [0, 0])
    assert (found.value, found.low) == (0, 0)
    assert found.high == pytest.approx(1 - 0.025 ** (1 / found.n_eff))
    assert found.n_eff == pytest.approx(kish([Cell(8800, 64, 0), Cell(1200, 36, 0)]))


def test_skipped_traces_are_taken_to_be_like_the_others_of_their_stratum() -> None:
    found = estimate([900, 100], [30, 10], [3, 5])
    assert found.value == pytest.approx(0.9 * 0.1 + 0.1 * 0.5)


def test_a_stratum_nobody_read_is_answered_for_by_its_neighbour() -> None:
    labels = ["docs · a", "docs · b", "chat · a"]
    found = estimate([600, 200, 200], [30, 0, 30], [3, 0, 15], labels)
    assert found.value == pytest.approx(0.8 * 0.1 + 0.2 * 0.5)
    assert (found.population, found.joined) == (1000, 1)


def test_a_stratum_nobody_read_in_one_week_is_answered_for_by_itself_in_another() -> None:
    flagged, other = "docs · flagged", "docs · not flagged"
    found = prevalence([
        Cell(100, 10, 10, flagged, "W1"), Cell(900, 30, 0, other, "W1"),
        Cell(100, 10, 10, flagged, "W2"), Cell(900, 0, 0, other, "W2"),
    ])  # fmt: skip
    assert found is not None
    assert found.value == pytest.approx(0.1), "and not by the flagged ones, of which all have it"


def test_flagged_traces_nobody_read_are_like_other_flagged_ones() -> None:
    found = prevalence([
        Cell(100, 10, 9, "chat · flagged"), Cell(900, 30, 0, "chat · not flagged"),
        Cell(100, 0, 0, "docs · flagged"), Cell(900, 30, 0, "docs · not flagged"),
    ])  # fmt: skip
    assert found is not None
    assert found.value == pytest.approx(0.1 * 0.9)


def test_one_read_trace_in_a_stratum_does_not_move_the_rate_away_from_its_weight() -> None:
    labels = ["docs · flagged", "docs · not flagged"]
    found = estimate([50, 950], [1, 40], [1, 4], labels)
    assert found.value == pytest.approx(0.05 + 0.95 * 0.1)
    assert found.joined == 1
    assert found.low < found.value < found.high


@pytest.mark.parametrize(
    ("sizes", "read", "counts", "hidden"),
    [
        ([1000], [29], [10], True),  # fewer than 30 read
        ([5000], [60], [5], True),  # far wider than the rate
        ([5000], [60], [20], False),
        ([5000], [240], [20], False),
        ([5000], [40], [20], True),  # 30 points wide
        ([9000, 1000], [10, 90], [2, 30], True),  # 100 read, worth 12
    ],
)
def test_a_rate_is_hidden_where_too_few_were_read(
    sizes: list[int], read: list[int], counts: list[int], hidden: bool
) -> None:
    assert estimate(sizes, read, counts).suppressed is hidden


def test_the_number_says_that_it_is_an_estimate() -> None:
    number = estimate([5000], [240], [20]).as_number("a note")
    assert (number.basis, number.n, number.population, number.count) == (Basis.ESTIMATE, 240, 5000, 20)
    assert number.note == "a note"


STRATA = st.lists(
    st.integers(1, 40).flatmap(lambda read: st.tuples(st.integers(read, 4000), st.just(read), st.integers(0, read))),
    min_size=1,
    max_size=6,
)


@settings(max_examples=200, deadline=None)
@given(STRATA)
def test_the_interval_holds_the_rate_and_mirrors_its_complement(strata: list[tuple[int, int, int]]) -> None:
    sizes, read, counts = (list(column) for column in zip(*strata, strict=True))
    found = estimate(sizes, read, counts)
    assert 0 <= found.low <= found.value + 1e-12
    assert found.value - 1e-12 <= found.high <= 1
    assert 0 < found.n_eff <= found.n + 1e-9
    other = estimate(sizes, read, [r - x for r, x in zip(read, counts, strict=True)])
    if abs(found.value - 0.5) > 1e-9:
        assert (other.low, other.high) == pytest.approx((1 - found.high, 1 - found.low), abs=1e-9)


def test_the_interval_covers_where_the_flag_is_oversampled() -> None:
    rng = random.Random(11)
    true = 0.88 * 0.01 + 0.12 * 0.2
    held = 0
    for _ in range(400):
        counts = [sum(rng.random() < 0.01 for _ in range(64)), sum(rng.random() < 0.2 for _ in range(36))]
        found = estimate([8800, 1200], [64, 36], counts)
        held += found.low <= true <= found.high
    assert held / 400 > 0.95


def test_the_tight_interval(vectors: Vectors) -> None:
    vector = vectors["weighted_beta_case"]
    given, wanted = vector["input"], vector["expected"]
    cells = [Cell(*row) for row in zip(given["Nh"], given["nh"], given["x"], strict=True)]
    found = tight_prevalence(cells)
    assert found is not None
    assert [found.value, found.low, found.high] == pytest.approx([wanted[0], *wanted[2:4]], abs=vector["tol"])
    mirrored = tight_prevalence([Cell(cell.size, cell.read, cell.read - cell.count) for cell in cells])
    assert mirrored is not None
    assert (1 - mirrored.high, 1 - mirrored.low) == pytest.approx((found.low, found.high))


def test_the_tight_interval_is_for_well_filled_strata_only() -> None:
    assert tight_prevalence([Cell(8800, 64, 0), Cell(1200, 24, 3)]) is None
    assert tight_prevalence([]) is None
