"""Write taxonomies: every change is a new version, and the old ones stay for the codings made under them."""

import json
import sqlite3
from dataclasses import replace

from reviewer.model import taxonomy as model
from reviewer.model.taxonomy import Taxonomy
from reviewer.workspace.file import Writer, as_json


def install(writer: Writer, taxonomy: Taxonomy) -> Taxonomy:
    """Store a taxonomy as the newest version and return it with its number; the same content again changes nothing."""
    with writer.change() as db:
        newest = current(db)
        if newest is not None and replace(taxonomy, version=newest.version) == newest:
            return newest
        version = 1 if newest is None else newest.version + 1
        numbered = replace(taxonomy, version=version)
        db.execute("INSERT INTO taxonomy VALUES (?, ?, ?)", (version, as_json(numbered.as_json()), writer.clock()))
    return numbered


def current(db: sqlite3.Connection) -> Taxonomy | None:
    """Return the newest taxonomy, or None in a workspace that has none yet."""
    row = db.execute("SELECT body FROM taxonomy ORDER BY version DESC LIMIT 1").fetchone()
    return model.from_json(json.loads(row[0])) if row else None
