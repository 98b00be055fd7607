"""Langfuse: trace downloads ``{trace, observations}``, and rows of its observation and trace tables."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Literal

from reviewer.model.trace import Score, Trace
from reviewer.sources.assemble.complete import Given, finite, trace_from_spans
from reviewer.sources.assemble.spans import Span
from reviewer.sources.assemble.unjson import is_absent, unjson
from reviewer.sources.attributes import LANGFUSE, first
from reviewer.sources.formats.gathering import ODD_SHAPE, Piece, decoded_each, gather, told
from reviewer.sources.identity import native_id
from reviewer.sources.reading import Stored
from reviewer.sources.records import Found, Guess, Note, Value
from reviewer.sources.times import moment_us

NAMES: tuple[str, ...] = ("langfuse", "langfuse_observations", "langfuse_traces")
KIND = "langfuse"

_TYPES = frozenset(
    ("GENERATION", "SPAN", "EVENT", "AGENT", "TOOL", "CHAIN", "RETRIEVER", "EVALUATOR", "EMBEDDING", "GUARDRAIL")
)
_TRACE_ID = ("traceId", "trace_id")
_PARENT = ("parentObservationId", "parent_observation_id")
_NOT_METADATA = frozenset(("attributes", "resourceAttributes", "scope"))
_SCORE_BY: dict[str, Literal["human", "llm", "code", "api"]] = {"ANNOTATION": "human", "EVAL": "llm", "API": "api"}
_SCORE_TYPE: dict[str, Literal["number", "bool", "category", "text", "correction"]] = {
    "NUMERIC": "number",
    "BOOLEAN": "bool",
    "CATEGORICAL": "category",
    "TEXT": "text",
    "CORRECTION": "correction",
}


def looks_like(head: Sequence[Value], name: str) -> Guess | None:
    """Return a guess if a value is a trace with its observations, an observation, or a trace row."""
    for value in head:
        record = value.value
        if not isinstance(record, dict):
            continue
        if isinstance(record.get("trace"), dict) and isinstance(record.get("observations", 0), (list, type(None))):
            return Guess("langfuse", "a trace with its observations")
        if first(record, _TRACE_ID) is not None and (
            any(key in record for key in _PARENT) or str(record.get("type")) in _TYPES
        ):
            return Guess("langfuse_observations", "observations that name a trace")
        if {"id", "timestamp", "tags", "input", "output"} <= record.keys() and {"userId", "user_id"} & record.keys():
            return Guess("langfuse_traces", "trace rows with userId, tags, input and output")
    return None


def read(stored: Stored, note: Note) -> Iterator[Found]:
    """Yield the traces of a file; rows of observations are put together by the trace they name."""
    guess = looks_like(stored.head(), stored.name)
    if guess is not None and guess.format == "langfuse_observations":
        yield from _read_rows(stored, note)
        return
    for value in stored.values(note, checked=True):
        try:
            trace, warnings = _whole_trace(value.value)
        except ODD_SHAPE as why:
            note(stored.problem(f"no trace of Langfuse: {why}", value.line, value.member))
            continue
        for warning in warnings:
            note(stored.problem(warning, value.line, value.member, lost=False))
        yield Found(trace, value.line, value.member)


def _whole_trace(record: Any) -> tuple[Trace, list[str]]:
    if not isinstance(record, dict):
        raise ValueError("it is no object")
    told = record["trace"] if isinstance(record.get("trace"), dict) else record
    trace_id = native_id(told.get("id"))
    if trace_id is None:
        raise ValueError("it has no id")
    observations = record.get("observations") or told.get("observations") or []
    trace = Trace(KIND, trace_id, "langfuse", name=str(told.get("name") or ""))
    trace.started_us = moment_us(told.get("timestamp"))
    trace.scores = [*_scores(told.get("scores")), *_scores(told.get("corrections"))]
    about = _as_attributes(told, LANGFUSE["trace"])
    spans = [_span(raw, trace_id, about) for raw in observations if isinstance(raw, dict)]
    if spans:
        return trace_from_spans(trace, spans, Given(told.get("input"), told.get("output")))
    return _without_observations(trace, told, about), []


def _without_observations(trace: Trace, told: dict[str, Any], about: dict[str, Any]) -> Trace:
    """Fill a trace that has only its own input and output, by way of a span that stands for it."""
    span = Span(trace.native_id, trace.native_id, None, trace.name, {}, trace.started_us, resource=about)
    trace_from_spans(trace, [span], Given(told.get("input"), told.get("output")))
    latency = told.get("latency")
    trace.latency_ms = finite(float(latency) * 1000) if isinstance(latency, (int, float)) else None
    return trace


def _read_rows(stored: Stored, note: Note) -> Iterator[Found]:
    def pieces() -> Iterable[Piece]:
        for value in stored.values(note, checked=False):
            row = value.value
            trace_id = native_id(first(row, _TRACE_ID)) if isinstance(row, dict) else None
            if trace_id is None:
                note(stored.problem("no observation of Langfuse: it names no trace", value.line, value.member))
            else:
                yield Piece(trace_id, [(row, None)], line=value.line, member=value.member)

    def decode(piece: Piece, faults: list[str]) -> list[Span]:
        return decoded_each(piece, lambda row, _: _span(row, piece.trace_id, _trace_of(row)), faults)

    for whole in gather(pieces, decode, early=False):
        name = next((str(span.resource[_NAME]) for span in whole.spans if span.resource.get(_NAME)), "")
        trace = told(whole, stored, note, Trace(KIND, whole.trace_id, NAMES[1], name=name))
        if trace is not None:
            yield Found(trace, whole.line, whole.member)


_NAME = LANGFUSE["trace"]["traceName"]


def _trace_of(row: dict[str, Any]) -> dict[str, Any]:
    """Return what an observation's row says of its trace; its own name and metadata are not the trace's."""
    return _as_attributes({key: row[key] for key in row if key not in ("name", "metadata")}, LANGFUSE["trace"])


def _as_attributes(record: dict[str, Any], names: dict[str, str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, name in names.items():
        value = record.get(key)
        if not is_absent(value) and name not in found:
            found[name] = value
    return found


def _span(raw: dict[str, Any], trace_id: str, about: dict[str, Any]) -> Span:
    span_id = native_id(raw.get("id"))
    if span_id is None:
        raise ValueError("an observation has no id")
    metadata = unjson(raw.get("metadata"))
    metadata = metadata if isinstance(metadata, dict) else {}
    started = moment_us(first(raw, ("startTime", "start_time")))
    ended = moment_us(first(raw, ("endTime", "end_time")))
    failed = str(raw.get("level")).upper() == "ERROR"
    return Span(
        trace_id,
        span_id,
        native_id(first(raw, _PARENT)),
        str(raw.get("name") or ""),
        {
            **_from_metadata(metadata),
            **_older_counts(raw),
            **_as_attributes(raw, LANGFUSE["observation"]),
            **_calls(raw),
        },
        started if started is not None else ended,
        ended if ended is not None else started,
        "error" if failed else "unset",
        str(first(raw, ("statusMessage", "status_message")) or ""),
        resource={**_resource(metadata), **about},
    )


def _calls(raw: dict[str, Any]) -> dict[str, Any]:
    """Return the output with the calls that an export has in columns of their own, where the output is no message."""
    held, names = (
        unjson(first(raw, keys)) for keys in (("tool_calls", "toolCalls"), ("tool_call_names", "toolCallNames"))
    )
    output = unjson(raw.get("output"))
    if not isinstance(held, list) or not held or not (is_absent(output) or isinstance(output, str)):
        return {}
    named = names if isinstance(names, list) else []
    calls = []
    for place, one in enumerate(unjson(call) for call in held):
        if isinstance(one, dict):
            name = one.get("name") or (named[place] if place < len(named) else "")
            calls.append({"id": one.get("id"), "function": {"name": name, "arguments": one.get("arguments")}})
    text = None if is_absent(output) else output
    return {LANGFUSE["observation"]["output"]: {"role": "assistant", "content": text, "tool_calls": calls}}


def _older_counts(raw: dict[str, Any]) -> dict[str, Any]:
    """Return usage and cost of exports that have a field for each count; 0 there means not recorded."""
    counts = {name: raw[f"{name}Usage"] for name in ("input", "output", "total") if raw.get(f"{name}Usage")}
    cost = first(raw, ("totalCost", "total_cost", "calculatedTotalCost"))
    names = LANGFUSE["observation"]
    found: dict[str, Any] = {names["usageDetails"]: counts} if counts else {}
    return {**found, names["costDetails"]: {"total": cost}} if cost else found


def _from_metadata(metadata: dict[str, Any]) -> dict[str, Any]:
    """Return the attributes of the OpenTelemetry span that an observation was made from, and its other metadata."""
    held = unjson(metadata.get("attributes"))
    attrs: dict[str, Any] = dict(held) if isinstance(held, dict) else {}
    rest: dict[str, Any] = {}
    for key, value in metadata.items():
        if key.startswith("attributes."):
            attrs[key.removeprefix("attributes.")] = value
        elif key not in _NOT_METADATA and not key.startswith(("resourceAttributes.", "scope.")):
            rest[key] = value
    if rest:
        attrs.setdefault("metadata", rest)
    return attrs


def _resource(metadata: dict[str, Any]) -> dict[str, Any]:
    held = unjson(metadata.get("resourceAttributes"))
    return held if isinstance(held, dict) else {}


def _scores(raws: Any) -> Iterator[Score]:
    for raw in raws if isinstance(raws, list) else ():
        if isinstance(raw, dict) and isinstance(raw.get("name"), str):
            yield _score(raw)


def _score(raw: dict[str, Any]) -> Score:
    data_type = _SCORE_TYPE.get(str(raw.get("dataType")), "number")
    value = raw.get("value")
    text = raw.get("longStringValue") if data_type == "correction" else raw.get("stringValue")
    if isinstance(value, str) and not text:
        text = value
    observation, session = raw.get("observationId"), raw.get("sessionId")
    return Score(
        name=raw["name"],
        value_num=float(value) if isinstance(value, (int, float)) and data_type in ("number", "bool") else None,
        value_text=text if isinstance(text, str) and text else None,
        data_type=data_type,
        source=_SCORE_BY.get(str(raw.get("source")), "api"),
        author=raw.get("authorUserId") if isinstance(raw.get("authorUserId"), str) else None,
        comment=raw.get("comment") if isinstance(raw.get("comment"), str) else None,
        target="span" if observation else "session" if session and not raw.get("traceId") else "trace",
        target_id=str(observation or session) if observation or session else None,
    )
