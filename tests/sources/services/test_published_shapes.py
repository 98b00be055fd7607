"""The servers that tests talk to answer in the published shape: checked by the types of the services' own libraries.

Runs in the environment that ``packaging/real-libraries`` makes.
"""

import json
import os
from typing import Any

import pytest

from tests.sources.services.fake_langfuse import FakeLangfuse, trace_id
from tests.sources.services.fake_langsmith import PROJECT, FakeLangSmith
from tests.sources.services.servers import Asked

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
