"""Langfuse: trace downloads ``{trace, observations}``, and rows of its observation and trace tables."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any

from reviewer.model.trace import Trace
from reviewer.sources.assemble.complete import Given, finite, trace_from_spans
from reviewer.sources.assemble.spans import Span
from reviewer.sources.assemble.unjson import is_absent, unjson
from reviewer.sources.attributes import LANGFUSE, first
from reviewer.sources.formats.gathering import ODD_SHAPE, Piece, decoded_each, gather, pieces_of, told
from reviewer.sources.formats.langfuse_scores import as_written_by_the_api, is_score, score, scores, scores_in_columns
from reviewer.sources.identity import native_id
from reviewer.sources.reading import Stored
from reviewer.sources.records import Found, Guess, Note, Value
from reviewer.sources.times import moment_us

NAMES: tuple[str, ...] = ("langfuse", "langfuse_observations", "langfuse_traces", "langfuse_scores")
KIND = "langfuse"

_TYPES = frozenset(
    ("GENERATION", "SPAN", "EVENT", "AGENT", "TOOL", "CHAIN", "RETRIEVER", "EVALUATOR", "EMBEDDING", "GUARDRAIL")
)
_TRACE_ID = ("traceId", "trace_id")
_PARENT = ("parentObservationId", "parent_observation_id")
_NOT_METADATA = frozenset(("attributes", "resourceAttributes", "scope"))


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
        if is_score(record):
            return Guess("langfuse_scores", "scores that name a trace")
    return None


def read(stored: Stored, note: Note) -> Iterator[Found]:
    """Yield the traces of a file; rows of observations are put together by the trace they name."""
    guess = looks_like(stored.head(), stored.name)
    if guess is not None and guess.format == "langfuse_observations":
        yield from _read_rows(stored, note)
        return
    if guess is not None and guess.format == "langfuse_scores":
        yield from _read_scores(stored, note)
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


def read_across(files: Sequence[Stored], wanted: Collection[str], note: Note) -> Iterator[Found]:
    """Yield the traces of which several files hold trace rows, observations or scores, each whole, as replacements."""

    def pieces() -> Iterator[Piece]:
        for stored in files:
            for value in stored.values(lambda _: None, checked=False):  # told already when the file was read by itself
                if isinstance(value.value, dict) and (piece := _piece(value.value)) is not None:
                    piece.line, piece.member = value.line, value.member
                    yield piece

    for piece in pieces_of(pieces, wanted):
        rows = [row for row, kind in piece.logs if kind == "trace"]
        observations = {native_id(row.get("id")): row for row, _ in piece.spans}
        if not rows and not observations:
            continue  # scores alone
        said = rows[-1] if rows else _told_by(piece.trace_id, observations.values())
        kept = said.get("scores")
        more = [row for row, kind in piece.logs if kind == "score"]
        said = {**said, "scores": [*(kept if isinstance(kept, list) else ()), *more]}
        try:
            trace, warnings = _whole_trace({"trace": said, "observations": list(observations.values())})
        except ODD_SHAPE as why:
            note(files[-1].problem(f"trace {piece.trace_id} cannot be put together: {why}", lost=False))
            continue
        for warning in warnings:
            note(files[-1].problem(f"trace {piece.trace_id}: {warning}", lost=False))
        yield Found(trace, piece.line, piece.member, replaces_earlier=True)


def _piece(record: dict[str, Any]) -> Piece | None:
    """Return what a record holds of a trace: observations, what is said of the trace itself, or a score."""
    if isinstance(record.get("trace"), dict):
        named = native_id(record["trace"].get("id"))
        held = [(one, None) for one in record.get("observations") or () if isinstance(one, dict)]
        return Piece(named, held, [(record["trace"], "trace")]) if named else None
    named = native_id(first(record, _TRACE_ID))
    if named is None:
        named = native_id(record.get("id"))
        return Piece(named, [], [(record, "trace")]) if named else None
    if is_score(record):
        return Piece(named, [], [(as_written_by_the_api(record), "score")])
    return Piece(named, [(record, None)])


def _told_by(trace_id: str, observations: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """Return what observations say of their trace, where no row of the trace itself is there."""
    names = [key for key in LANGFUSE["trace"] if key not in ("name", "metadata")]
    said: dict[str, Any] = {"id": trace_id}
    for row in observations:
        said = {**{key: row[key] for key in names if not is_absent(row.get(key))}, **said}
    return {**said, "name": first(said, ("traceName", "trace_name"))}


def _read_scores(stored: Stored, note: Note) -> Iterator[Found]:
    """Yield the scores of each trace that the file names, to be stored with it."""
    by_trace: dict[str, Found] = {}
    for value in stored.values(note, checked=False):
        row = as_written_by_the_api(value.value) if isinstance(value.value, dict) else {}
        named = native_id(row.get("traceId"))
        if named is None or not isinstance(row.get("name"), str):
            note(stored.problem("no score of a trace: it names no trace, or has no name", value.line, value.member))
            continue
        found = by_trace.setdefault(
            named, Found(Trace(KIND, named, NAMES[3]), value.line, value.member, only_adds=True)
        )
        found.trace.scores.append(score(row))
    yield from by_trace.values()


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
    trace.scores = [*scores(told.get("scores")), *scores(told.get("corrections")), *scores_in_columns(told)]
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
