"""Quality scores: a mean of the traffic with its interval, of the traces that were given one."""

import numpy as np
import pytest

from reviewer.measure.quality import LEAST_SCORES, Scored
from reviewer.measure.trends import trends
from reviewer.model import columns as c
from reviewer.model.number import Basis, Unit
from reviewer.model.taxonomy import ScoreScale, Taxonomy

from .builders import item, table

SCALE = ScoreScale("clear", "Clear", 1, 5, "not at all", "fully")
WEEK = "2026-W48"


def scored(values: list[float | None], week: str = WEEK, **changed: object) -> list[dict[str, object]]:
    return [
        item(
            week, f"{week}-{changed.get(c.STRATUM, '')}-{n}", **{c.SCORES: {} if v is None else {"clear": v}, **changed}
        )
        for n, v in enumerate(values)
    ]


def test_a_mean_has_the_interval_of_students_t() -> None:
    values = [1.0, 2.0, 3.0, 4.0, 5.0] * 6
    number = Scored(table(scored([*values]))).mean([WEEK], SCALE)
    spread = np.std(values, ddof=1) * np.sqrt((1 - 30 / 1000) / 30)
    assert (number.value, number.n, number.unit, number.basis) == (3.0, 30, Unit.SCORE, Basis.ESTIMATE)
    assert number.low == pytest.approx(3 - 2.0452 * spread, abs=1e-3)
    assert number.high == pytest.approx(3 + 2.0452 * spread, abs=1e-3)


def test_strata_weigh_by_their_traffic() -> None:
    rows = [
        *scored([5.0] * 20, **{c.STRATUM: "calm", c.N_H: 900}),
        *scored([1.0] * 20, **{c.STRATUM: "risky", c.N_H: 100}),
    ]
    assert Scored(table(rows)).mean([WEEK], SCALE).value == pytest.approx(0.9 * 5 + 0.1 * 1)


def test_traces_without_a_score_are_left_out_and_too_few_have_no_mean() -> None:
    half = Scored(table(scored([4.0, None] * 20))).mean([WEEK], SCALE)
    assert (half.value, half.n) == (4.0, 20)
    few = Scored(table(scored([4.0] * (LEAST_SCORES - 1)))).mean([WEEK], SCALE)
    assert few.value is None


def test_without_a_design_there_is_no_mean_of_the_traffic() -> None:
    number = Scored(table(scored([4.0] * 20, **{c.N_H: None}))).mean([WEEK], SCALE)
    assert (number.value, number.basis, number.n) == (None, Basis.REVIEWED, 20)


def test_the_interval_stays_on_the_scale() -> None:
    number = Scored(table(scored([5.0] * 11 + [1.0]))).mean([WEEK], SCALE)
    assert number.high == 5.0


def test_a_score_that_was_given_is_a_series_and_another_is_not() -> None:
    other = ScoreScale("short", "Short", 1, 5, "no", "yes")
    found = trends(table(scored([4.0] * 20)), Taxonomy("t", "T", scores=(SCALE, other)), "UTC").scores
    assert [one.id for one in found] == ["clear"]
    assert found[0].weekly[0].number.value == found[0].rolling[0].number.value == 4.0
