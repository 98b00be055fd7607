"""Tables of all traffic, as small as a test needs them."""

from typing import Any

import pandas as pd

from reviewer.measure.recorded import Recorded
from reviewer.model import columns as c
from reviewer.workspace.ask import details

DAY_US = 86_400_000_000


def trace(name: str, **changed: Any) -> dict[str, Any]:
    row: dict[str, Any] = dict.fromkeys(details.TRACES)
    row |= dict.fromkeys((c.TOOL_CALLS, c.TOOL_ERRORS, c.RETRIEVALS, c.EMPTY_RETRIEVALS, c.RETRIES), 0)
    return row | {c.TRACE: name, c.STARTED: 1000 * DAY_US, c.FLAGGED: False, c.STATUS: "ok"} | changed


def call(trace: str, n: int, tool: str, failed: int = 0, **changed: Any) -> dict[str, Any]:
    row = {c.TRACE: trace, c.WORKFLOW: None, c.CALL: n, c.TOOL: tool, c.FAILED: failed, c.ERROR: None}
    return row | {c.LATENCY: 10.0, c.ARGUMENTS_OK: 1} | changed


def document(trace: str, source: str, **changed: Any) -> dict[str, Any]:
    row = dict.fromkeys(details.DOCUMENT_COLUMNS)
    return row | {
        c.TRACE: trace, c.SOURCE: source, c.STARTED: 1000 * DAY_US, c.RANK: 0, c.LIST: 0, c.STAGE: "retrieved",
        c.SCORE_KIND: "similarity",
    } | changed  # fmt: skip


def score(
    trace: str, name: str, value: float | None = None, label: str | None = None, **changed: Any
) -> dict[str, Any]:
    row = dict.fromkeys(details.SCORE_COLUMNS)
    return (
        row
        | {c.TRACE: trace, c.STARTED: 0, c.SCORE_NAME: name, c.VALUE: value, c.LABEL: label, c.BY: "human"}
        | changed
    )


def retrieval(trace: str, documents: int, latency_ms: float | None = None) -> dict[str, Any]:
    return {c.TRACE: trace, c.WORKFLOW: "docs", c.DOCUMENTS: documents, c.LATENCY: latency_ms}


def recorded(
    traces: list[dict[str, Any]],
    calls: list[dict[str, Any]] | None = None,
    documents: list[dict[str, Any]] | None = None,
    retrievals: list[dict[str, Any]] | None = None,
    scores: list[dict[str, Any]] | None = None,
) -> Recorded:
    return Recorded(
        pd.DataFrame(traces, columns=[c.TRACE, *details.TRACES]),
        pd.DataFrame(calls or [], columns=details.CALL_COLUMNS),
        pd.DataFrame(documents or [], columns=details.DOCUMENT_COLUMNS),
        pd.DataFrame(retrievals or [], columns=details.RETRIEVAL_COLUMNS),
        pd.DataFrame(scores or [], columns=details.SCORE_COLUMNS),
    )
