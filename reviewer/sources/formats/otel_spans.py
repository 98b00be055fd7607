"""Spans one by one, as tools print, export and list them: flat lists, JavaScript, the console, Phoenix, Jaeger."""

from collections.abc import Collection, Iterator, Sequence
from typing import Any

from reviewer.model.trace import Trace
from reviewer.sources.assemble.spans import Span, SpanLog
from reviewer.sources.attributes import METADATA
from reviewer.sources.formats.gathering import KIND, Piece, across, assembled, decoded_each, told
from reviewer.sources.formats.otel_values import attributes, moment, native_id, status
from reviewer.sources.reading import Stored
from reviewer.sources.records import Found, Guess, Note, Value

NAMES: tuple[str, ...] = ("otel_flat", "otel_js", "otel_console", "phoenix", "jaeger")

_DEPTH = 12


def looks_like(head: Sequence[Value], name: str) -> Guess | None:
    """Return a guess if a value is a span, a list of spans under ``spans``, or Jaeger's ``data``."""
    for value in head:
        raws = list(_spans_in(value.value))
        if raws:
            format_name = _format(value.value, raws[0])
            if format_name:
                return Guess(format_name, f"spans with {', '.join(list(raws[0])[:4])}")
    return None


def _format(value: Any, raw: dict[str, Any]) -> str | None:
    if isinstance(value, dict) and "spans" not in value and isinstance(value.get("data"), list):
        return "jaeger"
    if isinstance(raw.get("spanContext"), dict):
        return "otel_js"
    context = raw.get("context")
    if isinstance(context, dict) and context.get("trace_id"):
        return "phoenix" if "status_code" in raw or "span_kind" in raw else "otel_console"
    flat = isinstance(raw.get("attributes"), dict) and raw.get("trace_id") and raw.get("span_id")
    return "otel_flat" if flat else None


def read(stored: Stored, note: Note) -> Iterator[Found]:
    """Yield the traces of a file, put together from their spans, in the order in which they first appear."""
    guess = looks_like(stored.head(), stored.name)
    name = guess.format if guess else NAMES[0]
    yield from assembled(stored, note, lambda tell: _pieces(stored, tell), _decode, name, early=False)


def read_across(files: Sequence[Stored], wanted: Collection[str], note: Note) -> Iterator[Found]:
    """Yield the traces of which several files hold spans, each whole, as replacements of what those files gave."""

    def pieces() -> Iterator[Piece]:
        for stored in files:
            yield from _pieces(stored, lambda _: None)  # told already when the file was read by itself

    guess = looks_like(files[-1].head(), files[-1].name)
    name = guess.format if guess else NAMES[0]
    for whole in across(pieces, _decode, wanted):
        trace = told(whole, files[-1], note, Trace(KIND, whole.trace_id, name))
        if trace is not None:
            yield Found(trace, whole.line, whole.member, replaces_earlier=True)


def _pieces(stored: Stored, note: Note) -> Iterator[Piece]:
    for value in stored.values(note, checked=False):
        by_trace: dict[str, Piece] = {}
        for raw in _spans_in(value.value):
            trace_id = _trace_id(raw)
            if trace_id is not None:
                piece = by_trace.setdefault(trace_id, Piece(trace_id, line=value.line, member=value.member))
                piece.spans.append((raw, _beside(value.value)))
        if not by_trace:
            note(stored.problem("no span: it has no trace id", value.line, value.member))
        yield from by_trace.values()


def _spans_in(value: Any) -> Iterator[dict[str, Any]]:
    """Yield the raw spans of a value: itself, those of its list, or Jaeger's by trace."""
    if not isinstance(value, dict):
        return
    if isinstance(value.get("spans"), list):
        yield from (raw for raw in value["spans"] if isinstance(raw, dict))
    elif isinstance(value.get("data"), list):
        for trace in value["data"]:
            if isinstance(trace, dict) and isinstance(trace.get("spans"), list):
                yield from _from_jaeger(trace)
    else:
        yield value


def _beside(value: dict[str, Any]) -> dict[str, Any]:
    """Return what stands beside a list of spans and is said of all of them."""
    if not isinstance(value.get("spans"), list):
        return {}
    told = {key: item for key, item in value.items() if isinstance(item, str)}
    return {METADATA["json"][0]: told} if told else {}


def _trace_id(raw: dict[str, Any]) -> str | None:
    try:
        return native_id(_context(raw).get("trace_id") or _context(raw).get("traceId"))
    except (TypeError, ValueError):
        return None


def _context(raw: dict[str, Any]) -> dict[str, Any]:
    for key in ("context", "spanContext", "span_context"):
        held = raw.get(key)
        if isinstance(held, dict):
            return held
    return raw


