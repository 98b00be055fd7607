"""How many items each stratum gives to a sample: proportional, or a defensive mixture that favours flagged traces."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

FLAGGED_WEIGHT = 8.0
"""How much more often a flagged trace is drawn than another in the part of a risk sample that is not the anchor."""

LEAST_ANCHOR = 0.3
"""Every stratum gets this share of its part in a proportional sample: no trace stands for more than 1 / 0.3 times as
many as in a simple sample. Below it the heaviest weights make every interval far wider (measured: 2.0 to 2.4 times at
0.05)."""

_ROUNDED = 1e-9


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


def least_items(stratum: int, population: int, size: int, floor: int) -> int:
    """Return the smallest number of items that a stratum of some size may get: the floor, and 0.3 of its part."""
    return min(stratum, max(floor, math.ceil(LEAST_ANCHOR * size * stratum / population - _ROUNDED)))


def allocate(strata: Mapping[str, Stratum], shares: Mapping[str, float], size: int, floor: int) -> dict[str, int]:
    """Return whole numbers of items, one a stratum, that add up to ``size`` or to the whole population.

    Each stratum gets at least ``least_items`` (or all it has) and at most all it has; between those bounds the numbers
    are proportional to ``shares``, rounded by largest remainder, ties by label. Where the least do not fit into
    ``size``, the numbers add up to more.
    """
    population = sum(s.size for s in strata.values())
    if size >= population:
        return {label: s.size for label, s in strata.items()}
    least = {label: least_items(s.size, population, size, floor) for label, s in strata.items()}
    if sum(least.values()) >= size:
        return least
    quotas = _bounded_quotas(strata, shares, size, least)
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
    strata: Mapping[str, Stratum], shares: Mapping[str, float], size: int, least: Mapping[str, int]
) -> dict[str, float]:
    """Return real numbers that add up to ``size``: shares times one factor, held inside each stratum's bounds."""

    def quotas(factor: float) -> dict[str, float]:
        return {
            label: min(max(factor * shares[label], float(least[label])), float(s.size)) for label, s in strata.items()
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
