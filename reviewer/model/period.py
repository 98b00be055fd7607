"""A period: the traces that a page of numbers is about."""

from dataclasses import dataclass

from reviewer.model.week import Segment


@dataclass(frozen=True, slots=True)
class Period:
    """Which traces are meant: the populations of some drawn weeks, or, without weeks, a span of time.

    ``start_us`` is included, ``end_us`` is not. With ``by``, only traces whose segment has the value; None as a value
    means *not recorded*.
    """

    start_us: int
    end_us: int
    weeks: tuple[str, ...] = ()
    by: Segment | None = None
    value: str | None = None
