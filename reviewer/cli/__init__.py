"""The same verbs without a window. Data goes to standard output, everything else to standard error."""

import argparse
import sys
from collections.abc import Sequence

from reviewer import __version__, logs
from reviewer.cli import (
    agreement,
    annotations,
    codings,
    datasets,
    decomposition,
    exports,
    measures,
    patterns,
    results,
    scorecards,
    services,
    traces,
    weeks,
    windows,
    workspaces,
)
from reviewer.cli.commands import PATHS, Command, Commands
from reviewer.cli.terminal import complain
from reviewer.errors import Expected, UsageError

NOUNS = (
    workspaces,
    traces,
    services,
    weeks,
    codings,
    annotations,
    measures,
    patterns,
    scorecards,
    decomposition,
    agreement,
    exports,
    datasets,
    results,
    windows,
)
"""The modules that add commands, in the order of the help."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code: 0 done, 1 nothing could be done, 2 wrong usage."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", errors="backslashreplace")  # type: ignore[union-attr]
    chosen = _parser().parse_args(arguments)
    command: Command = chosen.command
    try:
        _refuse_bytes(chosen)
        return command(chosen)
    except Expected as why:
        return complain(why)
    except KeyboardInterrupt:
        print("reviewer: interrupted; what was saved stays saved.", file=sys.stderr)
        return 130
    except BrokenPipeError:
        sys.stderr.close()  # whoever read our output has gone; the interpreter would complain again at its end
        return 1
    except Exception as why:
        place = logs.write_crash_report(why)
        print(
            f"reviewer: a fault in the program ({type(why).__name__}). Please report it with {place}.", file=sys.stderr
        )
        return 1


def _refuse_bytes(chosen: argparse.Namespace) -> None:
    """Raise for an argument that is no text; paths may hold any bytes."""
    for name, value in vars(chosen).items():
        for text in value if isinstance(value, list) else [value]:
            if name not in PATHS and isinstance(text, str) and any("\ud800" <= c <= "\udfff" for c in text):
                raise UsageError(f"{text!r} is not valid UTF-8.", "Only names of files may hold any bytes.")


def open_window() -> int:
    """Open the window without a workspace: the start of the desktop entry."""
    return main(["open"])


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="reviewer", description=__doc__)
    parser.add_argument("--version", action="version", version=__version__)
    commands = Commands(parser.add_subparsers(required=True, metavar="COMMAND"))
    for noun in NOUNS:
        noun.add_to(commands)
    return parser
