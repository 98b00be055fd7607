"""A novelty: something about the application that changed since the last drawn week, and was hardly read since."""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["model", "provider", "prompt", "tools", "tool", "definition", "retrieval", "schema", "feedback"]
_PARTED = "\x1f"


def definition(tool: str, digest: str) -> str:
    """Return the value under which one definition of a tool is known, from a short hash of it."""
    return f"{tool}{_PARTED}{digest}"


def defined_tool(value: str) -> str:
    """Return the tool that a definition is of."""
    return value.rpartition(_PARTED)[0]


@dataclass(frozen=True, slots=True)
class Novelty:
    """What is new: its kind and name, since when (microseconds), in how many traces, and how many of them were read.

    ``failed`` of those read fail. ``before`` is what stood in its place, where one thing took the place of another;
    ``workflow`` the one in which most of its traces are. ``examples`` are traces that show it, the unread ones first.
    """

    kind: Kind
    name: str
    since_us: int
    traces: int
    read: int
    failed: int = 0
    workflow: str = ""
    before: str = ""
    examples: tuple[str, ...] = ()
