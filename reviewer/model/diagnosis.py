"""A diagnosis: something that went wrong with the numbers, and what the traces say about each possible cause."""

from dataclasses import dataclass
from enum import StrEnum

from reviewer.model.number import Number


class Finding(StrEnum):
    """What the traces say about a cause."""

    HOLDS = "holds"
    DOES_NOT = "does not hold"
    CANNOT_TELL = "cannot be told"


@dataclass(frozen=True, slots=True)
class Cause:
    """One possible cause: its figure before and now (None where there is none), and the traces that show it."""

    id: str
    title: str
    finding: Finding
    before: Number | None = None
    now: Number | None = None
    said: str = ""
    """Why it cannot be told, or what was looked at."""
    traces: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """Something that stands out in a period: beside which field of the scorecard, in words, and its possible causes."""

    id: str
    field: str
    title: str
    because: str
    """The figures that led to it."""
    causes: tuple[Cause, ...]

    @property
    def holding(self) -> tuple[Cause, ...]:
        """Return the causes that hold."""
        return tuple(cause for cause in self.causes if cause.finding is Finding.HOLDS)
