"""A server of the shape of LangSmith's published interface: runs in either version, sessions, feedback."""

import uuid
from dataclasses import dataclass, field
from typing import Any

from tests.sources.services.servers import Answer, Asked

PAGE = 4
PROJECT = str(uuid.UUID(int=7))


def trace_id(n: int) -> str:
    """Return the id of the n-th trace, which is that of its first run."""
    return str(uuid.UUID(int=(n + 1) << 8))


def run(n: int, child: bool) -> dict[str, Any]:
    """Return a run of the n-th trace with all its fields: its root, or the call of the model below it."""
    root, own = trace_id(n), str(uuid.UUID(int=((n + 1) << 8) + child))
    stamp = f"20261124T09{n:02d}00000000Z"
    asked = [{"role": "user", "content": f"question {n}"}]
    return {
        "id": own,
        "trace_id": root,
        "name": "llm" if child else "shop",
        "run_type": "LLM" if child else "CHAIN",
        "status": "SUCCESS",
        "start_time": f"2026-11-24T09:{n:02d}:00.000000",
        "end_time": f"2026-11-24T09:{n:02d}:01.000000",
        "dotted_order": f"{stamp}{root}" + (f".{stamp}{own}" if child else ""),
        "parent_run_ids": [root] if child else [],
        "project_id": PROJECT,
        "inputs": {"messages": asked},
        "outputs": {"choices": [{"message": {"role": "assistant", "content": f"answer {n}"}}]},
        "extra": {"metadata": {"ls_model_name": "model-a", "thread_id": f"t{n}"}},
        "tags": [],
        "error": None,
        "feedback_stats": {"broken": {"n": 9, "avg": 0.5}},
    }


@dataclass
class FakeLangSmith:
    """Holds ``size`` traces; ``old`` knows the first version alone."""

    size: int = 10
    old: bool = False
    feedback: dict[str, dict[str, Any]] = field(default_factory=dict)

    def __call__(self, asked: Asked) -> Answer:
        if not asked.headers.get("x-api-key"):
            return 403, {"detail": "no key"}
        match asked.method, asked.path:
            case "GET", "/api/v1/sessions":
                return 200, [{"id": PROJECT, "name": asked.query["name"]}] if asked.query["name"] == "shop" else []
            case "POST", "/api/v2/runs/query" if not self.old:
                return self._runs(asked.body)
            case "POST", "/api/v1/runs/query" if self.old:
                return self._old_runs(asked.body)
            case "GET", "/api/v1/feedback":
                return 200, [one for one in self.feedback.values() if one["run_id"] in asked.many("run")]
            case "POST", "/api/v1/feedback":
                if asked.body["id"] in self.feedback:
                    return 409, {"detail": "it is there"}
                self.feedback[asked.body["id"]] = asked.body
                return 200, asked.body
        return self._one(asked, asked.path.removeprefix("/api/v1/feedback/"))

    def _one(self, asked: Asked, own_id: str) -> Answer:
        if own_id not in self.feedback:
            return 404, {"detail": "no such feedback"}
        if asked.method == "DELETE":
            del self.feedback[own_id]
        else:
            self.feedback[own_id] |= asked.body
        return 200, {}

    def _every(self, trace: str | None, roots: bool) -> list[dict[str, Any]]:
        every = [run(n, child) for n in reversed(range(self.size)) for child in ((False,) if roots else (False, True))]
        return [one for one in every if trace in (None, one["trace_id"])]

    def _runs(self, body: dict[str, Any]) -> Answer:
        assert body["project_ids"] == [PROJECT] and body["min_start_time"], "else it looks at one day alone"
        every = self._every(body.get("trace_id"), bool(body.get("is_root")))
        wanted = [name.lower() for name in body["selects"]]
        first = int(body.get("cursor") or 0)
        found = [{key: one[key] for key in wanted if key in one} for one in every[first : first + PAGE]]
        return 200, {"items": found, "next_cursor": str(first + PAGE) if first + PAGE < len(every) else None}

    def _old_runs(self, body: dict[str, Any]) -> Answer:
        assert body["session"] == [PROJECT]
        every = self._every(body.get("trace"), bool(body.get("is_root")))
        first = int(body.get("cursor") or 0)
        found = []
        for one in every[first : first + PAGE]:
            row = {key: one[key] for key in body["select"] if key in one}
            found.append(
                {**row, "run_type": row["run_type"].lower(), "parent_run_id": (one["parent_run_ids"] or [None])[-1]}
            )
        following = str(first + PAGE) if first + PAGE < len(every) else None
        return 200, {"runs": found, "cursors": {"next": following}}
