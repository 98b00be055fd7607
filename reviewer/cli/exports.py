"""Write the labelled traces as an eval dataset."""

import argparse
import sys
from pathlib import Path

from reviewer.cli.commands import Commands
from reviewer.cli.terminal import print_json, reading


def add_to(commands: Commands) -> None:
    """Add the commands of this module."""
    sub = commands.add("export", _export, "write the labelled traces as an eval dataset", as_json=True)
    sub.add_argument(
        "--to",
        required=True,
        metavar="TARGET",
        help="jsonl, inspect, promptfoo, hf, deepeval, langfuse, langsmith, phoenix, mlflow, braintrust, ragas, openai, judge or csv",
    )
    sub.add_argument("--out", required=True, metavar="DIR", help="the folder to write, whole or not at all")
    sub.add_argument("--week", metavar="NAME", help="one week; all of them unless given")
    sub.add_argument(
        "--redact",
        nargs="?",
        const="",
        metavar="RULES.toml",
        help="replace addresses, numbers and keys by tags, and what rules of your own say",
    )
    sub.add_argument("--parquet", action="store_true", help="for hf: Parquet (needs transcript-reviewer[parquet])")


def _export(chosen: argparse.Namespace) -> int:
    from reviewer.verbs import exporting

    rules = None
    if chosen.redact is not None:
        rules = exporting.redaction_rules(Path(chosen.redact) if chosen.redact else None)
    written = exporting.export(reading(chosen), chosen.to, Path(chosen.out), chosen.week, chosen.parquet, rules)
    if chosen.json:
        print_json(exporting.as_json(written))
    for sentence in exporting.sentences(written):
        print(sentence, file=sys.stderr)
    return 0 if written.rows else 1
