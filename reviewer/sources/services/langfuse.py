"""Langfuse over its public interface: observations and scores of version 4 and the cloud, traces of servers of version 3.

The key is both keys of a project, ``pk-lf-...:sk-lf-...``, which belong to one project alone. Written after the
published interface and tried against a server of that shape, never against Langfuse's own.
"""

import base64
import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import quote

from reviewer.errors import UsageError
from reviewer.model.clock import iso
from reviewer.model.label import SENDER, Label
from reviewer.model.pull import Wanted
from reviewer.sources.jsontext import printable
from reviewer.sources.services.client import Client, Refused
from reviewer.sources.services.pages import SIZE, Page, cursor_in, rows

TITLE = "Langfuse"
_OBSERVATIONS = "/api/public/v2/observations"
_TRACES = "/api/public/traces"
_SCORES = "/api/public/scores"
_LISTED = "core,basic,trace_context"
_ALL = "core,basic,time,io,metadata,model,usage,prompt,metrics,trace_context"
_MOST = 1000
_FEW = 100  # a page of scores, and of traces of version 3
_GONE = 404
_REMARK = 300  # characters
_OLD = "page "
"""Begins the cursor of a server that counts its pages."""

_OF_TRACE = ("userId", "sessionId", "tags", "release", "environment", "version")


def headers(key: str | None) -> dict[str, str]:
    """Return the headers that carry both keys.

    Raises:
        UsageError: one of them is missing.
    """
    if not key or ":" not in key:
        raise UsageError("Langfuse needs both keys of a project.", "Give them as PUBLIC:SECRET.")
    return {"authorization": f"Basic {base64.b64encode(key.encode()).decode()}"}


def try_out(client: Client, project: str) -> str:
    """Ask for one observation, or of an older server for one trace; return until when that one answers, if it says so."""
    if not _is_old(client):
        return ""
    answer = client.get(_TRACES, limit=1)
    rows(answer, "data")
    told = answer.get("_deprecation")
    return printable(str(told.get("message") or ""))[:_REMARK] if isinstance(told, dict) else ""


def page(client: Client, project: str, wanted: Wanted, cursor: str | None) -> Page:
    """Return the next page of traces, by their first observations; of an older server by its traces."""
    if (cursor or "").startswith(_OLD) or (cursor is None and _is_old(client)):
        return _old_page(client, wanted, int((cursor or f"{_OLD}1").removeprefix(_OLD)))
    told = [
        {"type": "boolean", "column": "isRootObservation", "operator": "=", "value": True},
        {"type": "datetime", "column": "startTime", "operator": ">=", "value": iso(wanted.start_us)},
        {"type": "datetime", "column": "startTime", "operator": "<", "value": iso(wanted.end_us)},
        *_conditions(wanted.filter),
    ]
    answer = client.get(_OBSERVATIONS, filter=json.dumps(told), fields=_LISTED, limit=SIZE, cursor=cursor)
    found = rows(answer, "data")
    return Page([str(row.get("traceId")) for row in found], found, cursor_in(answer.get("meta"), "cursor"))


def records(client: Client, project: str, natives: Sequence[str]) -> Iterator[Any]:
    """Yield some traces with their observations, and with what was scored by others than us."""
    if _is_old(client):
        yield from (one for native in natives if (one := _old_trace(client, native)) is not None)
        return
    scores = _scores(client, natives)
    for native in natives:
        observations = list(_observations(client, native))
        if observations:
            yield {"trace": _trace(native, observations, scores[native]), "observations": observations}


def put(client: Client, project: str, label: Label, own_id: str, remote_id: str | None) -> str | None:
    """Write a label as a score under our own id: the same id again is the same score."""
    body = {
        "id": own_id,
        "traceId": label.trace,
        **({"observationId": label.span} if label.span else {}),
        "name": label.name,
        **_value(label),
        **({"comment": label.explanation} if label.explanation else {}),
        "metadata": {"sender": SENDER, "kind": label.kind, "reviewer": label.reviewer},
    }
    client.ask("POST", _SCORES, body)
    return own_id


