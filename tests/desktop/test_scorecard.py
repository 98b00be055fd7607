"""The scorecard on the screen: what each number stands on, how it is made, and the files it is saved as."""

import dataclasses
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from reviewer.desktop.bridge import Bridge
from reviewer.desktop.explore.state import TraceList
from reviewer.desktop.scorecard.page import ScorecardPage
from reviewer.desktop.scorecard.state import ScorecardState
from reviewer.desktop.theme import Theme
from reviewer.jobs.messages import Broke, Done
from reviewer.model.trend import Marker
from reviewer.verbs.changes import Changes
from tests.desktop.cards import a_card, a_series
from tests.desktop.opened import a_bridge, reviewed


def test_the_newest_week_is_shown_and_a_chosen_one_is_kept() -> None:
    state = ScorecardState()
    assert not state.ask(), "without a week there is nothing to compute"
    state.learn(["W45", "W46"])
    assert state.wanted.week == "W46"
    state.choose("W45")
    state.learn(["W45", "W46", "W47"])
    assert (state.wanted.week, state.weeks) == ("W45", ("W47", "W46", "W45"))


@pytest.fixture
def jobs() -> list[Any]:
    return []


@pytest.fixture
def bridge(tmp_path: Path, qtbot: QtBot, jobs: list[Any], monkeypatch: pytest.MonkeyPatch) -> Iterator[Bridge]:
    class Waiting:
        def cancel(self) -> None:
            pass

    def wait(self: Bridge, *args: Any, message: Any, done: Any) -> Waiting:
        jobs.append(done)
        return Waiting()

    monkeypatch.setattr(Bridge, "job", wait)
    with a_bridge(tmp_path, 8) as made:
        reviewed(made._workspace, "2026-W47", 4)
        yield made


@pytest.fixture
def page(bridge: Bridge, qtbot: QtBot, jobs: list[Any]) -> ScorecardPage:
    made = ScorecardPage(bridge, Theme.light())
    qtbot.addWidget(made)
    made.resize(1232, 900)
    made.show()
    made.activated()
    assert "Computing 2026-W47" in made.message.full_text
    jobs.pop()(Done(a_card()))
    return made


def test_every_number_says_what_it_stands_on(page: ScorecardPage) -> None:
    said = [page.singles.rows.spoken(n) for n in range(page.singles.rows.count)]
    assert len(said) == 7
    assert "p95 latency" in said[0]
    assert "all traffic; now 5.4 s; interval or N N 8,000" in said[0]
    assert "estimate; now $0.049; interval or N $0.046 – 0.053" in said[1]
    assert "now not recorded" in said[6]
    assert page.titles[0].full_text.endswith("all traffic")
    assert page.titles[1].full_text.endswith("estimate")


def test_too_few_for_a_rate_is_a_count(page: ScorecardPage) -> None:
    said = page.lists[1].rows.spoken(1)
    assert "now 1 of 60" in said
    assert "2.0 %" not in said


def test_the_share_of_failing_traces_is_drawn_with_what_changed(page: ScorecardPage, jobs: list[Any]) -> None:
    assert not page.chart.isVisible(), "a card without a course has no chart"
    one = a_series(weeks=6)
    mark = Marker("prompt", one.rolling[2].end_us - 1, "support v2")
    page.refresh(Changes(everything=True))
    jobs.pop()(Done(dataclasses.replace(a_card(), line=one.rolling, markers=(mark,))))
    assert page.chart.isVisible()
    assert page.chart_title.full_text == "Failing traces: 9.0 %", "the last closed week"
    assert "2026-W46 to 2026-W51" in page.chart_about.full_text
    assert page.chart.markers == {2: [mark]}
    assert page.chart.drawing.weeks == (0.0, 1.0, 2.0, 3.0, 4.0, 5.0), "each four weeks stand at their last one"
    assert not page.grab().isNull()


