"""Whether a figure moved: more than chance for an estimate, more than is usual for all traffic."""

import pytest

from reviewer.measure.moved import difference, direction
from reviewer.model.number import Basis, Number, Unit


def counted(value: float, n: int = 1000, unit: Unit = Unit.SHARE) -> Number:
    return Number(value, Basis.ALL_TRAFFIC, unit, n=n, population=n)


def estimated(value: float, low: float, high: float, suppressed: bool = False) -> Number:
    return Number(value, Basis.ESTIMATE, low=low, high=high, n=100, suppressed=suppressed)


def test_an_estimate_moved_when_its_difference_is_more_than_chance() -> None:
    before, after = estimated(0.10, 0.08, 0.13), estimated(0.20, 0.17, 0.24)
    assert direction(after, before) == 1
    assert direction(before, after) == -1
    moved = difference(after, before)
    assert moved is not None
    # Zou and Donner: 0.1 - sqrt(0.03² + 0.03²), 0.1 + sqrt(0.04² + 0.02²)
    assert [moved.low, moved.high] == pytest.approx([0.0575736, 0.1447214], abs=1e-6)
    assert direction(estimated(0.12, 0.08, 0.17), before) == 0


def test_what_is_hidden_has_no_difference() -> None:
    assert difference(estimated(0.1, 0.0, 0.3, suppressed=True), estimated(0.1, 0.08, 0.12)) is None
    assert difference(counted(0.1), None) is None
    assert difference(counted(0.1), counted(5.0, unit=Unit.MILLISECONDS)) is None


@pytest.mark.parametrize(
    ("before", "now", "way"),
    [
        (counted(5000.0, unit=Unit.MILLISECONDS), counted(5400.0, unit=Unit.MILLISECONDS), 0),
        (counted(5000.0, unit=Unit.MILLISECONDS), counted(5600.0, unit=Unit.MILLISECONDS), 1),
        (counted(0.976, 50_000), counted(0.964, 50_000), -1),  # half as much again is missing to all
        (counted(0.991, 50_000), counted(0.990, 50_000), 0),
        (counted(0.05, 100), counted(0.07, 100), 0),  # two traces more: shares of a hundred vary by that
        (counted(0.05, 10_000), counted(0.07, 10_000), 1),
        (counted(0.05, 20), counted(0.5, 20), 0),
    ],
)
def test_all_traffic_moves_by_more_than_a_tenth_and_more_than_chance(before: Number, now: Number, way: int) -> None:
    assert direction(now, before) == way
