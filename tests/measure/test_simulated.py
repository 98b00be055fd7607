"""The simulations of ``make bench``, in short: the numbers hold where the truth is known, and the simulation is ours."""

import numpy as np
import pytest

from tests.benchmarks.simulated import alarms, coverage, judged, splits
from tests.benchmarks.simulated.draws import gap

REPEATS = 400
NOISE = 3 * np.sqrt(0.95 * 0.05 / REPEATS)
"""Three standard errors of a coverage over so many samples."""


@pytest.mark.parametrize(("settings", "least"), [(coverage.ordinary(), 0.93), (coverage.stress(), 0.90)])
def test_the_interval_holds_the_rate_in_every_design(settings: list[coverage.Setting], least: float) -> None:
    grid = coverage.measure(settings[::7], REPEATS, seed=3)
    assert grid.disagreement < 1e-9, "what is simulated is not what the program computes"
    assert grid.coverage().min() > least - NOISE
    assert grid.coverage().mean() > 0.95
    assert grid.bias < 1.4  # of 2 % or three standard errors: a fifth as many samples as in the long form


def test_the_textbook_interval_and_the_raw_share_would_not_hold() -> None:
    grid = coverage.measure(coverage.ordinary()[::7], REPEATS, seed=3)
    assert grid.row("textbook")["mean"] < 0.92
    assert grid.row("unweighted")["mean"] < 0.5


def test_the_default_interval_is_not_much_wider_than_the_textbook() -> None:
    assert coverage.measure(coverage.ordinary()[::7], REPEATS, seed=3).width < 1.6


def test_there_is_an_upper_limit_where_nothing_was_found() -> None:
    assert min(coverage.zero_upper_limits()) > 0


def test_what_is_shown_beside_a_judge_holds_the_rate() -> None:
    cells = judged.leaned(250, seed=3)
    assert min(cell.rule for cell in cells) > 0.90
    assert {cell.n for cell in cells if cell.offered == 0 and cell.rate == 0.02} == {100, 200, 400}


def test_a_corrected_rate_holds_the_truth_where_flagged_traces_are_favoured() -> None:
    cells = judged.favoured(100, seed=3)
    assert min(cell.corrected for cell in cells) > 0.90
    assert max(cell.bias for cell in cells) < 1.4
    assert min(cell.covered for cell in cells if cell.offered > 0.5) > 0.93 - 2 * NOISE


def test_mix_and_within_are_told_apart() -> None:
    true, found = splits.truth(), splits.splits(400, seed=3)
    assert (true.total.value, true.mix.value, true.within.value) == pytest.approx((0.0565, 0.0775, -0.0210))
    assert gap(true) == pytest.approx(0, abs=1e-12)
    assert found.gap < 1e-12
    assert min(found.covered.values()) > 0.93 - NOISE


def test_alerts_are_rare_where_nothing_changes_and_come_where_a_rate_doubles() -> None:
    quiet = alarms.false_alarms(alarms.simple(100), 6, seed=3)
    assert quiet.any_alert <= 0.5
    found = alarms.doubling(alarms.simple(200), alarms.RATES[-2], 4, seed=3)
    assert found.within[4] >= 0.75
