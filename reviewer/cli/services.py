"""Connect to services, pull traces from them, push codings back."""

import argparse
import getpass
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reviewer.cli.commands import Commands
from reviewer.cli.terminal import print_json, print_listed, printable, reading, writing
from reviewer.errors import UsageError

if TYPE_CHECKING:
    from reviewer.model.pull import Wanted
    from reviewer.verbs.pulling import PullReport
    from reviewer.verbs.pushing import PushPlan

SERVICES = ("phoenix", "mlflow", "langfuse", "langsmith")


def add_to(commands: Commands) -> None:
    """Add the commands of this module."""
    connection = commands.noun("connection", "say where services are that hold traces")
    sub = connection.add("add", _add, "add a connection, or change one; the key is asked for", workspace=False)
    sub.add_argument("name", metavar="CONNECTION", help="what to call it, such as shop")
    sub.add_argument("--service", required=True, choices=SERVICES, help="which service it is")
    sub.add_argument("--url", required=True, metavar="URL", help="its address: https, or http on this machine")
    sub.add_argument("--project", required=True, metavar="P", help="the project; for MLflow the experiment")
    sub.add_argument("--tenant", default="", metavar="ID", help="LangSmith: the workspace, for keys of an organization")
    sub.add_argument("--no-key", action="store_true", help="the service asks for none")
    connection.add("list", _list, "list the connections", workspace=False, as_json=True)
    for name, command, text in (
        ("test", _test, "see whether a connection works"),
        ("remove", _remove, "forget a connection and its key"),
    ):
        connection.add(name, command, text, workspace=False).add_argument(
            "name", metavar="CONNECTION", help="the connection"
        )
    sub = commands.add("pull", _pull, "read a sample of a service's traces", as_json=True)
    sub.add_argument("name", metavar="CONNECTION", help="the connection")
    sub.add_argument("--from", dest="start", required=True, metavar="DATE", help="first day, in the workspace's zone")
    sub.add_argument("--to", dest="end", required=True, metavar="DATE", help="the day after the last")
    sub.add_argument("--size", type=int, metavar="N", help="how many to draw; all unless given")
    sub.add_argument("--by", default="", metavar="SEGMENTS", help="strata: workflow,environment ... as far as told")
    sub.add_argument("--filter", default="", metavar="F", help="a filter in the service's own words")
    sub.add_argument("--seed", default="pull", metavar="S", help="any text; the same draws the same traces")
    sub = commands.add("push", _push, "write codings back to the service of their traces", as_json=True)
    sub.add_argument("name", metavar="CONNECTION", help="the connection")
    sub.add_argument("--week", metavar="NAME", help="only the codings of a week")
    sub.add_argument("--dry-run", action="store_true", help="list what would change, and send nothing")


def _add(chosen: argparse.Namespace) -> int:
    from reviewer.verbs import connections

    made = connections.made(chosen.name, chosen.service, chosen.url, chosen.project, chosen.tenant)
    added = connections.add(made, None if chosen.no_key else _key(made.name))
    if added.kept is False:
        from reviewer.sources.services.credentials import variable

        print(
            "There is no key store here that encrypts, so the key was not kept. "
            f"Give it in the environment: {variable(made.name)}.",
            file=sys.stderr,
        )
    return 0


def _key(name: str) -> str | None:
    """Return the key as it is typed unseen, or the line that is piped in; None where neither gives any."""
    if sys.stdin.isatty():
        return getpass.getpass(f"Key of {printable(name)} (nothing if it needs none): ") or None
    return sys.stdin.readline().strip() or None


def _list(chosen: argparse.Namespace) -> int:
    from dataclasses import asdict

    from reviewer.verbs import connections

    return print_listed(map(asdict, connections.listed()), chosen.json)


def _test(chosen: argparse.Namespace) -> int:
    from reviewer.verbs import connections

    print(printable(connections.try_out(*connections.named(chosen.name))))
    return 0


def _remove(chosen: argparse.Namespace) -> int:
    from reviewer.verbs import connections

    connections.remove(chosen.name)
    return 0


