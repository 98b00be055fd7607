"""Drawing a week: frozen, nested, and late traces join the next one."""

from dataclasses import replace
from pathlib import Path

import pytest

from reviewer.errors import UsageError
from reviewer.measure.reading import weeks_read
from reviewer.model.week import Plan, usual_plan
from reviewer.verbs import weeks
from reviewer.verbs.coding import Wanted, code
from reviewer.verbs.forgetting import forget
from reviewer.workspace.ask import tables
from reviewer.workspace.ask.faults import faults
from reviewer.workspace.ask.population import frozen, items
from reviewer.workspace.ask.queue import week
from tests.builders import HOUR_US, MONDAY_US, a_trace, a_workspace, own_id, put

WEEK_US = 7 * 24 * HOUR_US


def _open(workspace, name: str, number: int, size: int, **plan: object) -> None:  # type: ignore[no-untyped-def]
    start = MONDAY_US + number * WEEK_US
    workspace.write(weeks.open_week, workspace.reader(), name, start, start + WEEK_US, Plan(size, "s", **plan)).result()


def test_every_item_carries_its_design(tmp_path: Path) -> None:
    with a_workspace(tmp_path, 20) as workspace:
        _open(workspace, "W1", 0, 6, by=("workflow",))
        drawn = items(workspace.reader(), "W1")  # type: ignore[arg-type]
        assert len(drawn) == 6
        assert [i.order for i in drawn] == [1, 2, 3, 4, 5, 6]
        assert {i.stratum for i in drawn} == {"returns", "billing"}
        assert all(i.pi == i.n_h / i.N_h for i in drawn)


def test_a_name_is_taken_once(tmp_path: Path) -> None:
    with a_workspace(tmp_path, 5) as workspace:
        _open(workspace, "W1", 0, 3)
        with pytest.raises(UsageError, match="already"):
            _open(workspace, "W1", 0, 3)


def test_an_empty_period_says_what_to_do(tmp_path: Path) -> None:
    with a_workspace(tmp_path, 5) as workspace, pytest.raises(UsageError, match="no traces"):
        _open(workspace, "W9", 9, 3)


def test_the_population_is_frozen_and_late_traces_join_the_next_week(tmp_path: Path) -> None:
    with a_workspace(tmp_path, 5) as workspace:
        _open(workspace, "W1", 0, 3)
        late, next_one = a_trace(6), a_trace(7, started_us=MONDAY_US + WEEK_US + HOUR_US)
        put(workspace, [late, next_one])
        reader = workspace.reader()
        assert len(frozen(reader, "W1")) == 5  # type: ignore[arg-type]
        _open(workspace, "W2", 1, 2)
        second = week(reader, "W2")
        assert (second.population, second.late) == (2, 1)
        assert set(frozen(reader, "W2")) == {own_id(late), own_id(next_one)}  # type: ignore[arg-type]


def test_traces_before_the_first_week_are_not_late(tmp_path: Path) -> None:
    with a_workspace(tmp_path) as workspace:
        put(workspace, [a_trace(1, started_us=MONDAY_US - WEEK_US), a_trace(2)])
        _open(workspace, "W1", 0, 1)
        assert week(workspace.reader(), "W1").population == 1


def test_a_top_up_holds_the_first_draw_in_place(tmp_path: Path) -> None:
    with a_workspace(tmp_path, 30) as workspace:
        _open(workspace, "W1", 0, 8, by=("workflow",))
        reader = workspace.reader()
        first = items(reader, "W1")  # type: ignore[arg-type]
        workspace.write(weeks.top_up, reader, "W1", 15).result()
        larger = items(reader, "W1")  # type: ignore[arg-type]
        assert [i.trace for i in larger[:8]] == [i.trace for i in first]
        assert len(larger) >= 15
        assert week(reader, "W1").plan.size == 15


