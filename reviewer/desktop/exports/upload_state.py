"""What the upload of a set knows: where it can go, what it would change there, how far it is. No Qt."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from reviewer.model.dataset import Example, Uploaded
    from reviewer.sources.services.connections import Connection
    from reviewer.verbs.datasets import Planned
    from reviewer.verbs.uploading import UploadPlan, UploadReport


class Phase(Enum):
    """What is under way."""

    IDLE = "idle"
    LOOKING = "looking"
    SENDING = "sending"
    STOPPING = "stopping"


@dataclass
class UploadState:
    """One version, one connection, and one thing at a time."""

    connections: dict[str, "Connection"] = field(default_factory=dict)
    """The connections to the service of the chosen target, by name."""
    name: str = ""
    phase: Phase = Phase.IDLE
    planned: "Planned | None" = None
    redact: bool = False
    plan: "UploadPlan | None" = None
    report: "UploadReport | None" = None
    trouble: str = ""
    uploads: "tuple[Uploaded, ...]" = ()
    _waiting: "tuple[Sequence[Connection], Planned | None, bool] | None" = None
    """What was offered while something was under way."""

    @property
    def connection(self) -> "Connection | None":
        """Return the chosen connection."""
        return self.connections.get(self.name)

    @property
    def busy(self) -> bool:
        """Whether something is under way."""
        return self.phase is not Phase.IDLE

    @property
    def can_look(self) -> bool:
        """Whether the service can be asked what an upload would change."""
        return self.planned is not None and self.connection is not None and not self.busy

    @property
    def can_send(self) -> bool:
        """Whether there is anything to send, and it was seen before."""
        return self.can_look and self.plan is not None and bool(self.plan.changes)

    @property
    def done(self) -> int:
        """Return how many changes were made or refused."""
        return self.report.sent.total() + len(self.report.failed) if self.report else 0

    @property
    def part(self) -> float:
        """Return how far the upload is, 0 to 1."""
        return self.done / len(self.plan.changes) if self.plan and self.plan.changes else 0.0

    @property
    def examples(self) -> "Mapping[str, Example]":
        """Return the rows of the version by the ids of their examples."""
        return {row.id: row for row in self.planned.rows} if self.planned else {}

    @property
    def last(self) -> "Uploaded | None":
        """Return the last upload of the dataset to the chosen connection."""
        there = self.connection
        found = [one for one in self.uploads if there is not None and one.origin == there.origin]
        return found[-1] if found else None

    def offer(self, connections: "Sequence[Connection]", planned: "Planned | None", redact: bool) -> None:
        """Take where the set can go and what it is; what was said of another set or place goes."""
        if self.busy:
            self._waiting = (connections, planned, redact)
            return
        same = planned is self.planned and redact == self.redact
        self.connections = {one.name: one for one in connections}
        self.planned, self.redact = planned, redact
        if self.name not in self.connections:
            self.choose(next(iter(self.connections), ""))
        elif not same:
            self.forget()

    def choose(self, name: str) -> None:
        """Choose a connection; what was said of another goes."""
        if not self.busy and name != self.name:
            self.name = name
            self.forget()

    def forget(self) -> None:
        """Drop what was said: it is of something else."""
        self.plan, self.report, self.trouble = None, None, ""

    def look(self) -> None:
        """Say that the service is asked."""
        self.forget()
        self.phase = Phase.LOOKING

    def show_plan(self, plan: "UploadPlan") -> None:
        """Take what an upload would change."""
        self.plan = plan
        self.end()

    def send(self, report: "UploadReport") -> None:
        """Say that rows are on their way; ``report`` is filled while they are."""
        self.phase, self.report, self.trouble = Phase.SENDING, report, ""

    def stop(self) -> None:
        """Say that what is under way was asked to end."""
        if self.busy:
            self.phase = Phase.STOPPING

    def end(self, trouble: str = "") -> None:
        """Say that nothing is under way any more, and why where it did not go well."""
        self.phase, self.trouble = Phase.IDLE, trouble
        if self._waiting is not None:
            waiting, report = self._waiting, self.report
            self._waiting = None
            self.offer(*waiting)
            self.report, self.trouble = report, trouble
