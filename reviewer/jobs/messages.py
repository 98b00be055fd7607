"""What a job in another process says to the one that started it."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the job is: ``done`` of ``total`` (bytes, or steps), and of what, in words."""

    done: int
    total: int
    what: str = ""


@dataclass(frozen=True, slots=True)
class Batch:
    """A piece of the outcome, sent as soon as it is ready. The pipe is bounded: a slow receiver slows the job."""

    content: Any


@dataclass(frozen=True, slots=True)
class Done:
    """The job has ended as it should; ``result`` is what its function returned."""

    result: Any = None


@dataclass(frozen=True, slots=True)
class Cancelled:
    """The job has ended because it was asked to."""


@dataclass(frozen=True, slots=True)
class Broke:
    """The job has ended otherwise: an expected failure with its sentence, a bug, or a death of the process."""

    sentence: str
    next_step: str = ""


Message = Progress | Batch | Done | Cancelled | Broke
"""A job ends with exactly one of ``Done``, ``Cancelled`` and ``Broke``."""
