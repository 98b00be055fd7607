"""Pack a trace for storage: narrow rows, a head that says what there is, and segments with the text.

Packing runs in the import's worker process. The head holds its table of blocks column by column, so that a transcript
of thousands of messages opens without building an object for each. A block is a piece of one part of at most
``SEGMENT_BYTES`` bytes; consecutive blocks share a segment until it is full.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any

import orjson
import zstandard

from reviewer.model.hint import Hint
from reviewer.model.ids import TraceId, trace_id
from reviewer.model.trace import Message, Part, ToolCall, Trace
from reviewer.workspace.layout import SEGMENT_BYTES
from reviewer.workspace.searching import index_text

Squeeze = Callable[[bytes], bytes]
LONG_WORD = 2000  # a longer unbroken run makes word wrapping quadratic; such text is laid out as rows
LONG_PROSE = 50_000  # longer prose is laid out as rows too
TITLE_CHARS = 120

TRACE_COLUMNS = [
    "id",
    "native_id",
    "kind",
    "format",
    "origin",
    "name",
    "title",
    "started_us",
    "time_basis",
    "latency_ms",
    "status",
    "error_message",
    "session_id",
    "user_id",
    "tenant",
    "workflow",
    "task_type",
    "environment",
    "release",
    "model",
    "provider",
    "prompt_name",
    "prompt_version",
    "prompt_hash",
    "tokens_in",
    "tokens_out",
    "tokens_cache_read",
    "cost_usd",
    "structured_ok",
    "escalated",
    "n_messages",
    "n_tool_calls",
    "n_tool_errors",
    "n_documents",
    "n_retrievals",
    "n_empty_retrievals",
    "n_retries",
    "n_chars",
    "cache_hit",
    "ending",
    "n_follow_ups",
    "n_corrections",
    "prompt_chars",
    "context_chars",
    "schema_hash",
    "tools_hash",
    "retrieval_setting",
    "flagged",
    "content_hash",
]
_CHARS = TRACE_COLUMNS.index("n_chars")


@dataclass(slots=True)
class Packed:
    """A trace as rows and texts, without row numbers: ready for the writer, who compresses what is new."""

    id: TraceId
    row: tuple[Any, ...]
    """Values of ``TRACE_COLUMNS`` but the content hash; ``started_us`` is None where the import's own time must stand in."""
    facts: bytes
    """What is hashed of the rows."""
    head: bytes
    labels: str
    groups: list[bytes]
    """The texts of the blocks, segment by segment: a JSON list each, as it is stored once compressed."""
    calls: list[tuple[Any, ...]]
    documents: list[tuple[Any, ...]]
    scores: list[tuple[Any, ...]]
    hints: list[tuple[Any, ...]]
    retrievals: list[tuple[Any, ...]]
    tools: str
    """The tools that were offered, as a JSON list, or nothing; stored once for all traces with their hash."""
    attribute_names: str
    attribute_values: str
    """A JSON list each. They are not hashed: what was stored before they were kept is the same trace still."""
    line: int | None = None
    member: str | None = None
    replaces_earlier: bool = False

    @property
    def content_hash(self) -> bytes:
        """Return what tells the same trace from a changed one. The writer works it out: the worker has more to do."""
        digest = blake2b(self.head, digest_size=16)
        digest.update(self.facts)
        digest.update(b"[%b]" % b",".join(self.groups))
        return digest.digest()

    @property
    def chars(self) -> int:
        """Return how many characters the texts have."""
        count: int = self.row[_CHARS]
        return count


BLOCK_COLUMNS = ("part", "look", "chars", "lines", "group", "slot")


@dataclass(slots=True)
class Body:
    """The text of a trace while it is cut into blocks and segments."""

    blocks: list[tuple[Any, ...]] = field(default_factory=list)
    """One row a block, of ``BLOCK_COLUMNS``."""
    groups: list[list[str]] = field(default_factory=lambda: [[]])
    room: int = SEGMENT_BYTES
    """Bytes that the last segment has left at least."""

    def add(self, part: str, text: str, rich: bool) -> tuple[int, int]:
        """Store one part's text and return its first block and how many there are."""
        first = len(self.blocks)
        look = look_of(text, rich)
        pieces = cut(text)
        for piece in pieces:
            self._put(part, look, piece)
        return first, len(pieces)

    def _put(self, part: str, look: str, text: str) -> None:
        # Most texts fit whatever bytes their characters take: those are counted only where it matters.
        size = len(text) if text.isascii() else 4 * len(text)
        if size > self.room:
            self.room = SEGMENT_BYTES - sum(map(_bytes_of, self.groups[-1]))
            size = _bytes_of(text)
        if size > self.room and self.groups[-1]:
            self.groups.append([])
            self.room = SEGMENT_BYTES
        self.room -= size
        group = self.groups[-1]
        self.blocks.append((part, look, len(text), text.count("\n"), len(self.groups) - 1, len(group)))
        group.append(text)

    def columns(self) -> dict[str, tuple[Any, ...]]:
        """Return the table of blocks column by column, as the head holds it."""
        return dict(zip(BLOCK_COLUMNS, zip(*self.blocks, strict=True), strict=True)) if self.blocks else {}


