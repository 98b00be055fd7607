"""OpenAI's files: evals with an ideal answer, and fine-tuning from what reviewers wrote."""

from collections.abc import Iterable
from contextlib import ExitStack
from typing import Any

from reviewer.exports.sets.canonical import Row, SetAbout, line, meta
from reviewer.exports.sets.losses import Losses
from reviewer.exports.sets.openai_chat import chat_calls, chat_message, chat_tools
from reviewer.exports.sets.writing import Folder

Message = dict[str, Any]
LOSES = (
    "Anchors, first failures and document labels stay in the workspace.",
    "Labels have no place in these files: they stand in labels files beside them, line by line.",
    "Only rows with an expected answer can be evals or corrections; passing answers are examples as they are.",
    "Expected calls stand in one message, as if made at once, after the last words of the user.",
)
NO_ANSWER = "neither an expected answer nor a passing one, nor expected calls"


def write(rows: Iterable[Row], folder: Folder, about: SetAbout, lost: Losses) -> None:
    """Write ``evals.jsonl``, ``sft.jsonl``, ``dpo.jsonl`` and the same two for calls, each with its labels.

    One without rows is not there.
    """
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
    offered = {"tools": chat_tools(row["tools"])} if row["tools"] else {}
    made: dict[str, dict[str, Any]] = {}
    if expected:
        made["evals"] = {"input": messages, "ideal": expected, "example_id": row["example_id"]}
    answer = expected or (output if row["verdict"] == "pass" else "")
    if answer:
        made["sft"] = {"messages": [*messages, {"role": "assistant", "content": answer}], **offered}
    if row["verdict"] == "fail" and expected and expected != output:
        made["dpo"] = _pair(row, messages, {"role": "assistant", "content": expected}, _answer(row))
    return made | _calls_of(row, messages, offered)


def _answer(row: Row) -> Message:
    """Return the answer that was given, with its calls."""
    calls = {"tool_calls": chat_calls(row["output_tool_calls"])} if row["output_tool_calls"] else {}
    return {"role": "assistant", "content": row["output"], **calls}


def _pair(row: Row, messages: list[Message], better: Message, worse: Message) -> dict[str, Any]:
    return {
        "input": {"messages": messages, "tools": chat_tools(row["tools"]), "parallel_tool_calls": True},
        "preferred_output": [better],
        "non_preferred_output": [worse],
    }


def _calls_of(row: Row, messages: list[Message], offered: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Return the rows that the expected calls make: what was said up to the user's last words, then the calls."""
    asked = [n for n, message in enumerate(messages, 1) if message["role"] == "user"]
    if not row["expected_tool_calls"] or not asked:
        return {}
    before, after = messages[: asked[-1]], messages[asked[-1] :]
    better = {"role": "assistant", "tool_calls": chat_calls(row["expected_tool_calls"])}
    made: dict[str, dict[str, Any]] = {"sft_calls": {"messages": [*before, better], **offered}}
    worse = next((message for message in after if message["role"] == "assistant"), None)
    if worse is None:
        worse = _answer(row)
    if row["verdict"] == "fail" and _called(worse) != _called(better):
        made["dpo_calls"] = _pair(row, before, better, worse)
    return made


def _called(message: Message) -> list[Any]:
    return [call["function"] for call in message.get("tool_calls", ())]
