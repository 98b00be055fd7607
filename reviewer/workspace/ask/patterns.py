"""The patterns of a workspace that differ from the program's own."""

import json

from reviewer.model.patterns import NAMES, Patterns
from reviewer.workspace.file import Reader, read_meta

PATTERNS = "patterns"


def patterns(reader: Reader) -> Patterns:
    """Return the patterns of the workspace: its own, and for the rest those of the program."""
    stored: dict[str, str] = json.loads(read_meta(reader.db, PATTERNS, "{}"))
    return Patterns(**{name: text for name, text in stored.items() if name in NAMES})
