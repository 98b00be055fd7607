"""Trends: one scale for all, rates held back where there are too few, and the traces behind a point."""

import dataclasses
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest
from PySide6.QtCore import QCoreApplication, QPoint, Qt
from pytestqt.qtbot import QtBot

from reviewer.desktop.bridge import Bridge
from reviewer.desktop.explore.state import TraceList
from reviewer.desktop.theme import Theme
from reviewer.desktop.trends.behind import BehindPanel
from reviewer.desktop.trends.chart import TrendChart
from reviewer.desktop.trends.drawing import drawing
from reviewer.desktop.trends.large import LargeChart
from reviewer.desktop.trends.page import TrendsPage
from reviewer.desktop.trends.stack import stacked
from reviewer.desktop.trends.state import (
    WEEK_US,
    TrendsState,
    latest,
    markers_by_week,
    positions,
    rates_to,
    short,
    top_of,
)
from reviewer.jobs.messages import Broke, Done
from reviewer.jobs.running import Job
from reviewer.measure.saturation import of_readings
from reviewer.model.alert import Alert, Level
from reviewer.model.change import ChangeSplit, SegmentChange
from reviewer.model.number import Basis, Number, Series
from reviewer.model.taxonomy import ScoreScale, Taxonomy
from reviewer.model.trend import Behind, Calibrated, Control, Marker, MarkerKind, Spot, Trends, Usual
from reviewer.verbs.changes import Changes
from reviewer.verbs.points import behind_of
from reviewer.workspace.ask.calibration import calibrated
from tests.builders import a_trace, own_id
from tests.desktop.cards import a_series, estimate
from tests.desktop.opened import a_bridge

KINDS: tuple[MarkerKind, ...] = ("prompt", "model", "provider", "taxonomy")
MODES = (("unsupported_claim", "unsupported claim"), ("wrong_citation", "wrong citation"))


def series(weeks: int = 8) -> list[Series]:
    made = [a_series(*MODES[0], weeks=weeks), a_series(*MODES[1], weeks=weeks, rare=True)]
    real = tuple(own_id(a_trace(n)) for n in range(3))
    return [
        dataclasses.replace(one, weekly=tuple(dataclasses.replace(point, traces=real) for point in one.weekly))
        for one in made
    ]


def test_all_charts_share_a_scale_above_everything_that_is_drawn() -> None:
    low, high = a_series(rare=True), a_series(weeks=12)
    assert top_of([low]) == 0.02
    assert top_of([low, high]) == 0.4
    assert top_of([]) == 0.02


def test_a_week_that_was_left_out_leaves_a_gap() -> None:
    whole = a_series(weeks=4)
    gap = dataclasses.replace(whole, weekly=(whole.weekly[0], whole.weekly[3]))
    assert positions(gap) == [0.0, 3.0]


def test_the_figure_is_of_the_last_closed_week() -> None:
    made = a_series(weeks=4)
    found = latest(made)
    assert found is not None
    assert found.period == "2026-W48"
    assert latest(Series("m", "m", (), ())) is None


@pytest.mark.parametrize(("period", "said"), [("2026-W07", "W07"), ("pilot", "pilot"), ("x-W", "x-W")])
def test_weeks_are_named_short(period: str, said: str) -> None:
    assert short(period) == said


def test_the_mode_that_is_looked_at_stays_when_numbers_are_new() -> None:
    state = TrendsState()
    state.take(Trends(tuple(series())))
    state.choose(1, 7)
    state.take(Trends(tuple(reversed(series(weeks=3)))))
    assert state.chosen is not None
    assert (state.chosen.id, state.week) == ("wrong_citation", 2)


def test_weeks_are_stepped_through_and_end_at_both_ends() -> None:
    state = TrendsState()
    state.take(Trends(tuple(series(weeks=2))))
    for by, week in ((-1, 1), (1, 1), (-1, 0), (-1, 0)):
        state.step_week(by)
        assert state.week == week


