"""Import traces, list them, show one."""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from reviewer.cli.commands import Commands
from reviewer.cli.terminal import print_json, print_rows, printable, reading


def add_to(commands: Commands) -> None:
    """Add the commands of this module."""
    sub = commands.add("import", _import, "import traces from files and folders", as_json=True)
    sub.add_argument("paths", nargs="+", metavar="PATH", help="a file, or a folder to look through")
    sub.add_argument("--format", metavar="F", help="take the files as this format instead of detecting it")
    commands.add("traces", _traces, "list the traces", as_json=True)
    commands.add("show", _show, "show one trace", as_json=True).add_argument(
        "trace", metavar="TRACE", help="own or native id"
    )


def _import(chosen: argparse.Namespace) -> int:
    from reviewer.verbs import importing, opening

    path = Path(chosen.workspace)
    # The worker starts to read while the workspace is opened.
    reading = importing.read_ahead([Path(p) for p in chosen.paths], chosen.format)
    try:
        workspace = opening.open_workspace(path) if path.exists() else opening.new(path)
    except BaseException:
        reading.cancel()
        raise
    with workspace:
        running = importing.start(workspace, reading, _Progress())
        try:
            report = running.wait()
        except KeyboardInterrupt:
            running.cancel()
            report = running.wait()
    if chosen.json:
        print_json(report.as_json())
    _say_report(report)
    return 0 if report.did_anything else 1


def _say_report(report: Any) -> None:
    state = {"done": "", "cancelled": " Cancelled: the rest was not read.", "broken": " It ended early."}[report.state]
    print(
        f"Read {report.read}: {report.imported} imported, {report.updated} updated, {report.unchanged} unchanged, "
        f"{report.failed} failed.{state}",
        file=sys.stderr,
    )
    if report.read and report.unchanged == report.read:
        print("Nothing new: all of it was here already.", file=sys.stderr)
    for problem in report.problems[:20]:
        place = ", ".join(
            [problem.file, *([f"line {problem.line}"] if problem.line else []), *filter(None, [problem.member])]
        )
        kind = "error" if problem.lost else "warning"
        print(printable(f"{kind}: {place}: {problem.reason}"), file=sys.stderr)
    if len(report.problems) > 20:
        print(f"... and {len(report.problems) - 20} more; --json lists them all.", file=sys.stderr)


class _Progress:
    """Says how far an import is, on one line of a terminal and nowhere else."""

    def __call__(self, message: object) -> None:
        from reviewer.jobs.messages import Progress

        if isinstance(message, Progress) and message.total and sys.stderr.isatty():
            sys.stderr.write(f"\r{100 * message.done // message.total:3d} %\r")
            sys.stderr.flush()


def _traces(chosen: argparse.Namespace) -> int:
    from reviewer.verbs import listing

    rows = listing.traces(reading(chosen))
    if chosen.json:
        print_rows(rows)
    else:
        for row in rows:
            print(
                printable(
                    f"{row['id']}  {row['started_at']}  {row['format']}  {row['workflow'] or ''}  {row['native_id']}"
                )
            )
    return 0


def _show(chosen: argparse.Namespace) -> int:
    from reviewer.verbs import listing

    found = listing.show(reading(chosen), chosen.trace)
    if chosen.json:
        print_json(found)
        return 0
    for message in found["messages"]:
        print(f"--- {message['role']}")
        print(printable(message["text"]))
        for call in message["tool_calls"]:
            print(printable(f"    {call['name']} {json.dumps(call['arguments'], ensure_ascii=False)}"))
    return 0
