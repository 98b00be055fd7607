"""How the application was set up when a trace was made: the tools offered, the retrieval settings, the output schema."""

import re
from collections.abc import Iterable
from functools import lru_cache
from hashlib import blake2b
from typing import Any

import orjson

from reviewer.model.trace import Trace
from reviewer.sources.assemble.spans import Span
from reviewer.sources.assemble.unjson import unjson
from reviewer.sources.jsontext import dump

_PART = re.compile(r"\.(name|description|parameters|input_schema)$")
_SCHEMAS = ("parameters", "input_schema", "inputSchema", "json_schema")
LONGEST = 60
"""Characters of one retrieval setting that are kept."""
MOST = 8
"""Retrieval settings that are kept of a trace."""


def record_set_up(trace: Trace, spans: Iterable[Span]) -> None:
    """Fill the tools offered by the last model call that says, and what retrieval steps record of how they search."""
    settings: dict[str, str] = {}
    offered: tuple[tuple[str, str], ...] = ()
    for span in spans:
        if span.shape.tools:
            offered = tuple((name, str(span.attrs[name])) for name in span.shape.tools)
        if span.kind == "retriever":
            for name in span.shape.retrieval:
                settings.setdefault(name.rpartition(".")[2], str(span.attrs[name])[:LONGEST])
    if offered:
        trace.tools_hash = _hash_of(tuple(text for _, text in offered))
        trace.tools = definitions(offered)
    if settings:
        trace.retrieval_setting = ", ".join(f"{name}={value}" for name, value in sorted(settings.items())[:MOST])


def record_offered(trace: Trace, held: Any) -> None:
    """Fill the tools that a record of a request offered: a list of definitions in any service's form."""
    parsed = unjson(held)
    if isinstance(parsed, list) and parsed:
        texts = tuple(dump(one) for one in parsed)
        trace.tools_hash = _hash_of(texts)
        trace.tools = definitions(tuple((f"tools.{n}.json_schema", text) for n, text in enumerate(texts)))


@lru_cache(maxsize=256)
def definitions(offered: tuple[tuple[str, str], ...]) -> list[dict[str, Any]]:
    """Return {name, description, parameters} of every tool that attributes define; what was not recorded is left out.

    Each attribute holds one definition or a list of them as JSON, or one part of a definition with its number in the
    attribute's name. The list is the same object for the same attributes: it is not to be changed.
    """
    parts: dict[str, dict[str, Any]] = {}
    whole: list[Any] = []
    for name, text in offered:
        part = _PART.search(name)
        if part is not None:
            parts.setdefault(name[: part.start()], {})[part[1]] = text
        else:
            value = unjson(text)
            whole += value if isinstance(value, list) else [value]
    return [tool for held in (*parts.values(), *whole) if (tool := _definition(unjson(held)))]


def _definition(held: Any) -> dict[str, Any]:
    for inside in ("function", "toolSpec"):
        if isinstance(held, dict) and isinstance(held.get(inside), dict):
            held = held[inside]
    if not isinstance(held, dict) or not isinstance(held.get("name"), str):
        return {}
    schema = next((unjson(held[key]) for key in _SCHEMAS if held.get(key)), None)
    if isinstance(schema, dict) and isinstance(schema.get("json"), dict):
        schema = schema["json"]
    description = held.get("description")
    return {
        "name": held["name"],
        **({"description": description} if description and isinstance(description, str) else {}),
        **({"parameters": schema} if schema and isinstance(schema, dict) else {}),
    }


@lru_cache(maxsize=256)
def _hash_of(texts: tuple[str, ...]) -> str:
    return blake2b("\n".join(sorted(texts)).encode("utf-8", "replace"), digest_size=6).hexdigest()


def schema_hash(schema: dict[str, Any]) -> str:
    """Return a short hash of an output schema, whatever the order of its keys."""
    return blake2b(orjson.dumps(schema, option=orjson.OPT_SORT_KEYS), digest_size=6).hexdigest()
