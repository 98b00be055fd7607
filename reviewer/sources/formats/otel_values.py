"""OpenTelemetry's JSON values as plain ones: ids, times, attributes, status, in every spelling that exporters write."""

import base64
import binascii
from typing import Any

from reviewer.sources.assemble.spans import Status
from reviewer.sources.times import moment_us

_CODES: dict[Any, Status] = {
    **dict.fromkeys((1, "1", "OK", "STATUS_CODE_OK", "Ok", "ok"), "ok"),
    **dict.fromkeys((2, "2", "ERROR", "STATUS_CODE_ERROR", "Error", "error"), "error"),
}
_BASE64_BYTES = {24: 16, 12: 8}


def native_id(raw: Any) -> str | None:
    """Return an id as lower-case hex, or as it stands where it is no OpenTelemetry id; None for none or all zeros.

    Takes hex, ``0x`` hex, base64 (which ends in ``=``), a list of bytes and Node's ``{"type": "Buffer"}``.
    """
    if type(raw) is str and len(raw) in (16, 32) and raw.isalnum():
        return raw.lower() if raw.strip("0") else None
    if isinstance(raw, dict):
        raw = raw.get("data")
    if isinstance(raw, list):
        raw = bytes(raw).hex()
    elif isinstance(raw, int):
        raw = str(raw)
    if not raw or not isinstance(raw, str):
        return None
    if raw.endswith("=") and len(raw) in _BASE64_BYTES:
        try:
            raw = base64.b64decode(raw, validate=True).hex()
        except binascii.Error:
            return str(raw)
    elif raw.startswith("0x"):
        raw = raw[2:]
    return str(raw).lower() if raw.strip("0") else None


def nanoseconds(raw: Any) -> int | None:
    """Return a time in nanoseconds (text, number, or ``{"low", "high"}``) as microseconds; None for none or 0."""
    if isinstance(raw, str):
        raw = int(raw) if raw.isdecimal() else None
    elif isinstance(raw, dict):
        raw = (int(raw.get("high", 0)) << 32) + (int(raw.get("low", 0)) & 0xFFFFFFFF)
    if not isinstance(raw, (int, float)) or isinstance(raw, bool) or not 0 < raw < 2**63:
        return None
    return int(raw) // 1000


def moment(raw: Any) -> int | None:
    """Return a time as microseconds: nanoseconds, seconds with nanoseconds in a pair, or ISO text (naive is UTC)."""
    if isinstance(raw, list) and len(raw) == 2 and all(isinstance(n, (int, float)) for n in raw):
        return int(raw[0]) * 1_000_000 + int(raw[1]) // 1000
    if isinstance(raw, str) and not raw.isdecimal():
        return moment_us(raw)
    return nanoseconds(raw)


def attributes(pairs: Any) -> dict[str, Any]:
    """Return attributes as a dict, from OTLP's list of keys with typed values or from a plain object."""
    if isinstance(pairs, dict):
        return pairs
    found: dict[str, Any] = {}
    for pair in pairs or ():
        value = pair.get("value")
        text = value.get("stringValue") if value else None
        found[pair["key"]] = text if text is not None else _plain(value)
    return found


def any_value(value: Any) -> Any:
    """Return the plain value of OTLP's ``AnyValue``, at any depth; other values stand as they are."""
    return _plain(value) if isinstance(value, dict) and len(value) <= 1 else value


def _plain(value: Any) -> Any:
    """Undo one AnyValue; what is none is kept. Snake case is what some exporters write."""
    if not isinstance(value, dict) or len(value) != 1:
        return None if value == {} else value
    ((kind, held),) = value.items()
    if kind in ("stringValue", "string_value", "boolValue", "bool_value", "doubleValue", "double_value"):
        return held
    if kind in ("intValue", "int_value"):
        return int(held) if isinstance(held, str) and held.lstrip("-").isdecimal() and len(held) < 20 else held
    if kind in ("arrayValue", "array_value"):
        return [_plain(item) for item in (held.get("values") or ())]
    if kind in ("kvlistValue", "kvlist_value"):
        return {pair["key"]: _plain(pair.get("value")) for pair in (held.get("values") or ())}
    return held if kind in ("bytesValue", "bytes_value") else value


def status(raw: Any) -> tuple[Status, str]:
    """Return a span's status and its message, from OTLP's object or from a name."""
    if isinstance(raw, dict):
        code = raw.get("code", raw.get("status_code"))
        message = raw.get("message") or raw.get("description") or ""
        return _CODES.get(_last_word(code), "unset"), str(message)
    return _CODES.get(_last_word(raw), "unset"), ""


def _last_word(code: Any) -> Any:
    return code.rpartition(".")[2] if isinstance(code, str) else code if isinstance(code, int) else None
