"""Results of eval tools: promptfoo's output, Inspect's logs, DeepEval's test runs, and plain JSON lines.

An example is known by the id that an export gave it (``ex-...``), which every target carries.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from reviewer.errors import BadInput
from reviewer.model.dataset import EvalRun, Outcome
from reviewer.sources.archives import Archive
from reviewer.sources.detect import check_file, is_archive
from reviewer.sources.jsontext import NotJson, parse_checked, printable
from reviewer.sources.reading import Stored
from reviewer.sources.records import Note, unseen
from reviewer.sources.times import moment_us
from reviewer.sources.unwrapping import StreamBroken, file_chunks

PASSES_FROM = 0.5
"""A score without a verdict passes from here, unless told otherwise."""
LETTERS = {"C": 1.0, "P": 0.5, "I": 0.0, "N": 0.0}
"""Inspect's words for correct, partly, incorrect and no answer, as its own metrics count them."""


@dataclass(frozen=True, slots=True)
class Result:
    """One trial of one example. ``passed`` None: it ended in an error, and says nothing of the answer."""

    example: str
    suite: str
    model: str
    tool: str
    passed: bool | None
    score: float | None = None
    prompt_version: str = ""
    at_us: int | None = None


@dataclass(slots=True)
class _Tried:
    tried: int = 0
    passed: int = 0
    scores: list[float] = field(default_factory=list)


def read(path: Path, note: Note, passes_from: float = PASSES_FROM) -> list[EvalRun]:
    """Return the runs of a file, one for each suite, model and prompt version; several trials of an example are counted.

    ``at_us`` is 0 where the file does not say when it ran.

    Raises:
        BadInput: the file holds no results that we know.
    """
    check_file(path)
    results = list(_archived(path, note, passes_from) if is_archive(path) else _written(path, note, passes_from))
    if not results:
        raise BadInput(
            f"no results of an eval found in {printable(path.name)}.",
            "Results of promptfoo, Inspect and DeepEval are read, and JSON lines with example_id and pass.",
        )
    return _together(results)


def _together(results: list[Result]) -> list[EvalRun]:
    runs: dict[tuple[str, str, str, str], dict[str, _Tried]] = {}
    began: dict[tuple[str, str, str, str], int] = {}
    for one in results:
        key = (one.suite, one.tool, one.model, one.prompt_version)
        tried = runs.setdefault(key, {}).setdefault(one.example, _Tried())
        tried.tried += one.passed is not None
        tried.passed += bool(one.passed)
        tried.scores += [one.score] if one.score is not None and one.passed is not None else []
        began[key] = max(began.get(key, 0), one.at_us or 0)
    return [
        EvalRun(
            suite, tool, model, prompt_version, began[suite, tool, model, prompt_version],
            tuple(Outcome(example, t.tried, t.passed, _mean(t.scores)) for example, t in sorted(examples.items())),
        )
        for (suite, tool, model, prompt_version), examples in runs.items()
    ]  # fmt: skip


def _mean(scores: list[float]) -> float | None:
    return sum(scores) / len(scores) if scores else None


def _written(path: Path, note: Note, passes_from: float) -> Iterator[Result]:
    stored = Stored(printable(path.name), partial(file_chunks, path))
    for value in stored.values(note, checked=True, nan_as_text=True):
        held = value.value
        if not isinstance(held, dict):
            note(stored.problem("it is no result", value.line, value.member))
            continue
        found = list(_reader_of(held)(held, passes_from))
        if not found:
            note(stored.problem("it names no example, or does not say whether it passed", value.line, value.member))
        yield from found


def _reader_of(held: dict[str, Any]) -> Callable[[dict[str, Any], float], Iterator[Result]]:
    """Return what reads an object, by its shape."""
    if isinstance(held.get("eval"), dict) and "status" in held:
        return _inspect
    if isinstance(held.get("results"), dict):
        return _promptfoo
    if isinstance(held.get("testCases"), list) or isinstance(held.get("conversationalTestCases"), list):
        return _deepeval
    return _promptfoo_row if isinstance(held.get("testCase"), dict) else _plain


def _inspect(log: dict[str, Any], passes_from: float) -> Iterator[Result]:
    for sample in _dicts(log.get("samples")):
        yield from _sample(sample, log["eval"], passes_from)


def _sample(sample: Mapping[str, Any], about: Mapping[str, Any], passes_from: float) -> Iterator[Result]:
    """Yield a result a scorer; a sample that broke off says nothing."""
    example, scores = _text(sample.get("id")), sample.get("scores")
    task, model = _text(about.get("task")) or "inspect", _text(about.get("model"))
    at_us = moment_us(about.get("created"))
    if not example:
        return
    named = {name: held for name, held in scores.items() if isinstance(held, dict)} if isinstance(scores, dict) else {}
    for name, held in named.items():
        suite = task if len(named) == 1 else f"{task}: {name}"
        score = _score(held.get("value"))
        failed = bool(sample.get("error")) or score is None
        passed = None if failed or score is None else score >= passes_from
        yield Result(example, suite, model, "inspect", passed, score, at_us=at_us)
    if not named and sample.get("error"):
        yield Result(example, task, model, "inspect", None, at_us=at_us)


