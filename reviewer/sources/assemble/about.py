"""What a record says about itself besides its messages: times, model, user, tags, usage, scores."""

from collections.abc import Mapping
from typing import Any, Literal

from reviewer.model.trace import Score, Trace, Usage
from reviewer.sources.assemble.kept import keep
from reviewer.sources.assemble.set_up import record_offered
from reviewer.sources.assemble.unjson import unjson
from reviewer.sources.jsontext import Warn, dump
from reviewer.sources.times import moment_us

_INT64 = 2**63
_TEXTS: dict[str, tuple[str, ...]] = {
    "session_id": ("session_id", "sessionId", "conversation_id", "thread_id"),
    "user_id": ("user_id", "userId", "user"),
    "tenant": ("tenant", "tenant_id", "org_id", "customer"),
    "workflow": ("workflow", "route"),
    "task_type": ("task_type", "intent"),
    "environment": ("environment", "env"),
    "release": ("release",),
    "model": ("model", "model_name"),
    "provider": ("provider",),
    "prompt_name": ("prompt_name",),
    "prompt_version": ("prompt_version",),
}
_NAMED = tuple(key for keys in _TEXTS.values() for key in keys)
_STARTED = ("started_at", "start_time", "startTime", "timestamp", "created_at", "created", "time", "ts")
_ENDED = ("ended_at", "end_time", "endTime", "completed_at")
_USAGE: dict[str, tuple[str, ...]] = {
    "input": ("prompt_tokens", "input_tokens"),
    "output": ("completion_tokens", "output_tokens"),
    "total": ("total_tokens",),
    "cache_read": ("cache_read_input_tokens", "input_tokens_cache_read"),
    "cache_write": ("cache_creation_input_tokens", "input_tokens_cache_write"),
    "reasoning": ("reasoning_tokens",),
}
_COST = ("cost_usd", "cost", "total_cost")
_EXPECTED = ("expected", "expected_output", "ground_truth", "reference", "ideal")
_NOT_METADATA = frozenset(
    (
        *("id", "custom_id", "trace_id", "request_id", "name", "metadata", "tags", "spans", "error", "status", "usage"),
        *("input", "output", "messages", "messages_display", "conversations", "annotations", "system", "instructions"),
        *("request", "response", "body", "request_body", "response_body", "completion", "choices", "prompt"),
        *("preferred_output", "non_preferred_output", "tools", "functions", "object"),
        *("scores", "score", "reward", "rating", "feedback", "latency_ms", "duration_ms"),
        *_EXPECTED,
        *_STARTED,
        *_ENDED,
        *_COST,
        *_NAMED,
    )
)


def describe(trace: Trace, record: Mapping[str, Any], warn: Warn) -> None:
    """Fill a trace's facts from a record and its ``metadata``; the record's own word goes first.

    A time that cannot be one stays in the metadata as it was written, with a warning.
    """
    held = unjson(record.get("metadata"))
    metadata: dict[str, Any] = held if isinstance(held, dict) else {}
    trace.metadata = {**metadata}
    if held and not metadata:
        trace.metadata["metadata"] = held
    for key in record:
        if key not in _NOT_METADATA:  # what has no place of its own is kept, not dropped
            trace.metadata.setdefault(key, record[key])
    keep(trace, record, [name for name in _NAMED if name in record])
    places = (record, metadata)
    for field, keys in _TEXTS.items():
        if getattr(trace, field) is None and (text := _text(places, keys)) is not None:
            setattr(trace, field, text)
    name = record.get("name") or metadata.get("name")
    if not trace.name and isinstance(name, str):
        trace.name = name
    tags = record.get("tags") or metadata.get("tags")
    if isinstance(tags, list):
        trace.tags += [tag if isinstance(tag, str) else dump(tag) for tag in tags]
    record_offered(trace, record.get("tools") or record.get("functions"))
    _add_times(trace, places, warn)
    _add_numbers(trace, places)
    _add_error(trace, record)


def recorded_scores(record: Mapping[str, Any]) -> list[Score]:
    """Return the scores under ``scores`` (by name, or a list of objects with one), ``score`` and ``feedback``.

    What should have been answered (``expected``, ``reference`` ...) comes as an expectation.
    """
    out: list[Score] = []
    held = record.get("scores")
    if isinstance(held, dict):
        out += [score(str(name), value) for name, value in held.items()]
    elif isinstance(held, list):
        out += [_score_of(item) for item in held if isinstance(item, dict) and isinstance(item.get("name"), str)]
    for name in ("score", "reward", "rating"):
        if isinstance(record.get(name), (int, float, bool)):
            out.append(score(name, record[name]))
    feedback = record.get("feedback")
    if isinstance(feedback, dict) and isinstance(feedback.get("score", feedback.get("value")), (int, float, bool, str)):
        out.append(_score_of({"name": "feedback", "source": "human", **feedback}))
    elif isinstance(feedback, (int, float, bool, str)) and feedback != "":
        out.append(score("feedback", feedback, "human"))
    for name in _EXPECTED:
        if record.get(name) not in (None, ""):
            text = record[name] if isinstance(record[name], str) else dump(record[name])
            out.append(Score(name, None, text, "expectation", "human"))
    return out


