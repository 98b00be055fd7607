"""What the workspace says of itself: name, time zone, taxonomy."""

import json
from typing import NamedTuple

from reviewer.model import taxonomy as model
from reviewer.model.taxonomy import EMPTY, Taxonomy
from reviewer.workspace.file import Reader, read_meta
from reviewer.workspace.taxonomy import current


class Counts(NamedTuple):
    """How much there is."""

    traces: int
    codings: int
    weeks: int
    first_us: int | None
    last_us: int | None


def timezone(reader: Reader) -> str:
    """Return the IANA name of the zone in which weeks begin."""
    return read_meta(reader.db, "timezone", "UTC")


def workspace_name(reader: Reader) -> str:
    """Return what the workspace is called."""
    return read_meta(reader.db, "name", reader.path.stem)


def redaction_key(reader: Reader) -> bytes:
    """Return the key of the tags that stand for redacted texts; a workspace of an older program has one of its own too."""
    made = "/".join(read_meta(reader.db, key) for key in ("device", "name", "made_us"))
    return read_meta(reader.db, "redaction_key", made).encode()


def taxonomy(reader: Reader, version: int | None = None) -> Taxonomy:
    """Return the newest taxonomy, or one version of it; the empty one where there is none."""
    if version is None:
        return current(reader.db) or EMPTY
    row = reader.db.execute("SELECT body FROM taxonomy WHERE version = ?", (version,)).fetchone()
    return model.from_json(json.loads(row[0])) if row else EMPTY


def taxonomies(reader: Reader) -> dict[int, Taxonomy]:
    """Return every version of the taxonomy by its number."""
    rows = reader.db.execute("SELECT version, body FROM taxonomy ORDER BY version")
    return {version: model.from_json(json.loads(body)) for version, body in rows}


def counts(reader: Reader) -> Counts:
    """Return how many traces, submitted codings and weeks there are, and the span of the traces' times."""
    row = reader.db.execute(
        "SELECT (SELECT count(*) FROM trace), (SELECT count(*) FROM coding WHERE submitted_us IS NOT NULL), "
        "(SELECT count(*) FROM week), (SELECT min(started_us) FROM trace), (SELECT max(started_us) FROM trace)"
    ).fetchone()
    return Counts(*row)
