"""Who speaks in a list of messages: a role that models know, or an agent that goes by a name of its own."""

from typing import Any

from reviewer.sources.assemble.messages import ROLES

_NO_AGENTS = frozenset(
    (*(role.lower() for role in ROLES), "ipython", "environment", "tool_result", "tool_response", "function_response")
)


def with_roles(value: Any) -> Any:
    """Return messages whose speakers are roles: a name that is no role is an agent's, where no tool is called.

    The agent speaks as assistant and keeps its name. Anything that is no list of messages comes back as it is.
    """
    if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
        return value
    spoken = [{"role": one["speaker"], **one} if "speaker" in one and "role" not in one else one for one in value]
    if any(one.get("tool_calls") or one.get("tool_call_id") for one in spoken):
        return spoken
    return [
        {**one, "role": "assistant", "name": one["role"]}
        if isinstance(one.get("role"), str) and one["role"].lower() not in _NO_AGENTS
        else one
        for one in spoken
    ]
