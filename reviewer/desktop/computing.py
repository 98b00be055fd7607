"""What a page has computed in another process: asked for once, and shown only where it is what was asked for last."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from reviewer.jobs.messages import Broke, Cancelled, Done
from reviewer.jobs.running import without_channel

if TYPE_CHECKING:
    from reviewer.desktop.bridge import Bridge
    from reviewer.desktop.window import Page
    from reviewer.jobs.running import Job

Wanted = TypeVar("Wanted")
Found = TypeVar("Found")

ALL_WEEKS = ""


@dataclass
class Computed(Generic[Wanted, Found]):
    """What is wanted, and what was found. No Qt.

    ``asked`` is what is being computed, None when nothing is; ``stale`` says that what was found may be old;
    ``trouble`` is why there is nothing.
    """

    wanted: Wanted
    found: Found | None = None
    asked: Wanted | None = None
    trouble: str = ""
    stale: bool = True

    def want(self, wanted: Wanted) -> None:
        """Want something else; what was found for it before may be old."""
        self.stale = self.stale or wanted != self.wanted
        self.wanted, self.trouble = wanted, ""

    def ask(self) -> bool:
        """Return whether it has to be computed, and take it as asked."""
        if not self.stale:
            return False
        self.asked, self.stale, self.trouble = self.wanted, False, ""
        return True

    def take(self, asked: Wanted, found: Found) -> bool:
        """Take an answer; return whether it is the one that was asked for last."""
        if asked != self.asked:
            return False
        self.found, self.asked = found, None
        return True

    def refuse(self, asked: Wanted, sentence: str) -> None:
        """Take a failure of what was asked for last; the next visit asks again."""
        if asked == self.asked:
            self.found, self.asked, self.trouble, self.stale = None, None, sentence, True


@dataclass
class ComputedOfWeek(Computed[str, Found]):
    """What is computed of one week, by its name, or of all weeks together."""

    wanted: str = ALL_WEEKS
    weeks: tuple[str, ...] = ()

    def learn(self, names: Sequence[str]) -> None:
        """Take the names of the weeks, the oldest first; a week that is gone is not wanted any more."""
        self.weeks = tuple(reversed(names))
        if self.wanted != ALL_WEEKS and self.wanted not in self.weeks:
            self.want(ALL_WEEKS)


class Computing(Generic[Wanted, Found]):
    """Has what a page shows computed, one job at a time: what is wanted later ends the job before.

    Args:
        bridge: the way to the workspace and to other processes.
        page: is activated again where what it shows became old meanwhile.
        state: what is wanted and found.
        function: a verb that takes the path of the workspace, then the arguments.
        arguments: turns what is wanted into those arguments.
        answered: hears what was found, or None after a failure, whenever a job has ended.
    """

    def __init__(
        self,
        bridge: "Bridge",
        page: "Page",
        state: Computed[Wanted, Found],
        function: Callable[..., Found],
        arguments: Callable[[Wanted], Sequence[Any]],
        answered: Callable[[Found | None], None],
    ) -> None:
        self._bridge = bridge
        self._page = page
        self.state = state
        self._function = function
        self._arguments = arguments
        self._answered = answered
        self._job: Job | None = None

    def ask(self) -> None:
        """Have it computed where it is not known, or may be old."""
        state = self.state
        if not state.ask():
            return
        if self._job is not None:
            self._job.cancel()
        asked = state.wanted
        self._job = self._bridge.job(
            without_channel, self._function, str(self._bridge.workspace_path), *self._arguments(asked),
            message=lambda _: None, done=lambda end: self._ended(asked, end),
        )  # fmt: skip

    def outdate(self) -> None:
        """Learn that something changed: a page on screen asks again as soon as nothing else is being computed."""
        self.state.stale = True
        if self._page.isVisible() and self._job is None:
            self._page.activated()

    def _ended(self, asked: Wanted, end: Done | Cancelled | Broke) -> None:
        state, found = self.state, None
        if asked == state.asked:
            self._job = None
        if isinstance(end, Done) and state.take(asked, end.result):
            found = state.found
        elif isinstance(end, Broke):
            state.refuse(asked, f"{end.sentence} {end.next_step}".strip())
        self._answered(found)
        if state.stale and self._page.isVisible() and not state.trouble:
            self._page.activated()
