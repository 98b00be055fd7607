"""Documents: what was retrieved, reranked, attached or cited, and when the model could first read it.

Recorded retrievals come from spans, at the places of the attribute table. Where nothing was recorded, a retriever's
output or a tool's result is taken for documents if it has their shape; these are marked ``inferred``.
"""

from bisect import bisect_left
from collections.abc import Iterable
from typing import Any, Literal

from reviewer.model.trace import Document, Message, Retrieval, Trace
from reviewer.sources.assemble.spans import Span
from reviewer.sources.assemble.unjson import unjson
from reviewer.sources.attributes import DOCUMENT, DOCUMENTS, SPAN, Place, Stage, first
from reviewer.sources.jsontext import dump
from reviewer.sources.times import moment_us

_MARKS = frozenset(DOCUMENT["marks"])
_UPDATED = frozenset(DOCUMENT["updated"])
_TEXTS = frozenset(DOCUMENT["text"])
_MOST = 1000
"""Documents of one list that are taken; nobody reads more, and a list can be a whole table."""


def add_documents(trace: Trace, spans: list[Span], started: dict[str, int | None]) -> None:
    """Add the documents and retrievals of a trace, recorded ones first, then those inferred from tool results.

    ``started`` gives the start of each span by its id, for telling which assistant message could read a document.
    """
    turns = _Turns(trace.main, started)
    for span in spans:
        if span.kind in ("retriever", "reranker") or span.shape.documents or span.logs:
            _add_from_span(trace, span, turns)
    infer_from_results(trace)


def _add_from_span(trace: Trace, span: Span, turns: "_Turns") -> None:
    lists = _recorded(span)
    inferred = False
    if not lists and span.kind in ("retriever", "reranker") and span.output is not None:
        lists, inferred = [("retrieved", found)] if (found := documents_in(unjson(span.output))) else [], True
    if span.kind == "retriever":
        trace.retrievals.append(Retrieval(sum(len(raws) for _, raws in lists), span.latency_ms))
    if not lists:
        return
    turn = turns.after(span.ended_us)
    query = _query(span)
    for stage, raws in lists:
        add_list(trace, raws, stage=stage, query=query, inferred=inferred, turn=turn, span=span)


def _recorded(span: Span) -> list[tuple[Stage, list[dict[str, Any]]]]:
    found: list[tuple[Stage, list[dict[str, Any]]]] = []
    if not span.shape.documents and not span.logs:
        return found
    for place in DOCUMENTS:
        raws = _at(span, place)
        if raws:
            found.append((place.stage, raws))
    return found


def _at(span: Span, place: Place) -> list[dict[str, Any]]:
    if place.flat:
        return _as_objects(span.shape.items(span.attrs, place.flat)) if place.flat in span.shape.flat else []
    if place.log:
        prefix = place.log + "."
        return [
            {key.removeprefix(prefix): value for key, value in log.attrs.items()}
            for log in span.logs
            if log.name == place.log
        ]
    value = unjson(span.attrs.get(place.attribute))
    return _as_objects(map(unjson, value)) if isinstance(value, list) else []


def _as_objects(raws: Iterable[Any]) -> list[dict[str, Any]]:
    """Return raw documents as objects: a bare text is a document that is only text."""
    return [raw if isinstance(raw, dict) else {"text": str(raw)} for raw in raws if raw is not None]


def _query(span: Span) -> str | None:
    held = first(span.attrs, SPAN["query"])
    value = unjson(held if held is not None else span.input)
    if isinstance(value, dict):
        value = first(value, DOCUMENT["query"])
    return value if isinstance(value, str) and value else None


def add_list(
    trace: Trace,
    raws: list[dict[str, Any]],
    *,
    stage: Stage = "retrieved",
    query: str | None = None,
    inferred: bool = False,
    turn: int | None = None,
    span: Span | None = None,
) -> None:
    """Add one list of documents to a trace; ranks count from 0, the list gets the next free number."""
    list_no = trace.documents[-1].list_no + 1 if trace.documents else 0
    for rank, raw in enumerate(raws[:_MOST]):
        document = _document(raw)
        document.rank, document.list_no, document.stage, document.query = rank, list_no, stage, query
        document.inferred, document.turn = inferred, turn
        document.span_id = span.span_id if span else None
        trace.documents.append(document)


