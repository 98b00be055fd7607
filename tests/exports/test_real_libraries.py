"""Exports loaded by the libraries they are for. Skipped where one is missing, unless REVIEWER_REAL_LIBRARIES is set."""

import importlib
import importlib.util
import json
import os
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from reviewer.exports.sets.canonical import Labelled
from reviewer.exports.sets.targets import export
from reviewer.model.coding import Verdict

from .builders import about, coded, labelled, said, trace, with_tools

pytestmark = pytest.mark.filterwarnings("default")


def library(name: str) -> ModuleType:
    if importlib.util.find_spec(name) is None:
        if os.environ.get("REVIEWER_REAL_LIBRARIES"):
            pytest.fail(f"{name} is not installed")
        pytest.skip(f"needs {name}, which only the check of export formats installs")
    return importlib.import_module(name)


def some() -> list[Labelled]:
    texts = ['=HYPERLINK("x")', "{{ 7*7 }}", "a\u2028b\r\nc", "NA", "007", "🙂 \u202egnp", "null"]
    plain = [trace(f"t{i}", said("user", text), said("assistant", text)) for i, text in enumerate(texts)]
    return [
        labelled(with_tools(), coded(Verdict.FAIL, "looping", note="n", expected="Tomorrow.")),
        labelled(trace("no-input", said("assistant", "Hello!"))),
        *(labelled(one, coded(Verdict.FAIL, "unsupported_claim", scores={"safety": 2.0})) for one in plain),
        *(labelled(trace(f"more{i}")) for i in range(20)),
    ]


def test_inspect_reads_the_samples(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    library("inspect_ai")
    dataset = importlib.import_module("inspect_ai.dataset")
    written = export("inspect", some(), tmp_path / "set", about())
    samples = dataset.json_dataset(str(tmp_path / "set" / "dataset.jsonl"))
    assert len(samples) == written.rows == 28
    first = samples[0]
    assert first.target == "Tomorrow."
    assert first.metadata["failure_modes"] == ["looping"]
    assert first.input[2].tool_calls[0].arguments["order"] == "0042"
    assert {sample.metadata["output"] for sample in samples} >= {"007", "NA", "a\u2028b\r\nc"}
    monkeypatch.chdir(tmp_path / "set")
    spec = importlib.util.spec_from_file_location("exported_task", tmp_path / "set" / "task.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert [sample.id for sample in module.reviewed().dataset] == [first.id], "one sample has an expected answer"
    assert len(module.reviewed(split=first.metadata["split"]).dataset) == 1


@pytest.mark.parametrize("parquet", [False, True])
def test_hugging_face_loads_the_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, parquet: bool) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    monkeypatch.setenv("HF_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("HF_DATASETS_CACHE", str(tmp_path / "cache"))
    datasets: Any = library("datasets")
    written = export("hf", some(), tmp_path / "set", about(parquet=parquet))
    loaded = datasets.load_dataset(str(tmp_path / "set"), cache_dir=str(tmp_path / "cache"))
    listed = [row for split in loaded.values() for row in split]
    assert len(listed) == written.rows
    assert {row["output"] for row in listed} >= {"007", "NA", "null", "a\u2028b\r\nc", '=HYPERLINK("x")'}
    (tools,) = [row for row in listed if row["trace_id"] == "id-tools"]
    assert json.loads(tools["messages"][2]["tool_calls"][0]["arguments"])["order"] == "0042"
    assert tools["failure_modes"] == ["looping"]
    assert tools["expected"] == "Tomorrow."
    (silent,) = [row for row in listed if row["trace_id"] == "id-no-input"]
    assert silent["messages"] == []
    assert silent["expected"] is None
