"""Results of evals: import them, and see the trend of the share that passes. What is stored is never changed."""

import hashlib
import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from reviewer.errors import BadInput, UsageError
from reviewer.model.clock import iso
from reviewer.model.dataset import EvalRun
from reviewer.model.number import Row
from reviewer.model.problem import Problem
from reviewer.sources import evals
from reviewer.verbs.changes import Changes
from reviewer.workspace import datasets
from reviewer.workspace.ask import datasets as ask_datasets
from reviewer.workspace.ask.evals import runs as ask_runs
from reviewer.workspace.file import Reader, Writer


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of a file of results: the runs, which of them are new, examples of no dataset here, and problems."""

    runs: tuple[EvalRun, ...]
    new: tuple[bool, ...]
    strangers: int
    problems: tuple[Problem, ...]
    changes: Changes


@dataclass(frozen=True, slots=True)
class Results:
    """What a file of results says, before it is known of which datasets its examples are."""

    name: str
    runs: tuple[EvalRun, ...]
    problems: tuple[Problem, ...]


def read_results(path: Path, passes_from: float = evals.PASSES_FROM) -> Results:
    """Return the runs that a tool wrote into a file; from ``passes_from`` on a score without a verdict passes.

    Raises:
        BadInput: the file holds no results.
    """
    problems: list[Problem] = []
    return Results(path.name, tuple(evals.read(path, problems.append, passes_from)), tuple(problems))


def read_results_of(path: str) -> Results:
    """Return the runs that a tool wrote into the file at a path: for another process."""
    return read_results(Path(path))


def import_results(
    writer: Writer,
    reader: Reader,
    told: Results,
    *,
    suite: str = "",
    model: str = "",
    prompt_version: str = "",
    dataset: str = "",
    version: int | None = None,
) -> Imported:
    """Store the runs of a file; the same results again are known and left alone.

    The version is the newest one made before the run that holds the most of its examples, unless it is named.

    Args:
        writer: of the workspace.
        reader: of the same workspace.
        told: what the file of a tool says.
        suite: what to call the suite, instead of what the file says.
        model: which model was asked, where the file does not say.
        prompt_version: which prompt was used, where the file does not say.
        dataset: the dataset of the examples, where several hold them.
        version: its version.

    Raises:
        BadInput: the file holds no result of an example of a dataset of this workspace.
        UsageError: a version without its dataset, or one that does not exist.
    """
    if version is not None and not dataset:
        raise UsageError("A version needs the name of its dataset.", "Use --dataset NAME --version N.")
    chosen = ask_datasets.version(reader, dataset, version) if version is not None else None
    runs: list[tuple[EvalRun, str]] = []
    strangers = 0
    for run in told.runs:
        said = replace(
            run,
            suite=suite or run.suite,
            model=model or run.model,
            prompt_version=prompt_version or run.prompt_version,
        )
        known = replace(said, at_us=run.at_us or writer.clock())
        placed = _placed(reader, known, chosen.dataset if chosen else dataset, chosen.number if chosen else None)
        strangers += len(run.outcomes) - len(placed.outcomes)
        if placed.outcomes:
            runs.append((placed, _digest(replace(placed, at_us=run.at_us))))
    if not runs:
        raise BadInput(
            f"No example of {told.name} is of a dataset of this workspace.",
            "Export the dataset first: its examples carry the ids by which results are known.",
        )
    new = tuple(datasets.add_run(writer, run, digest) for run, digest in runs)
    return Imported(tuple(run for run, _ in runs), new, strangers, told.problems, Changes(evals=True))


def _placed(reader: Reader, run: EvalRun, dataset: str, version: int | None) -> EvalRun:
    """Return a run with the version that its examples are of, and without those that are of none."""
    found = [
        (created_us <= run.at_us, count, number, name)
        for name, number, created_us, count in ask_datasets.holding(reader, [one.example for one in run.outcomes])
        if (not dataset or name == dataset) and (version is None or number == version)
    ]
    if not found:
        return replace(run, outcomes=())
    *_, number, name = max(found)
    rows = ask_datasets.rows(reader, name, number)
    return replace(
        run, dataset=name, version=number, outcomes=tuple(one for one in run.outcomes if one.example in rows)
    )


def _digest(run: EvalRun) -> str:
    """Return the hash by which the same results are known, with the time where the file says it."""
    about = [run.suite, run.tool, run.model, run.prompt_version, run.at_us, run.dataset, run.version]
    return hashlib.sha256(json.dumps([about, run.outcomes]).encode()).hexdigest()


def trend(reader: Reader, before_us: int | None = None) -> tuple[Row, ...]:
    """Return the newest run of each suite and model that was made before a moment, beside the one before it."""
    from reviewer.measure.evals import eval_trend

    def traces_of(run: EvalRun, examples: tuple[str, ...]) -> tuple[str, ...]:
        rows = ask_datasets.rows(reader, run.dataset, run.version or 0)
        return tuple(rows[example].trace for example in examples if example in rows)

    return eval_trend(ask_runs(reader, before_us), traces_of)


def runs_as_json(reader: Reader) -> list[dict[str, Any]]:
    """Return every run as JSON values, the newest first, with the share that passes and its 95 % limits."""
    from reviewer.measure.evals import share_passed

    return [run_as_json(run) | _share(share_passed(run)) for run in reversed(ask_runs(reader))]


def run_as_json(run: EvalRun) -> dict[str, Any]:
    """Return what a run is of, as JSON values."""
    return {
        "suite": run.suite, "tool": run.tool, "model": run.model or None, "prompt_version": run.prompt_version or None,
        "at": iso(run.at_us), "dataset": run.dataset, "version": run.version, "examples": len(run.outcomes),
        "errors": len(run.outcomes) - len(run.judged),
    }  # fmt: skip


def _share(number: Any) -> dict[str, Any]:
    return {"passed": number.value, "low": number.low, "high": number.high}


def as_json(found: Imported) -> dict[str, Any]:
    """Return what became of a file as JSON values."""
    return {
        "runs": [run_as_json(run) | {"new": new} for run, new in zip(found.runs, found.new, strict=True)],
        "unknown_examples": found.strangers,
        "problems": [problem.as_json() for problem in found.problems],
    }


def sentences(found: Imported) -> list[str]:
    """Return what became of a file in words."""
    said = [
        f"{run.suite}, {run.model or 'model not said'}: {len(run.outcomes)} examples of {run.dataset} {run.version}"
        + ("." if new else ", known already.")
        for run, new in zip(found.runs, found.new, strict=True)
    ]
    said += [f"{found.strangers} results are of no example of that dataset."] if found.strangers else []
    return said + [f"{problem.file}, {problem.member or problem.line}: {problem.reason}" for problem in found.problems]
