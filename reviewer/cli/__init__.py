"""The same verbs without a window. Data goes to standard output, everything else to standard error."""

import argparse
import sys
from collections.abc import Sequence
from types import ModuleType

from reviewer import __version__
from reviewer.cli import windows
from reviewer.cli.commands import PATHS, Command, Commands
from reviewer.cli.terminal import complain
from reviewer.errors import Expected, UsageError


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code: 0 done, 1 nothing could be done, 2 wrong usage."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", errors="backslashreplace")  # type: ignore[union-attr]
    given = sys.argv[1:] if arguments is None else arguments
    chosen = _parser(for_window=given[:1] == ["open"]).parse_args(given)
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
        from reviewer import logs

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


def _parser(for_window: bool = False) -> argparse.ArgumentParser:
    """Return the parser of all commands, or of the window's alone: its start does not wait for the others."""
    parser = argparse.ArgumentParser(prog="reviewer", description=__doc__)
    parser.add_argument("--version", action="version", version=__version__)
    commands = Commands(parser.add_subparsers(required=True, metavar="COMMAND"))
    for noun in (windows,) if for_window else _nouns():
        noun.add_to(commands)
    return parser


def _nouns() -> Sequence[ModuleType]:
    """Return the modules that add commands, in the order of the help."""
    from reviewer.cli import (
        adjudication,
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
        segments,
        services,
        traces,
        weeks,
        workspaces,
    )

    return (
        workspaces,
        traces,
        services,
        weeks,
        codings,
        annotations,
        measures,
        patterns,
        segments,
        scorecards,
        decomposition,
        agreement,
        adjudication,
        exports,
        datasets,
        results,
        windows,
    )
