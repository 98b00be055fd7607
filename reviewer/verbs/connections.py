"""Add connections to services, try them, list and remove them. Keys go to the system's key store and nowhere else."""

from dataclasses import dataclass
from typing import Any

from reviewer.errors import UsageError
from reviewer.sources import services
from reviewer.sources.services import connections, credentials
from reviewer.sources.services.address import parse
from reviewer.sources.services.connections import Connection
from reviewer.sources.services.credentials import Secret


@dataclass(frozen=True, slots=True)
class Added:
    """A connection that was added. ``kept`` says whether its key is in the key store; None where it has none."""

    connection: Connection
    kept: bool | None


def made(name: str, service: str, address: str, project: str, tenant: str = "") -> Connection:
    """Return a connection that is not kept yet.

    Raises:
        UsageError: a name or project that cannot be meant, an unknown service, or an address that gets no key.
    """
    services.service(service)
    tenant = tenant.strip()
    if tenant and not services.has_tenants(service):
        raise UsageError(f"{services.service(service).TITLE} needs no tenant.", "Leave it out.")
    if not tenant.isascii() or not all("!" <= sign <= "~" for sign in tenant):
        raise UsageError("This is no id of a tenant.", "Copy it from the settings of the service.")
    if not name.strip() or not name.isprintable():
        raise UsageError("A connection needs a name.", "Use letters and digits, such as shop.")
    if not project.strip():
        raise UsageError("A connection needs the name of a project.", "Give it with --project.")
    return Connection(name.strip(), service, parse(address).text, project.strip(), tenant)


def add(connection: Connection, key: str | None) -> Added:
    """Keep a connection, and its key if it has one, in place of another of the same name.

    Raises:
        UsageError: a key that cannot stand in a header.
    """
    kept = None
    if key is not None:
        kept = credentials.keep(connection.name, connection.address, credentials.secret(key))
    connections.save({**connections.load(), connection.name: connection})
    return Added(connection, kept)


def listed() -> list[Connection]:
    """Return the connections by name."""
    return [one for _, one in sorted(connections.load().items())]


def named(name: str) -> tuple[Connection, Secret | None]:
    """Return a connection and its key.

    Raises:
        UsageError: there is no such connection.
    """
    connection = connections.named(name)
    return connection, credentials.find(connection.name, connection.address)


def try_out(connection: Connection, key: Secret | None) -> str:
    """Return a sentence that says that the service answers; raises ``Expected`` with the reason where it does not."""
    service = services.service(connection.service)
    with services.open_client(connection, key) as client:
        remark = service.try_out(client, connection.project)
    return f"{service.TITLE} at {connection.address} answers, and {connection.project} can be read. {remark}".rstrip()


def try_out_of(channel: Any, connection: Connection, key: Secret | None) -> str:
    """Try a connection in a worker process."""
    return try_out(connection, key)


def remove(name: str) -> None:
    """Forget a connection and its key; what was pulled stays."""
    connection = connections.named(name)
    credentials.forget(connection.name, connection.address)
    connections.save({other: one for other, one in connections.load().items() if other != name})
