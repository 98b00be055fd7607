"""Make, open, check and back up a workspace.

What opening alone does not need, the readers of every format above all, is imported where it is needed.
"""

import json
from pathlib import Path
from typing import NamedTuple

from reviewer import __version__, resources
from reviewer.errors import BadInput
from reviewer.model import taxonomy as model
from reviewer.model.clock import Clock, system_clock, zone
from reviewer.model.taxonomy import EMPTY, Taxonomy
from reviewer.workspace import backups
from reviewer.workspace.file import Reader, Workspace, Writer, create, device_name, said_plainly, write_meta
from reviewer.workspace.taxonomy import install

BUILT_IN = ("default", "support", "extraction")


def new(path: Path, taxonomy: str = "default", timezone: str = "UTC", clock: Clock = system_clock) -> Workspace:
    """Make a workspace with a taxonomy (a built-in name, a TOML file, or ``none``) and a time zone, and open it."""
    from reviewer.sources.jsontext import printable

    zone(timezone)
    chosen = taxonomy_named(taxonomy)
    name = printable(path.stem)
    create(path, lambda writer: _begin(writer, name, timezone, chosen), clock)
    return Workspace(path, clock)


def _begin(writer: Writer, name: str, timezone: str, taxonomy: Taxonomy) -> None:
    import secrets

    with writer.change() as db:
        write_meta(
            db,
            name=name,
            timezone=timezone,
            device=device_name(),
            made_with=__version__,
            made_us=str(writer.clock()),
            redaction_key=secrets.token_hex(16),
        )
    install(writer, taxonomy)


def taxonomy_named(name: str) -> Taxonomy:
    """Return a built-in taxonomy by its name, the one in a TOML file, or the empty one for ``none``."""
    if name == "none":
        return EMPTY
    if name in BUILT_IN:
        return model.parse(resources.text("taxonomies", f"{name}.toml"), f"{name}.toml")
    path = Path(name)
    try:
        return model.parse(path.read_text(encoding="utf-8"), path.name)
    except (OSError, UnicodeDecodeError) as why:
        known = ", ".join((*BUILT_IN, "none"))
        raise BadInput(f"There is no taxonomy {name!r}: {why}.", f"Use {known}, or the path of a TOML file.") from why


def open_workspace(path: Path, clock: Clock = system_clock) -> Workspace:
    """Open a workspace for reading and writing."""
    return Workspace(path, clock)


def backup(path: Path, out: Path) -> Path:
    """Write a verified copy of a workspace to ``out``; a file that is there already is refused."""
    Reader(path).close()
    if out.exists():
        raise BadInput(f"{out} is there already.", "Choose another name.")
    backups.copy(path, out)
    return out


class CheckResult(NamedTuple):
    """What a check of the whole file found; ``faults`` is empty when all is well."""

    traces: int
    events: int
    codings: int
    faults: tuple[str, ...]


def check(path: Path) -> CheckResult:
    """Check a workspace: the file, the index, every text, and every coding against the fold of its events."""
    from reviewer.workspace.ask.faults import faults, sizes

    reader = Reader(path)
    try:
        with said_plainly(path):
            found = tuple(faults(reader))
            return CheckResult(*sizes(reader), found)
    finally:
        reader.close()


def as_json(result: CheckResult) -> str:
    """Return a check as the command line prints it."""
    return json.dumps(
        {
            "ok": not result.faults,
            "traces": result.traces,
            "events": result.events,
            "codings": result.codings,
            "faults": list(result.faults),
        }
    )
