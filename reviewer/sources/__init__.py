"""Traces in: what a file is, and its records as traces, one at a time.

Every record of a file ends as exactly one ``Found`` or one noted ``Problem`` that is lost. A file that holds no
trace at all raises ``BadInput`` with one sentence.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Protocol

from reviewer.errors import BadInput, UsageError
from reviewer.model.problem import Problem
from reviewer.sources.archives import Archive
from reviewer.sources.detect import check_file, is_archive, nothing_known, refuse_foreign, refuse_text
from reviewer.sources.formats import (
    atif,
    braintrust,
    chat,
    claude_code,
    datadog,
    inspect_log,
    langfuse,
    langsmith,
    managed_agents,
    mlflow,
    opik,
    otel_spans,
    otlp,
    plain,
    swe_agent,
    tau_bench,
    weave,
)
from reviewer.sources.jsontext import printable
from reviewer.sources.reading import Stored
from reviewer.sources.records import Found, Guess, Note, Progress, Value, unseen
from reviewer.sources.unwrapping import file_chunks

Read = Callable[[Stored, Note], Iterator[Found]]


class Format(Protocol):
    """What a module of ``reviewer.sources.formats`` offers."""

    @property
    def NAMES(self) -> tuple[str, ...]:
        """The formats of this family."""

    def looks_like(self, head: Sequence[Value], name: str) -> Guess | None:
        """Return what the first values of a file seem to be, if they are of this family."""

    def read(self, stored: Stored, note: Note) -> Iterator[Found]:
        """Yield the traces of a file."""


FORMATS: tuple[Format, ...] = (
    otlp,
    mlflow,
    langfuse,
    langsmith,
    braintrust,
    weave,
    datadog,
    opik,
    otel_spans,
    tau_bench,
    inspect_log,
    atif,
    swe_agent,
    claude_code,
    managed_agents,
    chat,
    plain,
)
"""In the order in which they are asked: the narrower shape first."""


def names() -> list[str]:
    """Return the names of all formats, as ``read`` takes them."""
    return [name for module in FORMATS for name in module.NAMES]


def refuse_unknown(format: str) -> None:
    """Raise ``UsageError`` for a format nobody knows."""
    if format not in names():
        raise UsageError(f"There is no format named {format!r}.", f"Known: {', '.join(names())}.")


def detect(path: Path) -> Guess:
    """Return what a file seems to be, and why; raise ``BadInput`` if it holds no traces that we know."""
    check_file(path)
    if is_archive(path):
        archive = Archive(path)
        if (guess := inspect_log.archive_looks_like(archive)) is not None:
            return guess
        guesses = [guess for stored in _texts(archive, unseen) if (guess := _guess(stored)) is not None]
        if guesses:
            return guesses[0]
        raise BadInput(f"no traces found in {path.name}: no member of the archive looks like traces.")
    stored = _stored(path, unseen)
    guess = _guess(stored)
    if guess is None:
        raise _unknown(stored)
    return guess


def read(path: Path, format: str | None, note: Note, progress: Progress) -> Iterator[Found]:
    """Return the traces of a file, one at a time; ``note`` is told of every lost record and every warning.

    ``format`` is a name out of ``names()``, or None to find out. ``progress`` is told bytes consumed and bytes of
    the file, both as stored. Raises ``UsageError`` for a format nobody knows; ``BadInput``, perhaps only while
    reading, for a file without a trace.
    """
    if format is not None:
        refuse_unknown(format)
    check_file(path)
    if is_archive(path):
        return _read_archive(Archive(path), format, note, progress)
    return _read_stored(_stored(path, progress), format, note)


def _read_archive(archive: Archive, format: str | None, note: Note, progress: Progress) -> Iterator[Found]:
    if format in (None, "inspect") and inspect_log.archive_looks_like(archive):
        return inspect_log.read_archive(archive, note, progress)
    return _read_texts(archive, format, note, progress)


def _read_texts(archive: Archive, format: str | None, note: Note, progress: Progress) -> Iterator[Found]:
    empty = True
    for stored in _texts(archive, progress):
        try:
            for found in _read_stored(stored, format, note):
                empty = False
                yield found
        except BadInput as why:
            note(Problem(archive.name, str(why), member=stored.member, lost=False))
    if empty:
        raise BadInput(f"no records found in {archive.name}: no member of the archive holds traces.")


def _texts(archive: Archive, progress: Progress) -> Iterator[Stored]:
    for member in archive.members:
        if member.name.lower().endswith((".json", ".jsonl", ".ndjson")):
            yield Stored(archive.name, partial(archive.chunks, member), progress, member.name)


def _read_stored(stored: Stored, format: str | None, note: Note) -> Iterator[Found]:
    refuse_foreign(stored.name, stored.first_bytes())
    module = _named(format) if format is not None else _module(stored)
    if module is None:
        if stored.head():
            raise _unknown(stored)
        refuse_text(stored.name, stored.first_bytes())
        return _counted(stored, _nothing, note)
    return _counted(stored, module.read, note)


def _counted(stored: Stored, reading: Read, note: Note) -> Iterator[Found]:
    """Yield what is read; raise if there was no record in the file at all."""
    records = 0

    def count(problem: Problem) -> None:
        nonlocal records
        records += problem.lost
        note(problem)

    for found in reading(stored, count):
        records += 1
        yield found
    if not records:
        refuse_text(stored.name, stored.first_bytes())
        raise BadInput(f"no records found in {stored.name}.")


def _nothing(stored: Stored, note: Note) -> Iterator[Found]:
    """A file in which nothing parses: note why, value by value."""
    for _ in stored.values(note, checked=True):
        pass
    yield from ()


def _stored(path: Path, progress: Progress) -> Stored:
    return Stored(printable(path.name), partial(file_chunks, path), progress)


def _guess(stored: Stored) -> Guess | None:
    refuse_foreign(stored.name, stored.first_bytes())
    head = stored.head()
    if not head:
        refuse_text(stored.name, stored.first_bytes())
    return next((guess for module in FORMATS if (guess := module.looks_like(head, stored.name))), None)


def _module(stored: Stored) -> Format | None:
    head = stored.head()
    return next((module for module in FORMATS if module.looks_like(head, stored.name)), None)


def _named(format: str) -> Format:
    return next(module for module in FORMATS if format in module.NAMES)


def _unknown(stored: Stored) -> BadInput:
    first = next((value.value for value in stored.head()), None)
    keys = f"its records have the keys {', '.join(list(first)[:6])}" if isinstance(first, dict) and first else ""
    return nothing_known(stored.name, keys or "its records are no objects")
