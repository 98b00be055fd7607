"""What Home tells, without widgets: the week at hand, the one before, and what to do next."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from reviewer.model.ids import WeekName
from reviewer.model.week import Week
from reviewer.workspace.ask.queue import Progress, progress, weeks
from reviewer.workspace.ask.settings import Counts, counts, timezone, workspace_name

if TYPE_CHECKING:
    from reviewer.workspace.file import Reader

Next = Literal["bring_traces", "draw_week", "read", "deferred", "done"]


@dataclass(frozen=True, slots=True)
class WeekStanding:
    """How far one reviewer is in a week; submitted ones pass, fail or are deferred."""

    week: Week
    drawn: int
    submitted: int
    failed: int
    deferred: int

    @property
    def passed(self) -> int:
        """Return how many passed."""
        return self.submitted - self.failed - self.deferred

    @property
    def left(self) -> int:
        """Return how many are to read."""
        return self.drawn - self.submitted


@dataclass(frozen=True, slots=True)
class HomeState:
    """What Home shows. ``now`` is the week to read, ``before`` the latest earlier one of traces, with
    something submitted: the scorecard tells of it.
    """

    name: str
    timezone: str
    counts: Counts
    now: WeekStanding | None
    before: WeekStanding | None

    @property
    def next(self) -> Next:
        """Return what to do next."""
        if not self.counts.traces:
            return "bring_traces"
        if self.now is None:
            return "draw_week"
        if self.now.left:
            return "read"
        return "deferred" if self.now.deferred else "done"


def look(reader: "Reader", reviewer: str) -> HomeState:
    """Return what Home shows to a reviewer."""
    done = progress(reader, reviewer)
    standings = [_standing(week, done) for week in sorted(weeks(reader), key=lambda week: week.created_us)]
    open_ones = [standing for standing in standings if standing.week.closed_us is None]
    now = (open_ones or standings)[-1] if standings else None
    read = [one for one in standings if one is not now and one.submitted and one.week.plan.unit == "trace"]
    return HomeState(workspace_name(reader), timezone(reader), counts(reader), now, read[-1] if read else None)


def _standing(week: Week, done: dict[WeekName, Progress]) -> WeekStanding:
    row = done[week.name]
    return WeekStanding(week, row.drawn, row.submitted, row.failed, row.deferred)
