"""Native ids: what a record is called, so that the same record read again is the same trace."""

import hashlib
import json
from collections import Counter
from typing import Any

import orjson

from reviewer.sources.jsontext import Digits, dump


def native_id(raw: Any) -> str | None:
    """Return a text for an id of any JSON type, distinct for distinct ids; None for null and for an empty text.

    A text stays itself. Anything else begins with ``#`` (``1`` is ``#1``, ``1.0`` is ``#1.0``, true is ``#true``),
    and so does a text that itself begins so.
    """
    if raw is None or raw == "":
        return None
    if isinstance(raw, Digits):
        return f"#{raw}"
    if isinstance(raw, str):
        return f"#{dump(raw)}" if raw.startswith("#") else raw
    return f"#{dump(raw)}"


def content_id(messages: Any) -> str:
    """Return the SHA-1 (40 hex digits) of a JSON value written canonically: keys sorted, no spaces."""
    try:
        canonical = orjson.dumps(messages, option=orjson.OPT_SORT_KEYS)
    except TypeError:
        canonical = json.dumps(messages, sort_keys=True, separators=(",", ":")).encode("utf-8")
    return hashlib.sha1(canonical, usedforsecurity=False).hexdigest()


class Unnamed:
    """Names the records of one file that have no id: by content, and identical ones by their count as well."""

    def __init__(self) -> None:
        self._seen: Counter[int] = Counter()  # 8 bytes of the hash are enough to tell rows of one file apart

    def name(self, messages: Any) -> str:
        """Return the id of the next record that has none."""
        name = content_id(messages)
        key = int(name[:16], 16)
        self._seen[key] += 1
        return name if self._seen[key] == 1 else f"{name}-{self._seen[key]}"
