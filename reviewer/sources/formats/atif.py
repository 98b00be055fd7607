"""ATIF, the agent trajectory interchange format (1.0 to 1.7): one run of an agent as numbered steps."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from reviewer.model.trace import Thread, Trace
from reviewer.sources.assemble.about import describe
from reviewer.sources.assemble.messages import to_messages
from reviewer.sources.building import Refused, build_each, what_it_is
from reviewer.sources.identity import Unnamed, native_id
from reviewer.sources.jsontext import Warn
from reviewer.sources.reading import Stored
from reviewer.sources.records import Found, Guess, Note, Value
from reviewer.sources.times import moment_us

NAMES = ("atif",)
KIND = "atif"

_VERSION = re.compile(r"ATIF-v\d+\.\d+")
_ROLES = {"user": "user", "agent": "assistant", "system": "system"}
_NOT_METADATA = ("steps", "agent", "session_id", "trajectory_id", "final_metrics", "subagent_trajectories")


def looks_like(head: Sequence[Value], name: str) -> Guess | None:
    """Return a guess if a value, or everything inside one, is a trajectory."""
    for value in head:
        if _is_trajectory(value.value) or _held(value.value):
            return Guess("atif", "a schema_version of ATIF")
    return None


def read(stored: Stored, note: Note) -> Iterator[Found]:
    """Yield a trace for every trajectory; those embedded in one become its threads."""
    unnamed = Unnamed()

    def build(record: Any, warn: Warn) -> Trace:
        return _trace(record, unnamed, warn)

    yield from build_each(stored.name, _unwrapped(stored.values(note, checked=True)), note, build)


def _is_trajectory(value: Any) -> bool:
    version = value.get("schema_version") if isinstance(value, dict) else None
    return isinstance(version, str) and bool(_VERSION.fullmatch(version))


def _held(value: Any) -> dict[str, Any]:
    """Return the trajectories that an object holds by name and holds nothing else."""
    if isinstance(value, dict) and value and all(_is_trajectory(inner) for inner in value.values()):
        return value
    return {}


def _unwrapped(values: Iterable[Value]) -> Iterator[Value]:
    for value in values:
        held = _held(value.value)
        if not held:
            yield value
        for name, inner in held.items():
            yield Value(inner, value.line, name)


def _trace(record: Any, unnamed: Unnamed, warn: Warn) -> Trace:
    if not isinstance(record, dict):
        raise Refused(f"{what_it_is(record)} is no record")
    steps = _steps(record)
    if not steps:
        raise Refused("the trajectory has no steps")
    agent = _object(record.get("agent"))
    name = native_id(record.get("trajectory_id")) or native_id(record.get("session_id")) or unnamed.name(steps)
    trace = Trace(KIND, name, "atif", threads=[Thread(_messages(steps)), *_sub_threads(record)])
    trace.transcript_how = "steps"
    described = {key: value for key, value in record.items() if key not in _NOT_METADATA}
    describe(trace, described, warn)
    trace.session_id = native_id(record.get("session_id"))
    trace.workflow, trace.release, trace.model = (_text(agent.get(key)) for key in ("name", "version", "model_name"))
    trace.name = trace.workflow or ""
    if trace.model and "/" in trace.model:
        trace.provider = trace.model.split("/")[0]
    _add_times(trace, steps)
    _add_metrics(trace, record, steps)
    return trace


def _sub_threads(record: dict[str, Any]) -> Iterator[Thread]:
    held = record.get("subagent_trajectories")
    for inner in held if isinstance(held, list) else ():
        if steps := _steps(inner):
            yield Thread(_messages(steps), _text(_object(inner.get("agent")).get("name")) or "sub-agent")
            yield from _sub_threads(inner)


def _steps(record: Any) -> list[dict[str, Any]]:
    held = record.get("steps") if isinstance(record, dict) else None
    return [step for step in held if isinstance(step, dict)] if isinstance(held, list) else []


def _messages(steps: Iterable[dict[str, Any]]) -> list[Any]:
    return to_messages([message for step in steps for message in _spoken(step)], "user")[0]


def _spoken(step: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the message of a step, and one for each result that it observed."""
    said = step.get("message")
    content = said if isinstance(said, list) else [{"type": "text", "text": said}] if said else []
    if step.get("reasoning_content"):
        content = [{"type": "reasoning", "text": step["reasoning_content"]}, *content]
    calls = step.get("tool_calls")
    asked = [_call(call) for call in calls if isinstance(call, dict)] if isinstance(calls, list) else []
    if content or asked:
        role = _ROLES.get(str(step.get("source")), "user")
        yield {"role": role, "content": content, "timestamp": step.get("timestamp")} | (
            {"tool_calls": asked} if asked else {}
        )
    results = _object(step.get("observation")).get("results")
    for result in results if isinstance(results, list) else ():
        if not isinstance(result, dict):
            continue
        if asked or result.get("source_call_id"):
            yield {"role": "tool", "tool_call_id": result.get("source_call_id"), "content": result.get("content") or ""}
        elif result.get("content"):
            # What the agent observed without having called anything: a terminal's screen, a compacted context.
            yield {"role": "user", "name": "observation", "content": result["content"]}


def _call(call: dict[str, Any]) -> dict[str, Any]:
    function = {"name": call.get("function_name") or "", "arguments": call.get("arguments", {})}
    return {"id": call.get("tool_call_id"), "type": "function", "function": function}


def _add_times(trace: Trace, steps: Sequence[dict[str, Any]]) -> None:
    moments = [us for step in steps if (us := moment_us(step.get("timestamp"))) is not None]
    if moments:
        trace.started_us, trace.ended_us = min(moments), max(moments)
        trace.latency_ms = (trace.ended_us - trace.started_us) / 1000


def _add_metrics(trace: Trace, record: dict[str, Any], steps: Sequence[dict[str, Any]]) -> None:
    """Take the totals where the trajectory gives them, else what its steps add up to."""
    totals = _object(record.get("final_metrics"))
    each = [_object(step.get("metrics")) for step in steps]

    def total(name: str) -> float | None:
        if (whole := _number(totals.get(f"total_{name}"))) is not None:
            return whole
        parts = [part for one in each if (part := _number(one.get(name))) is not None]
        return sum(parts) if parts else None

    tokens = {name: total(name) for name in ("prompt_tokens", "completion_tokens", "cached_tokens")}
    trace.usage.input, trace.usage.output, trace.usage.cache_read = (
        None if value is None else int(value) for value in tokens.values()
    )
    trace.cost_usd = total("cost_usd")


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None


def _number(value: Any) -> float | None:
    return float(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else None


def _object(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
