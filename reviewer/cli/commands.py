"""The tree of commands. Each noun has a module beside this one, whose ``add_to`` says its commands and arguments."""

import argparse
from collections.abc import Callable
from typing import Any

Command = Callable[[argparse.Namespace], int]
PATHS = frozenset({"path", "paths", "workspace", "file", "out", "offscreen", "taxonomy", "redact"})
"""Arguments that name files."""


class Commands:
    """Commands side by side: those of the program, or those of one noun."""

    def __init__(self, within: Any) -> None:
        self._within = within

    def add(
        self, name: str, command: Command, text: str, *, workspace: bool = True, as_json: bool = False
    ) -> argparse.ArgumentParser:
        """Add a command and return its parser, for the arguments that it alone has."""
        sub: argparse.ArgumentParser = self._within.add_parser(name, help=text, description=text)
        sub.set_defaults(command=command)
        if workspace:
            sub.add_argument("--workspace", required=True, metavar="W", help="the workspace, a .review file")
        if as_json:
            sub.add_argument("--json", action="store_true", help="print JSON")
        return sub

    def noun(self, name: str, text: str) -> "Commands":
        """Add a noun with commands of its own."""
        return Commands(self._within.add_parser(name, help=text).add_subparsers(required=True, metavar="WHAT"))
