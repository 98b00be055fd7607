"""Checks of what was retrieved."""

import re

from reviewer.model.hint import Hint
from reviewer.model.trace import ToolCall, Trace

_SEARCHES = re.compile(r"search|retriev|lookup|look_up|find|query|fetch", re.IGNORECASE)
_NOTHING = frozenset(("", "[]", "{}", "null", "none", '""'))
_EMPTY_LIST = re.compile(r'^\{\s*"(?:results|documents|docs|matches|chunks|nodes|hits|items|data)"\s*:\s*\[\s*\]')


def empty_retrieval(trace: Trace) -> Hint | None:
    """Return a hint if a retrieval, or a tool that searches, came back with nothing."""
    empty = sum(1 for retrieval in trace.retrievals if retrieval.documents == 0)
    if empty:
        return Hint("empty_retrieval", f"{empty} of {len(trace.retrievals)} retrievals returned no document")
    for call in trace.calls():
        if _found_nothing(call):
            return Hint("empty_retrieval", f"{call.name} found nothing: {call.arguments[:100]}")
    return None


def _found_nothing(call: ToolCall) -> bool:
    if call.result is None or call.is_error or not _SEARCHES.search(call.name):
        return False
    said = call.result[:200].strip()
    return said.lower() in _NOTHING or _EMPTY_LIST.match(said) is not None
