"""One writer a workspace: a lock file beside it that says who holds it. What differs by system lives here."""

import json
import os
import time
from pathlib import Path

from reviewer.errors import WorkspaceBusy, WorkspaceError

PATIENCE = 0.7  # seconds; another command may be about to finish, and a second window must answer within a second

try:
    import fcntl
except ImportError:  # Windows has no flock: SQLite's own locks still keep a second writer out, with a plainer sentence
    fcntl = None  # type: ignore[assignment]


class Lock:
    """A held lock; the system lets go of it when the process dies."""

    def __init__(self, descriptor: int) -> None:
        self.descriptor = descriptor

    def release(self) -> None:
        """Let go. Doing it twice does no harm."""
        if self.descriptor >= 0:
            os.close(self.descriptor)
            self.descriptor = -1


def hold(path: Path) -> Lock:
    """Return the lock of a workspace, or raise ``WorkspaceBusy`` with the name of the holder."""
    place = path.with_name(path.name + ".lock")
    try:
        descriptor = os.open(place, os.O_CREAT | os.O_RDWR, 0o600)
    except OSError as why:
        raise WorkspaceError(
            f"{path.name} cannot be written: {why.strerror}.", "It can still be read; check the folder's permissions."
        ) from why
    deadline = time.monotonic() + PATIENCE
    while fcntl is not None:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            break
        except OSError as why:
            if time.monotonic() < deadline:
                time.sleep(0.02)
                continue
            holder = _holder(descriptor)
            os.close(descriptor)
            raise WorkspaceBusy(
                f"{path.name} is open in another program{holder}.", "Close it there, then try again."
            ) from why
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, json.dumps({"pid": os.getpid(), "host": host_name()}).encode(), 0)
    return Lock(descriptor)


def _holder(descriptor: int) -> str:
    try:
        said = json.loads(os.pread(descriptor, 1000, 0))
        return f" (process {said['pid']} on {said['host']})"
    except (OSError, ValueError, KeyError, TypeError):
        return ""


def host_name() -> str:
    """Return the name of this machine."""
    if hasattr(os, "uname"):
        return os.uname().nodename
    import socket

    return socket.gethostname()
