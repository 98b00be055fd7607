"""The words of one reviewer in one week, in memory: codings as their fold, undo as the log's own history."""

from collections.abc import Iterable, Sequence
from itertools import pairwise

from reviewer.model.coding import Coding, CodingEvent, History, Said, active, fold, history
from reviewer.model.ids import TraceId

BREAK_US = 15 * 60 * 1_000_000  # a longer gap between two submits is a break, not reading
FEWEST_GAPS = 3


class Log:
    """Events of one reviewer in one week, oldest first, with what follows from them."""

    def __init__(self, events: Iterable[CodingEvent] = ()) -> None:
        self.events: list[CodingEvent] = []
        self._of: dict[TraceId, list[CodingEvent]] = {}
        self._codings: dict[TraceId, Coding] = {}
        self._history: History | None = None
        self.add(events)

    def add(self, events: Iterable[CodingEvent]) -> None:
        """Add events that were said just now."""
        for event in events:
            trace = event.key.trace
            self.events.append(event)
            self._of.setdefault(trace, []).append(event)
            before = self._codings.pop(trace, None)
            if before is not None and event.said is not Said.UNDO:
                self._codings[trace] = fold([event], before)
        self._history = None

    def of(self, trace: TraceId) -> Sequence[CodingEvent]:
        """Return the events on one trace."""
        return self._of.get(trace, ())

    def coding(self, trace: TraceId) -> Coding:
        """Return what stands for a trace now."""
        if trace not in self._codings:
            self._codings[trace] = fold(self.of(trace))
        return self._codings[trace]

    def history(self) -> History:
        """Return what undo and redo would take back next."""
        if self._history is None:
            self._history = history(self.events)
        return self._history

    def press(self, press: str) -> list[CodingEvent]:
        """Return the events of one press."""
        return [event for event in self.events if event.press == press]

    def changed_since_submit(self, trace: TraceId) -> bool:
        """Whether something holds that was said after the last submit, or nothing was submitted."""
        holding = active(self.of(trace))
        return not holding or holding[-1].said is not Said.SUBMIT

    def seconds_each(self) -> int | None:
        """Return the median time between two submits in seconds, breaks left out; None when there are too few."""
        times = [event.at_us for event in self.events if event.said is Said.SUBMIT]
        gaps = [later - sooner for sooner, later in pairwise(times) if 0 < later - sooner < BREAK_US]
        if len(gaps) < FEWEST_GAPS:
            return None
        from statistics import median  # brings decimals and fractions along: not for the start

        return round(median(gaps) / 1_000_000)
