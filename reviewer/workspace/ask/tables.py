"""The tables that ``measure`` reads, as DataFrames. Columns are those of ``model.columns``."""

import json
from collections import Counter
from collections.abc import Sequence
from typing import Any

import pandas as pd

from reviewer.model import columns as c
from reviewer.model.coding import decisive, is_adjudicator
from reviewer.model.week import SEGMENTS, SamplingUnit, Week
from reviewer.workspace.file import Reader

ITEMS = (
    "SELECT w.name, w.start_us, w.end_us, w.closed_us IS NOT NULL, i.trace, i.stratum, i.stratum_size, i.stratum_drawn, "
    "i.purpose, t.workflow, t.model, t.prompt_version, t.tenant, t.task_type, t.environment FROM week_item i "
    "JOIN week w ON w.name = i.week LEFT JOIN trace t ON t.id = i.trace WHERE w.unit = ? "
    "ORDER BY w.start_us, w.name, i.position"
)
SUBMITTED = (
    "SELECT week, trace, verdict, modes, scores, taxonomy_version, reviewer, submitted_us FROM coding WHERE submitted_us IS NOT NULL "
    "ORDER BY week, trace, reviewer"
)
TRAFFIC = (
    "SELECT id, started_us, time_basis, workflow, model, prompt_version, tenant, task_type, environment, session_id, "
    "latency_ms, status, cost_usd, tokens_in, tokens_out, structured_ok, escalated, n_tool_calls, n_tool_errors, "
    "n_retrievals, n_empty_retrievals, flagged FROM trace t"
)
TRAFFIC_COLUMNS = [
    c.TRACE, c.STARTED, c.TIME_BASIS, c.WORKFLOW, c.MODEL, c.PROMPT_VERSION, c.TENANT, c.TASK_TYPE, c.ENVIRONMENT,
    c.SESSION, c.LATENCY, c.STATUS, c.COST, c.TOKENS_IN, c.TOKENS_OUT, c.STRUCTURED_OK, c.ESCALATED, c.TOOL_CALLS,
    c.TOOL_ERRORS, c.RETRIEVALS, c.EMPTY_RETRIEVALS, c.FLAGGED,
]  # fmt: skip
ITEM_COLUMNS = [
    c.WEEK, c.WEEK_START, c.WEEK_END, c.WEEK_CLOSED, c.TRACE, c.STRATUM, c.N_H, c.DRAWN_H, c.PURPOSE, c.REVIEWED,
    c.VERDICT, c.MODES, c.SCORES, c.TAXONOMY_VERSION, c.REVIEWERS, *SEGMENTS,
]  # fmt: skip


def items(reader: Reader, unit: SamplingUnit = "trace") -> pd.DataFrame:
    """Return one row a drawn item of every week that draws traces, or sessions, with its design and what was said of it.

    A rate of sessions and a rate of traces are two numbers, never one series: whoever pools weeks gets those of one unit.
    Where somebody decided between readers, that counts; else, where several reviewers submitted, the majority of pass and fail decides and a tie is a fail; a mode counts when at
    least half of the reviewers who decided tagged it. A week is closed once every item of its sample has a submitted
    coding, or by hand.
    """
    said: dict[tuple[str, str], list[tuple[Any, ...]]] = {}
    for week, trace, *rest in reader.db.execute(SUBMITTED):
        said.setdefault((week, trace), []).append(tuple(rest))
    drawn = reader.db.execute(ITEMS, (unit,)).fetchall()
    unread = {row[0] for row in drawn if (row[0], row[4]) not in said and row[8] not in ("explore", "calibration")}
    rows = [
        (
            *row[:3],
            bool(row[3]) or row[0] not in unread,
            *row[4:9],
            *_together(said.get((row[0], row[4]), [])),
            *row[9:],
        )
        for row in drawn
    ]
    return pd.DataFrame(rows, columns=ITEM_COLUMNS)


def _together(codings: list[tuple[Any, ...]]) -> tuple[Any, ...]:
    readings = [coding for coding in codings if coding[0] in ("pass", "fail")]
    decided = decisive(readings, reviewer=lambda coding: coding[4], submitted_us=lambda coding: coding[5])
    if not decided:
        return False, "defer" if codings else None, (), {}, None, 0
    fails = sum(coding[0] == "fail" for coding in decided)
    tagged = Counter(mode for coding in decided for mode in json.loads(coding[1]))
    scores: dict[str, list[float]] = {}
    for coding in decided:
        for name, value in json.loads(coding[2]).items():
            scores.setdefault(name, []).append(value)
    return (
        True,
        "fail" if 2 * fails >= len(decided) else "pass",
        tuple(mode for mode, times in tagged.items() if 2 * times >= len(decided)),
        {name: sum(values) / len(values) for name, values in scores.items()},
        max(coding[3] for coding in decided),
        sum(not is_adjudicator(coding[4]) for coding in readings),
    )


def week_traffic(reader: Reader, week: Week) -> pd.DataFrame:
    """Return one row a trace of a week's frozen population: what its sample speaks for."""
    joined = f"{TRAFFIC} JOIN population p ON p.trace = t.n WHERE p.week = ?"
    return _traffic(reader.db.execute(joined, (week.name,)).fetchall())


def sizes(reader: Reader, by: Sequence[str], weeks: Sequence[str]) -> pd.DataFrame:
    """Return one row a stratum and combination of segments of some weeks, with how many traces of the population it holds.

    Raises:
        ValueError: ``by`` names something that is no segment.
    """
    if not set(by) <= set(SEGMENTS):
        raise ValueError(by)
    names = ", ".join(["p.week", "p.stratum", *(f"t.{segment}" for segment in by)])
    holes = ", ".join("?" * len(weeks))
    sql = (
        f"SELECT {names}, count(*) FROM population p JOIN trace t ON t.n = p.trace "  # noqa: S608
        f"WHERE p.week IN ({holes}) GROUP BY {names}"
    )
    return pd.DataFrame(reader.db.execute(sql, tuple(weeks)).fetchall(), columns=[c.WEEK, c.STRATUM, *by, c.SIZE])


def judged(reader: Reader, name: str, weeks: Sequence[str]) -> pd.DataFrame:
    """Return one row a score of a judge on a trace of the populations of some weeks, whatever part it is of."""
    holes = ", ".join("?" * len(weeks))
    sql = (
        "SELECT p.week, p.stratum, t.id, s.value_num, s.value_text FROM score s JOIN population p ON p.trace = s.trace "  # noqa: S608
        "JOIN trace t ON t.n = s.trace WHERE s.name = ? AND s.source != 'human' AND s.target IN ('trace', 'span') "
        f"AND s.data_type IN ('number', 'bool', 'category') AND p.week IN ({holes})"
    )
    rows = reader.db.execute(sql, (name, *weeks)).fetchall()
    return pd.DataFrame(rows, columns=[c.WEEK, c.STRATUM, c.TRACE, c.VALUE, c.LABEL])


def _traffic(rows: Sequence[tuple[Any, ...]]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=TRAFFIC_COLUMNS).astype({c.FLAGGED: bool})
