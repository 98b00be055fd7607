"""What is said of a whole trace: usage, cost, outcome, retries, segments, and whether structured output was valid."""

import hashlib
import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

import orjson

from reviewer.model.trace import Message, Trace, Usage
from reviewer.sources import own_patterns
from reviewer.sources.assemble.kept import keep_of_spans
from reviewer.sources.assemble.messages import to_messages
from reviewer.sources.assemble.set_up import record_set_up, schema_hash
from reviewer.sources.assemble.shapes import Shape, shape_of
from reviewer.sources.assemble.spans import Span, Tree
from reviewer.sources.assemble.threads import UUID, masked
from reviewer.sources.assemble.tools import error_text
from reviewer.sources.assemble.unjson import is_absent, unjson
from reviewer.sources.attributes import METADATA, SPAN, TRACE, USAGE, USAGE_KEYS, first
from reviewer.sources.jsontext import dump

_COUNTS = ("input", "output", "total", "cache_read", "cache_write", "reasoning")


def sum_up(trace: Trace, tree: Tree) -> None:
    """Fill the values of a trace that its spans record; what the format has filled already is kept."""
    spans = tree.spans
    root = tree.root
    models = _innermost_models(spans)
    _fill_times(trace, spans)
    _fill_metadata(trace, tree)
    keep_of_spans(trace, tree)
    _fill_segments(trace, tree)
    for told in (models, [span for span in spans if span.kind == "agent"][:1]):
        _fill_model(trace, told)  # agents repeat the totals of what they called: only where nothing else says
        _fill_usage(trace, told)
    _fill_outcome(trace, root, spans)
    telling = [span for span in spans if span.shape.telling]
    trace.n_retries += _model_retries(models) + _told_retries(telling)
    if trace.cache_hit is None:
        trace.cache_hit = _cache_hit(trace, telling)
    if trace.structured_ok is None:
        trace.structured_ok = _structured_ok(trace, telling)
    record_set_up(trace, spans)
    if not trace.name:
        trace.name = root.name
    trace.truncated = trace.truncated or any(span.truncated for span in spans)
    if trace.escalated is None:
        trace.escalated = told_escalation(trace, spans)


def _innermost_models(spans: list[Span]) -> list[Span]:
    """Return the model calls that have no model call below them: wrappers repeat what is inside."""
    outer: set[int] = set()
    models = [span for span in spans if span.kind == "llm"]
    for span in models:
        for above in span.ancestors():
            if id(above) in outer:
                break
            outer.add(id(above))
    return [span for span in models if id(span) not in outer]


def _fill_times(trace: Trace, spans: list[Span]) -> None:
    if trace.started_us is None:
        trace.started_us = min((s.started_us for s in spans if s.started_us is not None), default=None)
    if trace.ended_us is None:
        trace.ended_us = max((s.ended_us for s in spans if s.ended_us is not None), default=None)
    if trace.latency_ms is None and trace.started_us is not None and trace.ended_us is not None:
        trace.latency_ms = (trace.ended_us - trace.started_us) / 1000


def _fill_metadata(trace: Trace, tree: Tree) -> None:
    """Fill metadata and tags: what the root says wins over what spans below it say."""
    resource = tree.root.resource
    _tell(trace, resource, shape_of(tuple(resource)))
    for span in (tree.root, *tree.spans):
        if span.shape.told or span.shape.metadata:
            _tell(trace, span.attrs, span.shape)


def _tell(trace: Trace, attrs: dict[str, Any], shape: Shape) -> None:
    """Add what one set of attributes says of the whole trace."""
    for name in shape.told:
        held = unjson(attrs[name])
        if name in METADATA["tags"]:
            _add_tags(trace, held)
        elif isinstance(held, dict) and name in METADATA["wrappers"]:
            _add_tags(trace, held.get("tags") or [])
        elif isinstance(held, dict):
            for key, value in held.items():
                trace.metadata.setdefault(key, value)
    for name, inner in shape.metadata:
        trace.metadata.setdefault(inner, attrs[name])


def _add_tags(trace: Trace, held: Any) -> None:
    tags = held if isinstance(held, list) else str(held).split(",")
    texts = (str(tag).strip() for tag in tags)
    trace.tags = list(dict.fromkeys([*trace.tags, *(text for text in texts if text)]))


def _fill_segments(trace: Trace, tree: Tree) -> None:
    present = _present(tree)
    for name, place in TRACE.items():
        if getattr(trace, name) is not None:
            continue
        value = first(trace.metadata, place.metadata) if place.metadata_first else None
        if value is None:
            value = _in_spans(tree, [name for name in place.names if name in present])
        if value is None and not place.metadata_first:
            value = first(trace.metadata, place.metadata)
        if value is not None:
            setattr(trace, name, value if isinstance(value, str) else dump(value))
    if trace.workflow is None:
        trace.workflow = trace.name or tree.root.name or None
    if trace.workflow is not None:
        trace.workflow = UUID.sub("*", trace.workflow)  # names that hold an id would each be a workflow of its own


