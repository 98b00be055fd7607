"""What people said of the columns of tables, remembered by the header of the table."""

import json

from reviewer.workspace.file import Reader, read_meta

MAPPINGS = "mappings"


def mappings(reader: Reader) -> dict[str, dict[str, str]]:
    """Return the use of every column, as text, of each table that was mapped by hand; by the key of its header."""
    stored: dict[str, dict[str, str]] = json.loads(read_meta(reader.db, MAPPINGS, "{}"))
    return stored
