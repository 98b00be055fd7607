"""Between the window and the workspace: questions and writes go to other threads, answers come back to this one."""

import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from functools import partial
from pathlib import Path
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication, QObject, Qt, Signal

from reviewer.errors import Expected
from reviewer.verbs.changes import Changes

if TYPE_CHECKING:
    from reviewer.jobs.messages import Broke, Cancelled, Done, Message, Progress
    from reviewer.jobs.running import Job
    from reviewer.model.pull import Wanted
    from reviewer.sources.services.connections import Connection
    from reviewer.sources.services.credentials import Secret
    from reviewer.sources.tables.columns import Use
    from reviewer.verbs.importing import Formats, Import, Report
    from reviewer.verbs.pulling import Pull, PullReport
    from reviewer.workspace.file import Reader, Workspace, Writer

Then = Callable[[Any], None]
Failed = Callable[[BaseException], None]

UNREAD = 4  # messages of a job that may wait for the interface thread; more, and the job waits
NICE = 3  # how far a job that somebody waits for stands back behind the window: further, a busy machine starves it
NICE_IMPORT = 10


class Ticket:
    """One question on its way. A dropped ticket's answer never arrives, and its query is stopped."""

    def __init__(self, drop: Callable[["Ticket"], None]) -> None:
        self._drop = drop
        self.dropped = False

    def drop(self) -> None:
        """Say that the answer is no longer wanted."""
        if not self.dropped:
            self.dropped = True
            self._drop(self)


class Asking:
    """A thread with its own read-only connection that answers one question after the other."""

    def __init__(self, workspace: "Workspace", deliver: Callable[[Callable[[], None]], None]) -> None:
        self._reader = workspace.reader()
        self._deliver = deliver
        self._questions: SimpleQueue[tuple[Ticket, Callable[..., Any], tuple[Any, ...], Then, Failed] | None] = (
            SimpleQueue()
        )
        self._current: Ticket | None = None
        self._open: set[Ticket] = set()
        self._guard = threading.Lock()
        self._thread = threading.Thread(target=self._run, name="reader", daemon=True)
        self._thread.start()

    @property
    def waiting(self) -> bool:
        """Whether an answer is still to come. For the interface thread."""
        return bool(self._open)

    def ask(self, function: Callable[..., Any], args: tuple[Any, ...], then: Then, failed: Failed) -> Ticket:
        """Queue ``function(reader, *args)``."""
        ticket = Ticket(self._stop)
        self._open.add(ticket)
        self._questions.put((ticket, function, args, then, failed))
        return ticket

    def close(self) -> None:
        """Stop the running query, forget the waiting ones, and close the connection."""
        self._questions.put(None)
        with self._guard:
            if self._current is not None:
                self._current.dropped = True
                self._reader.interrupt()
        self._thread.join()
        self._reader.close()

    def _stop(self, ticket: Ticket) -> None:
        self._open.discard(ticket)
        # Under the guard, so that the interrupt cannot hit the next question.
        with self._guard:
            if self._current is ticket:
                self._reader.interrupt()

    def _run(self) -> None:
        while (question := self._questions.get()) is not None:
            ticket, function, args, then, failed = question
            with self._guard:
                self._current = ticket
            answer: Callable[[], None] | None = None
            if not ticket.dropped:
                answer = _answer(function, (self._reader, *args), then, failed)
            with self._guard:
                self._current = None
            if answer is not None:
                self._deliver(partial(self._hand_over, ticket, answer))

    def _hand_over(self, ticket: Ticket, answer: Callable[[], None]) -> None:
        self._open.discard(ticket)
        if not ticket.dropped:
            answer()


def _answer(function: Callable[..., Any], args: tuple[Any, ...], then: Then, failed: Failed) -> Callable[[], None]:
    try:
        result = function(*args)
    except BaseException as why:
        reason = why
        return lambda: failed(reason)
    return lambda: then(result)


def _nothing(_writer: "Writer") -> None:
    """Change nothing: it ends when all before it has ended."""


