"""Checks of tool calls: failures, and the same call made over and over."""

from collections import Counter

from reviewer.model.hint import Hint
from reviewer.model.trace import Trace

_LOOP = 3


def tool_error(trace: Trace) -> Hint | None:
    """Return a hint if a tool call failed."""
    failed = [call for call in trace.calls() if call.is_error]
    if not failed:
        return None
    total = sum(1 for _ in trace.calls())
    first = failed[0]
    why = (first.error or first.result or "no reason recorded").strip()[:120]
    return Hint("tool_error", f"{len(failed)} of {total} tool calls failed; first {first.name}: {why}")


def loop(trace: Trace) -> Hint | None:
    """Return a hint if the same tool was called with the same arguments three times or more."""
    calls = list(trace.calls())
    if len(calls) < _LOOP:
        return None
    times = Counter((call.name, call.arguments) for call in calls)
    (name, arguments), most = max(times.items(), key=lambda item: item[1])
    if most < _LOOP:
        return None
    return Hint("loop", f"{name} was called {most} times with the same arguments: {arguments[:100]}")
