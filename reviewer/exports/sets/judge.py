"""Calibration of a judge: flat rows with one binary label a failure mode, a split each, and a page of examples."""

import json
import re
from collections import Counter
from collections.abc import Iterable
from contextlib import ExitStack
from typing import Any

from reviewer.exports.sets.canonical import Row, SetAbout, is_undecided, line
from reviewer.exports.sets.losses import Losses
from reviewer.exports.sets.openai_chat import chat_message
from reviewer.exports.sets.writing import Folder

LOSES = (
    "Anchors, first failures and document labels stay in the workspace.",
    "Rows are flat: the conversation is JSON in a string; expected calls and the tools offered are left out.",
)
ONE_CLASS = "Splits without both passes and fails: a judge cannot be calibrated on them"
UNDECIDED = "Rows whose readers disagree without a majority, in judge/unresolved.jsonl and in no split"
UNRESOLVED = "unresolved"
SHOWN = 20
"""Examples on the page: as many as fit into a prompt, half of them failing where there are enough."""
SPLITS = ("train", "dev", "test")


def write(rows: Iterable[Row], folder: Folder, about: SetAbout, lost: Losses) -> None:
    """Write ``judge/train.jsonl``, ``dev`` and ``test`` and ``fewshot.md``: examples of the training split alone.

    Rows whose readers disagree without a majority teach a judge nothing: they go to ``judge/unresolved.jsonl``.
    """
    seen: Counter[tuple[str, str]] = Counter()
    shown: dict[str, list[str]] = {"pass": [], "fail": []}
    with ExitStack() as stack:
        files: dict[str, Any] = {}
        for row in rows:
            undecided = is_undecided(row)
            split = UNRESOLVED if undecided else row["split"]
            if split not in files:
                files[split] = stack.enter_context(folder.lines(f"judge/{split}.jsonl"))
            files[split].write(line(judged(row, about)))
            lost.pieces[UNDECIDED] += undecided
            if undecided:
                continue
            seen[split, row["verdict"]] += 1
            if split == "train" and len(shown[row["verdict"]]) < SHOWN // 2:
                shown[row["verdict"]].append(_block(row))
    lost.pieces[ONE_CLASS] += sum(
        any(seen[split, v] for v in ("pass", "fail")) and not all(seen[split, v] for v in ("pass", "fail"))
        for split in SPLITS
    )
    folder.add("fewshot.md", "\n".join(["# Examples", "", *shown["fail"], *shown["pass"]]).encode())


def judged(row: Row, about: SetAbout) -> dict[str, Any]:
    """Return a record as a row, with a column for every failure mode in use.

    Where readers disagree without a majority, label and split are null and ``verdicts_json`` says who said what.
    """
    undecided = is_undecided(row)
    return {
        "id": row["example_id"],
        "group_id": row["session_id"] or row["trace_id"],
        "input": row["input"],
        "context": "\n\n".join(row["retrieved_contexts"]),
        "messages_json": json.dumps([chat_message(m) for m in row["messages"]], ensure_ascii=False),
        "output": row["output"],
        "reference": row["expected"] or "",
        "label": None if undecided else row["verdict"],
        "critique": row["critique"],
        "failure_modes": row["failure_modes"],
        "split": None if undecided else row["split"],
        "annotator": row["provenance"]["reviewer"],
        "verdicts_json": json.dumps(row["provenance"]["verdicts"], ensure_ascii=False),
        "rubric_version": row["provenance"]["rubric_version"],
        "sample_weight": row["provenance"]["sample_weight"],
        **{f"fm__{mode.id}": int(mode.id in row["failure_modes"]) for mode in about.taxonomy.active},
    }


def _block(row: Row) -> str:
    """Return one example of the page; its texts are fenced, so that they cannot pass for headings."""
    parts = [("Input", row["input"]), ("Output", row["output"]), ("Critique", row["critique"])]
    said = [f"## {row['verdict']}: {', '.join(row['failure_modes']) or 'no failure mode'}", ""]
    for title, text in parts:
        if text:
            fence = "`" * max(3, 1 + _longest_run(text))
            said += [f"{title}:", "", fence, text, fence, ""]
    return "\n".join(said)


def _longest_run(text: str) -> int:
    """Return how many backticks stand side by side at most."""
    return max((len(run) for run in re.findall("`+", text)), default=0)
