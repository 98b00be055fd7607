"""Moments as people and machines write them, as microseconds since the epoch."""

import math
from datetime import UTC, datetime
from typing import Any

from reviewer.model.clock import to_us

_LATEST_S = 7_258_118_400  # the year 2200: a larger number is no count of seconds
_SCALES = ((1, 1_000_000), (1_000, 1_000), (1_000_000, 1))  # seconds, milliseconds, microseconds


def moment_us(value: Any) -> int | None:
    """Return a moment in microseconds since the epoch, UTC, or None where the value is no possible moment.

    Takes ISO 8601 (without a zone it is UTC) and counts of seconds, milliseconds, microseconds or nanoseconds since
    the epoch, told apart by their size, as numbers or as digits. Times before 1970 and numbers beyond 2200 are none.
    """
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, (int, float)):
        return _from_number(value)
    if not isinstance(value, str):
        return None
    text = value.strip()
    if len(text) >= 10 and text.isascii() and text.replace(".", "", 1).isdigit():
        return _from_number(int(text) if text.isdigit() and len(text) < 20 else float(text))
    try:
        moment = datetime.fromisoformat(text)
        us = to_us(moment if moment.tzinfo else moment.replace(tzinfo=UTC))
    except (ValueError, OverflowError):
        return None
    return us if us > 0 else None


def _from_number(value: float) -> int | None:
    if not math.isfinite(value) or value <= 0:
        return None
    for unit, to_micro in _SCALES:
        if value < _LATEST_S * unit:
            return round(value * to_micro)
    if value < _LATEST_S * 1_000_000_000:
        return int(value) // 1000
    return None
