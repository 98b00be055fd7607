"""Examples of a dataset in LangSmith. Every change makes a version there.

Written after the published interface and tried against a server of that shape, never against LangSmith's own.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from reviewer.sources.services.client import Client, Refused
from reviewer.sources.services.pages import rows as rows_of
from reviewer.sources.services.uploads.rows import Held, Place, Row, digest, text_in

LOSES = ("Rows that left are gone from the newest version there; the versions before keep them.",)
AT_ONCE = 50
_DATASETS = "/api/v1/datasets"
_EXAMPLES = "/api/v1/examples"
_PAGE = 100
_THERE = 409
_SPLIT = "dataset_split"
"""Where the service keeps the split of an example, in its metadata."""


def find(client: Client, project: str, name: str) -> Place | None:
    """Return a dataset by its name, None where there is none."""
    found = rows_of({"datasets": client.get(_DATASETS, name=name, limit=1)}, "datasets")
    return next((Place(name, str(one["id"])) for one in found if one.get("name") == name), None)


def make(client: Client, project: str, name: str) -> Place:
    """Make a dataset and return it."""
    answer = client.ask("POST", _DATASETS, {"name": name, "data_type": "kv"}, again=False)
    return Place(name, str(answer["id"]))


def held(client: Client, place: Place) -> Iterator[Held]:
    """Yield the examples of the newest version."""
    offset = 0
    while True:
        found = rows_of({"examples": client.get(_EXAMPLES, dataset=place.id, limit=_PAGE, offset=offset)}, "examples")
        for one in found:
            yield Held(key(one), key(one), text_in(one, "metadata", "example_id"), digest(said(one)))
        if len(found) < _PAGE:
            return
        offset += len(found)


def key(row: Row) -> str:
    """Return what tells examples apart: the id that we give them."""
    return str(row["id"])


def example(row: Row) -> str:
    """Return our id of a row."""
    return text_in(row, "metadata", "example_id")


def said(row: Row) -> Any:
    """Return what a row says. The split stands in its metadata too, under a name of ours."""
    metadata = {name: value for name, value in (row.get("metadata") or {}).items() if name != _SPLIT}
    return [row.get("inputs"), row.get("outputs"), metadata]


def write(client: Client, place: Place, rows: Sequence[tuple[Row, bool]]) -> None:
    """Add rows that are new, and write those over that are there."""
    new = [row for row, is_there in rows if not is_there]
    old = [row for row, is_there in rows if is_there]
    if new:
        try:
            client.ask("POST", f"{_EXAMPLES}/bulk", _bodies(place, new))
        except Refused as why:
            # Some of them are there: the answer to an earlier try was lost, or they were removed before.
            if why.status != _THERE:
                raise
            old += new
    if old:
        client.ask("PATCH", f"{_EXAMPLES}/bulk", _bodies(place, old))


def remove(client: Client, place: Place, gone: Sequence[str]) -> None:
    """Remove rows from the newest version."""
    client.ask("DELETE", _EXAMPLES, query={"example_ids": list(gone)})


def _bodies(place: Place, rows: Sequence[Row]) -> list[Row]:
    return [{**row, "dataset_id": place.id} for row in rows]
