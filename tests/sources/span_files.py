"""Small span files for tests: OTLP requests and spans of our own, and a file that can be read."""

import json
from pathlib import Path
from typing import Any

from reviewer import sources
from reviewer.model.problem import Problem
from reviewer.model.trace import Trace
from reviewer.sources.assemble.complete import Given, trace_from_spans
from reviewer.sources.assemble.spans import Span
from reviewer.sources.records import Found

TRACE = "0af7651916cd43dd8448eb211c80319c"
SECOND = 1_000_000


def typed(value: Any) -> dict[str, Any]:
    """A plain value as OTLP's AnyValue."""
    if isinstance(value, bool):
        return {"boolValue": value}
    if isinstance(value, int):
        return {"intValue": str(value)}
    if isinstance(value, float):
        return {"doubleValue": value}
    if isinstance(value, list):
        return {"arrayValue": {"values": [typed(item) for item in value]}}
    if isinstance(value, dict):
        return {"kvlistValue": {"values": pairs(value)}}
    return {"stringValue": value}


def pairs(attrs: dict[str, Any]) -> list[dict[str, Any]]:
    """Attributes as OTLP's list of keys and typed values."""
    return [{"key": key, "value": typed(value)} for key, value in attrs.items()]


def otlp_span(number: int, parent: int | None = None, /, trace: str = TRACE, **attrs: Any) -> dict[str, Any]:
    """A raw OTLP span that starts ``number`` seconds in and lasts one; ``__`` in names of attributes is a dot."""
    start = (1_700_000_000 + number) * 1_000_000_000
    raw: dict[str, Any] = {
        "traceId": trace,
        "spanId": f"{number:016x}",
        "name": f"span {number}",
        "startTimeUnixNano": str(start),
        "endTimeUnixNano": str(start + 1_000_000_000),
        "attributes": pairs({key.replace("__", "."): value for key, value in attrs.items()}),
    }
    if parent is not None:
        raw["parentSpanId"] = f"{parent:016x}"
    return raw


def request(*spans: dict[str, Any], **resource: Any) -> dict[str, Any]:
    """An OTLP request with spans of one resource."""
    held = {"attributes": pairs({key.replace("__", "."): value for key, value in resource.items()})}
    return {"resourceSpans": [{"resource": held, "scopeSpans": [{"scope": {"name": "s"}, "spans": list(spans)}]}]}


def llm(number: int, asked: list[dict[str, Any]], answered: list[dict[str, Any]], parent: int | None = 1) -> Span:
    """A model call with messages in and out."""
    return span(
        number,
        parent,
        **{
            "gen_ai.operation.name": "chat",
            "gen_ai.input.messages": json.dumps(asked),
            "gen_ai.output.messages": json.dumps(answered),
        },
    )


def span(number: int, parent: int | None = 1, name: str = "", /, **attrs: Any) -> Span:
    """A span that starts ``number`` seconds in and lasts one."""
    start = 1_700_000_000 * SECOND + number * SECOND
    above = None if parent is None else f"s{parent}"
    return Span(TRACE, f"s{number}", above, name or f"span {number}", attrs, start, start + SECOND)


def built(*spans: Span, given: Given | None = None) -> Trace:
    """The trace that spans become."""
    return trace_from_spans(Trace("otel", TRACE, "test"), spans, given)[0]


def said(role: str, text: str, **more: Any) -> dict[str, Any]:
    """A message in OpenAI's shape."""
    return {"role": role, "content": text, **more}


def asks(name: str, arguments: dict[str, Any], native: str | None = None) -> dict[str, Any]:
    """An assistant's message with one tool call."""
    return {"role": "assistant", "tool_calls": [{"id": native, "function": {"name": name, "arguments": arguments}}]}


def texts(trace: Trace) -> list[str]:
    """The main thread, a line a message."""
    return [f"{message.role}: {message.text}" for message in trace.main]


def read_all(path: Path) -> tuple[list[Found], list[Problem]]:
    """Everything that a file gives and everything that is told about it."""
    problems: list[Problem] = []
    return list(sources.read(path, None, problems.append, lambda done, total: None)), problems


def write_lines(path: Path, *values: Any) -> Path:
    """A file with one JSON value a line."""
    path.write_text("".join(json.dumps(value) + "\n" for value in values), encoding="utf-8")
    return path
