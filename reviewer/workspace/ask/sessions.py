"""The sessions of a workspace: which there are, and the traces of one in the order in which they happened."""

from collections.abc import Iterator
from typing import NamedTuple

from reviewer.errors import UsageError
from reviewer.model.ids import TraceId
from reviewer.workspace.file import Reader

# A trace without a time of its own stands by the time of its import, which says nothing of when the session was.
AT = "CASE WHEN time_basis = 'trace' THEN started_us END"
SESSIONS = f"""
SELECT session_id, id, {AT} AS at_us FROM trace WHERE session_id IS NOT NULL ORDER BY at_us IS NULL, at_us, n
"""  # noqa: S608
TURNS = f"""
SELECT id, native_id, {AT} AS at_us, model, n_messages, forgotten_us IS NOT NULL FROM trace WHERE session_id = ?
  ORDER BY at_us IS NULL, at_us, n
"""  # noqa: S608


class SessionRow(NamedTuple):
    """One session: its traces in order, and when the first and the last of them began (microseconds UTC, or None)."""

    id: str
    traces: tuple[TraceId, ...]
    first_us: int | None
    last_us: int | None


class TurnRow(NamedTuple):
    """One trace of a session; ``at_us`` is None where the trace has no time of its own."""

    trace: TraceId
    native_id: str
    at_us: int | None
    model: str | None
    n_messages: int
    forgotten: bool


def sessions(reader: Reader) -> Iterator[SessionRow]:
    """Yield every session, the one that began first at the top, those without times last."""
    found: dict[str, list[tuple[TraceId, int | None]]] = {}
    for session, trace, at_us in reader.db.execute(SESSIONS):
        found.setdefault(session, []).append((TraceId(trace), at_us))
    for session, traces in found.items():
        times = [at_us for _, at_us in traces if at_us is not None] or [None]
        yield SessionRow(session, tuple(trace for trace, _ in traces), times[0], times[-1])


def turns(reader: Reader, session: str) -> list[TurnRow]:
    """Return the traces of a session by the time they began, then as they were imported; without a time they are last."""
    return [TurnRow(TraceId(row[0]), *row[1:-1], bool(row[-1])) for row in reader.db.execute(TURNS, (session,))]


def known_turns(reader: Reader, session: str) -> list[TurnRow]:
    """Return the traces of a session that somebody names.

    Raises:
        UsageError: there is no such session.
    """
    found = turns(reader, session)
    if not found:
        raise UsageError(f"There is no session {session!r} here.", "List them with: reviewer sessions.")
    return found
