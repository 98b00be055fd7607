"""The tables behind the scorecard: the traces of a period with all they say of themselves, and what belongs to them."""

from typing import Any

import pandas as pd

from reviewer.model import columns as c
from reviewer.model.period import Period
from reviewer.model.week import SEGMENTS
from reviewer.workspace.file import Reader

TRACES = [
    c.STARTED, c.TIME_BASIS, *SEGMENTS, c.PROVIDER, c.PROMPT_NAME, c.PROMPT_HASH, c.SESSION, c.LATENCY, c.STATUS,
    c.COST, c.TOKENS_IN, c.TOKENS_OUT, c.CACHED_TOKENS, c.CACHE_HIT, c.STRUCTURED_OK, c.ESCALATED, c.TOOL_CALLS,
    c.TOOL_ERRORS, c.RETRIEVALS, c.EMPTY_RETRIEVALS, c.RETRIES, c.FLAGGED, c.ENDING, c.FOLLOW_UPS, c.CORRECTIONS,
    c.PROMPT_CHARS, c.CONTEXT_CHARS, c.SCHEMA_HASH, c.TOOLS_HASH, c.RETRIEVAL_SETTING,
]  # fmt: skip
CALLS = "d.n, d.name, d.is_error, d.error, d.latency_ms, d.arguments_ok, d.fallback"
CALL_COLUMNS = [c.TRACE, c.WORKFLOW, c.CALL, c.TOOL, c.FAILED, c.ERROR, c.LATENCY, c.ARGUMENTS_OK, c.FALLBACK]
DOCUMENTS = "t.started_us, d.source, d.score, d.score_kind, d.rank, d.list_no, d.updated_us, d.stage"
DOCUMENT_COLUMNS = [
    c.TRACE, c.WORKFLOW, c.STARTED, c.SOURCE, c.SCORE, c.SCORE_KIND, c.RANK, c.LIST, c.UPDATED, c.STAGE,
]  # fmt: skip
SCORES = "t.session_id, t.started_us, d.name, d.value_num, d.value_text, d.source"
SCORE_COLUMNS = [c.TRACE, c.WORKFLOW, c.SESSION, c.STARTED, c.SCORE_NAME, c.VALUE, c.LABEL, c.BY]
RETRIEVAL_COLUMNS = [c.TRACE, c.WORKFLOW, c.DOCUMENTS, c.LATENCY]


def traces(reader: Reader, period: Period) -> pd.DataFrame:
    """Return the "traffic" table of a period with every column: one row a trace, the oldest first."""
    condition, values = _condition(period)
    names = ", ".join(f"t.{name}" for name in TRACES)
    sql = f"SELECT t.id, {names} FROM trace t WHERE {condition} ORDER BY t.started_us, t.n"  # noqa: S608
    rows = reader.db.execute(sql, values).fetchall()
    return pd.DataFrame(rows, columns=[c.TRACE, *TRACES]).astype({c.FLAGGED: bool})


def calls(reader: Reader, period: Period) -> pd.DataFrame:
    """Return the "calls" table of a period: one row a tool call, in order within its trace."""
    return _belonging(reader, period, "tool_call", CALLS, CALL_COLUMNS)


def documents(reader: Reader, period: Period) -> pd.DataFrame:
    """Return the "documents" table of a period: one row a document, in order within its trace."""
    return _belonging(reader, period, "document", DOCUMENTS, DOCUMENT_COLUMNS)


def retrievals(reader: Reader, period: Period) -> pd.DataFrame:
    """Return the "retrievals" table of a period: one row a retrieval step."""
    return _belonging(reader, period, "retrieval", "d.documents, d.latency_ms", RETRIEVAL_COLUMNS)


def scores(reader: Reader, period: Period) -> pd.DataFrame:
    """Return the "scores" table of a period: one row a score that came with the traces."""
    return _belonging(reader, period, "score", SCORES, SCORE_COLUMNS)


def _belonging(reader: Reader, period: Period, table: str, wanted: str, columns: list[str]) -> pd.DataFrame:
    condition, values = _condition(period)
    sql = (
        f"SELECT t.id, t.workflow, {wanted} FROM trace t JOIN {table} d ON d.trace = t.n "  # noqa: S608
        f"WHERE {condition} ORDER BY d.trace, d.n"
    )
    return pd.DataFrame(reader.db.execute(sql, values).fetchall(), columns=columns)


def _condition(period: Period) -> tuple[str, tuple[Any, ...]]:
    """Return the condition on ``trace t`` that a period means, with its values."""
    values: tuple[Any, ...]
    if period.weeks:
        holes = ", ".join("?" * len(period.weeks))
        condition, values = f"t.n IN (SELECT trace FROM population WHERE week IN ({holes}))", (*period.weeks,)  # noqa: S608
    else:
        condition, values = "t.started_us >= ? AND t.started_us < ?", (period.start_us, period.end_us)
    if period.by is None:
        return condition, values
    if period.by not in SEGMENTS:
        raise ValueError(period.by)
    # IS compares with NULL too.
    return f"{condition} AND t.{period.by} IS ?", (*values, period.value)
