"""Read the files of ``resources/``, from a checkout or from the wheel."""

from pathlib import Path

PACKAGE = Path(__file__).parent


def root() -> Path:
    """Return the folder of the resources: ``_resources`` inside the wheel, ``../resources`` in a checkout."""
    shipped = PACKAGE / "_resources"
    return shipped if shipped.is_dir() else PACKAGE.parent / "resources"


def path(*parts: str) -> Path:
    """Return the path of one resource."""
    return root().joinpath(*parts)


def text(*parts: str) -> str:
    """Return one resource as text."""
    return path(*parts).read_text(encoding="utf-8")
