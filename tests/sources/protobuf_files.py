"""Requests of OTLP/JSON written in protobuf, by a writer of its own that shares no line with the reader."""

import base64
import struct
from typing import Any


def message(request: dict[str, Any]) -> bytes:
    """A request with spans and log records as protobuf."""
    groups = [_group(one, "scopeSpans", "spans", _span) for one in request.get("resourceSpans", [])]
    groups += [_group(one, "scopeLogs", "logRecords", _log) for one in request.get("resourceLogs", [])]
    return b"".join(_bytes(1, group) for group in groups)


def record(data: bytes) -> bytes:
    """A record as the collector's file exporter writes it: the length, then the bytes."""
    return struct.pack(">I", len(data)) + data


def _group(group: dict[str, Any], scopes: str, items: str, write: Any) -> bytes:
    resource = _bytes(1, _attributes(1, group.get("resource", {}).get("attributes", [])))
    held = [_bytes(1, _bytes(1, b"s")) + b"".join(_bytes(2, write(x)) for x in scope[items]) for scope in group[scopes]]
    return resource + b"".join(_bytes(2, scope) for scope in held)


def _span(raw: dict[str, Any]) -> bytes:
    data = _id(1, raw["traceId"]) + _id(2, raw["spanId"]) + _id(4, raw.get("parentSpanId", ""))
    data += _bytes(5, raw["name"].encode()) + _number(6, 1)
    data += _fixed(7, int(raw["startTimeUnixNano"])) + _fixed(8, int(raw["endTimeUnixNano"]))
    return data + _attributes(9, raw["attributes"]) + _tag(16, 5) + struct.pack("<I", 1)


def _log(raw: dict[str, Any]) -> bytes:
    data = _fixed(1, int(raw["timeUnixNano"])) + _bytes(5, _value(raw["body"]))
    data += _attributes(6, raw.get("attributes", [])) + _id(9, raw["traceId"]) + _id(10, raw["spanId"])
    return data + _bytes(12, raw.get("eventName", "").encode())


def _attributes(number: int, pairs: list[dict[str, Any]]) -> bytes:
    return b"".join(_bytes(number, _bytes(1, p["key"].encode()) + _bytes(2, _value(p["value"]))) for p in pairs)


def _value(value: dict[str, Any]) -> bytes:
    ((kind, held),) = value.items()
    if kind == "stringValue":
        return _bytes(1, held.encode())
    if kind == "boolValue":
        return _number(2, int(held))
    if kind == "intValue":
        return _number(3, int(held) % 2**64)
    if kind == "doubleValue":
        return _tag(4, 1) + struct.pack("<d", held)
    if kind == "arrayValue":
        return _bytes(5, b"".join(_bytes(1, _value(one)) for one in held["values"]))
    if kind == "kvlistValue":
        return _bytes(6, _attributes(1, held["values"]))
    return _bytes(7, base64.b64decode(held))


def _id(number: int, hexed: str) -> bytes:
    return _bytes(number, bytes.fromhex(hexed)) if hexed else b""


def _bytes(number: int, data: bytes) -> bytes:
    return _tag(number, 2) + _varint(len(data)) + data


def _number(number: int, value: int) -> bytes:
    return _tag(number, 0) + _varint(value)


def _fixed(number: int, value: int) -> bytes:
    return _tag(number, 1) + struct.pack("<Q", value)


def _tag(number: int, kind: int) -> bytes:
    return _varint(number << 3 | kind)


def _varint(value: int) -> bytes:
    if value < 128:
        return bytes([value])
    return bytes([value & 127 | 128]) + _varint(value >> 7)
