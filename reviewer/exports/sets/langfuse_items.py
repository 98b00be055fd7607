"""Langfuse: items of a dataset, as its API takes them one by one."""

from collections.abc import Iterable
from typing import Any

from reviewer.exports.sets.canonical import Row, SetAbout, line, meta
from reviewer.exports.sets.losses import Losses
from reviewer.exports.sets.openai_chat import chat_calls, chat_message, chat_meta
from reviewer.exports.sets.writing import Folder

LOSES = (
    "Anchors, first failures and document labels stay in the workspace.",
    "Datasets have no splits there: the split stands in the metadata.",
)


def write(rows: Iterable[Row], folder: Folder, about: SetAbout, lost: Losses) -> None:
    """Write ``items.jsonl``: one body of a request a line."""
    with folder.lines("items.jsonl") as out:
        for row in rows:
            out.write(line(item(row, about)))


def item(row: Row, about: SetAbout) -> dict[str, Any]:
    """Return a record as an item; an id counts for the whole project, so that it carries the name of its dataset."""
    return {
        "datasetName": about.name,
        "id": f"{about.name}:{row['example_id']}"[-255:],
        "input": {
            "messages": [chat_message(message) for message in row["messages"]],
            "input": row["input"],
            "retrieved_contexts": row["retrieved_contexts"],
        },
        "expectedOutput": {
            "expected": row["expected"],
            "verdict": row["verdict"],
            "tool_calls": chat_calls(row["expected_tool_calls"]),
        },
        "metadata": meta(row) | {"output": row["output"]} | chat_meta(row),
        "status": "ACTIVE",
    }
