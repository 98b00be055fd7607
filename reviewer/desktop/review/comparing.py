"""What others say of an item: asked for once this reviewer has submitted, and forgotten with the item."""

from typing import TYPE_CHECKING

from reviewer.desktop.review import words
from reviewer.desktop.review.definition import Comparison
from reviewer.desktop.review.loading import others
from reviewer.desktop.review.state import ReviewState
from reviewer.workspace.ask.codings import CodingRow
from reviewer.workspace.ask.transcript import Transcript

if TYPE_CHECKING:
    from reviewer.desktop.bridge import Bridge, Ticket


class Comparing:
    """Fills the block of the coding panel that compares."""

    def __init__(self, bridge: "Bridge", reviewer: str, block: Comparison) -> None:
        self._bridge = bridge
        self._reviewer = reviewer
        self._block = block
        self._asked: Ticket | None = None

    def forget(self, state: ReviewState) -> None:
        """Drop the answer that is on its way, and take away what is shown where it may not be seen."""
        if self._asked is not None:
            self._asked.drop()
            self._asked = None
        if self._block.rows and not state.reveals:
            self._block.show_rows([])

    def ask(self, state: ReviewState, transcript: Transcript | None) -> None:
        """Have what others say shown, if it may be seen."""
        row = state.current
        if row is None or transcript is None or not state.reveals:
            return
        self._asked = self._bridge.ask(
            others, state.week, row.trace, self._reviewer, then=lambda found: self._answered(state, transcript, found)
        )

    def _answered(self, state: ReviewState, transcript: Transcript, found: list[CodingRow]) -> None:
        row = state.current
        if row is None or not state.reveals:
            return
        rows = words.differences(state.coding, found, transcript.scores(), state.taxonomy)
        self._block.show_rows(rows)
        if rows:
            state.revealed(row.trace)
