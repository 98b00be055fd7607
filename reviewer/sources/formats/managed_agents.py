"""Recorded calls of Anthropic's managed agents: lines ``[call, payload]``, of which the streamed ones tell the session."""

from collections.abc import Iterator, Sequence
from typing import Any

from reviewer.model.problem import Problem
from reviewer.model.trace import Thread, Trace
from reviewer.sources.assemble.about import read_usage
from reviewer.sources.assemble.messages import to_messages
from reviewer.sources.building import Refused, build_each
from reviewer.sources.identity import Unnamed, native_id
from reviewer.sources.jsontext import Warn
from reviewer.sources.reading import Stored
from reviewer.sources.records import Found, Guess, Note, Value
from reviewer.sources.times import moment_us

NAMES = ("anthropic_sessions",)
KIND = "anthropic_sessions"

_CALLS = "client.beta.sessions."
_CREATE, _STREAM = f"{_CALLS}create", f"{_CALLS}events.stream"
_TOKENS = ("input_tokens", "output_tokens", "cache_read_input_tokens", "cache_creation_input_tokens")


def looks_like(head: Sequence[Value], name: str) -> Guess | None:
    """Return a guess if a line is a call with what went over the wire."""
    for value in head:
        if _call(value.value) is not None:
            return Guess("anthropic_sessions", "lines of a call and its payload")
    return None


def read(stored: Stored, note: Note) -> Iterator[Found]:
    """Yield the session that the lines of a file tell; a file is one recording of one session."""

    def tell(problem: Problem) -> None:
        note(Problem(problem.file, problem.reason, problem.line, problem.member, lost=False))

    told: list[tuple[str, Any]] = []
    for value in stored.values(tell, checked=True):
        call = _call(value.value)
        if call is None:
            tell(stored.problem("the line is no recorded call", value.line, value.member))
        else:
            told.append(call)
    yield from build_each(stored.name, [Value(told, 1, stored.member)] if told else [], note, _trace)


def _call(value: Any) -> tuple[str, Any] | None:
    if isinstance(value, list) and len(value) == 2 and isinstance(value[0], str) and value[0].startswith(_CALLS):
        return value[0], value[1]
    return None


def _trace(told: list[tuple[str, Any]], warn: Warn) -> Trace:
    created = next((held for call, held in told if call == _CREATE and isinstance(held, dict)), {})
    streamed = [held for call, held in told if call == _STREAM and isinstance(held, dict)]
    held = created.get("agent")
    agent: dict[str, Any] = held if isinstance(held, dict) else {}
    messages, _ = to_messages([*_system(agent), *(message for one in streamed for message in _spoken(one))], "user")
    if not messages:
        raise Refused("nothing was said in the recorded session")
    name = native_id(created.get("id")) or Unnamed().name([one.get("id") for one in streamed])
    trace = Trace(KIND, name, NAMES[0], threads=[Thread(messages)], session_id=name, transcript_how="streamed events")
    model = agent.get("model")
    if isinstance(model, dict) and isinstance(model.get("id"), str):
        trace.model, trace.provider = model["id"], "anthropic"
    if isinstance(agent.get("name"), str):
        trace.name = trace.workflow = agent["name"]
    moments = [us for one in streamed if (us := moment_us(one.get("processed_at"))) is not None]
    if moments:
        trace.started_us, trace.ended_us = min(moments), max(moments)
        trace.latency_ms = (trace.ended_us - trace.started_us) / 1000
    usage = [one["model_usage"] for one in streamed if isinstance(one.get("model_usage"), dict)]
    total = {key: sum(one[key] for one in usage if isinstance(one.get(key), int)) for key in _TOKENS}
    read_usage(trace, total if usage else None, input_has_cache=False)
    return trace


def _system(agent: dict[str, Any]) -> Iterator[dict[str, Any]]:
    if agent.get("system"):
        yield {"role": "system", "content": agent["system"]}


def _spoken(one: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield what an event of the stream says in the conversation; most say nothing there."""
    kind, at = str(one.get("type")), one.get("processed_at")
    if kind in ("user.message", "agent.message"):
        role = "user" if kind == "user.message" else "assistant"
        yield {"role": role, "content": one.get("content") or "", "timestamp": at}
    elif kind.endswith("tool_use"):
        block = {
            "type": "tool_use",
            "id": one.get("id"),
            "name": one.get("name") or "",
            "input": one.get("input") or {},
        }
        yield {"role": "assistant", "content": [block], "timestamp": at}
    elif kind.endswith("tool_result"):
        named = next((one[key] for key in one if key.endswith("tool_use_id")), None)
        block = {"type": "tool_result", "tool_use_id": named, "content": one.get("content") or ""}
        yield {"role": "user", "content": [block | {"is_error": one.get("is_error") is True}], "timestamp": at}
