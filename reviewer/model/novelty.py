"""A novelty: something about the application that changed since the last drawn week, and was hardly read since."""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["model", "provider", "prompt", "tools", "tool", "retrieval", "schema", "feedback"]


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
