"""Ragas: samples of one turn and of several, with the labels in a file beside them, row by row."""

import json
from collections.abc import Iterable
from contextlib import ExitStack
from typing import Any

from reviewer.exports.sets.canonical import Row, SetAbout, meta
from reviewer.exports.sets.losses import Losses
from reviewer.exports.sets.writing import Folder

LOSES = (
    "Anchors, first failures and document labels stay in the workspace.",
    "Ragas drops keys that it does not know: labels stand in a file beside each, line by line.",
    "Ids of tool calls and the tools offered are not carried over; there are no messages of the system: its text stands in metadata.",
)
KINDS = {"user": "human", "assistant": "ai", "tool": "tool"}


def write(rows: Iterable[Row], folder: Folder, about: SetAbout, lost: Losses) -> None:
    """Write ``single_turn.jsonl`` and ``multi_turn.jsonl``, each with its labels; a kind without rows is not there."""
    with ExitStack() as stack:
        files: dict[str, Any] = {}
        for row in rows:
            kind = "multi_turn" if is_multi(row) else "single_turn"
            for name, value in ((f"{kind}.jsonl", sample(row)), (f"{kind}.labels.jsonl", meta(row))):
                if name not in files:
                    files[name] = stack.enter_context(folder.lines(name))
                # The reader opens files in the encoding of the machine: only ASCII is the same everywhere.
                files[name].write(json.dumps(value, ensure_ascii=True, allow_nan=False).encode() + b"\n")


def is_multi(row: Row) -> bool:
    """Return whether a sample of several turns is needed: for calls, made or expected, or for several turns of the user."""
    users = sum(message["role"] == "user" for message in row["messages"])
    return (
        users != 1
        or bool(row["expected_tool_calls"])
        or any(message["tool_calls"] or message["role"] == "tool" for message in row["messages"])
    )


def sample(row: Row) -> dict[str, Any]:
    """Return a record as a sample."""
    if not is_multi(row):
        return {
            "user_input": row["input"],
            "retrieved_contexts": row["retrieved_contexts"],
            "response": row["output"],
            "reference": row["expected"],
        }
    return {
        "user_input": _messages(row),
        "reference": row["expected"],
        "reference_tool_calls": [{"name": c["name"], "args": c["arguments"]} for c in row["expected_tool_calls"]],
    }


def _messages(row: Row) -> list[dict[str, Any]]:
    """Return the turns: a result of a tool follows the call, or it stands as text of the user's side."""
    out: list[dict[str, Any]] = []
    system = "\n\n".join(message["content"] for message in row["messages"] if message["role"] == "system")
    for message in row["messages"]:
        kind = KINDS.get(message["role"])
        if kind is None:
            continue
        if kind == "tool" and not _may_follow(out):
            kind = "human"
        made: dict[str, Any] = {"type": kind, "content": message["content"]}
        if kind == "ai" and message["tool_calls"]:
            made["tool_calls"] = [{"name": call["name"], "args": call["arguments"]} for call in message["tool_calls"]]
        out.append(made)
    answer: dict[str, Any] = {"type": "ai", "content": row["output"], "metadata": {"example_id": row["example_id"]}}
    if row["output_tool_calls"]:
        answer["tool_calls"] = [{"name": c["name"], "args": c["arguments"]} for c in row["output_tool_calls"]]
    out.append(answer)
    if system:
        out[0].setdefault("metadata", {})["system"] = system
    return out


def _may_follow(out: list[dict[str, Any]]) -> bool:
    """Return whether a message of a tool may stand next: after an answer with calls, or after another of a tool."""
    return bool(out) and (out[-1]["type"] == "tool" or bool(out[-1].get("tool_calls")))
