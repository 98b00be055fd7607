"""What a window cannot wait for: limits and chances for every sample size, worked out once in another process."""

from bisect import bisect_left
from collections.abc import Mapping, Sequence

from reviewer.jobs.running import Channel
from reviewer.measure.planning import DOUBLED_RATES

LARGEST = 400
EFFECTIVE_SIZES = (10, 25, 45, 70, 110, 180, 320, 600)

Limits = list[tuple[float, float]]
Chances = Mapping[float, Sequence[tuple[int, float]]]
"""By rate: effective sizes, each with the chance that a doubling of the rate is found."""


def precision_table(_: Channel) -> Limits:
    """Return the 95 % limits of a rate of 10 % for effective sizes of 1 to 400; entry 0 is that of size 1."""
    # scipy takes half a second to load: never in the window's own process.
    from reviewer.measure.power import limits_at

    return [limits_at(size) for size in range(1, LARGEST + 1)]


def doubling_table(_: Channel, modes: int) -> Chances:
    """Return the chance to find a doubling, by rate and effective size, where so many failure modes are watched."""
    from reviewer.measure.power import doubling_found

    found: dict[float, list[tuple[int, float]]] = {}
    for rate in DOUBLED_RATES:
        found[rate] = []
        for size in EFFECTIVE_SIZES:
            # Chance in the simulation must not make a larger sample look worse.
            before = found[rate][-1][1] if found[rate] else 0.0
            found[rate].append((size, max(before, doubling_found(rate, size, modes))))
    return found


def limits_in(table: Limits, effective: float) -> tuple[float, float] | None:
    """Return the limits for an effective size, between two entries of the table by a straight line."""
    if not table:
        return None
    at = min(max(effective, 1.0), float(len(table)))
    above = min(int(at), len(table) - 1)
    part = at - int(at)
    (low, high), (next_low, next_high) = table[int(at) - 1], table[above]
    return low + part * (next_low - low), high + part * (next_high - high)


def chance_in(table: Chances, rate: float, effective: float) -> float | None:
    """Return the chance to find the doubling of a rate, between two entries of the table by a straight line."""
    known = table.get(rate)
    if not known:
        return None
    sizes = [size for size, _ in known]
    at = min(max(effective, sizes[0]), sizes[-1])
    above = max(1, bisect_left(sizes, at))
    (left, low), (right, high) = known[above - 1], known[above]
    return low + (high - low) * (at - left) / (right - left)
