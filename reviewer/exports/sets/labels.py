"""Labels for pandas: one flat row an example without its texts, and the few lines that load them with their types."""

from collections.abc import Iterable
from typing import Any

from reviewer.exports.sets.canonical import Row, SetAbout, line
from reviewer.exports.sets.losses import Losses
from reviewer.exports.sets.writing import Folder

LOSES = (
    "Anchors, first failures and document labels stay in the workspace.",
    "Conversations, documents and answers are left out: join another export of the same dataset by example_id.",
)
AS_RECORDED = (
    "example_id",
    "trace_id",
    "session_id",
    "split",
    "verdict",
    "critique",
    "prompt_version",
    "model",
    "tags",
)
ABOUT = ("week", "reviewer", "reviewed_at", "rubric_version", "sample_weight")
"""What comes from the provenance."""
LOADER = '''"""The labels as a table: from labels import labels; table = labels()"""

import json
from pathlib import Path

import pandas

TEXTS = ["trace_id", "session_id", "critique", "prompt_version", "model", "week", "reviewer"]


def labels(path=None):
    """Return one row an example, by example_id. A text stays a text, also one that looks like a number or a date.

    fm__MODE is 1 where the failure mode was tagged, score__NAME a number or missing, fail 1 where the verdict is fail.
    For rates of the traffic weigh each row by sample_weight: numpy.average(table.fail, weights=table.sample_weight).
    """
    held = Path(path or Path(__file__).with_name("labels.jsonl")).read_bytes().split(b"\\n")
    table = pandas.DataFrame([json.loads(line) for line in held if line]).set_index("example_id")
    scores = [name for name in table.columns if name.startswith("score__")]
    kinds = {name: "string" for name in TEXTS} | {name: "float64" for name in [*scores, "sample_weight"]}
    table = table.astype(kinds | {"split": "category", "verdict": "category"})
    return table.assign(reviewed_at=pandas.to_datetime(table.reviewed_at, utc=True, format="ISO8601"))
'''


def write(rows: Iterable[Row], folder: Folder, about: SetAbout, lost: Losses) -> None:
    """Write ``labels.jsonl`` and ``labels.py``."""
    with folder.lines("labels.jsonl") as out:
        for row in rows:
            out.write(line(label_row(row, about)))
    folder.add("labels.py", LOADER.encode())


def label_row(row: Row, about: SetAbout) -> dict[str, Any]:
    """Return a record as flat labels, every row with the same columns.

    ``failure_modes`` names modes too that are no longer in use and have no column.
    """
    return {
        **{name: row[name] for name in AS_RECORDED},
        "fail": int(row["verdict"] == "fail"),
        "failure_modes": row["failure_modes"],
        **{f"fm__{mode.id}": int(mode.id in row["failure_modes"]) for mode in about.taxonomy.active},
        **{f"score__{name}": value for name, value in row["scores"].items()},
        "has_expected": row["expected"] is not None,
        "expected_tools": [call["name"] for call in row["expected_tool_calls"]],
        "readers": len(row["provenance"]["verdicts"]),
        "adjudicated": row["provenance"]["adjudicated"],
        **{name: row["provenance"][name] for name in ABOUT},
    }
