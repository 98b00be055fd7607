"""The calls of models in one trace, joined into threads: each call repeats the history, which must be read once.

Two calls belong to one thread when what users said in the first begins what users said in the second. Messages are
compared by role, text without white space and tool calls; never by ids or times. Nothing that was said is lost:
where a history was rewritten, the older messages stay where they stood.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Any

import orjson

from reviewer.model.trace import Message
from reviewer.sources.assemble.quick import read_messages
from reviewer.sources.assemble.spans import Span
from reviewer.sources.assemble.unjson import unjson

Key = tuple[str, str, tuple[tuple[str, str], ...]]
UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
VARYING = re.compile(rf"{UUID.pattern}|\d+", re.IGNORECASE)
_ALIGN_LIMIT = 250_000
"""Product of two lengths up to which histories are aligned exactly."""


@dataclass(slots=True, eq=False)
class Exchange:
    """One call of a model: its decoded input, and its answer as messages."""

    span: Span
    raw: Any
    raw_answer: Any
    answer: list[Message]
    output_quality: int
    _asked: tuple[list[Message], int] | None = None

    @property
    def asked(self) -> list[Message]:
        """Return the input as messages; worked out once, and only if asked for."""
        return self._read_input()[0]

    @property
    def quality(self) -> int:
        """Return how well the call was recorded: input and output, and whether the calls of tools are there."""
        return self._read_input()[1] + self.output_quality + any(message.calls for message in self.answer)

    def _read_input(self) -> tuple[list[Message], int]:
        if self._asked is None:
            messages, quality = read_messages(self.raw, "user")
            self._asked = spoken(messages), quality
        return self._asked


@dataclass(slots=True, eq=False)
class Strand:
    """A thread while it grows. ``raw`` is the newest input, which ``before`` holds as messages; ``answer`` follows,
    which ``raw_answer`` was read from."""

    span: Span
    raw: Any
    raw_answer: Any
    before: list[Message]
    answer: list[Message]
    users: list[str] = field(default_factory=list)

    @property
    def messages(self) -> list[Message]:
        """Return the whole thread in order."""
        return self.before + self.answer


def exchanges(spans: Iterable[Span]) -> list[Exchange]:
    """Return the calls of models to show, by start: of a wrapper and the calls inside it the better recorded side."""
    calls = [exchange(span) for span in spans if span.kind == "llm"]
    inside: dict[int, list[Exchange]] = {}
    models = {id(call.span) for call in calls}
    for call in calls:
        outer = [above for above in call.span.ancestors() if id(above) in models]
        if outer:
            inside.setdefault(id(outer[0]), []).append(call)
    if not inside:
        return calls
    return _without_doubles(calls, inside)


def spoken(messages: list[Message]) -> list[Message]:
    """Return the messages that say or call anything; an empty tool message is an empty result and stays."""
    return [message for message in messages if message.parts or message.calls or message.role == "tool"]


def exchange(span: Span) -> Exchange:
    """Return the call of a model that a span records."""
    raw_answer = _candidate(unjson(span.output))
    messages, quality = read_messages(raw_answer, "assistant")
    answer = spoken(messages)
    for message in answer:
        message.span_id = span.span_id
        message.ts_us = span.ended_us
    return Exchange(span, unjson(span.input), raw_answer, answer, quality)


def _candidate(output: Any) -> Any:
    """Return the content of one of Gemini's candidates that stands alone, with its finish reason."""
    if isinstance(output, dict) and isinstance(content := output.get("content"), dict) and "parts" in content:
        return {**content, "finish_reason": output.get("finish_reason") or output.get("finishReason")}
    return output


