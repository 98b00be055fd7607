"""Run a function in another process, with limits, progress and cancel. Knows no verb and no Qt.

The function is spawned, so it must be importable and its arguments picklable; it gets a ``Channel`` first. The pipe
holds a few messages only, so that a job cannot run far ahead of the one who reads it.
"""

import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any

from reviewer import logs
from reviewer.errors import Expected
from reviewer.jobs.limits import limit_memory, widen_pipe
from reviewer.jobs.messages import Broke, Cancelled, Done, Message

GRACE_S = 2.0  # how long a cancelled job may take to end by itself


class Stop(BaseException):
    """Raised inside the job's function when it was cancelled; let it through."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What a job may use. ``memory`` is address space in bytes, where the system can limit it; ``nice`` is its rank."""

    memory: int | None = None
    nice: int = 0


class Channel:
    """The job's side: send messages, and learn of a cancel."""

    def __init__(self, pipe: Connection, cancelled: Any) -> None:
        self._pipe = pipe
        self._cancelled = cancelled

    def send(self, message: Message) -> None:
        """Send a message; raises ``Stop`` when the job was cancelled or nobody listens any more."""
        self.check()
        try:
            self._pipe.send(message)
        except (BrokenPipeError, ConnectionError) as why:
            raise Stop from why

    def check(self) -> None:
        """Raise ``Stop`` when the job was cancelled."""
        if self._cancelled.is_set():
            raise Stop


class Job:
    """A function that runs in another process. Iterate over ``messages`` from one thread; cancel from any."""

    def __init__(self, function: Callable[..., Any], *arguments: Any, limits: Limits | None = None) -> None:
        context = multiprocessing.get_context("spawn")
        self._receive, send = context.Pipe(duplex=False)
        widen_pipe(send.fileno())
        self._cancelled = context.Event()
        self._process = context.Process(
            target=_work, args=(send, self._cancelled, limits or Limits(), function, arguments), daemon=True
        )
        self._process.start()
        self._listens = function is not without_channel
        send.close()

    def cancel(self) -> None:
        """Ask the job to end: it tidies up first. One that does not listen is told by the system, at once or later."""
        self._cancelled.set()
        if not self._listens:
            self._process.terminate()
        timer = threading.Timer(GRACE_S, self._process.kill if not self._listens else self._process.terminate)
        timer.daemon = True
        timer.start()

    def messages(self) -> Iterator[Message]:
        """Yield what the job says; the last message is ``Done``, ``Cancelled`` or ``Broke``."""
        try:
            while True:
                try:
                    message: Message = self._receive.recv()
                except (EOFError, OSError):
                    yield self._last_words()
                    return
                yield message
                if isinstance(message, Done | Cancelled | Broke):
                    return
        finally:
            self._receive.close()
            self._process.join(GRACE_S)
            if self._process.is_alive():
                self._process.terminate()
                self._process.join()

    def _last_words(self) -> Message:
        self._process.join(GRACE_S)
        if self._cancelled.is_set():
            return Cancelled()
        code = self._process.exitcode
        died = f"by {signal.Signals(-code).name}" if code is not None and code < 0 else f"with code {code}"
        return Broke(f"The worker process ended {died}.", "Nothing that was stored is lost; try again.")


def call(function: Callable[..., Any], *arguments: Any) -> Any:
    """Run ``function(*arguments)`` in this kind of process and return its result; raises ``Expected`` when it broke."""
    for message in Job(without_channel, function, *arguments).messages():
        if isinstance(message, Done):
            return message.result
        if isinstance(message, Broke):
            raise Expected(message.sentence, message.next_step)
    raise Expected("The computation was cancelled.")


def without_channel(_: Channel, function: Callable[..., Any], *arguments: Any) -> Any:
    """Run a function that says nothing on its way."""
    return function(*arguments)


def _stop(_number: int, _where: object) -> None:
    raise Stop


def _work(
    pipe: Connection, cancelled: Any, limits: Limits, function: Callable[..., Any], arguments: tuple[Any, ...]
) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C reaches the whole group; the parent decides
    if limits.nice and hasattr(os, "nice"):
        os.nice(limits.nice)
    if limits.memory:
        limit_memory(limits.memory)
    channel = Channel(pipe, cancelled)
    last: Message
    try:
        signal.signal(signal.SIGTERM, _stop)
        last = Done(function(channel, *arguments))
    except Stop:
        last = Cancelled()
    except Expected as why:
        last = Broke(why.sentence, why.next_step)
    except MemoryError:
        last = Broke("The worker process needed more memory than it may use.", "Split the file, or report it.")
    except Exception as why:
        place = logs.write_crash_report(why)
        last = Broke(f"A fault in the program ({type(why).__name__}).", f"Please report it with {place}.")
    signal.signal(signal.SIGTERM, signal.SIG_DFL)  # nothing is left to tidy up: to end now is no fault
    try:
        pipe.send(last)
        pipe.close()
    except OSError:
        sys.exit(1)
