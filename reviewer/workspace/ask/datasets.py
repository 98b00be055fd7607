"""Datasets: their versions, the rows of a version, and the split that every session has."""

import json
from collections.abc import Collection
from typing import Any

from reviewer.errors import UsageError
from reviewer.model.dataset import Example, Line, Split, Uploaded, Version
from reviewer.model.ids import TraceId, WeekName
from reviewer.model.week import SEGMENTS
from reviewer.workspace.file import Reader
from reviewer.workspace.packing import TITLE_CHARS

VERSIONS = """
SELECT v.dataset, v.number, v.content_hash, v.parent, v.created_us, v.query, v.taxonomy_version,
  (SELECT count(*) FROM dataset_row r WHERE r.version = v.id),
  (SELECT json_group_object(split, n) FROM (SELECT split, count(*) AS n FROM dataset_row r WHERE r.version = v.id GROUP BY split))
FROM dataset_version v
"""
ROWS = """
SELECT r.example, r.trace, r.week, r.grp, r.split, r.digest, r.verdict, r.modes FROM dataset_row r
JOIN dataset_version v ON v.id = r.version WHERE v.dataset = ? AND v.number = ? ORDER BY r.week, r.trace
"""
UPLOADS = """
SELECT v.dataset, v.number, u.origin, u.service, u.redacted, u.created, u.changed, u.removed, u.failed, u.state, u.at_us
FROM upload u JOIN dataset_version v ON v.id = u.version WHERE v.dataset = ? ORDER BY u.id
"""
TYPES = {
    "query_type": f"""CASE WHEN title = '' THEN NULL WHEN title GLOB '*```*' OR title GLOB '*[{{[]"*' THEN 'with code or data'
  WHEN length(title) >= {TITLE_CHARS} THEN 'long text'
  WHEN title GLOB '*[?？؟]*' THEN 'question'
  WHEN length(title) < 24 AND length(title) - length(replace(title, ' ', '')) < 3 THEN 'a few words'
  ELSE 'statement or order' END""",
    "run_type": """CASE WHEN n_tool_calls > 0 AND n_retrievals > 0 THEN 'with tools and retrieval'
  WHEN n_tool_calls > 0 THEN 'with tools alone' WHEN n_retrievals > 0 THEN 'with retrieval alone'
  ELSE 'without tools and retrieval' END""",
}
"""What kind of query a trace answers, by the form of the user's first turn alone, and what the run used."""
EVER = "SELECT DISTINCT r.example FROM dataset_row r JOIN dataset_version v ON v.id = r.version WHERE v.dataset = ?"
HELD = """
SELECT 1 FROM dataset_row r JOIN dataset_version v ON v.id = r.version JOIN trace t ON t.id = r.trace
WHERE v.dataset = :dataset AND (t.id = :trace OR t.session_id = (SELECT session_id FROM trace WHERE id = :trace)) LIMIT 1
"""
HOLDING = """
SELECT v.dataset, v.number, v.created_us, count(*) FROM dataset_row r JOIN dataset_version v ON v.id = r.version
WHERE r.example IN (SELECT value FROM json_each(?)) GROUP BY v.id
"""


def line(reader: Reader, name: str) -> Line | None:
    """Return the frozen salt and weights of a dataset; None where it has no version yet."""
    row = reader.db.execute("SELECT name, salt, weights FROM dataset WHERE name = ?", (name,)).fetchone()
    return None if row is None else Line(row[0], row[1], json.loads(row[2]))


def sessions(reader: Reader, name: str) -> dict[str, tuple[Split, bool]]:
    """Return the split of every session that a dataset has ever held, and whether it was set by hand."""
    sql = "SELECT session, split, by_hand FROM dataset_session WHERE dataset = ?"
    return {session: (split, bool(by_hand)) for session, split, by_hand in reader.db.execute(sql, (name,))}


def is_held(reader: Reader, name: str, trace: TraceId) -> bool:
    """Return whether any version of a dataset holds a trace or another one of its session."""
    return reader.db.execute(HELD, {"dataset": name, "trace": trace}).fetchone() is not None


def versions(reader: Reader, name: str | None = None) -> list[Version]:
    """Return the versions of a dataset or of all, by name and number."""
    where, given = (" WHERE v.dataset = ?", (name,)) if name is not None else ("", ())
    return [_version(row) for row in reader.db.execute(f"{VERSIONS}{where} ORDER BY v.dataset, v.number", given)]