def test_a_top_up_draws_late_traces_and_keeps_forgotten_ones(tmp_path: Path) -> None:
    with a_workspace(tmp_path, 5) as workspace:
        _open(workspace, "W1", 0, 3)
        put(workspace, [a_trace(n) for n in range(6, 9)])  # late: W1 is drawn already
        put(workspace, [a_trace(n, started_us=MONDAY_US + WEEK_US + n * HOUR_US) for n in range(20, 24)])
        _open(workspace, "W2", 1, 2, kind="risk")
        reader = workspace.reader()
        first = items(reader, "W2")  # type: ignore[arg-type]
        workspace.write(forget, reader, first[0].trace, None).result()
        workspace.write(weeks.top_up, reader, "W2", 7).result()
        larger = items(reader, "W2")  # type: ignore[arg-type]
        assert [i.trace for i in larger[:2]] == [i.trace for i in first]
        assert {i.trace for i in larger} == set(frozen(reader, "W2"))  # type: ignore[arg-type]
        assert {i.N_h for i in larger} == {7}


def test_a_week_of_late_traces_alone_can_be_topped_up(tmp_path: Path) -> None:
    with a_workspace(tmp_path, 5) as workspace:
        _open(workspace, "W1", 0, 3)
        put(workspace, [a_trace(n) for n in range(6, 9)])
        _open(workspace, "W2", 1, 1)
        reader = workspace.reader()
        workspace.write(weeks.top_up, reader, "W2", 3).result()
        assert len(items(reader, "W2")) == 3  # type: ignore[arg-type]


def test_untimed_traces_are_counted(tmp_path: Path) -> None:
    with a_workspace(tmp_path) as workspace:
        put(workspace, [a_trace(1, started_us=None, time_basis="import")])
        now = workspace.clock()
        workspace.write(weeks.open_week, workspace.reader(), "W", now - WEEK_US, now + 1, Plan(1, "s")).result()
        assert week(workspace.reader(), "W").untimed == 1


def test_the_numbers_of_a_plan_are_those_of_its_draw(tmp_path: Path) -> None:
    with a_workspace(tmp_path, 30) as workspace:
        reader = workspace.reader()
        picked = [own_id(a_trace(3)), own_id(a_trace(4))]
        for plan in (Plan(8, "s", "risk", ("workflow",)), usual_plan(8, "s"), Plan(8, "s")):
            planned = weeks.plan_week(reader, MONDAY_US, MONDAY_US + WEEK_US, plan, picked)
            name = f"{plan.kind}-{plan.where_large}-{len(plan.by)}"
            workspace.write(weeks.open_week, reader, name, MONDAY_US, MONDAY_US + WEEK_US, plan, picked).result()
            drawn = items(reader, name)  # type: ignore[arg-type]
            assert sorted((row.size, row.drawn) for row in planned.strata) == sorted(
                {(i.stratum, i.N_h, i.n_h): (i.N_h, i.n_h) for i in drawn}.values()
            )
            assert planned.counted.size == week(reader, name).population == 30
            assert {i.trace for i in drawn if i.purpose == "certainty"} == set(picked)


def test_a_trace_of_another_period_cannot_be_chosen_before_the_draw(tmp_path: Path) -> None:
    with a_workspace(tmp_path, 5) as workspace:
        put(workspace, [a_trace(9, started_us=MONDAY_US + WEEK_US)])
        outside = own_id(a_trace(9))
        with pytest.raises(UsageError, match="not among the traces"):
            workspace.write(
                weeks.open_week, workspace.reader(), "W1", MONDAY_US, MONDAY_US + WEEK_US, Plan(3, "s"), [outside]
            ).result()


def test_a_plan_is_stored_whole(tmp_path: Path) -> None:
    with a_workspace(tmp_path, 30) as workspace:
        plan = replace(usual_plan(12, "s"), overlap=0.25, readers=("ada", "ben"))
        workspace.write(weeks.open_week, workspace.reader(), "W1", MONDAY_US, MONDAY_US + WEEK_US, plan).result()
        assert week(workspace.reader(), "W1").plan == plan


