"""AgentRx ground truth: what people found wrong in runs whose transcripts lie in other files beside it.

A record names a run, the steps that failed (each with a category, an agent and reasons), and the failure at the root.
The file that holds the run is called as the run is.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from reviewer.model.trace import Score, Trace
from reviewer.sources.building import Refused, build_each, what_it_is
from reviewer.sources.formats import chat
from reviewer.sources.jsontext import Warn, printable
from reviewer.sources.reading import Stored
from reviewer.sources.records import Found, Guess, Note, Value
from reviewer.sources.unwrapping import file_chunks

NAMES = ("agentrx",)

_FIRST_BYTES = 4096


def looks_like(head: Sequence[Value], name: str) -> Guess | None:
    """Return a guess if a record names a run and its failures."""
    for value in head:
        record = value.value
        if isinstance(record, dict) and isinstance(record.get("failures"), list) and _run(record):
            return Guess("agentrx", "records with trajectory_id and failures, labels of transcripts beside the file")
    return None


def may_be(path: Path) -> bool:
    """Return whether a file's first bytes could be those of labels; costs one look, so that any file may be asked."""
    try:
        with path.open("rb") as file:
            return b'"trajectory_id"' in file.read(_FIRST_BYTES)
    except OSError:
        return False


def read(stored: Stored, note: Note) -> Iterator[Found]:
    """Yield nothing, and note every record: what has no place among files has no transcripts beside it."""
    return _read(stored, {}, note)


def read_beside(stored: Stored, path: Path, note: Note) -> Iterator[Found]:
    """Yield each run with its labels; its transcript is looked for in the folder of ``path`` and the folders in it."""
    files = {file.stem: file for pattern in ("*/*.json", "*.json") for file in path.parent.glob(pattern)}
    return _read(stored, files, note)


def _read(stored: Stored, files: Mapping[str, Path], note: Note) -> Iterator[Found]:
    def build(record: Any, warn: Warn) -> Trace:
        if not isinstance(record, dict):
            raise Refused(f"{what_it_is(record)} is no record")
        run = _run(record)
        if run is None or run not in files:
            raise Refused(f"the transcript of this run is not beside the file: {run or 'it has no name'}.json")
        trace = _transcript(files[run], run, note)
        trace.format = "agentrx"
        _add_labels(trace, record, warn)
        return trace

    yield from build_each(stored.name, stored.values(note, checked=True), note, build)


def _run(record: Mapping[str, Any]) -> str | None:
    run = record.get("trajectory_id")
    return run if isinstance(run, str) and run else None


def _transcript(path: Path, run: str, note: Note) -> Trace:
    name = printable(path.name)
    found = list(chat.read(Stored(name, partial(file_chunks, path)), note))
    if len(found) != 1:
        raise Refused(f"{name} does not hold the one conversation that these labels are about")
    trace = found[0].trace
    trace.native_id = run
    return trace


def _add_labels(trace: Trace, record: Mapping[str, Any], warn: Warn) -> None:
    failures = (
        [one for one in record["failures"] if isinstance(one, dict)] if isinstance(record["failures"], list) else []
    )
    for failure in failures:
        step = failure.get("step_number")
        # Steps count from 1; messages are known by their place from 0.
        place = str(step - 1) if isinstance(step, int) else None
        why = "\n".join(_texts(failure, "step_reason", "category_reason"))
        for name in ("failure_category", "failed_agent"):
            for text in _texts(failure, name):
                trace.scores.append(Score(name, None, text, "category", "human", None, why, "message", place))
    root = record.get("root_cause")
    if isinstance(root, dict):
        named = [failure for failure in failures if failure.get("failure_id") == root.get("failure_id")]
        if not named:
            warn(f"the root cause is failure {root.get('failure_id')}, which is not among the failures")
        for text in _texts(named[0], "failure_category") if named else ():
            reason = "\n".join(_texts(root, "reason_for_root_cause"))
            trace.scores.append(Score("root_cause", None, text, "category", "human", None, reason))
    trace.metadata |= {key: record[key] for key in ("failure_summary",) if record.get(key)}


def _texts(record: Mapping[str, Any], *keys: str) -> list[str]:
    """Return the texts of some fields, each once."""
    return list(dict.fromkeys(text for key in keys if isinstance(text := record.get(key), str) and text.strip()))
