"""The sample workspace: six weeks of an invented shop's support assistant, five of them reviewed.

Its traces are written as OTLP JSON lines and imported like anybody's; its failures are planted, so that the charts have
something to show. The same seed gives the same traces on every machine.
"""

import json
import random
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reviewer import resources
from reviewer.errors import Expected
from reviewer.model.clock import iso_week, iso_week_span
from reviewer.model.ids import TraceId, WeekName, trace_id
from reviewer.model.week import Plan
from reviewer.verbs import coding, importing, opening, weeks
from reviewer.workspace.ask.queue import queue
from reviewer.workspace.file import Workspace

WEEKS = 6
LAST_WEEK = "2026-W47"
A_WEEK = 120  # traces
DRAWN = 40
READER = "Sam"
DAY_US = 86_400_000_000
RATES = {  # share of a workflow's traces, before and after the prompt change in the fourth week
    "unsupported_claim": (0.18, 0.34),
    "wrong_citation": (0.20, 0.16),
    "ignored_evidence": (0.12, 0.08),
    "wrong_refusal": (0.05, 0.05),
    "tool_misuse": (0.30, 0.24),
    "excessive_latency": (0.10, 0.10),
    "wrong_language_or_tone": (0.12, 0.08),
    "malformed_output": (0.10, 0.30),
    "prompt_injection": (0.06, 0.04),
}
SCHEMA = {
    "type": "object",
    "required": ["answer", "order", "sources"],
    "properties": {"answer": {"type": "string"}, "order": {"type": "string"}, "sources": {"type": "array"}},
}


@dataclass(frozen=True, slots=True)
class Sample:
    """Where the sample workspace is, and which week waits for its reader."""

    path: Path
    week: WeekName
    reviewer: str


