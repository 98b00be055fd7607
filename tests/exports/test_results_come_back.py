"""An eval of an exported set, run offline by the real library: its log gives back the examples. Skipped without it."""

import importlib
import importlib.util
import sys
from pathlib import Path

import pytest

from reviewer.exports.sets.targets import export
from reviewer.model.coding import Verdict
from reviewer.sources.evals import read

from .builders import about, coded, labelled, said, trace

pytestmark = pytest.mark.filterwarnings("default")

TASK = '''
from inspect_ai.solver import solver

@solver
def replayed():
    """Answer with what was recorded."""
    async def solve(state, generate):
        state.output.completion = state.metadata["output"]
        return state
    return solve
'''


def test_inspect_runs_the_exported_task_and_its_log_says_which_examples_passed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if importlib.util.find_spec("inspect_ai") is None:
        pytest.skip("needs inspect_ai, which only the check of export formats installs")
    answers = {"a": "It left on Monday.", "b": "No idea.", "c": "Tomorrow."}
    some = [
        labelled(trace(name, said("user", f"Where is {name}?"), said("assistant", answer)),
                 coded(Verdict.FAIL, expected="Monday" if name != "c" else "Tomorrow."))
        for name, answer in answers.items()
    ]  # fmt: skip
    export("inspect", some, tmp_path / "set", about())
    task = (tmp_path / "set" / "task.py").read_text().replace("solver=generate()", "solver=replayed()")
    (tmp_path / "set" / "replay_task.py").write_text(TASK + task)
    monkeypatch.chdir(tmp_path / "set")
    monkeypatch.setattr(sys, "path", [str(tmp_path / "set"), *sys.path])
    module = importlib.import_module("replay_task")
    inspect_ai = importlib.import_module("inspect_ai")
    [log] = inspect_ai.eval(module.reviewed(), model="none/none", log_dir=str(tmp_path / "logs"), display="none")
    assert log.status == "success"
    [run] = read(next((tmp_path / "logs").glob("*.eval")), lambda problem: None)
    by_trace = {sample.metadata["trace_id"]: sample.id for sample in module.reviewed().dataset}
    passed = {one.example: one.passed for one in run.outcomes}
    assert passed == {by_trace["id-a"]: 1, by_trace["id-b"]: 0, by_trace["id-c"]: 1}
    assert (run.tool, run.suite, len(run.judged)) == ("inspect", "reviewed", 3)