def test_a_row_explains_how_it_is_made(page: ScorecardPage) -> None:
    page.singles.setCurrentIndex(page.singles.rows.index(3, 0))
    assert page.how_title.full_text == "How Tool success is made"
    assert "all traffic, N = 8,000" in page.how.full_text
    assert page.lists[0].row() == -1


def test_a_failure_mode_opens_its_traces(page: ScorecardPage, qtbot: QtBot) -> None:
    assert not page.traces.isVisible()
    page.lists[1].setCurrentIndex(page.lists[1].rows.index(0, 0))
    with qtbot.waitSignal(page.asked) as asked:
        page.traces.click()
    assert asked.args == ["explore", TraceList("tool error not handled, 2026-W46", ("t1", "t2"))]


@pytest.mark.parametrize("kind", [".pdf", ".html", ".md", ".json"])
def test_a_card_is_saved_in_every_kind(
    page: ScorecardPage, tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *args: (str(tmp_path / "card"), ""))
    page.saves[kind].click()
    content = (tmp_path / f"card{kind}").read_bytes()
    if kind == ".json":
        assert json.loads(content)["population"] == 8000
    assert content.startswith({".pdf": b"%PDF", ".html": b"<!DOCTYPE", ".md": b"#", ".json": b"{"}[kind])


def test_a_place_that_cannot_be_written_is_said(
    page: ScorecardPage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[Any] = []
    monkeypatch.setattr("reviewer.desktop.shown.message", lambda *args, **more: told.append(args))
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *args: (str(tmp_path / "no" / "card.md"), ""))
    page.saves[".md"].click()
    assert "could not be written" in told[0][2]


def test_a_failure_is_said_and_tried_again(page: ScorecardPage, jobs: list[Any]) -> None:
    page.refresh(Changes(codings=frozenset()))
    page.refresh(Changes(everything=True))
    jobs.pop()(Broke("The worker process ended by SIGKILL.", "Try again."))
    assert "Try again." in page.message.full_text
    assert not page.saves[".pdf"].isEnabled()
    page.activated()
    assert len(jobs) == 1


def test_without_a_week_the_page_says_what_comes_first(tmp_path: Path, qtbot: QtBot) -> None:
    with a_bridge(tmp_path, 1) as bridge:
        page = ScorecardPage(bridge, Theme.dark())
        qtbot.addWidget(page)
        page.show()
        page.activated()
        assert "Draw one under New week" in page.message.full_text
        assert not page.singles.isVisible()


def test_a_reviewed_week_becomes_a_card_in_another_process(tmp_path: Path, qtbot: QtBot) -> None:
    with a_bridge(tmp_path, 12) as bridge:
        reviewed(bridge._workspace, "2026-W47", 9)
        page = ScorecardPage(bridge, Theme.light())
        qtbot.addWidget(page)
        page.show()
        page.activated()
        qtbot.waitUntil(lambda: page.state.found is not None, timeout=30_000)
        assert "9 of 9 drawn were reviewed" in page.design.full_text
        assert page.headline.full_text.startswith("3 of 9")


def test_with_nothing_before_there_are_no_columns_to_compare_in(page: ScorecardPage, jobs: list[Any]) -> None:
    titles = [column.title for column in page.singles.rows.columns]
    assert "change" in titles
    alone = [
        dataclasses.replace(field, rows=tuple(dataclasses.replace(row, previous=None) for row in field.rows))
        for field in a_card().fields
    ]
    page.refresh(Changes(everything=True))
    jobs.pop()(Done(dataclasses.replace(a_card(), fields=tuple(alone))))
    titles = [column.title for column in page.singles.rows.columns]
    assert not {"last", "change", "mix", "within", "eight weeks"} & set(titles)
    assert "change" not in [column.title for column in page.lists[1].rows.columns]


def test_a_mode_is_named_where_it_is_told_how_its_rate_is_made(page: ScorecardPage) -> None:
    page.lists[1].setCurrentIndex(page.lists[1].rows.index(0, 0))
    assert page.how_title.full_text == "tool error not handled (Top failure modes): how it is made"
