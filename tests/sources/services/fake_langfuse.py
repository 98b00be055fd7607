"""A server of the shape of Langfuse's published interface: observations and scores, or the traces of version 3."""

import json
from dataclasses import dataclass, field
from typing import Any

from tests.sources.services.servers import Answer, Asked

BEGIN = "2026-11-24T09:{:02d}:00.000Z"
PAGE = 4
FIELDS = {"core", "basic", "time", "io", "metadata", "model", "usage", "prompt", "metrics", "trace_context"}


def trace_id(n: int) -> str:
    """Return the id of the n-th trace."""
    return f"{n + 1:032x}"


def observation(n: int, child: bool) -> dict[str, Any]:
    """Return an observation of the n-th trace: its root, or the generation below it."""
    asked, told = {"role": "user", "content": f"question {n}"}, {"role": "assistant", "content": f"answer {n}"}
    return {
        "id": f"{2 * n + child:016x}",
        "traceId": trace_id(n),
        "startTime": BEGIN.format(n),
        "endTime": BEGIN.format(n),
        "projectId": "p1",
        "parentObservationId": f"{2 * n:016x}" if child else None,
        "isRootObservation": not child,
        "type": "GENERATION" if child else "SPAN",
        "name": "llm" if child else "shop",
        "level": "DEFAULT",
        "environment": "production" if n % 3 else "staging",
        "input": json.dumps([asked]),
        "output": json.dumps(told),
        "model": "model-a" if child else None,
        "usageDetails": {"input": 4, "output": 2, "total": 6} if child else {},
        "traceName": "billing" if n % 2 else "returns",
        "sessionId": f"s{n}",
        "tags": [],
    }


@dataclass
class FakeLangfuse:
    """Holds ``size`` traces; ``old`` answers as version 3 does."""

    size: int = 10
    old: bool = False
    scores: dict[str, dict[str, Any]] = field(default_factory=dict)

    def __call__(self, asked: Asked) -> Answer:
        if not asked.headers.get("authorization", "").startswith("Basic "):
            return 401, {"message": "no key"}
        path = asked.path.removeprefix("/api/public/")
        if asked.method == "POST" and path == "scores":
            self.scores[asked.body["id"]] = asked.body
            return 200, {"id": asked.body["id"]}
        if asked.method == "DELETE":
            return (202, {}) if self.scores.pop(path.removeprefix("scores/"), None) else (404, {"message": "gone"})
        if self.old:
            return self._old(asked, path)
        if path == "v2/observations":
            return self._observations(asked)
        if path == "v3/scores":
            wanted = asked.query["traceId"].split(",")
            return 200, {
                "data": [_v3(one) for one in self.scores.values() if one["traceId"] in wanted],
                "meta": {"limit": 100},
            }
        return 404, {"message": "no such page"}

    def _observations(self, asked: Asked) -> Answer:
        assert set(asked.query.get("fields", "core").split(",")) <= FIELDS
        every = [observation(n, child) for n in reversed(range(self.size)) for child in (True, False)]
        if trace := asked.query.get("traceId"):
            every = [one for one in every if one["traceId"] == trace]
        for told in json.loads(asked.query.get("filter", "[]")):
            assert {"type", "column", "operator", "value"} <= told.keys()
            if told["column"] == "isRootObservation":
                every = [one for one in every if one["isRootObservation"] is told["value"]]
        first = int(asked.query.get("cursor", 0))
        last = first + min(PAGE, int(asked.query["limit"]))
        meta = {"cursor": str(last)} if last < len(every) else {}
        return 200, {"data": every[first:last], "meta": meta}

    def _old(self, asked: Asked, path: str) -> Answer:
        if path.startswith("traces/"):
            n = int(path.removeprefix("traces/"), 16) - 1
            own = [_v2(one) for one in self.scores.values() if one["traceId"] == trace_id(n)]
            return 200, {**_trace(n), "observations": [observation(n, c) for c in (False, True)], "scores": own}
        if path == "traces":
            number = int(asked.query.get("page", 1))
            found = [_trace(n) for n in range(self.size)][(number - 1) * PAGE : number * PAGE]
            pages = -(-self.size // PAGE)
            return 200, {
                "data": found,
                "meta": {"page": number, "limit": PAGE, "totalItems": self.size, "totalPages": pages},
            }
        return 404, {"message": "no such page"}


def _trace(n: int) -> dict[str, Any]:
    root = observation(n, False)
    kept = {key: root[key] for key in ("sessionId", "tags", "environment", "input", "output")}
    return {"id": trace_id(n), "name": root["traceName"], "timestamp": root["startTime"], "userId": None, **kept}


def _v3(score: dict[str, Any]) -> dict[str, Any]:
    span = score.get("observationId")
    subject = (
        {"kind": "observation", "id": span, "traceId": score["traceId"]}
        if span
        else {"kind": "trace", "id": score["traceId"]}
    )
    value = bool(score["value"]) if score["dataType"] == "BOOLEAN" else score["value"]
    return {**{k: v for k, v in score.items() if k != "traceId"}, "value": value, "source": "API", "subject": subject}


def _v2(score: dict[str, Any]) -> dict[str, Any]:
    text = score["value"] if isinstance(score["value"], str) else None
    return {**score, "value": None if text else score["value"], "stringValue": text, "source": "API"}
