"""A workspace's own rules for its segments: which attribute of a trace holds each, and what a trace then says."""

from collections.abc import Iterable, Mapping

from reviewer.errors import UsageError
from reviewer.model.week import SEGMENTS, Segment

Values = tuple[str | None, ...]
"""What a trace says of each of ``SEGMENTS``, in that order; None where it does not say."""

Rules = Mapping[Segment, tuple[str, ...]]
"""For a segment the attributes that may hold it, in order. One without any is found by the program's own rules."""

FIELDS = ("name", "user_id", "session_id", "release", "provider", "prompt_name", "prompt_hash", "format", "origin")
"""What is kept of every trace, also of one that keeps no attributes; ``trace.NAME`` stands for it in a rule."""
FIELD_NAMES = tuple(f"trace.{name}" for name in FIELDS)
MOST_NAMES = 8
"""Attributes that one rule may name."""


def values_by(rules: Rules, found: Values, attributes: Mapping[str, str]) -> Values:
    """Return what a trace says of each segment: the first attribute that its rule names and the trace has.

    Where a trace has none of them, what the program found by its own rules (``found``) stays.
    """
    return tuple(
        next((attributes[name] for name in rules.get(segment, ()) if attributes.get(name)), own)
        for segment, own in zip(SEGMENTS, found, strict=True)
    )


def checked(wanted: Mapping[str, Iterable[str]]) -> dict[Segment, tuple[str, ...]]:
    """Return rules as they are kept: known segments, no name twice, and none for a segment without names.

    Raises:
        UsageError: there is no such segment, or a rule names more attributes than it may.
    """
    unknown = [name for name in wanted if name not in SEGMENTS]
    if unknown:
        raise UsageError(f"There is no segment {unknown[0]!r}.", f"Use {', '.join(SEGMENTS)}.")
    rules: dict[Segment, tuple[str, ...]] = {}
    for segment in SEGMENTS:
        names = tuple(dict.fromkeys(name for name in wanted.get(segment, ()) if name))
        if len(names) > MOST_NAMES:
            raise UsageError(f"The rule of {segment} names {len(names)} attributes.", f"{MOST_NAMES} are enough.")
        if names:
            rules[segment] = names
    return rules
