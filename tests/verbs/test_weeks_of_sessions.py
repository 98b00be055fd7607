"""Weeks that draw sessions: what the population is, what stands for a session, and which numbers it is part of."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from reviewer.errors import UsageError
from reviewer.model.ids import WeekName
from reviewer.model.trace import Trace
from reviewer.model.week import Plan, SamplingUnit
from reviewer.verbs import agreement, coding, datasets, forgetting, listing, measuring, points, scorecards, weeks
from reviewer.workspace.ask.novelties import verdicts
from reviewer.workspace.ask.population import frozen, items, population
from reviewer.workspace.ask.queue import week as ask_week
from reviewer.workspace.file import Reader, Workspace
from tests.builders import HOUR_US, MONDAY_US, a_trace, a_workspace, own_id, put

DAY_US = 24 * HOUR_US
END_US = MONDAY_US + 7 * DAY_US


def at(n: int, session: str | None, day: float, workflow: str = "returns") -> Trace:
    return a_trace(n, session_id=session, started_us=MONDAY_US + int(day * DAY_US), workflow=workflow)


def a_period() -> list[Trace]:
    """Return two sessions that begin in the period, one that began before it, and a trace without a session."""
    return [
        at(1, "over the end", 6, workflow="billing"),
        at(2, "over the end", 8, workflow="returns"),
        at(3, "from before", -1),
        at(4, "from before", 1),
        at(5, "inside", 2),
        at(6, "inside", 3),
        at(7, None, 4),
    ]


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with a_workspace(tmp_path) as made:
        put(made, a_period())
        yield made


def draw(workspace: Workspace, name: str, size: int = 50, unit: SamplingUnit = "session", **more: object) -> None:
    reader = workspace.reader()
    plan = Plan(size, "seed", unit=unit, **more)  # type: ignore[arg-type]
    workspace.write(weeks.open_week, reader, name, MONDAY_US, END_US, plan).result()
    reader.close()


def natives(reader: Reader, name: str) -> list[str]:
    return sorted(listing.show(reader, trace)["native_id"] for trace in frozen(reader, WeekName(name)))


def test_the_population_is_the_sessions_that_begin_in_the_period_each_once(workspace: Workspace) -> None:
    draw(workspace, "w")
    reader = workspace.reader()
    assert natives(reader, "w") == ["native-1", "native-5", "native-7"]
    found = ask_week(reader, "w")
    assert (found.population, found.plan.unit) == (3, "session")
    assert all(item.pi == 1 for item in items(reader, found.name))
    reader.close()


def test_a_session_is_flagged_where_any_of_its_traces_is_and_stands_in_the_stratum_of_its_first(
    workspace: Workspace,
) -> None:
    workspace.write(_flag, own_id(at(2, None, 0))).result()
    reader = workspace.reader()
    found = {c.trace: c for c in population(reader, MONDAY_US, END_US, ("workflow",), "session").candidates}
    first = found[own_id(at(1, None, 0))]
    assert (first.segments, first.flagged) == (("billing",), True)
    assert not found[own_id(at(5, None, 0))].flagged
    reader.close()


def _flag(writer: object, trace: str) -> None:
    with writer.change() as db:  # type: ignore[attr-defined]
        db.execute("UPDATE trace SET flagged = 1 WHERE id = ?", (trace,))


def test_a_session_that_came_late_is_part_of_the_next_week_and_one_that_grew_is_not(workspace: Workspace) -> None:
    draw(workspace, "w")
    put(workspace, [at(8, "late", 2), at(9, "inside", 1.5), at(10, "next", 9)])
    reader = workspace.reader()
    plan = Plan(50, "seed", unit="session")
    workspace.write(weeks.open_week, reader, "next", END_US, END_US + 7 * DAY_US, plan).result()
    assert natives(reader, "next") == ["native-10", "native-8"]
    assert ask_week(reader, "next").late == 1
    reader.close()


def test_a_week_of_sessions_takes_no_trace_away_from_weeks_of_traces(workspace: Workspace) -> None:
    draw(workspace, "sessions")
    draw(workspace, "traces", unit="trace")
    reader = workspace.reader()
    assert natives(reader, "traces") == ["native-1", "native-4", "native-5", "native-6", "native-7"]
    reader.close()


def test_the_first_trace_that_is_not_forgotten_stands_for_its_session(workspace: Workspace) -> None:
    reader = workspace.reader()
    workspace.write(forgetting.forget, reader, own_id(at(5, None, 0)), None).result()
    draw(workspace, "w")
    assert natives(reader, "w") == ["native-1", "native-6", "native-7"]
    reader.close()


def test_a_trace_that_is_named_for_a_week_of_sessions_brings_its_session(workspace: Workspace) -> None:
    reader = workspace.reader()
    plan = Plan(1, "seed", unit="session")
    workspace.write(weeks.open_week, reader, "w", MONDAY_US, END_US, plan, [own_id(at(6, None, 0))]).result()
    chosen = [item.trace for item in items(reader, WeekName("w")) if item.purpose == "certainty"]
    assert chosen == [own_id(at(5, None, 0))]
    with pytest.raises(UsageError, match="holds this session already"):
        workspace.write(weeks.add_to_week, reader, "w", own_id(at(6, None, 0))).result()
    with pytest.raises(UsageError, match="is not among the sessions of this period"):
        workspace.write(weeks.open_week, reader, "v", MONDAY_US, END_US, plan, [own_id(at(4, None, 0))]).result()
    reader.close()


def code_all(workspace: Workspace, name: str, failing: str) -> None:
    reader = workspace.reader()
    for item in items(reader, WeekName(name)):
        bad = item.trace == own_id(at(int(failing.removeprefix("native-")), None, 0))
        scores = {"task_success": 3.0, "groundedness": 3.0}
        wanted = coding.Wanted(item.trace, "Ada", "fail" if bad else "pass", ("looping",) if bad else (), scores)
        workspace.write(coding.code, reader, name, wanted).result()
    reader.close()


def test_a_coding_counts_for_the_session_and_rates_of_sessions_and_of_traces_stay_apart(workspace: Workspace) -> None:
    draw(workspace, "sessions")
    draw(workspace, "traces", unit="trace")
    code_all(workspace, "sessions", "native-1")
    code_all(workspace, "traces", "native-7")
    reader = workspace.reader()
    of_sessions, of_traces = measuring.trends(reader, unit="session"), measuring.trends(reader)
    for found, name, reviewed in ((of_sessions, "sessions", 3), (of_traces, "traces", 5)):
        assert found.failing is not None
        (point,) = found.failing.weekly
        assert (point.period, point.number.n, point.number.population) == (name, reviewed, reviewed)
    looping = next(series for series in of_sessions.modes if series.id == "looping").weekly[0]
    assert looping.number.value == pytest.approx(1 / 3)
    assert points.at(reader, None, 4) == ["traces"]
    assert points.at(reader, None, 4, "session") == ["sessions"]
    spots = {spot.value: spot.number.n for spot in points.behind(reader, ["sessions"], "looping").spots}
    assert sum(spots.values()) == 3
    assert {one.week for one in datasets.candidates(reader)} == {"traces"}
    assert dict(verdicts(reader)) == {item.trace: ("fail" if item.trace == own_id(at(7, None, 0)) else "pass")
                                      for item in items(reader, WeekName("traces"))}  # fmt: skip
    reader.close()


@pytest.mark.parametrize("ask", [scorecards.scorecard, agreement.agreement])
def test_what_is_told_of_traces_is_not_told_of_a_week_of_sessions(workspace: Workspace, ask: object) -> None:
    draw(workspace, "sessions")
    reader = workspace.reader()
    with pytest.raises(UsageError, match="is a week of sessions"):
        ask(reader, "sessions")  # type: ignore[operator]
    reader.close()
