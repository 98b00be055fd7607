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


def chat_meta(row: dict[str, Any]) -> dict[str, Any]:
    """Return what a record holds of calls beside its conversation, for the metadata of a target."""
    return {
        "output_tool_calls": chat_calls(row["output_tool_calls"]),
        "expected_tool_calls": chat_calls(row["expected_tool_calls"]),
        "tools": chat_tools(row["tools"]),
    }


def chat_tools(tools: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the tools that were offered as the chat API takes them."""
    return [{"type": "function", "function": tool} for tool in tools]


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
