"""Checks of what the model answered."""

from reviewer.model.hint import Hint
from reviewer.model.trace import Trace

_CUT = frozenset(("length", "max_tokens", "max_output_tokens", "model_length", "incomplete", "token_limit"))


def truncated_output(trace: Trace) -> Hint | None:
    """Return a hint if the model stopped because its output had reached the limit."""
    for thread in trace.threads:
        for number, message in enumerate(thread.messages, 1):
            if message.finish_reason and message.finish_reason.lower() in _CUT:
                return Hint("truncated_output", f"message {number} was cut off ({message.finish_reason})")
    return None
