"""Draw weeks, top them up, show them."""

import argparse
from typing import Any

from reviewer.cli.commands import Commands
from reviewer.cli.terminal import print_json, reading, writing
from reviewer.errors import UsageError


def add_to(commands: Commands) -> None:
    """Add the commands of this module."""
    week = commands.noun("week", "draw and show weeks")
    sub = week.add("new", _week_new, "draw a week's sample", as_json=True)
    sub.add_argument("name", metavar="NAME", help="what to call it, such as 2026-W48")
    sub.add_argument("--from", dest="start", required=True, metavar="DATE", help="first day, in the workspace's zone")
    sub.add_argument("--to", dest="end", required=True, metavar="DATE", help="the day after the last")
    sub.add_argument("--size", type=int, required=True, metavar="N", help="how many traces to draw")
    sub.add_argument("--by", metavar="SEGMENTS", help="strata: workflow,model,prompt_version ...")
    sub.add_argument(
        "--plan",
        choices=("proportional", "risk"),
        default="proportional",
        help="each stratum its share, or more of the flagged traces",
    )
    sub.add_argument("--anchor", type=float, default=0.4, help="share of a risk plan that is drawn proportionally")
    sub.add_argument("--seed", metavar="S", help="any text; the week's name unless given")
    sub = week.add("topup", _week_topup, "draw more into a week", as_json=True)
    sub.add_argument("name", metavar="NAME", help="the week")
    sub.add_argument("--size", type=int, required=True, metavar="N", help="how many traces it shall have")
    week.add("show", _week_show, "show a week and its items", as_json=True).add_argument(
        "name", metavar="NAME", help="the week"
    )


def _week_new(chosen: argparse.Namespace) -> int:
    from reviewer.model.clock import day_start
    from reviewer.model.week import SEGMENTS, Plan
    from reviewer.verbs import listing, weeks
    from reviewer.workspace.ask.settings import timezone

    by = tuple(dict.fromkeys(filter(None, (chosen.by or "").split(","))))
    unknown = [name for name in by if name not in SEGMENTS]
    if unknown:
        raise UsageError(f"There is no segment {unknown[0]!r}.", f"Use {', '.join(SEGMENTS)}.")
    plan = Plan(chosen.size, chosen.seed or chosen.name.strip(), chosen.plan, by, chosen.anchor)
    with writing(chosen) as workspace:
        reader = workspace.reader()
        zone = timezone(reader)
        start, end = day_start(chosen.start, zone), day_start(chosen.end, zone)
        workspace.write(weeks.open_week, reader, chosen.name, start, end, plan).result()
        _say_week(listing.week(reader, chosen.name.strip()), chosen.json)
        reader.close()
    return 0


def _week_topup(chosen: argparse.Namespace) -> int:
    from reviewer.verbs import listing, weeks

    with writing(chosen) as workspace:
        reader = workspace.reader()
        workspace.write(weeks.top_up, reader, chosen.name, chosen.size).result()
        _say_week(listing.week(reader, chosen.name), chosen.json)
        reader.close()
    return 0


def _week_show(chosen: argparse.Namespace) -> int:
    from reviewer.verbs import listing

    _say_week(listing.week(reading(chosen), chosen.name), chosen.json)
    return 0


def _say_week(week: dict[str, Any], as_json: bool) -> None:
    if as_json:
        print_json(week)
        return
    print(f"{week['name']}: {len(week['items'])} of {week['population']} traces.")
    if week["untimed"]:
        print(f"{week['untimed']} of them have no time of their own and stand here by the time of their import.")
    if week["late"]:
        print(f"{week['late']} came too late for an earlier week and are part of this one.")
    for item in week["items"]:
        print(f"{item['order']:4d}  {item['trace']}  {item['stratum']}  {item['n_h']} of {item['N_h']}")
