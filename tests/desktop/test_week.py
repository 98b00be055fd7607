"""New week: which period it offers, what it says a sample buys, and that drawing stores it."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from reviewer.desktop.bridge import Bridge
from reviewer.desktop.explore.state import TraceList
from reviewer.desktop.theme import Theme
from reviewer.desktop.week.page import WeekPage
from reviewer.desktop.week.precision import LARGEST, Tables, chance_in, limits_in, tables
from reviewer.desktop.week.state import Answer, Ground, WeekState
from reviewer.jobs.messages import Done
from reviewer.measure.intervals import beta_limits
from reviewer.measure.power import doubling_found
from reviewer.model.clock import day_start
from reviewer.model.week import Plan
from reviewer.verbs.changes import Changes
from reviewer.workspace.ask.population import Counted, items
from reviewer.workspace.ask.queue import weeks
from tests.builders import MONDAY_US, a_trace, own_id
from tests.desktop.opened import a_bridge

NOW = day_start("2026-11-25", "UTC")  # a Wednesday of W48
LIMITS = [(max(0.0, 0.1 - 1 / (n + 10)), min(1.0, 0.1 + 2 / (n + 10))) for n in range(1, LARGEST + 1)]
CHANCES = {0.1: [(5, 0.1), (400, 0.9)], 0.02: [(5, 0.01), (400, 0.5)]}
COUNTED = Counted({(("docs",), False): 900, (("docs",), True): 100}, size=1000, late=0, untimed=0)


def ground(first: str | None = "2026-11-02", last: str | None = "2026-11-24", *drawn: str) -> Ground:
    first_us, last_us = (day_start(day, "UTC") if day else None for day in (first, last))
    return Ground("UTC", first_us, last_us, frozenset(drawn), 1, 100)


def test_the_last_complete_week_is_offered_first() -> None:
    state = WeekState(ground(), NOW, "s")
    assert state.period == "2026-W47"
    assert state.periods() == ["2026-W48", "2026-W47", "2026-W46", "2026-W45"]


def test_old_traces_bring_their_own_week() -> None:
    state = WeekState(ground("2025-12-29", "2026-01-03"), NOW, "s")
    assert state.period == "2026-W01"
    assert "2026-W47" in state.periods()


def test_without_traces_there_is_still_a_period() -> None:
    assert WeekState(ground(None, None), NOW, "s").periods() == ["2026-W47"]


def test_segments_keep_one_order_whatever_was_pressed_first() -> None:
    state = WeekState(ground(), NOW, "s", plan=Plan(60, ""))
    state.toggle_segment("tenant", True)
    state.toggle_segment("workflow", True)
    assert state.plan.by == ("workflow", "tenant")
    state.toggle_segment("workflow", False)
    assert state.question().by == ("tenant",)


def test_sizes_and_shares_stay_inside_what_can_be_asked() -> None:
    state = WeekState(ground(), NOW, "s")
    state.choose_size(100_000)
    state.choose_anchor(0.05)
    state.choose_overlap(0.9)
    assert (state.plan.size, state.plan.anchor, state.plan.overlap) == (400, 0.3, 0.5)


def answered(**choices: Any) -> WeekState:
    state = WeekState(ground(), NOW, "s", plan=Plan(60, "", "risk", ("workflow",)), limits=LIMITS, chances=CHANCES)
    state.plan = replace(state.plan, **choices)
    state.take(state.question(), Answer(COUNTED))
    return state


def test_a_slider_needs_no_new_question_and_another_segment_does() -> None:
    state = answered()
    assert state.drawn == 60
    state.choose_size(80)
    assert state.replan()
    assert state.drawn == 80
    state.toggle_segment("model", True)
    assert not state.replan()


def test_flags_make_the_chance_to_find_a_doubling_a_range() -> None:
    bought = answered().bought
    assert bought is not None
    assert [one.rate for one in bought.doublings] == [0.1, 0.02]
    assert all(0 < one.low < one.high < 1 for one in bought.doublings)
    even = answered(kind="proportional").bought
    assert even is not None
    assert all(one.low == one.high for one in even.doublings)


def test_readings_are_dealt_out_and_add_up() -> None:
    state = answered(overlap=0.1)
    assert (state.twice, state.readings, state.shares()) == (6, 66, {})
    state.name_readers("Ada,  Ben Ito ,, Ada")
    assert state.plan.readers == ("Ada", "Ben Ito")
    state.replan()
    assert state.shares() == {"Ada": 33, "Ben Ito": 33}
    state.ground = replace(state.ground, seconds_each=60)
    assert state.minutes() == 66


def test_one_reader_alone_cannot_read_twice_and_is_told_so() -> None:
    state = answered(overlap=0.1)
    state.name_readers("Ada")
    state.replan()
    assert "two readers" in state.trouble
    assert not state.can_draw


def test_readers_of_the_last_week_are_offered_again() -> None:
    state = WeekState(ground(), NOW, "s")
    state.learn(replace(ground(), readers=("Ada", "Ben")))
    assert state.plan.readers == ("Ada", "Ben")
    state.name_readers("Ada, Carla")
    state.learn(replace(ground(), readers=("Ada", "Ben")))
    assert state.plan.readers == ("Ada", "Carla")


@pytest.fixture(scope="module")
def known() -> Tables:
    return tables(None, 20)  # type: ignore[arg-type]


def test_limits_are_those_of_measure(known: Tables) -> None:
    table = known.limits
    assert table[59] == pytest.approx(tuple(beta_limits(0.1, 60)))
    between = limits_in(table, 47.5)
    assert between is not None
    assert table[46][1] > between[1] > table[47][1]
    assert limits_in(table, 10_000) == table[-1]
    assert limits_in([], 60) is None


def test_chances_between_those_that_were_simulated_are_near_the_simulation(known: Tables) -> None:
    for rate in known.chances:
        for size in (25, 49, 94, 200):
            assert chance_in(known.chances, rate, size) == pytest.approx(doubling_found(rate, size, 20), abs=0.03)
    assert chance_in(known.chances, 0.1, 1e9) == pytest.approx(1, abs=1e-3)
    assert chance_in({}, 0.1, 60) is None


def test_a_period_that_is_drawn_cannot_be_drawn_again() -> None:
    state = WeekState(ground("2026-11-02", "2026-11-24", "2026-W47"), NOW, "s")
    assert state.is_drawn
    assert not state.can_draw


@pytest.fixture
def bridge(tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bridge]:
    def answer_at_once(self: Bridge, function: Any, *args: Any, message: Any, done: Any) -> object:
        done(Done(Tables(LIMITS, CHANCES)))
        return object()

    monkeypatch.setattr(Bridge, "job", answer_at_once)
    with a_bridge(tmp_path, 40) as made:
        made.clock = lambda: NOW
        yield made


@pytest.fixture
def page(bridge: Bridge, qtbot: QtBot) -> WeekPage:
    made = WeekPage(bridge, Theme.light())
    qtbot.addWidget(made)
    made.resize(1232, 900)
    made.show()
    made.activated()
    qtbot.waitUntil(lambda: bool(made.state.strata))
    return made


def test_the_strata_of_a_plan_are_shown_before_anything_is_stored(page: WeekPage, bridge: Bridge, qtbot: QtBot) -> None:
    assert page.state.period == "2026-W47"
    page.controls.segments["model"].click()
    page.controls.segments["prompt_version"].click()
    qtbot.waitUntil(lambda: page.state.replan() and len(page.state.strata) == 2)
    said = [page.table.rows.spoken(row) for row in range(page.table.rows.count)]
    assert "stratum billing" in " ".join(said)
    assert said[-1].startswith("stratum Together; in all 40")
    assert weeks(bridge.reader) == []


def test_reading_all_is_said_to_be_exact_and_fewer_to_be_an_estimate(page: WeekPage, qtbot: QtBot) -> None:
    assert page.buys.reach.figure.full_text == "exact"
    page.controls.sizes.setValue(20)
    qtbot.waitUntil(lambda: page.state.drawn == 20)
    assert page.buys.reach.figure.full_text.startswith("± ")
    assert page.buys.draw.accessibleName() == "Draw 20 and start"


def test_drawing_stores_the_week_and_asks_for_the_review(page: WeekPage, bridge: Bridge, qtbot: QtBot) -> None:
    page.controls.sizes.setValue(12)
    qtbot.waitUntil(lambda: page.state.drawn == 12)
    with qtbot.waitSignal(page.asked) as asked:
        page.buys.draw.click()
    assert asked.args == ["review", "2026-W47"]
    (week,) = weeks(bridge.reader)
    assert (week.name, week.plan.size, week.plan.seed) == ("2026-W47", 12, page.state.seed)
    page.refresh(Changes(weeks=frozenset({week.name})))
    qtbot.waitUntil(lambda: page.state.is_drawn)
    assert "drawn already" in page.buys.trouble.full_text
    assert page.buys.draw.accessibleName() == "Read 2026-W47"
    with qtbot.waitSignal(page.asked):
        page.buys.draw.click()
    assert len(weeks(bridge.reader)) == 1


def test_an_empty_period_says_what_to_do(page: WeekPage, qtbot: QtBot) -> None:
    page.state.choose_period("2026-W02")
    page._changed()
    qtbot.waitUntil(lambda: bool(page.state.trouble))
    assert "no traces in this period" in page.buys.trouble.full_text
    assert not page.buys.draw.isEnabled()


def test_the_theme_changes_under_the_page(page: WeekPage) -> None:
    page.set_theme(Theme.dark(115))
    assert not page.grab().isNull()
    assert page.buys.draw.accessibleName() == "Draw 40 and start"


def test_monday_belongs_to_the_week_it_begins(page: WeekPage) -> None:
    assert page.state.question().start_us == MONDAY_US


def test_what_the_sample_would_find_is_said_in_a_sentence(page: WeekPage, qtbot: QtBot) -> None:
    page.controls.sizes.setValue(20)
    qtbot.waitUntil(lambda: page.state.drawn == 20)
    assert page.buys.found.figure.full_text.endswith(" %")
    assert "From 10 to 20 % within four weeks" in page.buys.found.sentence.full_text
    assert page.buys.facts[3].full_text == "modes from 13.9 %"


def test_traces_that_were_chosen_before_are_drawn_beside_the_sample(
    page: WeekPage, bridge: Bridge, qtbot: QtBot
) -> None:
    page.controls.sizes.setValue(12)
    page.show_subject(TraceList("chosen", (own_id(a_trace(3)), own_id(a_trace(4)), own_id(a_trace(77)))))
    page.activated()
    qtbot.waitUntil(lambda: page.state.drawn == 14)
    assert page.certain.isVisibleTo(page)
    assert "1 of those chosen are of another period" in page.shares.full_text
    with qtbot.waitSignal(page.asked):
        page.buys.draw.click()
    (week,) = weeks(bridge.reader)
    drawn = items(bridge.reader, week.name)
    assert sorted(item.purpose for item in drawn) == ["certainty"] * 2 + ["prob"] * 12
    assert page.state.also == ()


def test_a_share_read_twice_is_stored_with_its_readers(page: WeekPage, bridge: Bridge, qtbot: QtBot) -> None:
    page.controls.sizes.setValue(20)
    page.controls.overlap.setValue(15)
    page.controls.readers.setText("ada, ben")
    page.controls.readers.textEdited.emit("ada, ben")
    qtbot.waitUntil(lambda: page.state.twice == 3)
    assert page.controls.twice.full_text == "3, 15 %"
    assert "ada reads" in page.shares.full_text
    with qtbot.waitSignal(page.asked):
        page.buys.draw.click()
    (week,) = weeks(bridge.reader)
    assert (week.plan.overlap, week.plan.readers) == (0.15, ("ada", "ben"))


def test_whole_sessions_can_be_drawn_and_the_week_says_so(page: WeekPage, bridge: Bridge, qtbot: QtBot) -> None:
    assert page.controls.unit.isVisibleTo(page)
    of_traces = page.heading._about.text()
    page.controls.unit.chosen.emit("session")
    qtbot.waitUntil(lambda: page.state.replan() and sum(row.size for row in page.state.strata) == 20)
    assert "40 traces in the period" in of_traces
    qtbot.waitUntil(lambda: "20 sessions begin in the period" in page.heading._about.text())
    with qtbot.waitSignal(page.asked) as asked:
        page.buys.draw.click()
    assert asked.args == ["review", "2026-W47-sessions"]
    bridge.settle()
    assert [(week.name, week.plan.unit) for week in weeks(bridge.reader)] == [("2026-W47-sessions", "session")]
    page.controls.unit.chosen.emit("trace")
    assert not page.state.is_drawn
