"""The transcript of a trace: which thread is the main one, and what the root span must add to it.

Instrumentations lose different things. The messages of model calls are best; where an agent span holds a longer
history that one is taken; where nothing was recorded as messages, the root's input and output must do.
"""

from dataclasses import dataclass
from typing import Any

from reviewer.model.trace import Message, Thread
from reviewer.sources.assemble.messages import PLAIN, STRUCTURED, to_messages
from reviewer.sources.assemble.spans import Span, Tree
from reviewer.sources.assemble.threads import Strand, exchanges, key_of, merged, squeezed, users_of, weave
from reviewer.sources.assemble.unjson import is_absent
from reviewer.sources.attributes import SPAN, first

ROUTING = frozenset(("__end__", "end", "continue"))
"""Outputs that name the next step of a graph and say nothing to a user."""

_COMPARED = 150
"""Characters of two texts that must agree where one contains the other."""


@dataclass(slots=True, eq=False)
class RootWords:
    """What the trace as a whole was asked and answered; ``asked_quality`` as ``to_messages`` gives it."""

    asked: list[Message]
    asked_quality: int
    answered: list[Message]
    answered_quality: int

    @property
    def user_text(self) -> str:
        """Return what the user said last, squeezed; empty where no user spoke."""
        return next((squeezed(m.text) for m in reversed(self.asked) if m.role == "user"), "")

    @property
    def answer_text(self) -> str:
        """Return what was answered last, squeezed."""
        return next((squeezed(m.text) for m in reversed(self.answered) if m.role == "assistant"), "")


def transcript(tree: Tree, given_input: Any = None, given_output: Any = None) -> tuple[list[Thread], str]:
    """Return the threads of a trace, the main one first, and how they were found (``llm-threads+root-output``).

    ``given_input`` and ``given_output`` are what the format says of the whole trace, raw; they come before the root's.
    """
    strands = weave(exchanges(tree.spans))
    root = _root_words(tree, given_input, given_output)
    others: list[Thread] = []
    messages: list[Message] = []
    how = "root-io"
    if strands:
        main = _main(strands, root)
        messages, how = main.messages, "llm-threads"
        others = [Thread(one.messages, _title(one.span)) for one in strands if one is not main]
    histories = _agent_histories(tree)
    if histories:
        messages, how = _with_history(messages, how, histories, others)
    if not messages:
        messages = root.asked + root.answered
    elif how == "llm-threads":
        messages, how = _repaired(messages, root, how)
    threads = [Thread(messages), *others] if messages or others else []
    return threads, how


def _root_words(tree: Tree, given_input: Any, given_output: Any) -> RootWords:
    top = tree.root
    if is_absent(top.input) and is_absent(top.output):
        top = next((span for span in tree.roots if not is_absent(span.input) or not is_absent(span.output)), top)
    asked = given_input if not is_absent(given_input) else top.input
    answered = given_output if not is_absent(given_output) else top.output
    return RootWords(*to_messages(asked, "user"), *to_messages(answered, "assistant"))


def _main(strands: list[Strand], root: RootWords) -> Strand:
    if len(strands) == 1:
        return strands[0]
    asked, answered = root.user_text, root.answer_text

    def fitness(strand: Strand) -> tuple[bool, bool, int]:
        messages = strand.messages
        ends = bool(answered) and bool(messages) and _agree(squeezed(messages[-1].text), answered)
        return ends, bool(asked) and asked in strand.users, len(messages)

    return max(strands, key=fitness)


def _agree(one: str, other: str) -> bool:
    """Return whether one squeezed text contains the beginning of the other, either way round."""
    return bool(one) and bool(other) and (other[:_COMPARED] in one or one[:_COMPARED] in other)


def _title(span: Span) -> str:
    for above in span.ancestors():
        if above.kind in ("agent", "tool"):
            return str(first(above.attrs, SPAN["agent"]) or above.name)
    return span.name


def _agent_histories(tree: Tree) -> list[tuple[Span, list[Message]]]:
    """Return the spans whose own input and output hold a whole conversation, with it."""
    found = []
    for span in tree.spans:
        if (span.kind == "agent" or span.above is None) and span.kind != "llm":
            answered, quality = _if_structured(span.output, "assistant")
            if quality < STRUCTURED:
                continue
            messages = answered
            if not _is_history(answered):
                asked, _ = _if_structured(span.input, "user")
                messages = asked + answered
            if _is_history(messages):
                found.append((span, messages))
    return found


def _if_structured(value: Any, role: Any) -> tuple[list[Message], int]:
    """Return the messages of a value that can be a conversation; plain text is spared the work."""
    if isinstance(value, str) and value.lstrip()[:1] not in ("[", "{", '"'):
        return [], 0
    return to_messages(value, role)


def _is_history(messages: list[Message]) -> bool:
    roles = {message.role for message in messages}
    return "user" in roles and bool(roles & {"assistant", "tool"})


def _with_history(
    messages: list[Message], how: str, histories: list[tuple[Span, list[Message]]], others: list[Thread]
) -> tuple[list[Message], str]:
    """Let an agent span's history stand for the main thread where it is longer and has as many calls."""
    span, history = max(histories, key=lambda one: len(one[1]))
    if len(history) <= len(messages) or _call_count(history) < _call_count(messages):
        return messages, how
    for message in history:
        message.span_id = message.span_id or span.span_id
    if messages and users_of(history)[: len(users_of(messages))] == users_of(messages):
        return merged(messages, history), f"agent-span:{span.name}"
    known = {key_of(message) for message in history}
    if any(key_of(message) not in known for message in messages):
        others.insert(0, Thread(messages, "Model calls"))
    return history, f"agent-span:{span.name}"


def _call_count(messages: list[Message]) -> int:
    return sum(len(message.calls) for message in messages)


def _repaired(messages: list[Message], root: RootWords, how: str) -> tuple[list[Message], str]:
    """Return the main thread with what only the root recorded."""
    roles = {message.role for message in messages}
    if "user" not in roles:
        users = [message for message in root.asked if message.role == "user"]
        if users:
            at = next((i for i, message in enumerate(messages) if message.role != "system"), len(messages))
            messages = [*messages[:at], *users, *messages[at:]]
            how += "+root-input"
    if "system" not in roles:
        systems = [message for message in root.asked if message.role == "system"]
        if systems:
            messages = [*systems, *messages]
            how += "+root-system"
    last = _last_said(messages)
    if last and last == _last_said(root.answered):
        return messages, how
    last, answered = squeezed(last), root.answer_text
    if not answered or answered.lower() in ROUTING or _agree(last, answered):
        return messages, how
    if root.answered_quality < PLAIN and last:
        return messages, how
    answer = next(message for message in reversed(root.answered) if message.role == "assistant")
    return [*messages, answer], how + "+root-output"


def _last_said(messages: list[Message]) -> str:
    return next((text for m in reversed(messages) if m.role == "assistant" and (text := m.text)), "")
