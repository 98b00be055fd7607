"""What the page *Scorecard* shows: a week or four, the whole or a segment, and its card. No Qt."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from reviewer.exports.scorecard.lines import LISTS, parted
from reviewer.model.number import Field, Group, Row, Scorecard
from reviewer.model.week import Segment
from reviewer.verbs.scorecards import Length

SPLIT_BY: tuple[Segment, ...] = ("workflow", "model", "prompt_version", "tenant", "task_type")
MOST_VALUES = 12
"""Values of one segment that are offered; the largest."""


class Asked(NamedTuple):
    """What a scorecard is of."""

    week: str
    length: Length = "week"
    by: Segment | None = None
    value: str | None = None


class Place(NamedTuple):
    """One row of the screen: the field's number (0 after the nine) and the field, and which of its rows."""

    number: int
    field: Field
    row: Row


@dataclass
class ScorecardState:
    """The choice and its card."""

    weeks: tuple[str, ...] = ()
    chosen: Asked = field(default_factory=lambda: Asked(""))
    segments: tuple[tuple[Segment, str | None], ...] = ()
    """Segments that can be chosen, each with a value."""
    card: Scorecard | None = None
    asked: Asked | None = None
    """What is being computed, None when nothing is."""
    trouble: str = ""
    stale: bool = True

    @property
    def week(self) -> str:
        """Return the name of the chosen week."""
        return self.chosen.week

    def learn(self, names: Sequence[str]) -> None:
        """Take the names of the weeks, the oldest first; the newest is chosen unless one was."""
        self.weeks = tuple(reversed(names))
        if self.week not in self.weeks:
            self.chosen = self.chosen._replace(week=self.weeks[0] if self.weeks else "")
            self.card, self.stale = None, True

    def learn_segments(self, facets: Mapping[Segment, Iterable[tuple[str | None, int]]]) -> None:
        """Take the values of each segment, the most frequent first; one with a single value is no choice."""
        found: list[tuple[Segment, str | None]] = []
        for by, counted in facets.items():
            values = [value for value, _ in counted]
            found += [(by, value) for value in values[:MOST_VALUES]] if len(values) > 1 else []
        self.segments = tuple(found)

    def choose(self, week: str) -> None:
        """Choose another week."""
        self._choose(self.chosen._replace(week=week))

    def choose_length(self, length: Length) -> None:
        """Choose one week or four."""
        self._choose(self.chosen._replace(length=length))

    def choose_segment(self, segment: tuple[Segment, str | None] | None) -> None:
        """Choose a segment, or the whole."""
        by, value = segment or (None, None)
        self._choose(self.chosen._replace(by=by, value=value))

    def _choose(self, wanted: Asked) -> None:
        self.stale = self.stale or wanted != self.chosen
        self.chosen, self.trouble = wanted, ""

    def ask(self) -> bool:
        """Return whether the choice has to be computed, and take it as asked."""
        if not self.week or not self.stale:
            return False
        self.asked, self.stale, self.trouble = self.chosen, False, ""
        return True

    def take(self, asked: Asked, card: Scorecard) -> bool:
        """Take a card; return whether it is the one that was asked last."""
        if asked != self.asked:
            return False
        self.card, self.asked = card, None
        return True

    def refuse(self, asked: Asked, sentence: str) -> None:
        """Take a failure of what was asked last."""
        if asked == self.asked:
            self.card, self.asked, self.trouble, self.stale = None, None, sentence, True

    def places(self, lists: bool) -> list[list[Place]]:
        """Return the rows of the fields that list several things, or of all others, field by field."""
        numbered = enumerate(self.card.fields, 1) if self.card else ()
        return [[Place(n, f, row) for row in f.rows] for n, f in numbered if (f.id in LISTS) == lists]


def group_places(group: Group) -> tuple[list[Place], list[Field]]:
    """Return the rows of a group, single numbers first, and the fields of which nothing is recorded."""
    singles, lists, absent = parted(group)
    return [Place(0, field, row) for field in (*singles, *lists) for row in field.rows], absent
