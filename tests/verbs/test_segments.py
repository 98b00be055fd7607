"""Segments by rules of one's own: seen before, applied to what is there and to what comes, and taken back."""

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from reviewer import cli
from reviewer.errors import Expected, UsageError
from reviewer.jobs.messages import Done, Progress
from reviewer.jobs.running import Job
from reviewer.model.ids import WeekName
from reviewer.model.segment_rules import Rules, checked
from reviewer.model.week import SEGMENTS, Plan
from reviewer.verbs import forgetting, segments, weeks
from reviewer.verbs.coding import Wanted, code
from reviewer.workspace.ask import segments as asked
from reviewer.workspace.ask.population import frozen, items
from reviewer.workspace.file import Reader, Workspace
from tests.builders import HOUR_US, MONDAY_US, a_trace, a_workspace, own_id, put

TEAMS: tuple[dict[str, str], ...] = ({"team": "blue"}, {"team": "green"}, {})
OLD = Path(__file__).parents[1] / "workspace" / "schema-7.review.gz"


def traces(count: int = 6) -> list[Any]:
    """Return traces of two teams, and some that say no team."""
    return [a_trace(n, attributes={**TEAMS[n % 3], "desk": f"desk-{n}"}, user_id=f"user-{n}") for n in range(count)]


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with a_workspace(tmp_path) as made:
        put(made, traces())
        yield made


def apply(workspace: Workspace, rules: Rules) -> None:
    """Work rules out in another process, as window and command line do, and apply them."""
    [*told, end] = Job(segments.work_out, str(workspace.path), rules).messages()
    assert all(isinstance(one, Progress) for one in told) and isinstance(end, Done)
    workspace.write(segments.apply, end.result).result()


def column(workspace: Workspace, segment: str) -> list[str | None]:
    """Return one segment of all traces, in the order of import."""
    reader = workspace.reader()
    rows = reader.db.execute(f"SELECT {segment} FROM trace ORDER BY n").fetchall()
    reader.close()
    return [row[0] for row in rows]


def test_a_rule_changes_what_is_there_and_what_comes_and_goes_without_a_trace(workspace: Workspace) -> None:
    before = {segment: column(workspace, segment) for segment in SEGMENTS}
    apply(workspace, checked({"tenant": ["team"], "workflow": ["team", "desk"]}))
    assert column(workspace, "tenant") == ["blue", "green", None] * 2
    assert column(workspace, "workflow") == ["blue", "green", "desk-2", "blue", "green", "desk-5"]
    assert column(workspace, "model") == before["model"]
    put(workspace, [a_trace(7, attributes={"team": "red"})], "later.jsonl")
    assert column(workspace, "tenant")[-1] == "red"
    apply(workspace, {})
    assert {segment: column(workspace, segment)[:6] for segment in SEGMENTS} == before
    assert column(workspace, "tenant")[-1] is None
    reader = workspace.reader()
    assert segments.preview(reader, {}).changed == 0
    reader.close()


def test_a_preview_counts_and_writes_nothing(workspace: Workspace) -> None:
    reader = workspace.reader()
    found = segments.preview(reader, checked({"tenant": ["team", "trace.user_id"], "environment": ["nowhere"]}))
    tenant = found.segments["tenant"]
    assert (found.traces, found.changed, found.without) == (6, 6, 0)
    assert tenant.taken == {"team": 4, "trace.user_id": 2}
    assert tenant.after.common == [("blue", 2), ("green", 2), ("user-2", 1), ("user-5", 1)]
    assert (tenant.examples[0].before, tenant.examples[0].after) == (None, "blue")
    assert found.segments["environment"].unknown == 6 and found.segments["workflow"].found == 6
    assert column(workspace, "tenant") == [None] * 6
    reader.close()


def test_the_attributes_are_listed_with_their_values_and_those_of_every_trace_last(workspace: Workspace) -> None:
    reader = workspace.reader()
    survey = segments.survey(reader)
    reader.close()
    names = list(survey.attributes)
    assert names[:2] == ["desk", "team"] and all(name.startswith("trace.") for name in names[2:])
    assert survey.attributes["team"].common == [("blue", 2), ("green", 2)]


def test_values_without_number_are_counted_up_to_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(segments, "MOST_VALUES", 3)
    tally = segments.Tally()
    for value in ("a", "b", "c", "d", "a", "e"):
        tally.add(value)
    assert (tally.traces, len(tally.values), tally.rest) == (6, 3, 2)


def test_codings_and_a_drawn_week_stay(workspace: Workspace) -> None:
    reader = workspace.reader()
    plan = Plan(4, "seed", by=("workflow",))
    workspace.write(weeks.open_week, reader, "2026-W47", MONDAY_US, MONDAY_US + 168 * HOUR_US, plan).result()
    week = WeekName("2026-W47")
    drawn, population = items(reader, week), frozen(reader, week)
    workspace.write(code, reader, "2026-W47", Wanted(drawn[0].trace, "anna", "pass")).result()
    apply(workspace, checked({"workflow": ["team"]}))
    assert items(reader, week) == drawn and frozen(reader, week) == population
    assert len(population) == 6
    assert reader.db.execute("SELECT verdict FROM coding").fetchall() == [("pass",)]
    reader.close()


