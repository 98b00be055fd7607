"""Whether a figure moved between two periods, and by how much: by more than chance, or by more than is usual."""

import math

from reviewer.model.number import Basis, Number, Unit

LEAST_RELATIVE = 0.10
"""A number of all traffic has moved when it differs by a tenth of what it was ..."""
LEAST_SHARE = 0.005
"""... and a share by half a percentage point as well. A share above a half is held against what is missing to all."""
CHANCE = 1.96
"""... and by this many standard errors of a difference of two shares ..."""
LEAST_TRACES = 30
"""... with at least this many traces, calls or steps in both periods."""


def difference(now: Number, before: Number | None) -> Number | None:
    """Return how far a number moved, with an interval where both have one; None where either is hidden or missing.

    The interval is MOVER (Zou & Donner 2008, Stat Med 27:1693), from the two intervals.
    """
    if before is None or now.unit is not before.unit or now.suppressed or before.suppressed:
        return None
    if now.value is None or before.value is None:
        return None
    moved = now.value - before.value
    low, high = _mover(now, before, moved)
    return Number(moved, now.basis, now.unit, low, high, n=now.n + before.n)


def _mover(now: Number, before: Number, moved: float) -> tuple[float | None, float | None]:
    if now.low is None or now.high is None or before.low is None or before.high is None:
        return None, None
    assert now.value is not None
    assert before.value is not None
    return (
        moved - math.hypot(now.value - now.low, before.high - before.value),
        moved + math.hypot(now.high - now.value, before.value - before.low),
    )


def direction(now: Number, before: Number | None) -> int:
    """Return 1 where a number rose, -1 where it fell, and 0 where that cannot be told from chance or from the usual.

    An estimate moved when the interval of the difference does not hold 0; a number of all traffic by the constants of
    this module.
    """
    moved = difference(now, before)
    if moved is None or before is None or not moved.value:
        return 0
    sign = 1 if moved.value > 0 else -1
    if Basis.ESTIMATE in (now.basis, before.basis):
        outside = moved.low is not None and moved.high is not None and (moved.low > 0 or moved.high < 0)
        return sign if outside else 0
    enough = min(now.n, before.n) >= LEAST_TRACES
    return sign if enough and _is_large(moved.value, before) and _is_beyond_chance(now, before) else 0


def _is_beyond_chance(now: Number, before: Number) -> bool:
    """Return whether two shares differ by more than shares of so many items vary by themselves; True for the rest."""
    if now.unit is not Unit.SHARE or now.value is None or before.value is None:
        return True
    pooled = (now.value * now.n + before.value * before.n) / (now.n + before.n)
    spread = math.sqrt(pooled * (1.0 - pooled) * (1.0 / now.n + 1.0 / before.n))
    return abs(now.value - before.value) > CHANCE * spread


def _is_large(moved: float, before: Number) -> bool:
    was = before.value or 0.0
    if before.unit is Unit.SHARE:
        return abs(moved) >= max(LEAST_SHARE, LEAST_RELATIVE * min(was, 1.0 - was))
    return abs(moved) >= LEAST_RELATIVE * abs(was)
