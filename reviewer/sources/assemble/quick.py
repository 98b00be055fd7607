"""The one shape of messages that nearly all model calls record, read without asking for any other.

Gives exactly what ``to_messages`` gives for it; a test holds the two against each other.
"""

from typing import Any

from reviewer.model.trace import Message, Part, Role
from reviewer.sources.assemble.calls import to_call
from reviewer.sources.assemble.messages import STRUCTURED, to_messages

_KEYS = frozenset(("role", "content", "tool_calls", "tool_call_id"))
_ROLES: dict[Any, Role] = {"system": "system", "user": "user", "assistant": "assistant", "tool": "tool"}
_JOINED_FROM = 8
"""Runs of so many assistant messages may be a stream in pieces, which ``to_messages`` joins."""


def read_messages(value: Any, default_role: Role) -> tuple[list[Message], int]:
    """Return what ``to_messages`` returns."""
    if type(value) is list and value:
        messages = _chat(value)
        if messages is not None:
            return messages, STRUCTURED
    return to_messages(value, default_role)


def _chat(items: list[Any]) -> list[Message] | None:
    """Return the messages of a list of role, text and calls, or None where anything in it is of another kind."""
    messages: list[Message] = []
    names: dict[str, str] = {}
    answers = 0
    for item in items:
        if type(item) is not dict or not item.keys() <= _KEYS:
            return None
        named, content = item.get("role"), item.get("content")
        role = _ROLES.get(named) if type(named) is str else None
        if role is None or (content is not None and type(content) is not str):
            return None
        parts = [Part("text", content)] if content else []
        if role in ("system", "user"):
            if len(item) != 2 or content is None or content.startswith("[{"):
                return None
            messages.append(Message(role, parts))
        elif content and content[0] in "[{ \n\t" and (role == "assistant" or not content.startswith('{"')):
            return None
        elif role == "tool":
            native = item.get("tool_call_id")
            if type(native) is not str or not native or not content or '"function_result"' in content[:200]:
                return None
            messages.append(Message("tool", parts, call_id=native, name=names.get(native)))
        else:
            answers += 1
            held = item.get("tool_calls")
            calls = [to_call(raw) for raw in held] if type(held) is list else []
            if "tool_call_id" in item or None in calls or (held is not None and type(held) is not list):
                return None
            message = Message("assistant", parts, [call for call in calls if call is not None])
            names.update({call.call_id: call.name for call in message.calls if call.call_id})
            messages.append(message)
    return messages if answers < _JOINED_FROM else None
