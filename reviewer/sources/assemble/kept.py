"""Which attributes of a trace are kept as they are, so that a segment can be found in another one without the file."""

import math
from collections.abc import Iterable, Mapping
from typing import Any

from reviewer.model.trace import Trace
from reviewer.sources.assemble.shapes import is_content, shape_of
from reviewer.sources.assemble.spans import Tree

MOST = 64
LONGEST = 200
"""Characters of a value; what is longer is no name of anything."""
_LONGEST_NAME = 100
_DEEPEST = 3


def keep(trace: Trace, attrs: Mapping[str, Any], names: Iterable[str]) -> None:
    """Keep those of the named attributes that are short: one line of text, a number, true or false.

    The first value of a name stays, and no trace keeps more than ``MOST``.
    """
    kept = trace.attributes
    for name in names:
        if name not in kept and len(kept) < MOST and len(name) <= _LONGEST_NAME and (text := _short(attrs[name])):
            kept[name] = text


def keep_of_spans(trace: Trace, tree: Tree) -> None:
    """Keep attributes of the root, then of the first span with each set of names, then of the resource."""
    looked: set[int] = set()
    for span in (tree.root, *tree.spans):
        if id(span.shape) not in looked:
            looked.add(id(span.shape))
            keep(trace, span.attrs, span.shape.kept)
    keep(trace, tree.root.resource, shape_of(tuple(tree.root.resource)).kept)


def keep_of_metadata(trace: Trace) -> None:
    """Keep the metadata too, a value inside an object under ``OBJECT.NAME``; some services put all attributes there."""
    _keep_inside(trace, trace.metadata, "", _DEEPEST)


def _keep_inside(trace: Trace, held: Mapping[Any, Any], prefix: str, levels: int) -> None:
    for key, value in held.items():
        if len(trace.attributes) >= MOST:
            return
        name = f"{prefix}{key}"
        if not 0 < len(name) <= _LONGEST_NAME or is_content(str(key)):
            continue
        if isinstance(value, dict):
            if levels > 1:
                _keep_inside(trace, value, f"{name}.", levels - 1)
        elif text := _short(value):
            trace.attributes.setdefault(name, text)


def _short(value: Any) -> str:
    """Return a value as one short line, or nothing where it is none."""
    if type(value) is str:
        return value if len(value) <= LONGEST and "\n" not in value else ""
    if type(value) is bool:
        return "true" if value else "false"
    if type(value) is int:
        return str(value) if -(2**63) <= value < 2**63 else ""
    return str(value) if type(value) is float and math.isfinite(value) else ""
