"""Changes between two periods, split by segment: of estimated rates, and of what all traffic says."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from reviewer.measure.decomposition import Numbers, Part, kitagawa, reweighted, standardised, weighted_quantile
from reviewer.measure.domains import segment_labels, weeks_by_segment
from reviewer.measure.prevalence import Cell, prevalence
from reviewer.measure.quality import LEAST_SCORES, Scored
from reviewer.measure.reading import WeekRead, cells
from reviewer.model import columns
from reviewer.model.change import ChangeSplit
from reviewer.model.ids import ModeId
from reviewer.model.number import Basis, Number, Unit
from reviewer.model.taxonomy import ScoreScale

OTHERS = "all others"
LEAST_READ = 5
"""A segment with fewer reviewed traces in either period is counted together with the other small ones."""
MOST_SEGMENTS = 50
"""Of all traffic; the smaller ones are counted together."""


@dataclass(frozen=True, slots=True)
class Total:
    """A rate or a mean of all traffic: what is added up, and what it is divided by, for each trace."""

    title: str
    unit: Unit
    above: Callable[[pd.DataFrame], "pd.Series[float]"]
    below: Callable[[pd.DataFrame], "pd.Series[float]"]


def _numbers(name: str) -> Callable[[pd.DataFrame], "pd.Series[float]"]:
    return lambda table: pd.to_numeric(table[name], errors="coerce").astype("float64")


def _known(name: str) -> Callable[[pd.DataFrame], "pd.Series[float]"]:
    return lambda table: _numbers(name)(table).notna().astype("float64")


def _mean(title: str, unit: Unit, name: str) -> Total:
    return Total(title, unit, _numbers(name), _known(name))


TOTALS: dict[str, Total] = {
    "latency": _mean("Mean latency", Unit.MILLISECONDS, columns.LATENCY),
    "cost": _mean("Mean cost", Unit.DOLLARS, columns.COST),
    "tokens_in": _mean("Mean tokens in", Unit.COUNT, columns.TOKENS_IN),
    "tokens_out": _mean("Mean tokens out", Unit.COUNT, columns.TOKENS_OUT),
    "error": Total(
        "Traces with an error",
        Unit.SHARE,
        lambda table: (table[columns.STATUS] == "error").astype("float64"),
        lambda table: pd.Series(1.0, index=table.index),
    ),
    "structured_output_pass": _mean("Structured output pass", Unit.SHARE, columns.STRUCTURED_OK),
    "escalation": _mean("Traces handed over", Unit.SHARE, columns.ESCALATED),
    "tool_success": Total(
        "Tool success",
        Unit.SHARE,
        lambda table: _numbers(columns.TOOL_CALLS)(table) - _numbers(columns.TOOL_ERRORS)(table),
        _numbers(columns.TOOL_CALLS),
    ),
    "empty_retrieval": Total(
        "Empty retrieval", Unit.SHARE, _numbers(columns.EMPTY_RETRIEVALS), _numbers(columns.RETRIEVALS)
    ),
}
"""What a change of all traffic can be of."""


def rate_change(
    items: pd.DataFrame,
    sizes: pd.DataFrame,
    before: Collection[str],
    after: Collection[str],
    by: Sequence[str],
    mode: ModeId | None,
    without: frozenset[int] = frozenset(),
) -> ChangeSplit | None:
    """Return the change of a failure mode (or, for None, of the verdict *fail*) between two sets of weeks, by segment.

    The rate of each segment is an estimate of its own, and the shares are those of the population. Segments with fewer
    than ``LEAST_READ`` reviewed traces in either period are counted together. None where fewer than two segments are
    left, where nothing was read, or without a design.

    Args:
        items: the "items" table, with the segments of each trace.
        sizes: the "sizes" table of all these weeks, by the same segments.
        before: names of the weeks of the earlier period.
        after: names of the weeks of the later period.
        by: names of segments; several are crossed.
        mode: the failure mode, or None.
        without: versions of the taxonomy that say nothing about it (``reading.versions_without``).
    """
    counted: list[dict[str, list[Cell]]] = [{}, {}]
    held: list[dict[str, int]] = [{}, {}]
    for label, weeks in weeks_by_segment(items, sizes, by).items():
        for i, names in enumerate((before, after)):
            own = [week for week in weeks if week.name in names]
            found = cells(own, mode, without)
            if found is None:
                return None
            if own:
                counted[i][label] = found
                held[i][label] = _size(own)
    read = [{label: sum(cell.read for cell in found) for label, found in side.items()} for side in counted]
    groups = _groups(read, held, LEAST_READ)
    if len(set(groups.values())) < 2:
        return None
    return kitagawa(" · ".join(by), *(_parts(*side, groups) for side in zip(counted, held, strict=True)))


def _size(weeks: Sequence[WeekRead]) -> int:
    return sum(stratum.size or 0 for week in weeks for stratum in week.strata.values())


def _groups(read: Sequence[Mapping[str, int]], held: Sequence[Mapping[str, int]], least: int) -> dict[str, str]:
    """Return the name under which each segment is counted: its own, or that of all small ones together."""
    fewest = {
        label: min(side.get(label, 0) for side, sizes in zip(read, held, strict=True) if sizes.get(label))
        for label in {*held[0], *held[1]}
    }
    ordered = sorted(fewest, key=lambda label: (fewest[label], label))
    small = [label for label in ordered if fewest[label] < least]
    # Still too few together, in a period in which any of them is there: the next smallest joins them.
    while small and len(small) < len(ordered) and not _enough(small, read, held, least):
        small.append(ordered[len(small)])
    return {label: OTHERS if label in small else label for label in fewest}


def _enough(
    labels: Sequence[str], read: Sequence[Mapping[str, int]], held: Sequence[Mapping[str, int]], least: int
) -> bool:
    return all(
        sum(side.get(label, 0) for label in labels) >= least
        for side, sizes in zip(read, held, strict=True)
        if any(sizes.get(label) for label in labels)
    )


def _parts(counted: Mapping[str, list[Cell]], held: Mapping[str, int], groups: Mapping[str, str]) -> dict[str, Part]:
    total = sum(held.values())
    together: dict[str, tuple[int, list[Cell]]] = {}
    for label, size in held.items():
        so_far, gathered = together.get(groups[label], (0, []))
        together[groups[label]] = (so_far + size, [*gathered, *counted[label]])
    parts = {}
    for label, (size, of_group) in together.items():
        estimate = prevalence(of_group)
        number = estimate.as_number() if estimate else Number(None, Basis.ESTIMATE, population=size)
        parts[label] = Part(size / total, number)
    return parts


def score_change(
    items: pd.DataFrame,
    sizes: pd.DataFrame,
    before: Collection[str],
    after: Collection[str],
    by: Sequence[str],
    score: ScoreScale,
) -> ChangeSplit | None:
    """Return the change of the mean of a score between two sets of weeks, by segment.

    The mean of each segment is an estimate of its own. The shares are of the traces that would be given the score: of
    all traces where every reviewed one was given it, else estimated, and then taken to be without error. Segments with
    fewer than ``quality.LEAST_SCORES`` scores in either period are counted together; those that were read and never
    given the score are left out. None as for ``rate_change``.

    Args: as for ``rate_change``, and the score.
    """
    periods = [sorted(before), sorted(after)]
    in_items, in_sizes = segment_labels(items, by), segment_labels(sizes, by)
    given: list[dict[str, int]] = [{}, {}]
    held: list[dict[str, int]] = [{}, {}]
    for label in sorted(set(in_sizes)):
        scored = Scored(items[in_items == label], sizes[in_sizes == label])
        for i, weeks in enumerate(periods):
            size = int(sizes.loc[(in_sizes == label) & sizes[columns.WEEK].isin(weeks), columns.SIZE].sum())
            if size and scored.share_given(weeks, score) != 0.0:
                held[i][label], given[i][label] = size, scored.mean(weeks, score).n
    groups = _groups(given, held, LEAST_SCORES)
    if len(set(groups.values())) < 2:
        return None
    sides: list[dict[str, Part]] = []
    for weeks in periods:
        own_items, own_sizes = (
            table.assign(group=labels.map(groups)) for table, labels in ((items, in_items), (sizes, in_sizes))
        )
        sides.append(_score_parts(own_items, own_sizes, weeks, score))
    return kitagawa(" · ".join(by), *sides)


def _score_parts(items: pd.DataFrame, sizes: pd.DataFrame, weeks: Sequence[str], score: ScoreScale) -> dict[str, Part]:
    """Return the mean of each ``group`` of segments, with its share of the traces that would be given the score."""
    parts: dict[str, tuple[float, Number]] = {}
    for group, own in sizes[sizes[columns.WEEK].isin(weeks)].groupby("group"):
        scored = Scored(items[items["group"] == group], own)
        share = scored.share_given(weeks, score)
        parts[str(group)] = (float(own[columns.SIZE].sum()) * (share or 0.0), scored.mean(weeks, score))
    whole = sum(size for size, _ in parts.values())
    return {group: Part(size / whole, number) for group, (size, number) in parts.items()} if whole else {}


def total_change(before: pd.DataFrame, after: pd.DataFrame, by: Sequence[str], total: Total) -> ChangeSplit | None:
    """Return the change of a rate or a mean of all traffic between two "traffic" tables, by segment.

    The shares are of what the number is divided by: of the traces that record it, or of tool calls. None where one of
    the periods records nothing, or where there are fewer than two segments.
    """
    labels = _large([before, after], by)
    sides = [_totals(table, own, total) for table, own in zip((before, after), labels, strict=True)]
    if any(side is None for side in sides) or len({*(sides[0] or ()), *(sides[1] or ())}) < 2:
        return None
    return kitagawa(" · ".join(by), *(side or {} for side in sides))


def _totals(table: pd.DataFrame, labels: "pd.Series[str]", total: Total) -> dict[str, Part] | None:
    below = total.below(table).fillna(0.0)
    above = total.above(table).where(below > 0.0, 0.0).fillna(0.0)
    sums = pd.DataFrame({"above": above, "below": below}).groupby(labels).sum()
    whole = float(sums["below"].sum())
    if whole <= 0.0:
        return None
    return {
        str(label): Part(
            down / whole,
            Number(
                up / down, Basis.ALL_TRAFFIC, total.unit, n=int(down), population=int(down), count=_count(up, total)
            ),
        )
        for label, up, down in sums.itertuples(name=None)
        if down > 0.0
    }


def _count(above: float, total: Total) -> int | None:
    return int(above) if total.unit is Unit.SHARE else None


def quantile_change(
    before: pd.DataFrame, after: pd.DataFrame, by: Sequence[str], column: str, q: float, unit: Unit
) -> ChangeSplit | None:
    """Return the change of a quantile of all traffic between two "traffic" tables, split by reweighting.

    None where one of the periods records nothing, or where there are fewer than two segments.
    """
    labels = _large([before, after], by)
    sides: list[dict[str, Numbers]] = []
    for table, own in zip((before, after), labels, strict=True):
        known = _numbers(column)(table).dropna()
        sides.append({str(label): np.asarray(rows, np.float64) for label, rows in known.groupby(own[known.index])})
    first, last = sides
    if not first or not last or len({*first, *last}) < 2:
        return None
    return reweighted(
        " · ".join(by),
        first,
        last,
        lambda values, weights: weighted_quantile(values, weights, q),
        lambda value, n: Number(value, Basis.ALL_TRAFFIC, unit, n=n, population=n),
    )


def _large(tables: Sequence[pd.DataFrame], by: Sequence[str]) -> list["pd.Series[str]"]:
    """Return the segment of each row of each table; beyond ``MOST_SEGMENTS`` the smaller ones share a name."""
    labels = [segment_labels(table, by) for table in tables]
    kept = set(pd.concat(labels).value_counts().index[:MOST_SEGMENTS])
    return [own.where(own.isin(kept), OTHERS) for own in labels]


def on_old_mix(split: ChangeSplit) -> Number | None:
    """Return what the later period would show with the mix of the earlier one, by direct standardisation.

    Segments of one period only are left out. An estimate has the interval of Fay and Feuer, each segment weighing as
    much as its effective sample, the mean of a score has none; None where a segment has no value.
    """
    both = [segment for segment in split.segments if segment.share_before > 0.0 and segment.share_after > 0.0]
    if not both or any(segment.after.value is None for segment in both):
        return None
    whole = sum(segment.share_before for segment in both)
    unit, basis = both[0].after.unit, split.total.basis
    n = sum(segment.after.n for segment in both)
    if basis is not Basis.ESTIMATE or unit is Unit.SCORE:
        value = sum(s.share_before / whole * (s.after.value or 0.0) for s in both)
        return Number(value, basis, unit, n=n, population=split.total.population if basis is Basis.ESTIMATE else n)
    sizes = [max(s.after.n_eff or s.after.n, 1.0) for s in both]
    counts = [size * (s.after.value or 0.0) for size, s in zip(sizes, both, strict=True)]
    value, limits = standardised(counts, [s.share_before / whole / size for s, size in zip(both, sizes, strict=True)])
    return Number(value, basis, unit, limits.low, limits.high, n=n, population=split.total.population)
