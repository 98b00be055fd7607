"""What all traffic of a period recorded, and the figures that are counted from it: each with the traces behind it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from reviewer.measure.intervals import quantile_limits
from reviewer.measure.moved import direction
from reviewer.measure.traffic import NOT_RECORDED, share
from reviewer.model import columns
from reviewer.model.number import Basis, Field, Number, Row, Unit
from reviewer.model.patterns import FEEDBACK

MOST_TRACES = 100
"""Traces that a figure leads to; more than anybody reads."""
TOP = 5
"""Rows of a field that lists several things."""
FEW = "Of {} only: too few to be told apart from the largest ones."


@dataclass(frozen=True, slots=True)
class Recorded:
    """The tables of one period (``model.columns``): "traffic", "calls", "documents", "retrievals" and "scores".

    ``days`` is how long the period is; what is summed is compared between periods of one length only. ``feedback`` is
    the pattern of the names of scores that are a user's feedback.
    """

    traces: pd.DataFrame
    calls: pd.DataFrame
    documents: pd.DataFrame
    retrievals: pd.DataFrame
    scores: pd.DataFrame
    days: float = 7.0
    feedback: str = FEEDBACK


@dataclass(frozen=True, slots=True)
class Figure:
    """A number and the traces to look at behind it: those that have the property, or the largest.

    ``is_sum`` says that it grows with the length of the period.
    """

    number: Number
    traces: tuple[str, ...] = ()
    is_sum: bool = False


NOTHING = Figure(NOT_RECORDED)
Measure = Callable[[Recorded], Mapping[str, Figure]]
"""Figures by name; a single one has the empty name."""


def numbers(table: pd.DataFrame, column: str) -> "pd.Series[float]":
    """Return a column as numbers, NaN where nothing is recorded."""
    return pd.to_numeric(table[column], errors="coerce").astype("float64")


def share_of(table: pd.DataFrame, has: "pd.Series[bool]", known: "pd.Series[bool] | None" = None) -> Figure:
    """Return the share of the rows that have a property, among those of which it is known, and the newest of them."""
    known_rows = pd.Series(True, index=table.index) if known is None else known
    found = has & known_rows
    number = share(int(found.sum()), int(known_rows.sum()), len(table))
    return Figure(number, newest(table.loc[found, columns.TRACE]))


def newest(traces: "pd.Series[str]") -> tuple[str, ...]:
    """Return the last different traces of a column that is in order of time, the newest first."""
    return tuple(dict.fromkeys(traces.iloc[::-1]))[:MOST_TRACES]


def total_of(table: pd.DataFrame, column: str, unit: Unit) -> Figure:
    """Return the sum of what is recorded in a column, and the traces with the largest values."""
    known = numbers(table, column).dropna()
    if known.empty:
        return NOTHING
    number = Number(float(known.sum()), Basis.ALL_TRAFFIC, unit, n=len(known), population=len(table))
    return Figure(number, _largest(table, known), is_sum=True)


def mean_of(table: pd.DataFrame, column: str, unit: Unit) -> Figure:
    """Return the mean of what is recorded in a column, and the traces with the largest values."""
    known = numbers(table, column).dropna()
    if known.empty:
        return NOTHING
    number = Number(float(known.mean()), Basis.ALL_TRAFFIC, unit, n=len(known), population=len(table))
    return Figure(number, _largest(table, known))


def quantile_of(table: pd.DataFrame, column: str, q: float, unit: Unit) -> Figure:
    """Return a quantile of what is recorded in a column, with a note where too few for it are, and the largest traces."""
    known = numbers(table, column).dropna()
    if known.empty:
        return NOTHING
    few = q != 0.5 and quantile_limits(known.to_numpy(dtype=np.float64), q) is None
    number = Number(
        float(known.quantile(q)),
        Basis.ALL_TRAFFIC,
        unit,
        n=len(known),
        population=len(table),
        note=FEW.format(len(known)) if few else "",
    )
    return Figure(number, _largest(table, known))


def _largest(table: pd.DataFrame, known: "pd.Series[float]") -> tuple[str, ...]:
    """Return the traces of the largest values, the largest first; only the extreme tenth is worth looking at."""
    wanted = known.nlargest(min(MOST_TRACES, max(1, len(known) // 10)))
    return tuple(dict.fromkeys(table.loc[wanted.index, columns.TRACE]))


def count_of(table: pd.DataFrame) -> Figure:
    """Return how many rows there are."""
    return Figure(
        Number(float(len(table)), Basis.ALL_TRAFFIC, Unit.COUNT, n=len(table), population=len(table)),
        newest(table[columns.TRACE]),
        is_sum=True,
    )


class Each(Mapping[str, Figure]):
    """The figure of each value of a column, the most frequent value first; made when it is asked for.

    Rows without a value are left out. There may be thousands of values, and only a few are shown.
    """

    def __init__(self, table: pd.DataFrame, column: str, figure: Callable[[pd.DataFrame], Figure]) -> None:
        groups = table.groupby(column, sort=True).indices
        self._table, self._figure = table, figure
        self._rows = {str(name): rows for name, rows in sorted(groups.items(), key=lambda group: -len(group[1]))}

    def __getitem__(self, name: str) -> Figure:
        return self._figure(self._table.iloc[self._rows[name]])

    def __iter__(self) -> Iterator[str]:
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)


def field_of(
    id: str,
    title: str,
    explanation: str,
    measure: Measure,
    now: Recorded,
    before: Recorded | None,
    most: int = TOP,
) -> Field:
    """Return a field of the figures that a measure finds, beside those of the period before."""
    found, past = measure(now), measure(before) if before is not None else {}
    rows = []
    for name in list(found)[:most]:
        figure = found[name]
        if figure.number.basis is not Basis.NOT_RECORDED:
            previous = past[name].number if name in past else None
            if before is not None and figure.is_sum and not _same_length(now, before):
                previous = None
            moved = direction(figure.number, previous)
            note, traces = figure.number.note, figure.traces
            rows.append(Row(name or title, figure.number, previous, note, traces, moved=moved))
    return Field(id, title, tuple(rows) or (Row(title, NOT_RECORDED),), explanation)


def _same_length(now: Recorded, before: Recorded) -> bool:
    # A clock change makes a week an hour longer or shorter.
    return abs(now.days - before.days) < 0.5


def single(figure: Callable[[Recorded], Figure]) -> Measure:
    """Return a measure of one figure without a name."""
    return lambda recorded: {"": figure(recorded)}


def is_recorded(fields: Sequence[Field]) -> bool:
    """Return whether any field has a number."""
    return any(row.number.basis is not Basis.NOT_RECORDED for field in fields for row in field.rows)
