"""What moved a number between two weeks, asked of a workspace."""

from collections.abc import Iterator

import pytest

from reviewer.errors import UsageError
from reviewer.model.week import Plan
from reviewer.verbs import coding, weeks
from reviewer.verbs.decomposition import decompose, lines, plain
from reviewer.workspace.ask.population import items
from reviewer.workspace.file import Workspace
from tests.builders import HOUR_US, MONDAY_US, a_trace, a_workspace, put

WEEK_US = 7 * 24 * HOUR_US


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """Two weeks of chats and agents; agents are slow and fail often, and there are more of them in the second."""
    made = a_workspace(tmp_path_factory.mktemp("moved"))
    put(made, [
        a_trace(
            1000 * week + n, started_us=MONDAY_US + week * WEEK_US + n * HOUR_US,
            workflow="agent" if n < agents else "chat", latency_ms=9000.0 if n < agents else 1000.0,
        )
        for week, agents in enumerate((20, 60))
        for n in range(100)
    ])  # fmt: skip
    reader = made.reader()
    for week in range(2):
        start, name = MONDAY_US + week * WEEK_US, f"W{week}"
        plan = Plan(40, "s", by=("workflow",))
        made.write(weeks.open_week, reader, name, start, start + WEEK_US, plan).result()
        seen: dict[str, int] = {}
        for item in items(reader, name):  # type: ignore[arg-type]
            place = seen[item.stratum] = seen.get(item.stratum, 0) + 1
            fails = item.stratum == "agent" and place % 2 == 0
            said = coding.Wanted(item.trace, "ann", "fail" if fails else "pass", ("looping",) if fails else ())
            made.write(coding.code, reader, name, said).result()
    reader.close()
    yield made
    made.close()


@pytest.mark.parametrize("of", ["fail", "looping"])
def test_failures_rose_because_there_are_more_agents(workspace: Workspace, of: str) -> None:
    moved = decompose(workspace.reader(), "W1", None, ("workflow",), of)
    split = moved.split
    assert split is not None and moved.before == "W0"
    assert split.total.value == pytest.approx(0.2)
    assert split.mix.value == pytest.approx(0.2)
    assert split.within.value == pytest.approx(0.0)
    assert moved.on_old_mix is not None and moved.on_old_mix.value == pytest.approx(0.1)


def test_the_mean_of_all_traffic_and_its_p95(workspace: Workspace) -> None:
    mean = decompose(workspace.reader(), "W1", "W0", ("workflow",), "latency")
    assert mean.split is not None and mean.split.mix.value == pytest.approx(3200.0)
    p95 = decompose(workspace.reader(), "W1", "W0", ("workflow",), "p95_latency")
    assert p95.split is not None and p95.split.total.value == pytest.approx(0.0)
    assert p95.on_old_mix is None


def test_it_is_said_in_plain_words(workspace: Workspace) -> None:
    said = lines(decompose(workspace.reader(), "W1", None, ("workflow",)))
    assert said[0].startswith("Failing traces, W1 against W0: +20.0 points (")
    assert said[1].startswith("  the traffic is mixed differently: +20.0 points (")
    assert "  agent: 20.0 % → 60.0 % of the traffic" in said[4]
    assert plain(decompose(workspace.reader(), "W1", None, ("workflow",), "latency"))["mix"]["unit"] == "ms"


def test_segments_are_crossed(workspace: Workspace) -> None:
    moved = decompose(workspace.reader(), "W1", None, ("workflow", "model"))
    assert moved.split is not None
    assert {one.segment for one in moved.split.segments} == {"agent · model-a", "chat · model-a"}


def test_one_segment_alone_cannot_be_split(workspace: Workspace) -> None:
    moved = decompose(workspace.reader(), "W1", None, ("model",))
    assert moved.split is None
    assert "no split" in lines(moved)[0]


@pytest.mark.parametrize(
    ("week", "before", "by", "of", "sentence"),
    [
        ("W0", None, ("workflow",), "fail", "no week before W0"),
        ("W1", "W9", ("workflow",), "fail", "no week 'W9'"),
        ("W1", None, ("colour",), "fail", "no segment 'colour'"),
        ("W1", None, (), "fail", "no segment"),
        ("W1", None, ("workflow",), "luck", "no number 'luck'"),
    ],
)
def test_what_is_not_there_is_refused(
    workspace: Workspace, week: str, before: str | None, by: tuple[str, ...], of: str, sentence: str
) -> None:
    with pytest.raises(UsageError, match=sentence):
        decompose(workspace.reader(), week, before, by, of)


def test_several_weeks_are_held_against_as_many_before(workspace: Workspace) -> None:
    one = decompose(workspace.reader(), "W1", None, ("workflow",), "fail")
    assert decompose(workspace.reader(), "W1", "W0", ("workflow",), "fail", 2).after == "W0 – W1"
    assert decompose(workspace.reader(), "W1", None, ("workflow",), "fail", 1) == one
    with pytest.raises(UsageError):
        decompose(workspace.reader(), "W1", None, ("workflow",), "fail", 2)
    with pytest.raises(UsageError):
        decompose(workspace.reader(), "W1", "W0", ("workflow",), "latency", 2)
    with pytest.raises(UsageError):
        decompose(workspace.reader(), "W1", "W0", ("workflow",), "fail", 0)
