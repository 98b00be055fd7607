"""Tool calls in every shape that messages hold them, as ``ToolCall`` objects."""

import ast
import warnings
from typing import Any

import orjson

from reviewer.model.trace import ToolCall
from reviewer.sources.assemble.unjson import unjson
from reviewer.sources.jsontext import dump

CALL_REPR = "ResponseFunctionToolCall("
"""How the Python repr of a call begins, which AWS's distribution of OpenTelemetry writes as a text of the message."""
_REPR_LIMIT = 1_000_000
_ARGUMENTS = ("arguments", "args", "input", "parameters", "kwargs", "function_args")
CALL_IDS = ("call_id", "id", "tool_call_id", "toolCallId", "tool_id", "tool_use_id")
_NAMES = ("name", "function_name", "toolName", "tool_name", "tool", "function")


def to_call(raw: Any) -> ToolCall | None:
    """Return the tool call that an item holds, or None if it names no tool.

    Takes OpenAI (``function.name``), Responses (``call_id``), Anthropic, Vercel, Gemini, LangChain, Inspect (where
    ``function`` is the name) and OpenInference (``tool_call.function``).
    """
    if not isinstance(raw, dict):
        return None
    inner = raw.get("function")
    if isinstance(inner, dict) and (name := inner.get("name")):
        arguments, parse = arguments_text(_first(inner, _ARGUMENTS))
        return ToolCall(str(name), arguments, parse, native_id(raw) or native_id(inner))
    for wrapper in ("tool_call", "functionCall", "function_call", "toolCall"):
        if isinstance(raw.get(wrapper), dict):
            call = to_call(raw[wrapper])
            if call is not None and call.call_id is None:
                call.call_id = native_id(raw)
            return call
    name = next((raw[key] for key in _NAMES if isinstance(raw.get(key), str) and raw[key]), None)
    if name is None:
        return None
    arguments, parse = arguments_text(_first(raw, _ARGUMENTS))
    return ToolCall(name, arguments, parse and not raw.get("parse_error"), native_id(raw))


def to_calls(raw: Any) -> list[ToolCall]:
    """Return the tool calls of a list, or of the JSON text of one; items that name no tool are left out."""
    raw = unjson(raw)
    if isinstance(raw, dict):
        raw = [raw]
    if not isinstance(raw, list):
        return []
    return [call for item in raw if (call := to_call(item)) is not None]


def call_from_repr(text: str) -> ToolCall | None:
    """Return the call of which a text is the Python repr; None where it is none, or more than that."""
    if len(text) > _REPR_LIMIT:
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # an invalid escape in somebody's text is no concern of ours
            parsed = ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        return None
    if not isinstance(parsed, ast.Call) or parsed.args:
        return None
    held = {word.arg: word.value.value for word in parsed.keywords if word.arg and isinstance(word.value, ast.Constant)}
    return to_call({key: value for key, value in held.items() if isinstance(value, str)})


def arguments_text(raw: Any) -> tuple[str, bool]:
    """Return the arguments as the JSON text of an object, or as they stand, and whether they are an object.

    A JSON text is kept letter by letter. Nothing at all counts as no arguments.
    """
    if raw is None or raw == "":
        return "{}", True
    if isinstance(raw, dict):
        return dump(raw), True
    if not isinstance(raw, str):
        return dump(raw), False
    try:
        decoded = orjson.loads(raw)
    except (orjson.JSONDecodeError, UnicodeEncodeError):
        decoded = unjson(raw)
        return (dump(decoded), True) if isinstance(decoded, dict) else (raw, False)
    if isinstance(decoded, dict):
        return raw, True
    decoded = unjson(decoded)
    return (dump(decoded), True) if isinstance(decoded, dict) else (raw, False)


def native_id(raw: dict[str, Any], keys: tuple[str, ...] = CALL_IDS) -> str | None:
    """Return the id under the first of the keys that holds one: of a list of ids the last, never an empty one."""
    for key in keys:
        found = raw.get(key)
        if isinstance(found, list):
            found = found[-1] if found else None
        if isinstance(found, (str, int)) and found != "":
            return str(found)
    return None


def looks_like_calls(raw: Any) -> bool:
    """Return whether a value is a list of calls in OpenAI's shape, as some frameworks write into ``content``."""
    return (
        isinstance(raw, list)
        and bool(raw)
        and all(isinstance(item, dict) and isinstance(item.get("function"), dict) for item in raw)
        and all(isinstance(item["function"].get("name"), str) and "arguments" in item["function"] for item in raw)
    )


def _first(raw: dict[str, Any], keys: tuple[str, ...]) -> Any:
    return next((raw[key] for key in keys if raw.get(key) is not None), None)
