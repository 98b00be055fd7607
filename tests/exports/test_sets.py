"""Datasets: what is in a row, what every reader takes, and folders that are whole or not there."""

import csv
import hashlib
import json
import resource
import signal as system
import tracemalloc
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from reviewer.errors import Expected, UsageError
from reviewer.exports.sets.canonical import Labelled
from reviewer.exports.sets.splits import split_of
from reviewer.exports.sets.targets import TARGETS, Written, export, losses, preview, title
from reviewer.exports.sets.writing import safe_name, whole_folder, write_file
from reviewer.model.coding import Coding, Verdict
from reviewer.model.ids import WeekName
from reviewer.model.trace import Message, Part, Thread, ToolCall

from .builders import EXPECTED_CALLS, OFFERED, about, coded, labelled, said, trace, with_tools


def read(path: Path) -> list[dict[str, Any]]:
    """Read JSON lines as a strict reader does: split on newlines only, none blank, no NaN."""

    def refuse(name: str) -> None:
        raise AssertionError(f"{name} in {path}")

    lines = path.read_bytes().split(b"\n")
    assert lines.pop() == b"", "the file must end with a newline"
    return [json.loads(line.decode("utf-8", "strict"), parse_constant=refuse) for line in lines]


def rows(tmp_path: Path, *given: Labelled, target: str = "jsonl", file: str = "dataset.jsonl") -> list[dict[str, Any]]:
    export(target, given, tmp_path / "out", about())
    return read(tmp_path / "out" / file)


def test_a_record_holds_what_the_model_saw_and_what_people_said(tmp_path: Path) -> None:
    coding = coded(Verdict.FAIL, "looping", scores={"safety": 4.0}, note="Asked twice.", expected="Tomorrow.")
    (row,) = rows(tmp_path, labelled(with_tools(), coding))
    assert [message["role"] for message in row["messages"]] == ["system", "user", "assistant", "tool", "tool"]
    assert (row["input"], row["output"], row["expected"]) == ("Where is 0042?", "It is on its way.", "Tomorrow.")
    assert row["retrieved_contexts"] == ["Orders take two days.", "Returns are free."]
    assert (row["verdict"], row["failure_modes"], row["scores"]) == ("fail", ["looping"], {"safety": 4.0})
    assert (row["critique"], row["trace_id"]) == ("Asked twice.", "id-tools")
    calls = row["messages"][2]["tool_calls"]
    assert calls[0] == {"id": "c1", "name": "lookup", "arguments": {"order": "0042", "deep": {"a": [1, 2.5, None]}}}
    assert calls[1]["arguments"] == {"unparsed": "{order:"}
    assert [message["tool_call_id"] for message in row["messages"][3:]] == [calls[0]["id"], calls[1]["id"]]
    assert row["provenance"]["sample_weight"] == 12.5


def test_no_expected_answer_is_null_and_scores_keep_their_keys(tmp_path: Path) -> None:
    (row,) = rows(tmp_path, labelled(trace(), coded(expected="")))
    assert row["expected"] is None
    assert row["scores"] == {"safety": None}


def test_several_reviewers_make_one_row_by_majority(tmp_path: Path) -> None:
    one = trace()
    codings = [coded(Verdict.FAIL, "looping"), coded(Verdict.FAIL, "looping", "unsupported_claim"), coded()]
    (row,) = rows(tmp_path, *(labelled(one, coding, reviewer=str(i)) for i, coding in enumerate(codings)))
    assert (row["verdict"], row["failure_modes"]) == ("fail", ["looping"])


def test_a_tie_is_a_fail_and_keeps_what_half_tagged(tmp_path: Path) -> None:
    (row,) = rows(
        tmp_path,
        labelled(trace(), coded(scores={"safety": 2.0}), reviewer="a"),
        labelled(trace(), coded(Verdict.FAIL, "looping", scores={"safety": 5.0}), reviewer="b"),
    )
    assert (row["verdict"], row["failure_modes"], row["scores"]) == ("fail", ["looping"], {"safety": 3.5})


def test_a_trace_in_two_weeks_is_two_rows_of_one_split(tmp_path: Path) -> None:
    both = rows(tmp_path, labelled(trace()), labelled(trace(), week=WeekName("2026-W49")))
    assert len({row["example_id"] for row in both}) == 2
    assert len({row["split"] for row in both}) == 1


