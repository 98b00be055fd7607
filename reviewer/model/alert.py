"""Two levels of saying that a rate has risen, and nothing in between."""

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """How sure it is that a rate has risen: WATCH is a hint for the eye, ALERT is calibrated against false alarms."""

    WATCH = "WATCH"
    ALERT = "ALERT"


@dataclass(frozen=True, slots=True)
class Alert:
    """A rise of one failure mode in one week.

    ``rule`` says which rule spoke (``cusum``, ``spike`` or ``watch``); ``baseline`` is the rate it is held against,
    a share; ``since`` names the first week of the run that led to it.
    """

    level: Level
    week: str
    rule: str
    baseline: float
    since: str = ""
