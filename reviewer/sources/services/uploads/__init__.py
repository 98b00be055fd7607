"""Datasets of services: where an exported set goes without a file in between.

A service that takes datasets is a module beside this one with the functions of ``Uploads``; ``UPLOADS`` names them. What
a row looks like is the export target's business: the rows are those of its file.
"""

from collections.abc import Iterator, Sequence
from typing import Any, Protocol

from reviewer.errors import UsageError
from reviewer.sources.services.client import Client
from reviewer.sources.services.uploads import langfuse, langsmith, mlflow, phoenix
from reviewer.sources.services.uploads.rows import Held, Place, Row


class Uploads(Protocol):
    """What a module of this folder offers. All but ``key``, ``example`` and ``said`` raise ``Refused``."""

    @property
    def LOSES(self) -> tuple[str, ...]:
        """What the service cannot hold of a dataset that changes, in sentences."""

    @property
    def AT_ONCE(self) -> int:
        """How many rows are written by one call, at most."""

    def find(self, client: Client, project: str, name: str) -> Place | None:
        """Return a dataset by its name, None where there is none."""

    def make(self, client: Client, project: str, name: str) -> Place:
        """Make a dataset that is not there and return it."""

    def held(self, client: Client, place: Place) -> Iterator[Held]:
        """Yield the rows that stand there, by whomever."""

    def key(self, row: Row) -> str:
        """Return what the service tells rows apart by."""

    def example(self, row: Row) -> str:
        """Return our id of a row."""

    def said(self, row: Row) -> Any:
        """Return the part of a row that is compared, the same of a row to write and of one read back."""

    def write(self, client: Client, place: Place, rows: Sequence[tuple[Row, bool]]) -> None:
        """Write rows; of each it is said whether one stands there under its key."""

    def remove(self, client: Client, place: Place, gone: Sequence[str]) -> None:
        """Take rows out of the dataset by their remote ids, as far as the service knows that."""


UPLOADS: dict[str, Uploads] = {"phoenix": phoenix, "mlflow": mlflow, "langfuse": langfuse, "langsmith": langsmith}
"""The services that take datasets, by the name that the service and its export target share."""


def uploads(service: str) -> Uploads:
    """Return what writes datasets into a service.

    Raises:
        UsageError: it takes none.
    """
    if service not in UPLOADS:
        raise UsageError(f"{service} takes no datasets.", f"These do: {', '.join(UPLOADS)}.")
    return UPLOADS[service]