def test_only_submitted_passes_and_fails_are_rows(tmp_path: Path) -> None:
    given = [
        labelled(trace("a")),
        labelled(trace("b"), coded(Verdict.DEFER)),
        labelled(trace("c"), Coding(Verdict.PASS)),
    ]
    written = export("jsonl", given, tmp_path / "out", about())
    assert written.rows == 1
    assert written.dropped == {"not submitted, or put off": 2}


def test_codings_that_are_torn_apart_are_a_bug_and_write_nothing(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="follow"):
        export("jsonl", [labelled(trace("a")), labelled(trace("b")), labelled(trace("a"))], tmp_path / "out", about())
    assert list(tmp_path.iterdir()) == []


def test_a_run_without_an_answer_keeps_all_it_has(tmp_path: Path) -> None:
    talk = [said("user", "Hello?"), said("assistant", "Yes?"), said("user", "My order!")]
    written = export("jsonl", [labelled(trace("n", *talk))], tmp_path / "out", about())
    (row,) = read(tmp_path / "out" / "dataset.jsonl")
    assert (row["output"], len(row["messages"]), row["input"]) == ("", 3, "My order!")
    assert "Rows that end without an answer: 1" in written.losses


def test_what_cannot_be_carried_over_is_counted(tmp_path: Path) -> None:
    one = with_tools()
    one.main[1].parts.append(Part("media", "image/png, 34 KB"))
    one.main[2].parts.append(Part("reasoning", "Hm."))
    one.threads.append(Thread([said("assistant", "I am a sub-agent.")]))
    written = export("jsonl", [labelled(one)], tmp_path / "out", about())
    assert set(written.losses) >= {
        "Attachments and data kept as a placeholder or as text: 1",
        "Messages of sub-agents left out: 1",
        "Parts with reasoning left out: 1",
        "Tool arguments that are no JSON object kept as text: 1",
    }
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text())
    assert manifest["losses"] == list(written.losses)


def test_repeated_call_ids_become_distinct(tmp_path: Path) -> None:
    calls = [ToolCall("f", call_id="x"), ToolCall("f", call_id="x"), ToolCall("f")]
    talk = [said("user", "go"), Message("assistant", calls=calls)]
    talk += [said("tool", str(i), answers=call, call_id="x") for i, call in enumerate(calls)]
    (row,) = rows(tmp_path, labelled(trace("n", *talk, said("assistant", "done"))))
    made = [call["id"] for call in row["messages"][1]["tool_calls"]]
    assert len(set(made)) == 3
    assert [message["tool_call_id"] for message in row["messages"][2:]] == made


@pytest.mark.parametrize("target", [name for name in TARGETS if name != "labels"])  # labels have no texts
def test_hostile_text_survives_byte_for_byte(tmp_path: Path, target: str, shared: Callable[..., Path]) -> None:
    cells = [json.loads(line)["output"] for line in shared("hostile", "formula_cells.jsonl").read_text().splitlines()]
    texts = [*cells, "{{ env.HOME }} {% raw %}", "file:///etc/hostname", "a\u2028b\x85c\r\nd", "\u202egnp", "<script>"]
    given = [labelled(trace(str(i), said("user", text), said("assistant", text))) for i, text in enumerate(texts)]
    export(target, given, tmp_path / "out", about())
    place, output = OUTPUTS[target]
    files = sorted((tmp_path / "out").glob(place))
    found = [row for file in files for row in (table(file) if file.suffix == ".csv" else read(file))]
    assert sorted(output(row) for row in found) == sorted(texts)


OUTPUTS: dict[str, tuple[str, Callable[[dict[str, Any]], str]]] = {
    "jsonl": ("dataset.jsonl", lambda row: row["output"]),
    "inspect": ("dataset.jsonl", lambda row: row["metadata"]["output"]),
    "promptfoo": ("tests.jsonl", lambda row: row["providerOutput"]),
    "hf": ("data/*.jsonl", lambda row: row["output"]),
    "deepeval": ("goldens.jsonl", lambda row: row["actual_output"]),
    "langfuse": ("items.jsonl", lambda row: row["metadata"]["output"]),
    "langsmith": ("examples.jsonl", lambda row: row["metadata"]["output"]),
    "phoenix": ("examples.jsonl", lambda row: row["metadata"]["actual_output"]),
    "mlflow": ("records.jsonl", lambda row: row["outputs"]["response"]),
    "braintrust": ("dataset.jsonl", lambda row: row["metadata"]["output"]),
    "ragas": ("single_turn.jsonl", lambda row: row["response"]),
    "openai": ("sft.jsonl", lambda row: row["messages"][-1]["content"]),
    "judge": ("judge/*.jsonl", lambda row: row["output"]),
    "csv": ("dataset.csv", lambda row: row["output"]),
}
"""Where the reviewed answer stands in each target."""


