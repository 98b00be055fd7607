"""LangSmith: examples of a dataset."""

import uuid
from collections.abc import Iterable
from typing import Any

from reviewer.exports.sets.canonical import Row, SetAbout, line, meta
from reviewer.exports.sets.losses import Losses
from reviewer.exports.sets.openai_chat import chat_message, chat_meta
from reviewer.exports.sets.writing import Folder

LOSES = (
    "Anchors, first failures and document labels stay in the workspace.",
    "Ids must be UUIDs there: they are made from the example's id, which stands in the metadata.",
)
NAMESPACE = uuid.UUID("6f0d2c3a-7c1e-5b43-9a53-0f6a9a9f7d10")
"""The namespace of the ids: ours alone, and the same for ever."""


def write(rows: Iterable[Row], folder: Folder, about: SetAbout, lost: Losses) -> None:
    """Write ``examples.jsonl``; newer clients call ``outputs`` by the name ``reference_outputs``."""
    with folder.lines("examples.jsonl") as out:
        for row in rows:
            out.write(line(example(row)))


def example(row: Row) -> dict[str, Any]:
    """Return a record as an example."""
    return {
        "id": str(uuid.uuid5(NAMESPACE, row["example_id"])),
        "inputs": {
            "messages": [chat_message(message) for message in row["messages"]],
            "input": row["input"],
            "retrieved_contexts": row["retrieved_contexts"],
        },
        "outputs": {"expected": row["expected"], "verdict": row["verdict"]},
        "metadata": meta(row) | {"output": row["output"]} | chat_meta(row),
        "split": row["split"],
    }
