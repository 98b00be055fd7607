"""What people said of traces before they came here: imported scores of people, by name, author and value."""

from collections.abc import Iterator
from typing import NamedTuple

from reviewer.model.ids import TraceId
from reviewer.workspace.file import Reader

OF_PEOPLE = "s.source = 'human' AND s.data_type IN ('number', 'bool', 'category') AND t.forgotten_us IS NULL"
VALUE = "coalesce(s.value_text, printf('%.12g', s.value_num))"
COUNTED = (
    f"SELECT s.name, coalesce(s.author, ''), s.data_type, {VALUE}, count(*), count(DISTINCT s.trace) FROM score s "  # noqa: S608
    f"JOIN trace t ON t.n = s.trace WHERE {OF_PEOPLE} AND {VALUE} IS NOT NULL GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 5 DESC, 4"
)
NAMED = (
    f"SELECT t.id, t.content_hash, t.started_us, t.time_basis, coalesce(s.author, ''), s.data_type, {VALUE}, "  # noqa: S608
    "coalesce(s.comment, ''), s.target, s.target_id FROM score s JOIN trace t ON t.n = s.trace "
    f"WHERE {OF_PEOPLE} AND s.name = ? AND {VALUE} IS NOT NULL ORDER BY t.started_us, t.id, 5, s.n"
)


class Value(NamedTuple):
    """One value of an annotation, and how often it was given. ``author`` is empty where the data does not say who."""

    name: str
    author: str
    kind: str
    value: str
    times: int
    traces: int


class Annotated(NamedTuple):
    """One annotation of a trace. ``target`` and ``target_id`` say of which part; times in microseconds UTC."""

    trace: TraceId
    content_hash: bytes
    started_us: int
    time_basis: str
    author: str
    kind: str
    value: str
    comment: str
    target: str
    target_id: str | None


def values(reader: Reader) -> list[Value]:
    """Return every value of every annotation, by name and author, the most frequent first."""
    return [Value(*row) for row in reader.db.execute(COUNTED)]


def annotated(reader: Reader, name: str) -> Iterator[Annotated]:
    """Yield the annotations of one name, trace by trace and author by author."""
    return (Annotated(*row) for row in reader.db.execute(NAMED, (name,)))
