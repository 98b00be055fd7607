"""What a page has computed: asked once, late answers dropped, failures said, and nothing computed that nobody sees."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from reviewer.desktop.bridge import Bridge
from reviewer.desktop.computing import ALL_WEEKS, Computed, ComputedOfWeek, Computing
from reviewer.desktop.segments import choices
from reviewer.desktop.window import Page
from reviewer.jobs.messages import Broke, Done
from tests.desktop.opened import a_bridge


def test_it_is_computed_once_until_something_changes() -> None:
    state = Computed[str, int]("a")
    assert state.ask() and not state.ask()
    state.stale = True
    assert state.ask()


def test_a_late_answer_of_something_else_is_not_shown() -> None:
    state = Computed[str, int]("a")
    state.ask()
    state.want("b")
    state.ask()
    assert not state.take("a", 1)
    assert state.found is None
    assert state.take("b", 2)
    assert state.found == 2


def test_a_failure_takes_the_old_answer_away_and_the_next_visit_asks_again() -> None:
    state = Computed[str, int]("a")
    state.ask()
    state.take("a", 1)
    state.stale = True
    state.ask()
    state.refuse("a", "It broke.")
    assert (state.found, state.trouble) == (None, "It broke.")
    assert state.ask()
    assert state.trouble == ""


def test_a_week_that_is_gone_is_not_wanted_any_more() -> None:
    state = ComputedOfWeek[int]()
    state.learn(["W45", "W46"])
    state.want("W46")
    state.learn(["W45"])
    assert (state.wanted, state.weeks) == (ALL_WEEKS, ("W45",))


def test_the_largest_values_of_a_segment_can_be_chosen_and_a_single_one_is_no_choice() -> None:
    many = [(f"w{n}", 20 - n) for n in range(20)]
    found = choices({"workflow": many, "model": [("one", 7)], "tenant": [("a", 5), (None, 2)]})
    assert found[:12] == tuple(("workflow", f"w{n}") for n in range(12))
    assert found[12:] == (("tenant", "a"), ("tenant", None))


class APage(Page):
    def __init__(self, bridge: Bridge) -> None:
        super().__init__()
        self.state = Computed[str, int]("a")
        self.heard: list[int | None] = []
        self.computing = Computing(bridge, self, self.state, len, lambda one: (one,), self.heard.append)

    def activated(self) -> None:
        self.computing.ask()


class AJob:
    def __init__(self, end: Any) -> None:
        self.end = end
        self.cancelled = False

    def cancel(self) -> None:
        self.cancelled = True


@pytest.fixture
def jobs() -> list[AJob]:
    return []


@pytest.fixture
def page(tmp_path: Path, qtbot: QtBot, jobs: list[AJob], monkeypatch: pytest.MonkeyPatch) -> Iterator[APage]:
    def job(self: Bridge, run: Any, function: Any, path: str, one: str, message: Any, done: Any) -> AJob:
        jobs.append(AJob(done))
        return jobs[-1]

    monkeypatch.setattr(Bridge, "job", job)
    with a_bridge(tmp_path) as bridge:
        made = APage(bridge)
        qtbot.addWidget(made)
        made.show()
        made.activated()
        yield made


def test_what_is_wanted_later_ends_the_job_before(page: APage, jobs: list[AJob]) -> None:
    page.state.want("b")
    page.activated()
    first, second = jobs
    assert first.cancelled
    first.end(Done(1))
    second.end(Done(2))
    assert page.state.found == 2
    assert page.heard == [None, 2]


def test_what_changed_while_it_was_computed_is_computed_again(page: APage, jobs: list[AJob]) -> None:
    page.computing.outdate()
    page.computing.outdate()
    assert len(jobs) == 1, "one at a time"
    jobs[0].end(Done(1))
    assert len(jobs) == 2


def test_a_failure_is_not_tried_again_by_itself(page: APage, jobs: list[AJob]) -> None:
    jobs[0].end(Broke("It broke.", "Try again."))
    assert page.state.trouble == "It broke. Try again."
    assert len(jobs) == 1


def test_nothing_is_computed_for_a_page_that_nobody_sees(page: APage, jobs: list[AJob]) -> None:
    jobs[0].end(Done(1))
    page.hide()
    page.computing.outdate()
    assert len(jobs) == 1