def _score(value: Any) -> float | None:
    """Return a score of Inspect as a number; a word that is none of its own, and a score of several parts, is none."""
    if isinstance(value, bool):
        return float(value)
    if isinstance(value, int | float):
        return float(value)
    return LETTERS.get(value) if isinstance(value, str) else None


def _archived(path: Path, note: Note, passes_from: float) -> Iterator[Result]:
    archive = Archive(path)
    header: dict[str, Any] = {}
    for name in ("header.json", "_journal/start.json"):
        member = archive.named(name)
        parsed = _member(archive, member, note) if member is not None else None
        if parsed is not None and isinstance(parsed.get("eval"), dict):
            header = parsed["eval"]
            break
    for member in archive.members:
        if member.name.startswith("samples/") and member.name.endswith(".json"):
            sample = _member(archive, member, note)
            if sample is not None:
                yield from _sample(sample, header, passes_from)


def _member(archive: Archive, member: Any, note: Note) -> dict[str, Any] | None:
    from reviewer.model.problem import Problem

    try:
        parsed = parse_checked(archive.read(member, unseen), lambda _: None, nan_as_text=True)
    except (StreamBroken, NotJson) as why:
        note(Problem(archive.name, str(why), member=member.name))
        return None
    return parsed if isinstance(parsed, dict) else None


def _promptfoo(output: dict[str, Any], passes_from: float) -> Iterator[Result]:
    config = output.get("config")
    suite = _text(config.get("description")) if isinstance(config, dict) else ""
    at_us = moment_us(output["results"].get("timestamp"))
    for row in _dicts(output["results"].get("results")):
        for one in _promptfoo_row(row, passes_from):
            yield Result(one.example, suite or one.suite, one.model, one.tool, one.passed, one.score, at_us=at_us)


def _promptfoo_row(row: dict[str, Any], passes_from: float) -> Iterator[Result]:
    """Yield a result of promptfoo; what ended in an error (failure reason 2) says nothing."""
    case = row["testCase"] if isinstance(row.get("testCase"), dict) else {}
    example = _id_in(case) or _id_in(row) or _text(case.get("description"))
    provider = row.get("provider")
    named = provider if isinstance(provider, dict) else {"id": provider}
    if not example or not isinstance(row.get("success"), bool):
        return
    passed = None if row.get("failureReason") == 2 else row["success"]
    model = _text(named.get("label")) or _text(named.get("id"))
    yield Result(example, "promptfoo", model, "promptfoo", passed, _number(row.get("score")))


def _deepeval(run: dict[str, Any], passes_from: float) -> Iterator[Result]:
    settings = run.get("hyperparameters")
    settings = settings if isinstance(settings, dict) else {}
    model, prompt = _text(settings.get("model")), _text(settings.get("prompt version"))
    suite = _text(run.get("identifier")) or _text(run.get("testFile")) or "deepeval"
    for case in (*_dicts(run.get("testCases")), *_dicts(run.get("conversationalTestCases"))):
        example = _id_in(case) or _text(case.get("name"))
        if example:
            scores = [
                number for one in _dicts(case.get("metricsData")) if (number := _number(one.get("score"))) is not None
            ]
            passed = case["success"] if isinstance(case.get("success"), bool) else None
            yield Result(example, suite, model, "deepeval", passed, _mean(scores), prompt)


def _plain(row: dict[str, Any], passes_from: float) -> Iterator[Result]:
    """Yield the result of a line with ``example_id`` and ``pass``, or a ``score`` to judge it by."""
    example = _text(row.get("example_id")) or _id_in(row) or _text(row.get("id"))
    score = _number(row.get("score"))
    said = next((row[name] for name in ("pass", "passed", "success") if isinstance(row.get(name), bool)), None)
    if said is None and score is not None:
        said = score >= passes_from
    if example and (said is not None or row.get("error")):
        yield Result(
            example, _text(row.get("suite")) or "results", _text(row.get("model")), "jsonl", None if row.get("error") else said,
            score, _text(row.get("prompt_version")), moment_us(row.get("at")),
        )  # fmt: skip


def _id_in(held: Mapping[str, Any]) -> str:
    """Return the example's id out of the labels that an export put into a target's metadata."""
    for name in ("metadata", "additional_metadata", "additionalMetadata"):
        labels = held.get(name)
        if isinstance(labels, dict) and (example := _text(labels.get("example_id"))):
            return example
    return ""


def _dicts(value: Any) -> list[dict[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _text(value: Any) -> str:
    return (
        value
        if isinstance(value, str)
        else str(value)
        if isinstance(value, int) and not isinstance(value, bool)
        else ""
    )


def _number(value: Any) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
