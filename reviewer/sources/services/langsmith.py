"""LangSmith over its public interface: runs of a project; codings go back as feedback.

A project is one by its name or id. Written after the published interface and tried against a server of that shape,
never against LangSmith's own.
"""

import uuid
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from reviewer.errors import UsageError
from reviewer.model.clock import iso
from reviewer.model.label import SENDER, Label
from reviewer.model.pull import Wanted
from reviewer.sources.services.client import Client, Refused
from reviewer.sources.services.pages import Page, cursor_in, rows

TITLE = "LangSmith"
TENANT = "x-tenant-id"
"""The header that says which workspace is meant, for keys of an organization."""
PACE_S = 1.0
"""Seconds between two requests: questions for runs are what the service limits most."""

_RUNS = "/api/v2/runs/query"
_OLD_RUNS = "/api/v1/runs/query"
_FEEDBACK = "/api/v1/feedback"
_PAGE = 100
_LONG_AGO = "2000-01-01T00:00:00Z"  # without a time the service looks at the last day alone
_THERE = 409
_NONE_SUCH = frozenset((404, 405))
_OLD = "v1 "
"""Begins the cursor of a server that knows the first version alone."""

_LISTED = ("ID", "NAME", "RUN_TYPE", "START_TIME", "TRACE_ID", "DOTTED_ORDER", "TAGS", "EXTRA")
_ALL = (
    *_LISTED, "STATUS", "END_TIME", "INPUTS", "OUTPUTS", "PARENT_RUN_IDS", "PROJECT_ID", "ERROR", "FIRST_TOKEN_TIME",
    "PROMPT_TOKENS", "COMPLETION_TOKENS", "TOTAL_TOKENS", "TOTAL_COST", "PROMPT_TOKEN_DETAILS",
    "COMPLETION_TOKEN_DETAILS",
)  # fmt: skip


def headers(key: str | None) -> dict[str, str]:
    """Return the headers that carry a key."""
    return {"x-api-key": key} if key else {}


def try_out(client: Client, project: str) -> str:
    """Ask which project is meant."""
    _project(client, project)
    return ""


def page(client: Client, project: str, wanted: Wanted, cursor: str | None) -> Page:
    """Return the next page of traces, by their first runs."""
    period = {"min_start_time": iso(wanted.start_us), "max_start_time": iso(wanted.end_us)}
    more = {"is_root": True, **({"filter": wanted.filter} if wanted.filter else {})}
    found, following = _runs(client, _project(client, project), {**period, **more}, _LISTED, cursor)
    return Page([str(run.get("trace_id") or run.get("id")) for run in found], found, following)


def records(client: Client, project: str, natives: Sequence[str]) -> Iterator[Any]:
    """Yield the runs of some traces; the first of each tells the means of what others than we said of it."""
    number = _project(client, project)
    told = _feedback(client, natives)
    for native in natives:
        cursor: str | None = None
        while True:
            asked = {"trace_id": native, "min_start_time": _LONG_AGO}
            found, cursor = _runs(client, number, asked, _ALL, cursor)
            for run in found:
                run.pop("feedback_stats", None)  # it counts what we said
                yield {**run, **({"feedback_stats": told[native]} if run.get("id") == native and told[native] else {})}
            if cursor is None:
                break


def put(client: Client, project: str, label: Label, own_id: str, remote_id: str | None) -> str | None:
    """Write a label as feedback under our own id, or over what stands there already."""
    words = {"comment": label.explanation or None, **_value(label)}
    new = {
        "id": own_id,
        "run_id": label.span or label.trace,
        "trace_id": label.trace,
        "session_id": _project(client, project),
        "key": label.name,
        **words,
        "feedback_source": {"type": "api", "metadata": {"sender": SENDER, "reviewer": label.reviewer}},
    }
    if remote_id is None:
        try:
            client.ask("POST", _FEEDBACK, new)
            return own_id
        except Refused as why:
            if why.status != _THERE:
                raise
    try:
        client.ask("PATCH", f"{_FEEDBACK}/{own_id}", words)
    except Refused as why:
        if why.status not in _NONE_SUCH:
            raise
        client.ask("POST", _FEEDBACK, new)
    return own_id


def take_back(client: Client, project: str, label: Label, own_id: str, remote_id: str | None) -> None:
    """Delete a label; one that is gone already is no mistake."""
    try:
        client.ask("DELETE", f"{_FEEDBACK}/{own_id}")
    except Refused as why:
        if why.status not in _NONE_SUCH:
            raise


def _value(label: Label) -> dict[str, Any]:
    match label.kind:
        case "verdict":
            return {"score": 1 if label.value == "pass" else 0, "value": label.value}
        case "mode":
            return {"score": 1, "value": "present"}
        case "score":
            return {"score": label.value, "value": None}
        case _:
            return {"score": None, "value": label.value}


def _project(client: Client, project: str) -> str:
    try:
        return str(uuid.UUID(project))
    except ValueError:
        pass
    found = client.get("/api/v1/sessions", name=project, limit=1)
    if not isinstance(found, list) or not found or "id" not in found[0]:
        raise UsageError(f"LangSmith has no project named {project!r}.", "Give its name or its id.")
    return str(found[0]["id"])


def _runs(
    client: Client, project: str, asked: dict[str, Any], selects: Sequence[str], cursor: str | None
) -> tuple[list[dict[str, Any]], str | None]:
    """Return a page of runs and the cursor of the next; an older server is asked in its own words."""
    if cursor is None or not cursor.startswith(_OLD):
        body = {"project_ids": [project], **asked, "selects": list(selects), "page_size": _PAGE}
        try:
            answer = client.ask("POST", _RUNS, {**body, **({"cursor": cursor} if cursor else {})})
            return rows(answer, "items"), cursor_in(answer, "next_cursor")
        except Refused as why:
            if why.status not in _NONE_SUCH or cursor is not None:
                raise
    period = {"min_start_time": "start_time", "max_start_time": "end_time", "trace_id": "trace"}
    body = {"session": [project], **{period.get(name, name): value for name, value in asked.items()}, "limit": _PAGE}
    older = [name.lower() for name in selects if name != "PARENT_RUN_IDS"]
    page = {"cursor": cursor.removeprefix(_OLD)} if cursor else {}
    answer = client.ask("POST", _OLD_RUNS, {**body, "select": [*older, "parent_run_id"], **page})
    following = cursor_in(answer.get("cursors"), "next") if isinstance(answer, dict) else None
    return rows(answer, "runs"), f"{_OLD}{following}" if following else None


def _feedback(client: Client, natives: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Return the mean of each kind of feedback by others, by the trace's first run."""
    scores: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    offset = 0
    while True:
        found = client.get(_FEEDBACK, run=list(natives), limit=_PAGE, offset=offset)
        for one in found or ():
            origin = one.get("feedback_source") or {}
            is_ours = (origin.get("metadata") or {}).get("sender") == SENDER
            if not is_ours and isinstance(one.get("score"), (int, float)):
                scores[str(one.get("run_id"))][str(one.get("key"))].append(float(one["score"]))
        if len(found or ()) < _PAGE:
            break
        offset += _PAGE
    means: dict[str, dict[str, Any]] = defaultdict(dict)
    for run, by_key in scores.items():
        means[run] = {key: {"n": len(held), "avg": sum(held) / len(held)} for key, held in sorted(by_key.items())}
    return means