def score(name: str, value: Any, source: Literal["human", "llm", "code", "api"] = "api") -> Score:
    """Return a score of the type that its value has; an object is kept as its JSON text."""
    if isinstance(value, bool):
        return Score(name, float(value), str(value).lower(), "bool", source)
    if isinstance(value, (int, float)):
        return Score(name, float(value), None, "number", source)
    if value is None:
        return Score(name, data_type="category", source=source)
    return Score(name, None, value if isinstance(value, str) else dump(value), "category", source)


def read_usage(trace: Trace, held: Any, *, input_has_cache: bool = True) -> None:
    """Fill a trace's tokens from a provider's ``usage`` object.

    With ``input_has_cache`` False the cache tokens are added to the input, as Anthropic counts them beside it.
    """
    if not isinstance(held, dict):
        return
    found = {field: _count((held,), keys) for field, keys in _USAGE.items()}
    details = held.get("prompt_tokens_details") or held.get("input_tokens_details")
    if isinstance(details, dict) and found["cache_read"] is None:
        found["cache_read"] = _count((details,), ("cached_tokens",))
    details = held.get("completion_tokens_details") or held.get("output_tokens_details")
    if isinstance(details, dict) and found["reasoning"] is None:
        found["reasoning"] = _count((details,), ("reasoning_tokens",))
    if not input_has_cache and found["input"] is not None:
        found["input"] += (found["cache_read"] or 0) + (found["cache_write"] or 0)
    if found["total"] is None and found["input"] is not None and found["output"] is not None:
        found["total"] = found["input"] + found["output"]
    trace.usage = Usage(**found)


def _add_times(trace: Trace, places: tuple[Mapping[str, Any], ...], warn: Warn) -> None:
    trace.started_us = _moment(trace, places, _STARTED, warn)
    trace.ended_us = _moment(trace, places, _ENDED, warn)
    if trace.started_us is None:
        trace.started_us = trace.ended_us
    if trace.started_us is None:
        trace.time_basis = "import"


def _moment(trace: Trace, places: tuple[Mapping[str, Any], ...], keys: tuple[str, ...], warn: Warn) -> int | None:
    for place in places:
        for key in keys:
            raw = place.get(key)
            if raw is None or raw == "" or isinstance(raw, (dict, list)):
                continue
            us = moment_us(raw)
            if us is not None:
                return us
            text = raw if isinstance(raw, str) else dump(raw)
            trace.metadata[key] = text
            warn(f"{key} is {text[:60]!r}, which is no possible time: it is kept as text")
    return None


def _add_numbers(trace: Trace, places: tuple[Mapping[str, Any], ...]) -> None:
    for place in places:
        if isinstance(place.get("usage"), dict):
            read_usage(trace, place["usage"])
            break
    trace.latency_ms = _number(places, ("latency_ms", "duration_ms"))
    if trace.latency_ms is None and trace.started_us is not None and trace.ended_us is not None:
        trace.latency_ms = max(0, trace.ended_us - trace.started_us) / 1000
    trace.cost_usd = _number(places, _COST)


def _add_error(trace: Trace, record: Mapping[str, Any]) -> None:
    error = record.get("error")
    status = record.get("status")
    if error:
        trace.status = "error"
        trace.error_message = str(error.get("message") or dump(error)) if isinstance(error, dict) else str(error)
    elif isinstance(status, str) and status.lower() in ("error", "failed", "failure"):
        trace.status = "error"
    elif isinstance(status, str) and status.lower() in ("ok", "success", "succeeded", "completed"):
        trace.status = "ok"


def _text(places: tuple[Mapping[str, Any], ...], keys: tuple[str, ...]) -> str | None:
    for place in places:
        for key in keys:
            value = place.get(key)
            if isinstance(value, str) and value:
                return value
            if isinstance(value, int) and not isinstance(value, bool):
                return str(value)
    return None


def _number(places: tuple[Mapping[str, Any], ...], keys: tuple[str, ...]) -> float | None:
    for place in places:
        for key in keys:
            value = place.get(key)
            if isinstance(value, (int, float)) and not isinstance(value, bool) and value >= 0:
                return float(value)
    return None


def _count(places: tuple[Mapping[str, Any], ...], keys: tuple[str, ...]) -> int | None:
    number = _number(places, keys)
    return None if number is None or number >= _INT64 else int(number)


def _score_of(item: Mapping[str, Any]) -> Score:
    source = item.get("source")
    made = score(
        str(item["name"]),
        item.get("value", item.get("score")),
        source if source in ("human", "llm", "code", "api") else "api",
    )
    comment = item.get("comment") or item.get("explanation")
    made.comment = comment if isinstance(comment, str) else None
    author = item.get("author") or item.get("annotator")
    made.author = author if isinstance(author, str) else None
    return made
