"""A hint: what an automatic check found odd in one trace. Never a verdict."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Hint:
    """One finding: the check's id and the evidence in words. ``risk`` puts the trace into the flagged stratum."""

    check: str
    evidence: str
    risk: bool = True