def test_what_is_added_after_looking_is_read_and_is_in_no_rate(tmp_path: Path) -> None:
    with a_workspace(tmp_path, 20) as workspace:
        _open(workspace, "W1", 0, 6)
        reader = workspace.reader()
        drawn = items(reader, "W1")  # type: ignore[arg-type]
        outside = next(own_id(a_trace(n)) for n in range(20) if own_id(a_trace(n)) not in {i.trace for i in drawn})
        workspace.write(weeks.add_to_week, reader, "W1", outside).result()
        added = items(reader, "W1")[-1]  # type: ignore[arg-type]
        assert (added.trace, added.order, added.purpose, added.pi) == (outside, 7, "explore", 0.0)
        for item in drawn:
            workspace.write(code, reader, "W1", Wanted(item.trace, "ada", "pass")).result()
        (read,) = weeks_read(tables.items(reader))
        assert (read.drawn, read.read, read.closed) == (6, 6, True)
        workspace.write(code, reader, "W1", Wanted(outside, "ada", "fail")).result()
        (read,) = weeks_read(tables.items(reader))
        assert sum(stratum.failed for stratum in read.strata.values()) == 0
        with pytest.raises(UsageError, match="already"):
            workspace.write(weeks.add_to_week, reader, "W1", outside).result()
        assert not list(faults(reader))


def test_a_top_up_keeps_what_was_added_and_draws_it_if_it_is_its_turn(tmp_path: Path) -> None:
    with a_workspace(tmp_path, 12) as workspace:
        _open(workspace, "W1", 0, 4)
        reader = workspace.reader()
        drawn = {i.trace for i in items(reader, "W1")}  # type: ignore[arg-type]
        first, second = [own_id(a_trace(n)) for n in range(12) if own_id(a_trace(n)) not in drawn][:2]
        for trace in (first, second):
            workspace.write(weeks.add_to_week, reader, "W1", trace).result()
        workspace.write(weeks.top_up, reader, "W1", 6).result()
        held = {i.trace: i for i in items(reader, "W1")}  # type: ignore[arg-type]
        assert (held[first].order, held[second].order) == (5, 6)
        workspace.write(weeks.top_up, reader, "W1", 12).result()
        held = {i.trace: i for i in items(reader, "W1")}  # type: ignore[arg-type]
        assert len(held) == 12
        assert {i.purpose for i in held.values()} == {"prob"}
        assert (held[first].order, held[second].order) == (5, 6)
        assert sorted(i.order for i in held.values()) == list(range(1, 13))


def test_the_same_old_traces_are_read_again_in_every_calibration(tmp_path: Path) -> None:
    with a_workspace(tmp_path) as workspace:
        put(workspace, [a_trace(n, started_us=MONDAY_US + n // 10 * WEEK_US) for n in range(40)])
        reader = workspace.reader()
        with pytest.raises(UsageError, match="earlier week"):
            workspace.write(weeks.open_week, reader, "W0", MONDAY_US, MONDAY_US + WEEK_US, Plan(8, "s"), (), 3).result()
        _open(workspace, "W0", 0, 8)
        for item in items(reader, "W0"):  # type: ignore[arg-type]
            workspace.write(code, reader, "W0", Wanted(item.trace, "ada", "pass")).result()
        again: list[set[str]] = []
        for number in (1, 2):
            start = MONDAY_US + number * WEEK_US
            workspace.write(weeks.open_week, reader, f"W{number}", start, start + WEEK_US, Plan(8, "s"), (), 3).result()
            for item in items(reader, f"W{number}"):  # type: ignore[arg-type]
                workspace.write(code, reader, f"W{number}", Wanted(item.trace, "ada", "fail")).result()
            added = [i for i in items(reader, f"W{number}") if i.purpose == "calibration"]  # type: ignore[arg-type]
            again.append({i.trace for i in added})
        assert len(again[0]) == 3
        assert again[0] == again[1]
        assert [w.read for w in weeks_read(tables.items(reader))] == [8, 8, 8]
