"""A change whose mix and within are known: every segment gets better while the whole gets worse (Simpson's paradox)."""

from dataclasses import dataclass

import numpy as np

from reviewer.measure.decomposition import Part, kitagawa
from reviewer.measure.prevalence import Cell, prevalence
from reviewer.model.change import ChangeSplit
from reviewer.model.number import Basis, Number

SEGMENTS = ("chat", "rag", "agent")
SHARES = ((0.70, 0.25, 0.05), (0.30, 0.35, 0.35))
RATES = ((0.04, 0.10, 0.30), (0.03, 0.08, 0.25))
SIZE = 100_000
READ = 120
"""Traces read in each segment of each period."""

PARTS = ("total", "mix", "within")


@dataclass(frozen=True, slots=True)
class Splits:
    """How often the intervals of the parts held the true parts, and the largest difference from adding up."""

    times: int
    covered: dict[str, float]
    gap: float
    paradox: float
    """How often the whole was found risen, its interval above 0, though every segment had improved."""


def truth() -> ChangeSplit:
    """Return the true split: 5.65 points up, of which 7.75 by mix and -2.10 within."""
    return _split(
        [
            [Part(q, Number(r, Basis.ALL_TRAFFIC)) for q, r in zip(*side, strict=True)]
            for side in zip(SHARES, RATES, strict=True)
        ]
    )


def splits(times: int, seed: int) -> Splits:
    """Return what came of ``times`` pairs of periods, 120 traces read in each segment."""
    rng = np.random.default_rng(seed)
    true = {name: _number(truth(), name).value or 0.0 for name in PARTS}
    held = dict.fromkeys(PARTS, 0)
    gap, risen = 0.0, 0
    for _ in range(times):
        found = _split(
            [[_part(q, r, rng) for q, r in zip(*side, strict=True)] for side in zip(SHARES, RATES, strict=True)]
        )
        for name in PARTS:
            number = _number(found, name)
            assert number.low is not None and number.high is not None
            held[name] += number.low <= true[name] <= number.high
        values = [_number(found, name).value or 0.0 for name in PARTS]
        gap = max(gap, abs(values[0] - values[1] - values[2]))
        risen += (found.total.low or 0.0) > 0
    return Splits(times, {name: count / times for name, count in held.items()}, gap, risen / times)


def _part(share: float, rate: float, rng: np.random.Generator) -> Part:
    size = round(share * SIZE)
    failing = round(rate * size)
    cell = Cell(size, READ, int(rng.hypergeometric(failing, size - failing, READ)))
    estimate = prevalence([cell])
    assert estimate is not None
    return Part(share, estimate.as_number())


def _split(sides: list[list[Part]]) -> ChangeSplit:
    found = kitagawa("workflow", *(dict(zip(SEGMENTS, side, strict=True)) for side in sides))
    assert found is not None
    return found


def _number(split: ChangeSplit, name: str) -> Number:
    number = getattr(split, name)
    assert isinstance(number, Number)
    return number
