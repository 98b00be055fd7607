"""Where readers disagree: it is listed, somebody decides, nobody's word is changed, and the decision is the label."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from reviewer import cli
from reviewer.errors import UsageError
from reviewer.exports.sets.choosing import Choice, Labels
from reviewer.model import columns as c
from reviewer.model.ids import TraceId
from reviewer.verbs import adjudicating, agreement, datasets, exporting
from reviewer.verbs.coding import Wanted, code
from reviewer.workspace.ask.codings import all_events, codings
from reviewer.workspace.ask.tables import items
from reviewer.workspace.file import Reader, Workspace
from tests.builders import a_trace as trace_of
from tests.builders import a_workspace, put
from tests.desktop.opened import reviewed

WEEK = "2026-W47"


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with a_workspace(tmp_path) as made:
        put(made, [trace_of(n, question=f"What about order {n}?") for n in range(12)])
        yield made


@pytest.fixture
def reader(workspace: Workspace) -> Iterator[Reader]:
    made = workspace.reader()
    yield made
    made.close()


@pytest.fixture
def drawn(workspace: Workspace, reader: Reader) -> list[TraceId]:
    """Read everything as anna (every third fails), and three of it as ben: the same, another mode, another verdict."""
    traces = reviewed(workspace, size=9, modes=("looping",))
    for trace, verdict, modes in (
        (traces[1], "pass", ()),
        (traces[3], "fail", ("tool_misuse",)),
        (traces[6], "pass", ()),
    ):
        workspace.write(code, reader, WEEK, Wanted(trace, "ben", verdict, modes)).result()
    return traces


def decide(workspace: Workspace, reader: Reader, trace: str, verdict: str, *modes: str, **more: Any) -> None:
    wanted = Wanted(trace, more.pop("reviewer", "carla"), verdict, modes, **more)
    workspace.write(adjudicating.decide, reader, WEEK, wanted).result()


def test_what_readers_differ_in_is_listed_by_verdict_and_mode(reader: Reader, drawn: list[TraceId]) -> None:
    found = {one.trace: one for one in adjudicating.disagreements(reader)}
    assert set(found) == {drawn[3], drawn[6]}
    assert set(found[drawn[3]].about) == {"looping", "tool_misuse"}
    assert set(found[drawn[6]].about) == {"verdict", "looping"}
    assert [name for name, _ in found[drawn[3]].readers] == ["anna", "ben"]
    assert [one.trace for one in adjudicating.disagreements(reader, about="verdict")] == [drawn[6]]
    with pytest.raises(UsageError):
        adjudicating.disagreements(reader, "2020-W01")


def test_a_decision_stands_beside_what_the_readers_said_and_is_no_reading(
    workspace: Workspace, reader: Reader, drawn: list[TraceId]
) -> None:
    before = agreement.agreement(reader).readers
    events = all_events(reader)
    decide(workspace, reader, drawn[6], "pass", reviewer="anna", note="The order was found.")
    assert all_events(reader)[: len(events)] == events
    stands = {row.key.reviewer: row.coding.verdict for row in codings(reader) if row.key.trace == drawn[6]}
    assert stands == {"anna": "fail", "ben": "pass", "adjudicator: anna": "pass"}
    assert agreement.agreement(reader).readers == before
    [open_] = adjudicating.disagreements(reader, decided=False)
    [decided] = adjudicating.disagreements(reader, decided=True)
    assert (open_.trace, decided.trace, decided.decided_by) == (drawn[3], drawn[6], "anna")


def test_the_newest_decision_counts_in_estimates_and_only_there_as_one_row(
    workspace: Workspace, reader: Reader, drawn: list[TraceId]
) -> None:
    def row() -> tuple[Any, ...]:
        table = items(reader).set_index(c.TRACE)
        return tuple(table.loc[drawn[6], [c.VERDICT, c.MODES, c.REVIEWERS]])

    assert row() == ("fail", ("looping",), 2), "a tie of readers is a fail"
    decide(workspace, reader, drawn[6], "pass")
    assert row() == ("pass", (), 2)
    decide(workspace, reader, drawn[6], "fail", "tool_misuse", reviewer="dora")
    assert row() == ("fail", ("tool_misuse",), 2)


@pytest.mark.parametrize(("labels", "verdict"), [("adjudicated", "pass"), ("majority", "fail")])
def test_the_decision_is_the_label_unless_the_majority_is_asked_for(
    workspace: Workspace, reader: Reader, drawn: list[TraceId], tmp_path: Path, labels: Labels, verdict: str
) -> None:
    decide(workspace, reader, drawn[6], "pass", note="The order was found.", scores={"groundedness": 4})
    planned = datasets.plan(reader, Choice(labels=labels))
    exporting.export(reader, "jsonl", tmp_path / "set", planned)
    rows = [json.loads(line) for line in (tmp_path / "set" / "dataset.jsonl").read_text().split("\n")[:-1]]
    row = next(row for row in rows if row["trace_id"] == drawn[6])
    assert row["verdict"] == verdict
    assert row["provenance"]["verdicts"] == {"reviewer-1": "fail", "reviewer-2": "pass"}
    assert row["provenance"]["adjudicated"] is (labels == "adjudicated")
    assert ("The order was found." in row["critique"]) is (labels == "adjudicated")
    assert row["scores"]["groundedness"] == (4 if labels == "adjudicated" else None)
    assert "carla" not in json.dumps(rows)
    assert [one.verdict for one in planned.rows if one.trace == drawn[6]] == [verdict]
    exporting.export(reader, "judge", tmp_path / "judge", planned)
    unresolved = tmp_path / "judge" / "judge" / "unresolved.jsonl"
    held = unresolved.read_text() if unresolved.exists() else ""
    assert (row["example_id"] in held) is (labels == "majority")


def test_what_was_decided_can_be_chosen(workspace: Workspace, reader: Reader, drawn: list[TraceId]) -> None:
    decide(workspace, reader, drawn[6], "pass")
    assert [row.trace for row in datasets.plan(reader, Choice(readers="adjudicated")).rows] == [drawn[6]]
    disputed = {row.trace for row in datasets.plan(reader, Choice(readers="disputed")).rows}
    assert disputed == {drawn[3], drawn[6]}, "the readers still disagree"


def test_only_a_disagreement_is_decided_and_not_put_off(
    workspace: Workspace, reader: Reader, drawn: list[TraceId]
) -> None:
    with pytest.raises(UsageError, match="No two readers disagree"):
        decide(workspace, reader, drawn[1], "pass")
    with pytest.raises(UsageError, match="pass or fail"):
        decide(workspace, reader, drawn[6], "defer")
    with pytest.raises(UsageError, match="adjudicate decide"):
        workspace.write(code, reader, WEEK, Wanted(drawn[6], "adjudicator: carla", "pass")).result()


def test_the_commands_list_and_decide(
    workspace: Workspace, drawn: list[TraceId], capsys: pytest.CaptureFixture[str]
) -> None:
    path = str(workspace.path)
    workspace.close()
    assert cli.main(["adjudicate", "list", "--open", "--json", "--workspace", path]) == 0
    found = json.loads(capsys.readouterr().out)
    assert {one["trace_id"] for one in found} == {drawn[3], drawn[6]}
    given = ["--week", WEEK, "--reviewer", "carla", "--verdict", "fail", "--mode", "looping", "--note", "It did loop."]
    assert cli.main(["adjudicate", "decide", drawn[3], *given, "--json", "--workspace", path]) == 0
    decided = json.loads(capsys.readouterr().out)
    assert (decided["decision"]["by"], decided["decision"]["failure_modes"]) == ("carla", ["looping"])
    assert cli.main(["adjudicate", "list", "--workspace", path]) == 0
    said = capsys.readouterr().out
    assert "decided by carla: fail, looping" in said
    assert "It did loop." in said
