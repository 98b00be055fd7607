"""Labels that people gave before the import become codings of theirs, in a week that holds every labelled trace."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from reviewer.errors import UsageError
from reviewer.model.trace import Score
from reviewer.verbs import annotating, listing, weeks
from reviewer.verbs.annotating import SKIPPED, Meaning
from reviewer.workspace.ask.population import items
from reviewer.workspace.ask.queue import week
from reviewer.workspace.ask.settings import taxonomy
from reviewer.workspace.file import Workspace
from tests.builders import a_trace, a_workspace, put

SAID = {
    0: [("ann", "good"), ("bob", "good")],
    1: [("ann", "Made up"), ("bob", "good")],
    2: [("ann", "Made up, Off topic")],
    3: [("", "unsure")],
}


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    traces = [a_trace(n) for n in range(6)]
    for n, said in SAID.items():
        for author, value in said:
            comment = f"{author or 'x'} says {value}"
            traces[n].scores.append(Score("quality", None, value, "category", "human", author or None, comment))
    traces[5].scores.append(Score("step", None, "Off topic", "category", "human", "ann", "here", "message", "1"))
    for n, value in ((4, "Unsupported claim"), (5, "PASS")):
        traces[n].scores.append(Score("known", None, value, "category", "human", "ann"))
    traces[4].scores.append(Score("quality", None, "Made up", "category", "llm", "judge"))
    traces[4].scores.append(Score("stars", 4.0, None, "number", "human", "ann"))
    with a_workspace(tmp_path) as made:
        put(made, traces)
        yield made


def code(workspace: Workspace, **more: object) -> annotating.LabelPlan:
    reader = workspace.reader()
    said = {"good": Meaning("pass"), "unsure": SKIPPED}
    plan = annotating.plan_labels(reader, "quality", "labels", said, "somebody", **{"new_modes": True, **more})  # type: ignore[arg-type]
    workspace.write(annotating.code_labels, reader, plan).result()
    reader.close()
    return plan


def test_every_labelled_trace_is_in_the_week_for_certain_and_coded_by_its_annotators(workspace: Workspace) -> None:
    code(workspace)
    reader = workspace.reader()
    drawn = items(reader, "labels")  # type: ignore[arg-type]
    assert [(item.pi, item.N_h, item.n_h) for item in drawn] == [(1.0, 3, 3)] * 3
    assert sorted(item.readers for item in drawn) == [("ann",), ("ann", "bob"), ("ann", "bob")]
    found = sorted((c["reviewer"], c["verdict"], tuple(c["modes"])) for c in listing.codings(reader))
    assert found == [
        ("ann", "fail", ("made_up",)), ("ann", "fail", ("made_up", "off_topic")), ("ann", "pass", ()),
        ("bob", "pass", ()), ("bob", "pass", ()),
    ]  # fmt: skip
    reader.close()


def test_the_codings_say_nothing_of_modes_that_no_label_could_have_named(workspace: Workspace) -> None:
    before = workspace.reader()
    known = {mode.id for mode in taxonomy(before).active}
    before.close()
    code(workspace)
    reader = workspace.reader()
    of_the_week = taxonomy(reader, week(reader, "labels").taxonomy_version)
    assert {mode.id for mode in of_the_week.active} == {"made_up", "off_topic"}
    assert {mode.id for mode in taxonomy(reader).active} == known | {"made_up", "off_topic"}
    assert {c["taxonomy_version"] for c in listing.codings(reader)} == {of_the_week.version}
    reader.close()


def test_a_label_of_a_message_points_at_it(workspace: Workspace) -> None:
    reader = workspace.reader()
    plan = annotating.plan_labels(reader, "step", "steps", {}, new_modes=True)
    workspace.write(annotating.code_labels, reader, plan).result()
    [tagged] = [one["value"] for one in listing.events(reader) if "mode" in str(one["value"])]
    assert tagged == {"mode": "off_topic", "anchor": {"kind": "turn", "thread": 0, "message": 1}}
    reader.close()


def test_done_again_it_says_nothing_new(workspace: Workspace) -> None:
    code(workspace)
    reader = workspace.reader()
    events, version = len(list(listing.events(reader))), taxonomy(reader).version
    code(workspace)
    assert (len(list(listing.events(reader))), taxonomy(reader).version) == (events, version)
    reader.close()


def test_a_value_without_a_meaning_is_asked_about(workspace: Workspace) -> None:
    reader = workspace.reader()

    def refused(name: str = "quality", said: dict[str, Meaning] | None = None, reviewer: str = "somebody") -> str:
        with pytest.raises(UsageError) as why:
            annotating.plan_labels(reader, name, "labels", said or {}, reviewer)
        return str(why.value)

    assert "'Made up'" in refused()
    assert "nobody" not in refused("stars")
    assert "'4'" in refused("stars")
    assert "Nobody labelled" in refused("colour")
    assert "--reviewer" in refused(reviewer="")
    everything = dict.fromkeys(("good", "unsure", "Made up", "Off topic"), Meaning("fail", "no_such_mode"))
    assert "no_such_mode" in refused(said=everything)
    reader.close()


def test_a_value_that_is_called_as_a_failure_mode_means_it(workspace: Workspace) -> None:
    reader = workspace.reader()
    plan = annotating.plan_labels(reader, "known", "labels", {})
    assert plan.meanings == {"Unsupported claim": Meaning("fail", "unsupported_claim"), "PASS": Meaning("pass")}
    assert plan.new_modes == ()
    reader.close()


def test_a_week_made_otherwise_is_left_alone(workspace: Workspace) -> None:
    from reviewer.model.week import Plan
    from tests.builders import HOUR_US, MONDAY_US

    reader = workspace.reader()
    workspace.write(weeks.open_week, reader, "labels", MONDAY_US, MONDAY_US + 1000 * HOUR_US, Plan(2, "s")).result()
    with pytest.raises(UsageError, match="already"):
        code(workspace)
    reader.close()
