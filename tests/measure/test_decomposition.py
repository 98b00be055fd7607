"""What moved a rate: the published splits come out, the parts add up, and Simpson's paradox is seen through."""

import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewer.measure.decomposition import Part, kitagawa, reweighted, standardised, weighted_quantile
from reviewer.measure.intervals import beta_limits
from reviewer.model.change import ChangeSplit
from reviewer.model.number import Basis, Number, Unit

Vectors = dict[str, dict[str, Any]]


@pytest.fixture(scope="module")
def vectors(shared: Callable[..., Path]) -> Vectors:
    listed = json.loads(shared("reference", "statistics-vectors.json").read_text())["vectors"]
    return {vector["id"]: vector for vector in listed}


def all_traffic(value: float) -> Number:
    return Number(value, Basis.ALL_TRAFFIC)


def estimate(seen: int, n: int = 120) -> Number:
    limits = beta_limits(seen / n, n)
    return Number(seen / n, Basis.ESTIMATE, low=limits.low, high=limits.high, n=n)


def split(before: dict[str, tuple[float, float]], after: dict[str, tuple[float, float]]) -> ChangeSplit:
    parts = [{name: Part(q, all_traffic(r)) for name, (q, r) in side.items()} for side in (before, after)]
    found = kitagawa("workflow", *parts)
    assert found is not None
    return found


def summed(found: ChangeSplit) -> float:
    parts = [found.mix, found.within, *([found.presence] if found.presence else [])]
    return math.fsum(part.value or 0.0 for part in parts)


def test_das_gupta_with_shares_as_printed(vectors: Vectors) -> None:
    vector = vectors["dasgupta_5_1"]
    given, names = vector["input"], [f"age {i}" for i in range(13)]
    sides = [
        {n: (q / 100, r) for n, q, r in zip(names, given[f"share{i}"], given[f"rate{i}"], strict=True)} for i in (0, 1)
    ]
    found = split(*sides)
    for name in ("total", "mix", "within"):
        assert getattr(found, name).value == pytest.approx(vector["expected"][name], abs=vector["tol"])
    assert found.presence is None


def test_berkeley(vectors: Vectors) -> None:
    vector = vectors["ucb_simpson"]
    sides = []
    for who in ("men", "women"):
        sizes, admitted = vector["input"][f"n_{who}"], vector["input"][f"admitted_{who}"]
        sides.append({c: (n / sum(sizes), x / n) for c, n, x in zip("ABCDEF", sizes, admitted, strict=True)})
    found = split(*sides)
    for name in ("total", "mix", "within"):
        assert getattr(found, name).value == pytest.approx(vector["expected"][name], abs=vector["tol"])


SIMPSON_BEFORE = {"chat": (0.70, 0.04), "rag": (0.25, 0.10), "agent": (0.05, 0.30)}
SIMPSON_AFTER = {"chat": (0.45, 0.03), "rag": (0.25, 0.08), "agent": (0.30, 0.25)}


def test_every_workflow_improves_while_the_whole_gets_worse() -> None:
    found = split(SIMPSON_BEFORE, SIMPSON_AFTER)
    assert (found.total.value or 0) > 0
    assert (found.mix.value or 0) > 0 > (found.within.value or 0)
    assert all((segment.within or 0) < 0 for segment in found.segments)


def test_all_traffic_has_no_interval_and_an_estimate_has_one() -> None:
    assert split(SIMPSON_BEFORE, SIMPSON_AFTER).total.low is None
    parts = {name: Part(q, estimate(round(120 * r))) for name, (q, r) in SIMPSON_BEFORE.items()}
    found = kitagawa("workflow", parts, parts)
    assert found is not None
    assert found.within.low is not None and found.within.low < 0.0 < (found.within.high or 0.0)
    assert found.mix.low == found.mix.high == 0.0
    assert found.total.basis is Basis.ESTIMATE


def test_the_intervals_hold_the_true_parts_as_often_as_they_say() -> None:
    rng = np.random.default_rng(7)
    truth = split(SIMPSON_BEFORE, SIMPSON_AFTER)
    held = dict.fromkeys(("total", "mix", "within"), 0)
    for _ in range(2000):
        sides = []
        for side in (SIMPSON_BEFORE, SIMPSON_AFTER):
            sides.append({name: Part(q, estimate(rng.binomial(120, r))) for name, (q, r) in side.items()})
        found = kitagawa("workflow", *sides)
        assert found is not None
        for name in held:
            part, true = getattr(found, name), getattr(truth, name).value
            held[name] += part.low <= true <= part.high
    assert all(times / 2000 >= 0.93 for times in held.values()), held


