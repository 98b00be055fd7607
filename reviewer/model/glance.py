"""A glance at one day of all traffic: each figure beside its usual range."""

from dataclasses import dataclass

from reviewer.model.number import Number


@dataclass(frozen=True, slots=True)
class DayFigure:
    """One number of a day, its usual range (the middle nine tenths of the days before), and the days that lead to it.

    ``low`` and ``high`` are None where too few days came before. ``history`` are the values of up to eight days, the
    day itself last; None for a day without.
    """

    id: str
    title: str
    number: Number
    low: float | None = None
    high: float | None = None
    history: tuple[float | None, ...] = ()

    @property
    def is_usual(self) -> bool | None:
        """Whether the day is inside the usual range; None where that cannot be told."""
        if self.low is None or self.high is None or self.number.value is None:
            return None
        return self.low <= self.number.value <= self.high


@dataclass(frozen=True, slots=True)
class Glance:
    """The latest day with traces: its start (microseconds), how many, and its figures; those not recorded are left out."""

    day_us: int
    traces: int
    figures: tuple[DayFigure, ...] = ()
