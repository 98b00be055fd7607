"""Say and set what tells hand-overs, corrections and feedback from names and words."""

from typing import Any

from reviewer.errors import UsageError
from reviewer.model.patterns import ABOUT, COUNTED_AT_IMPORT, DEFAULTS, NAMES, compiled
from reviewer.verbs.changes import Changes
from reviewer.workspace import patterns as stored
from reviewer.workspace.ask.patterns import patterns
from reviewer.workspace.file import Reader, Writer

AGAIN = "Import the files again to count the traces that are here already: those whose count changes are updated."


def set_pattern(writer: Writer, name: str, pattern: str) -> Changes:
    """Remember a pattern of the workspace; an empty one goes back to the program's own.

    Feedback is found with it at once. Hand-overs and corrections are counted when traces are imported: importing the
    same files again updates the traces whose count changes.

    Raises:
        UsageError: there is no such pattern, or it is no regular expression that needs a letter.
    """
    if name not in NAMES:
        raise UsageError(f"There is no pattern {name!r}.", f"Use {', '.join(NAMES)}.")
    if pattern:
        compiled(pattern)
    stored.set_pattern(writer, name, pattern or None)
    return Changes(everything=True)


def needs_import(name: str) -> bool:
    """Return whether what a pattern finds is counted when traces are imported."""
    return name in COUNTED_AT_IMPORT


def as_rows(reader: Reader) -> list[dict[str, Any]]:
    """Return each pattern with what it is looked for in, and whether it is the workspace's own."""
    found = patterns(reader)
    return [
        {
            "name": name,
            "pattern": getattr(found, name),
            "own": getattr(found, name) != getattr(DEFAULTS, name),
            "about": ABOUT[name],
        }
        for name in NAMES
    ]