def table(path: Path) -> list[dict[str, Any]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_a_spreadsheet_runs_no_cell_and_every_text_can_be_had_back(tmp_path: Path, shared: Callable[..., Path]) -> None:
    cells = [json.loads(line)["output"] for line in shared("hostile", "formula_cells.jsonl").read_text().splitlines()]
    texts = [*cells, "'quoted", " =1+1", "＝1", "+43 1", "plain"]
    given = [labelled(trace(str(i), said("user", "q"), said("assistant", text))) for i, text in enumerate(texts)]
    written = export("csv", given, tmp_path / "out", about())
    safe = [row["output"] for row in table(tmp_path / "out" / "dataset.spreadsheet.csv")]
    assert not [
        cell for cell in safe if cell.lstrip(" ").startswith(("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠"))
    ]
    assert [cell.removeprefix("'") for cell in safe] == texts
    assert any("leading apostrophe" in loss for loss in written.losses)


def test_nul_and_lone_surrogates_are_replaced_and_counted(tmp_path: Path) -> None:
    given = labelled(trace("n", said("user", "a\x00b"), said("assistant", "c\ud800d")))
    written = export("jsonl", [given], tmp_path / "out", about())
    (row,) = read(tmp_path / "out" / "dataset.jsonl")
    assert (row["input"], row["output"]) == ("a␀b", "c\ufffdd")
    assert "Lone surrogates replaced by U+FFFD: 1" in written.losses


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=40), st.recursive(st.none() | st.floats() | st.text(), lambda x: st.dictionaries(st.text(), x)))
def test_any_text_and_any_arguments_make_strict_json(
    tmp_path_factory: pytest.TempPathFactory, text: str, arguments: Any
) -> None:
    one = with_tools()
    one.main[1].parts[0].text = text
    one.main[2].calls[0].arguments = json.dumps(arguments)
    folder = tmp_path_factory.mktemp("wild")
    for target in TARGETS:
        export(target, [labelled(one, coded(note=text))], folder / target, about(text))
        for file in (folder / target).rglob("*.jsonl"):
            read(file)


def test_promptfoo_keeps_trace_text_out_of_what_it_renders(tmp_path: Path) -> None:
    poison = "{{ env.HOME }}"
    one = trace(poison, said("user", poison), said("assistant", poison), model=poison, session_id=poison)
    coding = coded(expected=poison, note=poison)
    export("promptfoo", [labelled(one, coding)], tmp_path / "out", about(poison))
    assert "env.HOME" not in (tmp_path / "out" / "promptfooconfig.yaml").read_text()
    config = yaml.safe_load((tmp_path / "out" / "promptfooconfig.yaml").read_text())
    assert config["tests"] == "file://tests.jsonl"
    (row,) = read(tmp_path / "out" / "tests.jsonl")
    assert set(row) == {"description", "vars", "providerOutput", "metadata"}
    assert set(row["vars"]) == {"trace"}
    assert poison not in row["description"]
    assert row["vars"]["trace"]["expected"] == poison


def test_promptfoo_and_inspect_have_their_own_tool_calls(tmp_path: Path) -> None:
    (openai,) = rows(tmp_path, labelled(with_tools()), target="promptfoo", file="tests.jsonl")
    call = openai["vars"]["trace"]["messages"][2]["tool_calls"][0]
    assert (call["type"], call["function"]["name"]) == ("function", "lookup")
    assert json.loads(call["function"]["arguments"])["order"] == "0042"
    (inspect,) = rows(tmp_path, labelled(with_tools()), target="inspect")
    call = inspect["input"][2]["tool_calls"][0]
    assert (call["function"], call["arguments"]["order"]) == ("lookup", "0042")
    assert inspect["input"][3]["tool_call_id"] == call["id"]
    assert (inspect["target"], inspect["metadata"]["output"]) == ("", "It is on its way.")