def _without_doubles(calls: list[Exchange], inside: dict[int, list[Exchange]]) -> list[Exchange]:
    dropped: set[int] = set()
    for call in calls:
        inner = inside.get(id(call.span))
        if inner is None or id(call) in dropped:
            continue
        if call.quality >= max(one.quality for one in inner):
            pending = list(inner)
            while pending:
                one = pending.pop()
                dropped.add(id(one))
                pending += inside.get(id(one.span), [])
        else:
            dropped.add(id(call))
    return [call for call in calls if id(call) not in dropped]


def weave(calls: Iterable[Exchange]) -> list[Strand]:
    """Return the threads that the calls form, the first begun first."""
    strands: list[Strand] = []
    for call in calls:
        if call.raw is None and not call.answer:
            continue
        if not _continued_raw(strands, call):
            _continued(strands, call)
    return strands


def _continued_raw(strands: list[Strand], call: Exchange) -> bool:
    """Continue the thread whose raw input begins this call's raw input: the usual case, nothing is read twice."""
    raw = call.raw
    if not isinstance(raw, list):
        return False
    for strand in reversed(strands):
        known = strand.raw
        if strand.users and isinstance(known, list) and known and _begins_with(raw, known):
            tail = raw[len(known) :]
            at = _place_of(strand.raw_answer, tail)
            if at is None:
                addition = _tail_messages(tail, call.span)
                strand.before += merged(strand.answer, addition)
            else:
                behind = _tail_messages(tail[at + len(strand.raw_answer) :], call.span)
                addition = [*_tail_messages(tail[:at], call.span), *strand.answer, *behind]
                strand.before += addition
            strand.users += users_of(addition)
            _renew(strand, call)
            return True
    return False


def _begins_with(raw: list[Any], known: list[Any]) -> bool:
    """Whether a raw input repeats a known one; the first message may be a system text with another time in it."""
    if raw[: len(known)] == known:
        return True
    if len(raw) < len(known) or raw[1 : len(known)] != known[1:]:
        return False
    one, other = raw[0], known[0]
    if not isinstance(one, dict) or not isinstance(other, dict) or {one.get("role"), other.get("role")} != {"system"}:
        return False
    mine, theirs = one.get("content"), other.get("content")
    return isinstance(mine, str) and isinstance(theirs, str) and masked(mine) == masked(theirs)


def _place_of(answer: Any, tail: list[Any]) -> int | None:
    """Return where a raw answer stands, letter by letter, in what follows the known history."""
    if isinstance(answer, list) and answer:
        for at in range(len(tail) - len(answer) + 1):
            if tail[at : at + len(answer)] == answer:
                return at
    return None


def _tail_messages(raw: list[Any], span: Span) -> list[Message]:
    messages = spoken(read_messages(raw, "user")[0]) if raw else []
    _stamp(messages, span)
    return messages


def _continued(strands: list[Strand], call: Exchange) -> None:
    asked = call.asked
    _stamp(asked, call.span)
    roles = {message.role for message in asked}
    strand: Strand | None
    if not roles & {"system", "user", "tool"}:
        strand = _latest(strands, call.span)
        addition = [*asked]
    elif "user" not in roles and "tool" in roles and (strand := _asking(strands, asked)) is not None:
        addition = asked
    else:
        strand = _same_users(strands, users_of(asked))
        addition = []
    if strand is None:
        strands.append(Strand(call.span, call.raw, None, [*asked], [], users_of(asked)))
        _renew(strands[-1], call)
        return
    before = strand.messages
    strand.before = before + addition if addition or not asked else merged(before, asked)
    strand.users = users_of(strand.before)
    _renew(strand, call)


def _renew(strand: Strand, call: Exchange) -> None:
    if strand.before and call.answer:
        last, first = strand.before[-1], call.answer[0]
        if last.role == first.role and key_of(last) == key_of(first):
            strand.before.pop()
    strand.answer, strand.raw_answer = call.answer, call.raw_answer
    if call.raw is not None:
        strand.raw = call.raw


def _stamp(messages: list[Message], span: Span) -> None:
    for message in messages:
        if message.ts_us is None:
            message.ts_us = span.started_us


