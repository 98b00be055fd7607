"""Print how far readers and judges agree."""

import argparse

from reviewer.cli.commands import Commands
from reviewer.cli.terminal import print_json, printable, reading
from reviewer.errors import UsageError


def add_to(commands: Commands) -> None:
    """Add the commands of this module."""
    sub = commands.add("agreement", _agreement, "show how far people agree who read the same traces", as_json=True)
    sub.add_argument("--week", metavar="NAME", help="one week only; without it all weeks, and imported annotators")
    sub.add_argument("--mode", metavar="ID", help="one failure mode, or verdict, modes, or a score")


def _agreement(chosen: argparse.Namespace) -> int:
    from dataclasses import replace

    from reviewer.verbs import agreement

    report = agreement.agreement(reading(chosen), chosen.week)
    if chosen.mode is not None:
        kept = [tuple(one for one in side if one.id == chosen.mode) for side in (report.readers, report.annotators)]
        if not any(kept):
            ids = dict.fromkeys(one.id for one in (*report.readers, *report.annotators))
            known = f"There is: {', '.join(ids)}." if ids else "No trace was judged by two people yet."
            raise UsageError(f"Nothing is known of agreement on {chosen.mode!r}.", known)
        report = replace(report, readers=kept[0], annotators=kept[1])
    if chosen.json:
        print_json(agreement.plain(report))
        return 0
    for line in agreement.lines(report):
        print(printable(line))
    return 0
