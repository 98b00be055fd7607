"""What went into a span and what came out, raw: the first place of the attribute table that holds something.

Structured beats text, which is the table's order. Values are as recorded (often JSON text), except that wrappers
which say nothing are taken off and lists of log records are put together.
"""

import re
from collections.abc import Callable, Iterable
from typing import Any

from reviewer.sources.assemble.shapes import log_ranks, shape_of
from reviewer.sources.assemble.spans import Span
from reviewer.sources.assemble.unjson import is_absent, unjson
from reviewer.sources.attributes import INPUTS, OUTPUTS, Place, first

_WRAPPER_START = re.compile(r"""\{\s*"(?:inputs?|input_str|outputs?)"\s*:""")
_Reader = Callable[[Span, Place], Any]


def read_io(span: Span) -> None:
    """Fill ``input``, ``output`` and ``shape`` of a span."""
    shape = span.shape = shape_of(tuple(span.attrs))
    if shape.cut:
        span.truncated = True
    in_logs = bool(span.logs)
    span.input = _first_held(span, _INPUTS, sorted(shape.inputs + _INPUT_LOGS) if in_logs else shape.inputs)
    span.output = _first_held(span, _OUTPUTS, sorted(shape.outputs + _OUTPUT_LOGS) if in_logs else shape.outputs)


def unwrapped(value: Any) -> Any:
    """Return what a tracing wrapper holds: ``{"inputs": x, "kwargs": …}`` and ``{"outputs": x}`` give x."""
    decoded = unjson(value)
    if not isinstance(decoded, dict):
        return value
    if "inputs" in decoded and ("kwargs" in decoded or "tags" in decoded or "metadata" in decoded):
        return decoded["inputs"]
    if len(decoded) == 1 and "outputs" in decoded:
        return decoded["outputs"]
    if "output" in decoded and decoded.keys() <= {"output", "kwargs", "tags", "metadata"}:
        inner = decoded["output"]
        if len(decoded) > 1 or (isinstance(inner, dict) and "lc" in inner):
            return inner
    return value


def _first_held(span: Span, places: list[tuple[_Reader, Place]], ranks: Iterable[int]) -> Any:
    for rank in ranks:
        reader, place = places[rank]
        value = reader(span, place)
        if not is_absent(value):
            return value
    return None


def _from_attribute(span: Span, place: Place) -> Any:
    value = span.attrs.get(place.attribute)
    if is_absent(value):
        return None
    if isinstance(value, str) and value.startswith('{"'):
        value = unwrapped(value) if _WRAPPER_START.match(value) else value
    return _with_instructions(value, span.attrs.get(place.instructions)) if place.instructions else value


def _from_log_attribute(span: Span, place: Place) -> Any:
    for log in span.logs:
        if log.name == place.in_log:
            held = log.body if isinstance(log.body, dict) and place.attribute in log.body else log.attrs
            value = held.get(place.attribute)
            if not is_absent(value):
                return _with_instructions(value, held.get(place.instructions)) if place.instructions else value
    return None


def _from_logs(span: Span, place: Place) -> Any:
    return [_as_message(log.name, log.body, log.attrs) for log in span.logs if log.name in place.logs]


def _as_message(name: str, body: Any, attrs: dict[str, Any]) -> dict[str, Any]:
    body = unjson(body)
    content = body if isinstance(body, dict) else {"content": body} if body is not None else {}
    return {**attrs, **content, "event.name": name}


def _from_flat(span: Span, place: Place) -> Any:
    return span.shape.items(span.attrs, place.flat)


def _from_entries(span: Span, place: Place) -> Any:
    entries = unjson(span.attrs.get(place.attribute))
    if not isinstance(entries, list):
        return None
    return [entry for entry in entries if isinstance(entry, dict) and entry.get("event.name") in place.entries]


def _from_parts(span: Span, place: Place) -> Any:
    """Put one assistant message together from the attributes that hold its pieces."""
    text, calls = first(span.attrs, place.text), first(span.attrs, place.tool_calls)
    if text is None and calls is None:
        return None
    message: dict[str, Any] = {"role": "assistant", "content": text}
    if reasoning := first(span.attrs, place.reasoning):
        message["reasoning"] = reasoning
    if calls is not None:
        message["tool_calls"] = unjson(calls)
    return [message]


def _from_body(span: Span, place: Place) -> Any:
    bodies = (unjson(log.body) for log in span.logs)
    return next((_single(body[place.body]) for body in bodies if isinstance(body, dict) and body.get(place.body)), None)


def _single(value: Any) -> Any:
    """Return the content of a lone message that holds a recorded object, not words; else the value itself."""
    messages = value.get("messages") if isinstance(value, dict) else None
    if isinstance(messages, list) and len(messages) == 1 and isinstance(messages[0], dict):
        content = messages[0].get("content")
        decoded = unjson(content)
        if isinstance(decoded, dict):
            return decoded
    return value


def _with_instructions(value: Any, instructions: Any) -> Any:
    held = unjson(instructions)
    if not held:
        return value
    messages = unjson(value)
    if not isinstance(messages, list):
        messages = [{"role": "user", "content": messages}]
    if any(isinstance(message, dict) and message.get("role") == "system" for message in messages):
        return messages
    return [{"role": "system", "content": held}, *messages]


def _reader(place: Place) -> _Reader:
    if place.in_log:
        return _from_log_attribute
    if place.logs:
        return _from_logs
    if place.flat:
        return _from_flat
    if place.entries:
        return _from_entries
    if place.body:
        return _from_body
    return _from_attribute if place.attribute else _from_parts


_INPUTS = [(_reader(place), place) for place in INPUTS]
_OUTPUTS = [(_reader(place), place) for place in OUTPUTS]
_INPUT_LOGS, _OUTPUT_LOGS = log_ranks(INPUTS), log_ranks(OUTPUTS)
