"""Items of a dataset in Langfuse. An item is written over by its id, which counts for the whole project.

Written after the published interface and tried against a server of that shape, never against Langfuse's own.
"""

from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import quote

from reviewer.sources.services.client import Client, Refused
from reviewer.sources.services.pages import rows as rows_of
from reviewer.sources.services.uploads.rows import Held, Place, Row, digest, text_in

LOSES = ("Rows that left are archived there: they stay in the list of items, and no experiment runs on them.",)
AT_ONCE = 1
_DATASETS = "/api/public/v2/datasets"
_ITEMS = "/api/public/dataset-items"
_PAGE = 100
_GONE = 404
_SAID = ("input", "expectedOutput", "metadata", "status")
ARCHIVED = "ARCHIVED"


def find(client: Client, project: str, name: str) -> Place | None:
    """Return a dataset by its name, None where there is none."""
    try:
        answer = client.get(f"{_DATASETS}/{quote(name, safe='')}")
    except Refused as why:
        if why.status == _GONE:
            return None
        raise
    return Place(name, str(answer["id"]))


def make(client: Client, project: str, name: str) -> Place:
    """Make a dataset and return it; one of this name stays as it is."""
    answer = client.ask("POST", _DATASETS, {"name": name})
    return Place(name, str(answer["id"]))


def held(client: Client, place: Place) -> Iterator[Held]:
    """Yield the items of the newest version; one that is archived already is nobody's any more."""
    number = 1
    while True:
        answer = client.get(_ITEMS, datasetName=place.name, page=number, limit=_PAGE)
        for one in rows_of(answer, "data"):
            own = "" if one.get("status") == ARCHIVED else text_in(one, "metadata", "example_id")
            yield Held(key(one), str(one.get("id")), own, digest(said(one)))
        pages = (answer.get("meta") or {}).get("totalPages")
        if not isinstance(pages, int) or number >= pages:
            return
        number += 1


def key(row: Row) -> str:
    """Return what tells items apart: the id that we give them."""
    return str(row["id"])


def example(row: Row) -> str:
    """Return our id of a row."""
    return text_in(row, "metadata", "example_id")


def said(row: Row) -> Any:
    """Return what a row says."""
    return [row.get(name) for name in _SAID]


def write(client: Client, place: Place, rows: Sequence[tuple[Row, bool]]) -> None:
    """Write items over those of the same ids."""
    for row, _ in rows:
        client.ask("POST", _ITEMS, row)


def remove(client: Client, place: Place, gone: Sequence[str]) -> None:
    """Archive items: deleting one would delete what was run on it."""
    for one in gone:
        there = client.get(f"{_ITEMS}/{quote(one, safe='')}")
        kept = {name: there.get(name) for name in (*_SAID, "sourceTraceId", "sourceObservationId") if name in there}
        client.ask("POST", _ITEMS, {"datasetName": place.name, "id": one, **kept, "status": ARCHIVED})
