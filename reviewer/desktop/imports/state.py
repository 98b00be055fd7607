"""What *Sources* knows of an import: how far it is, and what became of it. No Qt."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING

from reviewer.jobs.messages import Progress
from reviewer.model.problem import Problem

if TYPE_CHECKING:
    from reviewer.verbs.importing import Report


class Phase(Enum):
    """Where an import stands."""

    IDLE = "idle"
    LOOKING = "looking"
    RUNNING = "running"
    STOPPING = "stopping"
    ENDED = "ended"
    LABELS = "labels"


@dataclass
class ImportState:
    """One import after the other."""

    phase: Phase = Phase.IDLE
    paths: tuple[Path, ...] = ()
    done: int = 0
    total: int = 0
    file: str = ""
    traces: int = 0
    """How many traces are stored so far."""
    report: "Report | None" = None
    problems: list[Problem] = field(default_factory=list)
    """What could not be taken, or was taken with a warning; what was lost comes first."""

    @property
    def busy(self) -> bool:
        """Whether an import is on its way."""
        return self.phase in (Phase.RUNNING, Phase.STOPPING)

    @property
    def part(self) -> float:
        """How far the import is, 0 to 1."""
        if self.phase is Phase.ENDED:
            return 1.0
        return min(1.0, self.done / self.total) if self.total else 0.0

    def look(self, paths: Sequence[Path]) -> bool:
        """Look at some files and folders before they come in; return whether there is anything to look at."""
        if self.busy or not paths:
            return False
        self.phase, self.paths, self.report, self.problems = Phase.LOOKING, tuple(paths), None, []
        return True

    def begin(self, paths: Sequence[Path]) -> bool:
        """Begin with some files and folders; return whether there is anything to begin with."""
        if self.busy or not paths:
            return False
        self.phase, self.paths, self.report = Phase.RUNNING, tuple(paths), None
        self.problems = []
        self.done = self.total = self.traces = 0
        self.file = ""
        return True

    def again(self) -> None:
        """Leave the report or the preview, and wait for other files."""
        if self.phase in (Phase.ENDED, Phase.LOOKING, Phase.LABELS):
            self.phase, self.report, self.problems = Phase.IDLE, None, []

    def hear(self, progress: Progress) -> None:
        """Take how far it is. What is said late, after a smaller number, does not move the bar back."""
        self.done, self.total = max(self.done, progress.done), progress.total
        self.file = Path(progress.what).name

    def stored(self, traces: int) -> None:
        """Count traces that were stored."""
        if self.busy:
            self.traces += traces

    def stop(self) -> None:
        """Say that the import was asked to end."""
        if self.phase is Phase.RUNNING:
            self.phase = Phase.STOPPING

    def end(self, report: "Report") -> None:
        """Take the report."""
        self.phase, self.report = Phase.ENDED, report
        self.problems = sorted(report.problems, key=lambda problem: not problem.lost)

    def ask_of_labels(self, wanted: bool = True) -> None:
        """Ask what the labels of people mean, or go back to the report."""
        if self.phase in (Phase.ENDED, Phase.LABELS):
            self.phase = Phase.LABELS if wanted else Phase.ENDED

    def reasons(self) -> list[tuple[str, int]]:
        """Return the reasons and how often each was given, the most frequent first."""
        return Counter(problem.reason for problem in self.problems).most_common()
