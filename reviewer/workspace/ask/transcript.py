"""One trace to read: its head at once, its text by the block, only as far as it is seen."""

import json  # not orjson: the window starts with this module, and orjson brings four milliseconds of others along
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import zstandard

from reviewer.errors import UsageError
from reviewer.model.ids import TraceId
from reviewer.workspace.file import Reader

OPEN_GROUPS = 48  # at most 64 KB each: what a reader keeps unpacked
BITS = 32
"""A number within one trace has at most so many bits; where a session is read, its turn stands above them."""

FIND = "SELECT id FROM trace WHERE id = ? UNION ALL SELECT id FROM trace WHERE native_id = ? ORDER BY 1 LIMIT 2"
ABOUT = (
    "SELECT n, id, native_id, format, name, title, started_us, time_basis, latency_ms, status, error_message, session_id, "
    "workflow, model, prompt_version, cost_usd, content_hash, forgotten_us, user_id, tenant, environment, task_type, "
    "tokens_in, tokens_out, n_chars, n_retries FROM trace WHERE id = ?"
)
CALLS = "SELECT n, name, is_error, error, latency_ms, started_us, has_result, found_in FROM tool_call WHERE trace = ? ORDER BY n"
DOCUMENTS = (
    "SELECT n, source, title, doc_id, score, score_kind, rank, list_no, stage, inferred, updated_us, turn FROM document "
    "WHERE trace = ? ORDER BY n"
)
SCORES = (
    "SELECT name, value_num, value_text, data_type, source, author, comment, target, target_id FROM score "
    "WHERE trace = ? ORDER BY n"
)
TOOLS = "SELECT s.body FROM trace t JOIN tool_set s ON s.hash = t.tools_hash WHERE t.n = ?"
HINTS = "SELECT kind, evidence, risk FROM hint WHERE trace = ? ORDER BY kind"


class About(NamedTuple):
    """The narrow row of a trace. Times in microseconds UTC, latency in milliseconds, cost in dollars."""

    n: int
    id: str
    native_id: str
    format: str
    name: str
    title: str
    started_us: int
    time_basis: str
    latency_ms: float | None
    status: str
    error_message: str | None
    session_id: str | None
    workflow: str | None
    model: str | None
    prompt_version: str | None
    cost_usd: float | None
    content_hash: bytes
    forgotten_us: int | None
    user_id: str | None
    tenant: str | None
    environment: str | None
    task_type: str | None
    tokens_in: int | None
    tokens_out: int | None
    n_chars: int
    n_retries: int


class Blocks(NamedTuple):
    """A run of blocks: the number of the first, and how many."""

    first: int
    size: int


class PartRow(NamedTuple):
    """One part of a message: its kind (``text``, ``reasoning``, ``media`` ...), its blocks and its media type."""

    kind: str
    blocks: Blocks
    mime: str | None


class MessageRow(NamedTuple):
    """One message: who speaks and where its text is. ``calls`` and ``answers`` are numbers of tool calls."""

    role: str
    name: str | None
    ts_us: int | None
    parts: tuple[PartRow, ...]
    calls: tuple[int, ...]
    answers: int | None
    call_id: str | None
    span_id: str | None
    finish_reason: str | None


class CallRow(NamedTuple):
    """One tool call. ``result`` is None where none was recorded; previews are one line of at most 160 characters."""

    n: int
    name: str
    is_error: bool
    error: str | None
    latency_ms: float | None
    started_us: int | None
    found_in: str
    call_id: str | None
    arguments_parse: bool
    arguments: Blocks
    result: Blocks | None
    arguments_preview: str
    result_preview: str


class DocumentRow(NamedTuple):
    """One document. ``turn`` is the index in the main thread of the first assistant message that could read it."""

    n: int
    source: str
    title: str | None
    doc_id: str | None
    score: float | None
    score_kind: str
    rank: int
    list_no: int
    stage: str
    inferred: bool
    updated_us: int | None
    turn: int | None
    blocks: Blocks
    query: str | None


