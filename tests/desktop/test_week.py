"""New week: which period it offers, what it says a sample buys, and that drawing stores it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from reviewer.desktop.bridge import Bridge
from reviewer.desktop.theme import Theme
from reviewer.desktop.week.page import WeekPage
from reviewer.desktop.week.precision import LARGEST, precision_table
from reviewer.desktop.week.state import Ground, StratumRow, WeekState, effective_size, limits_at
from reviewer.jobs.messages import Done
from reviewer.measure.intervals import beta_limits
from reviewer.model.clock import day_start
from reviewer.verbs.changes import Changes
from reviewer.workspace.ask.queue import weeks
from tests.builders import MONDAY_US
from tests.desktop.opened import a_bridge

NOW = day_start("2026-11-25", "UTC")  # a Wednesday of W48
LIMITS = [(max(0.0, 0.1 - 1 / (n + 10)), min(1.0, 0.1 + 2 / (n + 10))) for n in range(1, LARGEST + 1)]


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
    state = WeekState(ground(), NOW, "s")
    state.toggle_segment("tenant", True)
    state.toggle_segment("workflow", True)
    assert state.by == ("workflow", "tenant")
    state.toggle_segment("workflow", False)
    assert state.request().plan.by == ("tenant",)


def test_sizes_and_shares_stay_inside_what_can_be_asked() -> None:
    state = WeekState(ground(), NOW, "s")
    state.choose_size(100_000)
    state.choose_anchor(0.05)
    assert (state.size, state.anchor) == (400, 0.3)


def test_the_effective_size_falls_when_weights_differ() -> None:
    even = [StratumRow("a", None, 100, 10), StratumRow("b", None, 100, 10)]
    uneven = [StratumRow("a", False, 180, 10), StratumRow("a", True, 20, 10)]
    assert effective_size(even) == pytest.approx(20)
    assert effective_size(uneven) == pytest.approx(200**2 / (180**2 / 10 + 20**2 / 10))


def test_limits_are_those_of_measure() -> None:
    table = precision_table(None)  # type: ignore[arg-type]
    assert table[59] == pytest.approx(tuple(beta_limits(0.1, 60)))
    between = limits_at(table, 47.5)
    assert between is not None
    assert table[46][1] > between[1] > table[47][1]
    assert limits_at(table, 10_000) == table[-1]
    assert limits_at([], 60) is None


def test_a_period_that_is_drawn_cannot_be_drawn_again() -> None:
    state = WeekState(ground("2026-11-02", "2026-11-24", "2026-W47"), NOW, "s")
    assert state.is_drawn
    assert not state.can_draw


@pytest.fixture
def bridge(tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bridge]:
    def answer_at_once(self: Bridge, function: Any, *args: Any, message: Any, done: Any) -> object:
        done(Done(LIMITS))
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
    qtbot.waitUntil(lambda: made.state.planned is not None)
    return made


def test_the_strata_of_a_plan_are_shown_before_anything_is_stored(page: WeekPage, bridge: Bridge, qtbot: QtBot) -> None:
    assert page.state.period == "2026-W47"
    page.controls.segments["workflow"].click()
    qtbot.waitUntil(lambda: len(page.state.rows) == 2)
    said = [page.table.rows.spoken(row) for row in range(page.table.rows.count)]
    assert "stratum billing" in " ".join(said)
    assert said[-1].startswith("stratum Together; traces 40")
    assert weeks(bridge.reader) == []


def test_reading_all_is_said_to_be_exact_and_fewer_to_be_an_estimate(page: WeekPage, qtbot: QtBot) -> None:
    assert page.buys.figure.full_text == "exact"
    page.controls.sizes.setValue(20)
    qtbot.waitUntil(lambda: page.state.drawn == 20)
    assert page.buys.figure.full_text.startswith("± ")
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
    page.state.period = "2026-W02"
    page._changed()
    qtbot.waitUntil(lambda: bool(page.state.trouble))
    assert "no traces in this period" in page.buys.trouble.full_text
    assert not page.buys.draw.isEnabled()


def test_the_theme_changes_under_the_page(page: WeekPage) -> None:
    page.set_theme(Theme.dark(115))
    assert not page.grab().isNull()
    assert page.buys.draw.accessibleName() == "Draw 40 and start"


def test_monday_belongs_to_the_week_it_begins(page: WeekPage) -> None:
    assert page.state.request().start_us == MONDAY_US