def test_inspect_cannot_take_a_record_without_input_and_says_so(tmp_path: Path) -> None:
    given = [labelled(trace("a")), labelled(trace("b", said("assistant", "Hello!")))]
    written = export("inspect", given, tmp_path / "out", about())
    assert (written.rows, written.dropped) == (1, {"nothing was recorded before the answer": 1})
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text())
    assert manifest["counts"]["rows"] == 1


def test_the_hugging_face_card_declares_every_column_and_only_files_that_exist(tmp_path: Path) -> None:
    export("hf", [labelled(trace(), coded(Verdict.FAIL))], tmp_path / "out", about("a: - 'set' <b>"))
    card = (tmp_path / "out" / "README.md").read_text()
    front = yaml.safe_load(card.split("---\n")[1])
    (file,) = front["configs"][0]["data_files"]
    (row,) = read(tmp_path / "out" / file["path"])
    declared = [feature["name"] for feature in front["dataset_info"]["features"]]
    assert set(declared) == set(row)
    assert front["pretty_name"] == "a: - 'set' <b>"
    assert "<b>" not in card.split("---\n", 2)[2]
    assert "Says what &lt;nothing&gt; supports." in card


def test_a_column_of_dates_is_reported(tmp_path: Path) -> None:
    written = export("hf", [labelled(trace(prompt_version="2026-01-01"))], tmp_path / "out", about())
    assert any("prompt_version" in loss and "dates" in loss for loss in written.losses)
    written = export("hf", [labelled(trace(prompt_version="v14"))], tmp_path / "out", about())
    assert not any("dates" in loss for loss in written.losses)


def test_sessions_stay_whole_and_splits_stay_put(tmp_path: Path) -> None:
    given = [labelled(trace(str(i), session_id=f"s{i % 40}")) for i in range(200)]
    first = {row["trace_id"]: row["split"] for row in rows(tmp_path, *given[:100])}
    found = rows(tmp_path, *given)
    assert first.items() <= {row["trace_id"]: row["split"] for row in found}.items()
    for session in {row["session_id"] for row in found}:
        assert len({row["split"] for row in found if row["session_id"] == session}) == 1


def test_splits_are_about_60_20_20() -> None:
    counts = Counter(split_of("orders/split-v1", f"session-{i}") for i in range(10_000))
    assert counts["train"] == pytest.approx(6000, abs=150)
    assert counts["dev"] == pytest.approx(2000, abs=130)


def test_the_manifest_lists_every_file_with_its_hash(tmp_path: Path) -> None:
    out = tmp_path / "out"
    written = export("hf", [labelled(trace(str(i))) for i in range(20)], out, about(query="week 48"))
    manifest = json.loads((out / "manifest.json").read_text())
    assert manifest["counts"]["rows"] == written.rows == 20
    assert manifest["splits"]["salt"] == "late orders/split-v1"
    assert manifest["query"] == "week 48"
    for file in manifest["files"]:
        content = (out / file["path"]).read_bytes()
        assert (len(content), hashlib.sha256(content).hexdigest()) == (file["bytes"], file["sha256"])
    sums = dict(reversed(line.split("  ")) for line in (out / "SHA256SUMS").read_text().splitlines())
    assert set(sums) == {str(p.relative_to(out)) for p in out.rglob("*") if p.is_file()} - {"SHA256SUMS"}
    assert {file.path for file in written.files} == {*sums, "SHA256SUMS"}


def test_the_same_labels_give_the_same_bytes_and_hash(tmp_path: Path) -> None:
    given = [labelled(trace(str(i))) for i in range(5)]
    export("jsonl", given, tmp_path / "a", about())
    export("jsonl", given, tmp_path / "b", about(version=2))
    one, two = ((tmp_path / name / "dataset.jsonl").read_bytes() for name in "ab")
    assert one == two
    hashes = [json.loads((tmp_path / name / "manifest.json").read_text())["content_hash"] for name in "ab"]
    assert hashes[0] == hashes[1]
    export("jsonl", given[:4], tmp_path / "c", about())
    assert json.loads((tmp_path / "c" / "manifest.json").read_text())["content_hash"] != hashes[0]


