"""What a reader sees of a number."""

import pytest

from reviewer import wording
from reviewer.model.change import ChangeSplit
from reviewer.model.clock import day_start
from reviewer.model.number import Basis, Number, Row, Unit


@pytest.mark.parametrize(
    ("number", "said"),
    [(12345, "12,345"), (-3, "−3"), (0, "0"), (-0.2, "0"), (999999.6, "1,000,000")],
)
def test_decimals(number: float, said: str) -> None:
    assert wording.decimal(number) == said


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (0.083, "8.3 %"),
        (0, "0.0 %"),
        (1, "100.0 %"),
        (0.0002, "< 0.1 %"),
        (0.99991, "> 99.9 %"),
        (0.0005, "0.1 %"),
    ],
)
def test_shares(value: float, said: str) -> None:
    assert wording.share(value) == said


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (0.0493, "$0.049"),
        (0, "$0"),
        (12.339, "$12.34"),
        (1234.6, "$1,235"),
        (0.000123, "$0.00012"),
        (-0.004, "−$0.0040"),
    ],
)
def test_costs(value: float, said: str) -> None:
    assert wording.dollars(value) == said


@pytest.mark.parametrize(
    ("ms", "said"),
    [
        (412, "412 ms"),
        (999.6, "1.0 s"),
        (5430, "5.4 s"),
        (59_960, "1 min"),
        (125_000, "2 min 5 s"),
        (3_600_000, "1 h 0 min"),
        (3_780_000, "1 h 3 min"),
        (-300, "−300 ms"),
        (-125_000, "−2 min 5 s"),
    ],
)
def test_durations(ms: float, said: str) -> None:
    assert wording.duration(ms) == said


def test_dates_are_the_workspaces_days() -> None:
    start, end = day_start("2026-10-26", "Europe/Berlin"), day_start("2026-11-23", "Europe/Berlin")
    assert wording.days(start, end, "Europe/Berlin") == "26 October – 22 November 2026"
    assert wording.day(start, "America/New_York") == "25 October 2026"
    november = day_start("2026-11-02", "Europe/Berlin")
    assert wording.days(november, end, "Europe/Berlin") == "2 – 22 November 2026"
    assert wording.days(start, start + 1, "Europe/Berlin") == "26 October 2026"
    assert wording.days(start, day_start("2027-01-04", "Europe/Berlin"), "Europe/Berlin") == (
        "26 October 2026 – 3 January 2027"
    )
    assert wording.moment(day_start("2026-11-24T09:05", "Europe/Berlin"), "Europe/Berlin") == "24 November 2026, 09:05"
    assert wording.short_moment(day_start("2026-11-24T09:05", "Europe/Berlin"), "Europe/Berlin") == "24 Nov 09:05"


def test_an_estimate_says_its_interval_and_what_it_stands_on() -> None:
    number = Number(0.083, Basis.ESTIMATE, low=0.046, high=0.136, n=240, count=20)
    assert wording.value(number) == "8.3 %"
    assert wording.interval(number) == "4.6 – 13.6 %"
    assert wording.warrant(number) == "estimate, 240 reviewed"
    assert wording.badge(number) == "estimate"


def test_all_traffic_says_how_many() -> None:
    number = Number(5400, Basis.ALL_TRAFFIC, Unit.MILLISECONDS, n=12345)
    assert wording.value(number) == "5.4 s"
    assert wording.interval(number) == ""
    assert wording.warrant(number) == "all traffic, N = 12,345"


def test_too_few_say_the_count_and_never_a_percent_sign() -> None:
    number = Number(0.075, Basis.ESTIMATE, low=0.01, high=0.2, n=40, count=3, suppressed=True)
    assert wording.value(number) == "3 of 40"
    assert wording.interval(number) == ""
    assert wording.too_few(number) == "too few for a rate, at most 20.0 %"
    assert wording.too_few(Number(0.3, Basis.ESTIMATE, low=0.2, high=0.4, n=90)) == ""


def test_without_a_design_there_are_counts_only() -> None:
    number = Number(None, Basis.REVIEWED, n=40, count=3)
    assert wording.value(number) == "3 of 40"
    assert wording.warrant(number) == "of the 40 reviewed"


def test_what_is_not_there_says_so() -> None:
    assert wording.value(Number(None, Basis.NOT_RECORDED)) == "not recorded"
    assert wording.warrant(Number(None, Basis.NOT_RECORDED)) == "not recorded"
    assert wording.value(Number(None, Basis.ESTIMATE, n=0, count=0, suppressed=True)) == "nothing reviewed yet"
    assert wording.value(Number(None, Basis.ESTIMATE, Unit.DOLLARS, n=0)) == "nothing reviewed yet"
    assert wording.value(Number(None, Basis.ESTIMATE, Unit.DOLLARS, n=9)) == "too few to say"
    assert wording.value(Number(float("nan"), Basis.ALL_TRAFFIC, n=3)) == "not recorded"


