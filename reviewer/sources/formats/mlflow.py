"""MLflow: traces as ``Trace.to_json`` and the search API give them, and the bare spans of a ``traces.json``."""

import base64
import binascii
from collections.abc import Iterator, Sequence
from typing import Any

from reviewer.model.trace import Score, Trace
from reviewer.sources.assemble.about import score
from reviewer.sources.assemble.complete import Given, trace_from_spans
from reviewer.sources.assemble.spans import Span, Status
from reviewer.sources.assemble.unjson import unjson
from reviewer.sources.formats.gathering import ODD_SHAPE
from reviewer.sources.formats.rows import Row, present
from reviewer.sources.identity import native_id
from reviewer.sources.reading import Stored
from reviewer.sources.records import Found, Guess, Note, Value
from reviewer.sources.times import moment_us

NAMES = ("mlflow",)
KIND = "mlflow"

_BY = {"HUMAN": "human", "LLM_JUDGE": "llm", "AI_JUDGE": "llm", "CODE": "code"}
_STATUS: dict[str, Status] = {"OK": "ok", "ERROR": "error"}


def looks_like(head: Sequence[Value], name: str) -> Guess | None:
    """Return a guess if a value is a trace with its spans, a row of a search, or spans with MLflow's attributes."""
    for value in head:
        info, spans = _parts(value.value)
        if info and isinstance(spans, list):
            return Guess("mlflow", "traces with info and data.spans")
        if spans and isinstance(spans[0], dict) and "mlflow.spanType" in (spans[0].get("attributes") or {}):
            return Guess("mlflow", "spans with mlflow.spanType")
    return None


def read(stored: Stored, note: Note) -> Iterator[Found]:
    """Yield a trace for every record."""
    for value in stored.values(note, checked=True):
        try:
            trace, warnings = _trace(value.value)
        except ODD_SHAPE as why:
            note(stored.problem(f"no trace of MLflow: {why}", value.line, value.member))
            continue
        for warning in warnings:
            note(stored.problem(warning, value.line, value.member, lost=False))
        yield Found(trace, value.line, value.member)


def _parts(record: Any) -> tuple[dict[str, Any], list[Any] | None]:
    """Return what a record says of the trace, and its spans; a row of a search holds the whole trace as JSON."""
    if not isinstance(record, dict):
        return {}, None
    if isinstance(whole := unjson(record.get("trace")), dict) and "info" in whole:
        record = whole
    info, data = record.get("info"), record.get("data")
    spans = data.get("spans") if isinstance(data, dict) else record.get("spans")
    return (info if isinstance(info, dict) else {}), (spans if isinstance(spans, list) else None)


def _trace(record: Any) -> tuple[Trace, list[str]]:
    info, raws = _parts(record)
    trace_id = native_id(info.get("trace_id") or info.get("request_id"))
    if raws is None or (trace_id is None and not raws):
        raise ValueError("it has neither info nor spans")
    spans = [_span(raw) for raw in raws if isinstance(raw, dict)]
    if trace_id is None:
        trace_id = f"tr-{spans[0].trace_id}"
    held, tags = (info[key] if isinstance(info.get(key), dict) else {} for key in ("trace_metadata", "tags"))
    about = present(
        {**{k: v for k, v in held.items() if not k.startswith("mlflow.trace.tokenUsage")}, "metadata": tags}
    )
    for span in spans:
        span.trace_id, span.resource = trace_id, about
    trace = Trace(KIND, trace_id, "mlflow", name=str(tags.get("mlflow.traceName") or ""))
    trace.started_us = moment_us(info.get("request_time") or info.get("timestamp_ms"))
    trace.release = held.get("mlflow.source.git.commit")
    trace.status = {"OK": "ok", "ERROR": "error", "IN_PROGRESS": "running"}.get(str(info.get("state")), "unset")  # type: ignore[assignment]
    scores = [made for one in info.get("assessments") or () if (made := _score(one)) is not None]
    if not spans:
        spans = [Span(trace_id, trace_id, None, trace.name, {}, trace.started_us, resource=about)]
    given = Given(unjson(held.get("mlflow.traceInputs")), unjson(held.get("mlflow.traceOutputs")), scores)
    # The previews are cut: they stand in only where no span holds anything.
    return trace_from_spans(trace, spans, given if not raws else Given(scores=scores))


def _span(raw: Row) -> Span:
    context = raw.get("context")
    ids: Row = context if isinstance(context, dict) else raw
    status = raw.get("status")
    code = status.get("code") if isinstance(status, dict) else raw.get("status_code")
    attributes = {name: unjson(value) for name, value in (raw.get("attributes") or {}).items()}
    return Span(
        _id(ids.get("trace_id")) or "",
        _id(ids.get("span_id")) or "",
        _id(raw.get("parent_span_id") or raw.get("parent_id")),
        str(raw.get("name") or ""),
        {name: value.strip('"') if name == "mlflow.spanType" else value for name, value in attributes.items()},
        moment_us(raw.get("start_time_unix_nano") or raw.get("start_time")),
        moment_us(raw.get("end_time_unix_nano") or raw.get("end_time")),
        _STATUS.get(str(code).removeprefix("STATUS_CODE_"), "unset"),
        str(status.get("message") or "") if isinstance(status, dict) else "",
    )


def _id(value: Any) -> str | None:
    """Return an id in hex: MLflow writes bytes in base64, older versions hex with 0x."""
    if not isinstance(value, str) or not value:
        return None
    if value.startswith("0x"):
        return value[2:]
    try:
        data = base64.b64decode(value, validate=True)
    except (ValueError, binascii.Error):
        return value
    return data.hex() if len(data) in (8, 16) else value


def _score(raw: Any) -> Score | None:
    """Return an assessment as a score; one that a later one replaced is none."""
    if not isinstance(raw, dict) or raw.get("valid") is False or not isinstance(raw.get("assessment_name"), str):
        return None
    by = raw.get("source")
    source = _BY.get(str(by.get("source_type")) if isinstance(by, dict) else "", "api")
    expectation = raw.get("expectation")
    feedback = raw.get("feedback")
    if isinstance(expectation, dict):
        held = expectation.get("serialized_value")
        value = unjson(held.get("value")) if isinstance(held, dict) else expectation.get("value")
        made = score(raw["assessment_name"], value, source)  # type: ignore[arg-type]
        made.value_text = made.value_text or str(value)
        made.data_type = "expectation"
    elif isinstance(feedback, dict):
        made = score(raw["assessment_name"], feedback.get("value"), source)  # type: ignore[arg-type]
    else:
        return None
    made.author = by.get("source_id") if isinstance(by, dict) and isinstance(by.get("source_id"), str) else None
    made.comment = raw.get("rationale") if isinstance(raw.get("rationale"), str) else None
    if raw.get("span_id"):
        made.target, made.target_id = "span", _id(raw["span_id"])
    return made