def _bytes_of(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode("utf-8", "surrogatepass"))


def cut(text: str) -> list[str]:
    """Cut a text into pieces of at most ``SEGMENT_BYTES`` bytes, at line ends where there are any."""
    limit = SEGMENT_BYTES if text.isascii() else SEGMENT_BYTES // 4
    if len(text) <= limit:
        return [text]
    pieces = []
    at = 0
    while at < len(text):
        end = at + limit
        if end < len(text):
            newline = text.rfind("\n", at, end)
            end = newline + 1 if newline >= at else end
        pieces.append(text[at:end])
        at = end
    return pieces


def look_of(text: str, rich: bool) -> str:
    """Return how a text is shown: ``json``, ``prose`` (Markdown) or ``rows`` (monospace)."""
    start = text[:64].lstrip()[:1]
    if start in ("{", "[") and text[-64:].rstrip()[-1:] in ("}", "]") and start + text.rstrip()[-1:] in ("{}", "[]"):
        return "json"
    if not rich or len(text) > LONG_PROSE:
        return "rows"
    return "rows" if _has_long_word(text) else "prose"


def _has_long_word(text: str) -> bool:
    # A word so long covers a whole stretch of half its length. Most texts have a space in each, and to look for those
    # takes a twentieth of splitting the text.
    half = LONG_WORD // 2
    if all(text.find(" ", at, at + half) >= 0 for at in range(0, len(text) - half + 1, half)):
        return False
    return len(text) > LONG_WORD and max(map(len, text.split()), default=0) > LONG_WORD


def compressor() -> Squeeze:
    """Return a function that compresses as the workspace stores; making one costs half as much as using it."""
    # The checksum lets a flipped bit be found; four bytes a segment.
    return zstandard.ZstdCompressor(level=3, write_checksum=True).compress


def pack(trace: Trace, hints: list[Hint]) -> Packed:
    """Return a trace as rows and texts. Lone surrogates must be gone: SQLite takes no such text."""
    body = Body()
    calls = list(trace.calls())
    number = {id(call): n for n, call in enumerate(calls)}
    call_blocks: dict[int, list[int]] = {}
    threads: list[dict[str, Any]] = []
    title = ""
    n_messages = 0
    for thread in trace.threads:
        messages = []
        for message in thread.messages:
            messages.append(_pack_message(message, body, number, call_blocks))
            if not title and message.role == "user":
                title = message.text
        n_messages += len(messages)
        threads.append({"title": thread.title, "messages": messages})
    for n, call in enumerate(calls):  # results that no message carries
        if call.result is not None and len(call_blocks[n]) == 2:
            call_blocks[n] += body.add("result", call.result, rich=False)
    documents = [body.add("document", d.text, rich=True) for d in trace.documents]
    labels = "\n".join(
        [trace.name, trace.native_id, *dict.fromkeys(c.name for c in calls)]
        + [f"{d.source} {d.title or ''}" for d in trace.documents]
    )
    head = {
        "threads": threads,
        "blocks": body.columns(),
        "calls": [
            [call_blocks.get(n, [0, 0]), c.call_id, c.arguments_parse, _preview(c.arguments), _preview(c.result or "")]
            for n, c in enumerate(calls)
        ],
        "documents": documents,
        "queries": [d.query for d in trace.documents],
        "retrievals": [[r.documents, r.latency_ms] for r in trace.retrievals],
        "tags": trace.tags,
        "metadata": trace.metadata,
        "labels": labels,
        "how": trace.transcript_how,
        "truncated": trace.truncated,
    }
    return _packed(trace, hints, body, head, calls, title, n_messages)


def _pack_message(message: Message, body: Body, number: dict[int, int], call_blocks: dict[int, list[int]]) -> list[Any]:
    answers = number.get(id(message.answers)) if message.answers is not None else None
    parts: list[list[Any]] = []
    for part in message.parts:
        kind = "result" if message.role == "tool" and part.kind == "text" else part.kind
        parts.append([part.kind, *body.add(kind, part.text, _is_rich(message, part)), part.mime])
    if answers is not None and message.answers is not None and message.answers.result is not None:
        blocks = call_blocks.get(answers)
        # The result is the message's own text: stored once, seen from both sides.
        if (
            blocks is not None
            and len(blocks) == 2
            and len(parts) == 1
            and message.parts[0].text == message.answers.result
        ):
            blocks += parts[0][1:3]
    made = []
    for call in message.calls:
        n = number[id(call)]
        made.append(n)
        call_blocks[n] = [*body.add("arguments", call.arguments, rich=False)]
    return [
        message.role, message.name, message.ts_us, parts, made, answers, message.call_id, message.span_id,
        message.finish_reason,
    ]  # fmt: skip


