"""Import traces, list them, show one."""

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reviewer.cli.commands import Commands
from reviewer.cli.terminal import print_json, print_rows, printable, reading
from reviewer.errors import UsageError

if TYPE_CHECKING:
    from reviewer.model.patterns import Patterns
    from reviewer.model.segment_rules import Rules


def add_to(commands: Commands) -> None:
    """Add the commands of this module."""
    sub = commands.add("import", _import, "import traces from files and folders", workspace=False, as_json=True)
    sub.add_argument("paths", nargs="+", metavar="PATH", help="a file, or a folder to look through")
    sub.add_argument("--workspace", metavar="W", help="the workspace, a .review file; made if it is not there")
    sub.add_argument("--format", metavar="F", help="take the files as this format instead of detecting it")
    sub.add_argument(
        "--map", action="append", default=[], metavar="COLUMN=USE", dest="uses",
        help="what a column of a table means: user, assistant, contexts, label:NAME:AUTHOR ...; may stand several times",
    )  # fmt: skip
    sub.add_argument(
        "--preview", action="store_true", help="say what the files would give, with one transcript, and write nothing"
    )
    commands.add("traces", _traces, "list the traces", as_json=True)
    sub = commands.add("show", _show, "show one trace, or the traces of a session in order", as_json=True)
    named = sub.add_mutually_exclusive_group(required=True)
    named.add_argument("trace", nargs="?", metavar="TRACE", help="own or native id")
    named.add_argument("--session", metavar="ID", help="the session, as reviewer sessions names it")
    commands.add("sessions", _sessions, "list the sessions with their traces", as_json=True)


def _import(chosen: argparse.Namespace) -> int:
    from reviewer.verbs import importing, opening

    if chosen.preview:
        return _preview(chosen)
    if chosen.workspace is None:
        raise UsageError(
            "Name the workspace to import into.", "Add --workspace NAME.review, or --preview to look only."
        )
    path = Path(chosen.workspace)
    # The worker starts to read while the workspace is opened.
    paths = [Path(p) for p in chosen.paths]
    ahead = importing.read_ahead(paths, chosen.format, said=_said(chosen), patterns=_patterns(path))
    try:
        workspace = opening.open_workspace(path) if path.exists() else opening.new(path)
    except BaseException:
        ahead.cancel()
        raise
    with workspace:
        running = importing.start(workspace, ahead, _Progress())
        try:
            report = running.wait()
        except KeyboardInterrupt:
            running.cancel()
            report = running.wait()
    if chosen.json:
        print_json(report.as_json())
    say_report(report)
    return 0 if report.did_anything else 1


def _patterns(path: Path) -> "Patterns":
    """Return the patterns of a workspace; those of the program where it is still to be made."""
    from reviewer.model.patterns import DEFAULTS
    from reviewer.workspace.ask.patterns import patterns
    from reviewer.workspace.file import Reader

    if not path.exists():
        return DEFAULTS
    reader = Reader(path)
    try:
        return patterns(reader)
    finally:
        reader.close()


def _said(chosen: argparse.Namespace) -> dict[str, Any]:
    """Return what is said of columns: now, for every table, and before, in the workspace if there is one."""
    from reviewer.sources.formats.table import EVERY_TABLE
    from reviewer.verbs import mappings

    said: dict[str, Any] = {}
    now = mappings.parse_pairs(chosen.uses)
    if chosen.workspace is not None and Path(chosen.workspace).exists():
        reader = reading(chosen)
        said |= mappings.remembered(reader)
        reader.close()
    return said | ({EVERY_TABLE: now} if now else {})


def _rules(chosen: argparse.Namespace) -> "Rules":
    """Return the rules for segments of the workspace, none where it is still to be made."""
    from reviewer.workspace.ask.segments import rules

    if chosen.workspace is None or not Path(chosen.workspace).exists():
        return {}
    reader = reading(chosen)
    try:
        return rules(reader)
    finally:
        reader.close()


def _preview(chosen: argparse.Namespace) -> int:
    from reviewer.cli.previews import preview_lines
    from reviewer.verbs.previewing import previews

    found = False
    shown: list[dict[str, Any]] = []
    for preview in previews([Path(p) for p in chosen.paths], chosen.format, _said(chosen), _rules(chosen)):
        found |= preview.example is not None
        if chosen.json:
            shown.append(preview.as_json())
        else:
            print(printable("\n".join(preview_lines(preview))), flush=True)
    if chosen.json:
        print_rows(shown)
    return 0 if found else 1


def say_report(report: Any) -> None:
    """Say what became of an import, and its first problems."""
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
    from reviewer.verbs import listing, sessions

    if chosen.session is None:
        found = listing.show(reading(chosen), chosen.trace)
        turns = [found]
    else:
        found = sessions.show_session(reading(chosen), chosen.session)
        turns = found["turns"]
    if chosen.json:
        print_json(found)
        return 0
    for turn in turns:
        if chosen.session is not None:
            said = [f"turn {turn['turn']} of {len(turns)}", turn["started_at"], turn["model"], turn["native_id"]]
            print(printable(f"=== {' · '.join(word for word in said if word)}"))
        _print_messages(turn)
    return 0


def _print_messages(trace: dict[str, Any]) -> None:
    for message in trace["messages"]:
        print(f"--- {message['role']}")
        print(printable(message["text"]))
        for call in message["tool_calls"]:
            print(printable(f"    {call['name']} {json.dumps(call['arguments'], ensure_ascii=False)}"))


def _sessions(chosen: argparse.Namespace) -> int:
    from reviewer.verbs import sessions

    rows = sessions.sessions(reading(chosen))
    if chosen.json:
        print_rows(rows)
        return 0
    for row in rows:
        times = f"{row['from'] or 'no time'}  {row['to'] or 'no time'}"
        print(printable(f"{row['id']}  {row['traces']}  {times}  {' '.join(row['turns'])}"))
    return 0
