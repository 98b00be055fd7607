"""OTLP's protobuf messages as the JSON that the same request would be, so that one reader does for both.

Field numbers are those of opentelemetry-proto 1.x (``trace.proto``, ``logs.proto``, ``common.proto``). ``TracesData``
and ``ExportTraceServiceRequest`` are the same bytes, and requests with log records differ from them only within.
Attributes come as plain objects, ids as hex.
"""

import base64
from collections.abc import Iterable
from typing import Any

from reviewer.sources.jsontext import MAX_DEPTH
from reviewer.sources.wire import BYTES, FIXED64, VARINT, Malformed, double, fields, signed

GROUP = 1 << 3 | BYTES
"""The tag of every field of a request: the spans, or the log records, of one resource."""

_RESOURCE, _SCOPE = 1 << 3 | BYTES, 2 << 3 | BYTES
_GROUP_TAGS = frozenset(number << 3 | BYTES for number in (1, 2, 3, 1000))
_ITEM = 2 << 3 | BYTES
_LOG_TIMES = frozenset((1 << 3 | FIXED64, 11 << 3 | FIXED64))
_TRACE_ID_BYTES = 16

# What is read of a span, a span event, a status and a log record: the field's tag, its name in JSON.
_SPAN_TEXTS = {5 << 3 | BYTES: "name"}
_SPAN_IDS = {1 << 3 | BYTES: "traceId", 2 << 3 | BYTES: "spanId", 4 << 3 | BYTES: "parentSpanId"}
_SPAN_NUMBERS = {
    7 << 3 | FIXED64: "startTimeUnixNano",
    8 << 3 | FIXED64: "endTimeUnixNano",
    10 << 3 | VARINT: "droppedAttributesCount",
    12 << 3 | VARINT: "droppedEventsCount",
}
_SPAN_ATTRIBUTE, _SPAN_EVENT, _SPAN_STATUS = 9 << 3 | BYTES, 11 << 3 | BYTES, 15 << 3 | BYTES
_LOG_IDS = {9 << 3 | BYTES: "traceId", 10 << 3 | BYTES: "spanId"}
_LOG_NUMBERS = {1 << 3 | FIXED64: "timeUnixNano", 11 << 3 | FIXED64: "observedTimeUnixNano"}
_LOG_NAME, _LOG_BODY, _LOG_ATTRIBUTE = 12 << 3 | BYTES, 5 << 3 | BYTES, 6 << 3 | BYTES


def request(data: bytes) -> dict[str, Any]:
    """Return a request as its JSON would be, with ``resourceSpans`` and ``resourceLogs``; metrics are left out.

    A span or a log record that is malformed stands as None.

    Raises:
        Malformed: the bytes are no request.
    """
    spans: list[Any] = []
    logs: list[Any] = []
    for tag, value in fields(data):
        if tag == GROUP:
            _add_group(_bytes(value), spans, logs)
    return {"resourceSpans": spans, "resourceLogs": logs}


def is_group(data: bytes) -> bool:
    """Return whether bytes are what one resource sent, and no text that happens to begin like it."""
    try:
        tags = [(tag, _bytes(value)) for tag, value in fields(data) if tag in _GROUP_TAGS or _refuse(tag)]
        for tag, value in tags:
            if tag in (_RESOURCE, _SCOPE):
                list(fields(value))
    except Malformed:
        return False
    return any(tag == _SCOPE for tag, _ in tags)


def _refuse(tag: int) -> bool:
    raise Malformed(f"no group has a field {tag >> 3}")


def _add_group(data: bytes, spans: list[Any], logs: list[Any]) -> None:
    resource: dict[str, Any] = {}
    found_spans: list[Any] = []
    found_logs: list[Any] = []
    for tag, value in fields(data):
        if tag == _RESOURCE:
            resource = {"attributes": _attributes(_bytes(pair) for tag, pair in fields(_bytes(value)) if tag == GROUP)}
        elif tag == _SCOPE:
            for inner, item in fields(_bytes(value)):
                if inner == _ITEM:
                    _add_item(_bytes(item), found_spans, found_logs)
    if found_spans:
        spans.append({"resource": resource, "scopeSpans": [{"spans": found_spans}]})
    if found_logs:
        logs.append({"resource": resource, "scopeLogs": [{"logRecords": found_logs}]})


