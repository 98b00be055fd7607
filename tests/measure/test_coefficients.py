"""Agreement of readers: the published coefficients come out, and each says what it says."""

import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reviewer.measure import coefficients as of

Vectors = dict[str, dict[str, Any]]


@pytest.fixture(scope="module")
def vectors(shared: Callable[..., Path]) -> Vectors:
    listed = json.loads(shared("reference", "statistics-vectors.json").read_text())["vectors"]
    return {vector["id"]: vector for vector in listed}


def by_unit(raters: list[list[Any]]) -> of.Ratings:
    return of.ratings([[value for value in unit if value is not None] for unit in zip(*raters, strict=True)])


def one(found: Any) -> float:
    assert found.shape == (1,)
    return float(found[0])


@pytest.mark.parametrize(
    "name", ["kripp2011_nominal", "kripp2011_ordinal", "kripp_3x15_nominal", "kripp_3x15_interval"]
)
def test_krippendorff(vectors: Vectors, name: str) -> None:
    vector = vectors[name]
    found = one(of.alpha(by_unit(vector["input"]["raters_by_units"]), vector["input"]["level"]))
    assert found == pytest.approx(vector["expected"], abs=vector["tol"])


def test_gwet(vectors: Vectors) -> None:
    vector = vectors["gwet_raw4_ac1"]
    ratings = by_unit(vector["input"]["raters_by_units"])
    assert one(of.ac1(ratings)) == pytest.approx(vector["expected"]["AC1"], abs=vector["tol"])
    assert one(of.raw_agreement(ratings)) == pytest.approx(vector["expected"]["pa"], abs=vector["tol"])


def test_fleiss(vectors: Vectors) -> None:
    vector = vectors["fleiss1971"]
    counts = np.array(vector["input"]["counts"], dtype=float)
    found = one(of.fleiss(of.Ratings(tuple(range(counts.shape[1])), counts)))
    assert found == pytest.approx(vector["expected"], abs=vector["tol"])


def test_cohen(vectors: Vectors) -> None:
    vector = vectors["cohen_ap"]
    (both, first_only), (second_only, neither) = vector["input"]["table"]
    first = ["a"] * (both + first_only) + ["b"] * (second_only + neither)
    second = ["a"] * both + ["b"] * first_only + ["a"] * second_only + ["b"] * neither
    assert one(of.cohen(first, second)) == pytest.approx(vector["expected"], abs=vector["tol"])


def test_masi(vectors: Vectors) -> None:
    vector = vectors["masi_pair"]
    pair = [frozenset(vector["input"][side]) for side in "ab"]
    assert of.masi_distances(pair)[0, 1] == pytest.approx(vector["expected"]["masi"], abs=vector["tol"])


def test_masi_of_all_kinds_of_pairs() -> None:
    sets = [frozenset(s) for s in ("", "a", "ab", "bc", "xy")]
    found = of.masi_distances(sets)
    assert np.diag(found).tolist() == [0.0] * 5
    assert found[0, 1] == 1.0, "nothing and something have nothing in common"
    assert found[1, 2] == pytest.approx(1 - 1 / 2 * 2 / 3)
    assert found[2, 3] == pytest.approx(1 - 1 / 3 * 1 / 3)
    assert found[2, 4] == 1.0


def test_alpha_of_sets_is_that_of_all_pairs() -> None:
    """By the definition: what lies apart within units, over what lies apart among all values."""
    units = [["a", "ab"], ["ab", "ab"], ["", "c"], ["abc", "ab"], ["", ""], ["c", "c"]]
    as_sets = [[frozenset(one) for one in unit] for unit in units]
    values = [value for unit in as_sets for value in unit]
    distances = of.masi_distances(values)
    within = np.mean([distances[2 * i, 2 * i + 1] for i in range(len(units))])
    among = distances.sum() / (len(values) * (len(values) - 1))
    assert one(of.alpha(of.ratings(as_sets), "sets")) == pytest.approx(1 - within / among)


