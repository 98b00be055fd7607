"""Sessions as plain values for the command line: which there are, and one of them turn by turn."""

from collections.abc import Iterator
from typing import Any

from reviewer.model.clock import iso
from reviewer.verbs.listing import show
from reviewer.workspace.ask import sessions as asked
from reviewer.workspace.file import Reader


def sessions(reader: Reader) -> Iterator[dict[str, Any]]:
    """Yield one object a session, the earliest first: its id, how many traces, from when to when, and their ids in order.

    Times are ISO 8601 in UTC, of the beginnings of traces, or None where no trace has one.
    """
    for row in asked.sessions(reader):
        yield {
            "id": row.id,
            "traces": len(row.traces),
            "from": iso(row.first_us),
            "to": iso(row.last_us),
            "turns": list(row.traces),
        }


def show_session(reader: Reader, session: str) -> dict[str, Any]:
    """Return a session with its traces in order, each as ``listing.show`` gives it, with its time and model.

    Raises:
        UsageError: there is no such session.
    """
    turns = asked.known_turns(reader, session)
    return {
        "id": session,
        "traces": len(turns),
        "turns": [
            {"turn": place, "started_at": iso(turn.at_us), "model": turn.model, **show(reader, turn.trace)}
            for place, turn in enumerate(turns, 1)
        ],
    }
