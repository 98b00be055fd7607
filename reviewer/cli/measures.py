"""Print trends and write the scorecard."""

import argparse
import sys
from pathlib import Path

from reviewer.cli.commands import Commands
from reviewer.cli.terminal import print_listed, reading


def add_to(commands: Commands) -> None:
    """Add the commands of this module."""
    commands.add("trends", _trends, "list the rates of every failure mode over the weeks", as_json=True)
    sub = commands.add("scorecard", _scorecard, "write the scorecard of a week")
    sub.add_argument("--week", required=True, metavar="NAME", help="the week")
    sub.add_argument("--out", required=True, metavar="FILE.(html|pdf|md|json)", help="the ending says the kind")


def _trends(chosen: argparse.Namespace) -> int:
    from reviewer.verbs import listing, measuring

    return print_listed(listing.trends(measuring.trends(reading(chosen))), chosen.json)


def _scorecard(chosen: argparse.Namespace) -> int:
    from reviewer.verbs import exporting, scorecards

    card = scorecards.scorecard(reading(chosen), chosen.week)
    out = Path(chosen.out)
    if out.suffix.lower() == ".pdf":
        from reviewer.desktop.printing import print_scorecard

        print_scorecard(card, out)
    else:
        exporting.write_scorecard(card, out)
    print(f"Wrote {out}.", file=sys.stderr)
    return 0
