"""WATCH and ALERT: what they are held against, what makes them, and how rarely they are false."""

import numpy as np
import pytest

from reviewer.measure import calibration as simulating
from reviewer.measure.alerts import History, alerts, baseline, history, variation, weekly_rates
from reviewer.measure.calibration import (
    Calibration,
    Kind,
    cusum_step,
    effective_read,
    rejected,
    spike_chance,
    thresholds,
)
from reviewer.measure.prevalence import Cell
from reviewer.model.alert import Alert, Level

STEADY = [5, 4, 6, 5, 5, 4, 6, 5]


def simple(counts: list[int], mode: str = "m", n: int = 100, redefined: tuple[int, ...] = ()) -> History:
    """Return a mode in a simple random sample of ``n`` of 10,000 a week."""
    column = np.array(counts, dtype=float)[:, None]
    return History(mode, np.full_like(column, 10_000), np.full_like(column, n), column, frozenset(redefined))


def found(*histories: History, restarts: tuple[int, ...] = ()) -> list[dict[str, Alert]]:
    return alerts(histories, [f"W{n}" for n in range(len(histories[0].counts))], restarts)


def levels(counts: list[int], **more: tuple[int, ...]) -> list[str]:
    history = simple(counts, redefined=more.pop("redefined", ()))
    return [str(week["m"].level) if "m" in week else "" for week in found(history, **more)]


def test_a_steady_rate_is_quiet_and_a_doubled_one_is_an_alert_that_says_since_when() -> None:
    assert levels([*STEADY, 5, 6, 4, 5]) == [""] * 12
    weeks = found(simple([*STEADY, 11, 12, 11, 12]))
    raised = [week["m"] for week in weeks if "m" in week and week["m"].level is Level.ALERT]
    assert raised
    assert raised[0].rule == "cusum"
    assert raised[0].since == "W8"
    assert raised[0].baseline == pytest.approx(40.5 / 801)


def test_one_extreme_week_is_a_spike() -> None:
    (raised,) = found(simple([*STEADY, 30]))[-1].values()
    assert (raised.level, raised.week, raised.since) == (Level.ALERT, "W8", "W8")


def test_a_fall_is_no_alert() -> None:
    assert levels([20, 21, 19, 20, 22, 18, 20, 20, 2, 1, 0, 1]) == [""] * 12


def test_with_fewer_than_eight_weeks_there_is_only_watch_and_with_fewer_than_four_nothing() -> None:
    assert levels([5, 4, 6, 60]) == [""] * 4
    assert levels([5, 4, 6, 5, 60]) == [""] * 4 + ["WATCH"]
    assert levels([*STEADY[:7], 60])[-1] == "WATCH"


def test_the_baseline_is_frozen_so_that_a_slow_rise_does_not_hide_itself() -> None:
    rising = [*STEADY, 6, 7, 8, 9, 10, 11, 12, 13, 14]
    first = next(week["m"] for week in found(simple(rising)) if "m" in week and week["m"].level is Level.ALERT)
    assert first.baseline == pytest.approx(40.5 / 801), "the eight weeks before the first monitored one"


def test_a_marker_holds_what_it_brings_against_the_weeks_before_it() -> None:
    higher = [*STEADY, 9, 10, 9, 10, 9, 10, 9, 10]
    weeks = found(simple([*higher, 10, 22]), restarts=(16,))
    raised = weeks[-1]["m"]
    assert raised.baseline == pytest.approx(76.5 / 801, abs=0.001), "the eight weeks before the marker"


def test_an_alert_restarts_the_baseline() -> None:
    weeks = [week["m"] for week in found(simple([*STEADY, 30, 30])) if "m" in week]
    assert weeks[0].level is Level.ALERT
    assert weeks[1].baseline > weeks[0].baseline, "the week of the ALERT is among the eight before the next"


def test_a_mode_that_means_something_else_begins_anew() -> None:
    assert "ALERT" in levels([*STEADY, 14, 14, 14])
    assert levels([*STEADY, 14, 14, 14], redefined=(8,)) == [""] * 11


def test_weeks_in_which_nothing_was_read_say_nothing() -> None:
    cells = [[Cell(1000, 100, x, "all")] for x in STEADY[:4]] + [[], [Cell(1000, 100, 60, "all")]]
    weeks = alerts([history("m", cells)], [f"W{n}" for n in range(6)])
    assert [sorted(week) for week in weeks] == [[], [], [], [], [], ["m"]]


def test_more_modes_make_each_threshold_higher() -> None:
    kind = [Kind(100, 1.0, 40, 800)]
    one, twenty = (thresholds(kind, 8, 0.0, modes).estimate for modes in (1, 20))
    assert one < twenty
    assert thresholds(kind, 8, 0.25, 20).estimate > twenty
    assert thresholds(kind, 8, 0.0, 20) == thresholds(kind, 8, 0.0, 20)
    assert thresholds(kind, 8, 0.0, 20).kinds is None, "a simple random sample has one sum"


