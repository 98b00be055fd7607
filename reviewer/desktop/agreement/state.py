"""What *Agreement* shows: the report of a week or of all, the question that is looked at, and its differing traces. No Qt."""

from collections.abc import Sequence
from dataclasses import dataclass

from reviewer.model.agreement import Agreement, AgreementReport, Difference

ALL_WEEKS = ""


@dataclass
class AgreementState:
    """``asked`` is the week that is being computed, None when none is; ``stale`` says that the report may be old."""

    weeks: tuple[str, ...] = ()
    week: str = ALL_WEEKS
    report: AgreementReport | None = None
    asked: str | None = None
    trouble: str = ""
    stale: bool = True
    question: int = 0

    def learn(self, names: Sequence[str]) -> None:
        """Take the names of the weeks, the oldest first."""
        self.weeks = tuple(reversed(names))
        if self.week != ALL_WEEKS and self.week not in self.weeks:
            self.choose(ALL_WEEKS)

    def choose(self, week: str) -> None:
        """Choose a week, or all."""
        self.stale = self.stale or week != self.week
        self.week, self.trouble = week, ""

    def ask(self) -> bool:
        """Return whether the report has to be computed, and take it as asked."""
        if not self.stale:
            return False
        self.asked, self.stale, self.trouble = self.week, False, ""
        return True

    def take(self, week: str, report: AgreementReport) -> bool:
        """Take a report; return whether it is the one that was asked last."""
        if week != self.asked:
            return False
        looked_at = self.chosen
        self.report, self.asked = report, None
        ids = [one.id for one in self.questions]
        self.question = ids.index(looked_at.id) if looked_at is not None and looked_at.id in ids else 0
        return True

    def refuse(self, week: str, sentence: str) -> None:
        """Take a failure of what was asked last."""
        if week == self.asked:
            self.report, self.asked, self.trouble, self.stale = None, None, sentence, True

    @property
    def questions(self) -> tuple[Agreement, ...]:
        """Return all questions: those of this workspace's readers, then those of imported annotators."""
        return (*self.report.readers, *self.report.annotators) if self.report else ()

    @property
    def chosen(self) -> Agreement | None:
        """Return the question that is looked at."""
        return self.questions[self.question] if 0 <= self.question < len(self.questions) else None

    @property
    def differing(self) -> tuple[Difference, ...]:
        """Return the traces on which readers differ about the question that is looked at."""
        return self.chosen.differing if self.chosen else ()
