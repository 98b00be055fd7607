"""Keys of services: in the system's key store, in an environment variable, or kept until the program ends.

A key is never written to a file of ours, never an argument of a command, and never part of a message. Only key stores
that encrypt are used: others keep a key as plain text, or say that they kept it and did not.
"""

import os
import re
import secrets
from typing import TYPE_CHECKING, Final

from reviewer.errors import UsageError

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

STORE_NAME: Final = "transcript-reviewer"
ALLOWED: Final = frozenset(
    f"keyring.backends.{name}" for name in ("macOS", "Windows", "SecretService", "kwallet", "libsecret")
)
"""Modules of the key stores that are used; of a chain of stores, the first of these."""

_LONGEST = 2048  # the Windows store takes some 2,500 bytes a key
_held: dict[str, "Secret"] = {}


class Secret:
    """A key that does not show itself; ``reveal`` is called where a header is made, and nowhere else."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """Return the key itself."""
        return self._text

    def hide_in(self, text: str) -> str:
        """Return a text without the key or a half of a pair of keys."""
        for part in sorted({self._text, *self._text.split(":")}, key=len, reverse=True):
            if len(part) > 3:
                text = text.replace(part, "…")
        return text

    def __repr__(self) -> str:
        return "Secret(…)"


def secret(text: str) -> Secret:
    """Return a key as somebody typed or piped it, without the line's end.

    Raises:
        UsageError: it cannot stand in a header. The key is not quoted.
    """
    text = text.strip()
    if not text or len(text) > _LONGEST or not text.isascii() or not all("!" <= sign <= "~" for sign in text):
        raise UsageError("This is no key: it is empty, too long, or holds spaces or signs that no key has.")
    return Secret(text)


def variable(name: str) -> str:
    """Return the environment variable in which the key of a connection may stand."""
    return f"REVIEWER_KEY_{re.sub(r'[^A-Z0-9]+', '_', name.upper())}"


def find(name: str, address: str) -> Secret | None:
    """Return the key of a connection: from its environment variable, from this session, or from the key store.

    The store knows a key by the connection's name and address together: another address never gets it.
    """
    if given := os.environ.get(variable(name)):
        return secret(given)
    entry = _entry(name, address)
    if entry in _held:
        return _held[entry]
    store = key_store()
    kept = _quietly_get(store, entry) if store is not None else None
    return Secret(kept) if kept else None


def keep(name: str, address: str, key: Secret) -> bool:
    """Keep a key, in the system's key store where there is one, else until the program ends; return which."""
    entry = _entry(name, address)
    store = key_store()
    if store is not None and _keeps_what_it_is_given(store):
        try:
            store.set_password(STORE_NAME, entry, key.reveal())
            return True
        except Exception:  # noqa: S110 - each store has its own errors, which may quote what they were given
            pass
    _held[entry] = key
    return False


def forget(name: str, address: str) -> None:
    """Forget a key here and in the key store."""
    entry = _entry(name, address)
    _held.pop(entry, None)
    store = key_store()
    if store is not None and _quietly_get(store, entry) is not None:
        try:
            store.delete_password(STORE_NAME, entry)
        except Exception:
            raise UsageError(
                "The key could not be taken out of the system's key store.", "Remove it there by hand."
            ) from None


def key_store() -> "KeyringBackend | None":
    """Return the system's key store if it is one that encrypts, else None."""
    import keyring

    found = keyring.get_keyring()
    held = getattr(found, "backends", None)
    for one in held if type(found).__module__ == "keyring.backends.chainer" and held is not None else [found]:
        if type(one).__module__ in ALLOWED:
            return one
    return None


def _entry(name: str, address: str) -> str:
    return f"{name} at {address}"


def _keeps_what_it_is_given(store: "KeyringBackend") -> bool:
    """Write, read and delete a text of chance: a store may be there and locked, or drop what it is given."""
    entry, text = f"check {secrets.token_hex(8)}", secrets.token_hex(8)
    try:
        store.set_password(STORE_NAME, entry, text)
        kept = store.get_password(STORE_NAME, entry)
        store.delete_password(STORE_NAME, entry)
    except Exception:
        return False
    return kept == text


def _quietly_get(store: "KeyringBackend", entry: str) -> str | None:
    try:
        return store.get_password(STORE_NAME, entry)
    except Exception:
        return None
