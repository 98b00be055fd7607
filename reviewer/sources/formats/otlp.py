"""OTLP: what OpenTelemetry exporters and the collector's file exporter write, one request a line or one a file.

JSON here; ``reviewer.sources.requests`` gives requests in protobuf in the same shape. Also takes base64 ids, snake case, old library spans, and log records that carry the content of model calls; these
are joined by trace and span.
"""

from collections.abc import Collection, Iterator, Sequence
from typing import Any

from reviewer.model.trace import Trace
from reviewer.sources.assemble.spans import Span, SpanLog
from reviewer.sources.formats.gathering import KIND, ODD_SHAPE, Piece, across, assembled, decoded_each, told
from reviewer.sources.formats.otel_values import any_value, attributes, nanoseconds, native_id, status
from reviewer.sources.reading import Stored
from reviewer.sources.records import Found, Guess, Note, Value
from reviewer.sources.requests import Requests

NAMES: tuple[str, ...] = ("otlp_json", Requests.format)

_SPANS = ("resourceSpans", "resource_spans")
_LOGS = ("resourceLogs", "resource_logs")
_SCOPES = ("scopeSpans", "scope_spans", "instrumentationLibrarySpans", "instrumentation_library_spans")
_LOG_SCOPES = ("scopeLogs", "scope_logs", "instrumentationLibraryLogs")
_OTHERS = ("resourceMetrics", "resource_metrics", "resourceProfiles")


def looks_like(head: Sequence[Value], name: str) -> Guess | None:
    """Return a guess if a value is a request with spans or log records by resource."""
    for value in head:
        if isinstance(value.value, dict):
            for key in (*_SPANS, *_LOGS, *_SCOPES, *_LOG_SCOPES):
                if isinstance(value.value.get(key), list):
                    return Guess(NAMES[0], f"requests with {key}")
    return None


def read(stored: Stored, note: Note) -> Iterator[Found]:
    """Yield the traces of a file; a trace that later lines add to is given again, whole, as a replacement."""
    yield from assembled(stored, note, lambda tell: _pieces(stored, tell), decode, _name(stored))


def read_across(files: Sequence[Stored], wanted: Collection[str], note: Note) -> Iterator[Found]:
    """Yield the traces of which several files hold spans, each whole, as replacements of what those files gave."""

    def pieces() -> Iterator[Piece]:
        for stored in files:
            yield from _pieces(stored, lambda _: None)  # told already when the file was read by itself

    for whole in across(pieces, decode, wanted):
        trace = told(whole, files[-1], note, Trace(KIND, whole.trace_id, _name(files[-1])))
        if trace is not None:
            yield Found(trace, whole.line, whole.member, replaces_earlier=True)


def _name(stored: Stored) -> str:
    return stored.format if isinstance(stored, Requests) else NAMES[0]


def _pieces(stored: Stored, note: Note) -> Iterator[Piece]:
    for value in stored.values(note, checked=False, exact=False):
        request = _as_request(value.value)
        if not isinstance(request, dict) or not any(key in request for key in (*_SPANS, *_LOGS, *_OTHERS)):
            note(stored.problem("no OTLP request: it has no resourceSpans", value.line, value.member))
            continue
        by_trace: dict[str, Piece] = {}
        nameless = _sort_spans(request, by_trace) + _sort_logs(request, by_trace)
        if nameless:
            note(stored.problem(f"{nameless} spans have no trace id or no span id", value.line, value.member))
        for piece in by_trace.values():
            piece.line, piece.member = value.line, value.member
            yield piece


def _as_request(value: Any) -> Any:
    """Return a value as a request: the spans of one resource, which some tools write alone, are one."""
    if isinstance(value, dict):
        for scopes, resources in ((_SCOPES, _SPANS), (_LOG_SCOPES, _LOGS)):
            if any(isinstance(value.get(key), list) for key in scopes):
                return {resources[0]: [value]}
    return value


def _sort_spans(request: dict[str, Any], by_trace: dict[str, Piece]) -> int:
    """Sort the raw spans of a request by trace; return how many could not be told."""
    nameless = 0
    for resource, spans in _inside(request, _SPANS, _SCOPES, "spans"):
        held: dict[Any, Piece] = {}
        for raw in spans:
            # Most spans of a batch share one trace: its id is worked out once.
            raw_id = raw.get("traceId") or raw.get("trace_id") if isinstance(raw, dict) else None
            piece = held.get(raw_id) if isinstance(raw_id, str) else None
            if piece is None:
                trace_id = _id_or_none(raw_id)
                if trace_id is None:
                    nameless += 1
                    continue
                piece = by_trace.get(trace_id)
                if piece is None:
                    piece = by_trace[trace_id] = Piece(trace_id)
                if isinstance(raw_id, str):
                    held[raw_id] = piece
            piece.spans.append((raw, resource))
    return nameless