def take_back(client: Client, project: str, label: Label, own_id: str, remote_id: str | None) -> None:
    """Delete a label; one that is gone already is no mistake."""
    try:
        client.ask("DELETE", f"{_SCORES}/{quote(own_id, safe='')}")
    except Refused as why:
        if why.status != _GONE:
            raise


def _value(label: Label) -> dict[str, Any]:
    match label.kind:
        case "mode":
            return {"value": 1, "dataType": "BOOLEAN"}
        case "score":
            return {"value": label.value, "dataType": "NUMERIC"}
        case "verdict" | "document":
            return {"value": label.value, "dataType": "CATEGORICAL"}
        case _:
            return {"value": label.value, "dataType": "TEXT"}


def _is_old(client: Client) -> bool:
    """Return whether the server has no observations of the second version."""
    try:
        client.get(_OBSERVATIONS, limit=1)
    except Refused as why:
        if why.status != _GONE:
            raise
        return True
    return False


def _conditions(filter: str) -> list[Any]:
    if not filter:
        return []
    try:
        held = json.loads(filter)
    except ValueError:
        held = None
    if not isinstance(held, list):
        raise UsageError("A filter of Langfuse is a JSON list of conditions.", 'Such as [{"column": "name", ...}].')
    return held


def _observations(client: Client, native: str) -> Iterator[dict[str, Any]]:
    cursor = None
    while True:
        answer = client.get(_OBSERVATIONS, traceId=native, fields=_ALL, limit=_MOST, cursor=cursor)
        yield from rows(answer, "data")
        cursor = cursor_in(answer.get("meta"), "cursor")
        if cursor is None:
            return


def _trace(native: str, observations: Sequence[dict[str, Any]], scores: list[Any]) -> dict[str, Any]:
    """Return what the observations say of their trace, the first one first."""
    ordered = sorted(observations, key=lambda row: str(row.get("startTime")))
    about = {key: next((row[key] for row in ordered if row.get(key)), None) for key in ("traceName", *_OF_TRACE)}
    name = about.pop("traceName")
    return {"id": native, "name": name, "timestamp": ordered[0].get("startTime"), **about, "scores": scores}


def _scores(client: Client, natives: Sequence[str]) -> dict[str, list[dict[str, Any]]]:
    """Return what others scored, by trace, as the format has it."""
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    cursor = None
    while True:
        answer = client.get(
            "/api/public/v3/scores",
            traceId=",".join(natives),
            fields="details,subject,annotation",
            limit=_FEW,
            cursor=cursor,
        )
        for row in rows(answer, "data"):
            subject = row.get("subject") or {}
            is_observation = subject.get("kind") == "observation"
            trace = str(subject.get("traceId") if is_observation else subject.get("id"))
            if not _is_ours(row):
                found[trace].append(
                    {**row, "traceId": trace, "observationId": subject["id"] if is_observation else None}
                )
        cursor = cursor_in(answer.get("meta"), "cursor")
        if cursor is None:
            break
    for held in found.values():
        held.sort(key=lambda row: str(row.get("id")))
    return found


def _is_ours(score: Any) -> bool:
    metadata = score.get("metadata") if isinstance(score, dict) else None
    return isinstance(metadata, dict) and metadata.get("sender") == SENDER


def _old_page(client: Client, wanted: Wanted, number: int) -> Page:
    answer = client.get(
        _TRACES, page=number, limit=_FEW, fromTimestamp=iso(wanted.start_us), toTimestamp=iso(wanted.end_us),
        orderBy="timestamp.asc", fields="core", filter=json.dumps(_conditions(wanted.filter)) if wanted.filter else None,
    )  # fmt: skip
    found = rows(answer, "data")
    pages = (answer.get("meta") or {}).get("totalPages")
    more = isinstance(pages, int) and number < pages
    return Page([str(row.get("id")) for row in found], found, f"{_OLD}{number + 1}" if more else None)


def _old_trace(client: Client, native: str) -> dict[str, Any] | None:
    try:
        trace: dict[str, Any] = client.get(f"{_TRACES}/{quote(native, safe='')}")
    except Refused as why:
        if why.status == _GONE:
            return None
        raise
    others = [score for score in trace.get("scores") or () if not _is_ours(score)]
    observations = trace.pop("observations", None) or []
    return {"trace": {**trace, "scores": others}, "observations": observations}
