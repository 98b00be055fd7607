"""What *Trends* knows: one scale for all, and where one looks."""

import dataclasses

import pytest

from reviewer.desktop.segments import choices
from reviewer.desktop.trends.state import (
    TrendsState,
    latest,
    rates_to,
    short,
    top_of,
)
from reviewer.model.number import Series
from reviewer.model.taxonomy import ScoreScale, Taxonomy
from reviewer.model.trend import Control, Trends, Usual
from tests.desktop.cards import a_series
from tests.desktop.trends.made import series


def answer(state: TrendsState, found: Trends) -> None:
    """Ask anew, and take an answer."""
    state.stale = True
    assert state.ask()
    assert state.take(state.wanted, found)


def test_all_charts_share_a_scale_above_everything_that_is_drawn() -> None:
    low, high = a_series(rare=True), a_series(weeks=12)
    assert top_of([low]) == 0.02
    assert top_of([low, high]) == 0.4
    assert top_of([]) == 0.02


def test_the_figure_is_of_the_last_closed_week() -> None:
    made = a_series(weeks=4)
    found = latest(made)
    assert found is not None
    assert found.period == "2026-W48"
    assert latest(Series("m", "m", (), ())) is None


@pytest.mark.parametrize(
    ("period", "said"), [("2026-W07", "W07"), ("pilot", "pilot"), ("x-W", "x-W"), ("2026-W07-sessions", "W07")]
)
def test_weeks_are_named_short(period: str, said: str) -> None:
    assert short(period) == said


def test_the_mode_that_is_looked_at_stays_when_numbers_are_new() -> None:
    state = TrendsState()
    answer(state, Trends(tuple(series())))
    state.choose(1, 7)
    answer(state, Trends(tuple(reversed(series(weeks=3)))))
    assert state.chosen is not None
    assert (state.chosen.id, state.week) == ("wrong_citation", 2)


def test_weeks_are_stepped_through_and_end_at_both_ends() -> None:
    state = TrendsState()
    answer(state, Trends(tuple(series(weeks=2))))
    for by, week in ((-1, 1), (1, 1), (-1, 0), (-1, 0)):
        state.step_week(by)
        assert state.week == week


def test_scores_and_failing_traces_have_scales_of_their_own() -> None:
    scale = ScoreScale("groundedness", "Groundedness", 1, 5, "made up", "all shown")
    state = TrendsState(taxonomy=Taxonomy("t", "T", scores=(scale,)))
    failing = dataclasses.replace(a_series("fail", weeks=30), id="fail")
    score = Series("groundedness", "Groundedness", (), ())
    answer(state, Trends((a_series(rare=True),), failing=failing, scores=(score,)))
    assert [one.title for one in state.series] == ["wrong citation", "Failing traces", "Groundedness"]
    assert [state.scale(n).high for n in range(3)] == [0.02, 0.8, 5.0]
    assert state.scale(2).ticks == ((1.0, "1"), (3.0, "3"), (5.0, "5"))


def test_the_latest_weeks_are_shown_and_a_looked_at_week_stays() -> None:
    state = TrendsState()
    answer(state, Trends((a_series(weeks=30),), failing=a_series("fail", weeks=30)))
    assert (state.weeks, state.spans) == (26, (8, 13, 26))
    state.choose(0, 25)
    state.choose_span(8)
    assert state.point is not None
    assert (state.weeks, state.point.period) == (8, "2026-W75")
    state.choose_span(0)
    assert state.point is not None
    assert (state.weeks, state.point.period) == (30, "2026-W75")


def test_the_weeks_of_four_are_known_also_where_they_are_not_shown() -> None:
    state = TrendsState()
    answer(state, Trends((a_series(weeks=30),)))
    state.choose_span(8)
    state.choose(0, 0)
    assert state.point_weeks == ("2026-W68",)
    state.choose(0)
    assert state.point_weeks == ("2026-W71", "2026-W72", "2026-W73", "2026-W74")


def test_a_rate_is_split_by_another_segment_than_the_one_it_stays_within() -> None:
    state = TrendsState()
    state.segments = choices({"workflow": [("docs", 5), ("chat", 2)], "model": [("one", 7), ("two", 2)]})
    assert state.split == "workflow"
    state.choose_segment(("workflow", "docs"))
    assert (state.splits, state.split) == (("model",), "model")
    state.segments = choices({"workflow": [("docs", 5)]})
    assert state.split is None


def test_weeks_of_sessions_and_of_traces_are_looked_at_apart() -> None:
    state = TrendsState()
    state.learn_units(["trace", "session"])
    state.choose_segment(("workflow", "docs"))
    state.choose_unit("session")
    assert (state.unit, state.segment) == ("session", ("workflow", "docs"))
    state.choose_segment(None)
    assert state.wanted == ("", None, "session")
    answer(state, Trends((a_series(),), failing=a_series("fail")))
    assert "Failing sessions" in [one.title for one in state.series]
    assert state.shown == state.wanted


def test_where_only_sessions_were_drawn_they_are_looked_at() -> None:
    state = TrendsState()
    state.learn_units(["session"])
    assert state.unit == "session"


def test_the_scale_of_the_large_chart_reaches_above_the_control_limits() -> None:
    one = a_series(rare=True)
    limits = Control(0.01, (Usual(one.weekly[0].period, 0.0, 0.09, 0.01),))
    assert top_of([one]) == 0.02
    assert top_of([one], limits) == 0.1
    assert [name for _, name in rates_to(0.1, 4).ticks] == ["0 %", "2.5 %", "5.0 %", "7.5 %", "10.0 %"]