def test_our_own_folder_is_replaced_and_a_foreign_one_is_left_alone(tmp_path: Path) -> None:
    out = tmp_path / "out"
    export("jsonl", [labelled(trace())], out, about())
    export("promptfoo", [labelled(trace())], out, about())
    assert not (out / "dataset.jsonl").exists()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out"]
    foreign = tmp_path / "foreign"
    foreign.mkdir()
    (foreign / "thesis.txt").write_text("years of work")
    with pytest.raises(UsageError, match="other files"):
        export("jsonl", [labelled(trace())], foreign, about())
    assert [path.name for path in foreign.iterdir()] == ["thesis.txt"]
    (tmp_path / "file").write_text("x")
    with pytest.raises(UsageError, match="is a file"):
        export("jsonl", [labelled(trace())], tmp_path / "file", about())
    (tmp_path / "empty").mkdir()
    export("jsonl", [labelled(trace())], tmp_path / "empty", about())


def test_a_failure_half_way_leaves_what_was_there(tmp_path: Path) -> None:
    export("jsonl", [labelled(trace())], tmp_path / "out", about())
    before = (tmp_path / "out" / "dataset.jsonl").read_bytes()

    def breaking() -> Iterator[Labelled]:
        yield labelled(trace("other"))
        raise RuntimeError("the worker died")

    with pytest.raises(RuntimeError):
        export("jsonl", breaking(), tmp_path / "out", about())
    assert (tmp_path / "out" / "dataset.jsonl").read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_a_full_disk_is_said_in_a_sentence(tmp_path: Path) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = system.signal(system.SIGXFSZ, system.SIG_IGN)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (4096, hard))
        with pytest.raises(Expected, match="could not be written"):
            export("jsonl", (labelled(trace(str(i))) for i in range(1000)), tmp_path / "out", about())
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        system.signal(system.SIGXFSZ, handler)
    assert list(tmp_path.iterdir()) == []


def test_nothing_to_export_is_said(tmp_path: Path) -> None:
    with pytest.raises(Expected, match="nothing to export"):
        export("jsonl", [], tmp_path / "out", about())
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_target_is_named_with_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="promptfoo"):
        export("nowhere", [], tmp_path / "out", about())


def test_every_target_says_what_it_loses_beforehand() -> None:
    assert all(losses(target) and title(target) for target in TARGETS)


def test_parquet_without_its_package_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reviewer.exports.sets.huggingface.find_spec", lambda name: None)
    with pytest.raises(UsageError, match=r"transcript-reviewer\[parquet\]"):
        export("hf", [labelled(trace())], tmp_path / "out", about(parquet=True))


def test_names_for_files_are_safe_everywhere(shared: Callable[..., Path]) -> None:
    listed = json.loads(shared("hostile", "hostile_names.json").read_text())["project_names"]
    names = [safe_name(text) for text in [*listed, "a-b", "A/B", "COM1", "", "x" * 299, "é" * 200, "日本語"]]
    assert len({name.lower() for name in names}) == len(names)
    for name in names:
        assert len(name.encode()) <= 100
        assert not name.startswith((".", "-"))
        assert not set(name) & set('/\\:*?"<>|\0\n ')


def test_memory_does_not_grow_with_the_rows(tmp_path: Path) -> None:
    def many(n: int) -> Iterator[Labelled]:
        for i in range(n):
            yield labelled(trace(str(i), said("user", "x" * 20_000), said("assistant", "y" * 20_000)))

    tracemalloc.start()
    try:
        export("jsonl", many(300), tmp_path / "out", about())
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 4_000_000, "300 rows of 60 kB would be 18 MB"


def test_a_folder_is_not_there_before_it_is_whole(tmp_path: Path) -> None:
    with whole_folder(tmp_path / "deep" / "out") as folder:
        folder.add("a/b.txt", b"x")
        assert not (tmp_path / "deep" / "out").exists()
    assert (tmp_path / "deep" / "out" / "a" / "b.txt").read_bytes() == b"x"


def test_what_was_written_is_reported(tmp_path: Path) -> None:
    written = export("jsonl", [labelled(trace())], tmp_path / "out", about())
    assert isinstance(written, Written)
    assert [file.path for file in written.files] == [
        "dataset.jsonl",
        "croissant.json",
        "datapackage.json",
        "manifest.json",
        "SHA256SUMS",
    ]
    assert written.files[0].rows == 1


@pytest.mark.parametrize("target", [name for name in TARGETS if name not in ("openai", "csv")])
def test_a_preview_shows_the_rows_that_would_be_written(tmp_path: Path, target: str) -> None:
    given = [labelled(trace("a")), labelled(trace("b", said("assistant", "Hello!"))), labelled(with_tools())]
    shown = list(preview(target, given, about()))
    export(target, given, tmp_path / "out", about())
    written = [row for file in (tmp_path / "out").rglob("*.jsonl") if ".labels." not in file.name for row in read(file)]
    assert sorted(map(json.dumps, shown)) == sorted(map(json.dumps, written))