def test_a_baseline_whose_weeks_varied_leaves_the_rate_in_doubt() -> None:
    """However many traces each week held: eight weeks that vary by a half are eight numbers, not eight hundred."""
    random = np.random.default_rng(3)
    level = random.gamma(4.0, 0.25, (2000, 8 + 12))
    seen = random.binomial(2000, np.minimum(0.1 * level, 1.0))
    exceeded = 0
    for before, after in zip(seen[:, :8], seen[:, 8:], strict=True):
        at = int(before.sum())
        limit = thresholds([Kind(2000, 1.0, at, 16_000)], 8, 0.5, 1).estimate
        total = highest = 0.0
        for x in after:
            total = max(0.0, total + cusum_step(float(x), 2000.0, (at + 0.5) / 16_001))
            highest = max(highest, total)
        exceeded += highest > limit
    assert exceeded / 2000 < 0.13, "one quarter in ten is the rule"


def test_thresholds_that_are_known_are_not_simulated_again(monkeypatch: pytest.MonkeyPatch) -> None:
    rising = [simple([*STEADY, 9, 11, 10, 12]), simple([*STEADY, 5, 4, 6, 12], "n")]
    names = [f"W{n}" for n in range(12)]
    first = Calibration()
    raised = alerts(rising, names, calibration=first)
    assert first.used
    monkeypatch.setattr(simulating, "_simulated", lambda *_: pytest.fail("simulated again"))
    second = Calibration(first.used)
    assert alerts(rising, names, calibration=second) == raised
    assert second.used == first.used


def test_the_step_of_the_sum_is_the_likelihood_ratio_of_twice_the_rate() -> None:
    assert cusum_step(10.0, 100.0, 0.05) == pytest.approx(10 * np.log(2) + 90 * np.log(0.9 / 0.95))
    assert np.isfinite(cusum_step(60.0, 100.0, 0.7))


def test_a_risk_sample_counts_by_its_design() -> None:
    leaning = [Kind(64, 0.88, 9, 512), Kind(36, 0.12, 84, 288)]
    assert 140 < effective_read(leaning) < 180, "flags that point at the failures make a trace worth more"
    even = [Kind(64, 0.88, 26, 512), Kind(36, 0.12, 14, 288)]
    assert 75 < effective_read(even) < 90, "flags that say nothing cost precision"
    assert effective_read([Kind(100, 1.0, 40, 800)]) == pytest.approx(100)
    assert thresholds(leaning, 8, 0.0, 20).kinds is not None


def test_the_sum_of_the_kinds_counts_only_while_the_estimate_speaks_for_a_rise() -> None:
    both = thresholds([Kind(64, 0.88, 9, 512), Kind(36, 0.12, 84, 288)], 8, 0.0, 20)
    assert both.passed(both.estimate * 0.5, 1000.0)
    assert not both.passed(both.estimate * 0.1, 1000.0)
    assert both.passed(both.estimate * 1.01, 0.0)


def test_the_chance_of_a_spike_is_that_of_the_predicted_week() -> None:
    from scipy.stats import betabinom

    kind = Kind(100, 1.0, 40, 800)
    expected = betabinom(100, 40.5, 760.5)
    assert spike_chance(0.12, [kind], 8) == pytest.approx(expected.sf(12) + expected.pmf(12) / 2)
    assert spike_chance(0.12, [kind], 8, cv=0.3) > spike_chance(0.12, [kind], 8)
    assert spike_chance(0.12, [kind], 4, cv=0.3) > spike_chance(0.12, [kind], 8, cv=0.3), "four weeks tell less"
    mixed = [Kind(64, 0.88, 9, 512), Kind(36, 0.12, 84, 288)]
    random = np.random.default_rng(5)
    drawn = sum(
        k.share / k.read * random.binomial(k.read, random.beta(k.counted + 0.5, k.looked_at - k.counted + 0.5, 200_000))
        for k in mixed
    )
    assert spike_chance(0.1, mixed, 8) == pytest.approx(float((drawn >= 0.1).mean()), abs=0.003)


def test_weeks_that_vary_more_than_chance_are_known_to() -> None:
    random = np.random.default_rng(2)
    for cv in (0.0, 0.4):
        modes = []
        for n, p in enumerate(np.linspace(0.05, 0.2, 12)):
            rates = p * random.gamma(1 / cv**2, cv**2, 8) if cv else np.full(8, p)
            modes.append(simple(list(random.binomial(200, np.minimum(rates, 1.0))), f"m{n}", n=200))
        measured = variation([baseline(one, range(8), weekly_rates(one)) for one in modes])
        assert measured == pytest.approx(cv, abs=0.15)


def test_the_false_discovery_rate_steps_up() -> None:
    chances = np.array([0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.324])
    assert rejected(chances, 0.05).sum() == 8
    assert not rejected(np.array([0.2, 0.5]), 0.05).any()
    assert rejected(np.array([]), 0.05).tolist() == []


def test_twenty_quiet_modes_rarely_raise_an_alert() -> None:
    random = np.random.default_rng(11)
    quarters = 12
    alarmed = 0
    for _ in range(quarters):
        modes = [simple(list(random.binomial(100, p, 20)), f"m{n}") for n, p in enumerate(np.geomspace(0.01, 0.15, 20))]
        weeks = found(*modes)
        alarmed += any(one.level is Level.ALERT for week in weeks for one in week.values())
    assert alarmed <= 6, "about one quarter in six; seven of twelve would be one in a thousand"
