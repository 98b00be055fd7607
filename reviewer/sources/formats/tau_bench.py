"""tau-bench results: one run of a task a record, with the reward and what the simulated user really wanted."""

from collections.abc import Iterator, Sequence
from typing import Any

from reviewer.model.trace import Score, Thread, Trace
from reviewer.sources.assemble.about import describe, score
from reviewer.sources.assemble.messages import to_messages
from reviewer.sources.building import Refused, build_each, what_it_is
from reviewer.sources.jsontext import Warn, dump
from reviewer.sources.reading import Stored
from reviewer.sources.records import Found, Guess, Note, Value

NAMES = ("tau_bench",)
KIND = "tau_bench"


def looks_like(head: Sequence[Value], name: str) -> Guess | None:
    """Return a guess if a record has a task, a reward and a trajectory."""
    for value in head:
        if isinstance(value.value, dict) and {"task_id", "reward", "traj"} <= value.value.keys():
            return Guess("tau_bench", "records with task_id, reward and traj")
    return None


def read(stored: Stored, note: Note) -> Iterator[Found]:
    """Yield a trace for every run. Its id is file name, task and trial: nothing else in it tells runs apart."""
    stem = stored.name.split(".")[0]

    def build(record: Any, warn: Warn) -> Trace:
        return _trace(record, stem, warn)

    yield from build_each(stored.name, stored.values(note, checked=True), note, build)


def _trace(record: Any, stem: str, warn: Warn) -> Trace:
    if not isinstance(record, dict):
        raise Refused(f"{what_it_is(record)} is no record")
    if not isinstance(record.get("traj"), list):
        raise Refused("the record has no trajectory (traj)")
    messages, _ = to_messages(record["traj"], "user")
    name = f"{stem}/{dump(record.get('task_id'))}/{dump(record.get('trial', 0))}"
    trace = Trace(KIND, name, "tau_bench", threads=[Thread(messages)], name=f"task {record.get('task_id')}")
    describe(trace, {key: value for key, value in record.items() if key not in ("traj", "info")}, warn)
    trace.transcript_how = "traj"
    if isinstance(record.get("reward"), (int, float)):
        trace.scores.append(score("reward", record["reward"], "code"))
    info = record.get("info")
    task = info.get("task") if isinstance(info, dict) else None
    if isinstance(task, dict):
        _add_task(trace, task)
    return trace


def _add_task(trace: Trace, task: dict[str, Any]) -> None:
    """What the simulated user wanted and what should have been done: beside the transcript, never in it."""
    if isinstance(task.get("user_id"), str):
        trace.user_id = task["user_id"]
    if task.get("instruction"):
        trace.metadata["instruction"] = task["instruction"]
    for key in ("actions", "outputs"):
        if task.get(key):
            trace.metadata[f"expected_{key}"] = task[key]
            trace.scores.append(Score(f"expected_{key}", None, dump(task[key]), "expectation", "human"))
