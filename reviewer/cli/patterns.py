"""Show and set what tells hand-overs, corrections and feedback from names and words."""

import argparse
import sys

from reviewer.cli.commands import Commands
from reviewer.cli.terminal import print_listed, printable, reading, writing
from reviewer.errors import UsageError


def add_to(commands: Commands) -> None:
    """Add the command of this module."""
    text = "show or set what tells hand-overs, corrections and feedback from names and words"
    sub = commands.add("patterns", _patterns, text, as_json=True)
    sub.add_argument(
        "--set",
        dest="settings",
        action="append",
        default=[],
        metavar="NAME=REGEX",
        help="handover, correction or feedback; case is ignored, and nothing after = goes back to the program's own",
    )


def _patterns(chosen: argparse.Namespace) -> int:
    from reviewer.verbs import patterns

    for setting in chosen.settings:
        name, equals, pattern = setting.partition("=")
        if not equals:
            raise UsageError(f"{setting!r} names no pattern.", "Write it as NAME=REGEX.")
        with writing(chosen) as workspace:
            workspace.write(patterns.set_pattern, name, pattern).result()
        if patterns.needs_import(name):
            print(patterns.AGAIN, file=sys.stderr)
    rows = patterns.as_rows(reading(chosen))
    if chosen.json:
        return print_listed(rows, as_json=True)
    for row in rows:
        print(printable(f"{row['name']}{' (own)' if row['own'] else ''}: {row['about']}\n  {row['pattern']}"))
    return 0