def test_the_same_file_again_is_unchanged_under_any_rules(workspace: Workspace) -> None:
    apply(workspace, checked({"tenant": ["team"]}))
    again = put(workspace, traces(), "again.jsonl")
    assert (again.unchanged, again.updated, again.changed) == (6, 0, set())
    assert column(workspace, "tenant") == ["blue", "green", None] * 2


def test_an_export_with_another_attribute_is_heard(workspace: Workspace) -> None:
    apply(workspace, checked({"tenant": ["team"]}))
    moved = a_trace(0, attributes={"team": "red"}, user_id="user-0")
    again = put(workspace, [moved], "again.jsonl")
    assert (again.unchanged, again.changed) == (1, {own_id(moved)})
    assert column(workspace, "tenant")[0] == "red"
    put(workspace, [a_trace(0, attributes={}, user_id="user-0")], "third.jsonl")
    assert column(workspace, "tenant")[0] is None


def test_rules_that_were_worked_out_before_an_import_are_refused(workspace: Workspace) -> None:
    [*_, end] = Job(segments.work_out, str(workspace.path), checked({"tenant": ["team"]})).messages()
    put(workspace, [a_trace(8, attributes={"team": "red"})], "later.jsonl")
    assert isinstance(end, Done)
    with pytest.raises(Expected, match="came in"):
        workspace.write(segments.apply, end.result).result()
    assert set(column(workspace, "tenant")) == {None}
    reader = workspace.reader()
    assert asked.rules(reader) == {}
    reader.close()


def test_a_cancelled_job_changes_nothing(workspace: Workspace) -> None:
    job = Job(segments.work_out, str(workspace.path), checked({"tenant": ["team"]}))
    job.cancel()
    assert not any(isinstance(message, Done) for message in job.messages())
    assert set(column(workspace, "tenant")) == {None}


def test_forgetting_takes_the_attributes_and_what_was_made_of_them(workspace: Workspace) -> None:
    apply(workspace, checked({"tenant": ["trace.user_id"], "environment": ["desk"]}))
    trace = traces()[0]
    reader = workspace.reader()
    workspace.write(forgetting.forget, reader, own_id(trace), None).result()
    reader.close()
    assert column(workspace, "tenant")[0] is None and column(workspace, "environment")[0] is None
    apply(workspace, checked({"tenant": ["trace.name"]}))
    assert column(workspace, "tenant")[0] is None, "a forgotten trace is not worked out again"
    assert b"desk-0" not in workspace.path.read_bytes() and b"user-0" not in workspace.path.read_bytes()
    reader = workspace.reader()
    assert len(list(asked.told(reader))) == 5
    reader.close()


def test_older_traces_are_told_apart_and_learn_their_attributes_from_their_file(tmp_path: Path) -> None:
    path = tmp_path / "old.review"
    path.write_bytes(gzip.decompress(OLD.read_bytes()))
    with Workspace(path) as workspace:
        reader = workspace.reader()
        assert segments.survey(reader).without == 6
        rules = checked({"tenant": ["team", "trace.session_id"]})
        assert segments.preview(reader, rules).segments["tenant"].taken == {"trace.session_id": 6}
        apply(workspace, rules)
        again = [a_trace(n, metadata={"team": "blue", "region": "eu"}, attributes={"team": "blue"}) for n in range(4)]
        assert put(workspace, again, "again.jsonl").unchanged == 4
        assert column(workspace, "tenant") == ["blue"] * 4 + ["session-2"] * 2
        assert segments.survey(reader).without == 2
        reader.close()


CHAT = [{"role": "user", "content": "Where is it?"}, {"role": "assistant", "content": "On its way."}]


def test_the_commands_show_map_and_reset(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file, path = tmp_path / "chats.jsonl", tmp_path / "w.review"
    records = [{"id": str(n), "messages": CHAT, "metadata": {"team": ("blue", "green")[n % 2]}} for n in range(4)]
    file.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")

    def run(*arguments: object) -> Any:
        capsys.readouterr()
        assert cli.main([str(a) for a in (*arguments, "--workspace", path)]) == 0
        return capsys.readouterr()

    run("import", file)
    listed = json.loads(run("segments", "attributes", "--json").out)
    assert listed[0] == {"name": "team", "traces": 4, "distinct": 2, "more": False,
                         "values": [{"value": "blue", "traces": 2}, {"value": "green", "traces": 2}]}  # fmt: skip
    assert "4 of 4 traces would change" in run("segments", "map", "tenant=team", "--dry-run").err
    assert "as found: not recorded 4" in run("segments", "show").out
    assert "tenant: team (4): blue 2, green 2" in run("segments", "map", "tenant=team").out
    assert json.loads(run("segments", "show", "--json").out)["segments"][3]["attributes"] == [
        {"name": "team", "traces": 4}
    ]
    assert "4 of 4 traces changed" in run("segments", "reset", "tenant").err
    reader = Reader(path)
    assert asked.rules(reader) == {}
    reader.close()
    for wrong in (["map", "tenant"], ["map", "colour=team"], ["reset", "colour"]):
        assert cli.main(["segments", *wrong, "--workspace", str(path)]) == UsageError.exit_code
