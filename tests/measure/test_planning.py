"""What a plan buys: effective sizes, the strata before a draw, and the chance to find a doubling."""

import pytest

from reviewer.errors import UsageError
from reviewer.measure import alerts, calibration, planning, power
from reviewer.measure.planning import MOST_EFFECTIVE, PlannedStratum, consequence, kish, outline
from reviewer.measure.strata import Crossing
from reviewer.model.week import Plan

COUNTED: dict[Crossing, int] = {(("docs",), False): 8800, (("docs",), True): 1200}
BY: Plan = Plan(100, "", "risk", ("workflow",))


def test_the_outline_is_the_reference_design() -> None:
    assert outline(COUNTED, BY) == (
        PlannedStratum("docs", False, 8800, 64),
        PlannedStratum("docs", True, 1200, 36),
    )
    assert outline(COUNTED, BY, chosen=3)[-1].pi == 1.0


def test_strata_of_one_workflow_stand_side_by_side() -> None:
    counted: dict[Crossing, int] = {
        (("docs", "m1"), False): 400, (("docs", "m2"), False): 100, (("chat", "m1"), False): 450,
    }  # fmt: skip
    rows = outline(counted, Plan(50, "", "proportional", ("workflow", "model")))
    assert [row.name for row in rows] == ["docs · m1", "docs · m2", "chat · m1"]


def test_nothing_to_draw_from_is_said_as_a_draw_says_it() -> None:
    with pytest.raises(UsageError, match="Import traces"):
        outline({}, BY)


def test_the_effective_size_falls_when_weights_differ() -> None:
    assert kish([PlannedStratum("a", None, 100, 10), PlannedStratum("b", None, 100, 10)]) == pytest.approx(20)
    uneven = [PlannedStratum("a", False, 180, 10), PlannedStratum("a", True, 20, 10)]
    assert kish(uneven) == pytest.approx(200**2 / (180**2 / 10 + 20**2 / 10))


def test_flags_that_point_at_a_mode_make_a_trace_worth_more_than_one() -> None:
    strata = outline(COUNTED, BY)
    blind = planning.effective_pointed_at(strata, 0.1, 0.0)
    some, well = (planning.effective_pointed_at(strata, 0.1, pointing) for pointing in (0.5, 0.7))
    assert blind < 100 < some < well <= MOST_EFFECTIVE * 100


def test_the_plan_believes_what_the_alert_rules_believe() -> None:
    assert planning.MOST_EFFECTIVE == calibration.MOST_EFFECTIVE
    assert planning.BASELINE_WEEKS == alerts.BASELINE_WEEKS


def test_reading_everything_is_exact_and_needs_no_chance() -> None:
    def never(*_: float) -> None:
        raise AssertionError("nothing is estimated")

    bought = consequence(outline({(("docs",), False): 20}, Plan(20, "", by=("workflow",))), never, never)
    assert (bought.exact, bought.read, bought.doublings, bought.half_width) == (True, 20, (), 0.0)


def test_the_sentence_of_the_planner_comes_out_of_the_simulation() -> None:
    """Sixty traces of four workflows: the weekly chances of the published design (48 to 89 %, 3 to 7 %)."""
    for effective, common, rare in ((49, 0.48, 0.03), (94, 0.89, 0.07)):
        assert power.doubling_found(0.1, effective, 20) == pytest.approx(common, abs=0.03)
        assert power.doubling_found(0.02, effective, 20) == pytest.approx(rare, abs=0.02)


def test_limits_at_ten_percent_of_sixty_traces() -> None:
    low, high = power.limits_at(60)
    assert (round(low, 2), round(high, 2)) == (0.04, 0.21)


def test_a_sample_sees_a_mode_of_five_percent_at_least_once() -> None:
    bought = consequence(outline(COUNTED, Plan(59, "", by=("workflow",))), power.limits_at, lambda *_: None)
    assert bought.seen_from == pytest.approx(0.0495, abs=5e-4)
    assert (1 - bought.seen_from) ** 59 == pytest.approx(0.05)


def test_more_modes_are_watched_more_strictly() -> None:
    assert power.doubling_found(0.1, 60, 40) < power.doubling_found(0.1, 60, 5)
