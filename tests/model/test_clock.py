"""Weeks begin on Monday 00:00 in the workspace's zone."""

import pytest

from reviewer.errors import UsageError
from reviewer.model import clock


def test_a_week_with_a_clock_change_is_an_hour_longer() -> None:
    start, end = clock.iso_week_span("2026-W43", "Europe/Berlin")  # summer time ends on Sunday 25 October
    assert end - start == (7 * 24 + 1) * 3600 * 1_000_000
    assert clock.iso(start) == "2026-10-18T22:00:00.000Z"


def test_the_last_moment_of_a_week_belongs_to_it_and_the_next_does_not() -> None:
    _, end = clock.iso_week_span("2026-W48", "Asia/Tokyo")
    assert clock.iso_week(end - 1, "Asia/Tokyo") == "2026-W48"
    assert clock.iso_week(end, "Asia/Tokyo") == "2026-W49"


def test_a_day_is_meant_in_the_zone_and_a_full_moment_as_written() -> None:
    assert clock.iso(clock.day_start("2026-11-23", "America/New_York")) == "2026-11-23T05:00:00.000Z"
    assert clock.iso(clock.day_start("2026-11-23T00:00:00+01:00", "UTC")) == "2026-11-22T23:00:00.000Z"


def test_impossible_dates_and_zones_are_refused_in_a_sentence() -> None:
    for wrong in (
        lambda: clock.day_start("yesterday", "UTC"),
        lambda: clock.zone("Mars/Olympus"),
        lambda: clock.zone("../etc"),
        lambda: clock.iso_week_span("9999-W52", "UTC"),
    ):
        with pytest.raises(UsageError):
            wrong()


def test_a_moment_beyond_the_calendar_has_no_text() -> None:
    assert clock.iso(10**18) is None
    assert clock.iso_week(10**18, "Asia/Tokyo") == "9999-W52"
    assert clock.local(-(10**18), "America/New_York").year == 1
    assert clock.iso(1) == "1970-01-01T00:00:00.000001Z"