def _add_item(data: bytes, spans: list[Any], logs: list[Any]) -> None:
    """Add a span or a log record: the first field of a span is its trace id, that of a log record a time."""
    try:
        first, value = next(fields(data), (0, 0))
        if first == GROUP and isinstance(value, bytes) and len(value) == _TRACE_ID_BYTES:
            spans.append(_span(data))
        elif any(tag in _LOG_TIMES for tag, _ in fields(data)):
            logs.append(_log_record(data))
    except Malformed:
        spans.append(None)


def _span(data: bytes) -> dict[str, Any]:
    span: dict[str, Any] = {}
    pairs: list[bytes] = []
    happened: list[dict[str, Any]] = []
    for tag, value in fields(data):
        if tag == _SPAN_ATTRIBUTE:
            pairs.append(_bytes(value))
        elif (name := _SPAN_NUMBERS.get(tag)) is not None:
            span[name] = value
        elif (name := _SPAN_IDS.get(tag)) is not None:
            span[name] = _bytes(value).hex()
        elif tag in _SPAN_TEXTS:
            span["name"] = _text(value)
        elif tag == _SPAN_EVENT:
            happened.append(_span_event(_bytes(value)))
        elif tag == _SPAN_STATUS:
            span["status"] = _status(_bytes(value))
    span["attributes"] = _attributes(pairs)
    if happened:
        span["events"] = happened
    return span


def _span_event(data: bytes) -> dict[str, Any]:
    made: dict[str, Any] = {}
    pairs: list[bytes] = []
    for tag, value in fields(data):
        if tag == 3 << 3 | BYTES:
            pairs.append(_bytes(value))
        elif tag == 2 << 3 | BYTES:
            made["name"] = _text(value)
        elif tag == 1 << 3 | FIXED64:
            made["timeUnixNano"] = value
    return {**made, "attributes": _attributes(pairs)}


def _status(data: bytes) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for tag, value in fields(data):
        if tag == 2 << 3 | BYTES:
            made["message"] = _text(value)
        elif tag == 3 << 3 | VARINT:
            made["code"] = value
    return made


def _log_record(data: bytes) -> dict[str, Any]:
    record: dict[str, Any] = {}
    pairs: list[bytes] = []
    for tag, value in fields(data):
        if tag == _LOG_ATTRIBUTE:
            pairs.append(_bytes(value))
        elif (name := _LOG_NUMBERS.get(tag)) is not None:
            record[name] = value
        elif (name := _LOG_IDS.get(tag)) is not None:
            record[name] = _bytes(value).hex()
        elif tag == _LOG_BODY:
            record["body"] = _any_value(_bytes(value))
        elif tag == _LOG_NAME:
            record["eventName"] = _text(value)
    attributes = _attributes(pairs)
    # Older SDKs name the record by an attribute; in JSON that is looked for in the list of pairs.
    return {**record, "eventName": record.get("eventName") or attributes.get("event.name"), "attributes": attributes}


def _attributes(pairs: Iterable[bytes], depth: int = 0) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for pair in pairs:
        key, held = "", None
        for tag, value in fields(pair):
            if tag == 1 << 3 | BYTES:
                key = _text(value)
            elif tag == 2 << 3 | BYTES:
                held = _any_value(_bytes(value), depth + 1)
        found[key] = held
    return found


def _any_value(data: bytes, depth: int = 0) -> Any:
    """Return the plain value of an ``AnyValue``; bytes are written in base64, as in JSON."""
    if depth > MAX_DEPTH:
        raise Malformed(f"nested more than {MAX_DEPTH} levels deep")
    found: Any = None
    for tag, value in fields(data):
        if tag == 1 << 3 | BYTES:
            found = _text(value)
        elif tag == 2 << 3 | VARINT:
            found = bool(value)
        elif tag == 3 << 3 | VARINT and isinstance(value, int):
            found = signed(value)
        elif tag == 4 << 3 | FIXED64 and isinstance(value, int):
            found = double(value)
        elif tag == 5 << 3 | BYTES:
            found = [_any_value(_bytes(one), depth + 1) for tag, one in fields(_bytes(value)) if tag == GROUP]
        elif tag == 6 << 3 | BYTES:
            found = _attributes((_bytes(pair) for tag, pair in fields(_bytes(value)) if tag == GROUP), depth)
        elif tag == 7 << 3 | BYTES:
            found = base64.b64encode(_bytes(value)).decode()
    return found


def _bytes(value: int | bytes) -> bytes:
    if isinstance(value, int):
        raise Malformed("a number stands where bytes are due")
    return value


def _text(value: int | bytes) -> str:
    return _bytes(value).decode("utf-8", "replace")
