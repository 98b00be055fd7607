"""What *Services* knows: the connections, a pull or push under way, and what became of it. No Qt."""

from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING

from reviewer.jobs.messages import Progress

if TYPE_CHECKING:
    from reviewer.sources.services.connections import Connection
    from reviewer.verbs.pulling import PullReport
    from reviewer.verbs.pushing import PushPlan


class Phase(Enum):
    """What is under way."""

    IDLE = "idle"
    TESTING = "testing"
    PULLING = "pulling"
    STOPPING = "stopping"
    PUSHING = "pushing"


@dataclass
class ServicesState:
    """One connection, and one thing at a time."""

    connections: dict[str, "Connection"] = field(default_factory=dict)
    name: str = ""
    phase: Phase = Phase.IDLE
    done: int = 0
    total: int = 0
    report: "PullReport | None" = None
    week: str = ""
    """The week whose codings are pushed; empty for all of them."""
    plan: "PushPlan | None" = None
    failed: list[str] = field(default_factory=list)
    """Why labels were refused."""

    @property
    def connection(self) -> "Connection | None":
        """Return the chosen connection."""
        return self.connections.get(self.name)

    @property
    def busy(self) -> bool:
        """Whether something is under way."""
        return self.phase is not Phase.IDLE

    @property
    def part(self) -> float:
        """Return how far it is, 0 to 1; 0 while nobody knows how much there is."""
        return min(1.0, self.done / self.total) if self.total else 0.0

    def offer(self, connections: dict[str, "Connection"], chosen: str = "") -> None:
        """Take the connections that there are, and choose one."""
        self.connections = connections
        if chosen in connections:
            self.name = chosen
        elif self.name not in connections:
            self.name = next(iter(connections), "")

    def choose(self, name: str) -> None:
        """Choose a connection; what was said of another goes."""
        if not self.busy and name in self.connections and name != self.name:
            self.name, self.report, self.plan, self.failed = name, None, None, []

    def choose_week(self, week: str) -> None:
        """Choose a week, or all; what a push of others would change goes."""
        if not self.busy and week != self.week:
            self.week, self.plan = week, None

    def outdate(self) -> None:
        """Drop what a push would change: codings are others now."""
        if not self.busy:
            self.plan = None

    def begin(self, phase: Phase) -> bool:
        """Begin something with the chosen connection; return whether that can be."""
        if self.busy or self.connection is None:
            return False
        self.phase, self.done, self.total, self.failed = phase, 0, 0, []
        if phase is Phase.PULLING:
            self.report = self.plan = None
        return True

    def hear(self, progress: Progress) -> None:
        """Take how far it is."""
        self.done, self.total = progress.done, progress.total

    def stop(self) -> None:
        """Say that a pull was asked to end."""
        if self.phase is Phase.PULLING:
            self.phase = Phase.STOPPING

    def end(self) -> None:
        """Say that nothing is under way any more."""
        self.phase = Phase.IDLE
