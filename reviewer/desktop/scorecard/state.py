"""What the page *Scorecard* shows: a week or four, the whole or a segment, and its card. No Qt."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from reviewer.desktop.computing import Computed
from reviewer.desktop.segments import Within
from reviewer.exports.scorecard.lines import LISTS, parted
from reviewer.model.number import Field, Group, Row, Scorecard
from reviewer.model.week import Segment
from reviewer.verbs.scorecards import Length

SPLIT_BY: tuple[Segment, ...] = ("workflow", "model", "prompt_version", "tenant", "task_type")


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
class ScorecardState(Computed[Asked, Scorecard]):
    """The choice and its card; ``segments`` can be chosen."""

    wanted: Asked = field(default_factory=lambda: Asked(""))
    weeks: tuple[str, ...] = ()
    segments: tuple[Within, ...] = ()

    def learn(self, names: Sequence[str]) -> None:
        """Take the names of the weeks, the oldest first; the newest is chosen unless one was."""
        self.weeks = tuple(reversed(names))
        if self.wanted.week not in self.weeks:
            self.found = None
            self.choose(self.weeks[0] if self.weeks else "")

    def choose(self, week: str) -> None:
        """Choose another week."""
        self.want(self.wanted._replace(week=week))

    def choose_length(self, length: Length) -> None:
        """Choose one week or four."""
        self.want(self.wanted._replace(length=length))

    def choose_segment(self, segment: Within | None) -> None:
        """Choose a segment, or the whole."""
        by, value = segment or (None, None)
        self.want(self.wanted._replace(by=by, value=value))

    def ask(self) -> bool:
        """Return whether the choice has to be computed, and take it as asked; without a week there is nothing."""
        return bool(self.wanted.week) and super().ask()

    def places(self, lists: bool) -> list[list[Place]]:
        """Return the rows of the fields that list several things, or of all others, field by field."""
        numbered = enumerate(self.found.fields, 1) if self.found else ()
        return [[Place(n, f, row) for row in f.rows] for n, f in numbered if (f.id in LISTS) == lists]


def group_places(group: Group) -> tuple[list[Place], list[Field]]:
    """Return the rows of a group, single numbers first, and the fields of which nothing is recorded."""
    singles, lists, absent = parted(group)
    return [Place(0, field, row) for field in (*singles, *lists) for row in field.rows], absent
