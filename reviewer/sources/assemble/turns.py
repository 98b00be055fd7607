"""What the turns of a trace say in numbers: how it ended, corrections by the user, the size of prompt and documents."""

import re
from typing import Literal

from reviewer.model.patterns import CORRECTION
from reviewer.model.trace import Message, Trace
from reviewer.sources import own_patterns

_TOLD_BY = (
    *("wrong", "incorrect", "mistaken", "not right", "not correct", "not what", "i meant", "i said", "i asked for"),
    *("i did", "try again", "you misunderstood", "falsch", "nicht", "ich meinte", "est faux", "est pas", "je voulais"),
    *("eso no es", " mal", "quise decir"),
)
"""Words of which every text that the program's own pattern finds, but a refusal, holds one: a tenth of its time."""
_REFUSAL = re.compile(r"\W*(?:no|nope|nein|non|not)\b", re.IGNORECASE)
LOOKED_AT = 300
"""Characters of a turn that are looked at: who corrects says so at once."""
IN_PROMPT = frozenset(("retrieved", "rerank_out", "attached"))
"""Stages of documents that the model was given."""


def sum_up_turns(trace: Trace) -> None:
    """Fill how the trace ended, how many turns followed an answer and corrected it, and how long prompt and documents are.

    Where traces belong to a session they often repeat what came before: only the last turn of such a trace counts.
    """
    main = trace.main
    if not main:
        return
    trace.ending = _ending(main[-1])
    trace.prompt_chars = sum(len(part.text) for message in _instructions(main) for part in message.parts)
    trace.context_chars = sum(len(d.text) for d in trace.documents if d.stage in IN_PROMPT)
    follow_ups = _follow_ups(main)
    if trace.session_id is not None:
        follow_ups = follow_ups[-1:] if follow_ups and follow_ups[-1] is _last_of_user(main) else []
    trace.n_follow_ups = len(follow_ups)
    trace.n_corrections = sum(_is_correction(message.text[:LOOKED_AT]) for message in follow_ups)


def _is_correction(text: str) -> bool:
    pattern = own_patterns.correction()
    if pattern.pattern == CORRECTION:
        lower = text.lower()
        if _REFUSAL.match(text) is None and not any(words in lower for words in _TOLD_BY):
            return False
    return pattern.search(text) is not None


def _ending(last: Message) -> Literal["question", "within", "answer"]:
    if last.role == "user":
        return "question"
    return "answer" if last.role == "assistant" and last.parts and not last.calls else "within"


def _instructions(main: list[Message]) -> list[Message]:
    """Return the system messages before the first turn: later ones carry documents and history."""
    count = next((n for n, message in enumerate(main) if message.role != "system"), len(main))
    return main[:count]


def _follow_ups(main: list[Message]) -> list[Message]:
    """Return the user's messages that come after an answer."""
    found, answered = [], False
    for message in main:
        if message.role == "user" and answered:
            found.append(message)
        answered = answered or message.role == "assistant"
    return found


def _last_of_user(main: list[Message]) -> Message | None:
    return next((message for message in reversed(main) if message.role == "user"), None)
