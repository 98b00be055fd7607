"""Trends: a dot a week, a line over four, and no rate that the design does not carry."""

import math
import time

import pandas as pd
import pytest

from reviewer.measure.trends import trends, trends_within, weeks_before
from reviewer.model import columns as c
from reviewer.model.clock import day_start
from reviewer.model.number import Basis, Series

from .builders import item, table, taxonomy, unread, week_of

WEEKS = [f"2026-W{n}" for n in range(41, 49)]


def looping(items: pd.DataFrame, *modes: str) -> Series:
    return trends(items, taxonomy("looping", *modes), "Europe/Berlin").modes[0]


def test_each_week_is_a_dot_and_four_weeks_are_the_line() -> None:
    items = table(row for i, week in enumerate(WEEKS) for row in week_of(week, 60, i))
    series = looping(items)
    assert [point.period for point in series.weekly] == WEEKS
    assert [point.number.count for point in series.weekly] == list(range(8))
    last = series.rolling[-1]
    assert (last.window_weeks, last.number.n, last.number.count) == (4, 240, 4 + 5 + 6 + 7)
    assert last.number.population == 4000
    assert last.number.value == pytest.approx(22 / 240)
    assert last.number.basis is Basis.ESTIMATE
    assert (last.start_us, last.end_us) == (series.weekly[4].start_us, series.weekly[7].end_us)
    assert {point.window_weeks for point in series.rolling} == {4}


def test_weeks_weigh_by_their_traffic_in_the_line() -> None:
    rows = [*week_of("2026-W47", 50, 5, **{c.N_H: 9000}), *week_of("2026-W48", 50, 25, **{c.N_H: 1000})]
    assert looping(table(rows)).rolling[-1].number.value == pytest.approx(0.9 * 0.1 + 0.1 * 0.5)


def test_a_risk_sample_is_not_read_as_if_it_were_the_traffic() -> None:
    calm = week_of("2026-W48", 64, 0, **{c.STRATUM: "all · not flagged", c.N_H: 8800})
    risky = [row | {c.TRACE: f"r{row[c.TRACE]}"} for row in week_of("2026-W48", 36, 18)]
    risky = [row | {c.STRATUM: "all · flagged", c.N_H: 1200} for row in risky]
    number = looping(table([*calm, *risky])).weekly[0].number
    assert number.count == 18
    assert number.value == pytest.approx(0.12 * 0.5)
    assert number.high is not None
    assert number.high < 0.18, "18 of 100 is the share of the sample, three times the rate of the traffic"


def test_weeks_that_were_not_reviewed_leave_a_gap_and_do_not_join_the_line() -> None:
    items = table([*week_of("2026-W45", 60, 6), *(unread("2026-W46", f"u{i}") for i in range(60))])
    series = looping(items)
    assert series.weekly[1].number.value is None
    assert series.weekly[1].number.n == 0
    assert series.rolling[1].number == series.rolling[0].number


def test_a_week_five_weeks_back_is_not_in_the_line() -> None:
    series = looping(table([*week_of("2026-W43", 60, 60), *week_of("2026-W47", 60, 0)]))
    assert series.rolling[-1].number.value == 0
    series = looping(table([*week_of("2026-W44", 60, 60), *week_of("2026-W47", 60, 0)]))
    assert series.rolling[-1].number.value == 0.5


def test_four_weeks_are_four_weeks_across_a_clock_change() -> None:
    assert weeks_before(day_start("2026-11-09", "Europe/Berlin"), 4, "Europe/Berlin") == day_start(
        "2026-10-12", "Europe/Berlin"
    )


def test_a_period_of_any_length_has_its_point() -> None:
    quarter = [{**row, c.WEEK_START: day_start("2026-08-01", "UTC")} for row in week_of("2026-W48", 40, 4)]
    everything = [
        {**row, c.WEEK_START: day_start("0001-01-01", "UTC"), c.WEEK_END: day_start("9999-12-31", "UTC")}
        for row in week_of("2026-W47", 40, 4)
    ]
    series = looping(table([*quarter, *everything]))
    assert [point.number.value for point in series.rolling] == [pytest.approx(0.1)] * 2
    assert weeks_before(day_start("0001-01-08", "UTC"), 4, "UTC") == day_start("0001-01-01", "UTC")


def test_skipped_traces_count_as_their_stratum_and_are_not_passes() -> None:
    rows = [*week_of("2026-W48", 40, 4), *(unread("2026-W48", f"s{i}") for i in range(20))]
    number = looping(table(rows)).weekly[0].number
    assert number.value == pytest.approx(0.1)
    assert number.n == 40


def test_a_put_off_item_is_not_reviewed() -> None:
    rows = [*week_of("2026-W48", 40, 4), unread("2026-W48", "d", **{c.VERDICT: "defer"})]
    assert looping(table(rows)).weekly[0].number.n == 40


def test_codings_without_a_design_give_counts_and_never_a_rate() -> None:
    series = looping(table(week_of("2026-W48", 40, 4, **{c.N_H: None, c.DRAWN_H: None})))
    number = series.weekly[0].number
    assert (number.basis, number.value, number.low, number.high) == (Basis.REVIEWED, None, None, None)
    assert (number.count, number.n) == (4, 40)


