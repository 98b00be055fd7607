"""What people said of traces before they came here: list it, and make codings of it."""

import argparse
import sys
from collections import Counter

from reviewer.cli.commands import Commands
from reviewer.cli.terminal import print_listed, printable, reading, writing
from reviewer.errors import UsageError


def add_to(commands: Commands) -> None:
    """Add the commands of this module."""
    noun = commands.noun("labels", "labels that people gave before the import")
    noun.add("list", _list, "list the labels by name, author and value", as_json=True)
    sub = noun.add("code", _code, "make codings of labels, in a week that holds every labelled trace")
    sub.add_argument("name", metavar="LABEL", help="the name of the labels, as listed")
    sub.add_argument("--week", required=True, metavar="NAME", help="the week to make")
    sub.add_argument(
        "--map", action="append", default=[], metavar="VALUE=MEANING", dest="meanings",
        help="what a value means: pass, fail, skip or mode:ID; may stand several times",
    )  # fmt: skip
    sub.add_argument("--new-modes", action="store_true", help="make failure modes of the values that are left")
    sub.add_argument("--reviewer", default="", metavar="R", help="who gave the labels that name nobody")
    sub.add_argument("--dry-run", action="store_true", help="say what would become of each value, and change nothing")


def _list(chosen: argparse.Namespace) -> int:
    from reviewer.workspace.ask.annotations import values

    return print_listed([value._asdict() for value in values(reading(chosen))], chosen.json)


def _code(chosen: argparse.Namespace) -> int:
    from reviewer.verbs import annotating

    said = {}
    for text in chosen.meanings:
        value, equals, meaning = text.rpartition("=")
        if not equals or not value:
            raise UsageError(f"{text!r} names no value and its meaning.", "Write it as VALUE=mode:ID or VALUE=pass.")
        said[value] = annotating.parse_meaning(meaning)
    with writing(chosen) as workspace:
        reader = workspace.reader()
        try:
            plan = annotating.plan_labels(reader, chosen.name, chosen.week, said, chosen.reviewer, chosen.new_modes)
            for value, meaning in plan.meanings.items():
                means = f"mode:{meaning.mode}" if meaning.mode else meaning.verdict or "skip"
                print(printable(f"{plan.counts[value]}  {value}  ->  {means}"))
            if chosen.dry_run:
                return 0
            changes = workspace.write(annotating.code_labels, reader, plan).result()
        finally:
            reader.close()
    added = Counter(mode.id for mode in plan.new_modes)
    new = f", {len(added)} new failure modes" if added else ""
    print(f"{len(changes.codings)} traces coded in {plan.week}{new}.", file=sys.stderr)
    return 0
