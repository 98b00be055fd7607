"""What a set of attribute names means, worked out once for each set: spans of one kind all have the same names.

A trace has hundreds of attributes, an application a few dozen sets of names. Everything that depends on names alone
is answered here and kept; only values are looked at span by span.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from reviewer.sources import own_patterns
from reviewer.sources.attributes import (
    DOCUMENTS,
    FLAT,
    FLAT_PREFIXES,
    FLAT_SKIP,
    INPUTS,
    METADATA,
    OUTPUTS,
    SPAN,
    TRACE,
    USAGE,
    Place,
)

_TOOLS_OFFERED = re.compile(
    r"^(?:llm\.tools\.|gen_ai\.tool\.definitions|gen_ai\.request\.tools|llm\.request\.functions\.|ai\.prompt\.tools)"
)
_RETRIEVAL_SETTING = re.compile(
    r"(?:^|[._])(?:top_?k|similarity_?threshold|score_?threshold|(?:index|collection|namespace)(?:[._]?name)?"
    r"|embedding\.model_name|reranker\.(?:model_name|top_k)|chunk_?(?:size|overlap))$",
    re.IGNORECASE,
)

_ABOUT_TRACE = frozenset(name for place in TRACE.values() for name in place.names)
_TELLING = frozenset(
    name for key in ("attempt", "cache_hit", "fallback", "schema", "schema_inside") for name in SPAN[key]
)
_TOLD = frozenset((*METADATA["json"], *METADATA["tags"], *METADATA["wrappers"]))
_DOCUMENT_ATTRIBUTES = frozenset(place.attribute for place in DOCUMENTS if place.attribute)
_CONTENT = frozenset(
    (
        *(name for place in (*INPUTS, *OUTPUTS, *DOCUMENTS) for name in (place.attribute, place.instructions)),
        *(name for place in (*INPUTS, *OUTPUTS) for name in (*place.text, *place.reasoning, *place.tool_calls)),
        *(name for names in USAGE.values() for name in names),
        *(name for key in ("cost", "cost_details", "query", "tool_call_id") for name in SPAN[key]),
        *_TOLD,
    )
)
_DEEPEST = 12
"""Levels of a flat name that become levels of a value; what is below stays one name."""


@dataclass(frozen=True, slots=True, eq=False)
class Shape:
    """What the names of one set of attributes say.

    ``flat`` has for each prefix the items in order, as templates: values in which each leaf is the attribute's name.
    ``inputs`` and ``outputs`` are the places of the table, by number, that an attribute of the set can fill.
    ``counts`` are the counts of tokens (and ``details``, an object of them) with the names that hold them. ``tools``
    hold definitions of tools that were offered, ``retrieval`` how a retrieval searches. ``kept`` may say what kind of
    trace this is: they are no content, no count and no metadata, which is kept by itself.
    """

    flat: dict[str, list[Any]]
    cut: bool
    inputs: tuple[int, ...]
    outputs: tuple[int, ...]
    about_trace: frozenset[str]
    telling: bool
    counts: tuple[tuple[str, tuple[str, ...]], ...]
    documents: bool
    metadata: tuple[tuple[str, str], ...]
    told: tuple[str, ...]
    handover: tuple[str, ...]
    tools: tuple[str, ...]
    retrieval: tuple[str, ...]
    kept: tuple[str, ...]

    def items(self, attrs: dict[str, Any], prefix: str) -> list[Any]:
        """Return the flat items of one prefix with their values, each without the level inside its index."""
        return [_filled(template, attrs) for template in self.flat.get(prefix, ())]


@lru_cache(maxsize=1024)
def shape_of(names: tuple[str, ...]) -> Shape:
    """Return what a set of attribute names says."""
    held = frozenset(names)
    flat, cut = _flat(names)
    documents = {place.flat for place in DOCUMENTS if place.flat}
    return Shape(
        flat=flat,
        cut=cut,
        inputs=_ranks(INPUTS, held, flat),
        outputs=_ranks(OUTPUTS, held, flat),
        about_trace=_ABOUT_TRACE & held,
        telling=not _TELLING.isdisjoint(held),
        counts=_counts(held),
        documents=not (documents.isdisjoint(flat) and _DOCUMENT_ATTRIBUTES.isdisjoint(held)),
        metadata=tuple((name, inner) for name in names if (inner := _metadata_key(name)) is not None),
        told=tuple(name for name in names if name in _TOLD),
        handover=tuple(name for name in names if own_patterns.handover().search(name)),
        tools=tuple(sorted(name for name in names if _TOOLS_OFFERED.search(name))),
        retrieval=tuple(sorted(name for name in names if _RETRIEVAL_SETTING.search(name))),
        kept=tuple(name for name in names if not is_content(name) and _metadata_key(name) is None),
    )


@lru_cache(maxsize=4096)
def is_content(name: str) -> bool:
    """Return whether an attribute holds what was said or counted, and nothing that tells a kind of trace."""
    return name in _CONTENT or name.startswith(FLAT_PREFIXES)


def _counts(held: frozenset[str]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return the counts of tokens that the attributes can hold, each with its names in order."""
    named = ((count, tuple(name for name in names if name in held)) for count, names in USAGE.items())
    return tuple((count, names) for count, names in named if names)


