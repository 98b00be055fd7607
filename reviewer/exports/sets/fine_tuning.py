"""OpenAI's files: evals with an ideal answer, and fine-tuning from what reviewers wrote."""

from collections.abc import Iterable
from contextlib import ExitStack
from typing import Any

from reviewer.exports.sets.canonical import Row, SetAbout, line, meta
from reviewer.exports.sets.losses import Losses
from reviewer.exports.sets.openai_chat import chat_calls, chat_message
from reviewer.exports.sets.writing import Folder

LOSES = (
    "Anchors, first failures and document labels stay in the workspace.",
    "Labels have no place in these files: they stand in labels files beside them, line by line.",
    "Only rows with an expected answer can be evals or corrections; passing answers are examples as they are.",
)
NO_ANSWER = "neither an expected answer nor a passing one"


def write(rows: Iterable[Row], folder: Folder, about: SetAbout, lost: Losses) -> None:
    """Write ``evals.jsonl``, ``sft.jsonl`` and ``dpo.jsonl``, each with its labels; one without rows is not there."""
    with ExitStack() as stack:
        files: dict[str, Any] = {}
        for row in rows:
            made = files_of(row)
            if not made:
                lost.dropped[NO_ANSWER] += 1
            for name, value in made.items():
                for path, content in ((f"{name}.jsonl", value), (f"{name}.labels.jsonl", meta(row))):
                    if path not in files:
                        files[path] = stack.enter_context(folder.lines(path))
                    files[path].write(line(content))


def files_of(row: Row) -> dict[str, dict[str, Any]]:
    """Return a record as the rows that can be made of it, by file."""
    messages = [chat_message(message) for message in row["messages"]]
    expected, output = row["expected"], row["output"]
    made: dict[str, dict[str, Any]] = {}
    if expected:
        made["evals"] = {"input": messages, "ideal": expected, "example_id": row["example_id"]}
    answer = expected or (output if row["verdict"] == "pass" else "")
    if answer:
        made["sft"] = {"messages": [*messages, {"role": "assistant", "content": answer}]}
    if row["verdict"] == "fail" and expected and expected != output:
        worse: dict[str, Any] = {"role": "assistant", "content": output}
        if row["output_tool_calls"]:
            worse["tool_calls"] = chat_calls(row["output_tool_calls"])
        made["dpo"] = {
            "input": {"messages": messages, "tools": row["tools"], "parallel_tool_calls": True},
            "preferred_output": [{"role": "assistant", "content": expected}],
            "non_preferred_output": [worse],
        }
    return made
