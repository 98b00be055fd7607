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
    agentrx,
    atif,
    braintrust,
    chat,
    claude_code,
    datadog,
    helicone,
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
    table,
    tau_bench,
    weave,
)
from reviewer.sources.formats.table import Said
from reviewer.sources.jsontext import printable
from reviewer.sources.reading import Stored
from reviewer.sources.records import Found, Guess, Note, Progress, Value, unseen
from reviewer.sources.requests import Requests, opened
from reviewer.sources.tables import columns, delimited, exported, parquet
from reviewer.sources.tables.exported import Exported

TABLES = (".csv", ".tsv", ".tab", ".psv")
"""Endings of the names of tables; the content decides how their cells are parted."""

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
    helicone,
    opik,
    otel_spans,
    tau_bench,
    inspect_log,
    atif,
    swe_agent,
    claude_code,
    managed_agents,
    agentrx,
    chat,
    plain,
    table,
)
"""In the order in which they are asked: the narrower shape first."""

SERVICES: tuple[Format, ...] = (mlflow, langfuse, langsmith, braintrust, weave, datadog, helicone, opik, otel_spans)
"""Those whose records also come as rows of a table, as their services export them."""


def names() -> list[str]:
    """Return the names of all formats, as ``read`` takes them."""
    return _names(FORMATS)


def _names(modules: Sequence[Format]) -> list[str]:
    return [name for module in modules for name in module.NAMES]


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
    if parquet.is_parquet(path):
        name = printable(path.name)
        if (exporter := _exporter(exported.of_parquet(path))) is not None:
            return exporter[1]
        return Guess("table", f"Parquet with the columns {', '.join(parquet.header(path, name)[:6])}")
    stored = opened(path)
    guess = _guess(stored)
    if guess is None:
        raise _unknown(stored)
    return guess


def read(path: Path, format: str | None, note: Note, progress: Progress, said: Said | None = None) -> Iterator[Found]:
    """Return the traces of a file, one at a time; ``note`` is told of every lost record and every warning.

    ``format`` is a name out of ``names()``, or None to find out. ``progress`` is told bytes consumed and bytes of
    the file, both as stored. ``said`` is what a person said of the columns of tables. Raises ``UsageError`` for a
    format nobody knows; ``BadInput``, perhaps only while reading, for a file without a trace.
    """
    if format is not None:
        refuse_unknown(format)
    check_file(path)
    if is_archive(path):
        return _read_archive(Archive(path), format, note, progress, said or {})
    if parquet.is_parquet(path):
        name = printable(path.name)
        rows = exported.of_parquet(path, progress)
        if not _is_spoken_of(path, said) and (module := _service(rows, format)) is not None:
            return _counted(name, partial(module.read, rows), note)
        if format not in (None, "table"):
            raise BadInput(f"{name} is Parquet, and {format} does not come as a table.")
        return _counted(name, lambda note: table.read_parquet(path, name, note, progress, said or {}), note)
    stored = opened(path, progress)
    if gives_others(path, format):
        return _counted(stored.name, lambda note: agentrx.read_beside(stored, path, note), note)
    return _read_stored(stored, format, note, said or {})


def reopened(path: Path) -> Stored:
    """Return the records of a file that was read before, for a second look: those of a table as its service writes them."""
    if parquet.is_parquet(path):
        return exported.of_parquet(path)
    stored = opened(path)
    return exported.of_text(stored, layout) if (layout := _layout(stored)) is not None else stored


def gives_others(path: Path, format: str | None = None) -> bool:
    """Return whether a file gives the traces of files beside it, with labels: whoever reads both begins with it."""
    if format is not None:
        return format in agentrx.NAMES
    return agentrx.may_be(path) and _module(opened(path), {}) is agentrx


def sheet(path: Path, format: str | None, said: Said) -> table.Sheet | None:
    """Return the table that a file is or could be read as, the first one of an archive; None for other formats."""
    check_file(path)
    if format not in (None, "table"):
        return None
    if is_archive(path):
        texts = _texts(Archive(path), unseen)
        return next((found for stored in texts if (found := _sheet(stored, format, said)) is not None), None)
    if parquet.is_parquet(path):
        if format is None and _service(exported.of_parquet(path), None) is not None and not _is_spoken_of(path, said):
            return None
        return table.sheet_of_parquet(path, printable(path.name), said)
    return _sheet(opened(path), format, said)


def _is_spoken_of(path: Path, said: Said | None) -> bool:
    return bool(said) and table.sheet_of_parquet(path, printable(path.name), said or {}).is_spoken_of(said or {})


def _service(rows: Exported, format: str | None) -> Format | None:
    """Return the format of the service that exported a table, or the one that was named; None where it is another."""
    if format is not None:
        return next((module for module in SERVICES if format in module.NAMES), None)
    exporter = _exporter(rows)
    return exporter[0] if exporter is not None else None


def _exporter(rows: Exported) -> tuple[Format, Guess] | None:
    head = rows.head()
    for module in SERVICES:
        if (guess := module.looks_like(head, rows.name)) is not None:
            return module, Guess(guess.format, f"a table of {guess.why}")
    return None