def test_one_file_is_replaced_whole_or_stays(tmp_path: Path) -> None:
    out = tmp_path / "card.html"
    write_file(out, b"one")
    write_file(out, b"two")
    assert out.read_bytes() == b"two"
    with pytest.raises(Expected, match="could not be written"):
        write_file(tmp_path / "nowhere" / "card.html", b"x")
    out.unlink()
    out.mkdir()
    with pytest.raises(Expected, match="could not be written"):
        write_file(out, b"x")
    assert [path.name for path in tmp_path.iterdir()] == ["card.html"]


@pytest.mark.parametrize("target", TARGETS)
def test_what_leaves_is_for_its_owner_alone(tmp_path: Path, target: str) -> None:
    export(target, [labelled(with_tools())], tmp_path / "deep" / "out", about())
    for path in (tmp_path / "deep" / "out").rglob("*"):
        assert path.stat().st_mode & 0o077 == 0, path


def test_corrections_become_examples_and_pairs(tmp_path: Path) -> None:
    given = [
        labelled(trace("a"), coded(Verdict.FAIL, "looping", expected="It left on Tuesday.")),
        labelled(trace("b"), coded(Verdict.PASS)),
        labelled(trace("c"), coded(Verdict.FAIL)),
    ]
    written = export("openai", given, tmp_path / "out", about())
    (pair,) = read(tmp_path / "out" / "dpo.jsonl")
    assert pair["preferred_output"] == [{"role": "assistant", "content": "It left on Tuesday."}]
    assert pair["non_preferred_output"] == [{"role": "assistant", "content": "It left on Monday."}]
    assert [row["messages"][-1]["content"] for row in read(tmp_path / "out" / "sft.jsonl")] == [
        "It left on Tuesday.", "It left on Monday.",
    ]  # fmt: skip
    assert [row["ideal"] for row in read(tmp_path / "out" / "evals.jsonl")] == ["It left on Tuesday."]
    assert [row["trace_id"] for row in read(tmp_path / "out" / "sft.labels.jsonl")] == ["id-a", "id-b"]
    assert list(written.dropped.values()) == [1]


def test_turns_and_single_questions_stand_in_files_of_their_own(tmp_path: Path) -> None:
    talk = trace("t", said("user", "Hi"), said("assistant", "Hello"), said("user", "Where?"), said("assistant", "Here"))
    given = [labelled(trace("a")), labelled(talk), labelled(with_tools())]
    export("deepeval", given, tmp_path / "deepeval", about())
    (many,) = read(tmp_path / "deepeval" / "conversational.jsonl")
    assert [(turn["role"], turn["content"]) for turn in many["turns"]] == [
        ("user", "Hi"), ("assistant", "Hello"), ("user", "Where?"), ("assistant", "Here"),
    ]  # fmt: skip
    assert [golden["actual_output"] for golden in read(tmp_path / "deepeval" / "goldens.jsonl")] == [
        "It left on Monday.", "It is on its way.",
    ]  # fmt: skip
    export("ragas", given, tmp_path / "ragas", about())
    assert len(read(tmp_path / "ragas" / "single_turn.jsonl")) == 1
    multi = read(tmp_path / "ragas" / "multi_turn.jsonl")
    assert [[message["type"] for message in row["user_input"]] for row in multi] == [
        ["human", "ai", "human", "ai"], ["human", "ai", "tool", "tool", "ai"],
    ]  # fmt: skip


def test_a_judge_gets_one_label_a_mode_and_is_told_of_splits_with_one_class(tmp_path: Path) -> None:
    given = [labelled(trace(str(n)), coded(Verdict.FAIL, "looping")) for n in range(12)]
    written = export("judge", given, tmp_path / "out", about())
    found = [row for file in (tmp_path / "out" / "judge").iterdir() for row in read(file)]
    assert {(row["label"], row["fm__looping"], row["fm__unsupported_claim"]) for row in found} == {("fail", 1, 0)}
    assert any("cannot be calibrated" in loss for loss in written.losses)
    assert "## fail: looping" in (tmp_path / "out" / "fewshot.md").read_text()


def with_expected_calls() -> Labelled:
    return labelled(with_tools(), coded(Verdict.FAIL, expected="Tomorrow.", expected_calls=EXPECTED_CALLS))