def raised(weeks: int) -> Series:
    """Return a series with a WATCH and then an ALERT in its last closed weeks."""
    made = a_series(weeks=weeks)
    weekly = list(made.weekly)
    for n, level, rule in ((-3, Level.WATCH, "watch"), (-2, Level.ALERT, "cusum")):
        alert = Alert(level, weekly[n].period, rule, 0.04, weekly[-3].period)
        weekly[n] = dataclasses.replace(weekly[n], alert=alert)
    return dataclasses.replace(made, weekly=tuple(weekly))


@pytest.fixture
def chart(qtbot: QtBot) -> TrendChart:
    made = TrendChart(Theme.light())
    qtbot.addWidget(made)
    made.resize(400, 150)
    made.show()
    return made


def test_a_rate_has_line_band_and_dots_and_the_open_week_only_a_dot() -> None:
    found = drawing(a_series(weeks=6))
    (line,) = found.lines
    assert len(line) == len(found.band) == 5
    assert [dot.is_open for dot in found.dots] == [False] * 5 + [True]


def test_a_rate_that_is_held_back_has_a_band_and_no_line() -> None:
    found = drawing(a_series(weeks=6, rare=True))
    assert found.lines == ()
    assert len(found.band) == 5


def test_the_band_of_a_single_week_can_be_seen() -> None:
    band = drawing(a_series(weeks=2)).band
    assert band[-1][0] - band[0][0] > 0.2


def test_a_week_with_an_alert_has_a_ring() -> None:
    assert [dot.level for dot in drawing(raised(weeks=6)).dots] == [None, None, None, Level.WATCH, Level.ALERT, None]


def test_zero_is_drawn_and_the_unit_stands_at_the_axis(chart: TrendChart) -> None:
    chart.show_series(a_series(weeks=6), rates_to(0.3), -1, "surface")
    assert chart.scale.ticks == ((0.0, "0 %"), (0.15, "15 %"), (0.3, "30 %"))
    assert 0 < chart.y_of(0.3) < chart.y_of(0.0) < chart.height()


def test_a_chart_with_everything_on_it_is_painted(chart: TrendChart) -> None:
    series = raised(weeks=30)
    start = series.weekly[0].start_us
    markers = [Marker(kind, start + n * 3 * WEEK_US, f"support v{n}") for n, kind in enumerate(KINDS)]
    chart.show_series(series, rates_to(0.4), 7, "focusTint", markers_by_week(markers, series))
    plain = TrendChart(Theme.light())
    plain.resize(chart.size())
    assert chart.grab().toImage() != plain.grab().toImage()
    assert chart.week_at(0.0) == 0
    assert chart.week_at(1e6) == 29


@pytest.fixture
def jobs() -> list[Any]:
    return []


@pytest.fixture
def behinds() -> list[Any]:
    """Return the questions for what stands behind a point, each with who waits for its end."""
    return []


@pytest.fixture
def bridge(
    tmp_path: Path, qtbot: QtBot, jobs: list[Any], behinds: list[Any], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Bridge]:
    def job(self: Bridge, run: Any, function: Any, *args: Any, message: Any, done: Any) -> Any:
        if function is behind_of:
            behinds.append((args, done))
        else:
            jobs.append(done)
        return Mock(spec=Job)

    monkeypatch.setattr(Bridge, "job", job)
    with a_bridge(tmp_path, 3) as made:
        yield made


def build(page: TrendsPage) -> None:
    """Let the page build its charts."""
    while len(page.cards) < len(page.state.series):
        QCoreApplication.processEvents()


@pytest.fixture
def page(bridge: Bridge, qtbot: QtBot, jobs: list[Any]) -> TrendsPage:
    made = TrendsPage(bridge, Theme.light())
    qtbot.addWidget(made)
    made.resize(1232, 900)
    made.show()
    made.activated()
    jobs.pop()(Done(Trends(tuple(series()))))
    qtbot.waitUntil(lambda: len(made.cards) == 2)
    return made


