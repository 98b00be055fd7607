"""The table of all traces: narrow rows, in pages, filtered by segments."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from reviewer.model.ids import TraceId
from reviewer.model.week import SEGMENTS
from reviewer.workspace.file import Reader

COLUMNS = (
    "id, native_id, format, workflow, model, prompt_version, session_id, started_us, time_basis, latency_ms, status, "
    "cost_usd, title, name, n_messages, n_tool_calls, n_tool_errors, n_documents, flagged"
)
FILTERS = (*SEGMENTS, "status", "format")


class TraceRow(NamedTuple):
    """The narrow row of one trace, for a table. Times in microseconds UTC, latency in milliseconds, cost in dollars."""

    id: TraceId
    native_id: str
    format: str
    workflow: str | None
    model: str | None
    prompt_version: str | None
    session_id: str | None
    started_us: int
    time_basis: str
    latency_ms: float | None
    status: str
    cost_usd: float | None
    title: str
    name: str
    n_messages: int
    n_tool_calls: int
    n_tool_errors: int
    n_documents: int
    flagged: bool


def trace_ids(reader: Reader, where: Mapping[str, str | None] | None = None) -> list[int]:
    """Return the row numbers of all traces that match, newest first: the spine of a table that is read in pages.

    ``where`` maps names of ``FILTERS`` to values; None as a value means *not recorded*.
    """
    conditions, values = _where(where or {})
    sql = f"SELECT n FROM trace WHERE {conditions} ORDER BY started_us DESC, n DESC"  # noqa: S608
    return [row[0] for row in reader.db.execute(sql, values)]


def trace_page(reader: Reader, numbers: list[int]) -> list[TraceRow]:
    """Return the rows of a page of ``trace_ids``, in that order; at most a few hundred at a time."""
    holes = ", ".join("?" * len(numbers))
    sql = f"SELECT n, {COLUMNS} FROM trace WHERE n IN ({holes})"  # noqa: S608
    found = {row[0]: TraceRow._make(row[1:]) for row in reader.db.execute(sql, numbers)}
    return [found[n] for n in numbers if n in found]


def all_traces(reader: Reader) -> Iterator[TraceRow]:
    """Yield every trace, oldest first."""
    for row in reader.db.execute(f"SELECT {COLUMNS} FROM trace ORDER BY started_us, n"):  # noqa: S608
        yield TraceRow._make(row)


def facet(reader: Reader, name: str) -> list[tuple[str | None, int]]:
    """Return the values of one of ``FILTERS`` with how many traces have each, the most frequent first."""
    if name not in FILTERS:
        raise ValueError(name)
    sql = f"SELECT {name}, count(*) FROM trace GROUP BY 1 ORDER BY 2 DESC, 1"  # noqa: S608
    return [(row[0], row[1]) for row in reader.db.execute(sql)]


def _where(wanted: Mapping[str, str | None]) -> tuple[str, list[str]]:
    conditions, values = ["1"], []
    for name, value in wanted.items():
        if name not in FILTERS:
            raise ValueError(name)
        if value is None:
            conditions.append(f"{name} IS NULL")
        else:
            conditions.append(f"{name} = ?")
            values.append(value)
    return " AND ".join(conditions), values


def of_user(reader: Reader, user: str) -> list[TraceId]:
    """Return the traces of one user of the application."""
    return [TraceId(row[0]) for row in reader.db.execute("SELECT id FROM trace WHERE user_id = ? ORDER BY n", (user,))]
