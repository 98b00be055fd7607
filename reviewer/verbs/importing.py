"""Import traces: a worker process reads, assembles and packs; the writer stores batch after batch.

What was stored before a cancel or a death stays, and the same import again adds only what is missing: a trace is known
by its stable id and compared by the hash of its content.
"""

import json
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

from reviewer import hints, sources
from reviewer.errors import Expected
from reviewer.jobs.messages import Batch, Broke, Cancelled, Done, Progress
from reviewer.jobs.running import Channel, Job, Limits
from reviewer.model.ids import TraceId
from reviewer.model.patterns import DEFAULTS, Patterns
from reviewer.model.problem import Problem
from reviewer.sources import own_patterns
from reviewer.sources.formats.table import EVERY_TABLE
from reviewer.sources.jsontext import printable
from reviewer.sources.records import Found
from reviewer.sources.tables.columns import Use
from reviewer.sources.together import Together
from reviewer.verbs import mappings
from reviewer.verbs.changes import Changes
from reviewer.workspace.file import Workspace
from reviewer.workspace.packing import Packed, pack
from reviewer.workspace.traces import Origin, Stored, begin_file, begin_run, end_run, store

BATCH_TRACES = 128
BATCH_BYTES = 3 << 18  # so that a batch fits into the pipe, and the worker goes on at once
# Of text in one transaction: each ends with a piece of the index that must be merged, and writes the pages of every
# other index again. More would keep a reviewer's press, which waits for one transaction, waiting.
TRANSACTION_BYTES = 8 << 20
TRANSACTION_S = 1.0  # a slow file is stored as it comes
WORKER_MEMORY = 2 << 30
PROGRESS_S = 0.1

Formats = Mapping[str, str | None]
"""The formats that single files are read as, by the path of each; None recognises the format of that file."""


@dataclass
class Report:
    """What became of an import; read = imported + updated + unchanged + failed, always."""

    imported: int = 0
    updated: int = 0
    unchanged: int = 0
    failed: int = 0
    messages: int = 0
    tool_calls: int = 0
    documents: int = 0
    scores: int = 0
    by_format: Counter[str] = field(default_factory=Counter)
    problems: list[Problem] = field(default_factory=list)
    state: Literal["running", "done", "cancelled", "broken"] = "running"

    @property
    def read(self) -> int:
        """Return how many records were read: traces to be."""
        return self.imported + self.updated + self.unchanged + self.failed

    @property
    def did_anything(self) -> bool:
        """Return whether any trace was imported, updated or found unchanged."""
        return bool(self.imported or self.updated or self.unchanged)

    def counts(self) -> dict[str, object]:
        """Return what was counted."""
        return {
            "read": self.read,
            **{
                name: getattr(self, name)
                for name in (
                    "imported",
                    "updated",
                    "unchanged",
                    "failed",
                    "messages",
                    "tool_calls",
                    "documents",
                    "scores",
                )
            },
            "by_format": dict(self.by_format),
        }

    def as_json(self) -> dict[str, object]:
        """Return the report as the command line prints it."""
        return {
            **self.counts(),
            "warnings": [p.as_json() for p in self.problems if not p.lost],
            "errors": [p.as_json() for p in self.problems if p.lost],
        }


@dataclass(frozen=True, slots=True)
class Piece:
    """What the worker sends: packed traces of one file, lost records, and problems."""

    path: str
    traces: list[Packed]
    formats: list[str]
    problems: list[Problem]
    lost: int
    size: int
    """Bytes of text, about."""
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class Mapped:
    """What the worker sends of a table whose columns a person named: the key of its header, and their uses."""

    key: str
    uses: Mapping[str, Use]


def files_under(paths: Sequence[Path]) -> Iterator[tuple[Path, bool]]:
    """Yield the files to read, and whether each was named itself rather than found in a folder."""
    for path in paths:
        if path.is_dir():
            yield from ((p, False) for p in sorted(path.rglob("*")) if p.is_file() and not p.name.startswith("."))
        else:
            yield path, True


def stage(
    channel: Channel,
    paths: list[Path],
    format: str | None,
    said: Mapping[str, Mapping[str, Use]] | None = None,
    patterns: Patterns = DEFAULTS,
    formats: Formats | None = None,
) -> None:
    """Read, assemble and pack every file, in the worker process. One bad file does not keep the others from being read.

    ``said`` is what a person said of the columns of tables, as ``sources.read`` takes it. ``patterns`` are those of the
    workspace that the traces go to. ``formats`` are those of single files, where they are not to be read as ``format``.
    """
    own_patterns.use(patterns)
    of_file = formats or {}
    files = [(path, named, of_file.get(printable(str(path)), format)) for path, named in files_under(paths)]
    if len(files) > 1:
        # Labels of other files come first, with the traces that they are about.
        files.sort(key=lambda file: not sources.gives_others(file[0], file[2]))
    given: set[str] = set()
    named_columns = _Named(channel, said or {})
    total = sum(_size(path) for path, _, _ in files)
    before = 0
    together = Together()
    for path, named, chosen in files:
        collector = Collector(channel, str(path), before, total)
        try:
            named_columns.look(path, chosen)
            for found in sources.read(path, chosen, collector.note, collector.progress, said):
                if _is_given(found, given):
                    continue
                if not found.only_adds:
                    collector.add(found)
                if len(files) > 1 or found.only_adds:
                    together.saw(found, path)
        except Expected as why:
            # A file in a folder that holds no traces is no mistake of the person who chose the folder.
            collector.refuse(str(why), lost=named)
        except OSError as why:
            collector.refuse(f"{path.name} cannot be read: {why.strerror or why}.")
        collector.flush()
        before += _size(path)
    _add_shared(channel, together, total)
    if files and (unused := named_columns.unused()):
        collector.refuse(f"no table has a column {unused}, which was named by hand", lost=False)
        collector.flush()


