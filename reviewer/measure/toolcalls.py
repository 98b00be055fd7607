"""Tool calls of all traffic: which tools are chosen, how they fail, how long they take, and what follows a failure."""

import re
from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd

from reviewer.measure.recorded import (
    NOTHING,
    Each,
    Figure,
    Measure,
    Recorded,
    field_of,
    newest,
    numbers,
    quantile_of,
    share_of,
    single,
)
from reviewer.measure.traffic import share
from reviewer.model import columns as c
from reviewer.model.number import Group, Unit

MOST_TOOLS = 8
BAD_ARGUMENTS = re.compile(
    r"argument|parameter|validation|\bschema\b|\brequired\b|\bmissing\b|expected (?:an? )?(?:int|str|num|bool|list|object|array)",
    re.IGNORECASE,
)
"""How errors say that the arguments were at fault."""
WORD = re.compile(r"[A-Za-z]{4,}")


def tools(now: Recorded, before: Recorded | None) -> Group:
    """Return what the tool calls say, function by function."""
    rows: tuple[tuple[str, str, str, Measure], ...] = (
        ("tool_selection", "Calls by tool", SELECTION, _selection),
        (
            "tool_success_by_tool",
            "Success by tool",
            SUCCESS,
            _by_tool(_success),
        ),
        ("argument_errors", "Argument errors by tool", ARGUMENTS, _by_tool(argument_errors)),
        ("tool_latency", "p95 latency by tool", LATENCY, _by_tool(_p95)),
        ("fallback", "Fallbacks", FALLBACK, single(lambda r: fallbacks(r.calls))),
    )
    fields = [field_of(*row, now, before, MOST_TOOLS) for row in rows]
    if _is_fallback(now.calls).any():
        fields.append(field_of("fallback_by_tool", "Fallbacks by tool", FALLBACK, _fallbacks_by_tool, now, before))
    return Group("tools", "Tools", tuple(fields))


SELECTION = "The share of all tool calls that went to each tool. The eight with the most calls."
SUCCESS = "Of the calls of each tool, the share that came back without an error."
ARGUMENTS = (
    "Of the calls of each tool, the share whose arguments are no JSON, or whose error says that an argument was wrong or "
    "missing. Errors that do not say so are not counted."
)
LATENCY = "95 of 100 calls of the tool were faster than this."
FALLBACK = (
    "A call right after a failed call of another tool whose name shares a word with it, as search_docs and search_web "
    "do: the application turned to something else for the same purpose. A call whose trace says fallback=true counts "
    "too. The share of all calls."
)


def _by_tool(figure: Callable[[pd.DataFrame], Figure]) -> Measure:
    return lambda recorded: Each(recorded.calls, c.TOOL, figure)


def _selection(recorded: Recorded) -> Mapping[str, Figure]:
    whole = len(recorded.calls)
    return Each(recorded.calls, c.TOOL, lambda rows: Figure(share(len(rows), whole), newest(rows[c.TRACE])))


def _success(calls: pd.DataFrame) -> Figure:
    failed = failures(calls)
    return Figure(share_of(calls, calls[c.FAILED] == 0).number, failed.traces)


def _p95(calls: pd.DataFrame) -> Figure:
    return quantile_of(calls, c.LATENCY, 0.95, Unit.MILLISECONDS)


def failures(calls: pd.DataFrame) -> Figure:
    """Return the share of calls that failed."""
    return share_of(calls, calls[c.FAILED] == 1) if len(calls) else NOTHING


def argument_errors(calls: pd.DataFrame) -> Figure:
    """Return the share of calls whose arguments were at fault; not recorded where neither arguments nor errors are."""
    parsed = numbers(calls, c.ARGUMENTS_OK)
    blamed = calls[c.ERROR].fillna("").astype(str).str.slice(0, 500).str.contains(BAD_ARGUMENTS)
    known = parsed.notna() | blamed
    return share_of(calls, (parsed == 0) | (blamed & (calls[c.FAILED] == 1)), known) if known.any() else NOTHING


def fallbacks(calls: pd.DataFrame) -> Figure:
    """Return the share of calls that stand in for a failed one."""
    return share_of(calls, _is_fallback(calls)) if len(calls) else NOTHING


def _fallbacks_by_tool(recorded: Recorded) -> Mapping[str, Figure]:
    calls = recorded.calls.assign(fallback=_is_fallback(recorded.calls))
    turned_to = calls[calls[c.TOOL].isin(set(calls.loc[calls["fallback"], c.TOOL]))]
    return Each(turned_to, c.TOOL, lambda rows: share_of(rows, rows["fallback"]))


def _is_fallback(calls: pd.DataFrame) -> "pd.Series[bool]":
    """Return which calls say that they are, or come right after a failed call of another tool named for the same purpose."""
    before = calls.shift(1)
    near = (before[c.TRACE] == calls[c.TRACE]) & (before[c.FAILED] == 1) & (before[c.TOOL] != calls[c.TOOL])
    found = (numbers(calls, c.FALLBACK) == 1).to_numpy(dtype=bool, copy=True)
    for place in np.flatnonzero(near.to_numpy(dtype=bool) & ~found):
        found[place] = _same_purpose(str(before[c.TOOL].iloc[place]), str(calls[c.TOOL].iloc[place]))
    return pd.Series(found, index=calls.index, dtype=bool)


def _same_purpose(one: str, other: str) -> bool:
    return not {word.lower() for word in WORD.findall(one)}.isdisjoint(word.lower() for word in WORD.findall(other))
