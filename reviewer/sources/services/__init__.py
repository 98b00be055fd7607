"""Traces from live services: pages of a listing, then the wanted traces as the records that ``formats`` read.

A service is a module beside this one with the functions of ``Service``; it knows paths and pages and nothing of
traces: what a record means is its format's business. ``SERVICES`` names them.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol

from reviewer.errors import UsageError
from reviewer.model.ids import trace_id
from reviewer.model.label import Label
from reviewer.model.pull import Listed, Wanted
from reviewer.model.trace import Trace
from reviewer.model.week import Segment
from reviewer.sources.formats import langfuse as langfuse_format
from reviewer.sources.formats import langsmith as langsmith_format
from reviewer.sources.formats import mlflow as mlflow_format
from reviewer.sources.formats import otel_spans
from reviewer.sources.formats.gathering import KIND as OTEL
from reviewer.sources.jsontext import dump
from reviewer.sources.reading import Stored
from reviewer.sources.records import Found, Note, Progress
from reviewer.sources.services import langfuse, langsmith, mlflow, phoenix
from reviewer.sources.services.address import parse
from reviewer.sources.services.client import Check, Client, unhindered
from reviewer.sources.services.connections import Connection
from reviewer.sources.services.credentials import Secret
from reviewer.sources.services.pages import Page

Read = Callable[[Stored, Note], Iterator[Found]]


class Service(Protocol):
    """What a module of this folder offers. ``project`` is what the service calls so, or its nearest."""

    @property
    def TITLE(self) -> str:
        """The service's name as people write it."""

    def headers(self, key: str | None) -> dict[str, str]:
        """Return the headers that carry a key."""

    def try_out(self, client: Client, project: str) -> str:
        """Ask for something small of the project; return what the service has to say of its interface, mostly nothing.

        Raises:
            Expected: that is refused, with the reason.
        """

    def page(self, client: Client, project: str, wanted: Wanted, cursor: str | None) -> Page:
        """Return the next page of the listing of a period, the oldest trace first where the service can."""

    def records(self, client: Client, project: str, natives: Sequence[str]) -> Iterator[Any]:
        """Yield the records of some traces, whole, in the shape of the format."""

    def put(self, client: Client, project: str, label: Label, own_id: str, remote_id: str | None) -> str | None:
        """Write a label over the one that we wrote before, if any; return the id that the service gave it."""

    def take_back(self, client: Client, project: str, label: Label, own_id: str, remote_id: str | None) -> None:
        """Remove a label that we wrote before, or say in its place that it was withdrawn."""


@dataclass(frozen=True, slots=True)
class _Entry:
    service: Service
    kind: str
    read: Read
    pace_s: float = 0
    tenant: str = ""


SERVICES: dict[str, _Entry] = {
    "phoenix": _Entry(phoenix, OTEL, otel_spans.read),
    "mlflow": _Entry(mlflow, mlflow_format.KIND, mlflow_format.read),
    "langfuse": _Entry(langfuse, langfuse_format.KIND, langfuse_format.read),
    "langsmith": _Entry(langsmith, langsmith_format.KIND, langsmith_format.read, langsmith.PACE_S, langsmith.TENANT),
}
"""Each service with its functions, the family of its trace ids, the reader of its records, how fast it may be asked, and
the header that names a part of an organization, where it has such parts."""

AT_ONCE = 20
"""Traces that are asked for at once."""


def service(name: str) -> Service:
    """Return a service by its name.

    Raises:
        UsageError: nobody knows it.
    """
    return _entry(name).service


def has_tenants(name: str) -> bool:
    """Return whether a key of a service may be of an organization of several parts, so that the part must be named."""
    return bool(_entry(name).tenant)


def _entry(name: str) -> _Entry:
    if name not in SERVICES:
        raise UsageError(f"There is no service {name!r}.", f"Known: {', '.join(SERVICES)}.")
    return SERVICES[name]


def open_client(connection: Connection, key: Secret | None, check: Check = unhindered) -> Client:
    """Return a client of a connection's server."""
    entry = _entry(connection.service)
    headers = entry.service.headers(key.reveal() if key else None)
    if connection.tenant:
        headers = {**headers, entry.tenant: connection.tenant}
    return Client(parse(connection.address), headers, key, check, pace_s=entry.pace_s)


def listed(
    client: Client, connection: Connection, wanted: Wanted, cursor: str | None, note: Note
) -> Iterator[tuple[list[Listed], str | None]]:
    """Yield the pages of the population, each with the cursor of the next, which is None at the end."""
    entry = SERVICES[connection.service]
    while True:
        page = entry.service.page(client, connection.project, wanted, cursor)
        segments = _segments(entry, page.records, wanted.by, note) if wanted.by else {}
        blank = (None,) * len(wanted.by)
        rows = [Listed(_own_id(entry, connection, n), n, segments.get(n, blank)) for n in dict.fromkeys(page.natives)]
        yield rows, page.cursor
        if page.cursor is None:
            return
        cursor = page.cursor


def found(
    client: Client, connection: Connection, natives: Sequence[str], note: Note, progress: Progress
) -> Iterator[Found]:
    """Yield some traces, whole; ``progress`` is told how many were asked for."""
    entry = SERVICES[connection.service]
    for first in range(0, len(natives), AT_ONCE):
        wanted = natives[first : first + AT_ONCE]
        progress(first, len(natives))
        records = list(entry.service.records(client, connection.project, wanted))
        for one in _read(entry, records, connection.origin, note):
            one.trace.origin = connection.origin
            one.line, one.member = None, f"trace {one.trace.native_id}"
            yield one
    progress(len(natives), len(natives))


def _own_id(entry: _Entry, connection: Connection, native: str) -> str:
    return trace_id(entry.kind, connection.origin, native)


def _segments(
    entry: _Entry, records: Sequence[Any], by: Sequence[Segment], note: Note
) -> dict[str, tuple[str | None, ...]]:
    """Return what the listing tells of each trace, by its native id: told by the same rules as of a whole one."""
    traces = (one.trace for one in _read(entry, records, "the listing", note))
    return {trace.native_id: _values(trace, by) for trace in traces}


def _values(trace: Trace, by: Sequence[Segment]) -> tuple[str | None, ...]:
    return tuple(getattr(trace, segment) for segment in by)


def _read(entry: _Entry, records: Sequence[Any], name: str, note: Note) -> Iterator[Found]:
    if not records:
        return iter(())
    text = "\n".join(dump(record) for record in records).encode()
    return entry.read(Stored(name, partial(_whole, text)), note)


def _whole(text: bytes, progress: Progress) -> Iterator[bytes]:
    yield text
    progress(len(text), len(text))
