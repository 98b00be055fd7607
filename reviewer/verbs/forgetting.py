"""Forget traces: the one way to erase. Text, index and payloads go; ids, times, verdicts and counts stay."""

from dataclasses import dataclass
from pathlib import Path

from reviewer.errors import UsageError, WorkspaceBusy
from reviewer.model.ids import TraceId
from reviewer.verbs.changes import Changes
from reviewer.workspace import backups, codings, datasets, traces
from reviewer.workspace.ask.traces import of_user
from reviewer.workspace.ask.transcript import find_trace
from reviewer.workspace.file import Reader, Writer


@dataclass(frozen=True, slots=True)
class Forgotten:
    """Which traces were erased, and the backups that still hold their text: they must be deleted by hand."""

    traces: tuple[TraceId, ...]
    backups: tuple[Path, ...]
    changes: Changes


def forget(writer: Writer, reader: Reader, trace: str | None, user: str | None) -> Forgotten:
    """Erase one trace (own or native id), or all traces of a user.

    Raises:
        UsageError: there is no such trace or user.
        WorkspaceBusy: another program holds the old text in the file.
    """
    if trace is not None:
        ids = [find_trace(reader, trace)]
    else:
        ids = of_user(reader, user or "")
        if not ids:
            raise UsageError(f"There are no traces of a user {user!r} here.")
    # The user's name goes last: were this cut short, the same request would still find the traces.
    codings.forget_words(writer, ids)
    datasets.forget(writer, ids)
    traces.forget(writer, ids)
    if not traces.compact(writer):
        raise WorkspaceBusy(
            f"{len(ids)} traces are forgotten, but another program reads {writer.path.name} and keeps their text in the file.",
            "Close it, then forget a trace again to rewrite the file.",
        )
    changed = frozenset(ids)
    return Forgotten(tuple(ids), tuple(backups.existing(writer.path)), Changes(traces=changed, codings=changed))
