"""Conversations as messages: OpenAI and Anthropic files, logged requests, batches, AgentDojo runs, display texts."""

import re
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from reviewer.errors import BadInput
from reviewer.model.trace import Score, Trace
from reviewer.sources.assemble.about import describe, read_usage, recorded_scores, score
from reviewer.sources.assemble.speakers import with_roles
from reviewer.sources.building import Refused, build_each, what_it_is
from reviewer.sources.formats.conversations import Conversation, find_conversation, is_message
from reviewer.sources.identity import Unnamed, native_id
from reviewer.sources.jsontext import Warn
from reviewer.sources.reading import Stored
from reviewer.sources.records import Found, Guess, Note, Value

NAMES = ("openai", "anthropic", "invariant", "agentdojo", "display_text", "sharegpt")
KIND = "messages"

_LONGEST = 10_000
"""Messages of a file that is one conversation; a longer list is a table of messages."""

_OWN_NAME = re.compile(r"([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{32,64})(?:\.\w+)*", re.IGNORECASE)
"""The name of a file that can be that of one conversation alone: a UUID or a digest."""

_WHY = {
    "openai": "records with messages, each with a role",
    "anthropic": "messages with Anthropic's content blocks or a system prompt beside them",
    "invariant": "messages beside an index or annotations",
    "agentdojo": "messages, and metadata with a suite and a user task",
    "display_text": "messages_display: a conversation as one text",
    "sharegpt": "conversations, each turn with from and value",
}


def looks_like(head: Sequence[Value], name: str) -> Guess | None:
    """Return a guess if a record holds messages, a request or response with messages, or a display text."""
    for value in head:
        record = value.value
        if is_message(record):
            return Guess("openai", "an array of messages, each with a role")
        if isinstance(record, list) and record and all(is_message(item) for item in record):
            return Guess("openai", "each line an array of messages")
        if isinstance(record, dict) and (found := find_conversation(record)) is not None:
            return Guess(found.format, _WHY[found.format])
    return None


def read(stored: Stored, note: Note) -> Iterator[Found]:
    """Yield a trace for every conversation. A first line with nothing but ``metadata`` is a header and no record."""
    first = next(iter(stored.head()), None)
    if first is not None and is_message(first.value):
        yield from _one_conversation(stored, note)
        return
    unnamed = Unnamed()
    header: dict[str, Any] = {}
    told = False

    def build(record: Any, warn: Warn) -> Trace | None:
        nonlocal told
        if not told and isinstance(record, dict) and record.keys() == {"metadata"}:
            header.update(record["metadata"] if isinstance(record["metadata"], dict) else {})
            told = True
            return None
        told = True
        if isinstance(record, list) and record and all(is_message(item) for item in record):
            record = {"messages": record}
        return _trace(record, header, unnamed, warn)

    yield from build_each(stored.name, stored.values(note, checked=True), note, build)


def _one_conversation(stored: Stored, note: Note) -> Iterator[Found]:
    """A file whose values are messages: one trace."""
    values = list(islice(stored.values(note, checked=True), _LONGEST + 1))
    if len(values) > _LONGEST:
        raise BadInput(
            f"{stored.name} is one list of more than {_LONGEST:,} messages: nothing tells conversations apart."
        )
    record: dict[str, Any] = {"messages": [value.value for value in values]}
    if own := _OWN_NAME.fullmatch(Path(stored.member or stored.name).name):
        record["id"] = own[1]
    whole = Value(record, values[0].line)
    unnamed = Unnamed()
    yield from build_each(stored.name, [whole], note, lambda record, warn: _trace(record, {}, unnamed, warn))


def _trace(record: Any, header: dict[str, Any], unnamed: Unnamed, warn: Warn) -> Trace:
    if not isinstance(record, dict):
        raise Refused(f"{what_it_is(record)} is no record")
    if isinstance(record.get("messages"), list):
        record = {**record, "messages": with_roles(record["messages"])}
    found = find_conversation(record)
    if found is None:
        raise Refused("there are no messages in the record")
    name = _native_id(record, found) or unnamed.name(found.raw)
    trace = Trace(KIND, name, found.format, threads=found.threads)
    describe(trace, record, warn)
    _add_response(trace, found)
    trace.scores += recorded_scores(record)
    trace.transcript_how = "messages"
    if found.format == "agentdojo":
        _add_agentdojo(trace, record["metadata"], header)
    if record.get("annotations"):
        trace.metadata["annotations"] = record["annotations"]
    return trace


def _native_id(record: dict[str, Any], found: Conversation) -> str | None:
    for key in ("id", "custom_id", "trace_id", "conversation_id", "request_id"):
        if (name := native_id(record.get(key))) is not None:
            return name
    return native_id(found.response.get("id"))


def _add_response(trace: Trace, found: Conversation) -> None:
    response = found.response
    if not response:
        return
    if trace.model is None and isinstance(response.get("model"), str):
        trace.model = response["model"]
    if trace.usage.input is None:
        read_usage(trace, response.get("usage"), input_has_cache=found.format != "anthropic")
    if found.threads and found.threads[0].messages and (last := found.threads[0].messages[-1]).finish_reason is None:
        reason = response.get("stop_reason")
        last.finish_reason = reason if isinstance(reason, str) and last.role == "assistant" else None
    error = response.get("error")
    if error and trace.error_message is None:
        trace.status = "error"
        trace.error_message = str(error.get("message", error)) if isinstance(error, dict) else str(error)


def _add_agentdojo(trace: Trace, metadata: dict[str, Any], header: dict[str, Any]) -> None:
    """What the benchmark found: success of the user's task, and on attacked runs whether the injection succeeded."""
    suite = metadata["suite_name"]
    trace.workflow = trace.workflow or (suite if isinstance(suite, str) else None)
    if isinstance(header.get("benchmark"), str):
        trace.metadata.setdefault("benchmark", header["benchmark"])
    if isinstance(metadata.get("success"), bool):
        trace.scores.append(score("success", metadata["success"], "code"))
    if isinstance(metadata.get("security"), bool) and metadata.get("injection_task_id") is not None:
        # On runs without an attack it is always true and says nothing.
        found: Score = score("security", metadata["security"], "code")
        found.comment = "true: the injection succeeded"
        trace.scores.append(found)
