"""What 200 draws of planted traffic say of it: rates and their intervals, alerts, and what moved a rate."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

from reviewer.measure.alerts import BASELINE_WEEKS
from reviewer.measure.changes import rate_change
from reviewer.measure.decomposition import Part, kitagawa
from reviewer.measure.trends import ROLLING_WEEKS, trends
from reviewer.model.alert import Level
from reviewer.model.change import ChangeSplit
from reviewer.model.ids import ModeId, TraceId
from reviewer.model.number import Basis, Number
from reviewer.model.week import SEGMENTS, Segment
from tests.benchmarks.simulated.planted import RAISED, Planted, coded
from tests.benchmarks.simulated.samples import Numbers

BEFORE, AFTER = slice(10, 14), slice(14, 18)
"""The four weeks before the planted fault and the first four with it, as places in the list of weeks."""

SPLIT_BY: tuple[Segment, ...] = ("workflow", "prompt_version")
PARTS = ("total", "mix", "within", "presence")


@dataclass(slots=True)
class Tally:
    """Counts over the draws of one size. ``rows`` of ``alerts`` are (draw, week, mode, rule)."""

    size: int
    draws: int = 0
    weekly: list[int] = field(default_factory=lambda: [0, 0])
    """Weekly rates inside their interval, and all."""
    rolling: list[int] = field(default_factory=lambda: [0, 0])
    by_mode: dict[str, list[int]] = field(default_factory=dict)
    hidden: list[int] = field(default_factory=lambda: [0, 0, 0])
    """Weekly and four-week rates that are not shown as a percentage, and all of each."""
    shown: list[int] = field(default_factory=lambda: [0, 0, 0, 0])
    """Of those that are shown: weekly rates inside their interval, and all; four-week rates inside it, and all."""
    alerts: list[tuple[int, int, str, str]] = field(default_factory=list)
    watches: int = 0
    splits: dict[str, dict[str, list[int]]] = field(default_factory=dict)
    """By segment and part: how often the interval held the true part, and how often there was one."""
    gap: float = 0.0
    """The largest difference of the parts' sum from the change."""


def add(tally: Tally, traffic: Planted, draw: int) -> None:
    """Draw and read every week once more, and count what comes of it."""
    items, strata = coded(traffic, tally.size, str(draw))
    held, sizes = traffic.held(), traffic.sizes
    for series in trends(items, traffic.taxonomy, "UTC", None, traffic.markers).modes:
        mode = traffic.modes.index(series.id)
        counts = tally.by_mode.setdefault(series.id, [0, 0, 0, 0])
        for row, (point, line) in enumerate(zip(series.weekly, series.rolling, strict=True)):
            window = slice(max(0, row + 1 - ROLLING_WEEKS), row + 1)
            one, four = (
                _holds(point.number, held[row, mode] / sizes[row]),
                _holds(line.number, held[window, mode].sum() / sizes[window].sum()),
            )
            for total, hit in ((tally.weekly, one), (tally.rolling, four)):
                total[0] += hit
                total[1] += 1
            for place, value in enumerate((one, 1, four, 1)):
                counts[place] += value
            hidden = point.number.suppressed, line.number.suppressed
            for place, value in enumerate((*hidden, True)):
                tally.hidden[place] += value
            for place, value in enumerate(
                (one and not hidden[0], not hidden[0], four and not hidden[1], not hidden[1])
            ):
                tally.shown[place] += value
            if point.alert is not None and point.alert.level is Level.ALERT:
                tally.alerts.append((draw, row, series.id, point.alert.rule))
            elif point.alert is not None:
                tally.watches += 1
    for by in SPLIT_BY:
        _add_split(tally, traffic, by, items, strata)
    tally.draws += 1


def _holds(number: Number, truth: float) -> bool:
    assert number.low is not None and number.high is not None
    return bool(number.low - 1e-12 <= truth <= number.high + 1e-12)


def _add_split(tally: Tally, traffic: Planted, by: Segment, items: object, strata: dict[TraceId, str]) -> None:
    names = [[span.name for span in traffic.spans[weeks]] for weeks in (BEFORE, AFTER)]
    table = traffic.sizes_table(slice(BEFORE.start, AFTER.stop), strata, by)
    found = rate_change(items, table, names[0], names[1], [by], ModeId(RAISED))  # type: ignore[arg-type]
    if found is None:
        return
    true = true_split(traffic, by, {segment.segment for segment in found.segments})
    tally.gap = max(tally.gap, abs(gap(found)), abs(gap(true)))
    counts = tally.splits.setdefault(by, {})
    for name in PARTS:
        ours, theirs = getattr(found, name), getattr(true, name)
        if ours is None or theirs is None or ours.low is None:
            continue
        held = counts.setdefault(name, [0, 0])
        held[0] += _holds(ours, theirs.value)
        held[1] += 1


def gap(split: ChangeSplit) -> float:
    """Return by how much the parts of a change miss it."""
    parts = [split.mix, split.within, *([split.presence] if split.presence else [])]
    return (split.total.value or 0.0) - math.fsum(part.value or 0.0 for part in parts)


def true_split(traffic: Planted, by: Segment, kept: set[str]) -> ChangeSplit:
    """Return what truly moved the planted fault; segments that are not ``kept`` are one, as in an estimate."""
    at = SEGMENTS.index(by)

    def parts(weeks: slice) -> dict[str, Part]:
        counted: dict[str, list[int]] = {}
        for span in traffic.spans[weeks]:
            for candidate in span.candidates:
                name = traffic.segments[candidate.trace][at] or ""
                both = counted.setdefault(name if name in kept else "all others", [0, 0])
                both[0] += RAISED in traffic.truth[candidate.trace]
                both[1] += 1
        whole = sum(both[1] for both in counted.values())
        return {name: Part(n / whole, Number(x / n, Basis.ALL_TRAFFIC)) for name, (x, n) in counted.items()}

    found = kitagawa(by, parts(BEFORE), parts(AFTER))
    assert found is not None
    return found


def first_alert(tally: Tally, mode: str, since: int) -> dict[int, int]:
    """Return in how many draws a mode's first ALERT from a week on came, by the week."""
    first: dict[int, int] = {}
    for draw, row, name, _ in tally.alerts:
        if name == mode and row >= since:
            first[draw] = min(row, first.get(draw, row))
    return {row: list(first.values()).count(row) for row in sorted(set(first.values()))}


def alerts_a_quarter(tally: Tally, modes: Sequence[str], weeks: int) -> tuple[float, float]:
    """Return how many ALERTs some modes had in ``weeks`` monitored weeks, and the share of draws with any."""
    raised = [draw for draw, row, mode, _ in tally.alerts if mode in modes and row >= BASELINE_WEEKS]
    scale = 12 / (weeks - BASELINE_WEEKS)
    return len(raised) * scale / tally.draws, len(set(raised)) / tally.draws


def rates(traffic: Planted) -> Numbers:
    """Return the true weekly rates, shape (weeks, modes)."""
    found: Numbers = traffic.held() / traffic.sizes[:, None]
    return found
