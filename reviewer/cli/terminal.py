"""What the commands print, and the workspace that they open."""

import argparse
import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from reviewer.errors import Expected


def complain(why: Expected) -> int:
    """Say what was expected to go wrong, and return its exit code."""
    print(f"reviewer: {printable(str(why))}", file=sys.stderr)
    return why.exit_code


def printable(text: str) -> str:
    """Return a text without control characters, which a terminal would obey."""
    return "".join(c if c.isprintable() or c == "\n" else f"\\x{ord(c):02x}" for c in text)


def print_rows(rows: Iterable[dict[str, Any]]) -> None:
    """Print a JSON array, one object a line."""
    first = True
    for row in rows:
        sys.stdout.write(("[" if first else ",\n ") + json.dumps(row, ensure_ascii=False))
        first = False
    sys.stdout.write("[]\n" if first else "]\n")


def print_listed(rows: Iterable[dict[str, Any]], as_json: bool) -> int:
    """Print rows as JSON or as lines of what they hold, and return the exit code of success."""
    if as_json:
        print_rows(rows)
        return 0
    for row in rows:
        print(printable("  ".join(f"{k}={v}" for k, v in row.items() if v not in (None, "", [], {}))))
    return 0


def print_json(value: object) -> None:
    """Print one JSON value on a line."""
    print(json.dumps(value, ensure_ascii=False))


def reading(chosen: argparse.Namespace) -> Any:
    """Return a reader of the workspace that was named; an older file is brought up to date first."""
    from reviewer.workspace.file import Reader, bring_up_to_date

    path = Path(chosen.workspace)
    bring_up_to_date(path)
    return Reader(path)


def writing(chosen: argparse.Namespace) -> Any:
    """Return the workspace that was named, open for writing."""
    from reviewer.verbs.opening import open_workspace

    return open_workspace(Path(chosen.workspace))
