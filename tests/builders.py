"""Small things to test with: traces, workspaces, weeks. All text here is ours."""

from collections.abc import Sequence
from pathlib import Path

from reviewer.model.hint import Hint
from reviewer.model.ids import TraceId
from reviewer.model.trace import Document, Message, Part, Retrieval, Score, Thread, ToolCall, Trace
from reviewer.verbs import opening
from reviewer.workspace.file import Workspace
from reviewer.workspace.packing import pack
from reviewer.workspace.traces import Origin, Stored, begin_file, begin_run, store

MONDAY_US = 1_795_392_000_000_000 - 7 * 86_400_000_000  # Monday 2026-11-16 00:00 UTC
HOUR_US = 3_600_000_000


def said(role: str, text: str, **more: object) -> Message:
    """Return a message of one text part."""
    return Message(role, [Part("text", text)], **more)  # type: ignore[arg-type]


def a_trace(
    n: int = 1, *, question: str = "May I return an opened headset?", answer: str | None = None, **more: object
) -> Trace:
    """Return a support trace with a tool call, its result, and two documents: the assistant's turn is message 4."""
    call = ToolCall("search_docs", '{"query": "return opened item"}', call_id=f"call-{n}", latency_ms=236.0)
    call.result = '{"documents": ["faq/returns.md", "policy/eu.md"]}'
    main = [
        said("system", "You are a support assistant. Answer only from the documents."),
        said("user", question, ts_us=MONDAY_US + n * HOUR_US),
        Message("assistant", [], [call], ts_us=MONDAY_US + n * HOUR_US + 1_000_000),
        said("tool", call.result, answers=call, call_id=f"call-{n}"),
        said("assistant", answer or f"Opened items can be returned within **30 days** of delivery [1]. Case {n}."),
    ]
    documents = [
        Document(
            "Opened items can be returned within 30 days of delivery.", "faq/returns.md", score=0.82, rank=0, turn=4
        ),
        Document("Return shipping is free within the EU and Switzerland.", "policy/eu.md", score=0.79, rank=1, turn=4),
    ]
    trace = Trace(
        kind="test", native_id=f"native-{n}", format="plain", name="support", threads=[Thread(main)], documents=documents,
        scores=[Score("helpful", 0.8, source="llm")], retrievals=[Retrieval(2, 236.0)], started_us=MONDAY_US + n * HOUR_US,
        latency_ms=1500.0 + n, status="ok", workflow="returns" if n % 2 else "billing", model="model-a", prompt_version="v1",
        session_id=f"session-{n // 2}", cost_usd=0.01,
    )  # fmt: skip
    for name, value in more.items():
        setattr(trace, name, value)
    return trace


def put(
    workspace: Workspace, traces: Sequence[Trace], path: str = "traces.jsonl", hints: Sequence[Hint] = ()
) -> Stored:
    """Store traces the way an import does, and return what became of them."""
    run = workspace.write(begin_run).result()
    file = workspace.write(begin_file, run, path).result()
    batch = [pack(trace, list(hints)) for trace in traces]
    for line, packed in enumerate(batch, 1):
        packed.line = line
    return workspace.write(store, [(batch, Origin(run, file, path, workspace.clock()))]).result()[0]


def a_workspace(folder: Path, n: int = 0, taxonomy: str = "default") -> Workspace:
    """Return an open workspace with ``n`` traces; the caller closes it."""
    workspace = opening.new(folder / "test.review", taxonomy)
    if n:
        put(workspace, [a_trace(i) for i in range(n)])
    return workspace


def own_id(trace: Trace) -> TraceId:
    """Return the id under which a trace is stored."""
    return pack(trace, []).id