def _is_given(found: Found, given: set[str]) -> bool:
    """Return whether a trace was given with its labels already, by the file of the labels."""
    if found.trace.format == "agentrx":
        given.add(found.trace.native_id)
        return False
    return found.trace.kind == "messages" and found.trace.native_id in given


class _Named:
    """The columns that a person named for every table of an import: which table has them, and which none has."""

    def __init__(self, channel: Channel, said: Mapping[str, Mapping[str, Use]]) -> None:
        self._channel = channel
        self._said = said
        self._uses = said.get(EVERY_TABLE, {})
        self._met: set[str] = set()

    def look(self, path: Path, format: str | None) -> None:
        """Tell the table that a file is, if a person named columns of it."""
        if not self._uses or (sheet := sources.sheet(path, format, self._said)) is None:
            return
        here = {column: use for column, use in self._uses.items() if column in sheet.columns.uses}
        self._met |= here.keys()
        if here:
            self._channel.send(Batch(Mapped(sheet.key, {**self._said.get(sheet.key, {}), **here})))

    def unused(self) -> str:
        """Return the columns that no table has, in words."""
        return ", ".join(repr(column) for column in self._uses if column not in self._met)


def _add_shared(channel: Channel, together: Together, total: int) -> None:
    """Send the traces of which several files hold spans once more, whole."""
    problems: list[Problem] = []
    for path, found in together.joined(problems.append):
        collector = Collector(channel, str(path), total, total)
        while problems:
            collector.note(problems.pop(0))
        collector.add(found)
        collector.flush()
    if problems:
        collector = Collector(channel, problems[-1].file, total, total)
        for problem in problems:
            collector.note(problem)
        collector.flush()


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


class Collector:
    """Gathers the packed traces of one file into batches."""

    def __init__(self, channel: Channel, path: str, before: int, total: int) -> None:
        # A file's name may be any bytes; what is stored and said of it is text.
        self.channel, self.path, self.before, self.total = channel, printable(path), before, total
        self.done = 0
        self.said_at = time.monotonic()
        self._empty()

    def _empty(self) -> None:
        self.traces: list[Packed] = []
        self.formats: list[str] = []
        self.problems: list[Problem] = []
        self.lost = 0
        self.bytes = 0

    def note(self, problem: Problem) -> None:
        # A format knows the file's name; who reads the report wants its place too.
        self.problems.append(replace(problem, file=self.path))
        self.lost += problem.lost

    def refuse(self, reason: str, lost: bool = True) -> None:
        """Note that the file itself cannot be read: no record was lost by that."""
        self.problems.append(Problem(self.path, printable(reason), lost=lost))

    def progress(self, done: int, _total: int) -> None:
        self.done = done
        self.channel.check()
        if time.monotonic() - self.said_at > PROGRESS_S:
            self.said_at = time.monotonic()
            self.channel.send(Progress(self.before + done, self.total, self.path))

    def add(self, found: Found) -> None:
        try:
            packed = pack(found.trace, hints.find(found.trace))
        except (TypeError, ValueError, OverflowError, UnicodeEncodeError) as why:
            self.note(Problem(self.path, f"cannot be stored: {why}", found.line, found.member))
            return
        packed.line, packed.member, packed.replaces_earlier = found.line, found.member, found.replaces_earlier
        self.traces.append(packed)
        self.formats.append(found.trace.format)
        self.bytes += packed.chars + len(packed.head)
        if len(self.traces) >= BATCH_TRACES or self.bytes >= BATCH_BYTES:
            self.flush()

    def flush(self) -> None:
        if self.traces or self.problems:
            done = self.before + self.done
            self.channel.send(
                Batch(
                    Piece(self.path, self.traces, self.formats, self.problems, self.lost, self.bytes, done, self.total)
                )
            )
            self._empty()


