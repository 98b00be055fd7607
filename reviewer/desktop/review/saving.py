"""What was said and is not on disk yet: one batch at a time, in order, kept when a write fails."""

from collections.abc import Sequence

from reviewer.model.coding import CodingEvent


class Saving:
    """The way of events to the disk. Order is kept: nothing is sent while a batch is out or has failed."""

    def __init__(self) -> None:
        self.waiting: list[CodingEvent] = []
        self.sending: list[CodingEvent] = []
        self.failure: BaseException | None = None
        self.held = False
        """Whether what failed waits to be tried again."""

    @property
    def all_saved(self) -> bool:
        """Whether everything is on disk."""
        return not self.waiting and not self.sending

    @property
    def unsaved(self) -> list[CodingEvent]:
        """Return what is not known to be on disk, oldest first."""
        return [*self.sending, *self.waiting]

    def add(self, events: Sequence[CodingEvent]) -> None:
        """Queue the events of a press; a new press also tries again what failed before."""
        self.waiting += events
        self.held = False

    def next_batch(self) -> list[CodingEvent]:
        """Return what to write now, or nothing; answer with ``saved`` or ``failed``."""
        if self.sending or self.held:
            return []
        self.sending, self.waiting = self.waiting, []
        return list(self.sending)

    def saved(self) -> None:
        """Learn that the batch is on disk."""
        self.sending = []
        self.failure = None

    def failed(self, why: BaseException) -> None:
        """Learn that the batch was not written: it waits, first in line, until tried again."""
        self.waiting = [*self.sending, *self.waiting]
        self.sending = []
        self.failure = why
        self.held = True

    def try_again(self) -> None:
        """Let what failed go out again."""
        self.held = False