def _latest(strands: list[Strand], span: Span) -> Strand | None:
    """Return the newest thread below the same parent, else the newest."""
    beside = (strand for strand in reversed(strands) if strand.span.above is span.above)
    return next(beside, strands[-1] if strands else None)


def _asking(strands: list[Strand], results: list[Message]) -> Strand | None:
    """Return the thread whose last message made the calls that these results answer."""
    answered = {message.call_id for message in results if message.call_id}
    for strand in reversed(strands):
        last = strand.answer[-1] if strand.answer else None
        if last is not None and any(call.call_id in answered for call in last.calls):
            return strand
    return None


def _same_users(strands: list[Strand], users: list[str]) -> Strand | None:
    fitting = [strand for strand in strands if strand.users and users[: len(strand.users)] == strand.users]
    return max(reversed(fitting), key=lambda strand: len(strand.users), default=None)


def users_of(messages: Iterable[Message]) -> list[str]:
    """Return what users said, without white space."""
    return [squeezed(message.text) for message in messages if message.role == "user"]


def squeezed(text: str) -> str:
    """Return a text without any white space, for comparing."""
    return "".join(text.split())


@lru_cache(maxsize=32)
def masked(text: str) -> str:
    """Return a text with digits and uuids masked: prompts often hold the time, and are the same prompt still."""
    return VARYING.sub("0", text)


def key_of(message: Message) -> Key:
    """Return what makes two messages the same: role, what is shown, and the calls with their arguments."""
    said = "".join(part.text for part in message.parts if part.kind != "reasoning")
    calls = tuple((call.name, canonical(call.arguments)) for call in message.calls)
    return message.role, masked(said) if message.role == "system" else squeezed(said), calls


@lru_cache(maxsize=32)
def canonical(arguments: str) -> str:
    """Return JSON text in one spelling, so that equal arguments compare equal; other text as it stands."""
    try:
        return orjson.dumps(orjson.loads(arguments), option=orjson.OPT_SORT_KEYS).decode()
    except (orjson.JSONDecodeError, orjson.JSONEncodeError, UnicodeEncodeError):
        return arguments


def merged(old: list[Message], new: list[Message]) -> list[Message]:
    """Return both histories as one: what both hold once (the older object), the rest where it stood."""
    if not old or not new:
        return old + new
    if len(old) == 1:
        return _with_one(old[0], new)
    old_keys, new_keys = [key_of(message) for message in old], [key_of(message) for message in new]
    same = 0
    while same < min(len(old), len(new)) and old_keys[same] == new_keys[same]:
        _enrich(old[same], new[same])
        same += 1
    if same == len(old):
        return old + new[same:]
    if len(old) * len(new) > _ALIGN_LIMIT:
        known = set(old_keys)
        return old + [message for message, key in zip(new, new_keys, strict=True) if key not in known]
    out: list[Message] = []
    for how, a, b, c, d in SequenceMatcher(None, old_keys, new_keys, autojunk=False).get_opcodes():
        out += old[a:b]
        if how == "equal":
            for mine, theirs in zip(old[a:b], new[c:d], strict=True):
                _enrich(mine, theirs)
        else:
            out += new[c:d]
    return out


def _with_one(message: Message, new: list[Message]) -> list[Message]:
    """Return a history with one known message in its place: the usual case, a lone answer."""
    key = key_of(message)
    for i, other in enumerate(new):
        if other.role == message.role and len(other.calls) == len(message.calls) and key_of(other) == key:
            _enrich(message, other)
            return [*new[:i], message, *new[i + 1 :]]
    return [message, *new]


def _enrich(message: Message, again: Message) -> None:
    """Take from a repeated message what the first one lacks."""
    message.call_id = message.call_id or again.call_id
    message.name = message.name or again.name
    for call, other in zip(message.calls, again.calls, strict=False):
        call.call_id = call.call_id or other.call_id
