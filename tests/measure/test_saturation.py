"""Saturation: coverage, a lower bound of how many kinds there are, and when to stop looking."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewer.measure.saturation import coverage, least_kinds, of_readings, saturation

from .builders import item, table, unread


def test_the_published_spiders_come_out() -> None:
    """Ellison et al. 2010, as printed in the vignette of iNEXT."""
    assert least_kinds(168, 26, 12, 4) == pytest.approx(43.893, abs=0.0006)
    assert coverage(168, 12, 4) == pytest.approx(0.9289, abs=0.0001)


def test_the_curve_steps_where_a_mode_is_new() -> None:
    found = of_readings([("a",), (), ("a", "b"), (), ("c",), ()])
    assert [(step.read, step.seen) for step in found.curve] == [(0, 0), (1, 1), (3, 2), (5, 3), (6, 3)]
    assert (found.read, found.failures, found.seen, found.since_last) == (6, 4, 3, 1)
    assert not found.enough


def test_reading_is_enough_when_modes_repeat_and_none_is_new() -> None:
    modes = [("a",), ("b",), ("c",)]
    assert of_readings(modes * 10).enough
    assert not of_readings([*modes * 10, ("d",)]).enough, "one was new just now"
    assert not of_readings([(f"m{n}",) for n in range(30)] + [()] * 40).enough, "most were seen once only"


def test_without_a_failure_nothing_is_claimed() -> None:
    found = of_readings([()] * 60)
    assert found.coverage is None
    assert not found.enough


def test_only_the_probability_sample_counts_in_the_order_of_reading() -> None:
    rows = [
        item("2026-W47", "1", ["a"]),
        item("2026-W47", "2", ["hunted"], purpose="explore"),
        unread("2026-W47", "3"),
        item("2026-W48", "4", ["b"]),
    ]
    found = saturation(table(rows))
    assert [(step.read, step.seen) for step in found.curve] == [(0, 0), (1, 1), (2, 2)]


@given(st.lists(st.lists(st.sampled_from("abcdefgh"), max_size=3, unique=True).map(tuple), max_size=60))
def test_the_numbers_keep_their_bounds(readings: list[tuple[str, ...]]) -> None:
    found = of_readings(readings)
    assert found.coverage is None or 0.0 <= found.coverage <= 1.0
    assert found.at_least >= found.seen
    assert found.curve[-1].read == found.read
