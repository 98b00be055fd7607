"""What an export could not carry over: counted while rows pass, and told to the one who exports."""

from collections import Counter
from dataclasses import dataclass, field


@dataclass(slots=True)
class Losses:
    """Counts of rows that were dropped, by reason, and of pieces that were lost or changed, by kind."""

    dropped: Counter[str] = field(default_factory=Counter)
    pieces: Counter[str] = field(default_factory=Counter)

    def sentences(self) -> tuple[str, ...]:
        """Return one line a kind of loss with its count, in alphabetical order."""
        return tuple(f"{kind}: {count:,}" for kind, count in sorted(self.pieces.items()) if count)


SUB_AGENTS = "Messages of sub-agents left out"
REASONING = "Parts with reasoning left out"
PLACEHOLDERS = "Attachments and data kept as a placeholder or as text"
UNPARSED = "Tool arguments that are no JSON object kept as text"
NO_ANSWER = "Rows that end without an answer"
LATE_RESULTS = "Tool results after the answer left out"
NUL = "NUL characters replaced by ␀"
SURROGATE = "Lone surrogates replaced by U+FFFD"
NOT_FINITE = "Numbers that are not finite replaced by null"

NOT_SUBMITTED = "not submitted, or put off"
NO_INPUT = "nothing was recorded before the answer"
