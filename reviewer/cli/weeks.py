"""Plan weeks, draw them, add to them, show them."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reviewer.cli.commands import Commands
from reviewer.cli.terminal import print_json, printable, reading, writing
from reviewer.errors import BadInput, UsageError

if TYPE_CHECKING:
    from reviewer.model.ids import TraceId
    from reviewer.model.week import Plan
    from reviewer.workspace.file import Reader

AUTO = "auto"


def add_to(commands: Commands) -> None:
    """Add the commands of this module."""
    week = commands.noun("week", "plan, draw and show weeks")
    sub = week.add("plan", _week_plan, "show what a plan would draw and tell, without drawing", as_json=True)
    _add_plan(sub)
    sub = week.add("new", _week_new, "draw a week's sample", as_json=True)
    sub.add_argument("name", metavar="NAME", help="what to call it, such as 2026-W48")
    _add_plan(sub)
    sub.add_argument("--seed", metavar="S", help="any text; the week's name unless given")
    sub = week.add("topup", _week_topup, "draw more into a week", as_json=True)
    sub.add_argument("name", metavar="NAME", help="the week")
    sub.add_argument("--size", type=int, required=True, metavar="N", help="how many items it shall have")
    sub = week.add("add", _week_add, "add traces that somebody came across to a week, in no rate", as_json=True)
    sub.add_argument("traces", nargs="+", metavar="TRACE", help="own or native ids")
    sub.add_argument("--week", required=True, metavar="NAME", help="the week")
    week.add("show", _week_show, "show a week and its items", as_json=True).add_argument(
        "name", metavar="NAME", help="the week"
    )


def _add_plan(sub: argparse.ArgumentParser) -> None:
    sub.add_argument("--from", dest="start", required=True, metavar="DATE", help="first day, in the workspace's zone")
    sub.add_argument("--to", dest="end", required=True, metavar="DATE", help="the day after the last")
    sub.add_argument("--size", type=int, required=True, metavar="N", help="how many traces, or sessions, to draw")
    sub.add_argument("--unit", choices=("trace", "session"), default="trace", help="what is drawn and read as one item")
    sub.add_argument(
        "--by",
        metavar="SEGMENTS",
        help="strata: workflow,model,prompt_version ...; auto: these three, each only where large enough",
    )
    sub.add_argument(
        "--plan",
        choices=("proportional", "risk"),
        default="proportional",
        help="each stratum its share, or more of the flagged traces",
    )
    sub.add_argument("--anchor", type=float, default=0.4, help="share of a risk plan that is drawn proportionally")
    sub.add_argument(
        "--overlap", type=float, default=0.0, metavar="SHARE", help="share of the sample that is read twice"
    )
    sub.add_argument(
        "--readers", metavar="NAMES", help="between whom it is dealt out, with commas; unless given, anybody"
    )
    sub.add_argument(
        "--also",
        nargs="+",
        default=[],
        metavar="TRACE|@FILE",
        help="traces of the period to read for certain, beside the sample; @FILE holds one id a line",
    )
    sub.add_argument(
        "--calibration", type=int, default=0, metavar="N", help="read so many traces of earlier weeks again, in no rate"
    )


def _week_plan(chosen: argparse.Namespace) -> int:
    from reviewer.verbs import planned, weeks

    reader, again = reading(chosen), _calibration(chosen)
    plan, period = _plan(chosen, ""), _period(chosen, reader)
    found = weeks.plan_week(reader, *period, plan, _also(chosen, reader))
    values = planned.as_values(reader, found, plan, period, again)
    if chosen.json:
        print_json(values)
    else:
        _say_plan(values)
    return 0


def _week_new(chosen: argparse.Namespace) -> int:
    from reviewer.verbs import listing, weeks

    plan, again = _plan(chosen, chosen.seed or chosen.name.strip()), _calibration(chosen)
    with writing(chosen) as workspace:
        reader = workspace.reader()
        period, also = _period(chosen, reader), _also(chosen, reader)
        workspace.write(weeks.open_week, reader, chosen.name, *period, plan, also, again).result()
        _say_week(listing.week(reader, chosen.name.strip()), chosen.json)
        reader.close()
    return 0


def _calibration(chosen: argparse.Namespace) -> int:
    if chosen.calibration < 0:
        raise UsageError(f"{chosen.calibration} traces cannot be read again.", "Ask for 0 or more.")
    return int(chosen.calibration)


def _week_topup(chosen: argparse.Namespace) -> int:
    from reviewer.verbs import listing, weeks

    with writing(chosen) as workspace:
        reader = workspace.reader()
        workspace.write(weeks.top_up, reader, chosen.name, chosen.size).result()
        _say_week(listing.week(reader, chosen.name), chosen.json)
        reader.close()
    return 0


def _week_add(chosen: argparse.Namespace) -> int:
    from reviewer.verbs import listing, weeks

    with writing(chosen) as workspace:
        reader = workspace.reader()
        for trace in chosen.traces:
            workspace.write(weeks.add_to_week, reader, chosen.week, trace).result()
        _say_week(listing.week(reader, chosen.week), chosen.json)
        reader.close()
    return 0


def _week_show(chosen: argparse.Namespace) -> int:
    from reviewer.verbs import listing

    _say_week(listing.week(reading(chosen), chosen.name), chosen.json)
    return 0


def _plan(chosen: argparse.Namespace, seed: str) -> "Plan":
    from reviewer.model.week import SEGMENTS, USUAL_BY, Plan

    named = list(USUAL_BY) if chosen.by == AUTO else _listed(chosen.by)
    unknown = [name for name in named if name not in SEGMENTS]
    if unknown:
        raise UsageError(f"There is no segment {unknown[0]!r}.", f"Use {', '.join(SEGMENTS)}, or auto.")
    by = tuple(segment for name in dict.fromkeys(named) for segment in SEGMENTS if segment == name)
    readers = tuple(dict.fromkeys(_listed(chosen.readers)))
    return Plan(
        chosen.size, seed, chosen.plan, by, chosen.anchor, chosen.by == AUTO, chosen.overlap, readers, chosen.unit
    )


def _listed(names: str | None) -> list[str]:
    return [name.strip() for name in (names or "").split(",") if name.strip()]


def _period(chosen: argparse.Namespace, reader: "Reader") -> tuple[int, int]:
    from reviewer.model.clock import day_start
    from reviewer.workspace.ask.settings import timezone

    zone = timezone(reader)
    return day_start(chosen.start, zone), day_start(chosen.end, zone)


def _also(chosen: argparse.Namespace, reader: "Reader") -> list["TraceId"]:
    from reviewer.workspace.ask.transcript import find_trace

    named: list[str] = []
    for one in chosen.also:
        if one.startswith("@"):
            named += _lines(Path(one[1:]))
        else:
            named.append(one)
    return list(dict.fromkeys(find_trace(reader, name) for name in named))


def _lines(path: Path) -> list[str]:
    try:
        return [line.strip() for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    except (OSError, UnicodeDecodeError) as why:
        raise BadInput(f"{path} cannot be read: {why}.") from why


def _say_plan(plan: dict[str, Any]) -> None:
    from reviewer.wording import decimal, share

    print(
        f"{plan['read']} of {decimal(plan['population'])} {plan['unit']}s would be drawn, "
        f"{plan['read_twice']} of them read twice."
    )
    for row in plan["strata"]:
        side = {None: "", True: ", flagged", False: ", the rest"}[row["flagged"]]
        print(printable(f"{row['n_h']:4d} of {decimal(row['N_h'])}  {row['stratum']}{side}"))
    if plan["read_again"]:
        print(f"{plan['read_again']} {plan['unit']}s of earlier weeks are read again and are in no rate.")
    for name, readings in plan["readings"].items():
        print(printable(f"{name} reads {readings}."))
    if plan["minutes"] is not None:
        print(f"At {plan['seconds_each']} seconds a reading, as it went so far, that is {plan['minutes']} minutes.")
    bought = plan["consequence"]
    if bought["exact"]:
        print("Every trace is read: the rates are those of the period.")
        return
    low, high = decimal(100 * bought["low"]), decimal(100 * bought["high"])
    print(f"A mode that is seen at 10 % in this week alone lies between {low} and {high} %.")
    print(f"That is as much as {decimal(bought['n_eff'])} {plan['unit']}s drawn at random would tell.")
    for one in bought["doublings"]:
        print(
            f"Once eight weeks are closed, a mode that doubles from {share(one['from'], 0)} is found within "
            f"{one['within_weeks']} weeks in {_chance(one)}."
        )
    print(f"A mode of {share(bought['seen_from'])} is seen at least once in 95 of 100 weeks.")


def _chance(doubling: dict[str, Any]) -> str:
    from reviewer.wording import PERCENT, RANGE, decimal, share

    if doubling["low"] == doubling["high"]:
        return share(doubling["low"], 0)
    both = RANGE.format(decimal(100 * doubling["low"]), decimal(100 * doubling["high"]))
    return f"{PERCENT.format(both)} of cases, by how well hints point at it"


def _say_week(week: dict[str, Any], as_json: bool) -> None:
    if as_json:
        print_json(week)
        return
    beside = sum(item["purpose"] in ("explore", "calibration") for item in week["items"])
    print(f"{week['name']}: {len(week['items']) - beside} of {week['population']} {week['unit']}s.")
    if beside:
        print(f"{beside} more are read beside the sample and are in no rate.")
    if week["untimed"]:
        print(f"{week['untimed']} of them have no time of their own and stand here by the time of their import.")
    if week["late"]:
        print(f"{week['late']} came too late for an earlier week and are part of this one.")
    for item in week["items"]:
        drawn = f"{item['n_h']} of {item['N_h']}" if item["N_h"] else item["purpose"]
        print(printable(f"{item['order']:4d}  {item['trace']}  {item['stratum']}  {drawn}"))
