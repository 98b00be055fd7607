"""Whole folders of exports: what must not leak into any file, how they are described, and tables read back."""

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from reviewer import sources
from reviewer.exports.sets.targets import TARGETS, export
from reviewer.model.coding import Verdict
from reviewer.model.problem import Problem
from reviewer.model.trace import Trace

from .builders import about, coded, labelled, trace
from .test_sets import read
from .wild import wild_examples


@pytest.mark.parametrize("target", TARGETS)
def test_no_reviewer_path_or_account_of_this_machine_is_in_any_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, target: str
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-canary-of-the-environment")
    monkeypatch.setenv("USER", "canary-account")
    given = [
        labelled(trace("both"), coded(Verdict.FAIL, note="n", expected="E"), reviewer="anna@example.org"),
        labelled(trace("both"), coded(Verdict.FAIL, note="m"), reviewer="Bert"),
        *wild_examples(),
    ]
    out = tmp_path / "canary-folder" / "out"
    export(target, given, out, about())
    for file in out.rglob("*"):
        if file.is_file():
            text = file.read_text(encoding="utf-8")
            for secret in ("anna", "Bert", "canary", str(tmp_path), str(Path.home()) + "/", str(Path.cwd())):
                assert secret not in text, (file.name, secret)
            assert "canary" not in str(file.relative_to(out))


def test_reviewers_are_numbered(tmp_path: Path) -> None:
    given = [labelled(trace(), coded(Verdict.FAIL, note=name), reviewer=name) for name in ("anna@example.org", "Bert")]
    export("jsonl", given, tmp_path / "out", about())
    (row,) = read(tmp_path / "out" / "dataset.jsonl")
    assert row["provenance"]["reviewer"] == "reviewer-1, reviewer-2"


@pytest.mark.parametrize("target", ["jsonl", "hf", "csv"])
def test_the_data_package_names_every_file_with_its_hash(tmp_path: Path, target: str) -> None:
    export(target, [labelled(trace())], tmp_path / "out", about("späte Bestellungen"))
    package = json.loads((tmp_path / "out" / "datapackage.json").read_text())
    assert package["name"].startswith("spate-bestellungen-")
    for listed in package["resources"]:
        content = (tmp_path / "out" / listed["path"]).read_bytes()
        assert listed["hash"] == f"sha256:{hashlib.sha256(content).hexdigest()}"
        assert listed["bytes"] == len(content)
    if target == "jsonl":
        fields = [field["name"] for field in package["resources"][0]["schema"]["fields"]]
        assert fields == list(read(tmp_path / "out" / "dataset.jsonl")[0])


def test_the_table_for_spreadsheets_is_imported_as_the_table_for_programs(tmp_path: Path) -> None:
    export("csv", wild_examples(), tmp_path / "out", about())
    plain, safe = (imported(tmp_path / "out" / name) for name in ("dataset.csv", "dataset.spreadsheet.csv"))
    assert len(safe) == len(plain) == len(wild_examples())

    def content(trace: Trace) -> tuple[Any, ...]:
        documents = [document.text for document in trace.documents]
        scores = [(score.name, score.value_text, score.comment) for score in trace.scores]
        return trace.native_id, [(m.role, m.text) for m in trace.main], documents, scores, trace.metadata

    assert [content(trace) for trace in safe] == [content(trace) for trace in plain]
    assert [(m.role, m.text) for m in safe[2].main] == [
        ("user", "Hi"), ("assistant", "Hello"), ("user", "Where?"), ("assistant", "Here"),
    ]  # fmt: skip
    answers = [trace.main[-1].text for trace in safe]
    assert {"'quoted", '=HYPERLINK("x")', "+1-555", "long " * 8_000} <= set(answers)


def imported(path: Path) -> list[Trace]:
    """Return the traces of a file of which nothing may be lost."""
    problems: list[Problem] = []
    found = list(sources.read(path, None, problems.append, lambda done, whole: None))
    assert not [problem for problem in problems if problem.lost]
    return [one.trace for one in found]


@pytest.mark.parametrize("target", TARGETS)
def test_croissant_names_every_file_with_its_hash_and_every_row_has_the_fields_that_it_describes(
    tmp_path: Path, target: str
) -> None:
    out = tmp_path / "out"
    export(target, wild_examples(), out, about())
    described = json.loads((out / "croissant.json").read_text())
    files = {file["contentUrl"]: file for file in described["distribution"]}
    later = {"croissant.json", "datapackage.json", "manifest.json", "SHA256SUMS"}
    assert set(files) == {p.relative_to(out).as_posix() for p in out.rglob("*") if p.is_file()} - later
    for path, file in files.items():
        content = (out / path).read_bytes()
        assert (file["sha256"], file["contentSize"]) == (hashlib.sha256(content).hexdigest(), f"{len(content)} B")
    for rows in described["recordSet"]:
        for field in rows["field"]:
            column, path = field["source"]["extract"]["column"], field["source"]["fileObject"]["@id"]
            values = [json.loads(line)[column] for line in (out / path).read_bytes().split(b"\n") if line]
            kind = list if field.get("isArray") else str
            assert all(value is None or isinstance(value, kind) for value in values), (path, column)
