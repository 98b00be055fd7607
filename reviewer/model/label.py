"""A label: one thing that a coding says, as services keep it, beside the trace that it is about."""

import uuid
from dataclasses import dataclass
from typing import Literal

_OURS = uuid.UUID("6f2f7a52-6a39-5b43-9f0e-0d6f5d0a7c11")
SENDER = "transcript-reviewer"
"""Begins whatever tells our labels from others'; such labels are not imported again."""


@dataclass(frozen=True, slots=True)
class Label:
    """A verdict, a failure mode, a score, a label of a document or what was expected, of one reviewer on one trace.

    ``value`` is ``pass`` or ``fail`` for a verdict, True for a mode, a number for a score, such as ``relevant`` for a
    document, and a text for an expected answer and, as JSON, for expected tool calls. ``trace`` is the service's own id, ``span`` that of the span that a mode points at.
    """

    kind: Literal["verdict", "mode", "score", "document", "expected"]
    trace: str
    reviewer: str
    name: str
    value: str | float | bool
    explanation: str = ""
    span: str | None = None

    @property
    def author(self) -> str:
        """Return who says so, as services that know no user of ours are told."""
        return f"{SENDER}:{self.reviewer}"

    def id_at(self, origin: str) -> str:
        """Return the id of the label in a service: the same words of the same reviewer get the same id, ever again."""
        return str(uuid.uuid5(_OURS, "\x1f".join((origin, self.trace, self.name, self.reviewer))))
