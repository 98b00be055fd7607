"""What looks odd in one trace: automatic checks that help choose what to read. Hints, never verdicts.

A check takes a trace and returns its finding or None. To add one, write the function and put it into ``CHECKS``.
"""

from collections.abc import Callable

from reviewer.hints.answers import truncated_output
from reviewer.hints.outcomes import error_status, negative_score, retries
from reviewer.hints.retrievals import empty_retrieval
from reviewer.hints.tools import loop, tool_error
from reviewer.model.hint import Hint
from reviewer.model.trace import Trace

Check = Callable[[Trace], Hint | None]

CHECKS: tuple[Check, ...] = (
    error_status,
    tool_error,
    retries,
    empty_retrieval,
    loop,
    truncated_output,
    negative_score,
)


def find(trace: Trace) -> list[Hint]:
    """Return what the checks found, in a fixed order; one with ``risk`` puts the trace into the flagged stratum."""
    return [hint for check in CHECKS if (hint := check(trace)) is not None]
