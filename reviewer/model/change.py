"""A change of a rate or a mean between two periods, and the parts that add up to it."""

from dataclasses import dataclass

from reviewer.model.number import Number


@dataclass(frozen=True, slots=True)
class SegmentChange:
    """What one segment contributes: its share of the traffic and its own number in both periods.

    ``mix`` and ``within`` are its parts of the whole change; both None for a segment that entered or left, whose part
    is ``presence``.
    """

    segment: str
    share_before: float
    share_after: float
    before: Number
    after: Number
    mix: float | None = None
    within: float | None = None
    presence: float | None = None


@dataclass(frozen=True, slots=True)
class ChangeSplit:
    """A change split after Kitagawa (1955): ``total`` = ``mix`` + ``within`` + ``presence``.

    ``mix`` is what moved because the shares of the segments moved, ``within`` what moved inside segments; segments
    that exist in one period only make ``presence`` (entered or left; None where there are none). ``by`` names what
    the segments are of. Each is a difference in the unit of the number that changed, with its interval where there is
    one.
    """

    by: str
    total: Number
    mix: Number
    within: Number
    presence: Number | None = None
    segments: tuple[SegmentChange, ...] = ()
