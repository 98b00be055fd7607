"""Rates put right by people: published numbers, and coverage where they are offered."""

import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from reviewer.measure.correction import LEAST_OF_EACH, Predicted, ppi, rogan_gladen, share_of_sum
from reviewer.measure.intervals import Interval


@pytest.fixture(scope="module")
def vectors(shared: Callable[..., Path]) -> dict[str, dict[str, Any]]:
    listed = json.loads(shared("reference", "statistics-vectors.json").read_text())["vectors"]
    return {vector["id"]: vector for vector in listed}


def test_the_mean_of_ppi_python(vectors: dict[str, dict[str, Any]]) -> None:
    vector = vectors["ppi_mean_lam1.0"]
    given = vector["input"]
    ones, zeros = given["F_ones"], given["F_zeros"]
    stratum = Predicted(ones + zeros, ones / (ones + zeros), np.array(given["y"]), np.array(given["f"]))
    found = ppi([stratum], given["lam"])
    assert found is not None
    wanted = vector["expected"]
    assert found.value == pytest.approx(wanted["est"], abs=vector["tol"])
    assert list(found.limits) == pytest.approx([wanted["lo"], wanted["hi"]], abs=vector["tol"])


def test_rogan_and_gladen(vectors: dict[str, dict[str, Any]]) -> None:
    vector = vectors["rogan_gladen"]
    given = vector["input"]
    assert rogan_gladen(given["q"], given["se"], given["sp"]) == pytest.approx(vector["expected"], abs=vector["tol"])
    assert rogan_gladen(0.02, 0.8, 0.9) == 0.0
    assert rogan_gladen(0.5, 0.4, 0.6) is None


def test_a_judge_that_knows_nothing_is_not_leaned_on() -> None:
    rng = np.random.default_rng(1)
    labels = rng.integers(0, 2, 200).astype(float)
    useless, wrong = rng.integers(0, 2, 200).astype(float), 1.0 - labels
    for predictions in (useless, wrong, np.zeros(200)):
        found = ppi([Predicted(10_000, float(predictions.mean()), labels, predictions)])
        assert found is not None and found.leaning < 0.1
        assert found.value == pytest.approx(labels.mean(), abs=0.02)


def test_too_few_labels_give_nothing() -> None:
    assert ppi([Predicted(100, 0.1, np.array([1.0]), np.array([1.0]))]) is None
    assert ppi([]) is None


def test_two_labels_of_a_stratum_that_agree_are_not_certain() -> None:
    many, two = np.tile([1.0, 0.0, 0.0, 0.0], 10), np.array([0.0, 0.0])
    found = ppi([Predicted(5000, 0.2, many, many), Predicted(5000, 0.2, two, two)], leaning=0.0)
    assert found is not None
    assert found.value == pytest.approx(0.125)
    certain = 2 * 1.96 * 0.5 * math.sqrt(many.var(ddof=1) / 40)
    assert found.limits.high - found.limits.low > 1.5 * certain


@pytest.mark.parametrize(("rate", "n", "narrower"), [(0.10, 200, 0.86), (0.30, 100, 0.75)])
def test_where_it_is_offered_ppi_covers_and_is_narrower(rate: float, n: int, narrower: float) -> None:
    """A judge with a sensitivity of 0.8 and a specificity of 0.9; a tenth of the repeats of the published table."""
    rng = np.random.default_rng(11)
    size, offered, held, widths = 10_000, 0, 0, []
    truth = np.zeros(size)
    truth[: int(rate * size)] = 1.0
    for _ in range(400):
        judged = np.where(truth == 1.0, rng.random(size) < 0.8, rng.random(size) < 0.1).astype(float)
        drawn = rng.choice(size, n, replace=False)
        y, f = truth[drawn], judged[drawn]
        if y.sum() < LEAST_OF_EACH or n - y.sum() < LEAST_OF_EACH:
            continue
        found = ppi([Predicted(size, float(judged.mean()), y, f)])
        assert found is not None
        offered += 1
        held += found.limits.low <= rate <= found.limits.high
        widths.append((found.limits.high - found.limits.low) / (2 * 1.96 * np.sqrt(y.mean() * (1 - y.mean()) / n)))
    assert held / offered >= 0.92
    assert np.median(widths) <= narrower


def test_a_share_of_a_sum_knows_what_it_has_not_seen() -> None:
    value, limits = share_of_sum((50.0, Interval(45.0, 55.0)), (0.0, Interval(0.0, 300.0))) or (0, Interval(0, 0))
    assert value == 1.0
    assert limits.high == 1.0 and limits.low < 0.2
    value, limits = share_of_sum((80.0, Interval(70.0, 90.0)), (20.0, Interval(12.0, 30.0))) or (0, Interval(0, 0))
    assert value == pytest.approx(0.8) and 0.7 < limits.low < 0.8 < limits.high < 0.9
    assert share_of_sum((0.0, Interval(0, 1)), (0.0, Interval(0, 1))) is None
