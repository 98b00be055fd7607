"""Print trends."""

import argparse

from reviewer.cli.commands import Commands
from reviewer.cli.terminal import print_listed, reading


def add_to(commands: Commands) -> None:
    """Add the commands of this module."""
    commands.add("trends", _trends, "list the rates of every failure mode over the weeks", as_json=True)


def _trends(chosen: argparse.Namespace) -> int:
    from reviewer.verbs import listing, measuring

    return print_listed(listing.trends(measuring.trends(reading(chosen)).modes), chosen.json)
