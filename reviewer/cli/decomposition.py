"""Print what moved a number between two weeks."""

import argparse

from reviewer.cli.commands import Commands
from reviewer.cli.terminal import print_json, printable, reading


def add_to(commands: Commands) -> None:
    """Add the commands of this module."""
    sub = commands.add("decompose", _decompose, "show what moved a number between two weeks", as_json=True)
    sub.add_argument("--week", required=True, metavar="NAME", help="the later week")
    sub.add_argument("--before", metavar="NAME", help="the earlier week; the one before unless given")
    sub.add_argument(
        "--by", required=True, metavar="SEGMENTS", help="workflow, model, prompt_version ...; several: a,b"
    )
    sub.add_argument("--weeks", type=int, default=1, metavar="N", help="drawn weeks of each period; 4 as in trends")
    sub.add_argument("--of", default="fail", metavar="NUMBER", help="fail, a failure mode, a score, latency, cost ...")


def _decompose(chosen: argparse.Namespace) -> int:
    from reviewer.verbs import decomposition

    by = tuple(dict.fromkeys(filter(None, chosen.by.split(","))))
    moved = decomposition.decompose(reading(chosen), chosen.week, chosen.before, by, chosen.of, chosen.weeks)
    if chosen.json:
        print_json(decomposition.plain(moved))
        return 0
    for line in decomposition.lines(moved):
        print(printable(line))
    return 0
