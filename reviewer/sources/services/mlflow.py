"""MLflow over its REST interface: traces of an experiment; codings go back as assessments.

A project is an experiment, by number or by name. Checked against the server of mlflow 3.17.
"""

import base64
from collections.abc import Iterator, Sequence
from typing import Any

from reviewer.errors import UsageError
from reviewer.model.label import SENDER, Label
from reviewer.model.pull import Wanted
from reviewer.sources.formats.otel_values import attributes
from reviewer.sources.services.client import Client, Refused
from reviewer.sources.services.pages import SIZE, Page, cursor_in, parted, rows

TITLE = "MLflow"
_TRACES = "/api/3.0/mlflow/traces"
_BATCH = 10  # a whole trace may be large, and the server holds all of them at once
_GONE = 404
_NOT_ALL = frozenset((400, _GONE, 500))


def headers(key: str | None) -> dict[str, str]:
    """Return the headers that carry a key: ``user:password``, or a token."""
    if not key:
        return {}
    if ":" in key:
        return {"authorization": f"Basic {base64.b64encode(key.encode()).decode()}"}
    return {"authorization": f"Bearer {key}"}


def try_out(client: Client, project: str) -> str:
    """Ask for one trace of the experiment."""
    _search(client, project, max_results=1)
    return ""


def page(client: Client, project: str, wanted: Wanted, cursor: str | None) -> Page:
    """Return the next page of traces, the oldest first."""
    # The server counts in milliseconds.
    period = f"timestamp_ms >= {-(-wanted.start_us // 1000)} AND timestamp_ms < {-(-wanted.end_us // 1000)}"
    told = f"{period} AND {wanted.filter}" if wanted.filter else period
    answer = _search(client, project, max_results=SIZE, filter=told, order_by=["timestamp_ms ASC"], page_token=cursor)
    infos = rows(answer, "traces")
    records = [{"info": info, "data": {"spans": []}} for info in infos] if wanted.by else []
    return Page([str(info.get("trace_id")) for info in infos], records, cursor_in(answer, "next_page_token"))


def records(client: Client, project: str, natives: Sequence[str]) -> Iterator[Any]:
    """Yield some traces, with what was assessed by others than us; one that is gone is left out."""
    for some in parted(natives, _BATCH):
        for info, spans in _whole(client, some):
            others = [one for one in info.get("assessments") or () if not _is_ours(one)]
            yield {"info": {**info, "assessments": others}, "data": {"spans": spans}}


def _whole(client: Client, natives: Sequence[str]) -> Iterator[tuple[dict[str, Any], list[Any]]]:
    """Yield what is said of each trace, and its spans: at once, or one by one where the server has not all of them."""
    try:
        answer = client.ask("GET", f"{_TRACES}/batchGet", query={"trace_ids": list(natives)}, again=False)
    except Refused as why:
        # One trace whose spans the server keeps as a file, or has not yet, makes it refuse the whole batch.
        if why.status not in _NOT_ALL:
            raise
        yield from (one for native in natives if (one := _alone(client, native)) is not None)
        return
    for row in rows(answer or {"traces": []}, "traces"):
        yield row.get("trace_info") or {}, [_span(span) for span in row.get("spans") or () if isinstance(span, dict)]


def _alone(client: Client, native: str) -> tuple[dict[str, Any], list[Any]] | None:
    try:
        answer = client.get(f"{_TRACES}/{native}")
    except Refused as why:
        if why.status == _GONE:
            return None
        raise
    info: dict[str, Any] = answer["trace"]["trace_info"]
    # Newer servers answer here too for spans that they keep in their tables.
    file = client.get("/ajax-api/2.0/mlflow/get-trace-artifact", request_id=native)
    return info, rows(file, "spans")


def put(client: Client, project: str, label: Label, own_id: str, remote_id: str | None) -> str | None:
    """Write a label as an assessment; one that we wrote before is changed, also where its number was not kept."""
    remote_id = remote_id or _ours(client, label)
    told = {"rationale": label.explanation, **_value(label)}
    if remote_id:
        body = {"assessment": told, "update_mask": ",".join(told)}
        try:
            client.ask("PATCH", f"{_TRACES}/{label.trace}/assessments/{remote_id}", body)
            return remote_id
        except Refused as why:
            if why.status != _GONE:
                raise
    new = {
        **told,
        "assessment_name": label.name,
        "trace_id": label.trace,
        "source": {"source_type": "HUMAN", "source_id": label.author},
        "metadata": {"kind": label.kind, "reviewer": label.reviewer},
        **({"span_id": label.span} if label.span else {}),
    }
    # Asked twice it would stand there twice.
    answer = client.ask("POST", f"{_TRACES}/{label.trace}/assessments", {"assessment": new}, again=False)
    return str(answer["assessment"]["assessment_id"])


def take_back(client: Client, project: str, label: Label, own_id: str, remote_id: str | None) -> None:
    """Delete a label; one that is gone already is no mistake."""
    remote_id = remote_id or _ours(client, label)
    if remote_id is None:
        return
    try:
        client.ask("DELETE", f"{_TRACES}/{label.trace}/assessments/{remote_id}")
    except Refused as why:
        if why.status != _GONE:
            raise


def _value(label: Label) -> dict[str, Any]:
    if label.kind == "expected":
        return {"expectation": {"value": label.value}}
    return {"feedback": {"value": label.value}}


def _ours(client: Client, label: Label) -> str | None:
    """Return the number of the assessment that says the same of the same reviewer."""
    answer = client.get(f"{_TRACES}/{label.trace}")
    info = (answer or {}).get("trace", {}).get("trace_info", {})
    for one in info.get("assessments") or ():
        if one.get("assessment_name") == label.name and _author(one) == label.author and one.get("valid") is not False:
            return str(one["assessment_id"])
    return None


def _is_ours(assessment: Any) -> bool:
    return _author(assessment).startswith(f"{SENDER}:")


def _author(assessment: Any) -> str:
    by = assessment.get("source") if isinstance(assessment, dict) else None
    return str(by.get("source_id") or "") if isinstance(by, dict) else ""


def _search(client: Client, project: str, **more: Any) -> Any:
    where = {"type": "MLFLOW_EXPERIMENT", "mlflow_experiment": {"experiment_id": experiment(client, project)}}
    body = {"locations": [where], **{name: value for name, value in more.items() if value is not None}}
    answer = client.ask("POST", f"{_TRACES}/search", body)
    return {"traces": [], **answer} if isinstance(answer, dict) else answer


def experiment(client: Client, project: str) -> str:
    """Return the number of an experiment that is given by its number or its name.

    Raises:
        UsageError: there is none of this name.
    """
    if project.isdigit():
        return project
    try:
        answer = client.get("/api/2.0/mlflow/experiments/get-by-name", experiment_name=project)
        return str(answer["experiment"]["experiment_id"])
    except (Refused, KeyError, TypeError) as why:
        if isinstance(why, Refused) and why.status != _GONE:
            raise
        raise UsageError(f"MLflow has no experiment named {project!r}.", "Give its name or its number.") from None


def _span(raw: dict[str, Any]) -> dict[str, Any]:
    """Return a span with its attributes by name, as files have them."""
    return {**raw, "attributes": attributes(raw.get("attributes"))}
