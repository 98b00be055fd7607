"""One measured ratio and the limit it must keep."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Measured:
    """``value`` is a ratio to a floor measured in the same run; ``limit`` is what it may be at most."""

    value: float
    limit: float
    note: str = ""

    @property
    def holds(self) -> bool:
        """Whether the limit is kept."""
        return self.value <= self.limit
