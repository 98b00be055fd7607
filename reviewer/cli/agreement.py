"""Print how far readers and judges agree."""

import argparse

from reviewer.cli.commands import Commands
from reviewer.cli.terminal import print_json, print_rows, printable, reading, writing
from reviewer.errors import UsageError


def add_to(commands: Commands) -> None:
    """Add the commands of this module."""
    sub = commands.add("agreement", _agreement, "show how far people agree who read the same traces", as_json=True)
    sub.add_argument("--week", metavar="NAME", help="one week only; without it all weeks, and imported annotators")
    sub.add_argument("--mode", metavar="ID", help="one failure mode, or verdict, modes, or a score")
    sub = commands.add("judges", _judges, "hold imported judges against what people say", as_json=True)
    sub.add_argument("--week", metavar="NAME", help="one week only; without it all weeks together")
    sub.add_argument("--judge", metavar="NAME", help="one judge, by the name of its score")
    sub.add_argument("--cut", type=float, metavar="X", help="remember for the judge: numbers below X are fails")
    sub.add_argument("--above", action="store_true", help="with --cut: numbers of X or more are fails instead")
    sub.add_argument("--sensitivity", type=float, metavar="S", help="known from elsewhere: share of failures it finds")
    sub.add_argument("--specificity", type=float, metavar="S", help="known from elsewhere: share of the rest it passes")


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


def _judges(chosen: argparse.Namespace) -> int:
    from reviewer.verbs import judges

    if chosen.cut is not None:
        _set_cut(chosen)
    elif chosen.above:
        raise UsageError("--above says on which side of a cut fails lie.", "Give one with --cut.")
    found = judges.judges(reading(chosen), chosen.week, chosen.judge, _known(chosen))
    if chosen.json:
        print_rows(judges.plain(one) for one in found)
        return 0
    for line in judges.lines(found):
        print(printable(line))
    return 0


def _set_cut(chosen: argparse.Namespace) -> None:
    from reviewer.model.judge import Cut
    from reviewer.verbs import judges

    if chosen.judge is None:
        raise UsageError("A cut belongs to one judge.", "Name it with --judge.")
    judges.known_judge(reading(chosen), chosen.judge)
    with writing(chosen) as workspace:
        workspace.write(judges.set_cut, chosen.judge, Cut(chosen.cut, not chosen.above)).result()


def _known(chosen: argparse.Namespace) -> tuple[float, float] | None:
    given = (chosen.sensitivity, chosen.specificity)
    if given == (None, None):
        return None
    if None in given or not all(0.0 <= one <= 1.0 for one in given):
        raise UsageError("--sensitivity and --specificity go together, each a share of 0 to 1.")
    return given