def _document(raw: dict[str, Any]) -> Document:
    raw = _opened(raw)
    metadata = unjson(first(raw, DOCUMENT["metadata"]))
    metadata = metadata if isinstance(metadata, dict) else {}
    text = first(raw, DOCUMENT["text"])
    doc_id = _first_of(raw, metadata, "id")
    # The metadata's source comes first: the document's own id or title is easily mistaken for it.
    source = _first_of(metadata, raw, "source")
    source = doc_id if source is None else source
    title = _first_of(raw, metadata, "title")
    document = Document(text if isinstance(text, str) else "" if text is None else dump(text))
    document.source = str(source) if source is not None else ""
    document.title = str(title) if title is not None else None
    document.doc_id = str(doc_id) if doc_id is not None else None
    document.score, document.score_kind = _score(raw, metadata)
    if not _UPDATED.isdisjoint(metadata):
        document.updated_us = moment_us(first(metadata, DOCUMENT["updated"]))
    return document


def _first_of(one: dict[str, Any], other: dict[str, Any], meaning: str) -> Any:
    held = first(one, DOCUMENT[meaning])
    return held if held is not None else first(other, DOCUMENT[meaning])


def _opened(raw: dict[str, Any]) -> dict[str, Any]:
    """Return a document without its wrapper: a LlamaIndex node with its score, a LangChain constructor."""
    inner = raw.get("node", raw.get("kwargs"))
    if isinstance(inner, dict):
        return {**inner, "score": raw.get("score", inner.get("score"))}
    return raw


def _score(
    raw: dict[str, Any], metadata: dict[str, Any]
) -> tuple[float | None, Literal["similarity", "distance", "rerank", "unknown"]]:
    for held in (raw, metadata):
        score = _number(first(held, DOCUMENT["score"]))
        if score is not None:
            return score, "unknown"
        distance = _number(first(held, DOCUMENT["distance"]))
        if distance is not None:
            return distance, "distance"
    return None, "unknown"


def _number(value: Any) -> float | None:
    if isinstance(value, str):
        try:
            value = float(value)
        except ValueError:
            return None
    return float(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else None


def documents_in(value: Any, depth: int = 3) -> list[dict[str, Any]]:
    """Return the documents that a value holds by its shape: a list of texts with a source, or a dict around it."""
    if isinstance(value, dict) and depth:
        for key in DOCUMENT["lists"]:
            inner = unjson(value[key]) if key in value else None
            if isinstance(inner, (list, dict)) and (found := documents_in(inner, depth - 1)):
                return found
        return []
    if not isinstance(value, list) or not value:
        return []
    opened = [_opened(item) if isinstance(item, dict) else {} for item in value]
    return opened if all(_looks_like_document(item) for item in opened) else []


def _looks_like_document(item: dict[str, Any]) -> bool:
    if not any(isinstance(item.get(key), str) for key in _TEXTS & item.keys()):
        return False
    return isinstance(item.get("metadata"), dict) or any(item[key] is not None for key in _MARKS & item.keys())


def infer_from_results(trace: Trace) -> None:
    """Add the documents that tool results hold by their shape, marked as inferred."""
    for thread_no, thread in enumerate(trace.threads):
        for i, message in enumerate(thread.messages):
            for call in message.calls:
                if call.result and call.result.lstrip()[:1] in ("[", "{"):
                    found = documents_in(unjson(call.result))
                    if found:
                        turn = _next_assistant(thread.messages, i + 1) if thread_no == 0 else None
                        add_list(trace, found, inferred=True, turn=turn)


def add_attached(trace: Trace) -> None:
    """Add the documents that stand in messages: attached ones, and the passages that an answer cites."""
    stages: tuple[tuple[str, Stage], ...] = (("document", "attached"), ("citation", "cited"))
    for thread_no, thread in enumerate(trace.threads):
        for i, message in enumerate(thread.messages):
            for kind, stage in stages:
                raws = [{"text": part.text} for part in message.parts if part.kind == kind]
                if raws:
                    start = i + (message.role != "assistant")
                    turn = _next_assistant(thread.messages, start) if thread_no == 0 else None
                    add_list(trace, raws, stage=stage, turn=turn)


def _next_assistant(messages: list[Message], start: int) -> int | None:
    return next((i for i in range(start, len(messages)) if messages[i].role == "assistant"), None)


class _Turns:
    """The assistant messages of the main thread by the start of the call that produced them."""

    def __init__(self, messages: list[Message], started: dict[str, int | None]) -> None:
        self.starts: list[int] = []
        self.places: list[int] = []
        for i, message in enumerate(messages):
            at = started.get(message.span_id) if message.role == "assistant" and message.span_id else None
            if at is not None and (not self.starts or at > self.starts[-1]):
                self.starts.append(at)
                self.places.append(i)

    def after(self, moment: int | None) -> int | None:
        """Return the place of the first message whose making began at a moment or later."""
        if moment is None:
            return None
        at = bisect_left(self.starts, moment)
        return self.places[at] if at < len(self.places) else None
