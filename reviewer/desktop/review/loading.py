"""What the review screen reads from the workspace: a week to begin with, and what others said."""

from time import monotonic
from typing import TYPE_CHECKING

from reviewer.desktop.review.log import Log
from reviewer.desktop.review.state import ReviewState
from reviewer.model.clock import Clock
from reviewer.model.ids import TraceId, WeekName
from reviewer.workspace.ask.codings import CodingRow, codings, reviewer_events
from reviewer.workspace.ask.queue import draws_sessions, queue, weeks
from reviewer.workspace.ask.settings import taxonomy

if TYPE_CHECKING:
    from reviewer.workspace.file import Reader


def ticks() -> float:
    """Return milliseconds of a clock that only goes forward."""
    return monotonic() * 1000


def latest_week(reader: "Reader") -> WeekName | None:
    """Return the open week that was drawn last, else the last one; None where none was drawn."""
    found = sorted(weeks(reader), key=lambda week: (week.closed_us is None, week.created_us))
    return found[-1].name if found else None


def load(reader: "Reader", week: WeekName, reviewer: str, clock: Clock, blind: bool = True) -> ReviewState:
    """Return the state of one reviewer's week, at the first item that is not submitted."""
    state = ReviewState(
        week, reviewer, queue(reader, week, reviewer), taxonomy(reader), clock, ticks,
        Log(reviewer_events(reader, week, reviewer)), blind, draws_sessions(reader, week),
    )  # fmt: skip
    state.go_to_first_open()
    return state


def others(reader: "Reader", week: WeekName, trace: TraceId, reviewer: str) -> list[CodingRow]:
    """Return what other reviewers submitted on one trace of a week."""
    return [
        row for row in codings(reader, week, submitted=True) if row.key.trace == trace and row.key.reviewer != reviewer
    ]
