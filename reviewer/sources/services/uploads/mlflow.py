"""Records of an evaluation dataset in MLflow, which belongs to the experiment of the connection.

The server tells records apart by their inputs, and merges what it is told of one into what it has. Checked against the
server of mlflow 3.17.
"""

import json
from collections.abc import Iterator, Sequence
from typing import Any

from reviewer.sources.jsontext import NotJson, parse_fast
from reviewer.sources.services.client import Client
from reviewer.sources.services.mlflow import experiment
from reviewer.sources.services.pages import cursor_in
from reviewer.sources.services.pages import rows as rows_of
from reviewer.sources.services.uploads.rows import Held, Place, Row, digest, text_in

LOSES = (
    "Rows that left are deleted there: the service keeps no earlier versions.",
    "A row with the inputs of a record that somebody else made is merged into it.",
)
AT_ONCE = 100
_DATASETS = "/api/3.0/mlflow/datasets"
_PAGE = 200
_TAGS = ("example_id", "split", "trace_id", "prompt_version", "model")


def find(client: Client, project: str, name: str) -> Place | None:
    """Return a dataset of the experiment by its name, None where there is none; of several the one made first."""
    told: dict[str, Any] = {"experiment_ids": [experiment(client, project)], "order_by": ["created_time ASC"]}
    while True:
        answer = client.ask("POST", f"{_DATASETS}/search", told) or {}
        for one in rows_of({"datasets": [], **answer}, "datasets"):
            if one.get("name") == name:
                return Place(name, str(one["dataset_id"]))
        told["page_token"] = cursor_in(answer, "next_page_token")
        if told["page_token"] is None:
            return None


def make(client: Client, project: str, name: str) -> Place:
    """Make a dataset and return it."""
    body = {"name": name, "experiment_ids": [experiment(client, project)]}
    # Asked twice there would be two of one name.
    answer = client.ask("POST", f"{_DATASETS}/create", body, again=False)
    return Place(name, str(answer["dataset"]["dataset_id"]))


def held(client: Client, place: Place) -> Iterator[Held]:
    """Yield the records that are there."""
    cursor = None
    while True:
        answer = client.get(f"{_DATASETS}/{place.id}/records", max_results=_PAGE, page_token=cursor)
        for one in _records(answer):
            own = text_in(one, "tags", "example_id")
            yield Held(key(one), str(one.get("dataset_record_id")), own, digest(said(one)))
        cursor = cursor_in(answer, "next_page_token")
        if cursor is None:
            return


def key(row: Row) -> str:
    """Return what tells records apart: their inputs."""
    return digest(row.get("inputs"))


def example(row: Row) -> str:
    """Return our id of a row."""
    return text_in(row, "tags", "example_id")


def said(row: Row) -> Any:
    """Return what a row says, without the tags of others. Where it came from is told once and never again."""
    tags = row.get("tags") or {}
    return [row.get("outputs"), row.get("expectations"), [tags.get(name) for name in _TAGS]]


def write(client: Client, place: Place, rows: Sequence[tuple[Row, bool]]) -> None:
    """Write rows over those with the same inputs."""
    told = json.dumps([row for row, _ in rows])
    client.ask("POST", f"{_DATASETS}/{place.id}/records", {"records": told})


def remove(client: Client, place: Place, gone: Sequence[str]) -> None:
    """Delete rows."""
    client.ask("DELETE", f"{_DATASETS}/{place.id}/records", {"dataset_record_ids": list(gone)})


def _records(answer: Any) -> list[dict[str, Any]]:
    text = answer.get("records") if isinstance(answer, dict) else None
    try:
        return rows_of({"records": parse_fast((text or "[]").encode())}, "records")
    except (NotJson, AttributeError):
        return rows_of(None, "records")
