"""What stands behind a point of *Trends*: where it happens, and what moved it."""

import dataclasses
from typing import Any

from pytestqt.qtbot import QtBot

from reviewer.desktop.segments import choices
from reviewer.desktop.theme import Theme
from reviewer.desktop.trends.behind import BehindPanel
from reviewer.desktop.trends.page import TrendsPage
from reviewer.desktop.trends.state import Scale, rates_to
from reviewer.jobs.messages import Broke, Done
from reviewer.model.change import ChangeSplit, SegmentChange
from reviewer.model.number import Basis, Number, Unit
from reviewer.model.trend import Behind, Spot
from reviewer.verbs.changes import Changes
from tests.desktop.cards import estimate
from tests.desktop.trends.made import split_behind


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
    page.state.segments = choices({"workflow": [("agent", 5), ("chat", 2)]})
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


def test_the_mean_of_a_score_is_split_too() -> None:
    panel = BehindPanel(Theme.light())
    mean = Number(3.5, Basis.ESTIMATE, Unit.SCORE, 3.0, 4.0, n=40)
    parts = (dataclasses.replace(mean, value=value, low=value - 1, high=value + 1) for value in (-0.5, -0.4, -0.1))
    found = Behind("workflow", ("2026-W46",), (Spot("docs", mean),), ChangeSplit("workflow", *parts), mean)
    panel.show_behind(found, Scale(1.0, 5.0, ()), True)
    assert panel.spots.rows.spoken(0) == "docs; 3.50"
    assert panel.change.full_text == "Since W46: −0.50 (−1.50 to +0.50)"
    assert panel.parts.rows.spoken(0) == "mix −0.40; within −0.10"
    assert "other means at equal shares" in panel.meaning.full_text
    assert "it would be 3.50" in panel.meaning.full_text


def test_segments_that_came_or_went_stand_on_a_line_of_their_own() -> None:
    panel = BehindPanel(Theme.light())
    known = split_behind()
    assert known.split is not None
    came = SegmentChange("{voice}", 0.0, 0.1, Number(None, Basis.NOT_RECORDED), estimate(0.2, 0.1, 0.3), presence=0.01)
    change = dataclasses.replace(known.split, presence=Number(0.01, Basis.ESTIMATE), segments=(came,))
    panel.show_behind(dataclasses.replace(known, split=change), rates_to(0.4), True)
    assert "Came or went: +1.0 points ({voice})." in panel.meaning.full_text.splitlines()


def test_nothing_is_computed_for_a_page_that_was_left(page: TrendsPage, qtbot: QtBot, behinds: list[Any]) -> None:
    page._learned({"workflow": [("agent", 5), ("chat", 2)]})
    assert page.busy
    page.hide()
    assert not page.busy
    page.show()
    page.activated()
    qtbot.waitUntil(lambda: len(behinds) == 1)