def _present(tree: Tree) -> set[str]:
    """Return which of the attributes that say something of a trace occur at all: most do not."""
    present = set(shape_of(tuple(tree.root.resource)).about_trace)
    for span in tree.spans:
        present |= span.shape.about_trace
    return present


def _in_spans(tree: Tree, names: list[str]) -> Any:
    """Return the value of the first name that occurs: at the root, at any span by time, or at the resource."""
    for name in names:
        for attrs in (tree.root.attrs, *(span.attrs for span in tree.spans), tree.root.resource):
            value = attrs.get(name)
            if value is not None and value != "":
                return value
    return None


def _fill_model(trace: Trace, models: list[Span]) -> None:
    """Fill model and provider: those of the most output, for the first of equals."""
    if trace.model is not None or not models:
        return
    written: dict[str, int] = {}
    for span in models:
        name = first(span.attrs, SPAN["model"])
        if name is not None:
            written[str(name)] = written.get(str(name), 0) + (_count(first(span.attrs, USAGE["output"])) or 1)
    if written:
        trace.model = max(written, key=lambda name: written[name])
    provider = next((p for span in models if (p := first(span.attrs, SPAN["provider"])) is not None), None)
    trace.provider = trace.provider or (str(provider) if provider is not None else None)


def _fill_usage(trace: Trace, models: list[Span]) -> None:
    costs: list[float] = []
    summed: dict[str, int] = {}
    for span in models:
        usage = usage_of(span) if span.shape.counts else {}
        for name, count in usage.items():
            summed[name] = summed.get(name, 0) + count
        cost = _cost(span)
        if cost is not None:
            costs.append(cost)
    if trace.usage.input is None and trace.usage.output is None and trace.usage.total is None:
        trace.usage = Usage(**summed)
    if trace.cost_usd is None and costs:
        trace.cost_usd = sum(costs)


def usage_of(span: Span) -> dict[str, int]:
    """Return the tokens that a span records, by the names of ``Usage``; the total is added up where it lacks."""
    usage: dict[str, int] = {}
    details = None
    for name, places in span.shape.counts:
        value = first(span.attrs, places)
        if name == "details":
            details = unjson(value)
        elif (count := _count(value)) is not None:
            usage[name] = count
    if isinstance(details, dict):
        for name in _COUNTS:
            if name not in usage and (count := _count(first(details, USAGE_KEYS[name]))) is not None:
                usage[name] = count
    if "total" not in usage and "input" in usage and "output" in usage:
        usage["total"] = usage["input"] + usage["output"]
    return usage


def _count(value: Any) -> int | None:
    if isinstance(value, str):
        return int(value) if value.isdecimal() and len(value) < 19 else None
    if isinstance(value, (int, float)) and not isinstance(value, bool) and 0 <= value < 2**62:
        return int(value)
    return None


def _cost(span: Span) -> float | None:
    held = first(span.attrs, SPAN["cost"])
    if held is None:
        details = unjson(first(span.attrs, SPAN["cost_details"]))
        if isinstance(details, dict):
            held = first(details, ("total", "total_cost"))
    try:
        return float(held) if held is not None else None
    except (TypeError, ValueError):
        return None


def _fill_outcome(trace: Trace, root: Span, spans: list[Span]) -> None:
    """Fill the status: the root's word counts; below an OK root an error was recovered from."""
    if trace.status != "unset":
        return
    failed = [span for span in spans if span.status == "error"]
    if not failed:
        trace.status = "ok" if root.status == "ok" or any(span.status == "ok" for span in spans) else "unset"
    elif root.status == "ok" or _recovered(root, failed, spans):
        trace.status = "ok"
    else:
        trace.status = "error"
        trace.error_message = trace.error_message or error_text(root if root.status == "error" else failed[-1])


def _recovered(root: Span, failed: list[Span], spans: list[Span]) -> bool:
    """Whether a root that says nothing went on: a model call ended well after the last failure."""
    if root.status == "error":
        return False
    last = max(span.ended_us or 0 for span in failed)
    return any(s.kind == "llm" and s.status != "error" and (s.started_us or 0) >= last > 0 for s in spans)


def _model_retries(models: list[Span]) -> int:
    """Count failed model calls that were made again with the same input beside them."""
    if not any(span.status == "error" for span in models):
        return 0
    retries = 0
    for i, span in enumerate(models):
        if span.status == "error" and any(
            later.above is span.above and later.input == span.input for later in models[i + 1 :]
        ):
            retries += 1
    return retries


