"""MLflow: records of an evaluation dataset, for ``merge_records``."""

from collections.abc import Iterable
from typing import Any

from reviewer.exports.sets.canonical import Row, SetAbout, line
from reviewer.exports.sets.losses import Losses
from reviewer.exports.sets.openai_chat import chat_calls, chat_message
from reviewer.exports.sets.writing import Folder

LOSES = (
    "Anchors, first failures and document labels stay in the workspace.",
    "Records are told apart by their inputs: two traces with the same inputs become one there.",
    "Tags are texts there; the tools offered are not carried over.",
)


def write(rows: Iterable[Row], folder: Folder, about: SetAbout, lost: Losses) -> None:
    """Write ``records.jsonl``."""
    with folder.lines("records.jsonl") as out:
        for row in rows:
            out.write(line(record(row)))


def record(row: Row) -> dict[str, Any]:
    """Return a record as MLflow's; a call that was expected has its arguments as an object."""
    return {
        "inputs": {
            "messages": [chat_message(message) for message in row["messages"]],
            "retrieved_contexts": row["retrieved_contexts"],
        },
        "outputs": {"response": row["output"], "tool_calls": chat_calls(row["output_tool_calls"])},
        "expectations": {
            "expected_response": row["expected"],
            "expected_tool_calls": [
                {"name": call["name"], "arguments": call["arguments"]} for call in row["expected_tool_calls"]
            ],
            "verdict": row["verdict"],
            "failure_modes": row["failure_modes"],
            "scores": row["scores"],
            "critique": row["critique"],
        },
        "tags": {
            "example_id": row["example_id"],
            "split": row["split"],
            "trace_id": row["trace_id"],
            "prompt_version": row["prompt_version"] or "",
            "model": row["model"] or "",
        },
        "source": {"source_type": "TRACE", "source_data": {"trace_id": row["provenance"]["observation_id"]}},
    }