class ScoreRow(NamedTuple):
    """One imported score."""

    name: str
    value_num: float | None
    value_text: str | None
    data_type: str
    source: str
    author: str | None
    comment: str | None
    target: str
    target_id: str | None


class HintRow(NamedTuple):
    """One finding of an automatic check."""

    kind: str
    evidence: str
    risk: bool


class Block(NamedTuple):
    """One piece of at most 64 KB, the unit of layout.

    ``look`` is how it is shown: ``prose`` (Markdown), ``json`` or ``rows`` (monospace). ``chars`` and ``lines`` (which
    counts newlines) are enough to guess a height before the text is read.
    """

    number: int
    part: str
    look: str
    chars: int
    lines: int


class Transcript:
    """A trace opened for reading. Building it costs the head alone; ``text`` unpacks one segment at a time."""

    of_session = False
    """Whether the traces of a session are read as one (``sessions.SessionTranscript``)."""

    def __init__(self, reader: Reader, about: About, head: dict[str, Any]) -> None:
        self._reader = reader
        self._head = head
        self._blocks = head.get("blocks", {})
        self._groups: OrderedDict[int, list[str]] = OrderedDict()
        self.about = about
        self.thread_titles: tuple[str, ...] = tuple(t["title"] for t in head.get("threads", ()))
        self.how: str = head.get("how", "")
        self.truncated: bool = head.get("truncated", False)
        self.tags: list[str] = head.get("tags", [])
        self.metadata: dict[str, Any] = head.get("metadata", {})
        self.retrievals: list[tuple[int, float | None]] = [(n, ms) for n, ms in head.get("retrievals", ())]
        """Documents and milliseconds of each retrieval step."""
        self._calls: list[CallRow] | None = None
        self._documents: list[DocumentRow] | None = None

    @property
    def content_hash(self) -> str:
        """Return the hash of what is read here: a coding is pinned to it."""
        return self.about.content_hash.hex()

    @property
    def threads(self) -> Iterable[int]:
        """Return the numbers of the threads in reading order; 0 is the main one."""
        return range(len(self.thread_titles))

    def count(self, thread: int = 0) -> int:
        """Return how many messages a thread has."""
        threads = self._head.get("threads", ())
        return len(threads[thread]["messages"]) if thread < len(threads) else 0

    def message(self, index: int, thread: int = 0) -> MessageRow:
        """Return one message of a thread."""
        role, name, ts_us, parts, calls, answers, call_id, span_id, finish = self._head["threads"][thread]["messages"][
            index
        ]
        rows = tuple(PartRow(kind, Blocks(first, count), mime) for kind, first, count, mime in parts)
        return MessageRow(role, name, ts_us, rows, tuple(calls), answers, call_id, span_id, finish)

    def messages(self, thread: int = 0) -> list[MessageRow]:
        """Return all messages of a thread, in order."""
        return [self.message(i, thread) for i in range(self.count(thread))]

    @property
    def block_count(self) -> int:
        """Return how many blocks the trace has."""
        return len(self._blocks.get("part", ()))

    def block(self, index: int) -> Block:
        """Return what is known of a block without reading its text."""
        b = self._blocks
        return Block(index, b["part"][index], b["look"][index], b["chars"][index], b["lines"][index])

    def text(self, number: int) -> str:
        """Return the stored text of one block."""
        group = self._blocks["group"][number]
        texts = self._groups.get(group)
        if texts is None:
            row = self._reader.db.execute(
                "SELECT body FROM segment WHERE trace = ? AND grp = ?", (self.about.n, group)
            ).fetchone()
            texts = self._groups[group] = json.loads(zstandard.ZstdDecompressor().decompress(row[0]))
            while len(self._groups) > OPEN_GROUPS:
                self._groups.popitem(last=False)
        text: str = texts[self._blocks["slot"][number]]
        return text

    def text_of(self, span: Blocks | None) -> str:
        """Return the stored text of a run of blocks, as it was imported."""
        return "".join(self.text(i) for i in range(span.first, span.first + span.size)) if span else ""

    def message_text(self, index: int, thread: int = 0) -> str:
        """Return what a message says: its text and refusal parts joined. Anchors count code points of this."""
        parts = self.message(index, thread).parts
        return "".join(self.text_of(p.blocks) for p in parts if p.kind in ("text", "refusal"))

    @property
    def calls(self) -> Sequence[CallRow]:
        """Return the tool calls, in the order of their numbers."""
        if self._calls is None:
            rows = self._reader.db.execute(CALLS, (self.about.n,)).fetchall()
            self._calls = [
                CallRow(n, name, bool(err), error, latency, started, found_in, call_id, parse, Blocks(*blocks[:2]),
                        Blocks(*blocks[2:4]) if has_result and len(blocks) == 4 else None, arguments, result)
                for (n, name, err, error, latency, started, has_result, found_in), (blocks, call_id, parse, arguments, result)
                in zip(rows, self._head.get("calls", ()), strict=False)
            ]  # fmt: skip
        return self._calls

    def has_call(self, number: int) -> bool:
        """Whether there is a tool call of that number."""
        return 0 <= number < len(self.calls)

    @property
    def documents(self) -> list[DocumentRow]:
        """Return the documents, in the order of their numbers."""
        if self._documents is None:
            rows = self._reader.db.execute(DOCUMENTS, (self.about.n,)).fetchall()
            places = zip(self._head.get("documents", ()), self._head.get("queries", ()), strict=True)
            self._documents = [
                DocumentRow._make((*row[:9], bool(row[9]), *row[10:], Blocks(*blocks), query))
                for row, (blocks, query) in zip(rows, places, strict=False)
            ]
        return self._documents

    def tools(self) -> list[dict[str, Any]]:
        """Return the tools that were offered, {name, description, parameters} each; none where that was not recorded."""
        row = self._reader.db.execute(TOOLS, (self.about.n,)).fetchone()
        tools: list[dict[str, Any]] = json.loads(row[0]) if row else []
        return tools

    def scores(self) -> list[ScoreRow]:
        """Return the scores that came with the data. Hidden from a blind reader until the coding is submitted."""
        return [ScoreRow(*row) for row in self._reader.db.execute(SCORES, (self.about.n,))]

    def hints(self) -> list[HintRow]:
        """Return what the automatic checks found."""
        return [
            HintRow(kind, evidence, bool(risk))
            for kind, evidence, risk in self._reader.db.execute(HINTS, (self.about.n,))
        ]


