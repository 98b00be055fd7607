"""Export labelled traces as a dataset: which targets there are, and the one way to write any of them."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reviewer.errors import Expected, UsageError
from reviewer.exports.sets import (
    braintrust_rows,
    croissant,
    csv_files,
    datapackage,
    deepeval,
    fine_tuning,
    huggingface,
    inspect_ai,
    jsonl,
    judge,
    labels,
    langfuse_items,
    langsmith_examples,
    mlflow_records,
    phoenix_dataset,
    promptfoo,
    ragas,
)
from reviewer.exports.sets.canonical import Labelled, Row, SetAbout, canonical_rows, clean
from reviewer.exports.sets.losses import NO_INPUT, Losses
from reviewer.exports.sets.manifest import Tally, as_bytes, checksums, manifest
from reviewer.exports.sets.writing import MANIFEST, Folder, WrittenFile, whole_folder


@dataclass(frozen=True, slots=True)
class Target:
    """One target: how it is called, what it never carries over, and what writes it."""

    title: str
    loses: tuple[str, ...]
    as_row: Callable[[Row, SetAbout], dict[str, Any]]
    """Turns a canonical record into a row of the target, or into the rows that it makes in several files."""
    write: Callable[[Iterable[Row], Folder, SetAbout, Losses], None]
    needs_input: bool = False
    """Whether a record with nothing before the answer cannot be a row."""


def _alone(as_row: Callable[[Row], dict[str, Any]]) -> Callable[[Row, SetAbout], dict[str, Any]]:
    """Return the form of a row that does not depend on the dataset it stands in."""
    return lambda row, about: as_row(row)


_TARGETS = {
    "jsonl": Target("JSON lines", jsonl.LOSES, _alone(dict), jsonl.write),
    "inspect": Target("Inspect", inspect_ai.LOSES, _alone(inspect_ai.sample), inspect_ai.write, needs_input=True),
    "promptfoo": Target("promptfoo", promptfoo.LOSES, _alone(promptfoo.as_test), promptfoo.write),
    "hf": Target("Hugging Face", huggingface.LOSES, _alone(huggingface.flat), huggingface.write),
    "deepeval": Target("DeepEval", deepeval.LOSES, _alone(deepeval.golden), deepeval.write, needs_input=True),
    "langfuse": Target("Langfuse", langfuse_items.LOSES, langfuse_items.item, langfuse_items.write),
    "langsmith": Target(
        "LangSmith", langsmith_examples.LOSES, _alone(langsmith_examples.example), langsmith_examples.write
    ),
    "phoenix": Target("Phoenix", phoenix_dataset.LOSES, _alone(phoenix_dataset.example), phoenix_dataset.write),
    "mlflow": Target("MLflow", mlflow_records.LOSES, _alone(mlflow_records.record), mlflow_records.write),
    "braintrust": Target(
        "Braintrust", braintrust_rows.LOSES, _alone(braintrust_rows.dataset_row), braintrust_rows.write
    ),
    "ragas": Target("Ragas", ragas.LOSES, _alone(ragas.sample), ragas.write, needs_input=True),
    "openai": Target(
        "OpenAI files", fine_tuning.LOSES, _alone(fine_tuning.files_of), fine_tuning.write, needs_input=True
    ),
    "judge": Target("Judge calibration", judge.LOSES, judge.judged, judge.write),
    "labels": Target("Labels for pandas", labels.LOSES, labels.label_row, labels.write),
    "csv": Target("CSV", csv_files.LOSES, _alone(csv_files.flat), csv_files.write),
}
TARGETS = tuple(_TARGETS)
"""The names of the targets."""


@dataclass(frozen=True, slots=True)
class Written:
    """What an export wrote: the files, how many rows, which were dropped and why, and what was lost in words."""

    files: tuple[WrittenFile, ...]
    rows: int
    dropped: dict[str, int]
    losses: tuple[str, ...]


def title(target: str) -> str:
    """Return how a target is called."""
    return _target(target).title


def export(
    target: str, rows: Iterable[Labelled], out: Path, about: SetAbout, left_out: Mapping[str, int] | None = None
) -> Written:
    """Write labelled traces as a folder for a target, whole or not at all.

    One row a trace and week; codings of one trace in one week must follow each other (see ``canonical_rows``). Memory
    does not grow with the traces, but for a hash a row. ``left_out`` counts what was not chosen although it was asked
    for, by reason. Beside the target's files stand ``croissant.json``, ``datapackage.json``, ``manifest.json`` and ``SHA256SUMS``.

    Raises:
        UsageError: an unknown target, or a place that holds other files.
        Expected: no row to write, or a place that cannot be written.
    """
    chosen = _target(target)
    lost, tally = Losses(), Tally()
    lost.dropped.update(left_out or {})
    with whole_folder(out) as folder:
        chosen.write(tally.counting(_records(chosen, rows, about, lost)), folder, about, lost)
        if not tally.rows:
            raise Expected("There is nothing to export: no submitted pass or fail matches.", "Choose other weeks.")
        whole = manifest(target, about, tally, lost, chosen.loses, folder.files)
        package = datapackage.data_package(target, about, whole["version"], folder.files)
        described = croissant.croissant(target, about, whole["version"], folder.files)
        folder.add(croissant.NAME, croissant.as_bytes(clean(described, Losses())))
        folder.add(datapackage.NAME, datapackage.as_bytes(clean(package, Losses())))
        folder.add(MANIFEST, as_bytes(clean(whole, Losses())))
        folder.add("SHA256SUMS", checksums(folder.files))
    return Written(tuple(folder.files), tally.rows, dict(+lost.dropped), (*chosen.loses, *lost.sentences()))


def preview(
    target: str, rows: Iterable[Labelled], about: SetAbout, lost: Losses | None = None
) -> Iterator[dict[str, Any]]:
    """Yield the rows that ``export`` would write, one at a time, and write nothing; ``lost`` counts what is lost."""
    chosen = _target(target)
    records = _records(chosen, rows, about, Losses() if lost is None else lost)
    return (chosen.as_row(row, about) for row in records)


def _records(target: Target, rows: Iterable[Labelled], about: SetAbout, lost: Losses) -> Iterator[Row]:
    """Yield the canonical records that a target can take, and count the others."""
    for row in canonical_rows(rows, about, lost):
        if target.needs_input and not row["messages"]:
            lost.dropped[NO_INPUT] += 1
        else:
            yield row


def losses(target: str) -> Sequence[str]:
    """Return what a target never carries over, in sentences, before anything is written."""
    return _target(target).loses


def _target(name: str) -> Target:
    if name not in _TARGETS:
        raise UsageError(f"There is no target {name!r}.", f"Use one of {', '.join(TARGETS)}.")
    return _TARGETS[name]