def test_each_mode_says_its_rate_or_its_count(page: TrendsPage) -> None:
    assert page.cards[0].figure() == ("11.0 %", "5.5 – 22.0 % · n 240")
    assert page.cards[1].figure() == ("2 of 240", "too few for a rate, at most 2.0 %")
    assert page.cards[1].accessibleName().startswith("wrong citation: 2 of 240")
    assert "W46 1 of 60" in page.cards[1].accessibleDescription()


def test_two_charts_stand_side_by_side_and_one_below_the_other_where_it_is_narrow(
    page: TrendsPage, qtbot: QtBot
) -> None:
    first, second = page.cards
    qtbot.waitUntil(lambda: second.x() > first.x())
    assert second.geometry().right() <= page.body.viewport().width()
    page.resize(800, 700)
    qtbot.waitUntil(lambda: second.y() > first.y())
    assert second.geometry().right() <= page.body.viewport().width()


def test_a_press_on_a_week_lists_its_traces_and_opens_one(page: TrendsPage, qtbot: QtBot) -> None:
    chart = page.cards[0].chart
    place = QPoint(round(chart.x_of(2)), round(chart.y_of(0.05)))
    qtbot.mouseClick(chart, Qt.MouseButton.LeftButton, pos=place)
    assert (page.state.mode, page.state.week) == (0, 2)
    assert page.side is not None
    qtbot.waitUntil(lambda: len(page.side.rows) == 3 if page.side else False)
    assert page.side.title.full_text == "unsupported claim, W48"
    with qtbot.waitSignal(page.asked) as asked:
        page.side.table.opened.emit(0)
    assert asked.args == ["explore", TraceList("unsupported claim, W48", (own_id(a_trace(0)),))]


def test_the_side_says_what_the_mode_is(page: TrendsPage) -> None:
    assert page.side is not None
    mode = page.state.described
    assert mode is not None
    assert page.side.definition.full_text == mode.definition
    assert "Owner: " in page.side.facts.full_text


def test_keys_walk_through_the_weeks_and_open_the_list(page: TrendsPage, qtbot: QtBot) -> None:
    qtbot.keyClick(page.cards[1], Qt.Key.Key_Left)
    page.cards[1].setFocus()
    page._choose(1, 4)
    qtbot.keyClick(page.cards[1], Qt.Key.Key_Right)
    assert (page.state.mode, page.state.week) == (1, 5)
    with qtbot.waitSignal(page.asked) as asked:
        qtbot.keyClick(page.cards[1], Qt.Key.Key_Return)
    assert asked.args[1].title == "wrong citation, W51"


def test_new_codings_are_computed_once_at_a_time(page: TrendsPage, jobs: list[Any]) -> None:
    page.refresh(Changes(everything=True))
    page.refresh(Changes(everything=True))
    assert len(jobs) == 1
    jobs.pop()(Done(Trends(tuple(series()))))
    assert len(jobs) == 1, "what changed meanwhile is computed again"


def test_the_theme_changes_under_the_charts(page: TrendsPage) -> None:
    page.set_theme(Theme.dark(115))
    assert not page.grab().isNull()


def test_a_failure_and_an_empty_workspace_say_what_comes_next(page: TrendsPage) -> None:
    page._ended(Broke("The worker process ended by SIGKILL.", "Nothing is lost; try again."))
    assert "try again" in page.message.full_text
    page._ended(Done(Trends((Series(*MODES[0], (), ()),))))
    page.state.trouble = ""
    page._show()
    assert "Draw one under New week" in page.message.full_text
    assert not page.body.isVisible()


def test_after_series_without_modes_nothing_stands_there(page: TrendsPage, qtbot: QtBot) -> None:
    page._ended(Done(Trends(())))
    page.state.trouble = ""
    page._show()
    assert "no failure modes yet" in page.message.full_text
    assert page.cards == []


