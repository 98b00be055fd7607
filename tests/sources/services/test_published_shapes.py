"""The servers that tests talk to answer in the published shape: checked by the types of the services' own libraries.

Runs in the environment that ``packaging/real-libraries`` makes.
"""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from reviewer.exports.sets.choosing import Choice
from reviewer.sources import services
from reviewer.sources.services.connections import Connection
from reviewer.sources.services.credentials import secret
from reviewer.verbs import datasets, exporting, uploading
from tests.builders import a_trace, a_workspace, put
from tests.desktop.opened import reviewed
from tests.sources.services.fake_datasets import FakeDatasets, LangfuseDatasets, LangSmithDatasets
from tests.sources.services.fake_langfuse import FakeLangfuse, trace_id
from tests.sources.services.fake_langsmith import PROJECT, FakeLangSmith
from tests.sources.services.servers import Asked, Served, serve

pytestmark = pytest.mark.skipif(
    not os.environ.get("REVIEWER_REAL_LIBRARIES"), reason="packaging/real-libraries runs these"
)
KEYS = {"authorization": "Basic x", "x-api-key": "x"}


def answer(fake: Any, method: str, path: str, body: Any = None, **query: str) -> Any:
    status, told, *_ = fake(Asked(method, path, query, KEYS, body, list(query.items())))
    assert status == 200, told
    return told


def test_observations_and_scores_of_langfuse() -> None:
    from langfuse.api.core.pydantic_utilities import parse_obj_as
    from langfuse.api.observations.types import ObservationsV2Response
    from langfuse.api.scores.types import CreateScoreRequest, GetScoresV3Response

    fake = FakeLangfuse()
    told = answer(fake, "GET", "/api/public/v2/observations", limit="10", fields="core,basic,trace_context")
    assert len(parse_obj_as(ObservationsV2Response, told).data) == 4
    stamp = "2026-11-24T09:00:00.000Z"
    more = {"projectId": "p", "timestamp": stamp, "environment": "default", "createdAt": stamp, "updatedAt": stamp}
    for own_id, value, kind in (("a", 1, "BOOLEAN"), ("b", 2.0, "NUMERIC"), ("c", "fail", "CATEGORICAL")):
        body = {"id": own_id, "traceId": trace_id(1), "name": "x", "value": value, "dataType": kind}
        parse_obj_as(CreateScoreRequest, body)
        answer(fake, "POST", "/api/public/scores", {**body, **more})
    told = answer(fake, "GET", "/api/public/v3/scores", traceId=trace_id(1))
    assert len(parse_obj_as(GetScoresV3Response, told).data) == 3


def test_runs_of_langsmith() -> None:
    from langsmith.types import Run

    body = {"project_ids": [PROJECT], "min_start_time": "2000-01-01", "selects": ["ID", "NAME", "RUN_TYPE", "TRACE_ID"]}
    told = answer(FakeLangSmith(), "POST", "/api/v2/runs/query", json.loads(json.dumps(body)))
    assert told.keys() == {"items", "next_cursor"}
    assert all(Run.model_validate(one).id for one in told["items"])


@contextmanager
def uploaded(service: str, fake: FakeDatasets, folder: Path) -> Iterator[tuple[Served, list[dict[str, Any]]]]:
    """Give a server that a set was uploaded to, and the rows of the set as its file has them."""
    with serve(fake) as server, a_workspace(folder) as workspace:  # type: ignore[arg-type]
        put(workspace, [a_trace(n, question=f"Order {n}? \u2028 {{{{ x }}}} 😀 007") for n in range(8)])
        reviewed(workspace, size=8, modes=("looping",))
        reader = workspace.reader()
        planned = datasets.plan(reader, Choice())
        workspace.write(datasets.keep, planned).result()
        connection, key = Connection("shop", service, server.url, "shop"), secret("pk-lf-1:sk-lf-1")
        todo = uploading.plan(reader, connection, key, planned)
        assert uploading.carry_out(workspace, connection, key, planned, todo).sent["new"] == 8
        rows = exporting.preview(reader, service, Choice(), 8, planned=planned)[0]
        reader.close()
        yield server, rows


def test_an_uploaded_set_is_read_by_langfuses_own_client(tmp_path: Path) -> None:
    from langfuse.api.client import LangfuseAPI
    from langfuse.api.core.pydantic_utilities import parse_obj_as
    from langfuse.api.dataset_items.types import CreateDatasetItemRequest
    from langfuse.api.datasets.types import CreateDatasetRequest

    with uploaded("langfuse", LangfuseDatasets(), tmp_path) as (server, rows):
        for asked in server.asked:
            if asked.method == "POST":
                shape = CreateDatasetRequest if asked.path.endswith("/datasets") else CreateDatasetItemRequest
                parse_obj_as(shape, asked.body)
        with httpx.Client() as http:
            client = LangfuseAPI(base_url=server.url, username="pk-lf-1", password="sk-lf-1", httpx_client=http)
            assert client.datasets.get("test").name == "test"
            pages = [client.dataset_items.list(dataset_name="test", page=number) for number in (1, 2)]
        there = {one.id: one for page in pages for one in page.data}
    assert there.keys() == {row["id"] for row in rows}
    for row in rows:
        one = there[row["id"]]
        assert [one.input, one.expected_output, one.metadata, one.status.value] == [
            row[part] for part in ("input", "expectedOutput", "metadata", "status")
        ]


def test_an_uploaded_set_is_read_by_langsmiths_own_client(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from langsmith import Client
    from langsmith.schemas import ExampleCreate, ExampleUpdate

    monkeypatch.setitem(services.SERVICES, "langsmith", replace(services.SERVICES["langsmith"], pace_s=0))
    with uploaded("langsmith", LangSmithDatasets(), tmp_path) as (server, rows):
        for asked in server.asked:
            for body in asked.body if asked.path.endswith("/bulk") else ():
                ExampleCreate.model_validate(
                    {**{k: v for k, v in body.items() if k != "outputs"}, "reference_outputs": body["outputs"]}
                )
                # What is written over has the same body.
                assert ExampleUpdate.model_validate(body).model_fields_set == body.keys()
        client = Client(api_url=f"{server.url}/api/v1", api_key="x", auto_batch_tracing=False)
        there = {str(one.id): one for one in client.list_examples(dataset_name="test")}
        client.session.close()
    assert there.keys() == {row["id"] for row in rows}
    for row in rows:
        one = there[row["id"]]
        told = dict(one.metadata or {})
        assert told.pop("dataset_split") == [row["split"]]
        assert [one.inputs, one.outputs, told] == [row["inputs"], row["outputs"], row["metadata"]]
