"""Agreement in a workspace: absent with one reader, there with two, and imported annotators beside it."""

from pathlib import Path

import pytest

from reviewer.errors import UsageError
from reviewer.model.trace import Score
from reviewer.model.week import Plan
from reviewer.verbs import coding, weeks
from reviewer.verbs.agreement import agreement, lines, plain
from reviewer.workspace.ask.agreement import is_annotated_twice, is_coded_twice
from reviewer.workspace.ask.population import items
from reviewer.workspace.file import Workspace
from tests.builders import HOUR_US, MONDAY_US, a_trace, a_workspace, put

WEEK_US = 7 * 24 * HOUR_US


def read(workspace: Workspace, reviewer: str, fails: int, n: int = 12) -> None:
    """Submit the first ``n`` items of W1, the first ``fails`` of them with a failure mode."""
    reader = workspace.reader()
    for i, item in enumerate(items(reader, "W1")[:n]):  # type: ignore[arg-type]
        modes = ("looping",) if i < fails else ()
        said = coding.Wanted(item.trace, reviewer, "fail" if modes else "pass", modes, {}, None, None)
        workspace.write(coding.code, reader, "W1", said).result()


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    made = a_workspace(tmp_path, 20)
    made.write(weeks.open_week, made.reader(), "W1", MONDAY_US, MONDAY_US + WEEK_US, Plan(12, "s")).result()
    return made


def test_two_readers_make_a_report_and_one_does_not(workspace: Workspace) -> None:
    with workspace:
        read(workspace, "ann", 4)
        assert not is_coded_twice(workspace.reader())
        assert lines(agreement(workspace.reader())) == ["No trace was judged by two people yet."]
        read(workspace, "bob", 3, n=8)
        assert is_coded_twice(workspace.reader())
        report = agreement(workspace.reader(), "W1")
        mode = next(one for one in report.readers if one.id == "looping")
        assert (mode.traces, mode.positives, len(mode.differing)) == (8, 4, 1)
        assert plain(report)["readers"][0]["id"] == "verdict"
        assert any(
            line.strip().startswith("Pass or fail: 8 traces, 4 seen by at least one, same answer 87.5 %")
            for line in lines(report)
        )


def test_a_deferred_coding_says_nothing(workspace: Workspace) -> None:
    with workspace:
        read(workspace, "ann", 4)
        reader = workspace.reader()
        for item in items(reader, "W1"):  # type: ignore[arg-type]
            said = coding.Wanted(item.trace, "bob", "defer", (), {}, None, None)
            workspace.write(coding.code, reader, "W1", said).result()
        assert not is_coded_twice(reader)
        assert agreement(reader).readers == ()


def test_an_unknown_week_is_refused(workspace: Workspace) -> None:
    with workspace, pytest.raises(UsageError, match="no week"):
        agreement(workspace.reader(), "W9")


def test_imported_annotators_who_scored_the_same_traces(tmp_path: Path) -> None:
    with a_workspace(tmp_path) as workspace:
        put(workspace, [
            a_trace(i, scores=[
                Score("helpful", None, "yes" if i < 7 else "no", "category", "human", "ann"),
                Score("helpful", None, "yes" if i < 6 else "no", "category", "human", "bob"),
                Score("helpful", None, "yes", "category", "llm", "judge-model"),
                Score("tone", 3.0, None, "number", "human", "ann"),
            ])
            for i in range(10)
        ])  # fmt: skip
        assert is_annotated_twice(workspace.reader()) and not is_coded_twice(workspace.reader())
        report = agreement(workspace.reader())
        assert report.readers == ()
        assert [(one.id, one.readers, one.traces, len(one.differing)) for one in report.annotators] == [
            ("helpful", ("ann", "bob"), 10, 1)
        ]
        assert report.annotators[0].raw.value == pytest.approx(0.9)
