"""Print trends: rates and scores over the weeks, what changed meanwhile, and whether reading finds new modes."""

import argparse

from reviewer.cli.commands import Commands
from reviewer.cli.terminal import print_json, print_listed, printable, reading
from reviewer.errors import UsageError

NOT_RECORDED = "not recorded"


def add_to(commands: Commands) -> None:
    """Add the commands of this module."""
    sub = commands.add("trends", _trends, "list the rates of every failure mode over the weeks", as_json=True)
    sub.add_argument("--by", metavar="SEGMENT", help="stay within a segment: workflow, model, prompt_version ...")
    sub.add_argument("--segment", metavar="VALUE", help=f"its value, or {NOT_RECORDED!r}")
    sub.add_argument(
        "--unit",
        choices=("trace", "session"),
        default="trace",
        help="of which weeks: those that drew traces, or sessions",
    )
    instead = sub.add_mutually_exclusive_group()
    instead.add_argument("--failing", action="store_true", help="the share of what fails instead")
    instead.add_argument("--scores", action="store_true", help="the means of the quality scores instead")
    instead.add_argument("--stacked", action="store_true", help="all failure modes on top of each other instead")
    instead.add_argument("--markers", action="store_true", help="what changed in these weeks instead")
    instead.add_argument(
        "--saturation", action="store_true", help="whether reading more would find new failure modes instead"
    )
    instead.add_argument(
        "--behind", metavar="OF", help="where a mode or fail shows, or how a score is there, and what moved it instead"
    )
    sub.add_argument(
        "--week", metavar="NAME", help="with --behind: the last week of the point; the latest unless given"
    )
    sub.add_argument("--weeks", type=int, default=4, metavar="N", help="with --behind: how many weeks the point has")
    sub.add_argument("--split", default="workflow", metavar="SEGMENT", help="with --behind: what to split by")


def _trends(chosen: argparse.Namespace) -> int:
    from reviewer.verbs import listing, measuring

    if (chosen.segment is None) != (chosen.by is None):
        raise UsageError("--by and --segment go together.", "For example --by workflow --segment docs.")
    value = None if chosen.segment == NOT_RECORDED else chosen.segment
    if chosen.behind is not None:
        return _behind(chosen, value)
    found = measuring.trends(reading(chosen), chosen.by or "", value, chosen.unit)
    if chosen.saturation:
        return _saturation(chosen.json, listing.saturation(found.saturation) if found.saturation else {})
    rows = (
        listing.failing_trend
        if chosen.failing
        else listing.score_trends
        if chosen.scores
        else listing.stacked_trends
        if chosen.stacked
        else listing.markers
        if chosen.markers
        else listing.trends
    )
    said = rows(found) if chosen.markers else ({"unit": chosen.unit, **row} for row in rows(found))
    # In a line for the eye, hundreds of ids would hide the numbers.
    kept = said if chosen.json else ({k: v for k, v in row.items() if k != "traces"} for row in said)
    return print_listed(kept, chosen.json)


def _behind(chosen: argparse.Namespace, value: str | None) -> int:
    from reviewer.model.week import SEGMENTS
    from reviewer.verbs import points

    unknown = [name for name in (chosen.split, chosen.by) if name is not None and name not in SEGMENTS]
    if unknown or chosen.split == chosen.by:
        raise UsageError(
            f"The rate cannot be split by {chosen.split!r} here.", f"Use another of {', '.join(SEGMENTS)}."
        )
    reader = reading(chosen)
    weeks = points.at(reader, chosen.week, chosen.weeks, chosen.unit)
    within = None if chosen.by is None else (chosen.by, value)
    found = points.behind(reader, weeks, chosen.behind, chosen.split, within)
    if chosen.json:
        print_json(points.plain(found, weeks))
        return 0
    for line in points.lines(found, weeks, points.title_of(reader, chosen.behind)):
        print(printable(line))
    return 0


def _saturation(as_json: bool, found: dict[str, object]) -> int:
    if as_json:
        print_json(found)
        return 0
    return print_listed([{name: value for name, value in found.items() if name != "curve"}], as_json)
