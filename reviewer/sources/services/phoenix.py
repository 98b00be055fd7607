"""Arize Phoenix over its REST interface: traces, their spans and annotations; codings go back as annotations.

Checked against the server of arize-phoenix 20.26.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any
from urllib.parse import quote

from reviewer.model.clock import iso
from reviewer.model.label import SENDER, Label
from reviewer.model.pull import Wanted
from reviewer.sources.services.client import Client, Refused
from reviewer.sources.services.pages import SIZE, Page, cursor_in, parted, rows

TITLE = "Phoenix"
WITHDRAWN = "withdrawn"
"""Stands in place of a label that was taken back: annotations can be deleted by name alone, on all traces at once."""

_SPANS = 1000
_SPANS_NAMED = 100  # ids in one address
_NONE_SUCH = 404


def headers(key: str | None) -> dict[str, str]:
    """Return the headers that carry a key."""
    return {"authorization": f"Bearer {key}"} if key else {}


def try_out(client: Client, project: str) -> str:
    """Ask for one trace of the project."""
    rows(client.get(f"{_at(project)}/traces", limit=1), "data")
    return ""


def page(client: Client, project: str, wanted: Wanted, cursor: str | None) -> Page:
    """Return the next page of traces, the oldest first; with segments also their root spans."""
    answer = client.get(
        f"{_at(project)}/traces",
        start_time=iso(wanted.start_us),
        end_time=iso(wanted.end_us),
        sort="start_time",
        order="asc",
        limit=SIZE,
        cursor=cursor,
        filter=wanted.filter or None,
    )
    natives = [str(row.get("trace_id")) for row in rows(answer, "data")]
    records = list(_spans(client, project, natives, parent_id="null")) if wanted.by and natives else []
    return Page(natives, records, cursor_in(answer, "next_cursor"))


def records(client: Client, project: str, natives: Sequence[str]) -> Iterator[Any]:
    """Yield the spans of some traces, with what was annotated by others than us."""
    spans = list(_spans(client, project, natives))
    on_traces = _annotations(client, project, "trace", natives)
    on_spans = _annotations(client, project, "span", [_span_id(span) for span in spans])
    on_sessions = _on_sessions(client, project, spans)
    for span in spans:
        attributes = span.setdefault("attributes", {})
        _add(attributes, "annotations", on_spans.get(_span_id(span), ()))
        if not span.get("parent_id"):
            _add(attributes, "trace.annotations", on_traces.pop(str((span.get("context") or {}).get("trace_id")), ()))
            _add(attributes, "session.annotations", on_sessions.get(_session(span), ()))
        yield span


def put(client: Client, project: str, label: Label, own_id: str, remote_id: str | None) -> str | None:
    """Write a label as an annotation of the trace, or of the span that it points at; the author tells ours apart."""
    return _annotate(client, label, _result(label))


def take_back(client: Client, project: str, label: Label, own_id: str, remote_id: str | None) -> None:
    """Say of a label that it was withdrawn."""
    _annotate(client, label, {"label": WITHDRAWN})


def _annotate(client: Client, label: Label, result: dict[str, Any]) -> str | None:
    target = "span" if label.span else "trace"
    row = {
        f"{target}_id": label.span or label.trace,
        "name": label.name,
        "annotator_kind": "HUMAN",
        "result": result,
        "identifier": label.author,
        "metadata": {"kind": label.kind, "reviewer": label.reviewer},
    }
    answer = client.ask("POST", f"/v1/{target}_annotations", {"data": [row]}, {"sync": "true"})
    written = rows(answer, "data")
    return str(written[0]["id"]) if written and "id" in written[0] else None


def _result(label: Label) -> dict[str, Any]:
    told: dict[str, Any] = {"explanation": label.explanation} if label.explanation else {}
    match label.kind:
        case "verdict":
            return {"label": str(label.value), "score": 1.0 if label.value == "pass" else 0.0, **told}
        case "mode":
            return {"label": "present", "score": 1.0, **told}
        case "score":
            return {"score": float(label.value), **told}
        case "document":
            return {"label": str(label.value), **told}
        case _:
            return {"label": "expected", "explanation": str(label.value)}


def _at(project: str) -> str:
    return f"/v1/projects/{quote(project, safe='')}"


def _spans(client: Client, project: str, natives: Sequence[str], **more: str) -> Iterator[dict[str, Any]]:
    cursor = None
    while True:
        query = {"trace_id": list(natives), "limit": _SPANS, "cursor": cursor, **more}
        answer = client.get(f"{_at(project)}/spans", **query)
        yield from rows(answer, "data")
        cursor = cursor_in(answer, "next_cursor")
        if cursor is None:
            return


def _on_sessions(client: Client, project: str, spans: Sequence[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """Return what others annotated of the sessions of root spans; nothing where the server is too old to be asked."""
    sessions = [_session(span) for span in spans if not span.get("parent_id")]
    try:
        return _annotations(client, project, "session", list(dict.fromkeys(filter(None, sessions))))
    except Refused as why:
        if why.status != _NONE_SUCH:
            raise
        return {}


def _annotations(client: Client, project: str, target: str, ids: Sequence[str]) -> dict[str, list[dict[str, Any]]]:
    """Return what others annotated, by the id of its target, in an order that does not depend on the page."""
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for some in parted(ids, _SPANS_NAMED):
        cursor = None
        while True:
            query = {f"{target}_ids": list(some), "limit": _SPANS, "cursor": cursor}
            answer = client.get(f"{_at(project)}/{target}_annotations", **query)
            for row in rows(answer, "data"):
                if not str(row.get("identifier") or "").startswith(f"{SENDER}:"):
                    found[str(row.get(f"{target}_id"))].append(row)
            cursor = cursor_in(answer, "next_cursor")
            if cursor is None:
                break
    for held in found.values():
        held.sort(key=lambda row: str(row.get("id")))
    return found


def _add(attributes: dict[str, Any], under: str, annotations: Iterable[dict[str, Any]]) -> None:
    """Write annotations as the attributes that OpenInference has for them, after those that the span brought along."""
    taken = {
        int(n)
        for key in attributes
        if key.startswith(f"{under}.") and (n := key[len(under) + 1 :].split(".")[0]).isdigit()
    }
    for place, row in enumerate(annotations, max(taken, default=-1) + 1):
        result = row.get("result") or {}
        told = {**{key: row.get(key) for key in ("name", "annotator_kind", "identifier")}, **result}
        for key, value in told.items():
            if value not in (None, ""):
                attributes[f"{under}.{place}.annotation.{key}"] = value


def _session(span: dict[str, Any]) -> str:
    return str((span.get("attributes") or {}).get("session.id") or "")


def _span_id(span: dict[str, Any]) -> str:
    return str((span.get("context") or {}).get("span_id"))
