"""Regular looks: which are due, noting that one was done, and taking that back."""

from typing import Any

from reviewer.errors import UsageError
from reviewer.model.cadence import CHECKLISTS, Standing, standing
from reviewer.model.clock import iso
from reviewer.verbs.changes import Changes
from reviewer.workspace import checklists
from reviewer.workspace.ask.checklists import last_done
from reviewer.workspace.file import Reader, Writer


def cadences(reader: Reader) -> tuple[Standing, ...]:
    """Return every checklist with when it was done last, the most frequent first."""
    done = last_done(reader)
    return tuple(
        standing(checklist, at_us, by)
        for checklist in CHECKLISTS
        for by, at_us in (done.get(checklist.name, ("", None)),)
    )


def mark_done(writer: Writer, name: str, reviewer: str) -> Changes:
    """Note that a checklist was done now.

    Raises:
        UsageError: there is no such checklist.
    """
    _refuse_unknown(name)
    checklists.add(writer, name, reviewer)
    return Changes(checklists=frozenset({name}))


def take_back(writer: Writer, name: str) -> Changes:
    """Take back the last time that a checklist was said to be done; it stands as it did before.

    Raises:
        UsageError: there is no such checklist.
    """
    _refuse_unknown(name)
    checklists.remove_last(writer, name)
    return Changes(checklists=frozenset({name}))


def _refuse_unknown(name: str) -> None:
    names = [checklist.name for checklist in CHECKLISTS]
    if name not in names:
        raise UsageError(f"There is no checklist {name!r}.", f"Use {', '.join(names)}.")


def as_json(one: Standing, now_us: int) -> dict[str, Any]:
    """Return a checklist as JSON values; times are ISO 8601 in UTC or null."""
    return {
        "name": one.checklist.name,
        "title": one.checklist.title,
        "about": one.checklist.about,
        "looks": [{"text": look.text, "page": look.page} for look in one.checklist.looks],
        "last": iso(one.last_us),
        "by": one.by or None,
        "due": iso(one.due_us),
        "is_due": one.is_due(now_us),
    }
