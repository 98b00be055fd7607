"""Where in a record the conversation lies: what was asked, what was answered, and what else was on offer."""

from dataclasses import dataclass, field
from typing import Any

from reviewer.model.trace import Message, Thread
from reviewer.sources.assemble.messages import to_messages
from reviewer.sources.assemble.unjson import is_absent, unjson

_REQUEST = ("request", "body", "request_body")
_RESPONSE = ("response", "response_body", "completion")
_BLOCKS = {"tool_use", "tool_result", "thinking", "redacted_thinking", "document", "search_result", "server_tool_use"}


@dataclass(slots=True)
class Conversation:
    """The threads of a record, the format they are written in, and the provider's response if it is there."""

    threads: list[Thread]
    format: str
    response: dict[str, Any] = field(default_factory=dict)
    raw: Any = None
    """What was said, as written: the content that names a record without an id."""


def find_conversation(record: dict[str, Any]) -> Conversation | None:
    """Return the conversation of a record, or None if there is none in it."""
    if isinstance(text := record.get("messages_display"), str):
        return Conversation([Thread(to_messages(text, "user")[0])], "display_text", raw=text)
    if isinstance(said := record.get("conversations"), list):
        raw = {"system": record.get("system"), "messages": said}
        return Conversation([Thread(to_messages(raw, "user")[0])], "sharegpt", raw=said)
    if isinstance(asked := record.get("prompt"), str) and isinstance(answer := record.get("completion"), str):
        messages = to_messages(asked, "user")[0] + to_messages(answer, "assistant")[0]
        return Conversation([Thread(messages)], "openai", raw=[asked, answer]) if messages else None
    request, response = _request(record), _response(record)
    if request is None and response is None:
        return None
    found = Conversation([], _format(record, request or {}, response or {}), response or {})
    messages = to_messages(_asked(request), "user")[0] if request else []
    answer = to_messages(response, "assistant")[0] if response else []
    found.threads.append(Thread(messages + answer))
    found.raw = [_asked(request) if request else None, response]
    if not response and request:
        found.raw = request.get("messages", found.raw)
        _add_preferences(found, record)
    return found if found.threads[0].messages else None


def is_message(value: Any) -> bool:
    """Return whether a value is a message by itself."""
    return isinstance(value, dict) and isinstance(value.get("role"), str) and bool(value.keys() & _SAID)


_SAID = {"content", "parts", "tool_calls", "function_call"}


def _request(record: dict[str, Any]) -> dict[str, Any] | None:
    for held in (record, *(unjson(record.get(key)) for key in _REQUEST)):
        if isinstance(held, dict) and _are_messages(unjson(held.get("messages"))):
            return held
        if isinstance(held, dict) and held is not record and (held.get("input") or held.get("prompt")):
            return held
    held = unjson(record.get("input"))
    if isinstance(held, dict) and _are_messages(held.get("messages")) and "preferred_output" in record:
        return held
    if isinstance(record.get("output"), list) and _are_items(record["output"]):
        return record  # Responses: input and output items in one object
    return None


def _response(record: dict[str, Any]) -> dict[str, Any] | None:
    for key in _RESPONSE:
        held = unjson(record.get(key))
        if isinstance(held, dict) and isinstance(inner := unjson(held.get("body")), dict):
            held = inner
        if isinstance(held, dict) and (held.keys() & {"choices", "content", "output", "candidates", "message"}):
            return held
    if isinstance(record.get("choices"), list):
        return record
    if isinstance(record.get("output"), list) and _are_items(record["output"]):
        return {"output": record["output"], "usage": record.get("usage"), "model": record.get("model")}
    return None


def _asked(request: dict[str, Any]) -> dict[str, Any]:
    """The request without what would be taken for an answer."""
    kept = ("messages", "input", "prompt", "contents", "system", "instructions", "system_instruction")
    asked = {key: request[key] for key in kept if not is_absent(request.get(key))}
    if "messages" in asked:
        asked.pop("input", None)
    return asked


def _add_preferences(found: Conversation, record: dict[str, Any]) -> None:
    """Preference files: the better answer ends the main thread, the other one has a thread of its own."""
    asked = list(found.threads[0].messages)
    better = to_messages(record.get("preferred_output"), "assistant")[0]
    worse = to_messages(record.get("non_preferred_output"), "assistant")[0]
    found.threads[0].messages += better
    if worse:
        found.threads.append(Thread([*_last_user(asked), *worse], "Not preferred"))
    if better or worse:
        found.raw = [found.raw, record.get("preferred_output"), record.get("non_preferred_output")]


def _last_user(messages: list[Message]) -> list[Message]:
    return [message for message in messages if message.role == "user"][-1:]


def _are_messages(held: Any) -> bool:
    if isinstance(held, list) and len(held) == 1 and isinstance(held[0], list):
        held = held[0]
    return isinstance(held, list) and bool(held) and any(isinstance(m, dict) and _has_role(m) for m in held[:5])


def _has_role(message: dict[str, Any]) -> bool:
    return isinstance(message.get("role", message.get("type")), str) or message.get("lc") == 1


def _are_items(held: list[Any]) -> bool:
    kinds = {"message", "function_call", "function_call_output", "reasoning", "file_search_call", "web_search_call"}
    return bool(held) and all(isinstance(item, dict) and item.get("type") in kinds for item in held)


def _format(record: dict[str, Any], request: dict[str, Any], response: dict[str, Any]) -> str:
    metadata = record.get("metadata")
    if isinstance(metadata, dict) and "suite_name" in metadata and "user_task_id" in metadata:
        return "agentdojo"
    if "messages" in record and ("annotations" in record or "index" in record):
        return "invariant"
    if "system" in request or "stop_reason" in response or response.get("type") == "message":
        return "anthropic"
    messages = request.get("messages")
    for message in messages if isinstance(messages, list) else ():
        content = message.get("content") if isinstance(message, dict) else None
        if isinstance(content, list) and any(isinstance(b, dict) and b.get("type") in _BLOCKS for b in content):
            return "anthropic"
    return "openai"