def _decode(piece: Piece, faults: list[str]) -> list[Span]:
    return decoded_each(piece, lambda raw, beside: _span(raw, piece.trace_id, beside or {}), faults)


def _span(raw: dict[str, Any], trace_id: str, beside: dict[str, Any]) -> Span:
    context = _context(raw)
    span_id = native_id(context.get("span_id") or context.get("spanId"))
    if span_id is None:
        raise ValueError("no span id")
    above = raw.get("parentSpanContext")
    parent = raw.get("parent_span_id") or raw.get("parent_id") or raw.get("parentSpanId")
    if isinstance(above, dict):
        parent = above.get("spanId")
    started = moment(_first(raw, "start_time", "startTime", "start_time_unix_nano"))
    ended = moment(_first(raw, "end_time", "endTime", "end_time_unix_nano"))
    outcome, message = status(raw.get("status") if raw.get("status") is not None else raw.get("status_code"))
    resource = raw.get("resource")
    resource = resource.get("attributes") if isinstance(resource, dict) else None
    attrs = _written_out(attributes(raw.get("attributes")))
    if isinstance(raw.get("span_kind"), str):
        attrs.setdefault("span.kind", raw["span_kind"])
    return Span(
        trace_id,
        span_id,
        native_id(parent),
        str(raw.get("name") or ""),
        attrs,
        started if started is not None else ended,
        ended if ended is not None else started,
        outcome,
        message or str(raw.get("status_message") or ""),
        [_log(one) for one in _first(raw, "events", "span_events", "logs") or () if isinstance(one, dict)],
        {**beside, **attributes(resource)},
    )


def _first(raw: dict[str, Any], *keys: str) -> Any:
    return next((raw[key] for key in keys if raw.get(key) is not None), None)


def _log(raw: dict[str, Any]) -> SpanLog:
    attrs = attributes(raw.get("attributes"))
    name = raw.get("name") or raw.get("event_name") or attrs.get("event.name") or ""
    return SpanLog(str(name), attrs, raw.get("body"), moment(_first(raw, "timestamp", "time", "time_unix_nano")))


def _written_out(attrs: dict[str, Any]) -> dict[str, Any]:
    """Return attributes with dotted names throughout: data frames nest them, lists of messages included."""
    if not any(_is_nested(value) for value in attrs.values()):
        return attrs
    found: dict[str, Any] = {}
    pending = [(key, value, 0) for key, value in reversed(attrs.items())]
    while pending:
        key, value, depth = pending.pop()
        if depth < _DEPTH and _is_nested(value):
            inner = value.items() if isinstance(value, dict) else enumerate(value)
            pending += [(f"{key}.{name}", item, depth + 1) for name, item in reversed(list(inner))]
        else:
            found[key] = value
    return {**found, **{key: value for key, value in attrs.items() if _is_nested(value)}}


def _is_nested(value: Any) -> bool:
    if isinstance(value, dict):
        return bool(value)
    return isinstance(value, list) and bool(value) and all(isinstance(item, dict) for item in value)


def _from_jaeger(trace: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield Jaeger's spans in the flat shape; its times are microseconds."""
    processes = trace.get("processes") or {}
    for raw in trace["spans"]:
        if not isinstance(raw, dict):
            continue
        tags = _tags(raw.get("tags"))
        parents = [one.get("spanID") for one in raw.get("references") or () if one.get("refType") == "CHILD_OF"]
        started = int(raw.get("startTime") or 0)
        failed = tags.get("error") is True or tags.get("otel.status_code") == "ERROR"
        yield {
            "trace_id": raw.get("traceID") or trace.get("traceID"),
            "span_id": raw.get("spanID"),
            "parent_id": parents[0] if parents else None,
            "name": raw.get("operationName"),
            "start_time": started * 1000,
            "end_time": (started + int(raw.get("duration") or 0)) * 1000,
            "attributes": tags,
            "status": {"code": 2 if failed else 1 if tags.get("otel.status_code") == "OK" else 0},
            "status_message": tags.get("otel.status_description"),
            "events": [_jaeger_log(log) for log in raw.get("logs") or ()],
            "resource": {"attributes": _tags((processes.get(raw.get("processID")) or {}).get("tags"))},
        }


def _jaeger_log(log: dict[str, Any]) -> dict[str, Any]:
    fields = _tags(log.get("fields"))
    return {"name": fields.get("event"), "timestamp": int(log.get("timestamp") or 0) * 1000, "attributes": fields}


def _tags(tags: Any) -> dict[str, Any]:
    return {tag["key"]: tag.get("value") for tag in tags or () if isinstance(tag, dict) and "key" in tag}
