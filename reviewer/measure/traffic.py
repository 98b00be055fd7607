"""Numbers of all traffic: every imported trace of a period was looked at, so there is no sampling interval."""

import numpy as np
import pandas as pd

from reviewer.measure.intervals import quantile_limits
from reviewer.model import columns
from reviewer.model.number import Basis, Number, Unit

NOT_RECORDED = Number(None, Basis.NOT_RECORDED)
_FEW = "Of {} traces only: too few to be told apart from the slowest ones."


def workflow_shares(traffic: pd.DataFrame) -> dict[str | None, Number]:
    """Return each workflow's share of the traces, the largest first; None names the traces that record none."""
    names = traffic[columns.WORKFLOW]
    counted = names.value_counts(dropna=True)
    missing = int(names.isna().sum())
    found: dict[str | None, int] = {str(name): int(count) for name, count in counted.items()}
    if missing:
        found[None] = missing
    ordered = sorted(found.items(), key=lambda one: (-one[1], one[0] is None, one[0] or ""))
    return {name: share(count, len(traffic)) for name, count in ordered}


def share(count: int, of: int, population: int | None = None) -> Number:
    """Return a share of all traffic; not recorded where it is a share of nothing."""
    if of <= 0:
        return NOT_RECORDED
    return Number(count / of, Basis.ALL_TRAFFIC, n=of, population=of if population is None else population, count=count)


def p95_latency(traffic: pd.DataFrame) -> Number:
    """Return the 95th percentile of the traces' latency."""
    known = _numbers(traffic, columns.LATENCY).dropna()
    if known.empty:
        return NOT_RECORDED
    return Number(
        float(known.quantile(0.95)),
        Basis.ALL_TRAFFIC,
        Unit.MILLISECONDS,
        n=len(known),
        population=len(traffic),
        note=_FEW.format(len(known)) if quantile_limits(known.to_numpy(dtype=np.float64), 0.95) is None else "",
    )


def structured_output_pass(traffic: pd.DataFrame) -> Number:
    """Return the share of traces with a recorded schema whose output is valid against it."""
    known = _numbers(traffic, columns.STRUCTURED_OK).dropna()
    return share(int((known == 1).sum()), len(known), len(traffic))


def tool_success(traffic: pd.DataFrame) -> Number:
    """Return the share of tool calls without an error."""
    calls, errors = _total(traffic, columns.TOOL_CALLS), _total(traffic, columns.TOOL_ERRORS)
    return share(calls - errors, calls)


def empty_retrieval(traffic: pd.DataFrame) -> Number:
    """Return the share of retrieval steps that returned no document."""
    return share(_total(traffic, columns.EMPTY_RETRIEVALS), _total(traffic, columns.RETRIEVALS))


def escalation(traffic: pd.DataFrame) -> Number:
    """Return the share of sessions handed over to a person; a trace without a session is a session of its own.

    A session counts where at least one of its traces records whether it was handed over.
    """
    handed = sessions(traffic)[columns.ESCALATED]
    known = handed.dropna()
    return share(int((known == 1).sum()), len(known), len(handed))


def sessions(traffic: pd.DataFrame) -> pd.DataFrame:
    """Return the first trace of each session, with whether any of its traces was handed over to a person."""
    session = traffic[columns.SESSION]
    # Two columns, so that a session named like a trace stays apart from it.
    alone = traffic[columns.TRACE].where(session.isna(), "")
    keys = [session.fillna(""), alone]
    handed = _numbers(traffic, columns.ESCALATED).groupby(keys).transform("max")
    return traffic.assign(**{columns.ESCALATED: handed})[~pd.concat(keys, axis=1).duplicated()]


def _numbers(traffic: pd.DataFrame, column: str) -> "pd.Series[float]":
    return pd.to_numeric(traffic[column], errors="coerce").astype("float64")


def _total(traffic: pd.DataFrame, column: str) -> int:
    return int(_numbers(traffic, column).sum())
