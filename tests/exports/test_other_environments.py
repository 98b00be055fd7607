"""Exports loaded by libraries that live in environments of their own under build/, which packaging/targets makes.

A test runs where ``REVIEWER_TARGETS`` names its environment; elsewhere it is skipped.
"""

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from reviewer.exports.sets.targets import export
from tests.sources.services.test_real_servers import running

from .builders import about
from .wild import assert_same, wild_examples

BUILD = Path(__file__).resolve().parents[2] / "build"
LOADERS = Path(__file__).with_name("loaders")
ALL = len(wild_examples())
QUIET = {
    "DEEPEVAL_TELEMETRY_OPT_OUT": "YES",
    "RAGAS_DO_NOT_TRACK": "true",
    "MLFLOW_DISABLE_TELEMETRY": "true",
    "DO_NOT_TRACK": "true",
    "GIT_PYTHON_REFRESH": "quiet",
}
PROMPTFOO = {
    "PROMPTFOO_DISABLE_TELEMETRY": "1",
    "PROMPTFOO_DISABLE_UPDATE": "1",
    "PROMPTFOO_DISABLE_REMOTE_GENERATION": "1",
    "PROMPTFOO_DISABLE_SHARING": "1",
}

pytestmark = pytest.mark.timeout(400)


def needs(name: str) -> None:
    if name not in os.environ.get("REVIEWER_TARGETS", "").split():
        pytest.skip(f"packaging/targets {name} runs this")


def loaded(environment: str, loader: str, folder: Path, *more: str) -> list[dict[str, Any]]:
    """Run a loader with the Python of an environment and return the rows that it printed."""
    command = [str(BUILD / environment / "bin" / "python"), str(LOADERS / f"{loader}.py"), str(folder), *more]
    done = subprocess.run(
        command, env={**os.environ, **QUIET}, capture_output=True, text=True, timeout=300, cwd=folder.parent
    )
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.split("\n") if line.startswith("{")]


def test_deepeval_loads_goldens_and_conversations(tmp_path: Path) -> None:
    needs("deepeval")
    export("deepeval", wild_examples(), tmp_path / "set", about())
    assert_same(loaded("targets/deepeval", "deepeval_goldens", tmp_path / "set"), ALL - 1)


def test_ragas_loads_samples_of_one_turn_and_of_several(tmp_path: Path) -> None:
    needs("ragas")
    export("ragas", wild_examples(), tmp_path / "set", about())
    assert_same(loaded("targets/ragas", "ragas_samples", tmp_path / "set"), ALL - 1)


@pytest.mark.parametrize("target", ["jsonl", "hf"])
def test_mlcroissant_finds_nothing_wrong_and_streams_the_records(tmp_path: Path, target: str) -> None:
    needs("croissant")
    export(target, wild_examples(), tmp_path / "set", about())
    fields = (
        "example_id", "trace_id", "input", "output", "verdict", "critique", "retrieved_contexts", "failure_modes",
    )  # fmt: skip
    rows = loaded("targets/croissant", "croissant_records", tmp_path / "set")
    assert_same(({name: row[name] for name in fields} for row in rows), ALL)


def test_presidio_finds_more_than_the_rules_without_the_network(tmp_path: Path) -> None:
    needs("presidio")
    texts = ["Her social security number is 536-22-8723, mail ann@example.org.", "Nothing to see here.",
             "Pay to 16UwLL9Risc3QfPqBUvKofHmBQ7wMtjvM, please."]  # fmt: skip
    (tmp_path / "texts.json").write_text(json.dumps(texts))
    social, plain, coin = loaded("targets/presidio", "presidio_redacts", tmp_path)
    assert "536-22-8723" not in social["text"]
    assert "EMAIL" in social["kinds"]
    assert plain == {"text": texts[1], "kinds": []}
    assert "16UwLL9Risc3" not in coin["text"]
    assert "CRYPTO" in coin["kinds"]


def test_mlflow_takes_the_records(tmp_path: Path) -> None:
    needs("mlflow")
    export("mlflow", wild_examples(), tmp_path / "set", about())
    assert_same(loaded("servers/mlflow", "mlflow_records", tmp_path / "set"), ALL)


def test_phoenix_takes_the_examples_and_makes_no_new_version_of_the_same(tmp_path: Path) -> None:
    needs("phoenix")
    export("phoenix", wild_examples(), tmp_path / "set", about())
    (tmp_path / "server").mkdir()
    with running("phoenix", tmp_path / "server") as address:
        assert_same(loaded("servers/phoenix", "phoenix_examples", tmp_path / "set", address), ALL)


def test_promptfoo_replays_the_answers_and_sends_the_conversations(tmp_path: Path) -> None:
    needs("promptfoo")
    export("promptfoo", wild_examples(), tmp_path / "set", about())
    assert promptfoo(tmp_path / "set", "validate", "config") == 0
    replayed = evaluated(tmp_path / "set")
    meta = ("trace_id", "failure_modes", "scores", "verdict", "split")
    rows = [
        {"example_id": result["testCase"]["description"], "output": result["response"]["output"]}
        | {key: result["testCase"]["metadata"][key] for key in meta}
        for result in replayed
    ]
    assert_same(rows, ALL)
    assert [result["success"] for result in replayed] == [
        not result["vars"]["trace"]["expected"] for result in replayed
    ], "every answer that was corrected differs from the correction"

    # Its file of results writes JSON anew, so what a model is sent is compared by a model that says it again.
    tests = [json.loads(line) for line in (tmp_path / "set" / "tests.jsonl").read_bytes().split(b"\n") if line]
    fresh = [json.dumps({key: test[key] for key in test if key != "providerOutput"}) for test in tests]
    (tmp_path / "set" / "tests.jsonl").write_text("\n".join(fresh) + "\n")
    sent = {result["testCase"]["description"]: result["response"]["output"] for result in evaluated(tmp_path / "set")}
    messages = {name: json.loads(said) if isinstance(said, str) else said for name, said in sent.items()}
    assert messages == {test["description"]: test["vars"]["trace"]["messages"] for test in tests}


def evaluated(folder: Path) -> list[dict[str, Any]]:
    """Run promptfoo on a folder, where some tests fail, and return its results."""
    out = folder.parent / "out.json"
    assert promptfoo(folder, "eval", "--no-cache", "--no-write", "--no-table", "-o", str(out)) == 100
    results: list[dict[str, Any]] = json.loads(out.read_text())["results"]["results"]
    return results


def promptfoo(folder: Path, *arguments: str) -> int:
    """Return with what promptfoo ended; nothing of it leaves the machine."""
    own = {**os.environ, **PROMPTFOO, "PROMPTFOO_CONFIG_DIR": str(folder.parent / "config")}
    program = BUILD / "promptfoo" / "node_modules" / ".bin" / "promptfoo"
    command = [str(program), *arguments, "-c", "promptfooconfig.yaml"]
    done = subprocess.run(command, cwd=folder, env=own, capture_output=True, text=True, timeout=300)
    assert done.returncode in (0, 100), done.stdout + done.stderr
    return done.returncode
