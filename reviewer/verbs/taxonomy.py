"""Change the list of failure modes: every change is a new version."""

from pathlib import Path

from reviewer.errors import BadInput
from reviewer.model import taxonomy as model
from reviewer.model.taxonomy import Taxonomy
from reviewer.verbs.changes import Changes
from reviewer.workspace import taxonomy as stored
from reviewer.workspace.ask.settings import taxonomy
from reviewer.workspace.file import Reader, Writer


def install(writer: Writer, chosen: Taxonomy) -> Changes:
    """Make a taxonomy the current one."""
    stored.install(writer, chosen)
    return Changes(taxonomy=True)


def read_file(path: Path) -> Taxonomy:
    """Return the taxonomy in a TOML file."""
    try:
        return model.parse(path.read_text(encoding="utf-8"), path.name)
    except (OSError, UnicodeDecodeError) as why:
        raise BadInput(f"{path} cannot be read: {why}.") from why


def write_file(reader: Reader, path: Path) -> None:
    """Write the current taxonomy as TOML."""
    try:
        path.write_text(taxonomy(reader).as_toml(), encoding="utf-8")
    except OSError as why:
        raise BadInput(f"{path} cannot be written: {why.strerror}.") from why
