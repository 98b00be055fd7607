"""Rows of a dataset: those to write as an export has them, those that stand in a service as their hash."""

import hashlib
import json
from dataclasses import dataclass
from typing import Any

Row = dict[str, Any]
"""One line of the file that the target of the service writes."""


@dataclass(frozen=True, slots=True)
class Place:
    """A dataset of a service: its name, and its id, which is empty as long as the first rows are still to make it."""

    name: str
    id: str = ""


@dataclass(frozen=True, slots=True)
class Held:
    """A row that stands in a dataset of a service.

    ``key`` is what the service tells rows apart by, ``remote_id`` what it calls the row, ``example`` our id of it, empty
    where somebody else made it, and ``digest`` the hash of what it says.
    """

    key: str
    remote_id: str
    example: str
    digest: str


def digest(said: Any) -> str:
    """Return the hash of a JSON value: the same for what a service that stores JSON may give back in its place."""
    text = json.dumps(_plain(said), ensure_ascii=True, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(value: Any) -> Any:
    """Return a value with whole numbers as such: 2.0 may come back as 2."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    return value


def text_in(value: Any, *path: str) -> str:
    """Return the text at the end of a path through objects, or nothing."""
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    return value if isinstance(value, str) else ""