def test_an_alert_stands_on_its_card_and_is_explained_at_the_side(page: TrendsPage, jobs: list[Any]) -> None:
    page.refresh(Changes(codings=frozenset({"x"})))
    jobs.pop()(Done(Trends((raised(weeks=8), a_series(*MODES[0])))))
    build(page)
    first, second = page.cards[0], page.cards[1]
    assert first.alert is not None
    assert first.alert.level is Level.ALERT
    assert "ALERT" in first.accessibleName()
    assert second.alert is None
    assert page.side is not None
    page._choose(0, 6)
    assert page.side.alert.full_text.startswith("ALERT in W52: more than the usual 4.0 % since W51.")
    page._choose(0, 5)
    assert page.side.alert.full_text == ""
    assert page.side.watch.full_text.startswith("WATCH in W51")
    assert page.side.watch.isVisibleTo(page.side)
    page._choose(1, -1)
    assert page.side.alert.full_text == page.side.watch.full_text == ""


def test_the_stack_holds_five_modes_and_the_others_and_adds_up() -> None:
    modes = [a_series(f"m{n}", f"mode {n}", weeks=3, rare=n > 5) for n in range(8)]
    stack = stacked(modes)
    assert stack.weeks == ("W46", "W47")
    assert [part.number for part in stack.parts] == [0, 1, 2, 3, 4, -1]
    assert stack.parts[-1].title == "3 others"
    assert stack.totals[1] == pytest.approx(6 * 6.0 + 2 * 1.0)
    assert stacked([]).weeks == ()


def test_views_and_segments_are_offered_where_there_is_something_to_choose(page: TrendsPage, jobs: list[Any]) -> None:
    page.refresh(Changes(codings=frozenset({"x"})))
    seen = of_readings([("a",), (), ("b", "a")])
    jobs.pop()(Done(Trends((a_series(*MODES[0]),), markers=(), saturation=seen)))
    assert page.state.views == ("charts", "large", "stack", "saturation")
    page._learned({"workflow": [("docs", 5), (None, 2)], "model": [("one", 7)]})
    assert page.state.segments == (("workflow", "docs"), ("workflow", None))
    page._choose_view("saturation")
    assert page.panel is not None
    assert not page.panel.isHidden()
    assert "Read on" in page.panel.text.full_text
    page._choose_view("stack")
    assert page.stack is not None
    assert not page.stack.isHidden()
    assert page.panel.isHidden()
    page._choose_segment(0)
    assert jobs, "another segment is computed anew"
    assert page.state.segment == ("workflow", "docs")


def test_scores_and_failing_traces_have_scales_of_their_own() -> None:
    scale = ScoreScale("groundedness", "Groundedness", 1, 5, "made up", "all shown")
    state = TrendsState(taxonomy=Taxonomy("t", "T", scores=(scale,)))
    failing = dataclasses.replace(a_series("fail", weeks=30), id="fail")
    score = Series("groundedness", "Groundedness", (), ())
    state.take(Trends((a_series(rare=True),), failing=failing, scores=(score,)), "Failing traces")
    assert [one.title for one in state.series] == ["wrong citation", "Failing traces", "Groundedness"]
    assert [state.scale(n).high for n in range(3)] == [0.02, 0.8, 5.0]
    assert state.scale(2).ticks == ((1.0, "1"), (3.0, "3"), (5.0, "5"))


def test_the_latest_weeks_are_shown_and_a_looked_at_week_stays() -> None:
    state = TrendsState()
    state.take(Trends((a_series(weeks=30),), failing=a_series("fail", weeks=30)))
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
    state.take(Trends((a_series(weeks=30),)))
    state.choose_span(8)
    state.choose(0, 0)
    assert state.point_weeks == ("2026-W68",)
    state.choose(0)
    assert state.point_weeks == ("2026-W71", "2026-W72", "2026-W73", "2026-W74")


