"""What was said in an Inspect sample before its messages were compacted, out of its log of model calls.

Logs keep a message once, in a pool of the sample, and each call names it by ranges of positions
(``inspect_ai.log._pool``). A sample's own ``messages`` are those that stood at its end: what a compaction took away is
only in the calls before it.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from reviewer.sources.jsontext import dump

_MOST_LOOKED_AT = 200_000
"""Messages of calls that are looked at in one sample: each call repeats its history, and ranges may repeat at will."""


def whole_history(held: dict[str, Any], entries: Iterable[dict[str, Any]]) -> list[Any]:
    """Return the raw messages of a sample in the order in which they were first said.

    They are its own where nothing was compacted. Calls that share no message with the sample's own are another
    conversation, a grader's for example, and are left out; where it has none of its own, the first call begins it.
    """
    messages = held.get("messages")
    messages = messages if isinstance(messages, list) else []
    logged = list(entries)
    if messages and not any(entry.get("event") == "compaction" for entry in logged):
        return messages
    known = {_key(message) for message in messages}
    said: dict[str, Any] = {}
    looked_at = 0
    for entry in logged:
        if entry.get("event") != "model" or looked_at > _MOST_LOOKED_AT:
            continue
        call: dict[str, Any] = {}
        for message in _of_call(entry, _pool(held)):
            looked_at += 1
            if looked_at > _MOST_LOOKED_AT:
                break
            call[_key(message)] = message
        if not known or not known.isdisjoint(call):
            for key, message in call.items():
                said.setdefault(key, message)
            known |= call.keys()
    return _merged(said, messages)


def _merged(said: dict[str, Any], messages: list[Any]) -> list[Any]:
    """Return what calls said with the messages that no call knows, each behind the one that it follows."""
    behind: dict[str, list[Any]] = {}
    last = ""
    for message in messages:
        if (key := _key(message)) in said:
            last = key
        else:
            behind.setdefault(last, []).append(message)
    merged = behind.get("", [])
    for key, message in said.items():
        merged += [message, *behind.get(key, ())]
    return merged


def compactions(entries: Iterable[dict[str, Any]]) -> int:
    """Return how often a sample's messages were compacted."""
    return sum(entry.get("event") == "compaction" for entry in entries)


def _pool(held: dict[str, Any]) -> list[Any]:
    shared = held.get("events_data")
    pool = shared.get("messages") if isinstance(shared, dict) else held.get("message_pool")
    return pool if isinstance(pool, list) else []


def _of_call(entry: dict[str, Any], pool: list[Any]) -> Iterator[Any]:
    """Yield the messages that a call was given, and the one that it answered."""
    given = entry.get("input")
    if isinstance(given, list):
        yield from given
    references = entry.get("input_refs")
    for reference in references if isinstance(references, list) else ():
        match reference:
            case [int(first), int(end)] if first >= 0:
                yield from pool[first:end]
    output = entry.get("output")
    choices = output.get("choices") if isinstance(output, dict) else None
    if isinstance(choices, list) and choices and isinstance(choices[0], dict) and "message" in choices[0]:
        yield choices[0]["message"]


def _key(message: Any) -> str:
    """Return what tells a message from others: its id, or what it says where it has none."""
    if isinstance(message, dict):
        if isinstance(named := message.get("id"), str):
            return named
        message = {key: message.get(key) for key in ("role", "content", "tool_calls", "tool_call_id")}
    return dump(message)
