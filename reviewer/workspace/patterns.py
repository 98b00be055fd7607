"""Write the patterns of a workspace."""

import json

from reviewer.workspace.ask.patterns import PATTERNS
from reviewer.workspace.file import Writer, as_json, read_meta, write_meta


def set_pattern(writer: Writer, name: str, pattern: str | None) -> None:
    """Remember a pattern; None goes back to the program's own."""
    with writer.change() as db:
        stored = json.loads(read_meta(db, PATTERNS, "{}"))
        stored.pop(name, None)
        if pattern is not None:
            stored[name] = pattern
        write_meta(db, **{PATTERNS: as_json(stored)})
