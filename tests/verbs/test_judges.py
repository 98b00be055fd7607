"""Judges in a workspace: absent without scores, held against people with them, and their cut remembered."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from reviewer.errors import UsageError
from reviewer.model.judge import Cut
from reviewer.model.trace import Score
from reviewer.model.week import Plan
from reviewer.verbs import coding, weeks
from reviewer.verbs.judges import judges, lines, plain, set_cut
from reviewer.workspace.ask import judges as asked
from reviewer.workspace.ask.population import items
from reviewer.workspace.file import Workspace
from tests.builders import HOUR_US, MONDAY_US, a_trace, a_workspace, put

WEEK_US = 7 * 24 * HOUR_US


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    """Forty traces: the judge gives the first eight 0.2 and the rest 0.9; people fail the first six of all."""
    made = a_workspace(tmp_path)
    put(made, [
        a_trace(n, scores=[
            Score("quality", 0.2 if n < 8 else 0.9, source="llm"),
            Score("quality", 0.0, source="human", author="ann"),
            Score("reference", None, "42", "expectation", "human"),
        ])
        for n in range(40)
    ])  # fmt: skip
    reader = made.reader()
    made.write(weeks.open_week, reader, "W1", MONDAY_US, MONDAY_US + WEEK_US, Plan(40, "s")).result()
    failing = {row[0] for row in reader.db.execute("SELECT id FROM trace ORDER BY started_us LIMIT 6")}
    for item in items(reader, "W1"):  # type: ignore[arg-type]
        fails = item.trace in failing
        said = coding.Wanted(item.trace, "ann", "fail" if fails else "pass", ("looping",) if fails else ())
        made.write(coding.code, reader, "W1", said).result()
    reader.close()
    yield made
    made.close()


def test_a_judge_is_held_against_people(workspace: Workspace) -> None:
    (one,) = judges(workspace.reader())
    assert (one.name, one.by, one.of, one.cut) == ("quality", "llm", "fail", Cut(0.5))
    assert (one.labelled, one.caught, one.missed, one.false_alarms) == (40, 6, 0, 2)
    assert one.corrected is not None and one.corrected.value == pytest.approx(0.15)
    assert one.raw is not None and one.raw.value == pytest.approx(0.2)
    assert plain(one)["corrected"]["value"] == pytest.approx(0.15)
    assert (
        lines([one])[0]
        == "quality (llm, fail below 0.5, held against Fail): 40 of 40 traces scored, 40 of them reviewed."
    )


def test_a_cut_is_remembered_until_it_is_forgotten(workspace: Workspace) -> None:
    changed = workspace.write(set_cut, "quality", Cut(0.1)).result()
    assert changed.judges
    (one,) = judges(workspace.reader(), "W1", "quality")
    assert one.cut == Cut(0.1, chosen=True) and one.caught == 0
    workspace.write(set_cut, "quality", None).result()
    assert judges(workspace.reader())[0].cut == Cut(0.5)
    with pytest.raises(UsageError, match="cannot part"):
        workspace.write(set_cut, "quality", Cut(float("nan"))).result()


def test_what_is_not_there_is_refused(workspace: Workspace) -> None:
    with pytest.raises(UsageError, match="no judge 'luck'"):
        judges(workspace.reader(), name="luck")
    with pytest.raises(UsageError, match="no week"):
        judges(workspace.reader(), "W9")


def test_a_workspace_without_judges_has_none(tmp_path: Path) -> None:
    with a_workspace(tmp_path) as workspace:
        put(workspace, [a_trace(1, scores=[Score("tone", 1.0, source="human", author="ann")])])
        assert not asked.has_judges(workspace.reader())
        assert judges(workspace.reader()) == []
        assert lines([]) == ["No judge has scored a trace of a drawn week."]
