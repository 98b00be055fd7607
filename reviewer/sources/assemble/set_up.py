"""How the application was set up when a trace was made: the tools offered, the retrieval settings, the output schema."""

from collections.abc import Iterable
from functools import lru_cache
from hashlib import blake2b
from typing import Any

import orjson

from reviewer.model.trace import Trace
from reviewer.sources.assemble.spans import Span

LONGEST = 60
"""Characters of one retrieval setting that are kept."""
MOST = 8
"""Retrieval settings that are kept of a trace."""


def record_set_up(trace: Trace, spans: Iterable[Span]) -> None:
    """Fill the hash of the tools offered by the last model call that says, and what retrieval steps record of how they search."""
    settings: dict[str, str] = {}
    offered: tuple[str, ...] = ()
    for span in spans:
        if span.shape.tools:
            offered = tuple(str(span.attrs[name]) for name in span.shape.tools)
        if span.kind == "retriever":
            for name in span.shape.retrieval:
                settings.setdefault(name.rpartition(".")[2], str(span.attrs[name])[:LONGEST])
    if offered:
        trace.tools_hash = _hash_of(offered)
    if settings:
        trace.retrieval_setting = ", ".join(f"{name}={value}" for name, value in sorted(settings.items())[:MOST])


@lru_cache(maxsize=256)
def _hash_of(texts: tuple[str, ...]) -> str:
    return blake2b("\n".join(sorted(texts)).encode("utf-8", "replace"), digest_size=6).hexdigest()


def schema_hash(schema: dict[str, Any]) -> str:
    """Return a short hash of an output schema, whatever the order of its keys."""
    return blake2b(orjson.dumps(schema, option=orjson.OPT_SORT_KEYS), digest_size=6).hexdigest()