def _sheet(stored: Stored, format: str | None, said: Said) -> table.Sheet | None:
    refuse_foreign(stored.name, stored.first_bytes())
    if (layout := _layout(stored)) is not None:
        sheet = table.sheet_of_text(stored, layout, said)
        is_export = format is None and _service(exported.of_text(stored, layout), None) is not None
        return None if is_export and not sheet.is_spoken_of(said) else sheet
    if not any(isinstance(value.value, dict) for value in stored.head()):
        return None
    is_table = format == "table" or _module(stored, said) in (table, None)
    return table.sheet_of_objects(stored, said) if is_table else None


def _read_archive(archive: Archive, format: str | None, note: Note, progress: Progress, said: Said) -> Iterator[Found]:
    if format in (None, "inspect") and inspect_log.archive_looks_like(archive):
        return inspect_log.read_archive(archive, note, progress)
    return _read_texts(archive, format, note, progress, said)


def _read_texts(archive: Archive, format: str | None, note: Note, progress: Progress, said: Said) -> Iterator[Found]:
    empty = True
    for stored in _texts(archive, progress):
        try:
            for found in _read_stored(stored, format, note, said):
                empty = False
                yield found
        except BadInput as why:
            note(Problem(archive.name, str(why), member=stored.member, lost=False))
    if empty:
        raise BadInput(f"no records found in {archive.name}: no member of the archive holds traces.")


def _texts(archive: Archive, progress: Progress) -> Iterator[Stored]:
    for member in archive.members:
        if member.name.lower().endswith((".json", ".jsonl", ".ndjson", *TABLES)):
            yield Stored(archive.name, partial(archive.chunks, member), progress, member.name)


def _read_stored(stored: Stored, format: str | None, note: Note, said: Said) -> Iterator[Found]:
    refuse_foreign(stored.name, stored.first_bytes())
    layout = _layout(stored) if format in (None, "table", *_names(SERVICES)) else None
    if layout is not None:
        found = layout
        rows = exported.of_text(stored, layout)
        spoken = bool(said) and table.sheet_of_text(stored, layout, said).is_spoken_of(said)
        if not spoken and (service := _service(rows, format)) is not None:
            return _counted(stored.name, partial(service.read, rows), note)
        return _counted(stored.name, lambda note: table.read_delimited(stored, found, note, said), note)
    module = _named(format) if format is not None else _module(stored, said)
    if module is None:
        if stored.head():
            raise _unknown(stored)
        refuse_text(stored.name, stored.first_bytes())
        return _counted(stored.name, partial(_nothing, stored), note)
    if module is table:
        return _counted(stored.name, lambda note: table.read_objects(stored, note, said), note)
    reading: Read = module.read
    return _counted(stored.name, partial(reading, stored), note, stored.first_bytes)


def _layout(stored: Stored) -> delimited.Layout | None:
    """Return how a text is laid out as a table, if its name or the names of its columns say that it is one."""
    head = stored.first_bytes()
    named = stored.member or stored.name
    is_named = any(suffix.lower() in TABLES for suffix in Path(named).suffixes)
    if head[:1] in (b"{", b"[") or (not is_named and any(isinstance(v.value, dict) for v in stored.head())):
        return None
    layout = delimited.layout(named, head) if is_named or b"\0" not in head[:4096] else None
    if layout is None or is_named:
        return layout
    return layout if columns.guess(layout.header, []).makes_traces else None


def _counted(
    name: str, reading: Callable[[Note], Iterator[Found]], note: Note, head: Callable[[], bytes] = bytes
) -> Iterator[Found]:
    """Yield what is read; raise if there was no record in the file at all."""
    records = 0

    def count(problem: Problem) -> None:
        nonlocal records
        records += problem.lost
        note(problem)

    for found in reading(count):
        records += 1
        yield found
    if not records:
        if first := head():
            refuse_text(name, first)
        raise BadInput(f"no records found in {name}.")


def _nothing(stored: Stored, note: Note) -> Iterator[Found]:
    """A file in which nothing parses: note why, value by value."""
    for _ in stored.values(note, checked=True):
        pass
    yield from ()


def _guess(stored: Stored) -> Guess | None:
    if isinstance(stored, Requests):
        return Guess(stored.format, "OTLP requests in protobuf, or with their length before them")
    refuse_foreign(stored.name, stored.first_bytes())
    if (layout := _layout(stored)) is not None:
        if (exporter := _exporter(exported.of_text(stored, layout))) is not None:
            return exporter[1]
        return Guess("table", f"a table with the columns {', '.join(layout.header[:6])}")
    head = stored.head()
    if not head:
        refuse_text(stored.name, stored.first_bytes())
    return next((guess for module in FORMATS if (guess := module.looks_like(head, stored.name))), None)


def _module(stored: Stored, said: Said) -> Format | None:
    head = stored.head()
    if said and head and table.sheet_of_objects(stored, said).is_spoken_of(said):
        return table
    return next((module for module in FORMATS if module.looks_like(head, stored.name)), None)


def _named(format: str) -> Format:
    return next(module for module in FORMATS if format in module.NAMES)


def _unknown(stored: Stored) -> BadInput:
    first = next((value.value for value in stored.head()), None)
    keys = f"its records have the keys {', '.join(list(first)[:6])}" if isinstance(first, dict) and first else ""
    return nothing_known(stored.name, keys or "its records are no objects")
