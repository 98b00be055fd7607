"""Inspect: samples for ``json_dataset`` and a task that runs them."""

from collections.abc import Iterable
from typing import Any

from reviewer.exports.sets.canonical import Row, SetAbout, line, meta
from reviewer.exports.sets.losses import Losses
from reviewer.exports.sets.writing import Folder

LOSES = (
    "Anchors, first failures and document labels stay in the workspace.",
    "Calls that came with the reviewed answer, expected calls and the tools offered stand in the metadata only.",
)
TASK = '''"""Ask a model what the reviewed application was asked: inspect eval task.py --model PROVIDER/MODEL."""

from inspect_ai import Task, task
from inspect_ai.dataset import json_dataset
from inspect_ai.scorer import includes
from inspect_ai.solver import generate


@task
def reviewed(split: str = "") -> Task:
    """Score the samples that have an expected answer: of one split (train, dev, test) or of all."""
    samples = json_dataset("dataset.jsonl").filter(
        lambda sample: bool(sample.target) and split in ("", (sample.metadata or {}).get("split"))
    )
    return Task(dataset=samples, solver=generate(), scorer=includes())
'''


def write(rows: Iterable[Row], folder: Folder, about: SetAbout, lost: Losses) -> None:
    """Write ``dataset.jsonl`` and ``task.py``."""
    with folder.lines("dataset.jsonl") as out:
        for row in rows:
            out.write(line(sample(row)))
    folder.add("task.py", TASK.encode())


def sample(row: Row) -> dict[str, Any]:
    """Return a record as Inspect's sample."""
    carried = ("output", "output_tool_calls", "retrieved_contexts", "expected", "expected_tool_calls", "tools")
    return {
        "id": row["example_id"],
        "input": [_message(message) for message in row["messages"]],
        "target": row["expected"] or "",
        "metadata": meta(row) | {key: row[key] for key in carried},
    }


def _message(message: dict[str, Any]) -> dict[str, Any]:
    out = {"role": message["role"], "content": message["content"]}
    if message["role"] == "assistant" and message["tool_calls"]:
        out["tool_calls"] = [
            {"id": call["id"], "function": call["name"], "arguments": call["arguments"], "type": "function"}
            for call in message["tool_calls"]
        ]
    if message["role"] == "tool":
        out |= {"tool_call_id": message["tool_call_id"], "function": message["name"]}
    return out
