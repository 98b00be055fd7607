"""A server that answers as Phoenix does, a few traces a page, with what was posted to it kept."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.sources.services.servers import Answer, Asked

PAGE = 7
BEGIN = "2026-11-24T09:{:02d}:00+00:00"


def trace_id(n: int) -> str:
    """Return the id of the n-th trace."""
    return f"{n + 1:032x}"


def span(n: int, child: bool = False) -> dict[str, Any]:
    """Return a span of the n-th trace: its root, or the call of the model below it."""
    asked, told = f"question {n}", f"answer {n}"
    model = {
        "llm.model_name": "model-a",
        "llm.input_messages.0.message.role": "user",
        "llm.input_messages.0.message.content": asked,
        "llm.output_messages.0.message.role": "assistant",
        "llm.output_messages.0.message.content": told,
    }
    return {
        "id": f"S{n}{int(child)}",
        "name": "llm" if child else ("billing" if n % 4 == 0 else "returns"),
        "context": {"trace_id": trace_id(n), "span_id": f"{2 * n + child + 1:016x}"},
        "span_kind": "LLM" if child else "CHAIN",
        "parent_id": f"{2 * n + 1:016x}" if child else None,
        "start_time": BEGIN.format(n),
        "end_time": BEGIN.format(n),
        "status_code": "OK",
        "status_message": "",
        "attributes": model if child else {"input.value": asked, "output.value": told, "session.id": f"s{n}"},
        "events": [],
    }


@dataclass
class FakePhoenix:
    """Holds ``size`` traces; ``before`` hears each request first."""

    size: int = 24
    before: Callable[[int, Asked], None] = lambda number, asked: None
    held: dict[tuple[str, ...], dict[str, Any]] = field(default_factory=dict)
    """Annotations by target, id, name and identifier: what the server upserts by."""
    served: int = 0
    refuses: str = ""
    """The name of an annotation that is not taken."""

    def __call__(self, asked: Asked) -> Answer:
        self.served += 1
        self.before(self.served, asked)
        kind = asked.path.rsplit("/", 1)[1]
        if asked.method == "POST" and any(row["name"] == self.refuses for row in asked.body["data"]):
            return 422, {"detail": "no such name"}
        if asked.method == "POST":
            return 200, {"data": [self._post(kind.partition("_")[0], row) for row in asked.body["data"]]}
        match kind:
            case "traces":
                return self._traces(asked)
            case "spans":
                return self._spans(asked)
            case "trace_annotations" | "span_annotations" | "session_annotations":
                target = kind.partition("_")[0]
                ids = asked.many(f"{target}_ids")
                found = [row for key, row in self.held.items() if key[0] == target and key[1] in ids]
                return 200, {"data": found, "next_cursor": None}
        return 404, b"no such page"

    def _traces(self, asked: Asked) -> Answer:
        first = int(asked.query.get("cursor", 0))
        end = min(first + PAGE, self.size)
        data = [{"id": f"T{n}", "trace_id": trace_id(n), "start_time": BEGIN.format(n)} for n in range(first, end)]
        return 200, {"data": data, "next_cursor": str(end) if end < self.size else None}

    def _spans(self, asked: Asked) -> Answer:
        wanted = [int(one, 16) - 1 for one in asked.many("trace_id")]
        roots_only = asked.query.get("parent_id") == "null"
        return 200, {
            "data": [span(n, child) for n in wanted for child in ([False] if roots_only else [False, True])],
            "next_cursor": None,
        }

    def _post(self, target: str, row: dict[str, Any]) -> dict[str, Any]:
        key = (target, row[f"{target}_id"], row["name"], row["identifier"])
        known = self.held.get(key)
        self.held[key] = {**row, "id": known["id"] if known else f"A{len(self.held)}"}
        return {"id": self.held[key]["id"]}