def test_a_rate_is_split_by_another_segment_than_the_one_it_stays_within() -> None:
    state = TrendsState()
    state.learn_segments({"workflow": [("docs", 5), ("chat", 2)], "model": [("one", 7), ("two", 2)]})
    assert state.split == "workflow"
    state.choose_segment(("workflow", "docs"))
    assert (state.splits, state.split) == (("model",), "model")
    state.learn_segments({"workflow": [("docs", 5)]})
    assert state.split is None


def split_behind() -> Behind:
    """Return what stands behind a point: chats and agents, and a change by mix and within."""
    part = Number(0.05, Basis.ESTIMATE, low=-0.01, high=0.11)
    change = ChangeSplit("workflow", part, Number(0.02, Basis.ESTIMATE), Number(0.03, Basis.ESTIMATE))
    spots = tuple(Spot(name, estimate(0.1, 0.05, 0.2)) for name in ("agent", None, "a", "b", "c", "d", "e"))
    return Behind("workflow", ("2026-W45", "2026-W46"), spots, change, estimate(0.07, 0.0, 0.2))


def test_the_side_says_where_a_mode_happens_and_what_moved_it(
    page: TrendsPage, qtbot: QtBot, behinds: list[Any]
) -> None:
    page._learned({"workflow": [("agent", 5), ("chat", 2)]})
    qtbot.waitUntil(lambda: len(behinds) == 1)
    assert page.busy
    wanted, done = behinds.pop()
    assert wanted[1:] == (("2026-W49", "2026-W50", "2026-W51", "2026-W52"), "unsupported_claim", "workflow", None)
    assert page.side is not None
    panel = page.side.behind
    assert panel.more.full_text == "Computing where it happens …"
    done(Done(split_behind()))
    assert not page.busy
    assert panel.spots.rows.count == 5
    assert panel.more.full_text == "and 2 more"
    assert panel.spots.rows.spoken(1).startswith("not recorded")
    assert panel.change.full_text == "Since W45 – W46: +5.0 points (−1.0 to +11.0)"
    assert panel.parts.rows.spoken(0) == "mix +2.0; within +3.0"
    assert "With the traffic mixed as in W45 – W46 it would be 7.0 %." in panel.meaning.full_text
    page._choose(1, -1)
    page._choose(0, -1)
    assert panel.spots.rows.count == 5, "what is known already is shown at once"
    assert not page.busy


def test_a_point_without_a_rate_has_none_on_another_mix(page: TrendsPage) -> None:
    page.state.learn_segments({"workflow": [("agent", 5), ("chat", 2)]})
    page._choose(0, 2)
    assert page.side is not None
    page.side.show_behind(page.state, split_behind())
    assert "Mix" in page.side.behind.meaning.full_text
    assert "7.0 %" not in page.side.behind.meaning.full_text


def test_what_cannot_be_computed_leaves_no_promise(page: TrendsPage, qtbot: QtBot, behinds: list[Any]) -> None:
    page._learned({"workflow": [("agent", 5), ("chat", 2)]})
    qtbot.waitUntil(lambda: len(behinds) == 1)
    behinds.pop()[1](Broke("The worker process ended by SIGKILL.", ""))
    assert page.side is not None
    assert page.side.behind.isHidden()


def test_an_answer_that_came_too_late_is_dropped(page: TrendsPage, qtbot: QtBot, behinds: list[Any]) -> None:
    page._learned({"workflow": [("agent", 5), ("chat", 2)]})
    qtbot.waitUntil(lambda: len(behinds) == 1)
    page.refresh(Changes(codings=frozenset({"x"})))
    behinds.pop()[1](Done(split_behind()))
    assert page.side is not None
    assert page.side.behind.spots.rows.count == 0


