"""Undoing double encoding: values that are JSON inside JSON strings, sometimes twice, or a Python repr."""

import ast
import warnings
from typing import Any

from reviewer.sources.jsontext import MAX_DEPTH, NotJson, is_deeper, parse_fast

ABSENT = ("", "null", "None", "{}", "[]")
"""Texts that count as nothing where an input or output is chosen."""

_REPR_LIMIT = 1_000_000
_BRACKETS_WORTH_COUNTING = MAX_DEPTH


def unjson(value: object, depth: int = 4) -> Any:
    """Return what a string encodes if it encodes an object, a list or another such string; else the value itself.

    At most ``depth`` layers are undone. A bare number stays text: ids would lose digits. A text that does not parse,
    or that nests too deep, is returned as it is.
    """
    for _ in range(depth):
        if not isinstance(value, str) or not _may_encode(value):
            return value
        decoded = _decoded(value)
        if decoded is value:
            return value
        value = decoded
    return value


def is_absent(value: object) -> bool:
    """Return whether a value counts as nothing: None, blank, or an empty object or list, also as text."""
    if value is None or value == {} or value == []:
        return True
    return isinstance(value, str) and len(value) < 16 and value.strip() in ABSENT


def _may_encode(text: str) -> bool:
    head = text[:1]
    if head in " \t\r\n":
        head = text[:200].lstrip()[:1]
    return head != "" and head in '[{"'


def _decoded(text: str) -> Any:
    try:
        value = parse_fast(text)
    except NotJson:
        value = _from_repr(text)
    if isinstance(value, str) and value is not text and not text.lstrip().startswith('"'):
        return text
    brackets = text.count("[") + text.count("{") if len(text) > _BRACKETS_WORTH_COUNTING else 0
    if brackets > _BRACKETS_WORTH_COUNTING and is_deeper(value, MAX_DEPTH):
        return text
    return value


def _from_repr(text: str) -> Any:
    if len(text) > _REPR_LIMIT or text.lstrip()[:1] not in ("[", "{"):
        return text
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # an invalid escape in somebody's text is no concern of ours
            value = ast.literal_eval(text.strip())
    except (ValueError, SyntaxError, MemoryError, RecursionError, TypeError):
        return text
    # A repr may hold sets, bytes or tuples: only what JSON could have said counts as decoded.
    return value if _is_plain(value) else text


def _is_plain(value: Any, depth: int = MAX_DEPTH) -> bool:
    if depth == 0:
        return False
    if isinstance(value, dict):
        return all(isinstance(k, str) and _is_plain(v, depth - 1) for k, v in value.items())
    if isinstance(value, list):
        return all(_is_plain(v, depth - 1) for v in value)
    return value is None or isinstance(value, (str, int, float, bool))
