"""The page *Trends*: its cards, its side, and the traces behind a point."""

from typing import Any

from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from reviewer.desktop.bridge import Bridge
from reviewer.desktop.explore.state import TraceList
from reviewer.desktop.theme import Theme
from reviewer.desktop.trends.page import TrendsPage
from reviewer.jobs.messages import Broke, Done
from reviewer.measure.saturation import of_readings
from reviewer.model.alert import Level
from reviewer.model.number import Series
from reviewer.model.trend import Calibrated, Trends
from reviewer.model.week import Plan
from reviewer.verbs.changes import Changes
from reviewer.verbs.weeks import open_week
from reviewer.workspace.ask.calibration import calibrated
from tests.builders import HOUR_US, MONDAY_US, a_trace, own_id
from tests.desktop.cards import a_series
from tests.desktop.trends.made import MODES, build, raised, series


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


def test_a_failure_and_an_empty_workspace_say_what_comes_next(page: TrendsPage, jobs: list[Any]) -> None:
    assert page.side is not None
    page.refresh(Changes(everything=True))
    jobs.pop()(Broke("The worker process ended by SIGKILL.", "Nothing is lost; try again."))
    assert "try again" in page.message.full_text
    assert not page.body.isVisible()
    assert not page.side.isVisible(), "no numbers are left standing beside it"
    page.activated()
    jobs.pop()(Done(Trends((Series(*MODES[0], (), ()),))))
    assert "Draw one under New week" in page.message.full_text
    assert not page.body.isVisible()


def test_after_series_without_modes_nothing_stands_there(page: TrendsPage, jobs: list[Any]) -> None:
    page.refresh(Changes(everything=True))
    jobs.pop()(Done(Trends(())))
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
    page.segments.chosen.emit(0)
    assert jobs, "another segment is computed anew"
    assert page.state.segment == ("workflow", "docs")


def test_simulated_thresholds_are_kept_when_the_answer_is_there(
    page: TrendsPage, jobs: list[Any], qtbot: QtBot
) -> None:
    page.refresh(Changes(codings=frozenset({"x"})))
    kept = Calibrated("rule", {"a": (1.0, None)})
    jobs.pop()(Done(Trends((a_series(*MODES[0]),), calibrated=kept)))
    qtbot.waitUntil(lambda: page.bridge.writes_waiting == 0)
    assert calibrated(page.bridge.reader) == kept
    assert not jobs, "nothing that is shown changes by it"


def test_weeks_of_sessions_are_chosen_where_there_are_some_and_their_rates_are_of_sessions(
    page: TrendsPage, bridge: Bridge, jobs: list[Any], qtbot: QtBot
) -> None:
    assert not page.units.isVisibleTo(page)
    for name, unit in (("2026-W47", "trace"), ("2026-W47-sessions", "session")):
        plan = Plan(3, "seed", unit=unit)  # type: ignore[arg-type]
        bridge.write_with_reader(open_week, name, MONDAY_US, MONDAY_US + 7 * 24 * HOUR_US, plan, (), 0)
    bridge.settle()
    page.activated()
    assert page.units.isVisibleTo(page)
    page.units.chosen.emit("session")
    assert page.message.text() == "Computing the rates …"
    jobs.pop()(Done(Trends(tuple(series()))))
    qtbot.waitUntil(lambda: "% of sessions" in page.heading._about.text())
    page._take_traces([], 3)
    assert page.side is not None
    assert page.side.traces_title.text() == "3 sessions carry it, 0 are shown"
