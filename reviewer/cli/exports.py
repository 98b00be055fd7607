"""Write the labelled traces as an eval dataset."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reviewer.cli.commands import Commands
from reviewer.cli.terminal import print_json, print_listed, printable, reading, writing
from reviewer.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reviewer.exports.redact import Rule
    from reviewer.exports.sets.choosing import Choice
    from reviewer.verbs.datasets import Planned
    from reviewer.verbs.uploading import UploadPlan


DRY_RUN = "with --upload: list what would change; with --redact alone: count what each rule finds. Nothing is written"


def add_to(commands: Commands) -> None:
    """Add the commands of this module."""
    sub = commands.add("export", _export, "write the labelled traces as an eval dataset", as_json=True)
    sub.add_argument(
        "--to",
        required=True,
        metavar="TARGET",
        help="jsonl, inspect, promptfoo, hf, deepeval, langfuse, langsmith, phoenix, mlflow, braintrust, ragas, openai, judge, labels or csv",
    )
    goes = sub.add_mutually_exclusive_group()
    goes.add_argument("--out", metavar="DIR", help="the folder to write, whole or not at all")
    goes.add_argument(
        "--upload", metavar="CONNECTION", help="phoenix, mlflow, langfuse, langsmith: send the rows there"
    )
    sub.add_argument("--dry-run", action="store_true", help=DRY_RUN)
    sub.add_argument(
        "--redact",
        nargs="?",
        const="",
        metavar="RULES.toml",
        help="replace addresses, numbers and keys by tags, and what rules of your own say",
    )
    sub.add_argument(
        "--presidio", action="store_true", help="redact what Presidio finds too (needs transcript-reviewer[presidio])"
    )
    sub.add_argument("--parquet", action="store_true", help="for hf: Parquet (needs transcript-reviewer[parquet])")
    _add_choice(sub)


def _add_choice(sub: argparse.ArgumentParser) -> None:
    """Add what may be chosen; given twice, weeks, modes and hints mean either, scores and segments mean both."""
    sub.add_argument("--name", metavar="NAME", help="the dataset; that of the workspace unless given")
    sub.add_argument("--week", action="append", default=[], metavar="NAME", help="a week; all of them unless given")
    sub.add_argument("--verdict", default="", choices=("pass", "fail"), help="only passes, or only failures")
    sub.add_argument("--mode", action="append", default=[], metavar="ID", help="traces with this failure mode")
    sub.add_argument("--score", action="append", default=[], metavar="CONDITION", help='such as "safety<=2"')
    sub.add_argument("--where", action="append", default=[], metavar="SEGMENT=VALUE", help="such as workflow=docs")
    sub.add_argument(
        "--hint", action="append", default=[], metavar="NAME", help="traces that this automatic check found"
    )
    sub.add_argument(
        "--readers",
        choices=("once", "agreed", "disputed", "adjudicated"),
        help="read once, by several who agreed or not, or decided between them",
    )
    sub.add_argument(
        "--labels",
        default="adjudicated",
        choices=("adjudicated", "majority"),
        help="where readers disagree: what was decided, else the majority (adjudicated), or always the majority",
    )
    sub.add_argument("--expected", action="store_true", help="only with an expected answer")
    sub.add_argument("--passes", type=int, default=0, metavar="N", help="add up to N passes as negatives")
    sub.add_argument("--balance", type=int, default=0, metavar="N", help="N of each failure mode, and of passes")
    sub.add_argument("--once", action="store_true", help="leave out what says word for word the same")
    sub.add_argument("--splits", metavar="T,D,T", help="shares of train, dev and test, once for ever; 0.6,0.2,0.2")


def _choice(chosen: argparse.Namespace) -> "Choice":
    from reviewer.exports.sets.choosing import Choice
    from reviewer.model.week import SEGMENTS

    where = []
    for condition in chosen.where:
        by, sign, value = condition.partition("=")
        if by not in SEGMENTS or not sign:
            raise UsageError(f"{condition!r} is no condition on a segment.", f"Segments: {', '.join(SEGMENTS)}.")
        where.append((by, value))
    if chosen.passes < 0 or chosen.balance < 0:
        raise UsageError("--passes and --balance count traces.", "Give a number above 0.")
    return Choice(
        weeks=tuple(chosen.week),
        verdict=chosen.verdict,
        modes=tuple(chosen.mode),
        scores=tuple(chosen.score),
        where=tuple(where),
        hints=tuple(chosen.hint),
        readers=chosen.readers,
        expected=chosen.expected,
        passes=chosen.passes,
        balance=chosen.balance,
        once=chosen.once,
        labels=chosen.labels,
    )


def _rules(chosen: argparse.Namespace) -> "tuple[Rule, ...] | None":
    from reviewer.verbs import exporting

    if chosen.redact is None and not chosen.presidio:
        return None
    return exporting.redaction_rules(Path(chosen.redact) if chosen.redact else None, chosen.presidio)


def _planned(chosen: argparse.Namespace, reader: Any) -> "Planned":
    from reviewer.verbs import datasets

    weights = datasets.weights_of(chosen.splits) if chosen.splits else None
    return datasets.plan(reader, _choice(chosen), chosen.name, weights)


def _export(chosen: argparse.Namespace) -> int:
    from reviewer.exports.sets import targets
    from reviewer.verbs import datasets, exporting

    targets.title(chosen.to)  # an unknown target is refused before anything is read
    if chosen.upload:
        return _upload(chosen)
    rules = _rules(chosen)
    if chosen.dry_run:
        return _say_found(chosen, rules)
    if not chosen.out:
        raise UsageError("Where shall the rows go?", "Name a folder with --out, or a connection with --upload.")
    reader = reading(chosen)
    try:
        planned = _planned(chosen, reader)
        if planned.is_new:
            # A version that is known already can be written again while the window is open.
            with writing(chosen) as workspace:
                workspace.write(datasets.keep, planned).result()
        written = exporting.export(reader, chosen.to, Path(chosen.out), planned, chosen.parquet, rules)
    finally:
        reader.close()
    if chosen.json:
        print_json(exporting.as_json(written, planned))
    for sentence in exporting.sentences(written, planned):
        print(printable(sentence), file=sys.stderr)
    return 0 if written.rows else 1


def _say_found(chosen: argparse.Namespace, rules: "Sequence[Rule] | None") -> int:
    """Print what each rule of a redaction would take out of the whole version, and write nothing."""
    from reviewer.verbs import exporting

    if rules is None or chosen.out:
        raise UsageError(
            "A dry run is of an upload or of a redaction alone.", "Name --upload or --redact, and no --out."
        )
    reader = reading(chosen)
    try:
        found = exporting.found_by_redaction(reader, _planned(chosen, reader), rules)
    finally:
        reader.close()
    return print_listed((one._asdict() for one in found), chosen.json)


def _upload(chosen: argparse.Namespace) -> int:
    from reviewer.verbs import connections, datasets, uploading

    connection, key = connections.named(chosen.upload)
    uploading.refuse(connection, chosen.to)
    rules = _rules(chosen)
    if chosen.dry_run:
        reader = reading(chosen)
        try:
            return _say_upload_plan(
                uploading.plan(reader, connection, key, _planned(chosen, reader), rules), connection.name, chosen.json
            )
        finally:
            reader.close()
    with writing(chosen) as workspace:
        reader = workspace.reader()
        try:
            planned = _planned(chosen, reader)
            workspace.write(datasets.keep, planned).result()
            todo = uploading.plan(reader, connection, key, planned, rules)
        finally:
            reader.close()
        report = uploading.carry_out(workspace, connection, key, planned, todo, rules)
    if chosen.json:
        print_json(report.as_json(todo))
    for change, reason in report.failed:
        print(printable(f"error: {change.example}: {reason}"), file=sys.stderr)
    if report.sentence:
        print(f"reviewer: {printable(report.sentence)}", file=sys.stderr)
    for sentence in uploading.sentences(report, todo):
        print(printable(sentence), file=sys.stderr)
    return 0 if report.state == "done" and not report.failed else 1


def _say_upload_plan(todo: "UploadPlan", place: str, as_json: bool) -> int:
    """Print what an upload would change, a row a line, and how much in all."""
    from reviewer.verbs import uploading

    if as_json:
        print_json(todo.as_json())
    else:
        for change in todo.changes:
            print(f"{change.kind:8}  {change.example}")
    for sentence in uploading.plan_sentences(todo, place):
        print(printable(sentence), file=sys.stderr)
    return 0
