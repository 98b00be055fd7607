"""Which result belongs to which tool call, and what TOOL spans add: results, times and errors.

Native ids may be missing, repeat or be wrong, so pairing goes by position first where a turn's results follow its
calls. A call without a result takes one from a TOOL span; TOOL spans that match no call become calls of their own.
"""

import re
from collections.abc import Iterable

from reviewer.model.trace import Message, Thread, ToolCall
from reviewer.sources.assemble.calls import arguments_text
from reviewer.sources.assemble.messages import to_messages
from reviewer.sources.assemble.spans import Span
from reviewer.sources.assemble.threads import canonical
from reviewer.sources.assemble.unjson import is_absent, unjson
from reviewer.sources.attributes import SPAN, first
from reviewer.sources.jsontext import dump

OUTSIDE = "Calls outside the messages"
"""Title of the thread that holds calls which only spans recorded."""


def pair(messages: list[Message]) -> None:
    """Join each tool message of a thread with the call it answers, and fill the calls' results.

    Fills ``Message.answers`` and ``ToolCall.result``, ``is_error`` and ``error``. Orphans stay as they are.
    """
    pending: list[ToolCall] = []
    i = 0
    while i < len(messages):
        message = messages[i]
        i += 1
        if message.role == "tool":
            _answer(message, _asked_before(message, pending), pending)
            continue
        if not message.calls:
            continue
        pending += message.calls
        results = _results_after(messages, i)
        if len(results) >= len(message.calls):
            for result, call in _matched(results[: len(message.calls)], message.calls):
                _answer(result, call, pending)
            i += len(message.calls)


def _results_after(messages: list[Message], start: int) -> list[Message]:
    end = start
    while end < len(messages) and messages[end].role == "tool":
        end += 1
    return messages[start:end]


def _matched(results: list[Message], calls: list[ToolCall]) -> list[tuple[Message, ToolCall]]:
    """Pair as many results as calls: by id where the ids are the same set without repeats, else by position."""
    by_id = {call.call_id: call for call in calls if call.call_id}
    ids = {result.call_id for result in results}
    if len(by_id) == len(calls) and ids == by_id.keys():
        return [(result, by_id[result.call_id or ""]) for result in results]
    return list(zip(results, calls, strict=True))


def _asked_before(message: Message, pending: list[ToolCall]) -> ToolCall | None:
    """Return the nearest open call with the same id, else with the same name."""
    if message.call_id:
        for call in reversed(pending):
            if call.call_id == message.call_id:
                return call
    if message.name:
        for call in reversed(pending):
            if call.name == message.name:
                return call
    return None


def _answer(message: Message, call: ToolCall | None, pending: list[ToolCall]) -> None:
    if call is None:
        return
    message.answers = call
    message.name = message.name or call.name
    call.result = message.text or "".join(part.text for part in message.parts)
    if message.is_error:
        call.is_error, call.error = True, call.result
    pending.remove(call)


def fill_from_spans(threads: list[Thread], spans: Iterable[Span]) -> int:
    """Fill calls from the TOOL spans that ran them; return how many failed attempts were tried again.

    A TOOL span belongs to a call by id, by name and equal arguments, or by name, in that order. Spans without a call
    (failed attempts before a retry among them) are added as a thread titled ``OUTSIDE``.
    """
    runs = _Runs(spans)
    retries = 0
    calls = [call for thread in threads for message in thread.messages for call in message.calls]
    if runs.open:
        retries = _match_all(calls, runs)
    rest = [span for span in runs.open if span.kind == "tool"]
    if rest:
        threads.append(Thread([_outside(span) for span in rest], OUTSIDE))
    return retries


class _Runs:
    """The spans that may have run tools, by name; those not yet matched are ``open``, by start."""

    def __init__(self, spans: Iterable[Span]) -> None:
        self.open: list[Span] = []
        self.by_name: dict[str, list[Span]] = {}
        for span in spans:
            if span.kind == "tool" or (span.kind in ("other", "chain") and not span.below and span.output is not None):
                self.open.append(span)
                self.by_name.setdefault(tool_name(span), []).append(span)

    def near(self, name: str) -> list[Span]:
        """Return the open leaves whose name holds a tool's name as a word (``tool.look`` for ``look``)."""
        word = re.compile(rf"(?<!\w){re.escape(name)}(?!\w)")
        return [span for span in self.open if span.kind != "tool" and name and word.search(span.name)]

    def take(self, span: Span) -> None:
        """Close a span: it was matched."""
        self.open.remove(span)
        named = self.by_name.get(tool_name(span))
        if named and span in named:
            named.remove(span)


