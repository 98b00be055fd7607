"""The names that tracing conventions give to things, compiled once from ``attributes.toml``.

Names come and go with every generation of the conventions; they stand in the table beside this file, so that a new
name is a line of data. Code asks for a meaning and gets a tuple of names, the first of which wins.
"""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

Names = tuple[str, ...]
Stage = Literal["retrieved", "rerank_in", "rerank_out", "attached", "cited"]


@dataclass(frozen=True, slots=True)
class KindRule:
    """One rule of what a span is: by the value of one of ``names``, or by the presence of one of ``present``."""

    names: Names
    values: dict[str, str]
    present: Names
    kind: str


@dataclass(frozen=True, slots=True)
class Place:
    """One place where a span may hold its input, its output or documents; the table says what each field means."""

    attribute: str = ""
    instructions: str = ""
    in_log: str = ""
    logs: Names = ()
    flat: str = ""
    inside: str = ""
    entries: Names = ()
    body: str = ""
    text: Names = ()
    reasoning: Names = ()
    tool_calls: Names = ()
    stage: Stage = "retrieved"
    log: str = ""
    target: Literal["span", "trace", "session"] = "span"


@dataclass(frozen=True, slots=True)
class TraceValue:
    """Where a value of the whole trace is found: attributes, and keys inside the metadata."""

    names: Names
    metadata: Names
    metadata_first: bool


def _names(value: Any) -> Names:
    return tuple(value or ())


def _table(value: dict[str, Any]) -> dict[str, Names]:
    return {key: tuple(names) for key, names in value.items() if isinstance(names, list)}


def _place(row: dict[str, Any]) -> Place:
    lists = {key: tuple(value) for key, value in {**row, **row.get("parts", {})}.items() if isinstance(value, list)}
    texts = {key: value for key, value in row.items() if isinstance(value, str)}
    values: dict[str, Any] = {**texts, **lists}
    return Place(**values)


def _kind(row: dict[str, Any]) -> KindRule:
    return KindRule(
        _names(row.get("names")), dict(row.get("values", {})), _names(row.get("present")), row.get("kind", "")
    )


def _trace_value(row: dict[str, list[str]]) -> TraceValue:
    return TraceValue(_names(row.get("names")), _names(row.get("metadata")), next(iter(row)) == "metadata")


_WHOLE = tomllib.loads(Path(__file__).with_name("attributes.toml").read_text(encoding="utf-8"))

KINDS: tuple[KindRule, ...] = tuple(_kind(row) for row in _WHOLE["kind"])
INPUTS: tuple[Place, ...] = tuple(_place(row) for row in _WHOLE["input"])
OUTPUTS: tuple[Place, ...] = tuple(_place(row) for row in _WHOLE["output"])
DOCUMENTS: tuple[Place, ...] = tuple(_place(row) for row in _WHOLE["documents"])
SCORES: tuple[Place, ...] = tuple(_place(row) for row in _WHOLE["scores"])
SCORE: dict[str, Names] = _table(_WHOLE["score"])
SPAN: dict[str, Names] = _table(_WHOLE["span"])
USAGE: dict[str, Names] = _table(_WHOLE["usage"])
USAGE_KEYS: dict[str, Names] = _table(_WHOLE["usage"]["detail_keys"])
TRACE: dict[str, TraceValue] = {key: _trace_value(row) for key, row in _WHOLE["trace"].items()}
METADATA: dict[str, Names] = _table(_WHOLE["metadata"])
LANGFUSE: dict[str, dict[str, str]] = _WHOLE["langfuse"]
DOCUMENT: dict[str, Names] = _table(_WHOLE["document"])

FLAT_SKIP = frozenset(_WHOLE["flat"]["skip"])
FLAT: tuple[Place, ...] = tuple(place for place in (*INPUTS, *OUTPUTS, *DOCUMENTS, *SCORES) if place.flat)
FLAT_PREFIXES: Names = tuple(place.flat + "." for place in FLAT)
"""Beginnings of attribute names that are written out flat, with an index: ``llm.input_messages.``."""


def first(values: dict[str, Any], names: Names) -> Any:
    """Return the first value that is there and not empty, or None."""
    for name in names:
        value = values.get(name)
        if value is not None and value != "":
            return value
    return None