def log_ranks(places: tuple[Place, ...]) -> tuple[int, ...]:
    """Return the places, by number, that only span events and log records can fill."""
    return tuple(rank for rank, place in enumerate(places) if place.in_log or place.logs or place.body)


def _ranks(places: tuple[Place, ...], names: frozenset[str], flat: dict[str, list[Any]]) -> tuple[int, ...]:
    return tuple(
        rank
        for rank, place in enumerate(places)
        if not (place.in_log or place.logs or place.body)
        and (place.flat in flat or place.attribute in names or not names.isdisjoint((*place.text, *place.tool_calls)))
    )


def _metadata_key(name: str) -> str | None:
    return next((name.removeprefix(prefix) for prefix in METADATA["prefixes"] if name.startswith(prefix)), None)


_INSIDE = {place.flat: place.inside for place in FLAT}


def _flat(names: Iterable[str]) -> tuple[dict[str, list[Any]], bool]:
    """Return the templates of flat items by prefix, and whether a list begins after its first item.

    Indices may start anywhere (SDKs cut the attributes of a span at 128); they are compressed.
    """
    groups: dict[str, dict[int, dict[str, Any]]] = {}
    for name in names:
        for prefix in FLAT_PREFIXES:
            if name.startswith(prefix):
                index, _, path = name[len(prefix) :].partition(".")
                if index.isdecimal() and len(index) < 7 and path:
                    _put(groups.setdefault(prefix[:-1], {}).setdefault(int(index), {}), path, name)
    flat = {}
    for prefix, group in groups.items():
        whole = [_listed(group[index]) for index in sorted(group)]
        inside = _INSIDE[prefix]
        flat[prefix] = [item.get(inside, item) if inside and isinstance(item, dict) else item for item in whole]
    return flat, any(min(group) > 0 for group in groups.values())


def _put(item: dict[str, Any], path: str, name: str) -> None:
    *levels, last = [part for part in path.split(".", _DEEPEST) if part not in FLAT_SKIP] or [path]
    at = item
    for level in levels:
        inner = at.get(level)
        if not isinstance(inner, dict):
            inner = at[level] = {}
        at = inner
    at[last] = name


def _listed(template: Any) -> Any:
    """Turn objects whose keys are all indices into lists, at every level."""
    if not isinstance(template, dict):
        return template
    inner = {key: _listed(item) for key, item in template.items()}
    if all(key.isdecimal() and len(key) < 7 for key in inner):
        return [inner[key] for key in sorted(inner, key=int)]
    return inner


def _filled(template: Any, attrs: dict[str, Any]) -> Any:
    if type(template) is str:
        return attrs[template]
    if type(template) is dict:
        return {key: attrs[one] if type(one) is str else _filled(one, attrs) for key, one in template.items()}
    return [_filled(one, attrs) for one in template]
