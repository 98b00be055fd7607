"""What a format gives for one record: the trace and where it stood, and how it tells what went wrong.

Every record of a file ends as exactly one ``Found`` or one noted ``Problem`` with ``lost=True``; warnings do not
count. So what was read is what was found plus what was lost. Headers and blank lines are no records.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from reviewer.model.problem import Problem
from reviewer.model.trace import Trace

Note = Callable[[Problem], None]
"""Takes a lost record or a warning, as it happens."""

Progress = Callable[[int, int], None]
"""Takes the bytes consumed so far and the bytes of the whole file, both as stored."""


def unseen(done: int, total: int) -> None:
    """Take the progress of a reading that nobody watches."""


@dataclass(slots=True, eq=False)
class Found:
    """One record that became a trace. ``line`` counts from 1; ``member`` is a zip member or an array position."""

    trace: Trace
    line: int | None = None
    member: str | None = None
    replaces_earlier: bool = False
    """The whole of a trace that this file already gave in part: no additional record."""
    only_adds: bool = False
    """Scores of a trace that other files give: it is stored with those, never by itself."""


@dataclass(frozen=True, slots=True)
class Guess:
    """What a file seems to be: a format's name, and what in the file says so."""

    format: str
    why: str


@dataclass(slots=True)
class Value:
    """One top-level JSON value of a file: a line, an element of the outermost array, or an object of several lines."""

    value: Any
    line: int | None = None
    member: str | None = None
    raw: bytes | None = None
    """The text as it was written, where reading it took something away (a repeated key, half a surrogate)."""
