"""Connections: where a service is and which project is meant, kept for this user alone and without any key."""

import json
import os
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path

import platformdirs

from reviewer.errors import BadInput, UsageError
from reviewer.sources.services.address import parse


@dataclass(frozen=True, slots=True)
class Connection:
    """A named way to one project of a service. ``address`` is as ``address.parse`` gives it.

    ``tenant`` is the part of an organization that a key is used in, where a key is of the whole organization.
    """

    name: str
    service: str
    address: str
    project: str
    tenant: str = ""

    @property
    def origin(self) -> str:
        """Return what a trace's stable id depends on beside its native id."""
        return "/".join(filter(None, (self.address, self.tenant, self.project)))


def place() -> Path:
    """Return the file of connections."""
    return Path(platformdirs.user_config_dir("transcript-reviewer")) / "connections.json"


def load() -> dict[str, Connection]:
    """Return the connections by name; none where there is no file.

    Raises:
        BadInput: the file was changed to something that is none of ours.
    """
    try:
        rows = json.loads(place().read_text(encoding="utf-8"))
        found = [Connection(**{**row, "address": parse(row["address"]).text}) for row in rows]
        if not all(isinstance(value, str) for one in found for value in asdict(one).values()):
            raise TypeError
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as why:
        raise BadInput(f"{place()} cannot be read.", "Mend it, or delete it and add the connections again.") from why
    return {one.name: one for one in found}


def named(name: str) -> Connection:
    """Return a connection.

    Raises:
        UsageError: there is none of this name.
    """
    known = load()
    if name not in known:
        there = f"There is: {', '.join(sorted(known))}." if known else "Add one with: reviewer connection add."
        raise UsageError(f"There is no connection {name!r}.", there)
    return known[name]


def save(connections: dict[str, Connection]) -> None:
    """Write the connections, whole or not at all, readable by their owner alone."""
    path = place()
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, part = tempfile.mkstemp(dir=path.parent, prefix=".connections-")
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump([asdict(one) for _, one in sorted(connections.items())], file, ensure_ascii=False, indent=1)
        Path(part).replace(path)
    except OSError as why:
        raise BadInput(f"{path} cannot be written: {why.strerror}.", "Check the folder and its permissions.") from why
