"""Pulls from services: how far one is, what it drew, and from how many."""

from reviewer.model.pull import Listed, Pulled, PulledStratum
from reviewer.workspace.file import Reader
from reviewer.workspace.pulls import listed_from

TRACES = "SELECT trace, native_id, segments FROM pull_trace WHERE pull = ?"


def pull(reader: Reader, number: int) -> Pulled:
    """Return a pull as it stands; ``drawn`` is empty while it is listing."""
    state, cursor = reader.db.execute("SELECT state, cursor FROM pull WHERE id = ?", (number,)).fetchone()
    size = reader.db.execute("SELECT count(*) FROM pull_trace WHERE pull = ?", (number,)).fetchone()[0]
    rows = reader.db.execute("SELECT name, size, drawn FROM pull_stratum WHERE pull = ? ORDER BY name", (number,))
    strata = tuple(PulledStratum(*row) for row in rows)
    if state == "listing":
        return Pulled(number, state, cursor, size)
    drawn = tuple(listed_from(row) for row in reader.db.execute(f"{TRACES} ORDER BY u, trace", (number,)))
    return Pulled(number, state, cursor, sum(one.size for one in strata), drawn, strata)


def population(reader: Reader, number: int) -> list[Listed]:
    """Return what a pull has listed, in an order that does not depend on the pages."""
    return [listed_from(row) for row in reader.db.execute(f"{TRACES} ORDER BY trace", (number,))]


def not_fetched(reader: Reader, number: int) -> list[str]:
    """Return the native ids of the drawn traces that are not in the workspace, or were there before the pull began.

    Those before may have changed in the service since.
    """
    sql = (
        "SELECT p.native_id FROM pull_trace p LEFT JOIN trace t ON t.id = p.trace LEFT JOIN import_run r ON r.id = t.run "
        "JOIN pull q ON q.id = p.pull WHERE p.pull = ? AND (r.started_us IS NULL OR r.started_us < q.began_us) "
        "ORDER BY p.u, p.trace"
    )
    return [row[0] for row in reader.db.execute(sql, (number,))]
