"""Braintrust: rows of a dataset; the same id again replaces the row."""

from collections.abc import Iterable
from typing import Any

from reviewer.exports.sets.canonical import Row, SetAbout, line, meta
from reviewer.exports.sets.losses import Losses
from reviewer.exports.sets.openai_chat import chat_message, chat_meta
from reviewer.exports.sets.writing import Folder

LOSES = ("Anchors, first failures and document labels stay in the workspace.",)


def write(rows: Iterable[Row], folder: Folder, about: SetAbout, lost: Losses) -> None:
    """Write ``dataset.jsonl``."""
    with folder.lines("dataset.jsonl") as out:
        for row in rows:
            out.write(line(dataset_row(row)))


def dataset_row(row: Row) -> dict[str, Any]:
    """Return a record as a row; tags say the failure modes and the split, each once."""
    tags = [*row["tags"], *(f"fm:{mode}" for mode in row["failure_modes"]), f"split:{row['split']}"]
    return {
        "id": row["example_id"],
        "input": {
            "messages": [chat_message(message) for message in row["messages"]],
            "retrieved_contexts": row["retrieved_contexts"],
        },
        "expected": row["expected"],
        "metadata": meta(row) | {"output": row["output"]} | chat_meta(row),
        "tags": list(dict.fromkeys(tags)),
    }