class Import:
    """A running import. ``on_message`` hears ``Progress`` and at last the ``Report``, on the import's own thread."""

    def __init__(
        self, workspace: Workspace, reading: Job, on_message: Callable[[Progress | Report | Changes], None]
    ) -> None:
        self.workspace = workspace
        self.on_message = on_message
        self.report = Report()
        self._files: dict[str, Origin] = {}
        self._before: dict[int, tuple[bytes, int]] = {}
        self._gathered: list[Piece] = []
        self._size = 0
        self._storing: tuple[Future[list[Stored]], list[Piece]] | None = None
        self._began = time.monotonic()
        self._job = reading
        self._thread = threading.Thread(target=self._run, name="import", daemon=True)
        self._thread.start()

    def cancel(self) -> None:
        """Stop reading; what is stored stays."""
        self._job.cancel()

    def wait(self) -> Report:
        """Wait for the end and return the report."""
        while self._thread.is_alive():
            self._thread.join(0.2)  # in slices, so that Ctrl+C is heard
        return self.report

    def _run(self) -> None:
        run = self.workspace.write(begin_run).result()
        try:
            self._receive(run)
        except Expected as why:
            self._job.cancel()
            self._broke(str(why))
        finally:
            self._end(run)

    def _receive(self, run: int) -> None:
        for message in self._job.messages():
            match message:
                case Batch(content=Mapped(key=key, uses=uses)):
                    self.workspace.write(mappings.remember, key, uses).result()
                case Batch(content=piece):
                    self._gather(run, piece)
                case Progress():
                    self.on_message(message)
                case Done():
                    self._settle()
                    self.report.state = "done"
                case Cancelled():
                    self._settle()
                    self.report.state = "cancelled"
                case Broke(sentence=sentence, next_step=next_step):
                    self._settle()
                    self._broke(f"{sentence} {next_step}".strip())

    def _broke(self, sentence: str) -> None:
        self.report.state = "broken"
        path = next(reversed(self._files), "")
        self.report.problems.append(Problem(path, sentence))

    def _gather(self, run: int, piece: Piece) -> None:
        """Take a piece, and store what is gathered once it is a good transaction, or the writer would only wait."""
        origin = self._files.get(piece.path)
        if origin is None:
            file = self.workspace.write(begin_file, run, piece.path).result()
            self._files[piece.path] = Origin(run, file, piece.path, self.workspace.clock(), before=self._before)
        self._gathered.append(piece)
        self._size += piece.size
        is_free = self._storing is None or self._storing[0].done()
        is_late = time.monotonic() - self._began > TRANSACTION_S
        is_nearly_read = piece.total - piece.done < TRANSACTION_BYTES
        if self._size >= TRANSACTION_BYTES or (is_free and (is_late or is_nearly_read)):
            self._store()

    def _store(self) -> None:
        """Give the writer what is gathered. It has one transaction at a time, so that others come in between."""
        self._count()
        pieces, self._gathered, self._size = self._gathered, [], 0
        batches = [(piece.traces, self._files[piece.path]) for piece in pieces]
        self._storing = self.workspace.write(store, batches), pieces
        self._began = time.monotonic()

    def _settle(self) -> None:
        """Store what is left, and wait until it is on disk."""
        if self._gathered:
            self._store()
        self._count()

    def _count(self) -> None:
        """Wait for the transaction under way, and count what became of its pieces."""
        if self._storing is None:
            return
        future, pieces = self._storing
        self._storing = None
        changed: set[TraceId] = set()
        for piece, stored in zip(pieces, future.result(), strict=True):
            report = self.report
            for name in ("imported", "updated", "unchanged", "messages", "tool_calls", "documents", "scores"):
                setattr(report, name, getattr(report, name) + getattr(stored, name))
            report.failed += piece.lost + sum(p.lost for p in stored.problems)
            report.problems += piece.problems + stored.problems
            report.by_format.update(
                f for f, packed in zip(piece.formats, piece.traces, strict=True) if not packed.replaces_earlier
            )
            changed |= stored.changed
        self.on_message(Progress(pieces[-1].done, pieces[-1].total, pieces[-1].path))
        self.on_message(Changes(traces=frozenset(changed)))

    def _end(self, run: int) -> None:
        if self.report.state == "running":
            self.report.state = "broken"
        self.workspace.write(
            end_run, run, self.report.state, json.dumps(self.report.counts()), self.report.problems[:10_000]
        ).result()
        self.on_message(self.report)


def read_ahead(
    paths: Sequence[Path],
    format: str | None = None,
    nice: int = 0,
    said: Mapping[str, Mapping[str, Use]] | None = None,
    patterns: Patterns = DEFAULTS,
    formats: Formats | None = None,
) -> Job:
    """Start to read files and folders in the worker process, which waits for ``start`` once its pipe is full.

    ``said`` is what a person said of the columns of tables, by the key of the header or for every table; ``patterns`` are
    those of the workspace; ``formats`` are those of single files that are not to be read as ``format``.

    Raises:
        UsageError: nobody knows a format.
    """
    for name in (format, *(formats or {}).values()):
        if name is not None:
            sources.refuse_unknown(name)
    return Job(stage, [Path(p) for p in paths], format, said, patterns, formats, limits=Limits(WORKER_MEMORY, nice))


def start(
    workspace: Workspace, reading: Job, on_message: Callable[[Progress | Report | Changes], None] = lambda message: None
) -> Import:
    """Store what ``read_ahead`` reads; several formats may be among it."""
    return Import(workspace, reading, on_message)