def _match_all(calls: list[ToolCall], runs: _Runs) -> int:
    """Match calls to spans; return how many failed attempts stood before the one that counted."""
    by_id: dict[str, Span | None] = {}
    for span in runs.open:
        if native := call_id(span):
            by_id[native] = None if native in by_id else span  # an id that repeats says nothing
    waiting: dict[str, list[ToolCall]] = {}
    for call in calls:
        ran = by_id.get(call.call_id or "")
        if ran is not None:
            del by_id[call.call_id or ""]
            runs.take(ran)
            _fill(call, ran)
        else:
            waiting.setdefault(call.name, []).append(call)
    return sum(_match_named(name, queue, runs) for name, queue in waiting.items())


def _match_named(name: str, queue: list[ToolCall], runs: _Runs) -> int:
    """Match the calls of one tool to spans by arguments, then in order; return how many attempts failed before."""
    retries = 0
    candidates = list(runs.by_name.get(name, ()))
    if not candidates:
        # A span that only sounds like the tool may fill a gap; it must not speak against a recorded result.
        queue = [call for call in queue if call.result is None]
        candidates = runs.near(name) if queue else []
    left: list[ToolCall] = []
    arguments = {id(span): _span_arguments(span) for span in candidates}
    for i, call in enumerate(queue):
        wanted = canonical(call.arguments)
        equal = [span for span in candidates if arguments[id(span)] == wanted]
        later = sum(canonical(other.arguments) == wanted for other in queue[i + 1 :]) if len(equal) > 1 else 0
        while len(equal) > later + 1 and equal[0].status == "error":
            candidates.remove(equal.pop(0))  # stays open: a failed attempt, shown among the calls outside
            retries += 1
        if not equal:
            left.append(call)
            continue
        candidates.remove(equal[0])
        runs.take(equal[0])
        _fill(call, equal[0])
    for call, span in zip(left, candidates, strict=False):
        runs.take(span)
        _fill(call, span)
    return retries


def _fill(call: ToolCall, span: Span) -> None:
    call.found_in = "both"
    call.started_us = span.started_us
    call.latency_ms = span.latency_ms
    call.call_id = call.call_id or call_id(span)
    if call.result is None:
        call.result = result_text(span)
    if span.status == "error":
        call.is_error = True
        call.error = call.error or error_text(span)
    if span.shape.telling and (told := first(span.attrs, SPAN["fallback"])) is not None:
        call.fallback = told is True or str(told).lower() in ("true", "1", "yes")


def _outside(span: Span) -> Message:
    arguments, parse = arguments_text(_bare(unjson(span.input)) if span.input is not None else None)
    call = ToolCall(tool_name(span) or span.name, arguments, parse, call_id(span), found_in="span")
    _fill(call, span)
    call.found_in = "span"
    return Message("assistant", calls=[call], ts_us=span.started_us, span_id=span.span_id)


def tool_name(span: Span) -> str:
    """Return the name of the tool that a span ran."""
    held = first(span.attrs, SPAN["tool_name"])
    if held is None and isinstance(span.output, dict):
        held = span.output.get("name")
    return str(held or span.name)


def call_id(span: Span) -> str | None:
    """Return the native id of the call that a span ran, also where only its result names it."""
    held = first(span.attrs, SPAN["tool_call_id"])
    if held is None and (isinstance(span.output, dict) or "tool_call_id" in str(span.output)):
        held = _inside_id(unjson(span.output))
    return str(held) if held is not None else None


def _inside_id(result: object) -> object:
    if isinstance(result, dict):
        inner = result.get("kwargs") if isinstance(result.get("kwargs"), dict) else result
        return inner.get("tool_call_id") if isinstance(inner, dict) else None
    return None


def result_text(span: Span) -> str | None:
    """Return what the tool gave back, as text; None where nothing was recorded."""
    if is_absent(span.output):
        return None
    if isinstance(span.output, str) and span.output.lstrip()[:1] not in ("{", "[", '"'):
        return span.output
    result = unjson(span.output)
    if isinstance(result, dict) and ("content" in result or "kwargs" in result):
        messages, _ = to_messages(result, "tool")
        text = "\n".join(message.text for message in messages if message.text)
        if text:
            return text
    return result if isinstance(result, str) else span.output if isinstance(span.output, str) else dump(result)


def error_text(span: Span) -> str:
    """Return why a span failed: its exception, else its status message, else the type of error."""
    for log in span.logs:
        if log.name == "exception":
            kind, message = log.attrs.get("exception.type"), log.attrs.get("exception.message")
            return ": ".join(str(one) for one in (kind, message) if one)
    return span.status_message or str(first(span.attrs, SPAN["error"]) or "error")


def _span_arguments(span: Span) -> str:
    raw = span.input
    if isinstance(raw, str):
        if not raw.startswith('{"input"'):
            return canonical(raw)
        raw = unjson(raw)
    return canonical(dump(_bare(raw)))


def _bare(raw: object) -> object:
    """Return arguments without the wrapper that says they are the input."""
    if isinstance(raw, dict) and raw.keys() == {"input"} and isinstance(raw["input"], (dict, str)):
        inner = unjson(raw["input"])
        return inner if isinstance(inner, dict) else raw
    return raw