def test_expected_calls_and_the_tools_offered_are_in_every_target_that_holds_them(tmp_path: Path) -> None:
    calls = [(call.name, call.arguments) for call in EXPECTED_CALLS]

    def one(target: str) -> dict[str, Any]:
        (row,) = preview(target, [with_expected_calls()], about())
        return row

    canonical = one("jsonl")
    assert [(call["name"], call["arguments"]) for call in canonical["expected_tool_calls"]] == calls
    assert canonical["tools"] == OFFERED
    assert [(call["name"], call["input_parameters"]) for call in one("deepeval")["expected_tools"]] == calls
    assert [(call["name"], call["args"]) for call in one("ragas")["reference_tool_calls"]] == calls
    assert one("mlflow")["expectations"]["expected_tool_calls"] == [{"name": n, "arguments": a} for n, a in calls]
    assert one("promptfoo")["vars"]["trace"]["expected_tool_calls"] == canonical["expected_tool_calls"]
    assert one("inspect")["metadata"]["expected_tool_calls"] == canonical["expected_tool_calls"]
    for target in ("langsmith", "phoenix", "braintrust", "langfuse"):
        meta = one(target)["metadata"]
        said = [(c["function"]["name"], json.loads(c["function"]["arguments"])) for c in meta["expected_tool_calls"]]
        assert said == calls, target
        assert [tool["function"] for tool in meta["tools"]] == OFFERED, target
    for target in ("hf", "csv"):
        assert json.loads(one(target)["expected_tool_calls"]) == canonical["expected_tool_calls"], target
        assert json.loads(one(target)["tools"]) == OFFERED, target


def test_expected_calls_train_a_model_from_the_last_words_of_the_user(tmp_path: Path) -> None:
    (made,) = preview("openai", [with_expected_calls()], about())
    assert set(made) == {"evals", "sft", "dpo", "sft_calls", "dpo_calls"}
    assert [message["role"] for message in made["sft_calls"]["messages"]] == ["system", "user", "assistant"]
    said = made["sft_calls"]["messages"][-1]["tool_calls"]
    assert [call["function"]["name"] for call in said] == ["lookup", "escalate"]
    for row in (made["sft_calls"], made["sft"], made["dpo_calls"]["input"], made["dpo"]["input"]):
        assert [tool["function"] for tool in row["tools"]] == OFFERED
    (worse,) = made["dpo_calls"]["non_preferred_output"]
    assert [call["function"]["name"] for call in worse["tool_calls"]] == ["lookup", "lookup"]
    (plain,) = preview("openai", [labelled(trace("a"))], about())
    assert set(plain) == {"sft"}
    assert "tools" not in plain["sft"]


def test_the_first_reviewer_who_names_calls_says_which_were_expected(tmp_path: Path) -> None:
    second = coded(Verdict.FAIL, expected_calls=EXPECTED_CALLS)
    given = [labelled(trace("a"), coded(Verdict.FAIL)), labelled(trace("a"), second, reviewer="ben")]
    (row,) = rows(tmp_path, *given)
    assert [call["id"] for call in row["expected_tool_calls"]] == ["expected-1", "expected-2"]


def test_what_readers_disagree_on_is_in_no_split_of_a_judge(tmp_path: Path) -> None:
    def read_by(native: str, *verdicts: Verdict) -> list[Labelled]:
        return [labelled(trace(native), coded(v), reviewer=f"r{n}") for n, v in enumerate(verdicts)]

    split = [*read_by("tie", Verdict.PASS, Verdict.FAIL), *read_by("same", Verdict.PASS, Verdict.PASS)]
    given = [*split, *read_by("most", Verdict.PASS, Verdict.PASS, Verdict.FAIL)]
    written = export("judge", given, tmp_path / "out", about())
    (tie,) = read(tmp_path / "out" / "judge" / "unresolved.jsonl")
    assert (tie["label"], tie["split"]) == (None, None)
    assert json.loads(tie["verdicts_json"]) == {"reviewer-1": "pass", "reviewer-2": "fail"}
    files = [tmp_path / "out" / "judge" / f"{name}.jsonl" for name in ("train", "dev", "test")]
    kept = [row for file in files if file.exists() for row in read(file)]
    assert len(kept) == 2
    assert {row["label"] for row in kept} == {"pass"}
    assert any("disagree without a majority" in loss and loss.endswith(": 1") for loss in written.losses)
