"""Whose queue an item is in: dealt by name, shared out by who comes first, or everybody's."""

import gzip
from pathlib import Path

from reviewer.model.ids import WeekName
from reviewer.model.week import Plan
from reviewer.verbs import opening, weeks
from reviewer.verbs.coding import Wanted, code
from reviewer.workspace.ask.population import items
from reviewer.workspace.ask.queue import progress, queue, seconds_each
from reviewer.workspace.ask.queue import weeks as weeks_of
from reviewer.workspace.file import Workspace
from tests.builders import HOUR_US, MONDAY_US, a_trace, a_workspace, put

W = WeekName("W1")


def _open(workspace: Workspace, **plan: object) -> None:
    end = MONDAY_US + 7 * 24 * HOUR_US
    workspace.write(weeks.open_week, workspace.reader(), W, MONDAY_US, end, Plan(10, "s", **plan)).result()  # type: ignore[arg-type]


def _own(workspace: Workspace, reviewer: str) -> list[str]:
    return [row.trace for row in queue(workspace.reader(), W, reviewer)]


def test_without_a_share_read_twice_everybody_reads_everything(tmp_path: Path) -> None:
    with a_workspace(tmp_path, 30) as workspace:
        _open(workspace)
        first = _own(workspace, "ada")
        workspace.write(code, workspace.reader(), W, Wanted(first[0], "ada", "pass")).result()
        assert _own(workspace, "ben") == first
        assert len(first) == 10


def test_named_readers_have_their_own_queues_and_share_what_is_read_twice(tmp_path: Path) -> None:
    with a_workspace(tmp_path, 30) as workspace:
        _open(workspace, overlap=0.2, readers=("ada", 'b "en"'))
        ada, ben, drawn = _own(workspace, "ada"), _own(workspace, 'b "en"'), items(workspace.reader(), W)
        twice = {item.trace for item in drawn if item.purpose == "overlap"}
        assert set(ada) & set(ben) == twice
        assert len(twice) == 2
        assert set(ada) | set(ben) == {item.trace for item in drawn}
        assert (len(ada), len(ben)) == (6, 6)
        assert [row.order for row in queue(workspace.reader(), W, "ada")] == [1, 2, 3, 4, 5, 6]
        done = progress(workspace.reader(), "ada")[W]
        assert (done.drawn, done.submitted) == (6, 0)


def test_somebody_who_is_not_named_sees_the_whole_week(tmp_path: Path) -> None:
    with a_workspace(tmp_path, 30) as workspace:
        _open(workspace, overlap=0.2, readers=("ada", "ben"))
        assert len(_own(workspace, "carla")) == 10


def test_without_names_the_second_reader_reads_what_is_read_twice_and_what_nobody_has(tmp_path: Path) -> None:
    with a_workspace(tmp_path, 30) as workspace:
        _open(workspace, overlap=0.2)
        order = _own(workspace, "ada")
        for trace in order[:5]:
            workspace.write(code, workspace.reader(), W, Wanted(trace, "ada", "pass")).result()
        assert _own(workspace, "ben") == [*order[:2], *order[5:]]
        assert _own(workspace, "ada") == order
        assert progress(workspace.reader(), "ben")[W].drawn == 7


def test_what_somebody_has_begun_stays_in_their_queue(tmp_path: Path) -> None:
    with a_workspace(tmp_path, 30) as workspace:
        _open(workspace, overlap=0.2, readers=("ada", "ben"))
        others = next(trace for trace in _own(workspace, "ben") if trace not in _own(workspace, "ada"))
        workspace.write(code, workspace.reader(), W, Wanted(others, "ada", "pass")).result()
        assert others in _own(workspace, "ada")


def test_a_week_of_the_first_schema_names_nobody_and_is_everybodys(tmp_path: Path) -> None:
    path = tmp_path / "old.review"
    path.write_bytes(gzip.decompress(Path(__file__).with_name("schema-1-week.review.gz").read_bytes()))
    with Workspace(path) as workspace:
        reader = workspace.reader()
        (old,) = weeks_of(reader)
        assert (old.plan.where_large, old.plan.overlap, old.plan.readers) == (False, 0.0, ())
        assert len(queue(reader, old.name, "anna")) == len(queue(reader, old.name, "somebody")) == 6
        assert progress(reader, "anna")[old.name].submitted == 6
        assert {item.readers for item in items(reader, old.name)} == {()}


def test_how_long_a_reading_takes_is_told_by_people_and_not_by_scripts(tmp_path: Path) -> None:
    now = [MONDAY_US]
    with opening.new(tmp_path / "w.review", clock=lambda: now[0]) as workspace:
        put(workspace, [a_trace(n) for n in range(12)])
        _open(workspace)
        reader = workspace.reader()
        drawn = _own(workspace, "ada")
        for trace in drawn[:4]:
            workspace.write(code, reader, W, Wanted(trace, "ada", "pass")).result()
        assert seconds_each(reader) is None
        for trace in drawn[4:]:
            now[0] += 40_000_000
            workspace.write(code, reader, W, Wanted(trace, "ada", "pass")).result()
        assert seconds_each(reader) == 40