def test_few_reviewed_traces_leave_room_on_the_side_where_the_rate_may_be() -> None:
    """None of 30 says little about how much less there was before, and a normal interval would say that it fell."""
    found = kitagawa("workflow", {"a": Part(1.0, estimate(3, 30))}, {"a": Part(1.0, estimate(0, 30))})
    assert found is not None
    low, value, high = (found.within.low or 0.0), (found.within.value or 0.0), (found.within.high or 0.0)
    assert low == pytest.approx(value - (estimate(3, 30).high or 0.0) + 0.1)
    assert high > 0.0 and high - value < value - low


def test_a_new_segment_stands_on_its_own_line() -> None:
    found = split({"old": (1.0, 0.10)}, {"old": (0.5, 0.10), "new": (0.5, 0.30)})
    assert found.presence is not None and found.presence.value == pytest.approx(0.10)
    assert found.mix.value == pytest.approx(0.0) and found.within.value == pytest.approx(0.0)
    new = next(segment for segment in found.segments if segment.segment == "new")
    assert (new.mix, new.within, new.share_before) == (None, None, 0.0)


def test_a_new_segment_that_is_like_the_others_moves_nothing() -> None:
    found = split({"old": (0.6, 0.1), "left": (0.4, 0.1)}, {"old": (0.3, 0.1), "new": (0.7, 0.1)})
    assert found.presence is not None and found.presence.value == pytest.approx(0.0)
    assert found.total.value == pytest.approx(0.0)


def test_without_a_common_segment_or_with_an_unknown_value_there_is_no_split() -> None:
    one, other = {"a": Part(1.0, all_traffic(0.1))}, {"b": Part(1.0, all_traffic(0.2))}
    assert kitagawa("workflow", one, other) is None
    assert kitagawa("workflow", one, {"a": Part(1.0, Number(None, Basis.ESTIMATE))}) is None


shares = st.dictionaries(
    st.sampled_from("abcdefgh"), st.tuples(st.floats(0.0, 1.0), st.floats(-1e3, 1e3)), min_size=1, max_size=8
)


@given(shares, shares)
def test_the_parts_add_up(before: dict[str, tuple[float, float]], after: dict[str, tuple[float, float]]) -> None:
    sides = [{n: Part(q, all_traffic(r)) for n, (q, r) in side.items() if q > 1e-6} for side in (before, after)]
    found = kitagawa("workflow", *sides)
    if found is None:
        assert not set(sides[0]) & set(sides[1])
        return
    scale = max(1.0, *(abs(part.share * (part.number.value or 0.0)) for side in sides for part in side.values()))
    assert found.total.value == pytest.approx(summed(found), abs=1e-12 * scale * 10)
    each = [s.presence if s.presence is not None else (s.mix or 0.0) + (s.within or 0.0) for s in found.segments]
    assert math.fsum(each) == pytest.approx(found.total.value, abs=1e-12 * scale * 10)


def test_a_quantile_is_split_by_reweighting_to_the_old_mix() -> None:
    rng = np.random.default_rng(3)
    fast, slow = rng.normal(1000, 50, 4000), rng.normal(5000, 50, 4000)
    before = {"fast": fast[:3000], "slow": slow[:100]}
    after = {"fast": fast[3000:4000], "slow": slow[100:1100]}
    found = reweighted(
        "workflow",
        before,
        after,
        lambda values, weights: weighted_quantile(values, weights, 0.95),
        lambda value, n: Number(value, Basis.ALL_TRAFFIC, Unit.MILLISECONDS, n=n),
    )
    assert found is not None and found.presence is None
    assert found.total.value == pytest.approx(summed(found), abs=1e-9)
    assert (found.mix.value or 0) > 3000
    assert abs(found.within.value or 0) < 50


def test_equal_weights_give_the_ordinary_quantile() -> None:
    values = np.random.default_rng(1).lognormal(size=501)
    assert weighted_quantile(values, np.ones(501), 0.95) == pytest.approx(float(np.quantile(values, 0.95)))
    assert weighted_quantile(np.array([3.0]), np.ones(1), 0.5) == 3.0


@pytest.mark.parametrize("name", ["garwood_0", "garwood_10"])
def test_garwood_is_fay_and_feuer_with_equal_weights(vectors: Vectors, name: str) -> None:
    vector = vectors[name]
    _, limits = standardised([vector["input"]["x"]], [1.0], most=math.inf)
    assert list(limits) == pytest.approx(vector["expected"], abs=vector["tol"])


def test_direct_standardisation(vectors: Vectors) -> None:
    vector = vectors["dsr_fleiss_point"]
    given = vector["input"]
    total = sum(given["standard"])
    weights = [s / total / n for s, n in zip(given["standard"], given["population"], strict=True)]
    value, limits = standardised(given["count"], weights)
    assert value * 1e5 == pytest.approx(vector["expected"]["adjusted"], abs=vector["tol"])
    assert limits.low < value < limits.high
