"""Identities: what is keyed by what, and how our own ids are made."""

import os
from typing import NewType

TraceId = NewType("TraceId", str)
"""Our own id of a trace: 20 hex digits that depend on the format's family, the origin and the native id alone."""

WeekName = NewType("WeekName", str)
ModeId = NewType("ModeId", str)
EventId = NewType("EventId", str)
"""Random; the order of events is their sequence a device, never the clock."""


def trace_id(kind: str, origin: str, native_id: str) -> TraceId:
    """Return the stable id of a trace: the same trace in another file, or read again, gets the same id.

    ``kind`` is the family of formats that share native ids, ``origin`` the service and project, or ``file``.
    """
    import hashlib  # and with it a library of ciphers, for which the start of the window does not wait

    text = "\x1f".join((kind, origin, native_id))
    return TraceId(hashlib.sha1(text.encode("utf-8", "surrogatepass"), usedforsecurity=False).hexdigest()[:20])


def new_event_ids(n: int) -> list[EventId]:
    """Return fresh random ids for coding events and the press that they belong to, of 20 hex digits."""
    text = os.urandom(10 * n).hex()  # asked for once: a press waits for it
    return [EventId(text[i : i + 20]) for i in range(0, 20 * n, 20)]
