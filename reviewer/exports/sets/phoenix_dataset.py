"""Phoenix: examples of a dataset, for ``client.datasets.create_dataset``."""

import re
from collections.abc import Iterable
from typing import Any

from reviewer.exports.sets.canonical import Row, SetAbout, line, meta
from reviewer.exports.sets.losses import Losses
from reviewer.exports.sets.openai_chat import chat_message, chat_meta
from reviewer.exports.sets.writing import Folder

LOSES = ("Anchors, first failures and document labels stay in the workspace.",)
SPAN_ID = re.compile(r"[0-9a-f]{16}")


def write(rows: Iterable[Row], folder: Folder, about: SetAbout, lost: Losses) -> None:
    """Write ``examples.jsonl``: uploading it again makes a new version, in which rows that left are gone."""
    with folder.lines("examples.jsonl") as out:
        for row in rows:
            out.write(line(example(row)))


def example(row: Row) -> dict[str, Any]:
    """Return a record as an example; ``input`` and ``output`` are objects, always."""
    made = {
        "id": row["example_id"],
        "input": {
            "messages": [chat_message(message) for message in row["messages"]],
            "input": row["input"],
            "retrieved_contexts": row["retrieved_contexts"],
        },
        "output": {"expected": row["expected"], "verdict": row["verdict"]},
        "metadata": meta(row) | {"actual_output": row["output"]} | chat_meta(row),
        "splits": row["split"],
    }
    observed = row["provenance"].get("observation_id") or ""
    return made | ({"span_id": observed} if SPAN_ID.fullmatch(observed) else {})
