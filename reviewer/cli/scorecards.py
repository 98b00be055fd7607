"""Write the scorecard; say what is new, what the latest day shows, and which regular looks are due."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from reviewer.cli.commands import Commands
from reviewer.cli.terminal import print_json, print_listed, printable, reading, writing
from reviewer.errors import UsageError

if TYPE_CHECKING:
    from reviewer.model.number import Scorecard

NOT_RECORDED = "not recorded"


def add_to(commands: Commands) -> None:
    """Add the commands of this module."""
    sub = commands.add("scorecard", _scorecard, "write the scorecard of a week or of four", as_json=True)
    sub.add_argument("--week", required=True, metavar="NAME", help="the week, or the last one of four")
    sub.add_argument("--out", metavar="FILE.(html|pdf|md|json)", help="the ending says the kind; needed without --json")
    sub.add_argument(
        "--period", choices=("week", "month"), default="week", help="month: the drawn weeks among four that end with it"
    )
    sub.add_argument("--by", metavar="SEGMENT", help="stay within a segment: workflow, model, prompt_version ...")
    sub.add_argument("--segment", metavar="VALUE", help=f"its value, or {NOT_RECORDED!r}")
    commands.add(
        "revisit", _revisit, "say what is new since the last week began and has hardly been read", as_json=True
    )
    commands.add("glance", _glance, "show the latest day of all traffic beside its usual range", as_json=True)
    sub = commands.add("cadence", _cadence, "list the regular looks, or note that one was done", as_json=True)
    changed = sub.add_mutually_exclusive_group()
    changed.add_argument("--done", metavar="NAME", help="daily, weekly, monthly or quarterly")
    changed.add_argument("--not-done", metavar="NAME", help="take back the last time that it was noted as done")
    sub.add_argument("--reviewer", metavar="R", help="who did it")


def _scorecard(chosen: argparse.Namespace) -> int:
    from reviewer.exports.scorecard import as_json
    from reviewer.model.week import SEGMENTS
    from reviewer.verbs import scorecards

    if chosen.out is None and not chosen.json:
        raise UsageError("Say where to write the scorecard.", "Use --out FILE.html, .pdf, .md or .json; or --json.")
    if chosen.by is not None and chosen.by not in SEGMENTS:
        raise UsageError(f"There is no segment {chosen.by!r}.", f"Use {', '.join(SEGMENTS)}.")
    if (chosen.segment is None) != (chosen.by is None):
        raise UsageError("--by and --segment go together.", "For example --by workflow --segment docs.")
    value = None if chosen.segment == NOT_RECORDED else chosen.segment
    card = scorecards.scorecard(reading(chosen), chosen.week, chosen.period, chosen.by, value)
    if chosen.out is not None:
        _write(card, Path(chosen.out))
    if chosen.json:
        print_json(as_json(card))
    return 0


def _write(card: "Scorecard", out: Path) -> None:
    from reviewer.verbs import exporting

    if out.suffix.lower() == ".pdf":
        from reviewer.desktop.printing import print_scorecard

        print_scorecard(card, out)
    else:
        exporting.write_scorecard(card, out)
    print(f"Wrote {out}.", file=sys.stderr)


def _revisit(chosen: argparse.Namespace) -> int:
    from reviewer.verbs import revisits

    return print_listed(revisits.as_json(revisits.revisit(reading(chosen))), chosen.json)


def _glance(chosen: argparse.Namespace) -> int:
    from reviewer.verbs import revisits

    return print_listed(revisits.glance_as_json(revisits.glance(reading(chosen))), chosen.json)


def _cadence(chosen: argparse.Namespace) -> int:
    from reviewer.model.clock import system_clock
    from reviewer.verbs import cadences

    if chosen.done is not None:
        if chosen.reviewer is None:
            raise UsageError("Say who did it.", "Use --reviewer NAME.")
        with writing(chosen) as workspace:
            workspace.write(cadences.mark_done, chosen.done, chosen.reviewer).result()
    if chosen.not_done is not None:
        with writing(chosen) as workspace:
            workspace.write(cadences.take_back, chosen.not_done).result()
    rows = [cadences.as_json(one, system_clock()) for one in cadences.cadences(reading(chosen))]
    if chosen.json:
        return print_listed(rows, as_json=True)
    for row in rows:
        last = f"last {row['last']} by {row['by']}" if row["last"] else "never done"
        print(printable(f"{row['title']}: {last}{', due' if row['is_due'] else ''}. {row['about']}."))
        for look in row["looks"]:
            print(printable(f"  {look['page']:10}  {look['text']}"))
    return 0