def _sort_logs(request: dict[str, Any], by_trace: dict[str, Piece]) -> int:
    for resource, records in _inside(request, _LOGS, _LOG_SCOPES, "logRecords"):
        for raw in records:
            if isinstance(raw, dict):
                trace_id = _id_or_none(raw.get("traceId") or raw.get("trace_id"))
                if trace_id is not None and _log_name(raw):
                    by_trace.setdefault(trace_id, Piece(trace_id)).logs.append((raw, resource))
    return 0


def _id_or_none(raw: Any) -> str | None:
    try:
        return native_id(raw)
    except (ValueError, TypeError):
        return None


def _inside(
    request: dict[str, Any], outer: tuple[str, ...], scopes: tuple[str, ...], inner: str
) -> Iterator[tuple[Any, list[Any]]]:
    """Yield each scope's items with the raw attributes of their resource."""
    for group in _first_list(request, outer):
        if not isinstance(group, dict):
            continue
        resource = group.get("resource")
        resource = resource.get("attributes") if isinstance(resource, dict) else None
        for scope in _first_list(group, scopes):
            if isinstance(scope, dict):
                yield resource, _first_list(scope, (inner, "log_records"))


def _first_list(value: dict[str, Any], keys: tuple[str, ...]) -> list[Any]:
    for key in keys:
        held = value.get(key)
        if isinstance(held, list):
            return held
    return []


def decode(piece: Piece, faults: list[str]) -> list[Span]:
    """Return the spans of a piece with its log records joined; records without their span become spans."""
    resources: dict[int, dict[str, Any]] = {}
    trace_id = piece.trace_id

    def one(raw: dict[str, Any], resource: Any) -> Span:
        known = resources.get(id(resource))
        if known is None:
            known = resources[id(resource)] = attributes(resource)
        return _span(raw, trace_id, known)

    spans = decoded_each(piece, one, faults)
    if piece.logs:
        _join_logs(spans, piece, faults)
    return spans


def _span(raw: dict[str, Any], trace_id: str, resource: dict[str, Any]) -> Span:
    get = raw.get
    span_id = native_id(get("spanId") or get("span_id"))
    if span_id is None:
        raise ValueError("no span id")
    started = nanoseconds(get("startTimeUnixNano") or get("start_time_unix_nano"))
    ended = nanoseconds(get("endTimeUnixNano") or get("end_time_unix_nano"))
    outcome, message = status(get("status"))
    span = Span(
        trace_id,
        span_id,
        native_id(get("parentSpanId") or get("parent_span_id")),
        str(get("name") or ""),
        attributes(get("attributes")),
        started if started is not None else ended,
        ended if ended is not None else started,
        outcome,
        message,
        resource=resource,
    )
    if raw_logs := get("events"):
        span.logs = [_log(one) for one in raw_logs]
    if get("droppedAttributesCount") or get("dropped_attributes_count") or get("droppedEventsCount"):
        span.truncated = True
    return span


def _log(raw: dict[str, Any]) -> SpanLog:
    attrs = attributes(raw.get("attributes"))
    name = raw.get("name") or raw.get("eventName") or raw.get("event_name") or attrs.get("event.name") or ""
    at = nanoseconds(raw.get("timeUnixNano") or raw.get("time_unix_nano") or raw.get("observedTimeUnixNano"))
    return SpanLog(str(name), attrs, any_value(raw.get("body")), at)


def _log_name(raw: dict[str, Any]) -> str:
    """Return the name of a log record, empty for plain lines of a log."""
    name = raw.get("eventName") or raw.get("event_name")
    if name:
        return str(name)
    for pair in _first_list(raw, ("attributes",)):
        if isinstance(pair, dict) and pair.get("key") == "event.name":
            return str(any_value(pair.get("value")) or "")
    return ""


def _join_logs(spans: list[Span], piece: Piece, faults: list[str]) -> None:
    by_id = {span.span_id: span for span in spans}
    for raw, resource in piece.logs:
        try:
            log = _log(raw)
            span_id = native_id(raw.get("spanId") or raw.get("span_id")) or f"log-{len(by_id)}"
        except ODD_SHAPE as why:
            faults.append(f"a log record has a shape that is not understood ({why})")
            continue
        span = by_id.get(span_id)
        if span is None:
            span = Span(piece.trace_id, span_id, None, log.name, dict(log.attrs), log.at_us, log.at_us)
            span.resource = attributes(resource)
            by_id[span_id] = span
            spans.append(span)
        span.logs.append(log)
