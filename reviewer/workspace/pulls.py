"""Write how far a pull from a service is: pages of its listing, the sample drawn from it, and its end."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict

from reviewer.model.pull import Listed, PulledStratum, Wanted
from reviewer.model.week import Item
from reviewer.workspace.file import Writer, as_json


def begin(writer: Writer, origin: str, wanted: Wanted) -> int:
    """Return the number of the unfinished pull of the same traces, or of a new one."""
    told = as_json(asdict(wanted))
    with writer.change() as db:
        row = db.execute(
            "SELECT id FROM pull WHERE origin = ? AND wanted = ? AND state != 'done' ORDER BY id DESC", (origin, told)
        ).fetchone()
        if row is not None:
            return int(row[0])
        cursor = db.execute(
            "INSERT INTO pull (origin, wanted, state, began_us) VALUES (?, ?, 'listing', ?)",
            (origin, told, writer.clock()),
        )
    return int(cursor.lastrowid or 0)


def add_page(writer: Writer, pull: int, rows: Iterable[Listed], cursor: str | None) -> None:
    """Keep a page of the listing with the cursor of the next, in one transaction; a page that comes again adds nothing."""
    with writer.change() as db:
        db.executemany(
            "INSERT OR IGNORE INTO pull_trace (pull, trace, native_id, segments) VALUES (?, ?, ?, ?)",
            [(pull, row.trace, row.native_id, as_json(row.segments)) for row in rows],
        )
        db.execute("UPDATE pull SET cursor = ? WHERE id = ?", (cursor, pull))


def keep_draw(writer: Writer, pull: int, items: Sequence[Item], strata: Sequence[PulledStratum]) -> None:
    """Keep the sample and the counts of the population; what was not drawn is known by its count from now on."""
    with writer.change() as db:
        db.executemany(
            "INSERT INTO pull_stratum VALUES (?, ?, ?, ?)", [(pull, s.name, s.size, s.drawn) for s in strata]
        )
        db.executemany(
            "UPDATE pull_trace SET stratum = ?, pi = ?, u = ? WHERE pull = ? AND trace = ?",
            [(item.stratum, item.pi, item.u, pull, item.trace) for item in items],
        )
        db.execute("DELETE FROM pull_trace WHERE pull = ? AND pi IS NULL", (pull,))
        db.execute("UPDATE pull SET state = 'fetching', cursor = NULL WHERE id = ?", (pull,))


def finish(writer: Writer, pull: int) -> None:
    """Note that all that was drawn has been fetched."""
    with writer.change() as db:
        db.execute("UPDATE pull SET state = 'done', ended_us = ? WHERE id = ?", (writer.clock(), pull))


def listed_from(row: tuple[str, str, str]) -> Listed:
    """Return the listed trace that a row holds."""
    trace, native_id, segments = row
    return Listed(trace, native_id, tuple(json.loads(segments)))
