"""Exports loaded by the libraries they are for. Skipped where one is missing, unless REVIEWER_REAL_LIBRARIES is set."""

import importlib
import importlib.util
import json
import os
import warnings
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from reviewer.exports.sets.targets import TARGETS, export
from tests.sources.services.servers import Answer, Asked, serve

from .builders import about
from .wild import assert_same, wild_examples

pytestmark = pytest.mark.filterwarnings("default")

ALL = len(wild_examples())
META = ("example_id", "trace_id", "split", "verdict", "failure_modes", "scores", "critique", "provenance")


def library(name: str) -> ModuleType:
    if importlib.util.find_spec(name) is None:
        if os.environ.get("REVIEWER_REAL_LIBRARIES"):
            pytest.fail(f"{name} is not installed")
        pytest.skip(f"needs {name}, which only the check of export formats installs")
    return importlib.import_module(name)


def test_inspect_reads_the_samples(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    library("inspect_ai")
    dataset = importlib.import_module("inspect_ai.dataset")
    written = export("inspect", wild_examples(), tmp_path / "set", about())
    samples = dataset.json_dataset(str(tmp_path / "set" / "dataset.jsonl"))
    assert len(samples) == written.rows == ALL - 1
    carried = (*META, "output", "expected", "retrieved_contexts")
    assert_same(({key: (sample.metadata or {})[key] for key in carried} for sample in samples), ALL - 1)
    first = samples[0]
    assert first.target == "Tomorrow."
    assert first.metadata["failure_modes"] == ["looping"]
    assert [call["name"] for call in first.metadata["expected_tool_calls"]] == ["lookup", "escalate"]
    assert first.input[2].tool_calls[0].arguments["order"] == "0042"
    monkeypatch.chdir(tmp_path / "set")
    spec = importlib.util.spec_from_file_location("exported_task", tmp_path / "set" / "task.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    log = evaluated(module.reviewed(), tmp_path / "logs")
    assert log.status == "success"
    marks = {sample.id: score.value for sample in log.samples for score in sample.scores.values()}
    assert marks == {sample.id: "C" if sample is first else "I" for sample in samples if sample.target}
    split = first.metadata["split"]
    assert 0 < len(module.reviewed(split=split).dataset) < len(module.reviewed().dataset)


def evaluated(task: Any, logs: Path) -> Any:
    """Return the log of an eval in which a model without a network gives the first expected answer to everything."""
    inspect_ai = library("inspect_ai")
    model = importlib.import_module("inspect_ai.model")

    def answers() -> Iterator[Any]:
        while True:
            answer = model.ModelOutput.from_content("mockllm/model", task.dataset[0].target)
            answer.usage = model.ModelUsage(input_tokens=1, output_tokens=1, total_tokens=2)
            yield answer

    mock = model.get_model("mockllm/model", custom_outputs=answers())
    (log,) = inspect_ai.eval(task, model=mock, log_dir=str(logs), display="none", max_samples=1)
    return log


@pytest.mark.parametrize("parquet", [False, True])
def test_hugging_face_loads_the_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, parquet: bool) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    monkeypatch.setenv("HF_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("HF_DATASETS_CACHE", str(tmp_path / "cache"))
    datasets: Any = library("datasets")
    written = export("hf", wild_examples(), tmp_path / "set", about(parquet=parquet))
    loaded = datasets.load_dataset(str(tmp_path / "set"), cache_dir=str(tmp_path / "cache"))
    listed = [row for split in loaded.values() for row in split]
    assert len(listed) == written.rows
    fields = (
        "example_id", "trace_id", "verdict", "failure_modes", "critique", "input", "output", "expected",
        "retrieved_contexts",
    )  # fmt: skip
    assert_same(({name: row[name] for name in fields} for row in listed), ALL)
    (tools,) = [row for row in listed if row["trace_id"] == "id-tools"]
    assert json.loads(tools["messages"][2]["tool_calls"][0]["arguments"])["order"] == "0042"
    assert tools["failure_modes"] == ["looping"]
    assert tools["expected"] == "Tomorrow."
    (silent,) = [row for row in listed if row["trace_id"] == "id-no-input"]
    assert silent["messages"] == []
    assert silent["expected"] is None


def rows_of(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_bytes().split(b"\n") if line]


def test_langsmith_takes_the_examples(tmp_path: Path) -> None:
    library("langsmith")
    schemas = importlib.import_module("langsmith.schemas")
    export("langsmith", wild_examples(), tmp_path / "set", about())
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # it calls outputs by another name now
        made = [schemas.ExampleCreate(**row) for row in rows_of(tmp_path / "set" / "examples.jsonl")]
    assert len({example.id for example in made}) == ALL
    assert_same(
        (
            {
                **{key: example.metadata[key] for key in (*META, "output")},
                "input": example.inputs["input"],
                "retrieved_contexts": example.inputs["retrieved_contexts"],
                "expected": example.reference_outputs["expected"],
                "split": example.split,
            }
            for example in made
        ),
        ALL,
    )


def test_langfuse_sends_the_items(tmp_path: Path) -> None:
    langfuse = library("langfuse")
    export("langfuse", wild_examples(), tmp_path / "set", about())
    sent: list[dict[str, Any]] = []

    def answer(asked: Asked) -> Answer:
        sent.append(asked.body)
        moment = "2026-01-01T00:00:00Z"
        added = {"datasetId": "d", "status": "ACTIVE", "mediaReferences": [], "createdAt": moment, "updatedAt": moment}
        return 200, asked.body | added

    with serve(answer) as served:
        client = langfuse.Langfuse(public_key="pk-lf-x", secret_key="sk-lf-x", host=served.url, tracing_enabled=False)
        for row in rows_of(tmp_path / "set" / "items.jsonl"):
            client.create_dataset_item(
                dataset_name=row["datasetName"],
                id=row["id"],
                input=row["input"],
                expected_output=row["expectedOutput"],
                metadata=row["metadata"],
            )
    assert all(len(body["id"]) <= 255 and body["id"].endswith(body["metadata"]["example_id"]) for body in sent)
    assert_same(
        (
            {
                **{key: body["metadata"][key] for key in (*META, "output")},
                "input": body["input"]["input"],
                "retrieved_contexts": body["input"]["retrieved_contexts"],
                "expected": body["expectedOutput"]["expected"],
            }
            for body in sent
        ),
        ALL,
    )


def test_braintrust_runs_an_eval_on_the_rows(tmp_path: Path) -> None:
    braintrust = library("braintrust")
    export("braintrust", wild_examples(), tmp_path / "set", about())
    cases = [braintrust.EvalCase(**row) for row in rows_of(tmp_path / "set" / "dataset.jsonl")]

    def task(input: Any, hooks: Any) -> Any:
        return hooks.metadata["output"]

    def same(input: Any, output: Any, expected: Any = None) -> float | None:
        return None if expected is None else float(output == expected)

    done = braintrust.Eval("reviewed", data=cases, task=task, scores=[same], no_send_logs=True)
    assert_same(
        (
            {
                **{key: result.metadata[key] for key in (*META, "output")},
                "output": result.output,
                "expected": result.expected,
            }
            for result in done.results
        ),
        ALL,
    )
    assert {result.scores["same"] for result in done.results} == {None, 0.0}


def test_openai_takes_the_messages_and_every_result_answers_a_call(tmp_path: Path) -> None:
    library("openai")
    chat = importlib.import_module("openai.types.chat")
    adapter = importlib.import_module("pydantic").TypeAdapter(list[chat.ChatCompletionMessageParam])
    export("openai", wild_examples(), tmp_path / "set", about())
    folder = tmp_path / "set"
    sft, dpo, evals = (rows_of(folder / f"{name}.jsonl") for name in ("sft", "dpo", "evals"))
    assert (len(sft), len(dpo), len(evals)) == (ALL - 1, ALL - 21, ALL - 21)
    pairs = [
        row["input"]["messages"] + row[side] for row in dpo for side in ("preferred_output", "non_preferred_output")
    ]
    calls, call_pairs = (rows_of(folder / f"{name}.jsonl") for name in ("sft_calls", "dpo_calls"))
    assert (len(calls), len(call_pairs)) == (1, 1)
    importlib.import_module("pydantic").TypeAdapter(list[chat.ChatCompletionToolParam]).validate_python(
        calls[0]["tools"]
    )
    for pair in call_pairs:
        for side in ("preferred_output", "non_preferred_output"):
            adapter.validate_python(pair["input"]["messages"] + pair[side])
    assert [call["function"]["name"] for call in calls[0]["messages"][-1]["tool_calls"]] == ["lookup", "escalate"]
    for messages in [*(row["messages"] for row in sft), *pairs, *(row["input"] for row in evals)]:
        adapter.validate_python(messages)
        asked = [call for message in messages for call in message.get("tool_calls", ())]
        assert all(isinstance(json.loads(call["function"]["arguments"]), dict) for call in asked)
        answered = [message["tool_call_id"] for message in messages if message["role"] == "tool"]
        assert answered == [call["id"] for call in asked]
    assert all(row["messages"][-1]["role"] == "assistant" for row in sft)
    labels = rows_of(folder / "dpo.labels.jsonl")
    assert_same(
        (
            {
                **label,
                "expected": pair["preferred_output"][0]["content"],
                "output": pair["non_preferred_output"][0]["content"],
                "input": pair["input"]["messages"][-1]["content"]
                if label["trace_id"] != "id-tools"
                else "Where is 0042?",
            }
            for label, pair in zip(labels, dpo, strict=True)
        ),
        ALL - 21,
    )


def test_pandas_loads_the_labels_and_no_text_becomes_a_number_or_a_date(tmp_path: Path) -> None:
    pandas: Any = library("pandas")
    export("labels", wild_examples(), tmp_path / "set", about())
    spec = importlib.util.spec_from_file_location("exported_labels", tmp_path / "set" / "labels.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    table = module.labels()
    assert len(table) == ALL
    same = ("trace_id", "split", "verdict", "failure_modes", "critique", "tags")
    assert_same(
        ({"example_id": row.Index} | {name: getattr(row, name) for name in same} for row in table.itertuples()), ALL
    )
    assert str(table.critique.dtype).startswith("str")
    assert (table.fail == (table.verdict == "fail")).all()
    assert table.fm__looping.sum() == sum("looping" in modes for modes in table.failure_modes)
    assert table.score__safety.dtype == "float64"
    assert table.score__safety.isna().sum() == ALL - table.fm__unsupported_claim.sum()
    assert isinstance(table.reviewed_at.dtype, pandas.DatetimeTZDtype)
    assert set(table.readers) == {1}
    assert (table.sample_weight == 12.5).all()


def test_frictionless_finds_every_folder_whole_and_a_changed_byte(tmp_path: Path) -> None:
    frictionless = library("frictionless")
    for target in TARGETS:
        export(target, wild_examples(), tmp_path / target, about())
        report = frictionless.Package(str(tmp_path / target / "datapackage.json")).validate()
        assert report.valid, (target, report.flatten(["title", "note"]))
    data = tmp_path / "jsonl" / "dataset.jsonl"
    data.write_bytes(data.read_bytes().replace(b"Tomorrow", b"Someday?"))
    assert not frictionless.Package(str(tmp_path / "jsonl" / "datapackage.json")).validate().valid
