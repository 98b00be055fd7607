"""Examples of a dataset in Phoenix. Every change makes a version there; datasets belong to no project.

Checked against the server of arize-phoenix 20.26.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from reviewer.sources.services.client import Client
from reviewer.sources.services.pages import rows as rows_of
from reviewer.sources.services.uploads.rows import Held, Place, Row, digest, text_in

LOSES = ("Rows that left are gone from the newest version there; the versions before keep them.",)
AT_ONCE = 1000
_SAID = ("input", "output", "metadata")


def find(client: Client, project: str, name: str) -> Place | None:
    """Return a dataset by its name, None where there is none."""
    found = rows_of(client.get("/v1/datasets", name=name, limit=10), "data")
    return next((Place(name, str(one["id"])) for one in found if one.get("name") == name), None)


def make(client: Client, project: str, name: str) -> Place:
    """Return where a dataset will be: the first rows make it."""
    return Place(name)


def held(client: Client, place: Place) -> Iterator[Held]:
    """Yield the examples of the newest version."""
    for one in _examples(client, place):
        own = str(one.get("id"))
        yield Held(own, str(one.get("node_id")), text_in(one, "metadata", "example_id"), digest(said(one)))


def key(row: Row) -> str:
    """Return what tells examples apart: the id that we give them."""
    return str(row["id"])


def example(row: Row) -> str:
    """Return our id of a row."""
    return str(row["id"])


def said(row: Row) -> Any:
    """Return what a row says. The split stands in its metadata too; a link to a span is made once and never again."""
    return {name: row.get(name) or {} for name in _SAID}


def write(client: Client, place: Place, rows: Sequence[tuple[Row, bool]]) -> None:
    """Write rows over those of the same ids, and leave all others as they are."""
    told = [row for row, _ in rows]
    body = {
        "action": "append",
        "name": place.name,
        **{f"{part}s" if part != "metadata" else part: [row[part] for row in told] for part in _SAID},
        "splits": [row["splits"] for row in told],
        "span_ids": [row.get("span_id") for row in told],
        "example_ids": [row["id"] for row in told],
    }
    client.ask("POST", "/v1/datasets/upload", body, {"sync": "true"})


def remove(client: Client, place: Place, gone: Sequence[str]) -> None:
    """Leave rows out of a new version: the service has no other way than to be told all that stay."""
    stay = [one for one in _examples(client, place) if str(one.get("node_id")) not in gone]
    body = {
        "action": "update",
        "name": place.name,
        **{f"{part}s" if part != "metadata" else part: [one.get(part) or {} for one in stay] for part in _SAID},
        "example_ids": [one["node_id"] for one in stay],
    }
    client.ask("POST", "/v1/datasets/upload", body, {"sync": "true"})


def _examples(client: Client, place: Place) -> list[dict[str, Any]]:
    answer = client.get(f"/v1/datasets/{place.id}/examples")
    return rows_of(answer.get("data") if isinstance(answer, dict) else None, "examples")
