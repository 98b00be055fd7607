"""Patterns that tell from names and words what traces do not say outright; each workspace can have its own."""

import re
from dataclasses import dataclass, fields
from typing import Literal

from reviewer.errors import UsageError

PatternName = Literal["handover", "correction", "feedback"]

HANDOVER = r"escalat|hand_?off|human_?agent|transfer_?to"
"""What names a hand-over to a person. A bare ``transfer`` moves money or bytes as well."""

CORRECTION = (
    r"^\W*(?:no|nope|nein|non|not)\b[,.!]"
    r"|\b(?:that(?:'|’)?s|that is|it(?:'|’)?s|you(?:'|’)?re|you are|this is) (?:\w+ )?"
    r"(?:wrong|incorrect|mistaken|not (?:right|correct|what))"
    r"|\bi (?:meant|said|asked for|did(?:n(?:'|’)t| not) (?:ask|mean|say))\b"
    r"|\b(?:try again|not what i|you misunderstood|wrong (?:answer|one|order|file))\b"
    r"|\bdas (?:ist|war|stimmt) (?:\w+ )?(?:falsch|nicht)|\bich meinte\b|\bfalsche antwort\b"
    r"|\bc(?:'|’)est faux\b|\bce n(?:'|’)est pas\b|\bje voulais dire\b"
    r"|\beso no es\b|\best[aá] mal\b|\bquise decir\b"
)
"""How users say that an answer was wrong, in English, German, French and Spanish: a hint, never a verdict."""

FEEDBACK = r"feedback|thumb|rating|csat|satisf"
"""What names a score that comes from a user."""

ABOUT = {
    "handover": "names of tools, tags and attributes that hand over to a person; counted when traces are imported",
    "correction": "how a user's next turn says that the answer was wrong; counted when traces are imported",
    "feedback": "names of imported scores that are a user's feedback; counted at once",
}
"""What each pattern is looked for in, and when."""
COUNTED_AT_IMPORT: tuple[PatternName, ...] = ("handover", "correction")


@dataclass(frozen=True, slots=True)
class Patterns:
    """The patterns of a workspace: regular expressions, searched anywhere in the text, case ignored."""

    handover: str = HANDOVER
    correction: str = CORRECTION
    feedback: str = FEEDBACK


DEFAULTS = Patterns()
NAMES: tuple[str, ...] = tuple(one.name for one in fields(Patterns))


def compiled(pattern: str) -> re.Pattern[str]:
    """Return a pattern, ready to search; case is ignored.

    Raises:
        UsageError: it is no regular expression, or finds something in an empty text, and so in every text.
    """
    try:
        made = re.compile(pattern, re.IGNORECASE)
    except re.error as why:
        raise UsageError(
            f"{pattern!r} is no regular expression: {why}.", "Write it as Python's re module does."
        ) from None
    if made.search("") is not None:
        raise UsageError(
            f"{pattern!r} finds something in an empty text.", "Write a pattern that needs a letter at least."
        )
    return made
