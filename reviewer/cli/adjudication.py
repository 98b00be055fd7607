"""List where readers disagree, and decide between them."""

import argparse

from reviewer.cli.commands import Commands
from reviewer.cli.terminal import print_json, print_rows, printable, reading, writing


def add_to(commands: Commands) -> None:
    """Add the commands of this module."""
    noun = commands.noun("adjudicate", "decide where readers of one trace disagree")
    sub = noun.add("list", _list, "list where readers disagree, and what was decided", as_json=True)
    sub.add_argument("--week", metavar="NAME", help="one week only; all of them unless given")
    sub.add_argument("--about", default="", metavar="ID", help="verdict, or one failure mode or score they differ in")
    only = sub.add_mutually_exclusive_group()
    only.add_argument("--open", dest="decided", action="store_false", default=None, help="only what nobody decided yet")
    only.add_argument("--decided", action="store_true", default=None, help="only what somebody decided")
    sub = noun.add("decide", _decide, "say what holds; what the readers said stays", as_json=True)
    sub.add_argument("trace", metavar="TRACE", help="own or native id")
    sub.add_argument("--week", required=True, metavar="NAME", help="the week that it was read in")
    sub.add_argument("--reviewer", required=True, metavar="R", help="who decides")
    sub.add_argument("--verdict", required=True, choices=("pass", "fail"))
    sub.add_argument("--mode", action="append", default=[], metavar="ID", help="a failure mode; several times")
    sub.add_argument("--score", action="append", default=[], metavar="NAME=VALUE", help="a score; several times")
    sub.add_argument("--note", metavar="T", help="why")
    sub.add_argument("--expected", metavar="T", help="the answer that should have been given")


def _list(chosen: argparse.Namespace) -> int:
    from reviewer.verbs import adjudicating

    found = adjudicating.disagreements(reading(chosen), chosen.week, chosen.about, chosen.decided)
    if chosen.json:
        print_rows(adjudicating.as_json(one) for one in found)
        return 0
    for line in adjudicating.lines(found) or ["No two readers disagree on anything."]:
        print(printable(line))
    return 0


def _decide(chosen: argparse.Namespace) -> int:
    from reviewer.cli.codings import score
    from reviewer.verbs import adjudicating
    from reviewer.verbs.coding import Wanted

    wanted = Wanted(
        chosen.trace, chosen.reviewer, chosen.verdict, tuple(chosen.mode), dict(map(score, chosen.score)), chosen.note,
        chosen.expected,
    )  # fmt: skip
    with writing(chosen) as workspace:
        reader = workspace.reader()
        try:
            changed = workspace.write(adjudicating.decide, reader, chosen.week, wanted).result()
            found = adjudicating.disagreements(reader, chosen.week, decided=True)
        finally:
            reader.close()
    decided = next(one for one in found if one.trace in changed.codings)
    if chosen.json:
        print_json(adjudicating.as_json(decided))
        return 0
    for line in adjudicating.lines([decided]):
        print(printable(line))
    return 0
