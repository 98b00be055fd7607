"""Small tables as the workspace hands them over."""

from collections.abc import Iterable, Sequence
from typing import Any

import pandas as pd

from reviewer.model import columns as c
from reviewer.model.clock import iso_week_span
from reviewer.model.ids import ModeId
from reviewer.model.taxonomy import Mode, Taxonomy


def taxonomy(*modes: str, version: int = 1) -> Taxonomy:
    listed = tuple(Mode(ModeId(mode), mode.capitalize(), slot=i) for i, mode in enumerate(modes, 1))
    return Taxonomy("t", "T", listed, version=version)


def item(week: str, trace: str, modes: Sequence[str] = (), **changed: Any) -> dict[str, Any]:
    """Return one drawn and reviewed item of a stratum of 1000, changed where the test asks for it."""
    start, end = iso_week_span(week, "Europe/Berlin")
    row: dict[str, Any] = {
        c.WEEK: week,
        c.WEEK_START: start,
        c.WEEK_END: end,
        c.WEEK_CLOSED: True,
        c.TRACE: trace,
        c.STRATUM: "all",
        c.N_H: 1000,
        c.DRAWN_H: 60,
        c.PURPOSE: "prob",
        c.REVIEWED: True,
        c.VERDICT: "fail" if modes else "pass",
        c.TAXONOMY_VERSION: 1,
        c.MODES: tuple(modes),
        c.SCORES: {},
        c.REVIEWERS: 1,
    }
    return row | changed


def unread(week: str, trace: str, **changed: Any) -> dict[str, Any]:
    return item(week, trace, **{c.REVIEWED: False, c.VERDICT: None, c.TAXONOMY_VERSION: None, **changed})


def table(rows: Iterable[dict[str, Any]]) -> pd.DataFrame:
    items = pd.DataFrame(list(rows))
    if c.TAXONOMY_VERSION in items:
        items[c.TAXONOMY_VERSION] = items[c.TAXONOMY_VERSION].astype("Int64")
    return items


def week_of(week: str, read: int, tagged: int, mode: str = "looping", **changed: Any) -> list[dict[str, Any]]:
    return [item(week, f"{week}-{i}", (mode,) if i < tagged else (), **changed) for i in range(read)]
