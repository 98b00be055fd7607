"""A trace: one run of the application, as messages, tool calls, documents and scores.

The words are OpenTelemetry's and OpenInference's. Times are integer microseconds since the epoch, UTC; durations
are milliseconds; money is US dollars. Sources build these objects, the workspace packs them. They are plain and
mutable because an import makes millions of them.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

Role = Literal["system", "user", "assistant", "tool"]
PartKind = Literal["text", "reasoning", "media", "document", "citation", "refusal", "data"]


@dataclass(slots=True, eq=False)
class Part:
    """One piece of a message that is no tool call: what a reader sees, as text.

    ``text`` is the stored text (for media a short placeholder such as ``image/png, 34 KB``; for data the raw JSON).
    """

    kind: PartKind
    text: str
    mime: str | None = None


@dataclass(slots=True, eq=False)
class ToolCall:
    """A call of a tool and, once paired, its result.

    ``arguments`` is the JSON text of an object, or the text that did not parse (then ``arguments_parse`` is False).
    ``result`` None means that no result was recorded, which differs from an empty one. ``fallback`` is what the trace
    itself says of the call standing in for another; None where it says nothing.
    """

    name: str
    arguments: str = "{}"
    arguments_parse: bool = True
    call_id: str | None = None
    result: str | None = None
    is_error: bool = False
    error: str | None = None
    latency_ms: float | None = None
    started_us: int | None = None
    found_in: Literal["message", "span", "both"] = "message"
    fallback: bool | None = None


@dataclass(slots=True, eq=False)
class Message:
    """One message of a thread; a tool message carries the result of one call as its text.

    ``answers`` is the call that a tool message answers, the same object that stands in the assistant's ``calls``.
    """

    role: Role
    parts: list[Part] = field(default_factory=list)
    calls: list[ToolCall] = field(default_factory=list)
    answers: ToolCall | None = None
    call_id: str | None = None
    """The native id of the call that a tool message says it answers; may be missing, repeat or be wrong."""
    is_error: bool = False
    """Whether a tool message says that its call failed; its text is then the error."""
    name: str | None = None
    ts_us: int | None = None
    span_id: str | None = None
    finish_reason: str | None = None

    @property
    def text(self) -> str:
        """Return what was said: text and refusal parts joined as they stand."""
        return "".join(p.text for p in self.parts if p.kind in ("text", "refusal"))


@dataclass(slots=True, eq=False)
class Thread:
    """A run of messages. The first thread of a trace is the main one; others are sub-agents, or calls found outside."""

    messages: list[Message] = field(default_factory=list)
    title: str = ""


@dataclass(slots=True, eq=False)
class Document:
    """One retrieved, attached or cited document.

    ``rank`` counts from 0 inside one list (``list_no``). ``turn`` is the index in the main thread of the first
    assistant message that could have read it, or None. ``inferred`` marks a document found in a tool result by its
    shape rather than recorded as a retrieval.
    """

    text: str
    source: str = ""
    title: str | None = None
    doc_id: str | None = None
    score: float | None = None
    score_kind: Literal["similarity", "distance", "rerank", "unknown"] = "unknown"
    rank: int = 0
    list_no: int = 0
    stage: Literal["retrieved", "rerank_in", "rerank_out", "attached", "cited"] = "retrieved"
    query: str | None = None
    inferred: bool = False
    updated_us: int | None = None
    turn: int | None = None
    span_id: str | None = None


@dataclass(slots=True, eq=False)
class Score:
    """A score that came with the data: from a person, a judge model, code or the API. Never one of our codings."""

    name: str
    value_num: float | None = None
    value_text: str | None = None
    data_type: Literal["number", "bool", "category", "text", "correction", "expectation"] = "number"
    source: Literal["human", "llm", "code", "api"] = "api"
    author: str | None = None
    comment: str | None = None
    target: Literal["trace", "span", "session", "document", "message"] = "trace"
    target_id: str | None = None


@dataclass(slots=True, eq=False)
class Usage:
    """Tokens of a trace. Input includes cache reads and writes; output includes reasoning. None = not recorded."""

    input: int | None = None
    output: int | None = None
    total: int | None = None
    cache_read: int | None = None
    cache_write: int | None = None
    reasoning: int | None = None


@dataclass(slots=True, eq=False)
class Retrieval:
    """One retrieval step: how many documents it returned, and how long it took."""

    documents: int
    latency_ms: float | None = None


@dataclass(slots=True, eq=False)
class Trace:
    """One trace, ready to be packed.

    ``kind`` is the family of formats that share native ids (part of the stable id), ``format`` what was detected.
    ``time_basis`` is ``trace`` where the data holds a time and ``import`` where the import's own time had to stand in.
    ``structured_ok`` and ``escalated`` are None where the trace records nothing about it.
    """

    kind: str
    native_id: str
    format: str
    origin: str = "file"
    name: str = ""
    threads: list[Thread] = field(default_factory=list)
    documents: list[Document] = field(default_factory=list)
    scores: list[Score] = field(default_factory=list)
    retrievals: list[Retrieval] = field(default_factory=list)
    started_us: int | None = None
    ended_us: int | None = None
    time_basis: Literal["trace", "import"] = "trace"
    latency_ms: float | None = None
    status: Literal["ok", "error", "unset", "running"] = "unset"
    error_message: str | None = None
    session_id: str | None = None
    user_id: str | None = None
    tenant: str | None = None
    workflow: str | None = None
    task_type: str | None = None
    environment: str | None = None
    release: str | None = None
    model: str | None = None
    provider: str | None = None
    prompt_name: str | None = None
    prompt_version: str | None = None
    prompt_hash: str | None = None
    usage: Usage = field(default_factory=Usage)
    cost_usd: float | None = None
    n_retries: int = 0
    cache_hit: bool | None = None
    structured_ok: bool | None = None
    escalated: bool | None = None
    ending: Literal["question", "within", "answer"] | None = None
    """What the main thread ends with: the user's words, something short of an answer, or an answer."""
    n_follow_ups: int = 0
    """Turns of the user that came after an answer."""
    n_corrections: int = 0
    """Follow-ups that read like a correction."""
    prompt_chars: int = 0
    """Characters of the instructions before the first turn."""
    context_chars: int = 0
    """Characters of the documents that the model was given."""
    schema_hash: str | None = None
    tools_hash: str | None = None
    """Short hashes of the recorded output schema, and of the definitions of the tools that were offered."""
    tools: list[dict[str, Any]] = field(default_factory=list)
    """The tools that were offered, as recorded: {name, description, parameters}, the last a JSON schema."""
    retrieval_setting: str | None = None
    """What retrieval steps record of how they search: ``top_k=4, index=faq``."""
    tags: list[str] = field(default_factory=list)
    metadata: dict[str, Any] = field(default_factory=dict)
    attributes: dict[str, str] = field(default_factory=dict)
    """Short values by the names that the data gives them: what a segment can be found in later."""
    transcript_how: str = ""
    truncated: bool = False

    @property
    def main(self) -> list[Message]:
        """Return the messages of the main thread, in order."""
        return self.threads[0].messages if self.threads else []

    def calls(self) -> Iterator[ToolCall]:
        """Yield every tool call of every thread, in order of appearance."""
        for thread in self.threads:
            for message in thread.messages:
                yield from message.calls
