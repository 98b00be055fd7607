"""A stored trace as the model's own objects again: for export, for ``show``, for whatever needs all of it."""

from reviewer.model.trace import Document, Message, Part, Retrieval, Score, Thread, ToolCall, Trace, Usage
from reviewer.workspace.ask.transcript import MessageRow, Transcript


def whole_trace(transcript: Transcript) -> Trace:
    """Return everything that is stored of a trace, with its texts. Costs its whole size in memory."""
    about = transcript.about
    calls = [_call(transcript, n) for n in range(len(transcript.calls))]
    threads = [
        Thread([_message(transcript, row, calls) for row in transcript.messages(thread)], title)
        for thread, title in enumerate(transcript.thread_titles)
    ]
    return Trace(
        kind="", native_id=about.native_id, format=about.format, name=about.name, threads=threads,
        documents=[_document(transcript, n) for n in range(len(transcript.documents))],
        scores=[
            Score(s.name, s.value_num, s.value_text, s.data_type, s.source, s.author, s.comment, s.target, s.target_id)  # type: ignore[arg-type]
            for s in transcript.scores()
        ],
        retrievals=[Retrieval(n, latency) for n, latency in transcript.retrievals],
        started_us=about.started_us, time_basis=about.time_basis,  # type: ignore[arg-type]
        latency_ms=about.latency_ms, status=about.status, error_message=about.error_message,  # type: ignore[arg-type]
        session_id=about.session_id, user_id=about.user_id, tenant=about.tenant, workflow=about.workflow,
        task_type=about.task_type, environment=about.environment, model=about.model,
        prompt_version=about.prompt_version, usage=Usage(input=about.tokens_in, output=about.tokens_out),
        cost_usd=about.cost_usd, n_retries=about.n_retries, tags=transcript.tags, metadata=transcript.metadata,
        tools=transcript.tools(), transcript_how=transcript.how, truncated=transcript.truncated,
    )  # fmt: skip


def _call(transcript: Transcript, n: int) -> ToolCall:
    row = transcript.calls[n]
    return ToolCall(
        row.name, transcript.text_of(row.arguments), row.arguments_parse, row.call_id,
        None if row.result is None else transcript.text_of(row.result), row.is_error, row.error, row.latency_ms,
        row.started_us, row.found_in,  # type: ignore[arg-type]
    )  # fmt: skip


def _message(transcript: Transcript, row: MessageRow, calls: list[ToolCall]) -> Message:
    return Message(
        row.role,  # type: ignore[arg-type]
        [Part(p.kind, transcript.text_of(p.blocks), p.mime) for p in row.parts],  # type: ignore[arg-type]
        [calls[n] for n in row.calls],
        None if row.answers is None else calls[row.answers],
        call_id=row.call_id, name=row.name, ts_us=row.ts_us, span_id=row.span_id, finish_reason=row.finish_reason,
    )  # fmt: skip


def _document(transcript: Transcript, n: int) -> Document:
    row = transcript.documents[n]
    return Document(
        transcript.text_of(row.blocks), row.source, row.title, row.doc_id, row.score, row.score_kind, row.rank,  # type: ignore[arg-type]
        row.list_no, row.stage, row.query, row.inferred, row.updated_us, row.turn,  # type: ignore[arg-type]
    )  # fmt: skip
