"""Hugging Face: a folder for ``load_dataset``, as JSON lines with declared features or as Parquet."""

import html
import json
import re
from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from importlib.util import find_spec
from typing import Any

import yaml

from reviewer.errors import UsageError
from reviewer.exports.sets.canonical import Row, SetAbout, line
from reviewer.exports.sets.losses import Losses
from reviewer.exports.sets.writing import Folder, LineFile

LOSES = (
    "Anchors, first failures and document labels stay in the workspace.",
    "Arguments of tools, expected tool calls, the tools offered and the provenance are JSON in a string.",
)
SPLITS = ("train", "validation", "test")
NAMES = {"dev": "validation"}
"""What the hub's tools call our splits, where they say it differently."""
BATCH = 500

TEXT_COLUMNS = (
    "example_id",
    "trace_id",
    "session_id",
    "input",
    "output",
    "expected",
    "expected_tool_calls",
    "tools",
    "verdict",
    "critique",
    "prompt_version",
    "model",
    "provenance",
)
JSON_COLUMNS = ("expected_tool_calls", "tools", "provenance")
LIST_COLUMNS = ("retrieved_contexts", "failure_modes", "tags")
CALL = ("id", "name", "arguments")
MESSAGE = ("role", "content", "tool_call_id", "name")

ONLY_DATES = "Values of the column {} are all dates, which the JSON reader rewrites; Parquet keeps them"
DATE = re.compile(r"\d{4}-\d\d-\d\d([ T]\d\d(:?\d\d(:?\d\d(\.\d+)?)?)?(Z|[+-]\d\d(:?\d\d)?)?)?")
SIZES = ((1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (1_000_000, "100K<n<1M"))
LARGEST = "1M<n<10M"


def write(rows: Iterable[Row], folder: Folder, about: SetAbout, lost: Losses) -> None:
    """Write one data file a split and ``README.md``; a split without rows has no file."""
    counts = _write_parquet(rows, folder) if about.parquet else _write_jsonl(rows, folder, lost)
    folder.add("README.md", card(about, counts).encode())


def flat(row: Row) -> dict[str, Any]:
    """Return a record in the folder's columns, always with the same keys and types."""
    return {
        **{name: _json(row[name]) if name in JSON_COLUMNS else row[name] for name in TEXT_COLUMNS},
        **{name: row[name] for name in LIST_COLUMNS},
        "messages": [
            {**{name: message[name] for name in MESSAGE}, "tool_calls": _calls(message["tool_calls"])}
            for message in row["messages"]
        ],
        "output_tool_calls": _calls(row["output_tool_calls"]),
        "scores": [{"name": name, "value": value} for name, value in row["scores"].items()],
    }


def _calls(calls: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{**call, "arguments": _json(call["arguments"])} for call in calls]


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def _write_jsonl(rows: Iterable[Row], folder: Folder, lost: Losses) -> Counter[str]:
    counts: Counter[str] = Counter()
    given: Counter[tuple[str, str]] = Counter()
    dates: Counter[tuple[str, str]] = Counter()
    with ExitStack() as open_files:
        files: dict[str, LineFile] = {}
        for row in rows:
            split, columns = _named(row), flat(row)
            if split not in files:
                files[split] = open_files.enter_context(folder.lines(f"data/{split}.jsonl"))
            files[split].write(line(columns))
            counts[split] += 1
            for name in TEXT_COLUMNS:
                if columns[name] is not None:
                    given[split, name] += 1
                    dates[split, name] += DATE.fullmatch(columns[name]) is not None
    for column, times in dates.items():
        if times == given[column]:
            lost.pieces[ONLY_DATES.format(column[1])] += times
    return counts


def _write_parquet(rows: Iterable[Row], folder: Folder) -> Counter[str]:
    if find_spec("pyarrow") is None:
        raise UsageError(
            "Parquet needs the package pyarrow.", "Install transcript-reviewer[parquet], or export JSON lines."
        )
    import pyarrow
    import pyarrow.parquet

    schema = pyarrow.schema(_parquet_fields(pyarrow))
    counts: Counter[str] = Counter()
    with ExitStack() as open_files:
        waiting: dict[str, list[dict[str, Any]]] = {}
        files: dict[str, Any] = {}

        def flush(split: str) -> None:
            if split not in files:
                place = folder.place(_parquet_path(split))
                files[split] = open_files.enter_context(
                    pyarrow.parquet.ParquetWriter(place, schema, compression="zstd")
                )
            files[split].write_table(pyarrow.Table.from_pylist(waiting.pop(split), schema))

        for row in rows:
            split = _named(row)
            batch = waiting.setdefault(split, [])
            batch.append(flat(row))
            counts[split] += 1
            if len(batch) >= BATCH:
                flush(split)
        for split in list(waiting):
            flush(split)
    for split in SPLITS:
        if counts[split]:
            folder.adopt(_parquet_path(split), counts[split])
    return counts


def _named(row: Row) -> str:
    split = str(row["split"])
    return NAMES.get(split, split)


def _parquet_path(split: str) -> str:
    return f"data/{split}-00000-of-00001.parquet"


def _parquet_fields(pyarrow: Any) -> list[Any]:
    text = pyarrow.string()
    calls = pyarrow.list_(pyarrow.struct([(name, text) for name in CALL]))
    return [
        *((name, text) for name in TEXT_COLUMNS),
        *((name, pyarrow.list_(text)) for name in LIST_COLUMNS),
        ("messages", pyarrow.list_(pyarrow.struct([*((name, text) for name in MESSAGE), ("tool_calls", calls)]))),
        ("output_tool_calls", calls),
        ("scores", pyarrow.list_(pyarrow.struct([("name", text), ("value", pyarrow.float64())]))),
    ]


def _features() -> list[dict[str, Any]]:
    """Return the columns as the card declares them; without them a split without tool calls does not load."""

    def texts(names: Iterable[str]) -> list[dict[str, Any]]:
        return [{"name": name, "dtype": "string"} for name in names]

    calls = {"name": "tool_calls", "list": texts(CALL)}
    return [
        *texts(TEXT_COLUMNS),
        *({"name": name, "list": "string"} for name in LIST_COLUMNS),
        {"name": "messages", "list": [*texts(MESSAGE), calls]},
        {"name": "output_tool_calls", "list": texts(CALL)},
        {"name": "scores", "list": [*texts(["name"]), {"name": "value", "dtype": "float64"}]},
    ]


def card(about: SetAbout, counts: Counter[str]) -> str:
    """Return the dataset card: front matter that declares files and columns, and a page for people."""
    path: Callable[[str], str] = _parquet_path if about.parquet else "data/{}.jsonl".format
    files = [{"split": split, "path": path(split)} for split in SPLITS if counts[split]]
    total = counts.total()
    front: dict[str, Any] = {
        "pretty_name": about.name,
        "size_categories": [next((name for below, name in SIZES if total < below), LARGEST)],
        "tags": ["llm-evaluation", "human-labels"],
        "configs": [{"config_name": "default", "default": True, "data_files": files}],
    }
    if not about.parquet:
        front["dataset_info"] = {"features": _features()}
    head = yaml.safe_dump(front, sort_keys=False, allow_unicode=True)
    modes = "\n".join(
        f"- `{mode.id}` {_inline(mode.title)}: {_inline(mode.definition)}" for mode in about.taxonomy.modes
    )
    splits = "\n".join(f"- {split}: {counts[split]:,}" for split in SPLITS)
    return (
        f"---\n{head}---\n\n# {_inline(about.name)}\n\n"
        f"Transcripts read and labelled by people; version {about.version}. {_inline(about.design)}\n\n"
        f"## Rows\n\n{splits}\n\nWhole sessions stand in one split.\n\n"
        f"## Failure modes\n\n{modes or 'No list yet.'}\n\n"
        "What the numbers of a sample mean for the traffic: weigh each row by `sample_weight` in its `provenance`.\n"
    )


def _inline(text: str) -> str:
    """Return text that stays on its line and is no HTML."""
    return html.escape(" ".join(text.split()), quote=False)
