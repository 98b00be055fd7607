"""One page of a service's listing, and what all services need to ask for one."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from reviewer.errors import BadInput

T = TypeVar("T")
SIZE = 200
"""Traces on a page of a listing."""


@dataclass(frozen=True, slots=True)
class Page:
    """The native ids of a page, records that say more of them, and where the next page begins (None: nowhere)."""

    natives: list[str]
    records: list[Any] = field(default_factory=list)
    cursor: str | None = None


def rows(answer: Any, key: str) -> list[dict[str, Any]]:
    """Return the objects of a list inside an answer.

    Raises:
        BadInput: there is no such list; the server is another one than it was said to be.
    """
    held = answer.get(key) if isinstance(answer, dict) else None
    if not isinstance(held, list):
        raise BadInput(
            f"The server's answer holds no {key}.", "Check the address, and that the service is the one named."
        )
    return [row for row in held if isinstance(row, dict)]


def cursor_in(answer: Any, key: str) -> str | None:
    """Return the cursor of the next page, or None at the end."""
    held = answer.get(key) if isinstance(answer, dict) else None
    return held if isinstance(held, str) and held else None


def parted(items: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    """Yield the items in runs of at most ``size``."""
    for first in range(0, len(items), size):
        yield items[first : first + size]
