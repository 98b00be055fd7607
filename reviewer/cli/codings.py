"""Submit codings, list what stands and the log."""

import argparse
import codecs
from pathlib import Path

from reviewer.cli.commands import Commands
from reviewer.cli.terminal import complain, print_listed, reading, writing
from reviewer.errors import BadInput, UsageError


def add_to(commands: Commands) -> None:
    """Add the commands of this module."""
    sub = commands.add("code", _code, "submit a coding, or one a line of a file")
    sub.add_argument("trace", nargs="?", metavar="TRACE", help="own or native id")
    sub.add_argument("--from", dest="file", metavar="FILE.jsonl", help="a coding a line instead")
    sub.add_argument("--week", required=True, metavar="NAME", help="the week that it was drawn into")
    sub.add_argument("--reviewer", metavar="R", help="who says so")
    sub.add_argument("--verdict", choices=("pass", "fail", "defer"), help="defer: decide later")
    sub.add_argument(
        "--mode", action="append", default=[], metavar="ID", help="a failure mode; may stand several times"
    )
    sub.add_argument(
        "--score", action="append", default=[], metavar="NAME=VALUE", help="a quality score; may stand several times"
    )
    sub.add_argument("--note", metavar="T", help="a note")
    sub.add_argument("--expected", metavar="T", help="the answer that should have been given")
    sub.add_argument(
        "--expected-tools",
        metavar="JSON",
        help='the calls that should have been made: [{"name": ..., "arguments": {}}]',
    )
    commands.add("codings", _codings, "list what stands", as_json=True)
    commands.add("events", _events, "list the log, oldest first", as_json=True)


def _code(chosen: argparse.Namespace) -> int:
    from reviewer.model.calls import calls_from_text
    from reviewer.verbs import coding

    if chosen.file is None:
        lacking = [f"--{n}" for n in ("reviewer", "verdict") if getattr(chosen, n) is None]
        if chosen.trace is None or lacking:
            raise UsageError("A coding needs TRACE, --reviewer and --verdict; or --from FILE.jsonl.")
        wanted = coding.Wanted(
            chosen.trace, chosen.reviewer, chosen.verdict, tuple(chosen.mode), dict(map(score, chosen.score)),
            chosen.note, chosen.expected,
            None if chosen.expected_tools is None else calls_from_text(chosen.expected_tools),
        )  # fmt: skip
        with writing(chosen) as workspace:
            reader = workspace.reader()
            workspace.write(coding.code, reader, chosen.week, wanted).result()
            reader.close()
        return 0
    return _code_file(chosen)


def _code_file(chosen: argparse.Namespace) -> int:
    """Submit a coding a line; a line that cannot be taken is named and the others are taken."""
    from reviewer.verbs import coding

    path = Path(chosen.file)
    try:
        lines = path.read_bytes().split(b"\n")
    except OSError as why:
        raise BadInput(f"{path} cannot be read: {why.strerror}.") from why
    worst = 0
    lines[0] = lines[0].removeprefix(codecs.BOM_UTF8)
    if not any(line.strip() for line in lines):
        raise BadInput(f"There are no codings in {path}.")
    with writing(chosen) as workspace:
        reader = workspace.reader()
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            where = f"{path.name}, line {number}"
            try:
                wanted = coding.wanted_from_json(line, where)
                workspace.write(coding.code, reader, chosen.week, wanted).result()
            except (UsageError, BadInput) as why:
                prefix = "" if str(why).startswith(where) else f"{where}: "
                worst = max(worst, complain(type(why)(f"{prefix}{why.sentence}", why.next_step)))
                continue
            print(f"saved {wanted.trace}", flush=True)
        reader.close()
    return worst


def score(text: str) -> tuple[str, float]:
    """Return name and value of a score that was written as ``groundedness=4``.

    Raises:
        UsageError: it was not.
    """
    name, _, value = text.partition("=")
    try:
        number = float(value)
    except ValueError as why:
        raise UsageError(f"{text!r} is no score.", "Write it as groundedness=4.") from why
    return name, int(number) if number.is_integer() else number


def _codings(chosen: argparse.Namespace) -> int:
    from reviewer.verbs import listing

    return print_listed(listing.codings(reading(chosen)), chosen.json)


def _events(chosen: argparse.Namespace) -> int:
    from reviewer.verbs import listing

    return print_listed(listing.events(reading(chosen)), chosen.json)