def test_a_rare_mode_has_a_low_kappa_and_a_high_ac1_although_readers_mostly_agree() -> None:
    units = [[False, False]] * 94 + [[True, False]] * 3 + [[False, True]] * 3
    ratings = of.ratings(units)
    assert one(of.raw_agreement(ratings)) == pytest.approx(0.94)
    assert one(of.cohen([a for a, _ in units], [b for _, b in units])) < 0
    assert one(of.ac1(ratings)) > 0.9
    assert one(of.positive_agreement(ratings, True)) == 0.0


def test_positive_agreement_of_two_readers() -> None:
    ratings = of.ratings([[True, True]] * 8 + [[True, False]] * 3 + [[False, True]] * 1 + [[False, False]] * 50)
    assert one(of.positive_agreement(ratings, True)) == pytest.approx(16 / 20)


def test_units_of_one_reader_count_for_nothing_but_the_margins_of_ac1() -> None:
    units: list[list[Any]] = [[1, 1], [2, 2], [1, 2]]
    for measure in (lambda r: of.alpha(r, "nominal"), of.raw_agreement, of.fleiss):
        assert one(measure(of.ratings(units))) == pytest.approx(one(measure(of.ratings([*units, [2], []]))))


def test_nothing_to_tell_apart_has_no_alpha() -> None:
    assert math.isnan(one(of.alpha(of.ratings([["a", "a"]] * 10), "nominal")))
    assert math.isnan(one(of.alpha(of.ratings([["a"]]), "nominal")))
    assert math.isnan(one(of.ac1(of.ratings([["a", "a"]] * 10))))
    assert math.isnan(one(of.alpha(of.ratings([[3, 3]] * 10), "interval")))


@settings(max_examples=60)
@given(
    st.lists(st.lists(st.integers(0, 4), max_size=4), min_size=1, max_size=12),
    st.sampled_from(["nominal", "ordinal", "interval"]),
)
def test_a_weight_of_two_is_a_unit_twice(units: list[list[int]], level: of.Level) -> None:
    ratings, twice = of.ratings(units), of.ratings([*units, units[0]])
    weights = np.ones((1, len(units)))
    weights[0, 0] = 2.0
    for weighted, repeated in (
        (of.alpha(ratings, level, weights), of.alpha(twice, level)),
        (of.raw_agreement(ratings, weights), of.raw_agreement(twice)),
        (of.ac1(ratings, weights), of.ac1(twice)),
        (of.positive_agreement(ratings, 1, weights), of.positive_agreement(twice, 1)),
        (of.fleiss(ratings, weights), of.fleiss(twice)),
    ):  # fmt: skip
        assert one(weighted) == pytest.approx(one(repeated), nan_ok=True)


def test_the_bootstrap_is_the_same_each_time_and_draws_as_many_as_there_are() -> None:
    weights = of.resampled(50, 20)
    assert weights.sum(axis=1).tolist() == [50.0] * 20
    assert (weights == of.resampled(50, 20)).all()


def test_a_bootstrap_without_values_gives_no_interval() -> None:
    assert of.percentiles(np.array([np.nan, np.nan, 0.5])) is None
    low, high = of.percentiles(np.linspace(0, 1, 1001)) or (0, 0)
    assert (low, high) == pytest.approx((0.025, 0.975))


def test_the_interval_of_a_bootstrap_holds_the_value() -> None:
    rng = np.random.default_rng(2)
    truth = rng.integers(0, 5, 300)
    units = [[int(t) if rng.random() < 0.8 else int(rng.integers(0, 5)) for _ in range(3)] for t in truth]
    ratings = of.ratings(units)
    found = of.percentiles(of.alpha(ratings, "ordinal", of.resampled(300)))
    assert found is not None and found.low < one(of.alpha(ratings, "ordinal")) < found.high