def _told_retries(spans: list[Span]) -> int:
    return sum(_count(first(span.attrs, SPAN["attempt"])) or 0 for span in spans)


def _cache_hit(trace: Trace, spans: list[Span]) -> bool | None:
    told = [value for span in spans if (value := first(span.attrs, SPAN["cache_hit"])) is not None]
    if not told and "cache_hit" in trace.metadata:
        told = [trace.metadata["cache_hit"]]
    if told:
        return any(value is True or str(value).lower() in ("true", "1") for value in told)
    return None if trace.usage.cache_read is None else trace.usage.cache_read > 0


def _structured_ok(trace: Trace, spans: list[Span]) -> bool | None:
    """Return whether the last output that had a recorded schema fits it, and note which schema; None where there is none."""
    for span in reversed(spans):
        schema = _schema(span)
        if schema is not None and span.kind in ("llm", "agent"):
            trace.schema_hash = schema_hash(schema)
            return fits(_answered(span), schema)
    return None


def _schema(span: Span) -> dict[str, Any] | None:
    attrs = span.attrs
    for name in SPAN["schema"]:
        if name in attrs:
            return _bare_schema(unjson(attrs[name]))
    for name in SPAN["schema_inside"]:
        held = attrs.get(name)
        if isinstance(held, (str, dict)) and ("schema" in held or "output" in held):
            decoded = unjson(held)
            if isinstance(decoded, dict):
                return _bare_schema(unjson(decoded.get("response_format") or decoded.get("output_object")))
    return None


def _bare_schema(held: Any) -> dict[str, Any] | None:
    """Return the schema inside ``{"json_schema": {"schema": …}}`` and its like; None where there is none."""
    for _ in range(3):
        if not isinstance(held, dict):
            return None
        inner = next((held[key] for key in ("json_schema", "schema") if isinstance(held.get(key), dict)), None)
        if inner is None:
            break
        held = inner
    return held if isinstance(held, dict) and ("properties" in held or "$ref" in held or "items" in held) else None


def _answered(span: Span) -> str:
    messages, _ = to_messages(span.output, "assistant")
    return messages[-1].text if messages else ""


def fits(text: str, schema: dict[str, Any]) -> bool | None:
    """Return whether a text is JSON that fits a schema; None where the schema itself is no schema we can use.

    Patterns are not tried: a hostile one runs for ever. A text that fits all the rest of such a schema gives None.
    """
    import jsonschema
    import referencing

    try:
        value = orjson.loads(text)
    except (orjson.JSONDecodeError, UnicodeEncodeError):
        return False
    try:
        validator = jsonschema.validators.validator_for(schema)
        validator.check_schema(schema)
        bare = without_patterns(schema)
        # A registry of our own: a reference in a schema must never be fetched.
        fit = bool(validator(bare, registry=referencing.Registry()).is_valid(value))
        return None if fit and bare != schema else fit
    except (jsonschema.exceptions.SchemaError, referencing.exceptions.Unresolvable, re.error, RecursionError):
        return None


def without_patterns(schema: Any) -> Any:
    """Return a schema without its regular expressions."""
    if isinstance(schema, list):
        return [without_patterns(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    tried = ("pattern", "patternProperties")
    return {
        # A property may be called "pattern": then it is a schema, not a text.
        key: without_patterns(part)
        for key, part in schema.items()
        if not (key in tried and isinstance(part, str if key == "pattern" else dict))
    }


def told_escalation(trace: Trace, spans: Iterable[Span] = ()) -> bool | None:
    """Return whether the trace was handed to a person; None where it records no tool calls and no tags."""
    names = {call.name for call in trace.calls()}
    if any(tells_handover(name) for name in (*names, *trace.tags)):
        return True
    told = [value for key, value in trace.metadata.items() if tells_handover(key)]
    told += [span.attrs[name] for span in spans for name in span.shape.handover]
    if any(not is_absent(value) and str(value).lower() not in ("false", "0", "no") for value in told):
        return True
    return False if names or trace.tags or told else None


@lru_cache(maxsize=4096)
def tells_handover(name: str) -> bool:
    return own_patterns.handover().search(name) is not None


def prompt_hash(messages: Iterable[Message]) -> str | None:
    """Return a short hash of the first system text with digits and uuids masked, so that unversioned prompts group."""
    text = next((message.text for message in messages if message.role == "system"), "")
    return _hash(text) if text else None


@lru_cache(maxsize=64)
def _hash(text: str) -> str:
    return hashlib.sha256(masked(text).encode("utf-8", "replace")).hexdigest()[:12]
