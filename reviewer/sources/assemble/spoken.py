"""Conversations written down as one text: role markers at line starts, and Python reprs of message objects."""

import ast
import re

from reviewer.model.trace import Message, Part, Role

_MARKER = re.compile(r"^(system|developer|user|assistant|tool): ?", re.MULTILINE)
_FIRST_MARKER = re.compile(r"(system|developer|user|assistant|tool): ")
_REPR = re.compile(
    r"role=(?:<[^>]*>|'(?P<role>\w+)').*?content=(?P<content>'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"|None)", re.DOTALL
)
_ROLE: dict[str, Role] = {
    "system": "system",
    "developer": "system",
    "user": "user",
    "assistant": "assistant",
    "tool": "tool",
}


def split_spoken(text: str) -> list[Message]:
    """Return the messages of a text that begins with a role marker; none if it does not.

    A body that is only ``None`` is an assistant turn without words (it called a tool): the message stays, empty.
    """
    if not _FIRST_MARKER.match(text):
        return []
    marks = list(_MARKER.finditer(text))
    ends = [*(mark.start() for mark in marks[1:]), len(text)]
    messages = []
    for mark, end in zip(marks, ends, strict=True):
        body = text[mark.end() : end].removesuffix("\n")
        parts = [] if body in ("None", "") else [Part("text", body)]
        messages.append(Message(_ROLE[mark[1]], parts))
    return messages


def from_repr(text: str) -> Message | None:
    """Return the message in the Python repr of a message object (``role='user' content='…'``), or None."""
    if not text.startswith("role=") or (found := _REPR.match(text)) is None:
        return None
    content = found["content"]
    try:
        said = None if content == "None" else ast.literal_eval(content)
    except (ValueError, SyntaxError):
        said = content[1:-1]
    role = _ROLE.get(found["role"] or "", "user")
    return Message(role, [Part("text", str(said))] if said else [])