def test_picks_made_while_exploring_stay_out() -> None:
    rows = [
        *week_of("2026-W48", 40, 4),
        *(item("2026-W48", f"x{i}", ["looping"], purpose="explore") for i in range(30)),
    ]
    assert looping(table(rows)).weekly[0].number.value == pytest.approx(0.1)


def test_codings_from_before_a_mode_existed_do_not_say_that_it_was_absent() -> None:
    rows = [*week_of("2026-W47", 50, 0), *week_of("2026-W48", 50, 10, **{c.TAXONOMY_VERSION: 2})]
    both = trends(table(rows), taxonomy("looping", version=2), "UTC", {1: taxonomy("other")}).modes[0]
    assert both.weekly[0].number.value is None
    assert both.rolling[1].number.value == pytest.approx(0.2)
    assert both.rolling[1].number.population == 1000
    unchanged = trends(table(rows), taxonomy("looping", version=2), "UTC", {1: taxonomy("looping")}).modes[0]
    assert unchanged.rolling[1].number.value == pytest.approx(0.1)


def test_retired_modes_have_no_series_and_order_is_the_taxonomys() -> None:
    listed = trends(table(week_of("2026-W48", 5, 1)), taxonomy("zeta", "alpha"), "UTC").modes
    assert [series.id for series in listed] == ["zeta", "alpha"]


def test_a_point_opens_the_traces_that_carry_the_mode() -> None:
    series = looping(table([*week_of("2026-W47", 3, 1), *week_of("2026-W48", 3, 2)]))
    assert series.weekly[1].traces == ("2026-W48-0", "2026-W48-1")
    assert series.rolling[1].traces == ("2026-W47-0", "2026-W48-0", "2026-W48-1")


def test_an_open_week_says_so() -> None:
    series = looping(table([*week_of("2026-W47", 3, 1), *week_of("2026-W48", 3, 2, **{c.WEEK_CLOSED: False})]))
    assert [point.is_open for point in series.weekly] == [False, True]


def test_no_items_give_series_without_points() -> None:
    empty = table([item("2026-W48", "a")]).iloc[:0]
    assert looping(empty).weekly == ()


def test_small_strata_are_said_to_be_joined() -> None:
    rows = [*week_of("2026-W48", 40, 4), item("2026-W48", "lone", **{c.STRATUM: "all · flagged", c.N_H: 30})]
    number = looping(table(rows)).weekly[0].number
    assert "1 small" in number.note
    assert number.n_eff is not None
    assert math.isfinite(number.n_eff)


def test_a_year_of_reviews_is_quick() -> None:
    modes = [f"mode_{i}" for i in range(50)]
    weeks = [f"2026-W{n:02d}" for n in range(1, 51)]
    rows = [
        item(week, f"{week}-{i}", [modes[(i * 7) % 50]], **{c.STRATUM: f"w{i % 8}", c.N_H: 400})
        for week in weeks
        for i in range(200)
    ]
    items = table(rows)
    began = time.process_time()
    trends(items, taxonomy(*modes), "UTC")
    assert time.process_time() - began < 5


def test_a_closed_week_that_rose_carries_an_alert_and_an_open_one_does_not() -> None:
    weeks = [f"2026-W{n}" for n in range(36, 46)]
    counts = [5, 4, 6, 5, 5, 4, 6, 5, 30, 30]
    rows = [row for week, x in zip(weeks, counts, strict=True) for row in week_of(week, 100, x)]
    rows = [row | {c.WEEK_CLOSED: row[c.WEEK] != weeks[-1]} for row in rows]
    series = looping(table(rows))
    assert [point.period for point in series.weekly if point.alert] == ["2026-W44"]
    alert = series.weekly[8].alert
    assert alert is not None
    assert alert.level == "ALERT"


def test_failing_traces_are_a_series_of_their_own() -> None:
    found = trends(table(week_of("2026-W48", 40, 4)), taxonomy("looping"), "UTC").failing
    assert found is not None
    assert found.weekly[0].number.value == pytest.approx(0.1)
    assert found.weekly[0].traces == tuple(f"2026-W48-{n}" for n in range(4))


def test_a_segment_weighs_its_strata_by_its_own_traffic() -> None:
    rows = [
        *(row | {"workflow": "docs", c.STRATUM: "a", c.N_H: 900} for row in week_of("2026-W48", 20, 2)),
        *(
            row | {"workflow": "docs" if n % 2 else "chat", c.STRATUM: "b", c.N_H: 100, c.TRACE: f"b{n}"}
            for n, row in enumerate(week_of("2026-W48", 20, 20))
        ),
    ]
    sizes = pd.DataFrame(
        [("2026-W48", "a", "docs", 100), ("2026-W48", "a", None, 800), ("2026-W48", "b", "docs", 60)],
        columns=[c.WEEK, c.STRATUM, "workflow", c.SIZE],
    )
    found = trends_within(table(rows), sizes, "workflow", "docs", taxonomy("looping"), "UTC")
    number = found.modes[0].weekly[0].number
    assert (number.n, number.population) == (30, 160)
    assert number.value == pytest.approx((100 * 0.1 + 60 * 1.0) / 160)
    assert (found.by, found.value) == ("workflow", "docs")
    assert trends_within(table(rows), sizes, "workflow", "other", taxonomy("looping"), "UTC").modes[0].weekly == ()
