"""Drawing a week: frozen, nested, and late traces join the next one."""

from pathlib import Path

import pytest

from reviewer.errors import UsageError
from reviewer.model.week import Plan
from reviewer.verbs import weeks
from reviewer.verbs.forgetting import forget
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
