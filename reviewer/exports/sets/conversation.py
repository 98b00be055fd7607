"""The conversation of a trace as plain messages: what the model was given, and the answer that was reviewed."""

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from reviewer.exports.sets import losses
from reviewer.exports.sets.losses import Losses
from reviewer.model.trace import Message, ToolCall, Trace

DEEPEST = 100
UNPARSED_KEY = "unparsed"


@dataclass(frozen=True, slots=True)
class Conversation:
    """Messages before the answer, the answer, the calls that came with it, and the last thing the user said.

    A message is {role, content, tool_calls: [{id, name, arguments: {}}], tool_call_id, name}, every key always there.
    """

    messages: list[dict[str, Any]]
    output: str
    output_calls: list[dict[str, Any]]
    input: str


def conversation(trace: Trace, lost: Losses) -> Conversation:
    """Return the main thread cut at the answer: the last message of the assistant that says something.

    Only results of tools may follow the answer; where anything else does, the run ended without one, the output is
    empty and all messages stand before it.
    """
    lost.pieces[losses.SUB_AGENTS] += sum(len(thread.messages) for thread in trace.threads[1:])
    thread = trace.main
    cut = _answer(thread)
    names = _call_ids(thread)
    messages = [_message(message, names, lost) for message in thread[:cut]]
    asked = next((m["content"] for m in reversed(messages) if m["role"] == "user"), "")
    if cut == len(thread):
        lost.pieces[losses.NO_ANSWER] += 1
        return Conversation(messages, "", [], asked)
    answer = _message(thread[cut], names, lost)
    lost.pieces[losses.LATE_RESULTS] += len(thread) - cut - 1
    return Conversation(messages, answer["content"], answer["tool_calls"], asked)


def _answer(thread: Sequence[Message]) -> int:
    """Return the index of the answer, or the number of messages where there is none."""
    for index in range(len(thread) - 1, -1, -1):
        message = thread[index]
        if message.role == "assistant" and message.text:
            return index
        if message.role != "tool":
            break
    return len(thread)


def _call_ids(thread: Sequence[Message]) -> dict[int, str]:
    """Return an id for each call by its identity: the recorded one where no earlier call has it, else a number."""
    names: dict[int, str] = {}
    taken: set[str] = set()
    calls = [call for message in thread for call in message.calls]
    recorded = {call.call_id for call in calls}
    for number, call in enumerate(calls, 1):
        name = call.call_id or f"call-{number}"
        while name in taken or (name != call.call_id and name in recorded):
            name += "-again"
        taken.add(name)
        names[id(call)] = name
    return names


def _message(message: Message, names: dict[int, str], lost: Losses) -> dict[str, Any]:
    answered = message.answers
    return {
        "role": message.role,
        "content": _content(message, lost),
        "tool_calls": [
            {"id": names[id(call)], "name": call.name, "arguments": _arguments(call, lost)} for call in message.calls
        ],
        "tool_call_id": message.call_id if answered is None else names.get(id(answered), message.call_id),
        "name": message.name or (answered.name if answered is not None else None),
    }


def _content(message: Message, lost: Losses) -> str:
    """Return what a message says; where it says nothing, the placeholders of what it carries."""
    lost.pieces[losses.REASONING] += sum(part.kind == "reasoning" for part in message.parts)
    carried = [part.text for part in message.parts if part.kind in ("media", "document", "data")]
    lost.pieces[losses.PLACEHOLDERS] += len(carried)
    return message.text or "\n".join(carried)


def _arguments(call: ToolCall, lost: Losses) -> dict[str, Any]:
    """Return a call's arguments as an object; text that is none, or is nested too deeply, stands under one key."""
    try:
        parsed = json.loads(call.arguments, parse_constant=lambda name: math.nan)
    except (ValueError, RecursionError):
        parsed = None
    if isinstance(parsed, dict) and _depth_fits(parsed):
        return parsed
    lost.pieces[losses.UNPARSED] += 1
    return {UNPARSED_KEY: call.arguments}


def _depth_fits(value: Any) -> bool:
    level = [value]
    for _ in range(DEEPEST):
        level = [
            inner
            for outer in level
            if isinstance(outer, dict | list)
            for inner in (outer.values() if isinstance(outer, dict) else outer)
        ]
        if not level:
            return True
    return False
