"""Control charts: the limits of chance and a smoothed line, by hand-computed numbers."""

import dataclasses

import pytest

from reviewer.measure.control import control
from reviewer.model.number import Basis, Number, Point


def a_week(n: int, value: float | None, n_eff: float = 100.0, is_open: bool = False) -> Point:
    return Point(f"W{n}", n, n + 1, 1, Number(value, Basis.ESTIMATE, n=100, n_eff=n_eff), is_open)


def test_limits_and_line_of_four_weeks() -> None:
    found = control([a_week(n, value) for n, value in enumerate((0.08, 0.12, 0.1, 0.1))])
    assert found is not None
    assert found.mean == pytest.approx(0.1)
    assert (found.weeks[0].low, found.weeks[0].high) == pytest.approx((0.01, 0.19))
    assert [week.smooth for week in found.weeks[:2]] == pytest.approx([0.096, 0.1008])


def test_a_week_that_stands_on_more_has_narrower_limits_and_weighs_more() -> None:
    found = control([a_week(0, 0.2, 400.0), *(a_week(n, 0.1) for n in (1, 2, 3, 4))])
    assert found is not None
    assert found.mean == pytest.approx(0.15)
    assert found.weeks[0].high - found.mean == pytest.approx((found.weeks[1].high - found.mean) / 2)


def test_open_weeks_and_weeks_without_a_rate_do_not_count() -> None:
    weeks = [*(a_week(n, 0.1) for n in range(4)), a_week(4, None), a_week(5, 0.9, is_open=True)]
    found = control(weeks)
    assert found is not None
    assert [week.period for week in found.weeks] == ["W0", "W1", "W2", "W3"]
    assert control(weeks[1:]) is None


def test_limits_stay_between_none_and_all() -> None:
    found = control([dataclasses.replace(a_week(n, 0.0), end_us=n) for n in range(4)])
    assert found is not None
    assert all(week.low == week.high == 0.0 for week in found.weeks)
