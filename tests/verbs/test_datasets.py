"""Versions of a dataset: the same labels are the same version, what changed is named, and no split is ever taken back."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from reviewer import cli
from reviewer.errors import Expected, UsageError
from reviewer.exports.sets.choosing import Choice
from reviewer.verbs import coverage, datasets, exporting
from reviewer.verbs.coding import Wanted, code
from reviewer.workspace.ask import datasets as ask
from reviewer.workspace.file import Reader, Workspace
from tests.builders import HOUR_US, a_workspace, put
from tests.builders import a_trace as trace_of
from tests.desktop.opened import reviewed

WEEK_US = 7 * 24 * HOUR_US
CANARY = "carla.canary@example.org"


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with a_workspace(tmp_path) as made:
        put(made, [trace_of(n, question=f"What about order {n}, {CANARY}?") for n in range(12)])
        reviewed(made, size=12, modes=("looping",))
        yield made


@pytest.fixture
def reader(workspace: Workspace) -> Iterator[Reader]:
    made = workspace.reader()
    yield made
    made.close()


def kept(workspace: Workspace, reader: Reader, **choice: Any) -> datasets.Planned:
    planned = datasets.plan(reader, Choice(**choice))
    workspace.write(datasets.keep, planned).result()
    return planned


def test_the_same_labels_are_the_same_version_for_every_target(
    workspace: Workspace, reader: Reader, tmp_path: Path
) -> None:
    first, again = kept(workspace, reader), kept(workspace, reader)
    assert (first.version.number, again.version.number, again.is_new) == (1, 1, False)
    for target in ("jsonl", "inspect"):
        exporting.export(reader, target, tmp_path / target, again)
        manifest = json.loads((tmp_path / target / "manifest.json").read_text())
        assert (manifest["version"], manifest["content_hash"]) == (first.version.label, first.version.content_hash)
    assert [one.number for one in ask.versions(reader)] == [1]


def test_another_label_makes_another_version_that_says_what_changed(workspace: Workspace, reader: Reader) -> None:
    first = kept(workspace, reader, verdict="fail")
    told = first.rows[0]
    workspace.write(code, reader, "2026-W47", Wanted(told.trace, "anna", "fail", ("tool_misuse",))).result()
    second = kept(workspace, reader)
    assert (second.version.number, second.version.parent) == (2, 1)
    before, now, found = datasets.compare(reader)
    assert (before.number, now.number) == (1, 2)
    assert found.changed == (told.id,)
    assert len(found.added) == 12 - len(first.rows)
    assert (found.removed, found.moved) == ((), ())
    had = {row.id: row.split for row in first.rows}
    assert all(had.get(row.id, row.split) == row.split for row in second.rows)


def test_the_first_version_has_nothing_to_be_compared_with(workspace: Workspace, reader: Reader) -> None:
    with pytest.raises(UsageError, match="no dataset"):
        datasets.compare(reader)
    kept(workspace, reader)
    with pytest.raises(UsageError, match="is the first"):
        datasets.compare(reader)


def test_shares_of_the_splits_are_set_once(workspace: Workspace, reader: Reader) -> None:
    planned = datasets.plan(reader, Choice(), weights=datasets.weights_of("0,0,1"))
    workspace.write(datasets.keep, planned).result()
    assert {row.split for row in planned.rows} == {"test"}
    assert {row.split for row in datasets.plan(reader, Choice()).rows} == {"test"}
    with pytest.raises(UsageError, match="for all of its versions"):
        datasets.plan(reader, Choice(), weights=datasets.weights_of("1,0,0"))
    for wrong in ("1", "0.5,0.2,0.2", "a,b,c", "2,-1,0", "nan,0,1"):
        with pytest.raises(UsageError, match="no shares"):
            datasets.weights_of(wrong)


def test_a_session_can_be_pinned_until_a_version_holds_it(workspace: Workspace, reader: Reader) -> None:
    trace = datasets.plan(reader, Choice()).rows[0].trace
    for split in ("dev", "test"):
        workspace.write(datasets.pin, reader, trace, split).result()
    planned = kept(workspace, reader)
    [row] = [row for row in planned.rows if row.trace == trace]
    assert row.split == "test"
    other = next(row for row in planned.rows if row.split != "dev" and row.group != row.id and row.trace != trace)
    with pytest.raises(UsageError, match="already"):
        workspace.write(datasets.pin, reader, other.trace, "dev").result()


def test_a_pin_is_let_go_before_a_version_holds_it_and_never_moved_after(workspace: Workspace, reader: Reader) -> None:
    first = datasets.plan(reader, Choice()).rows[0]
    with pytest.raises(UsageError, match="pinned to no split"):
        workspace.write(datasets.unpin, reader, first.trace).result()
    workspace.write(datasets.pin, reader, first.trace, "test").result()
    assert datasets.placed(reader, first.trace) == datasets.Placed("test", by_hand=True, held=False)
    workspace.write(datasets.unpin, reader, first.trace).result()
    assert datasets.placed(reader, first.trace) == datasets.Placed(None, by_hand=False, held=False)
    workspace.write(datasets.pin, reader, first.trace, "test").result()
    kept(workspace, reader)
    for verb, more in ((datasets.pin, ("train",)), (datasets.unpin, ())):
        with pytest.raises(UsageError, match="in test"):
            workspace.write(verb, reader, first.trace, *more).result()
    assert datasets.placed(reader, first.trace) == datasets.Placed("test", by_hand=True, held=True)


def test_what_can_be_chosen_by_is_what_occurs_among_the_reviewed(workspace: Workspace, reader: Reader) -> None:
    found = datasets.offers(reader)
    assert sum(n for (by, _), n in found.segments.items() if by == "workflow") == 12
    assert {by for by, _ in found.segments} <= {
        "workflow",
        "model",
        "prompt_version",
        "tenant",
        "task_type",
        "environment",
    }
    assert (found.several, found.expected) == (0, 0)
    trace = datasets.plan(reader, Choice()).rows[0].trace
    wanted = Wanted(trace, "ben", "pass", (), {"groundedness": 4}, expected="So.")
    workspace.write(code, reader, "2026-W47", wanted).result()
    found = datasets.offers(reader)
    assert (found.several, found.expected, found.scores) == (1, 1, {"groundedness": 1})


def test_what_says_the_same_is_written_once_with_the_weight_of_both(tmp_path: Path) -> None:
    with a_workspace(tmp_path) as workspace:
        put(workspace, [trace_of(n, question="Same?", answer="Same.", session_id=f"s{n}") for n in range(6)])
        reviewed(workspace, size=6)
        reader = workspace.reader()
        planned = datasets.plan(reader, Choice(once=True))
        assert len(planned.rows) == 2, "one that passes and one that fails"
        assert planned.left_out == {datasets.REPEATED: 4}
        exporting.export(reader, "jsonl", tmp_path / "set", planned)
        rows = [json.loads(line) for line in (tmp_path / "set" / "dataset.jsonl").read_text().split("\n")[:-1]]
        assert sum(row["provenance"]["sample_weight"] for row in rows) == pytest.approx(6)
        assert len({row["split"] for row in rows}) == 1
        manifest = json.loads((tmp_path / "set" / "manifest.json").read_text())
        assert manifest["dropped"] == {datasets.REPEATED: 4}
        reader.close()


def test_a_redacted_export_is_the_same_version_without_the_address_or_a_name(
    workspace: Workspace, reader: Reader, tmp_path: Path
) -> None:
    planned = kept(workspace, reader)
    exporting.export(reader, "jsonl", tmp_path / "set", planned, rules=exporting.redaction_rules())
    whole = "".join(file.read_text() for file in (tmp_path / "set").iterdir())
    assert CANARY not in whole
    assert "anna" not in whole
    manifest = json.loads((tmp_path / "set" / "manifest.json").read_text())
    assert manifest["version"].startswith("1.0.0+")
    assert planned.version.content_hash[:12] not in whole, "the hash of what was redacted could be tried out"
    assert manifest["redaction"]["replaced"]["EMAIL"] >= 12


def test_reviewers_keep_their_numbers_whatever_is_chosen(workspace: Workspace, reader: Reader, tmp_path: Path) -> None:
    last = datasets.plan(reader, Choice()).rows[-1]
    workspace.write(code, reader, "2026-W47", Wanted(last.trace, "aaron", "pass", note="Fine.")).result()
    planned = datasets.plan(reader, Choice(readers="agreed"))
    exporting.export(reader, "jsonl", tmp_path / "set", planned)
    [row] = [json.loads(line) for line in (tmp_path / "set" / "dataset.jsonl").read_text().split("\n")[:-1]]
    assert row["provenance"]["reviewer"] == "reviewer-2, reviewer-1"


def test_nothing_chosen_and_unknown_conditions_are_said(workspace: Workspace, reader: Reader) -> None:
    with pytest.raises(Expected, match="nothing to export"):
        datasets.plan(reader, Choice(modes=("tool_misuse",)))
    with pytest.raises(UsageError, match="no failure mode"):
        datasets.plan(reader, Choice(modes=("nonsense",)))
    with pytest.raises(UsageError, match="no week"):
        datasets.plan(reader, Choice(weeks=("2020-W01",)))


def test_the_coverage_names_traffic_without_examples_and_modes_without_enough(
    workspace: Workspace, reader: Reader
) -> None:
    kept(workspace, reader, where=(("workflow", "returns"),))
    found = coverage.drift(reader)
    by = {(one.by, one.value): one for one in found.covered}
    assert by["workflow", "billing"].examples == 0
    assert by["workflow", "billing"].share == pytest.approx(0.5)
    assert by["workflow", "returns"].examples == 6
    said = coverage.to_add(found)
    assert said[0] == "No example of workflow billing, which is 50 % of the latest four weeks."
    looping = next(splits for mode, _, splits in found.modes if mode == "looping")
    assert f"Looping: {looping.get('test', 0)} in the test split, of {sum(looping.values())} in all." in " ".join(said)
    assert any(one.endswith(f"that this version lacks: {4 - sum(looping.values())}.") for one in said)
    assert any(
        sentence.startswith("No example of these failure modes: ") and "Wrong citation" in sentence for sentence in said
    )


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("Where is it?", "question"),
        ("我的订单在哪里？", "question"),
        ("order status", "a few words"),
        ("Cancel my order and tell me when the money comes back.", "statement or order"),
        ('Fix this: {"order": 5}', "with code or data"),
        ("```\nprint(1)\n```", "with code or data"),
        ("Please look at all of this. " * 20, "long text"),
    ],
)
def test_traffic_is_held_against_the_examples_by_type_of_query(tmp_path: Path, question: str, kind: str) -> None:
    with a_workspace(tmp_path) as workspace:
        put(workspace, [trace_of(1), trace_of(2, question=question, retrievals=[])])
        drawn = reviewed(workspace, size=2)
        reader = workspace.reader()
        asked = dict(reader.db.execute("SELECT id, title FROM trace"))
        other = next(trace for trace in drawn if asked[trace].startswith("May I"))
        segments = next(one for one in datasets.candidates(reader) if one.trace == other).segments
        kept(workspace, reader, where=(("workflow", segments["workflow"]),))
        by = {(one.by, one.value): one for one in coverage.drift(reader).covered}
        assert by["query_type", kind].traffic == (2 if kind == "question" else 1)
        assert by["query_type", kind].examples == (1 if kind == "question" else 0)
        assert by["run_type", "with tools and retrieval"].examples == 1
        assert by["run_type", "with tools alone"].examples == 0
        said = coverage.to_add(coverage.drift(reader))
        assert any(f"No example of query type {kind}" in one for one in said) == (kind != "question")
        reader.close()


def test_reviewed_failures_that_a_version_lacks_are_named_as_what_to_add(workspace: Workspace, reader: Reader) -> None:
    kept(workspace, reader, verdict="pass")
    found = coverage.drift(reader)
    assert found.waiting == {"looping": 4}
    assert "No example of Looping, but reviewed traces with it: 4. Export again to add them." in coverage.to_add(found)
    kept(workspace, reader)
    assert coverage.drift(reader).waiting == {}


def test_a_known_version_is_exported_while_another_program_holds_the_workspace(
    workspace: Workspace, reader: Reader, tmp_path: Path, capsys: Any
) -> None:
    given = ["export", "--to", "jsonl", "--out", str(tmp_path / "set"), "--workspace", str(workspace.path)]
    assert cli.main(given) == 1, "a new version must be written down"
    assert not (tmp_path / "set").exists()
    kept(workspace, reader)
    assert cli.main(given) == 0
    assert "version 1 of test" in capsys.readouterr().err


def test_the_commands_export_list_show_and_compare(
    workspace: Workspace, reader: Reader, tmp_path: Path, capsys: Any
) -> None:
    workspace.close()

    def run(*arguments: str, expect: int = 0) -> Any:
        assert cli.main([*arguments, "--workspace", str(workspace.path), "--json"]) == expect
        said = capsys.readouterr()
        assert "anna" not in said.out + said.err
        return json.loads(said.out) if said.out else said.err

    export = ("export", "--to", "jsonl", "--out", str(tmp_path / "set"))
    assert run(*export, "--verdict", "fail", "--passes", "1", "--splits", "0.5,0.25,0.25")["version"] == 1
    assert run(*export, "--where", "workflow=returns", "--name", "other")["dataset"] == "other"
    assert run(*export)["version"] == 2
    assert [(one["dataset"], one["version"]) for one in run("dataset", "list")] == [
        ("other", 1),
        ("test", 1),
        ("test", 2),
    ]
    shown = run("dataset", "show", "--version", "1")
    assert len(shown["examples"]) == shown["rows"] == 5
    assert sum(shown["splits"].values()) == 5
    found = run("dataset", "diff", "--from", "1", "--to", "2")
    assert (len(found["added"]), found["removed"], found["moved"]) == (7, [], [])
    assert run("dataset", "show", "other", "--coverage")["add"]
    assert "no condition" in run(*export, "--where", "planet=mars", expect=2)
    assert "no version 9" in run("dataset", "show", "--version", "9", expect=2)


def test_what_a_redaction_will_find_is_counted_before_anything_is_written(
    workspace: Workspace, reader: Reader, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    own = tmp_path / "rules.toml"
    own.write_text('words = ["order 3"]\n[patterns]\nTICKET = "T-[0-9]{9}"\n')
    planned = datasets.plan(reader, Choice())
    found = {one.rule: one for one in exporting.found_by_redaction(reader, planned, exporting.redaction_rules(own))}
    written = exporting.export(reader, "jsonl", tmp_path / "set", planned, rules=exporting.redaction_rules(own))
    replaced = json.loads((tmp_path / "set" / "manifest.json").read_text())["redaction"]["replaced"]
    assert {rule: one.matches for rule, one in found.items() if one.matches} == replaced
    assert (found["EMAIL"].traces, found["WORD"].traces, found["TICKET"].traces) == (written.rows, 1, 0)
    command = ["export", "--workspace", str(workspace.path), "--to", "jsonl", "--json"]
    assert cli.main([*command, "--redact", str(own), "--dry-run"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert {(row["rule"], row["matches"], row["traces"]) for row in rows} == set(found.values())
    assert cli.main([*command, "--dry-run"]) == 2
    assert cli.main([*command, "--redact"]) == 2
    assert datasets.plan(reader, Choice()).is_new, "a dry run keeps no version"
