"""How many items each stratum gives to a sample: proportional, or a defensive mixture that favours flagged traces."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

FLAGGED_WEIGHT = 8.0
"""How much more often a flagged trace is drawn than another in the part of a risk sample that is not the anchor."""


@dataclass(frozen=True, slots=True)
class Stratum:
    """The size of a stratum in the population, and whether its traces carry a risk hint."""

    size: int
    flagged: bool = False


def mixture_shares(strata: Mapping[str, Stratum], anchor: float) -> dict[str, float]:
    """Return each stratum's share of a sample; the shares add up to 1.

    ``anchor`` of the sample follows the strata's sizes, the rest their sizes times 8 where flagged; an anchor of 1 is
    the proportional allocation (Neyman 1934; the mixture after Hesterberg 1995).
    """
    total = sum(s.size for s in strata.values())
    weighted = {label: s.size * (FLAGGED_WEIGHT if s.flagged else 1.0) for label, s in strata.items()}
    heavy = sum(weighted.values())
    return {label: anchor * s.size / total + (1.0 - anchor) * weighted[label] / heavy for label, s in strata.items()}


def allocate(strata: Mapping[str, Stratum], shares: Mapping[str, float], size: int, floor: int) -> dict[str, int]:
    """Return whole numbers of items, one a stratum, that add up to ``size`` or to the whole population.

    Each stratum gets at least ``floor`` (or all it has) and at most all it has; between those bounds the numbers are
    proportional to ``shares``, rounded by largest remainder, ties by label. The floors must fit into ``size``.
    """
    if size >= sum(s.size for s in strata.values()):
        return {label: s.size for label, s in strata.items()}
    quotas = _bounded_quotas(strata, shares, size, floor)
    counts = {label: min(math.floor(quota), strata[label].size) for label, quota in quotas.items()}
    by_remainder = sorted(quotas, key=lambda label: (counts[label] - quotas[label], label))
    missing = size - sum(counts.values())
    while missing > 0:
        for label in by_remainder:
            if missing > 0 and counts[label] < strata[label].size:
                counts[label] += 1
                missing -= 1
    return counts


def _bounded_quotas(
    strata: Mapping[str, Stratum], shares: Mapping[str, float], size: int, floor: int
) -> dict[str, float]:
    """Return real numbers that add up to ``size``: shares times one factor, held inside each stratum's bounds."""

    def quotas(factor: float) -> dict[str, float]:
        return {
            label: min(max(factor * shares[label], float(min(floor, s.size))), float(s.size))
            for label, s in strata.items()
        }

    low, high = 0.0, float(size)
    while sum(quotas(high).values()) < size:
        high *= 2.0
    for _ in range(80):
        middle = (low + high) / 2.0
        if sum(quotas(middle).values()) < size:
            low = middle
        else:
            high = middle
    return quotas(low)