def _pull(chosen: argparse.Namespace) -> int:
    from reviewer.verbs import connections, opening, pulling

    connection, key = connections.named(chosen.name)
    path = Path(chosen.workspace)
    with opening.open_workspace(path) if path.exists() else opening.new(path) as workspace:
        reader = workspace.reader()
        wanted = _wanted(chosen, reader)
        reader.close()
        running = pulling.start(workspace, connection, key, wanted, _Progress())
        try:
            report = running.wait()
        except KeyboardInterrupt:
            running.cancel()
            report = running.wait()
    if chosen.json:
        print_json(report.as_json())
    _say_pull(report)
    return 0 if report.state == "done" else 1


def _wanted(chosen: argparse.Namespace, reader: Any) -> "Wanted":
    from reviewer.model.clock import day_start
    from reviewer.model.pull import Wanted
    from reviewer.model.week import SEGMENTS
    from reviewer.workspace.ask.settings import timezone

    by = tuple(name.strip() for name in chosen.by.split(",") if name.strip())
    for name in by:
        if name not in SEGMENTS:
            raise UsageError(f"There is no segment {name!r}.", f"Known: {', '.join(SEGMENTS)}.")
    zone = timezone(reader)
    period = day_start(chosen.start, zone), day_start(chosen.end, zone)
    return Wanted(*period, chosen.size, by, chosen.filter, chosen.seed)


def _say_pull(report: "PullReport") -> None:
    from reviewer.cli.traces import say_report

    print(f"Of {report.population} traces {report.drawn} were drawn.", file=sys.stderr)
    for stratum in report.strata if len(report.strata) > 1 else ():
        print(printable(f"  {stratum.name}: {stratum.drawn} of {stratum.size}"), file=sys.stderr)
    if report.sentence:
        print(f"reviewer: {printable(report.sentence)}", file=sys.stderr)
    if report.imported.state != "running":
        say_report(report.imported)
    if report.state != "done":
        print("The same command goes on from here.", file=sys.stderr)


class _Progress:
    """Says how far a pull is, on one line of a terminal and nowhere else."""

    def __call__(self, message: object) -> None:
        from reviewer.jobs.messages import Progress

        if isinstance(message, Progress) and sys.stderr.isatty():
            told = f"{100 * message.done // message.total:3d} %" if message.total else f"{message.done} listed"
            sys.stderr.write(f"\r{told}\r")
            sys.stderr.flush()


def _push(chosen: argparse.Namespace) -> int:
    from reviewer.verbs import connections, pushing

    connection, key = connections.named(chosen.name)
    if chosen.dry_run:
        planned = pushing.plan(reading(chosen), connection, chosen.week)
        if chosen.json:
            print_json({"changes": [push.as_json() for push in planned.changes], "unchanged": planned.unchanged})
        else:
            _say_plan(planned, connection.address)
        return 0
    with writing(chosen) as workspace:
        reader = workspace.reader()
        planned = pushing.plan(reader, connection, chosen.week)
        reader.close()
        report = pushing.carry_out(workspace, connection, key, planned)
    if chosen.json:
        print_json(report.as_json(planned))
    for push, reason in report.failed:
        print(printable(f"error: {push.label.name} on {push.label.trace}: {reason}"), file=sys.stderr)
    if report.sentence:
        print(f"reviewer: {printable(report.sentence)}", file=sys.stderr)
    print(f"{report.sent} sent, {planned.unchanged} stood there already, {len(report.failed)} failed.", file=sys.stderr)
    return 0 if report.state == "done" and not report.failed else 1


def _say_plan(planned: "PushPlan", address: str) -> None:
    for push in planned.changes:
        label = push.label
        told = f"{push.kind:9}  {label.trace}  {label.reviewer}  {label.name} = {label.value}"
        print(printable(f"{told}  {label.explanation}".rstrip()))
    print(f"{address}: {len(planned.changes)} would change, {planned.unchanged} stand there already.", file=sys.stderr)
    if planned.from_files:
        print(f"{planned.from_files} codings are of traces from files, and stay here.", file=sys.stderr)