def test_an_interval_names_its_unit_once() -> None:
    assert wording.interval(Number(0.049, Basis.ESTIMATE, Unit.DOLLARS, 0.0461, 0.0532, n=90)) == "$0.046 – 0.053"
    assert wording.interval(Number(0.8, Basis.ESTIMATE, Unit.SCORE, 0.7, 0.9, n=90)) == "0.70 – 0.90"
    assert wording.interval(Number(1, Basis.ESTIMATE, Unit.DOLLARS, 0.5, float("inf"), n=2)) == ""


@pytest.mark.parametrize(
    ("unit", "now", "before", "said"),
    [
        (Unit.SHARE, 0.089, 0.028, "+6.1"),
        (Unit.SHARE, 0.5, 0.5, "0.0"),
        (Unit.MILLISECONDS, 5400, 5700, "−300 ms"),
        (Unit.MILLISECONDS, 5400, 4100, "+1.3 s"),
        (Unit.DOLLARS, 0.049, 0.045, "+0.004"),
        (Unit.SCORE, 0.86, 0.84, "+0.02"),
    ],
)
def test_changes_carry_their_sign(unit: Unit, now: float, before: float, said: str) -> None:
    assert wording.change(Number(now, Basis.ALL_TRAFFIC, unit), Number(before, Basis.ALL_TRAFFIC, unit)) == said


def test_a_hidden_number_has_no_change() -> None:
    shown, hidden = Number(0.2, Basis.ESTIMATE), Number(0.1, Basis.ESTIMATE, suppressed=True)
    assert wording.change(shown, hidden) == wording.change(hidden, shown) == wording.change(shown, None) == ""


def test_what_was_put_off_is_said() -> None:
    assert wording.reviewed(60, 60) == "60 of 60 drawn were reviewed, none put off"
    assert wording.reviewed(57, 60) == "57 of 60 drawn were reviewed, 3 put off or not read (5 %)"


def test_the_headline_holds_back_where_the_numbers_do() -> None:
    rate = Number(0.197, Basis.ESTIMATE, low=0.146, high=0.256, n=240, count=40)
    hidden = Number(0.2, Basis.ESTIMATE, low=0.08, high=0.39, n=29, count=6, suppressed=True)
    before = Number(0.139, Basis.ESTIMATE, low=0.1, high=0.2, n=240, count=30)
    said = [
        wording.headline(row)
        for row in (
            Row("", rate, before),
            Row("", rate, hidden),
            Row("", hidden, before),
            Row("", Number(None, Basis.REVIEWED, n=29, count=6)),
            Row("", Number(None, Basis.ESTIMATE, n=0, count=0, suppressed=True)),
            None,
        )
    ]
    assert said == [
        "19.7 % of the traces fail (14.6 – 25.6 %, 240 reviewed); 13.9 % before.",
        "19.7 % of the traces fail (14.6 – 25.6 %, 240 reviewed).",
        "6 of 29 reviewed traces fail: too few for a rate, at most 39.0 %.",
        "6 of 29 reviewed traces fail.",
        "A sample was drawn, and nothing of it has been reviewed yet.",
        "No sample was drawn for this period.",
    ]


def test_a_table_has_the_short_warrant() -> None:
    numbers = [
        Number(0.083, Basis.ESTIMATE, low=0.046, high=0.136, n=240),
        Number(0.02, Basis.ESTIMATE, low=0.004, high=0.046, n=240, count=4, suppressed=True),
        Number(0.5, Basis.ALL_TRAFFIC, n=12345),
        Number(None, Basis.REVIEWED, n=60, count=3),
        Number(None, Basis.NOT_RECORDED),
    ]
    assert [wording.interval_or_size(number) for number in numbers] == [
        "4.6 – 13.6 %",
        "at most 4.6 %",
        "N 12,345",
        "60 reviewed",
        "",
    ]


@pytest.mark.parametrize(("total", "is_said"), [(0.06, True), (0.0001, False)])
def test_a_rate_that_did_not_move_has_no_parts_to_say(total: float, is_said: bool) -> None:
    whole, mix, within = (Number(value, Basis.ESTIMATE) for value in (total, total / 2, total / 2))
    row = Row("Failing", Number(0.2, Basis.ESTIMATE), change=ChangeSplit("workflow", whole, mix, within))
    assert bool(wording.what_moved(row)) == is_said