def _is_rich(message: Message, part: Part) -> bool:
    return message.role != "tool" and part.kind in ("text", "reasoning", "refusal", "document")


def _preview(text: str) -> str:
    return " ".join(text[:200].split())[:160]


def _packed(
    trace: Trace,
    hints: list[Hint],
    body: Body,
    head: dict[str, Any],
    calls: list[ToolCall],
    title: str,
    n_messages: int,
) -> Packed:
    raw_head = orjson.dumps(head, option=orjson.OPT_NON_STR_KEYS)
    groups = [orjson.dumps(group) for group in body.groups if group]
    row, call_rows, document_rows, score_rows = _rows(trace, hints, body, calls, title, n_messages)
    own_id = trace_id(trace.kind, trace.origin, trace.native_id)
    return Packed(
        id=own_id,
        row=(own_id, *row[1:]),
        # A call that says nothing of being a fallback hashes as it did before that was kept.
        facts=orjson.dumps([row[:-1], [c if c[-1] else c[:-1] for c in call_rows], document_rows, score_rows]),
        head=raw_head,
        labels=head["labels"],
        groups=groups,
        calls=call_rows,
        documents=document_rows,
        scores=score_rows,
        hints=[(h.check, h.evidence, int(h.risk)) for h in hints],
        retrievals=[(n, r.documents, r.latency_ms) for n, r in enumerate(trace.retrievals)],
        tools=orjson.dumps(trace.tools).decode() if trace.tools else "",
        attribute_names=orjson.dumps(list(trace.attributes)).decode(),
        attribute_values=orjson.dumps(list(trace.attributes.values())).decode(),
    )


def words_of(labels: str, groups: Iterable[list[str]]) -> str:
    """Return what the index holds of a trace, from its head's labels and the texts of its segments."""
    # Text by text: most of them are ASCII, which Python knows without looking, and go in as they are.
    return "\n".join([index_text(labels), *(index_text(text) for group in groups for text in group)])


def _rows(
    trace: Trace, hints: list[Hint], body: Body, calls: list[ToolCall], title: str, n_messages: int
) -> tuple[tuple[Any, ...], list[tuple[Any, ...]], list[tuple[Any, ...]], list[tuple[Any, ...]]]:
    row = (
        None, trace.native_id, trace.kind, trace.format, trace.origin, trace.name, " ".join(title[:400].split())[:TITLE_CHARS],
        trace.started_us, trace.time_basis, trace.latency_ms, trace.status, trace.error_message, trace.session_id,
        trace.user_id, trace.tenant, trace.workflow, trace.task_type, trace.environment, trace.release, trace.model,
        trace.provider, trace.prompt_name, trace.prompt_version, trace.prompt_hash, trace.usage.input, trace.usage.output,
        trace.usage.cache_read, trace.cost_usd, _bit(trace.structured_ok), _bit(trace.escalated), n_messages, len(calls),
        sum(c.is_error for c in calls), len(trace.documents), len(trace.retrievals),
        sum(not r.documents for r in trace.retrievals), trace.n_retries, sum(block[2] for block in body.blocks),
        _bit(trace.cache_hit), trace.ending, trace.n_follow_ups, trace.n_corrections, trace.prompt_chars,
        trace.context_chars, trace.schema_hash, trace.tools_hash, trace.retrieval_setting,
        int(any(h.risk for h in hints)),
    )  # fmt: skip
    call_rows: list[tuple[Any, ...]] = [
        (
            n, c.name, int(c.is_error), c.error, c.latency_ms, c.started_us, int(c.result is not None), c.found_in,
            int(c.arguments_parse), _bit(c.fallback),
        )
        for n, c in enumerate(calls)
    ]  # fmt: skip
    document_rows: list[tuple[Any, ...]] = [
        (
            n,
            d.source,
            d.title,
            d.doc_id,
            d.score,
            d.score_kind,
            d.rank,
            d.list_no,
            d.stage,
            int(d.inferred),
            d.updated_us,
            d.turn,
        )
        for n, d in enumerate(trace.documents)
    ]
    score_rows: list[tuple[Any, ...]] = [
        (n, s.name, s.value_num, s.value_text, s.data_type, s.source, s.author, s.comment, s.target, s.target_id)
        for n, s in enumerate(trace.scores)
    ]
    return row, call_rows, document_rows, score_rows


def _bit(value: bool | None) -> int | None:
    return None if value is None else int(value)
