"""The patterns of the workspace that traces are read for: a process reads for one workspace."""

import re

from reviewer.model.patterns import DEFAULTS, Patterns, compiled

_used = {"handover": compiled(DEFAULTS.handover), "correction": compiled(DEFAULTS.correction)}


def use(patterns: Patterns) -> None:
    """Read traces with these patterns from now on.

    Raises:
        UsageError: one of them is no regular expression.
    """
    from reviewer.sources.assemble.rollups import tells_handover
    from reviewer.sources.assemble.shapes import shape_of

    _used.update(handover=compiled(patterns.handover), correction=compiled(patterns.correction))
    # Both remember what names mean.
    shape_of.cache_clear()
    tells_handover.cache_clear()


def handover() -> re.Pattern[str]:
    """Return what names a hand-over to a person."""
    return _used["handover"]


def correction() -> re.Pattern[str]:
    """Return what a user's turn says that corrects an answer."""
    return _used["correction"]