def version(reader: Reader, name: str, number: int | None = None) -> Version:
    """Return one version of a dataset, the newest one unless a number is given.

    Raises:
        UsageError: there is none.
    """
    found = versions(reader, name)
    if not found:
        known = ", ".join(dict.fromkeys(one.dataset for one in versions(reader)))
        raise UsageError(
            f"There is no dataset {name!r} here.",
            f"Datasets here: {known}." if known else "Make one with: reviewer export.",
        )
    chosen = found[-1] if number is None else next((one for one in found if one.number == number), None)
    if chosen is None:
        raise UsageError(f"{name} has no version {number}.", f"The newest is {found[-1].number}.")
    return chosen


def rows(reader: Reader, name: str, number: int) -> dict[str, Example]:
    """Return the rows of a version by the ids of their examples, in the order in which they are written."""
    found = reader.db.execute(ROWS, (name, number))
    return {row[0]: _example(row) for row in found}


def ever(reader: Reader, name: str) -> set[str]:
    """Return the ids of all examples that any version of a dataset has held."""
    return {row[0] for row in reader.db.execute(EVER, (name,))}


def uploads(reader: Reader, name: str) -> list[Uploaded]:
    """Return what was uploaded of a dataset, the oldest first."""
    return [
        Uploaded(dataset, number, origin, service, bool(redacted), created, changed, removed, failed, state, at_us)
        for dataset, number, origin, service, redacted, created, changed, removed, failed, state, at_us in reader.db.execute(
            UPLOADS, (name,)
        )
    ]


def holding(reader: Reader, examples: Collection[str]) -> list[tuple[str, int, int, int]]:
    """Return the versions that hold some of the examples: dataset, number, when made, and how many of them."""
    return list(reader.db.execute(HOLDING, (json.dumps(list(examples)),)))


def segments_and_hints(reader: Reader) -> dict[TraceId, tuple[dict[str, str | None], frozenset[str]]]:
    """Return the segments and the hints of every trace that was reviewed and is not forgotten."""
    reviewed = (
        "t.forgotten_us IS NULL AND EXISTS (SELECT 1 FROM coding c WHERE c.trace = t.id AND c.submitted_us IS NOT NULL)"
    )
    hints: dict[str, set[str]] = {}
    sql = f"SELECT t.id, h.kind FROM hint h JOIN trace t ON t.n = h.trace WHERE {reviewed}"  # noqa: S608
    for trace, kind in reader.db.execute(sql):
        hints.setdefault(trace, set()).add(kind)
    sql = f"SELECT t.id, {', '.join(SEGMENTS)} FROM trace t WHERE {reviewed}"  # noqa: S608
    return {
        TraceId(trace): (dict(zip(SEGMENTS, values, strict=True)), frozenset(hints.get(trace, ())))
        for trace, *values in reader.db.execute(sql)
    }


def reviewers(reader: Reader) -> list[str]:
    """Return everybody who ever coded, in the order in which they began."""
    return [
        row[0] for row in reader.db.execute("SELECT reviewer FROM coding_event GROUP BY reviewer ORDER BY min(seq)")
    ]


def coverage(
    reader: Reader, traces: Collection[str], start_us: int, end_us: int, by: str
) -> list[tuple[Any, int, int]]:
    """Return each value of a segment or type in a period, most common first: its traces, and how many of some have it.

    Raises:
        ValueError: ``by`` is no segment, and neither ``query_type`` nor ``run_type``.
    """
    if by not in SEGMENTS and by not in TYPES:
        raise ValueError(by)
    value = TYPES.get(by, by)
    sql = (
        f"SELECT {value} AS value, sum(started_us >= :start AND started_us < :end), "  # noqa: S608
        "sum(id IN (SELECT value FROM json_each(:traces))) FROM trace WHERE forgotten_us IS NULL "
        "GROUP BY 1 HAVING sum(started_us >= :start AND started_us < :end) > 0 ORDER BY 2 DESC, 1"
    )
    return list(reader.db.execute(sql, {"start": start_us, "end": end_us, "traces": json.dumps(list(traces))}))


def _example(row: tuple[Any, ...]) -> Example:
    example, trace, week, group, split, digest, verdict, modes = row
    return Example(example, TraceId(trace), WeekName(week), group, split, digest, verdict, tuple(json.loads(modes)))


def _version(row: tuple[Any, ...]) -> Version:
    name, number, hashed, parent, created_us, query, taxonomy_version, count, splits = row
    return Version(name, number, hashed, parent, created_us, query, taxonomy_version, count, json.loads(splits))
