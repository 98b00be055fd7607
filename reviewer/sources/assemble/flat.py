"""Attributes written out flat, put back together: ``llm.input_messages.0.message.role`` -> [{"role": ...}].

Indices may start anywhere (SDKs cut the attributes of a span at 128); they are compressed.
"""

from typing import Any

from reviewer.sources.attributes import FLAT_PREFIXES, FLAT_SKIP

Groups = dict[str, dict[int, dict[str, Any]]]


def groups(attrs: dict[str, Any]) -> Groups:
    """Return the flat attributes of a span: prefix -> index -> the item with its levels, ``inside`` levels included.

    Keys that do not have an index after the prefix are left alone.
    """
    found: Groups = {}
    for key, value in attrs.items():
        if not key.startswith(FLAT_PREFIXES):
            continue
        head, index, path = _split(key)
        if index < 0:
            continue
        item = found.setdefault(head, {}).setdefault(index, {})
        if "." not in path:
            item[path] = value
        else:
            _put(item, path.split("."), value)
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


def _split(key: str) -> tuple[str, int, str]:
    """Return the prefix, the index and the rest of a flat key; the index is -1 where there is none."""
    for prefix in FLAT_PREFIXES:
        if key.startswith(prefix):
            index, _, path = key[len(prefix) :].partition(".")
            return prefix[:-1], int(index) if index.isdecimal() and path else -1, path
    return key, -1, ""


def _put(item: dict[str, Any], path: list[str], value: Any) -> None:
    at = item
    for part in path[:-1]:
        if part in FLAT_SKIP:
            continue
        inner = at.get(part)
        if not isinstance(inner, dict):
            inner = at[part] = {}
        at = inner
    at[path[-1]] = value


def _listed(value: Any) -> Any:
    """Turn objects whose keys are all indices into lists, at every level."""
    if not isinstance(value, dict):
        return value
    inner = {key: _listed(item) if isinstance(item, dict) else item for key, item in value.items()}
    if inner and all(key.isdecimal() for key in inner):
        return [inner[key] for key in sorted(inner, key=int)]
    return inner
