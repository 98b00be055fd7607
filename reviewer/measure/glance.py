"""A glance at the latest day of all traffic, each figure against the range of the days before."""

from collections.abc import Callable

import numpy as np
import pandas as pd

from reviewer.measure import traffic as all_traffic
from reviewer.model import columns
from reviewer.model.clock import local
from reviewer.model.glance import DayFigure, Glance
from reviewer.model.number import Basis, Number, Unit

DAYS = 28
"""Days before that make the usual range."""
LEAST_DAYS = 7
SHOWN_DAYS = 8
USUAL = (0.05, 0.95)


def _count(traffic: pd.DataFrame) -> Number:
    return Number(float(len(traffic)), Basis.ALL_TRAFFIC, Unit.COUNT, n=len(traffic), population=len(traffic))


FIGURES: tuple[tuple[str, str, Callable[[pd.DataFrame], Number]], ...] = (
    ("traces", "Traces", _count),
    ("p95_latency", "p95 latency", all_traffic.p95_latency),
    ("tool_success", "Tool success", all_traffic.tool_success),
    ("structured_output_pass", "Structured output", all_traffic.structured_output_pass),
    ("empty_retrieval", "Empty retrieval", all_traffic.empty_retrieval),
    ("escalation", "Escalation", all_traffic.escalation),
)


def glance(traffic: pd.DataFrame, tz: str) -> Glance | None:
    """Return the latest day of a "traffic" table beside the days before it; None without a trace.

    Args:
        traffic: the traces of the latest day and of the four weeks before.
        tz: the zone in which days begin.
    """
    if traffic.empty:
        return None
    days = traffic[columns.STARTED].map(lambda us: local(int(us), tz).date())
    by_day = [rows for _, rows in sorted(traffic.groupby(days), key=lambda day: str(day[0]))]
    latest = by_day[-1]
    figures = (_figure(id, title, measure, by_day) for id, title, measure in FIGURES)
    return Glance(
        int(latest[columns.STARTED].min()),
        len(latest),
        tuple(figure for figure in figures if figure.number.basis is not Basis.NOT_RECORDED),
    )


def _figure(id: str, title: str, measure: Callable[[pd.DataFrame], Number], by_day: list[pd.DataFrame]) -> DayFigure:
    numbers = [measure(rows) for rows in by_day]
    values = [number.value for number in numbers]
    before = [value for value in values[:-1] if value is not None]
    low, high = (float(limit) for limit in np.quantile(before, USUAL)) if len(before) >= LEAST_DAYS else (None, None)
    return DayFigure(id, title, numbers[-1], low, high, tuple(values[-SHOWN_DAYS:]))