def within(number: int) -> int:
    """Return the number that a thread, block or call of a session has within its own trace."""
    return number & ((1 << BITS) - 1)


def find_trace(reader: Reader, own_or_native_id: str) -> TraceId:
    """Return the own id of a trace by its own or native id.

    Raises:
        UsageError: there is none, or the native id belongs to several traces.
    """
    rows = reader.db.execute(FIND, (own_or_native_id, own_or_native_id)).fetchall()
    if not rows:
        raise UsageError(f"There is no trace {own_or_native_id!r} here.", "List them with: reviewer traces.")
    if len({row[0] for row in rows}) > 1 and own_or_native_id not in {row[0] for row in rows}:
        raise UsageError(f"Several traces have the native id {own_or_native_id!r}.", "Use the own id of one of them.")
    return TraceId(own_or_native_id if own_or_native_id in {row[0] for row in rows} else rows[0][0])


def about(reader: Reader, trace: TraceId) -> About:
    """Return the narrow row of a trace."""
    row = reader.db.execute(ABOUT, (trace,)).fetchone()
    if row is None:
        raise UsageError(f"There is no trace {trace!r} here.", "List them with: reviewer traces.")
    return About(*row)


def open_transcript(reader: Reader, trace: TraceId) -> Transcript:
    """Open a trace for reading; a forgotten one opens empty."""
    row = about(reader, trace)
    body = reader.db.execute("SELECT body FROM head WHERE trace = ?", (row.n,)).fetchone()
    head = json.loads(zstandard.ZstdDecompressor().decompress(body[0])) if body else {}
    return Transcript(reader, row, head)
