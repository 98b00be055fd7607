"""What a successful task costs: an estimate, because a reviewer says what a success is."""

from collections.abc import Collection, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from reviewer.measure import traffic as all_traffic
from reviewer.measure.domains import segment_labels
from reviewer.measure.ratio import Pairs, ratio
from reviewer.measure.reading import COUNTED_PURPOSES
from reviewer.measure.sample import Sample
from reviewer.model import columns
from reviewer.model.change import ChangeSplit, SegmentChange
from reviewer.model.coding import Verdict
from reviewer.model.number import Basis, Number, Row, Unit

NO_SUCCESS = "No reviewed trace with a recorded cost passed."
FEW_COSTS = "Too few reviewed traces record a cost."


def cost_row(sample: Sample, traffic: pd.DataFrame, before: pd.DataFrame | None, by: str) -> Row:
    """Return the cost of a successful task beside the period before, split by a segment where that holds."""
    now = _read(sample, [week.name for week in sample.now], traffic)
    past = _read(sample, [week.name for week in sample.past], before) if before is not None and sample.past else None
    number = _cost(now)
    earlier = None if past is None else _cost(past)
    passed = () if now is None else tuple(now.loc[now[PASSED] > 0, columns.TRACE])
    change = _split(past, now, by) if past is not None and now is not None else None
    return Row("", number, earlier, detail=number.note, traces=passed, change=change)


PASSED = "passed"
SIZE = "size"


def _read(sample: Sample, weeks: Collection[str], traffic: pd.DataFrame) -> pd.DataFrame | None:
    """Return the reviewed items whose trace records a cost; None without a cost in the traffic or without a design."""
    costs = traffic.set_index(columns.TRACE)[columns.COST].dropna()
    if costs.empty or not weeks:
        return None
    items = sample.items
    counted = items[columns.WEEK].isin(weeks) & items[columns.PURPOSE].isin(COUNTED_PURPOSES)
    own = items[counted & (items[columns.REVIEWED] == True) & items[columns.TRACE].isin(costs.index)]  # noqa: E712
    if own[columns.N_H].isna().any():
        return None
    return own.assign(
        **{
            columns.COST: own[columns.TRACE].map(costs).astype("float64"),
            PASSED: (own[columns.VERDICT] == Verdict.PASS).astype("float64"),
            SIZE: own[columns.N_H].astype("float64"),
        }
    )


def _strata(read: pd.DataFrame) -> list[Pairs]:
    groups = read.groupby([columns.WEEK, columns.STRATUM], sort=False)
    return [
        Pairs(int(rows[SIZE].iloc[0]), np.asarray(rows[columns.COST]), np.asarray(rows[PASSED])) for _, rows in groups
    ]


def _cost(read: pd.DataFrame | None) -> Number:
    if read is None:
        return all_traffic.NOT_RECORDED
    strata = _strata(read)
    n, passed = len(read), int(read[PASSED].sum())
    population = sum(stratum.size for stratum in strata)
    plain = Number(None, Basis.ESTIMATE, Unit.DOLLARS, n=n, population=population, count=passed)
    found = ratio(strata)
    if found is None:
        return replace(plain, note=FEW_COSTS if n < 2 else NO_SUCCESS if not passed else "")
    return replace(plain, value=found.value, low=found.limits.low, high=found.limits.high)


def _split(before: pd.DataFrame, after: pd.DataFrame, by: str) -> ChangeSplit | None:
    """Return the change split by giving the later traces the earlier mix; None unless every segment is in both.

    A segment's share is that of the weights of its reviewed traces: a stratum's size over those read in it.
    """
    if by not in after or by not in before or before.empty or after.empty:
        return None
    sides = [_weighted(read, by) for read in (before, after)]
    shares = [side.groupby("segment")["weight"].sum() / side["weight"].sum() for side in sides]
    if set(shares[0].index) != set(shares[1].index) or len(shares[0]) < 2:
        return None
    old_mix = sides[1].assign(weight=sides[1]["weight"] * sides[1]["segment"].map(shares[0] / shares[1]))
    first, last, on_old = (_ratio(side) for side in (*sides, old_mix))
    if first is None or last is None or on_old is None:
        return None
    n = len(before) + len(after)

    def part(value: float) -> Number:
        return Number(value, Basis.ESTIMATE, Unit.DOLLARS, n=n)

    segments = tuple(_segment(str(name), sides, shares) for name in shares[1].index)
    return ChangeSplit(by, part(last - first), part(last - on_old), part(on_old - first), None, segments)


def _weighted(read: pd.DataFrame, by: str) -> pd.DataFrame:
    in_stratum = read.groupby([columns.WEEK, columns.STRATUM])[SIZE].transform("size")
    return read.assign(weight=read[SIZE] / in_stratum, segment=segment_labels(read, [by]))


def _ratio(side: pd.DataFrame) -> float | None:
    passed = float((side["weight"] * side[PASSED]).sum())
    return float((side["weight"] * side[columns.COST]).sum()) / passed if passed > 0 else None


def _segment(name: str, sides: Sequence[pd.DataFrame], shares: "Sequence[pd.Series[float]]") -> SegmentChange:
    numbers = []
    for side in sides:
        own = side[side["segment"] == name]
        numbers.append(Number(_ratio(own), Basis.ESTIMATE, Unit.DOLLARS, n=len(own), count=int(own[PASSED].sum())))
    return SegmentChange(name, float(shares[0][name]), float(shares[1][name]), numbers[0], numbers[1])