def make(folder: Path, seed: int = 47) -> Sample:
    """Make the sample workspace in a folder: import, draw and code through the same verbs as everybody."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "checkout-bot.review"
    traces = folder / "checkout-bot.otlp.jsonl"
    planted = write_traces(traces, seed)
    with opening.new(path, "default") as workspace:
        report = importing.start(workspace, importing.read_ahead([traces])).wait()
        if report.imported != len(planted):
            raise Expected(f"Of {len(planted)} sample traces {report.imported} were imported.")
        names = [_week_name(n) for n in range(WEEKS)]
        for name in names:
            _draw(workspace, name)
        for name in names[:-1]:
            _code(workspace, name, planted)
    return Sample(path, WeekName(names[-1]), READER)


def _week_name(number: int) -> str:
    start, _ = iso_week_span(LAST_WEEK, "UTC")
    return iso_week(start - (WEEKS - 1 - number) * 7 * DAY_US, "UTC")


def _draw(workspace: Workspace, name: str) -> None:
    reader = workspace.reader()
    start, end = iso_week_span(name, "UTC")
    plan = Plan(DRAWN, name, "risk", ("workflow",))
    workspace.write(weeks.open_week, reader, name, start, end, plan).result()
    reader.close()


def _code(workspace: Workspace, name: str, planted: dict[TraceId, list[str]]) -> None:
    reader = workspace.reader()
    for row in queue(reader, WeekName(name), READER):
        modes = tuple(planted[row.trace])
        scores = {"task_success": 1.0, "groundedness": 2.0} if modes else {"task_success": 3.0, "groundedness": 5.0}
        fitting = {n: v for n, v in scores.items() if _on_scale(reader, n, v)}
        wanted = coding.Wanted(row.trace, READER, "fail" if modes else "pass", modes, fitting)
        workspace.write(coding.code, reader, name, wanted).result()
    reader.close()


def _on_scale(reader: Any, name: str, value: float) -> bool:
    from reviewer.workspace.ask.settings import taxonomy

    scale = taxonomy(reader).score(name)
    return scale is not None and scale.low <= value <= scale.high


def write_traces(path: Path, seed: int) -> dict[TraceId, list[str]]:
    """Write the traces, one OTLP request a line, and return the failure modes planted in each."""
    shop = tomllib.loads(resources.text("sample", "shop.toml"))
    planted: dict[TraceId, list[str]] = {}
    with path.open("w", encoding="utf-8") as file:
        for number in range(WEEKS * A_WEEK):
            made = _Made(shop, random.Random(f"{seed}-{number}"), number)  # noqa: S311 - a sample, not a secret
            planted[trace_id("otel", "file", made.native_id)] = made.modes
            file.write(json.dumps(made.request(), ensure_ascii=False, separators=(",", ":")) + "\n")
    return planted


class _Made:
    """One sample trace while it is written."""

    def __init__(self, shop: dict[str, Any], r: random.Random, number: int) -> None:
        self.shop, self.r = shop, r
        self.native_id = f"{r.getrandbits(128):032x}"
        week = number // A_WEEK
        self.start_us = iso_week_span(_week_name(week), "UTC")[0] + int(r.random() * 7 * DAY_US)
        self.version = "v14" if week >= 3 else "v13"
        self.scenario = r.choices(shop["scenario"], [40, 25, 20, 15])[0]
        self.modes = [mode for mode in self.scenario["bad"] if r.random() < RATES[mode][week >= 3]][:1]
        self.slow = "excessive_latency" in self.modes
        self.tool_failed = r.random() < 0.06
        self.empty = r.random() < 0.05 and not self.modes
        days = r.randint(3, 55)
        self.fill = {
            "order": str(r.randint(40_000, 49_999)), "item": r.choice(shop["fill"]["item"]), "days": days,
            "city": r.choice(shop["fill"]["city"]), "fits": "can be" if days <= 30 else "can no longer be",
        }  # fmt: skip
        self.spans: list[dict[str, Any]] = []
        self.now = self.start_us

    def _say(self, text: str) -> str:
        return text.strip().format(**self.fill)

    def request(self) -> dict[str, Any]:
        """Return the whole trace as one export request."""
        scenario = self.scenario
        model = self.r.choice(self.shop["fill"]["model"])
        question = self._say(self.r.choice(scenario["questions"]))
        answer = self._say(scenario["bad"][self.modes[0]] if self.modes else scenario["good"])
        if self.empty:
            answer = "I found nothing about this in our documents. Could you tell me a little more, or shall a person call you?"
        root = self._span_id()
        system = (
            "You are the shop's support assistant. Answer only from the documents and cite them as [1], [2]. "
            f"Never reveal another customer's data. Prompt {self.version}."
        )
        calls = self._calls()
        documents = [] if self.empty else [self._document(name) for name in scenario["documents"]]
        messages: list[dict[str, Any]] = [{"role": "system", "content": system}, {"role": "user", "content": question}]
        asked = {"role": "assistant", "content": "", "tool_calls": [call for call, _ in calls]}
        self._llm(root, model, messages, asked, 380)
        self._retrieve(root, question, documents)
        results = [
            {"role": "tool", "tool_call_id": call["id"], "content": self._run(root, call, *how)} for call, how in calls
        ]
        messages = [*messages, asked, *results]
        said = {"role": "assistant", "content": answer}
        self._llm(root, model, messages, said, 31_000 if self.slow else 1400)
        if self.r.random() < 0.35 and not scenario.get("schema"):
            thanks = {"role": "user", "content": self.r.choice(self.shop["fill"]["thanks"])}
            reply = {"role": "assistant", "content": self.r.choice(self.shop["fill"]["reply"])}
            self._llm(root, model, [*messages, said, thanks], reply, 500)
            answer = reply["content"]
        self._root(root, question, answer)
        resource = {"service.name": "checkout-bot", "deployment.environment": "production"}
        return {"resourceSpans": [{"resource": {"attributes": _attributes(resource)},
                                   "scopeSpans": [{"scope": {"name": "sample"}, "spans": self.spans}]}]}  # fmt: skip

    def _span_id(self) -> str:
        return f"{self.r.getrandbits(64):016x}"

    def _calls(self) -> list[tuple[dict[str, Any], tuple[str, bool]]]:
        names = list(self.scenario["tools"])
        if "tool_misuse" in self.modes:
            names += [names[-1]] * 3
        calls = []
        for name in names:
            arguments = (
                {"query": "policy for " + self.fill["item"]} if name == "search_docs" else {"order": self.fill["order"]}
            )
            call = {"id": f"call_{self.r.getrandbits(40):010x}", "type": "function",
                    "function": {"name": name, "arguments": json.dumps(arguments)}}  # fmt: skip
            calls.append((call, (name, self.tool_failed and name == names[-1])))
        return calls

    def _document(self, name: str) -> dict[str, Any]:
        return next(d for d in self.shop["document"] if d["source"] == name)

    def _run(self, root: str, call: dict[str, Any], name: str, failed: bool) -> str:
        arguments = json.loads(call["function"]["arguments"])
        result = {
            "get_order": {
                "order": self.fill["order"],
                "item": self.fill["item"],
                "delivered_days_ago": self.fill["days"],
            },
            "search_docs": {"found": len(self.scenario["documents"])},
            "track_parcel": {"last_scan": self.fill["city"], "days_ago": self.r.randint(1, 9)},
            "update_invoice": {"status": "queued"},
        }[name]
        if failed:
            result = {"error": "503 upstream did not answer"}
        self._add(name, "TOOL", root, self.r.uniform(90, 600), {
            "tool.name": name, "input.value": json.dumps(arguments), "output.value": json.dumps(result),
        }, "503 upstream did not answer" if failed else None)  # fmt: skip
        return json.dumps(result, ensure_ascii=False)

    def _retrieve(self, root: str, question: str, documents: list[dict[str, Any]]) -> None:
        found: dict[str, Any] = {"input.value": question}
        score = 0.86
        for n, document in enumerate(documents):
            place = f"retrieval.documents.{n}.document."
            found[place + "id"] = document["source"]
            found[place + "content"] = document["text"].strip()
            found[place + "score"] = round(score, 3)
            found[place + "metadata"] = json.dumps({"source": document["source"], "updated_at": document["updated"]})
            score *= self.r.uniform(0.8, 0.97)
        self._add("search", "RETRIEVER", root, self.r.uniform(20, 260), found)

    def _llm(self, root: str, model: str, messages: list[dict[str, Any]], said: dict[str, Any], ms: float) -> None:
        tokens = sum(len(m["content"]) for m in messages) // 4 + 40
        out = len(said["content"]) // 4 + 12
        attributes: dict[str, Any] = {
            "llm.model_name": model, "llm.token_count.prompt": tokens, "llm.token_count.completion": out,
            "llm.cost.total": round(tokens * 4e-7 + out * 16e-7 + 0.0004, 6), "llm.prompt_template.version": self.version,
        }  # fmt: skip
        if self.scenario.get("schema") and not said.get("tool_calls"):
            wanted = {"type": "json_schema", "json_schema": {"name": "reply", "schema": SCHEMA}}
            attributes["llm.invocation_parameters"] = json.dumps({"response_format": wanted})
        for side, spoken in (("input", messages), ("output", [said])):
            for n, message in enumerate(spoken):
                attributes.update(_flat(f"llm.{side}_messages.{n}.message.", message))
        self._add("answer", "LLM", root, ms * self.r.uniform(0.7, 1.5), attributes)

    def _root(self, root: str, question: str, answer: str) -> None:
        workflow = self.scenario["workflow"]
        metadata = {"workflow": workflow, "task_type": self.scenario["task_type"], "prompt_version": self.version}
        tags = [workflow, *(["escalation"] if self.empty else [])]
        self._add("checkout-bot", "AGENT", "", (self.now - self.start_us) / 1000 + 4, {
            "input.value": question, "output.value": answer, "metadata": json.dumps(metadata), "tag.tags": tags,
            "session.id": f"session-{self.native_id[:8]}", "user.id": f"customer-{self.r.randrange(900):03d}",
        }, span_id=root, start_us=self.start_us)  # fmt: skip
        self.spans.insert(0, self.spans.pop())

    def _add(
        self, name: str, kind: str, parent: str, ms: float, attributes: dict[str, Any], error: str | None = None, *,
        span_id: str = "", start_us: int | None = None,
    ) -> None:  # fmt: skip
        start = self.now if start_us is None else start_us
        end = start + int(ms * 1000)
        self.now = max(self.now, end)
        span = {
            "traceId": self.native_id, "spanId": span_id or self._span_id(), "parentSpanId": parent, "name": name, "kind": 1,
            "startTimeUnixNano": str(start * 1000), "endTimeUnixNano": str(end * 1000),
            "attributes": _attributes({"openinference.span.kind": kind, **attributes}),
            "status": {"code": 2, "message": error} if error else {"code": 1},
        }  # fmt: skip
        self.spans.append(span)


def _flat(prefix: str, message: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    for key in ("role", "content", "tool_call_id"):
        if message.get(key):
            yield prefix + key, message[key]
    for n, call in enumerate(message.get("tool_calls", ())):
        place = f"{prefix}tool_calls.{n}.tool_call."
        yield place + "id", call["id"]
        yield place + "function.name", call["function"]["name"]
        yield place + "function.arguments", call["function"]["arguments"]


def _attributes(flat: dict[str, Any]) -> list[dict[str, Any]]:
    out = []
    for key, value in flat.items():
        if isinstance(value, int):
            typed: dict[str, Any] = {"intValue": str(value)}
        elif isinstance(value, float):
            typed = {"doubleValue": value}
        elif isinstance(value, list):
            typed = {"arrayValue": {"values": [{"stringValue": v} for v in value]}}
        else:
            typed = {"stringValue": value}
        out.append({"key": key, "value": typed})
    return out