class Bridge(QObject):
    """The window's way to one open workspace.

    ``changed`` carries the ``Changes`` of every commit, ``went_wrong`` an ``Expected`` that nobody else took. Both
    arrive on the interface thread, as do all callbacks.
    """

    changed = Signal(object)
    went_wrong = Signal(object)
    _arrived = Signal(object)

    def __init__(self, workspace: "Workspace", parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.workspace_path: Path = workspace.path
        self.reader: Reader = workspace.reader()
        self.clock = workspace.clock
        self._workspace = workspace
        self._writing_reader: Reader | None = None
        self._waiting = 0
        self._closing = threading.Event()
        self._jobs: dict[Job, threading.Thread] = {}
        self._imports: list[Import | Pull] = []
        self._running_imports = 0
        self._arrived.connect(self._run_answer, Qt.ConnectionType.QueuedConnection)
        self._asking = Asking(workspace, self._arrived.emit)

    @property
    def writes_waiting(self) -> int:
        """Return how many writes have not come back yet."""
        return self._waiting

    @property
    def busy(self) -> bool:
        """Whether an answer, a write, a job or an import is still to come back."""
        return bool(self._waiting or self._asking.waiting or self._jobs or self._running_imports)

    def ask(self, function: Callable[..., Any], *args: Any, then: Then, failed: Failed | None = None) -> Ticket:
        """Run ``function(reader, *args)`` on the reader thread, then ``then(answer)`` here."""
        return self._asking.ask(function, args, then, failed or self._say)

    def write(
        self, verb: Callable[..., Any], *args: Any, then: Then | None = None, failed: Failed | None = None
    ) -> None:
        """Run ``verb(writer, *args)`` on the writer thread; after its commit emit ``changed``, then ``then(result)``."""
        self._waiting += 1
        future = self._workspace.write(verb, *args)
        future.add_done_callback(lambda done: self._arrived.emit(partial(self._written, done, then, failed)))

    def write_with_reader(
        self, verb: Callable[..., Any], *args: Any, then: Then | None = None, failed: Failed | None = None
    ) -> None:
        """Run ``verb(writer, reader, *args)`` on the writer thread, like ``write``."""
        self.write(self._with_reader, verb, args, then=then, failed=failed)

    def job(
        self,
        function: Callable[..., Any],
        *args: Any,
        message: "Callable[[Message], None]",
        done: "Callable[[Done | Cancelled | Broke], None]",
    ) -> "Job":
        """Run ``function(channel, *args)`` in another process: ``message`` for what it says, ``done`` for its end."""
        # Processes come with it: the window's start need not pay for them.
        from reviewer.jobs.running import Job, Limits

        job = Job(function, *args, limits=Limits(nice=NICE))
        listener = threading.Thread(target=self._listen, args=(job, message, done), name="job", daemon=True)
        self._jobs[job] = listener
        listener.start()
        return job

    def importing(
        self,
        paths: Sequence[Path],
        message: "Callable[[Progress], None]",
        done: "Callable[[Report], None]",
        format: str | None = None,
        said: "Mapping[str, Mapping[str, Use]] | None" = None,
        formats: "Formats | None" = None,
    ) -> "Import":
        """Import files and folders: ``message`` hears of the progress, ``changed`` of each batch, ``done`` the end.

        ``format``, ``formats`` by file, and ``said``, the use of columns by the key of their header, are as
        ``read_ahead`` takes them.
        """

        # Readers of every format come with it: a tenth of a second that the window's start need not pay.
        from reviewer.jobs.messages import Progress
        from reviewer.verbs.importing import read_ahead, start
        from reviewer.workspace.ask.patterns import patterns

        def hear(said: "Progress | Changes | Report") -> None:
            if isinstance(said, Progress):
                self._arrived.emit(partial(message, said))
            elif isinstance(said, Changes):
                self._arrived.emit(partial(self.changed.emit, said))
            else:
                self._arrived.emit(partial(self._imported, said, done))

        self._running_imports += 1
        reading = read_ahead(paths, format, NICE_IMPORT, said, patterns(self.reader), formats)
        running = start(self._workspace, reading, hear)
        self._imports.append(running)
        return running

    def pulling(
        self,
        connection: "Connection",
        key: "Secret | None",
        wanted: "Wanted",
        message: "Callable[[Progress], None]",
        done: "Callable[[PullReport], None]",
    ) -> "Pull":
        """Pull from a service: ``message`` hears of the progress, ``changed`` of each batch, ``done`` the end."""
        from reviewer.jobs.messages import Progress
        from reviewer.verbs.pulling import start

        def hear(said: "Progress | Changes | PullReport") -> None:
            if isinstance(said, Progress):
                self._arrived.emit(partial(message, said))
            elif isinstance(said, Changes):
                self._arrived.emit(partial(self.changed.emit, said))
            else:
                self._arrived.emit(partial(self._came_to_end, said, done))

        self._running_imports += 1
        running = start(self._workspace, connection, key, wanted, hear)
        self._imports.append(running)
        return running

    def _came_to_end(self, report: "PullReport", done: "Callable[[PullReport], None]") -> None:
        self._running_imports -= 1
        done(report)

    def _imported(self, report: "Report", done: "Callable[[Report], None]") -> None:
        self._running_imports -= 1
        done(report)

    def settle(self) -> None:
        """Wait until everything that was to be written has been tried, and deliver the answers: before closing."""
        self._workspace.write(_nothing).result()
        QCoreApplication.sendPostedEvents(self)

    def close(self) -> None:
        """End the jobs and close the bridge's connections; the workspace stays with whoever opened it."""
        for running in self._imports:
            running.cancel()
            running.wait()
        for job in self._jobs:
            job.cancel()
        self._closing.set()
        for listener in self._jobs.values():
            listener.join()
        self._asking.close()
        self._workspace.write(self._close_reader).result()
        self.reader.close()

    def _listen(
        self, job: "Job", message: "Callable[[Message], None]", done: "Callable[[Done | Cancelled | Broke], None]"
    ) -> None:
        room = threading.Semaphore(UNREAD)
        for said in job.messages():
            while not room.acquire(timeout=0.1):
                if self._closing.is_set():
                    break
            if self._closing.is_set():  # a page may have begun a job while the window closed: nobody waits for it
                continue
            self._arrived.emit(partial(self._heard, job, said, message, done, room.release))

    def _heard(
        self,
        job: "Job",
        said: "Message",
        message: "Callable[[Message], None]",
        done: "Callable[[Done | Cancelled | Broke], None]",
        read: Callable[[], None],
    ) -> None:
        from reviewer.jobs.messages import Broke, Cancelled, Done

        read()
        if isinstance(said, Done | Cancelled | Broke):
            self._jobs.pop(job, None)
            done(said)
        else:
            message(said)

    def _with_reader(self, writer: "Writer", verb: Callable[..., Any], args: tuple[Any, ...]) -> Any:
        if self._writing_reader is None:
            self._writing_reader = self._workspace.reader()
        return verb(writer, self._writing_reader, *args)

    def _close_reader(self, _writer: "Writer") -> None:
        if self._writing_reader is not None:
            self._writing_reader.close()

    def _written(self, done: "Future[Any]", then: Then | None, failed: Failed | None) -> None:
        self._waiting -= 1
        why = done.exception()
        if why is not None:
            (failed or self._say)(why)
            return
        result = done.result()
        if isinstance(result, Changes):
            self.changed.emit(result)
        if then is not None:
            then(result)

    def _say(self, why: BaseException) -> None:
        if not isinstance(why, Expected):
            raise why
        self.went_wrong.emit(why)

    def _run_answer(self, answer: Callable[[], None]) -> None:
        # Whoever asked may be gone when the workspace is closed.
        if not self._closing.is_set():
            answer()
