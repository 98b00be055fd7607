"""Messages in the form of OpenAI's chat API, which most targets take."""

import json
from typing import Any


def chat_message(message: dict[str, Any]) -> dict[str, Any]:
    """Return a canonical message as a chat message: arguments of calls are JSON in a string."""
    out = {"role": message["role"], "content": message["content"]}
    if message["tool_calls"]:
        out["tool_calls"] = chat_calls(message["tool_calls"])
    if message["role"] == "tool":
        out["tool_call_id"] = message["tool_call_id"]
    return out


def chat_calls(calls: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return canonical calls as chat calls."""
    return [
        {
            "id": call["id"],
            "type": "function",
            "function": {"name": call["name"], "arguments": json.dumps(call["arguments"], ensure_ascii=False)},
        }
        for call in calls
    ]
