"""Plain records: an id, an input and an output, with a name, metadata and spans if there are any."""

from collections.abc import Iterator, Sequence
from typing import Any

from reviewer.model.trace import Thread, Trace
from reviewer.sources.assemble.about import describe, recorded_scores
from reviewer.sources.assemble.messages import to_messages
from reviewer.sources.building import Refused, build_each, what_it_is
from reviewer.sources.identity import Unnamed, native_id
from reviewer.sources.jsontext import Warn
from reviewer.sources.reading import Stored
from reviewer.sources.records import Found, Guess, Note, Value

NAMES = ("plain",)
KIND = "plain"


def looks_like(head: Sequence[Value], name: str) -> Guess | None:
    """Return a guess if a record has an input or an output, and an id or both of them."""
    for value in head:
        record = value.value
        if isinstance(record, dict) and len({"id", "input", "output"} & record.keys()) >= 2:
            return Guess("plain", "records with id, input and output")
    return None


def read(stored: Stored, note: Note) -> Iterator[Found]:
    """Yield a trace for every record."""
    unnamed = Unnamed()

    def build(record: Any, warn: Warn) -> Trace:
        return _trace(record, unnamed, warn)

    yield from build_each(stored.name, stored.values(note, checked=True), note, build)


def _trace(record: Any, unnamed: Unnamed, warn: Warn) -> Trace:
    if not isinstance(record, dict):
        raise Refused(f"{what_it_is(record)} is no record")
    given, answered = record.get("input"), record.get("output")
    if given is None and answered is None:
        raise Refused("the record has neither input nor output")
    messages = to_messages(given, "user")[0] + to_messages(answered, "assistant")[0]
    trace = Trace(
        KIND, native_id(record.get("id")) or unnamed.name([given, answered]), "plain", threads=[Thread(messages)]
    )
    describe(trace, record, warn)
    trace.scores += recorded_scores(record)
    trace.transcript_how = "input and output"
    spans = record.get("spans")
    if isinstance(spans, list) and spans:
        trace.metadata["spans"] = spans
        for warning in _broken(spans):
            warn(warning)
    return trace


def _broken(spans: list[Any]) -> list[str]:
    """Return what is wrong with the tree that spans make: cycles and parents that are not there."""
    parents = {
        str(span["id"]): str(span["parent_id"]) if span.get("parent_id") is not None else None
        for span in spans
        if isinstance(span, dict) and span.get("id") is not None
    }
    missing = sum(1 for parent in parents.values() if parent is not None and parent not in parents)
    told = [f"{missing} spans name a parent that is not there: they stand at the root"] if missing else []
    safe: set[str] = set()
    for start in parents:
        walked: list[str] = []
        on_walk: set[str] = set()
        at: str | None = start
        while at is not None and at in parents and at not in safe and at not in on_walk:
            walked.append(at)
            on_walk.add(at)
            at = parents[at]
        if at in on_walk:
            told.append(f"the spans run in a circle at {at!r}: they stand at the root")
        safe.update(walked)
    return told
