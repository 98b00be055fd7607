"""Quality scores: a mean of the traffic with its interval, of the traces that were given one."""

import numpy as np
import pytest

from reviewer.measure.changes import OTHERS, on_old_mix, score_change
from reviewer.measure.quality import LEAST_SCORES, Scored
from reviewer.measure.trends import trends
from reviewer.model import columns as c
from reviewer.model.change import ChangeSplit
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


def of_workflow(workflow: str, week: str, values: list[float | None], size: int) -> list[dict[str, object]]:
    return scored(values, week, **{c.WORKFLOW: workflow, c.STRATUM: workflow, c.N_H: size})


def change_of(rows: list[dict[str, object]], *, of: ScoreScale = SCALE) -> ChangeSplit | None:
    items = table(rows)
    held = items[[c.WEEK, c.STRATUM, c.WORKFLOW, c.N_H]].drop_duplicates().rename(columns={c.N_H: c.SIZE})
    return score_change(items, held, {"2026-W47"}, {"2026-W48"}, [c.WORKFLOW], of)


def test_a_mean_falls_although_every_workflow_holds_because_the_mix_moved() -> None:
    """Two workflows at 4.5 and 2.5 change places in the traffic: 4.1 to 2.9, all of it mix."""
    easy, hard = [4.0, 5.0] * 10, [2.0, 3.0] * 10
    rows = [
        *of_workflow("easy", "2026-W47", easy, 800), *of_workflow("hard", "2026-W47", hard, 200),
        *of_workflow("easy", "2026-W48", easy, 200), *of_workflow("hard", "2026-W48", hard, 800),
    ]  # fmt: skip
    split = change_of(rows)
    assert split is not None
    assert split.total.value == pytest.approx(-1.2)
    assert split.mix.value == pytest.approx(-1.2)
    assert split.within.value == pytest.approx(0.0, abs=1e-12)
    assert split.total.unit is Unit.SCORE
    assert split.total.low is not None
    assert split.total.high is not None
    assert split.total.low < -1.2 < split.total.high < 0
    before, after = (Scored(table(rows)).mean([week], SCALE).value for week in ("2026-W47", "2026-W48"))
    assert before is not None
    assert after is not None
    assert after - before == pytest.approx(split.total.value), "the change of the mean itself"
    old = on_old_mix(split)
    assert old is not None
    assert old.value == pytest.approx(4.1)


def test_shares_are_of_the_traces_that_would_be_given_the_score() -> None:
    """Of the long workflow only every second trace is scored: it weighs half, and the parts add up all the same."""
    rows = [
        *of_workflow("long", "2026-W47", [4.0, None] * 20, 500), *of_workflow("short", "2026-W47", [2.0] * 20, 500),
        *of_workflow("long", "2026-W48", [5.0, None] * 20, 500), *of_workflow("short", "2026-W48", [2.0] * 20, 500),
        *of_workflow("none", "2026-W47", [None] * 20, 700), *of_workflow("none", "2026-W48", [None] * 20, 700),
    ]  # fmt: skip
    split = change_of(rows)
    assert split is not None
    shares = {segment.segment: segment.share_before for segment in split.segments}
    assert shares == {"long": pytest.approx(1 / 3), "short": pytest.approx(2 / 3)}
    assert split.within.value == pytest.approx(1 / 3)
    assert split.mix.value == pytest.approx(0.0, abs=1e-12)


def test_small_segments_are_counted_together_and_one_alone_is_no_split() -> None:
    rows = [
        row
        for week in ("2026-W47", "2026-W48")
        for workflow, n in (("large", 30), ("a", 6), ("b", 6))
        for row in of_workflow(workflow, week, [3.0] * n, 10 * n)
    ]
    split = change_of(rows)
    assert split is not None
    assert {segment.segment for segment in split.segments} == {"large", OTHERS}
    assert change_of([row for row in rows if row[c.WORKFLOW] == "large"]) is None
