"""What was pushed to a service, and what codings of its traces say now."""

import json
from typing import NamedTuple

from reviewer.model.coding import Coding
from reviewer.model.label import Label
from reviewer.workspace.codings import coding_from
from reviewer.workspace.file import Reader

# What is said of a session is not said of its first trace.
OF_TRACES = "c.week NOT IN (SELECT name FROM week WHERE unit != 'trace')"


class Sent(NamedTuple):
    """A label as it was sent, without its explanation; ``hash`` tells whether it is the same now."""

    label: Label
    hash: str
    remote_id: str | None
    at_us: int


class Coded(NamedTuple):
    """A submitted coding of a trace of the service."""

    trace: str
    native_id: str
    week: str
    reviewer: str
    coding: Coding


def sent(reader: Reader, origin: str) -> dict[str, Sent]:
    """Return what stands in a service by our doing, by the label's id; of a trace that was forgotten here, nothing."""
    rows = reader.db.execute(
        "SELECT id, kind, trace, reviewer, name, value, span, hash, remote_id, at_us FROM pushed p WHERE origin = ? "
        "AND NOT EXISTS (SELECT 1 FROM trace t WHERE t.native_id = p.trace AND t.origin = p.origin AND t.forgotten_us "
        "IS NOT NULL) ORDER BY trace, reviewer, name",
        (origin,),
    )
    return {
        own_id: Sent(Label(kind, trace, reviewer, name, json.loads(value), "", span), told, remote_id, at_us)
        for own_id, kind, trace, reviewer, name, value, span, told, remote_id, at_us in rows
    }


def coded(reader: Reader, origin: str, week: str | None = None) -> list[Coded]:
    """Return the submitted codings of a service's traces; of several by one reviewer of one trace, the last one."""
    where, values = ("AND c.week = ?", (origin, week)) if week else ("", (origin,))
    rows = reader.db.execute(
        "SELECT c.trace, t.native_id, c.week, c.reviewer, c.verdict, c.scores, c.submitted_us, c.flagged, "  # noqa: S608
        "c.taxonomy_version, c.body FROM coding c JOIN trace t ON t.id = c.trace WHERE t.origin = ? "
        f"AND t.forgotten_us IS NULL AND c.submitted_us IS NOT NULL {where} AND {OF_TRACES} ORDER BY c.submitted_us, c.week",
        values,
    )
    last: dict[tuple[str, str], Coded] = {}
    for trace, native_id, of_week, reviewer, *rest in rows:
        last[trace, reviewer] = Coded(trace, native_id, of_week, reviewer, coding_from(tuple(rest)))
    return [last[key] for key in sorted(last)]


def others(reader: Reader) -> int:
    """Return how many submitted codings are of traces that came from a file."""
    sql = (
        "SELECT count(*) FROM coding c JOIN trace t ON t.id = c.trace "  # noqa: S608
        f"WHERE c.submitted_us IS NOT NULL AND t.origin = 'file' AND {OF_TRACES}"
    )
    return int(reader.db.execute(sql).fetchone()[0])
