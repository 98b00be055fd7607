"""What stands behind a point of a trend, asked of a workspace."""

from collections.abc import Iterator

import pytest

from reviewer.errors import UsageError
from reviewer.model.week import Plan
from reviewer.verbs import coding, weeks
from reviewer.verbs.points import behind, behind_of
from reviewer.workspace.ask.population import items
from reviewer.workspace.file import Workspace
from tests.builders import HOUR_US, MONDAY_US, a_trace, a_workspace, put

WEEK_US = 7 * 24 * HOUR_US
AGENTS = (20, 20, 60)


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """Three weeks of chats and agents on two models; half of the agents loop, and the last week has more agents."""
    made = a_workspace(tmp_path_factory.mktemp("behind"))
    put(made, [
        a_trace(
            1000 * week + n, started_us=MONDAY_US + week * WEEK_US + n * HOUR_US,
            workflow="agent" if n < agents else "chat", model="one" if n % 3 else "two",
        )
        for week, agents in enumerate(AGENTS)
        for n in range(100)
    ])  # fmt: skip
    reader = made.reader()
    for week in range(len(AGENTS)):
        start, name = MONDAY_US + week * WEEK_US, f"W{week}"
        made.write(weeks.open_week, reader, name, start, start + WEEK_US, Plan(40, "s", by=("workflow",))).result()
        seen: dict[str, int] = {}
        for item in items(reader, name):  # type: ignore[arg-type]
            place = seen[item.stratum] = seen.get(item.stratum, 0) + 1
            loops = item.stratum == "agent" and place % 2 == 0
            said = coding.Wanted(item.trace, "ann", "fail" if loops else "pass", ("looping",) if loops else ())
            made.write(coding.code, reader, name, said).result()
    reader.close()
    yield made
    made.close()


@pytest.mark.parametrize("of", ["fail", "looping"])
def test_a_week_is_held_against_the_one_before(workspace: Workspace, of: str) -> None:
    found = behind(workspace.reader(), ("W2",), of)
    assert found.before == ("W1",)
    assert [(spot.value, spot.number.count) for spot in found.spots] == [("agent", 12), ("chat", 0)]
    assert found.split is not None and found.on_old_mix is not None
    assert found.split.mix.value == pytest.approx(0.2)
    assert found.split.within.value == pytest.approx(0.0)
    assert found.on_old_mix.value == pytest.approx(0.1)


def test_several_weeks_are_held_against_as_many_before_or_what_there_is(workspace: Workspace) -> None:
    found = behind(workspace.reader(), ("W1", "W2"), "fail")
    assert found.before == ("W0",)
    assert found.spots[0].number.count == 16
    assert found.split is not None
    assert found.split.total.value == pytest.approx(0.1)


def test_without_a_period_before_it_is_only_said_where_it_happens(workspace: Workspace) -> None:
    found = behind_of(str(workspace.path), ("W0",), "fail")
    assert (found.before, found.split, found.on_old_mix) == ((), None, None)
    assert [spot.value for spot in found.spots] == ["agent", "chat"]


def test_within_one_workflow_it_is_split_by_model(workspace: Workspace) -> None:
    found = behind(workspace.reader(), ("W2",), "fail", "model", ("workflow", "agent"))
    assert {spot.value for spot in found.spots} == {"one", "two"}
    assert sum(spot.number.n for spot in found.spots) == 24
    assert sum(spot.number.count or 0 for spot in found.spots) == 12


def test_what_does_not_exist_is_said(workspace: Workspace) -> None:
    with pytest.raises(UsageError):
        behind(workspace.reader(), ("W2",), "no such mode")
    with pytest.raises(UsageError):
        behind(workspace.reader(), ("W9",), "fail")
