"""DeepEval: goldens, and conversational goldens in a file of their own, because a file holds one kind only."""

from collections.abc import Iterable
from contextlib import ExitStack
from typing import Any

from reviewer.exports.sets.canonical import Row, SetAbout, line, meta
from reviewer.exports.sets.losses import Losses
from reviewer.exports.sets.writing import Folder

LOSES = (
    "Anchors, first failures and document labels stay in the workspace.",
    "The loader drops ids: the example's id is the name of the golden.",
    "Turns of the system stand in the metadata, results of tools inside their calls.",
    "Expected calls of a conversation of several turns, and the tools offered, stand in the metadata.",
    "A document whose text has the form deepeval_source=...,deepeval_context=... becomes an object there.",
)
CARRIED = ("messages", "output_tool_calls", "expected_tool_calls", "tools")
"""What the metadata holds beside the labels."""
README = """\
# Goldens for DeepEval

    from deepeval.dataset import EvaluationDataset
    dataset = EvaluationDataset()
    dataset.add_goldens_from_jsonl_file(file_path="goldens.jsonl")

`conversational.jsonl` holds the conversations of several turns: load it into a dataset of its own.
"""


def write(rows: Iterable[Row], folder: Folder, about: SetAbout, lost: Losses) -> None:
    """Write ``goldens.jsonl`` and ``conversational.jsonl``; one without rows is not there."""
    with ExitStack() as stack:
        files: dict[str, Any] = {}
        for row in rows:
            name = "conversational.jsonl" if is_conversation(row) else "goldens.jsonl"
            if name not in files:
                files[name] = stack.enter_context(folder.lines(name))
            files[name].write(line(golden(row)))
    folder.add("README.md", README.encode())


def is_conversation(row: Row) -> bool:
    """Return whether the user spoke more than once before the answer."""
    users: int = sum(message["role"] == "user" for message in row["messages"])
    return users > 1


def golden(row: Row) -> dict[str, Any]:
    """Return a record as a golden, or as a conversational golden where there are several turns."""
    labels = {
        "comments": row["critique"] or None,
        "name": row["example_id"],
        "additional_metadata": meta(row) | {key: row[key] for key in CARRIED},
        "custom_column_key_values": {
            "verdict": row["verdict"],
            "failure_modes": ";".join(row["failure_modes"]),
            "split": row["split"],
        },
    }
    if is_conversation(row):
        scenario = row["input"] or row["example_id"]
        return {"scenario": scenario, "turns": _turns(row), "expected_outcome": row["expected"]} | labels
    return {
        "input": row["input"],
        "actual_output": row["output"],
        "expected_output": row["expected"],
        "retrieval_context": row["retrieved_contexts"],
        "tools_called": _calls(row, [*_asked(row), *row["output_tool_calls"]]),
        "expected_tools": _calls(row, row["expected_tool_calls"]),
        **labels,
    }


def _asked(row: Row) -> list[dict[str, Any]]:
    return [call for message in row["messages"] for call in message["tool_calls"]]


def _turns(row: Row) -> list[dict[str, Any]]:
    turns = []
    for message in row["messages"]:
        if message["role"] in ("user", "assistant"):
            turn = {"role": message["role"], "content": message["content"]}
            if message["tool_calls"]:
                turn["tools_called"] = _calls(row, message["tool_calls"])
            turns.append(turn)
    last = {"role": "assistant", "content": row["output"], "retrieval_context": row["retrieved_contexts"]}
    return [*turns, last | {"tools_called": _calls(row, row["output_tool_calls"])}]


def _calls(row: Row, calls: list[dict[str, Any]]) -> list[dict[str, Any]]:
    results = {m["tool_call_id"]: m["content"] for m in row["messages"] if m["role"] == "tool"}
    return [
        {"name": call["name"], "input_parameters": call["arguments"], "output": results.get(call["id"])}
        for call in calls
    ]
