"""The address of a service: checked before anything is sent to it."""

import ipaddress
import socket
from dataclasses import dataclass
from urllib.parse import urlsplit

from reviewer.errors import UsageError

_LOOPBACK_NAMES = frozenset(("localhost", "ip6-localhost"))
_NEXT = "Give it as https://HOST or https://HOST/PATH."


@dataclass(frozen=True, slots=True)
class Address:
    """A base address without its last slash, and what a request must not leave: scheme, host and port."""

    text: str
    scheme: str
    host: str
    port: int

    @property
    def place(self) -> tuple[str, str, int]:
        """Return what two addresses must share for one key to be sent to both."""
        return self.scheme, self.host, self.port

    @property
    def is_loopback(self) -> bool:
        """Return whether the server runs on this machine."""
        return _is_loopback(self.host)


def parse(text: str) -> Address:
    """Return an address that a key may be sent to.

    Raises:
        UsageError: it holds a user or a key, is neither https nor on this machine, or names a machine's own metadata.
    """
    try:
        parts = urlsplit(text.strip())
        host, port = parts.hostname, parts.port
    except ValueError:
        raise UsageError("This is no address of a service.", _NEXT) from None
    if parts.username is not None or parts.password is not None or parts.query or parts.fragment:
        raise UsageError("The address of a service holds no user, key, ? or #.", _NEXT)
    if not host or parts.scheme not in ("http", "https"):
        raise UsageError("This is no address of a service.", _NEXT)
    if parts.scheme == "http" and not _is_loopback(host):
        raise UsageError(f"{host} would get the key unencrypted.", "Use https; http is for this machine alone.")
    _refuse_link_local(host, host)
    netloc = f"[{host}]" if ":" in host else host
    named = f"{netloc}:{port}" if port is not None else netloc
    standard = {"http": 80, "https": 443}[parts.scheme]
    return Address(f"{parts.scheme}://{named}{parts.path.rstrip('/')}", parts.scheme, host, port or standard)


def refuse_link_local(address: Address) -> None:
    """Raise ``UsageError`` if a name stands for an address of the link alone, where clouds answer with their own keys.

    A name that is not known raises nothing here: the request will.
    """
    try:
        found = socket.getaddrinfo(address.host, address.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return
    for *_, where in found:
        _refuse_link_local(str(where[0]).partition("%")[0], address.host)


def _refuse_link_local(number: str, host: str) -> None:
    try:
        ip = ipaddress.ip_address(number)
    except ValueError:
        return
    mapped = getattr(ip, "ipv4_mapped", None) or ip
    if mapped.is_link_local or mapped.is_multicast or mapped.is_unspecified:
        raise UsageError(f"{host} is an address that no service has.", _NEXT)


def _is_loopback(host: str) -> bool:
    if host.lower() in _LOOPBACK_NAMES:
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
