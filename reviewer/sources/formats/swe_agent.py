"""SWE-agent trajectories (``.traj``): one run of an agent on one issue."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from reviewer.model.trace import Thread, Trace
from reviewer.sources.assemble.about import describe
from reviewer.sources.assemble.messages import to_messages
from reviewer.sources.building import Refused, build_each, what_it_is
from reviewer.sources.jsontext import Warn
from reviewer.sources.reading import Stored
from reviewer.sources.records import Found, Guess, Note, Value

NAMES = ("swe_agent",)
KIND = "swe_agent"


def looks_like(head: Sequence[Value], name: str) -> Guess | None:
    """Return a guess if a value has a trajectory, a history and what came of them."""
    for value in head:
        if isinstance(value.value, dict) and {"trajectory", "history", "info"} <= value.value.keys():
            return Guess("swe_agent", "an object with trajectory, history and info")
    return None


def read(stored: Stored, note: Note) -> Iterator[Found]:
    """Yield the trace of a run. Its id is the file's name: nothing inside names the run."""
    stem = Path(stored.member or stored.name).name.split(".")[0]

    def build(record: Any, warn: Warn) -> Trace:
        return _trace(record, stem, warn)

    yield from build_each(stored.name, stored.values(note, checked=True), note, build)


def _trace(record: Any, stem: str, warn: Warn) -> Trace:
    history = record.get("history") if isinstance(record, dict) else None
    if not isinstance(history, list):
        raise Refused(f"{what_it_is(record)} holds no history of messages")
    messages, _ = to_messages([_message(one) for one in history], "user")
    if not messages:
        raise Refused("the history holds no messages")
    trace = Trace(KIND, stem, "swe_agent", threads=[Thread(messages)], name=stem, transcript_how="history")
    held = record.get("info")
    info: dict[str, Any] = held if isinstance(held, dict) else {}
    environment = record.get("environment")
    describe(trace, {"metadata": {key: value for key, value in info.items() if key != "model_stats"}}, warn)
    trace.workflow = "swe-agent"
    trace.environment = environment if isinstance(environment, str) else None
    trace.status = "ok" if info.get("exit_status") == "submitted" else "error"
    if trace.status == "error":
        trace.error_message = f"exit status: {info.get('exit_status')}"
    _add_statistics(trace, info.get("model_stats"))
    _add_course(trace, record)
    return trace


def _message(one: Any) -> Any:
    if isinstance(one, dict) and "tool_call_ids" in one:
        return {**one, "tool_call_id": one["tool_call_ids"]}
    return one


def _add_statistics(trace: Trace, held: Any) -> None:
    statistics: dict[str, Any] = held if isinstance(held, dict) else {}
    cost, sent, received = (statistics.get(key) for key in ("instance_cost", "tokens_sent", "tokens_received"))
    trace.cost_usd = float(cost) if isinstance(cost, (int, float)) else None
    trace.usage.input = int(sent) if isinstance(sent, (int, float)) else None
    trace.usage.output = int(received) if isinstance(received, (int, float)) else None


def _add_course(trace: Trace, record: dict[str, Any]) -> None:
    """Add how long the steps took together; when they ran is not recorded."""
    held = record.get("trajectory")
    steps = [step for step in held if isinstance(step, dict)] if isinstance(held, list) else []
    times = [step["execution_time"] for step in steps if isinstance(step.get("execution_time"), (int, float))]
    if times:
        trace.latency_ms = 1000 * sum(times)
    trace.metadata["steps"] = len(steps)
