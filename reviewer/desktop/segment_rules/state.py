"""What *Segments* knows: the rules that count and those being written, what they would change, and how far it is. No Qt."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING

from reviewer.desktop.computing import Computed
from reviewer.jobs.messages import Progress
from reviewer.model.segment_rules import MOST_NAMES, Rules
from reviewer.model.week import SEGMENTS, Segment

if TYPE_CHECKING:
    from reviewer.verbs.segments import Outcome, Preview, Survey, Tally


class Phase(Enum):
    """What is under way."""

    IDLE = "idle"
    WORKING = "working"
    STOPPING = "stopping"
    WRITING = "writing"


@dataclass
class SegmentsState:
    """Rules as they count (``kept``) and as they are being written (``rules``), and the segment that is looked at.

    ``words`` narrow the attributes that are listed. The survey of the attributes is asked for once, the preview
    whenever a rule changes.
    """

    kept: Rules = field(default_factory=dict)
    rules: Rules = field(default_factory=dict)
    segment: Segment = SEGMENTS[0]
    words: str = ""
    phase: Phase = Phase.IDLE
    done: int = 0
    total: int = 0
    survey: "Computed[str, Survey]" = field(default_factory=lambda: Computed(""))
    preview: "Computed[Rules, Preview]" = field(default_factory=lambda: Computed({}))

    @property
    def busy(self) -> bool:
        """Whether rules are being applied."""
        return self.phase is not Phase.IDLE

    @property
    def part(self) -> float:
        """Return how far it is, 0 to 1."""
        return min(1.0, self.done / self.total) if self.total else 0.0

    @property
    def is_changed(self) -> bool:
        """Whether the rules being written are not those that count."""
        return self.rules != self.kept

    @property
    def seen(self) -> "Preview | None":
        """Return what the rules being written would change; None while that is not known."""
        preview = self.preview
        return preview.found if preview.found is not None and preview.found.rules == self.rules else None

    @property
    def may_apply(self) -> bool:
        """Whether there is something to apply, and what it changes was shown."""
        return self.is_changed and not self.busy and self.seen is not None

    @property
    def names(self) -> tuple[str, ...]:
        """Return the attributes that the rule of the segment names."""
        return self.rules.get(self.segment, ())

    @property
    def outcome(self) -> "Outcome | None":
        """Return what the segment would be."""
        return self.seen.segments[self.segment] if self.seen is not None else None

    def learn(self, kept: Rules) -> None:
        """Take the rules that count now; those being written stay where they differ."""
        if not self.is_changed:
            self._write(kept)
        self.kept = kept

    def choose(self, segment: Segment) -> None:
        """Look at another segment."""
        self.segment = segment

    def use(self, name: str) -> bool:
        """Name one more attribute in the rule of the segment; return whether that can be."""
        if self.busy or name in self.names or len(self.names) >= MOST_NAMES:
            return False
        self._set((*self.names, name))
        return True

    def drop(self, name: str) -> None:
        """Name an attribute no more."""
        if not self.busy:
            self._set(tuple(one for one in self.names if one != name))

    def as_found(self) -> None:
        """Leave all segments to the program's own rules."""
        if not self.busy:
            self._write({})

    def undo(self) -> None:
        """Go back to the rules that count."""
        if not self.busy:
            self._write(self.kept)

    def listed(self) -> "Sequence[tuple[str, Tally]]":
        """Return the attributes that hold all the words in name or common values, but those of the rule."""
        if self.survey.found is None:
            return []
        words = self.words.casefold().split()
        return [
            (name, tally)
            for name, tally in self.survey.found.attributes.items()
            if name not in self.names and all(word in _said(name, tally) for word in words)
        ]

    def begin(self) -> bool:
        """Begin to apply the rules; return whether that can be."""
        if not self.may_apply:
            return False
        self.phase, self.done, self.total = Phase.WORKING, 0, 0
        return True

    def hear(self, progress: Progress) -> None:
        """Take how far it is."""
        self.done, self.total = progress.done, progress.total

    def stop(self) -> None:
        """Say that it was asked to end, which is possible until it is being written."""
        if self.phase is Phase.WORKING:
            self.phase = Phase.STOPPING

    def write(self) -> bool:
        """Say that it is being written now; return whether it still may be."""
        if self.phase is not Phase.WORKING:
            return False
        self.phase = Phase.WRITING
        return True

    def end(self) -> None:
        """Say that nothing is under way any more."""
        self.phase = Phase.IDLE

    def _set(self, names: tuple[str, ...]) -> None:
        rules = {segment: own for segment, own in self.rules.items() if segment != self.segment}
        self._write({**rules, self.segment: names} if names else rules)

    def _write(self, rules: Rules) -> None:
        self.rules = rules
        self.preview.want(rules)


def _said(name: str, tally: "Tally") -> str:
    return "\n".join([name, *(value for value, _ in tally.common)]).casefold()
