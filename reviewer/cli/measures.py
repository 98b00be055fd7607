"""Print trends: rates and scores over the weeks, what changed meanwhile, and whether reading finds new modes."""

import argparse

from reviewer.cli.commands import Commands
from reviewer.cli.terminal import print_json, print_listed, reading
from reviewer.errors import UsageError

NOT_RECORDED = "not recorded"


def add_to(commands: Commands) -> None:
    """Add the commands of this module."""
    sub = commands.add("trends", _trends, "list the rates of every failure mode over the weeks", as_json=True)
    sub.add_argument("--by", metavar="SEGMENT", help="stay within a segment: workflow, model, prompt_version ...")
    sub.add_argument("--segment", metavar="VALUE", help=f"its value, or {NOT_RECORDED!r}")
    instead = sub.add_mutually_exclusive_group()
    instead.add_argument("--failing", action="store_true", help="the share of failing traces instead")
    instead.add_argument("--scores", action="store_true", help="the means of the quality scores instead")
    instead.add_argument("--markers", action="store_true", help="what changed in these weeks instead")
    instead.add_argument(
        "--saturation", action="store_true", help="whether reading more would find new failure modes instead"
    )


def _trends(chosen: argparse.Namespace) -> int:
    from reviewer.verbs import listing, measuring

    if (chosen.segment is None) != (chosen.by is None):
        raise UsageError("--by and --segment go together.", "For example --by workflow --segment docs.")
    value = None if chosen.segment == NOT_RECORDED else chosen.segment
    found = measuring.trends(reading(chosen), chosen.by or "", value)
    if chosen.saturation:
        return _saturation(chosen.json, listing.saturation(found.saturation) if found.saturation else {})
    rows = (
        listing.failing_trend
        if chosen.failing
        else listing.score_trends
        if chosen.scores
        else listing.markers
        if chosen.markers
        else listing.trends
    )
    return print_listed(rows(found), chosen.json)


def _saturation(as_json: bool, found: dict[str, object]) -> int:
    if as_json:
        print_json(found)
        return 0
    return print_listed([{name: value for name, value in found.items() if name != "curve"}], as_json)