@pytest.fixture
def large(page: TrendsPage, jobs: list[Any]) -> LargeChart:
    """Open a mode with alerts, changes and a control chart large."""
    one = raised(weeks=12)
    limits = Control(0.05, tuple(Usual(point.period, 0.0, 0.2, 0.06) for point in one.weekly[:-1]))
    markers = tuple(Marker(kind, one.weekly[n * 2].start_us, f"support v{n}") for n, kind in enumerate(KINDS))
    page.refresh(Changes(everything=True))
    jobs.pop()(
        Done(Trends((one, a_series(*MODES[0], weeks=12, rare=True)), markers=markers, controls={one.id: limits}))
    )
    build(page)
    page.cards[0].enlarged.emit()
    assert page.large is not None
    assert not page.body.isVisible()
    return page.large


def test_a_press_on_the_large_chart_chooses_the_week(page: TrendsPage, large: LargeChart, qtbot: QtBot) -> None:
    QCoreApplication.processEvents()
    place = large.place_of(6).toPoint()
    qtbot.mouseClick(large.view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert (page.state.mode, page.state.week) == (0, 6)
    qtbot.keyClick(large, Qt.Key.Key_Left)
    assert page.state.week == 5
    with qtbot.waitSignal(page.asked) as asked:
        qtbot.keyClick(large, Qt.Key.Key_Return)
    assert asked.args[1].title == "wrong citation, W51"


def test_the_large_chart_draws_the_control_chart_only_when_asked(page: TrendsPage, large: LargeChart) -> None:
    plain = large.grab().toImage()
    large.with_control.setChecked(True)
    assert large.grab().toImage() != plain
    large.modes.chosen.emit(1)
    assert page.state.mode == 1
    assert large.with_control.isHidden(), "this mode has no control chart"
    page.set_theme(Theme.dark(115))
    assert large.accessibleName() == "unsupported claim"


def test_the_scale_of_the_large_chart_reaches_above_the_control_limits() -> None:
    one = a_series(rare=True)
    limits = Control(0.01, (Usual(one.weekly[0].period, 0.0, 0.09, 0.01),))
    assert top_of([one]) == 0.02
    assert top_of([one], limits) == 0.1
    assert [name for _, name in rates_to(0.1, 4).ticks] == ["0 %", "2.5 %", "5.0 %", "7.5 %", "10.0 %"]


def test_simulated_thresholds_are_kept_when_the_answer_is_there(
    page: TrendsPage, jobs: list[Any], qtbot: QtBot
) -> None:
    page.refresh(Changes(codings=frozenset({"x"})))
    kept = Calibrated("rule", {"a": (1.0, None)})
    jobs.pop()(Done(Trends((a_series(*MODES[0]),), calibrated=kept)))
    qtbot.waitUntil(lambda: page.bridge.writes_waiting == 0)
    assert calibrated(page.bridge.reader) == kept
    assert not jobs, "nothing that is shown changes by it"


def test_segments_that_came_or_went_stand_on_a_line_of_their_own() -> None:
    panel = BehindPanel(Theme.light())
    known = split_behind()
    assert known.split is not None
    came = SegmentChange("{voice}", 0.0, 0.1, Number(None, Basis.NOT_RECORDED), estimate(0.2, 0.1, 0.3), presence=0.01)
    change = dataclasses.replace(known.split, presence=Number(0.01, Basis.ESTIMATE), segments=(came,))
    panel.show_behind(dataclasses.replace(known, split=change), 0.4, True)
    assert "Came or went: +1.0 points ({voice})." in panel.meaning.full_text.splitlines()


def test_nothing_is_computed_for_a_page_that_was_left(page: TrendsPage, qtbot: QtBot, behinds: list[Any]) -> None:
    page._learned({"workflow": [("agent", 5), ("chat", 2)]})
    assert page.busy
    page.hide()
    assert not page.busy
    page.show()
    page.activated()
    qtbot.waitUntil(lambda: len(behinds) == 1)


def test_large_letters_fit_beside_each_other_in_a_narrow_window(page: TrendsPage, large: LargeChart) -> None:
    page.set_theme(Theme.light(130))
    page.resize(830, 800)
    assert large.minimumSizeHint().width() <= 580
    assert page.minimumSizeHint().width() <= 830
