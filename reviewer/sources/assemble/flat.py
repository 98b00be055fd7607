"""Attributes written out flat, put back together: ``llm.input_messages.0.message.role`` -> [{"role": ...}].

Indices may start anywhere (SDKs cut the attributes of a span at 128); they are compressed.
"""

from functools import lru_cache
from typing import Any

from reviewer.sources.attributes import FLAT_PREFIXES, FLAT_SKIP

Groups = dict[str, dict[int, dict[str, Any]]]


def groups(attrs: dict[str, Any]) -> Groups:
    """Return the flat attributes of a span: prefix -> index -> the item with its levels, ``inside`` levels included.

    Keys that do not have an index after the prefix are left alone.
    """
    found: Groups = {}
    for key, value in attrs.items():
        place = _place(key)
        if place is None:
            continue
        head, index, path = place
        group = found.get(head)
        if group is None:
            group = found[head] = {}
        item = group.get(index)
        if item is None:
            item = group[index] = {}
        for part in path[:-1]:
            inner = item.get(part)
            if not isinstance(inner, dict):
                inner = item[part] = {}
            item = inner
        item[path[-1]] = value
    return found


def items(found: Groups, prefix: str, inside: str) -> list[dict[str, Any]]:
    """Return the items of one prefix in order, each without its ``inside`` level."""
    group = found.get(prefix)
    if not group:
        return []
    whole = [_listed(group[index]) for index in sorted(group)]
    return [item.get(inside, item) for item in whole] if inside else whole


def starts_late(found: Groups) -> bool:
    """Return whether a list begins after its first item: the span was cut."""
    return any(min(group) > 0 for group in found.values())


@lru_cache(maxsize=65536)
def _place(key: str) -> tuple[str, int, tuple[str, ...]] | None:
    """Return the prefix, the index and the path of a flat key, or None where it is no such key.

    The same keys come with every trace, so the answers are kept.
    """
    for prefix in FLAT_PREFIXES:
        if key.startswith(prefix):
            index, _, path = key[len(prefix) :].partition(".")
            if index.isdecimal() and path:
                return prefix[:-1], int(index), tuple(part for part in path.split(".") if part not in FLAT_SKIP)
    return None


def _listed(value: Any) -> Any:
    """Turn objects whose keys are all indices into lists, at every level."""
    if not isinstance(value, dict):
        return value
    for key, item in value.items():
        if isinstance(item, dict):
            value[key] = _listed(item)
    if value and next(iter(value)).isdecimal() and all(key.isdecimal() for key in value):
        return [value[key] for key in sorted(value, key=int)]
    return value
