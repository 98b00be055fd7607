"""A review state without a window: items, a taxonomy with a required score where wanted, a clock that is turned by hand."""

from collections.abc import Iterable

from reviewer.desktop.review.log import Log
from reviewer.desktop.review.state import ReviewState
from reviewer.model.coding import CodingEvent
from reviewer.model.ids import ModeId, TraceId, WeekName
from reviewer.model.taxonomy import Mode, ScoreScale, Taxonomy
from reviewer.workspace.ask.queue import QueueRow

WEEK = WeekName("2026-W47")


class Hand:
    """A clock turned by hand, in milliseconds."""

    def __init__(self) -> None:
        self.ms = 1_000_000.0

    def ticks(self) -> float:
        return self.ms

    def clock(self) -> int:
        return int(self.ms * 1000)


def a_list(required: bool = False) -> Taxonomy:
    modes = tuple(Mode(ModeId(f"mode_{n}"), f"mode {n}", slot=n) for n in (1, 2, 3, 11))
    scores = (
        ScoreScale("groundedness", "Groundedness", 1, 5, "none", "all", required),
        ScoreScale("helpfulness", "Helpfulness", 1, 5, "none", "all"),
    )
    return Taxonomy("test", "Test", modes, scores, version=3)


def a_row(order: int) -> QueueRow:
    return QueueRow(
        order, TraceId(f"t{order}"), f"title {order}", "", None, f"n{order}", None, None, False, "all", 1, "prob"
    )


def a_state(
    n: int = 4, *, taxonomy: Taxonomy | None = None, events: Iterable[CodingEvent] = (), blind: bool = True
) -> tuple[ReviewState, Hand]:
    hand = Hand()
    rows = [a_row(order) for order in range(1, n + 1)]
    state = ReviewState(WEEK, "ada", rows, taxonomy or a_list(), hand.clock, hand.ticks, Log(events), blind)
    for row in rows:
        state.opened(row.trace, f"hash of {row.trace}")
    paint(state, hand)
    return state, hand


def paint(state: ReviewState, hand: Hand, wait_ms: float = 2000) -> None:
    """Paint the current item and let some time pass."""
    if state.current is not None:
        state.painted(state.current.trace)
    hand.ms += wait_ms
