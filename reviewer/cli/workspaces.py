"""Make a workspace, check it, back it up, forget traces, exchange its taxonomy."""

import argparse
import sys
from pathlib import Path

from reviewer.cli.commands import Commands
from reviewer.cli.terminal import printable, reading, writing
from reviewer.errors import UsageError


def add_to(commands: Commands) -> None:
    """Add the commands of this module."""
    sub = commands.add("new", _new, "make a workspace", workspace=False)
    sub.add_argument("path", metavar="W", help="the file to make, ending in .review")
    sub.add_argument("--taxonomy", default="default", help="default, support, extraction, none, or a TOML file")
    sub.add_argument("--tz", default="UTC", metavar="ZONE", help="time zone in which weeks begin on Monday 00:00")
    sub = commands.add("taxonomy", _taxonomy, "write the failure modes to a file, or take them from one")
    sub.add_argument("what", choices=("export", "import"), help="export: to the file; import: from it")
    sub.add_argument("file", metavar="FILE", help="a TOML file")
    sub = commands.add("forget", _forget, "erase the text of a trace, or of all traces of a user")
    sub.add_argument("trace", nargs="?", metavar="TRACE", help="own or native id")
    sub.add_argument("--user", metavar="U", help="the id of a user of the application")
    commands.add("check", _check, "check the whole workspace", as_json=True)
    commands.add("backup", _backup, "write a verified copy").add_argument(
        "--out", required=True, metavar="FILE", help="the file to write"
    )


def _new(chosen: argparse.Namespace) -> int:
    from reviewer.verbs.opening import new

    new(Path(chosen.path), chosen.taxonomy, chosen.tz).close()
    print(f"Made {chosen.path}.", file=sys.stderr)
    return 0


def _check(chosen: argparse.Namespace) -> int:
    from reviewer.verbs import opening

    result = opening.check(Path(chosen.workspace))
    if chosen.json:
        print(opening.as_json(result))
    else:
        for fault in result.faults:
            print(printable(f"fault: {fault}"))
        print(
            f"{result.traces} traces, {result.events} coding events: {'faults found' if result.faults else 'all well'}."
        )
    return 1 if result.faults else 0


def _backup(chosen: argparse.Namespace) -> int:
    from reviewer.verbs.opening import backup

    print(f"Wrote {backup(Path(chosen.workspace), Path(chosen.out))}.", file=sys.stderr)
    return 0


def _forget(chosen: argparse.Namespace) -> int:
    from reviewer.verbs.forgetting import forget

    if (chosen.trace is None) == (chosen.user is None):
        raise UsageError("Name one trace, or one user with --user.")
    with writing(chosen) as workspace:
        reader = workspace.reader()
        done = workspace.write(forget, reader, chosen.trace, chosen.user).result()
        reader.close()
    print(f"Forgot {len(done.traces)} traces.", file=sys.stderr)
    if done.backups:
        print("These backups still hold their text; delete them if it must be gone:", file=sys.stderr)
        for path in done.backups:
            print(path)
    return 0


def _taxonomy(chosen: argparse.Namespace) -> int:
    from reviewer.verbs import taxonomy

    if chosen.what == "export":
        taxonomy.write_file(reading(chosen), Path(chosen.file))
        return 0
    read = taxonomy.read_file(Path(chosen.file))
    with writing(chosen) as workspace:
        workspace.write(taxonomy.install, read).result()
    return 0
