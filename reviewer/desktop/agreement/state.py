"""What *Agreement* shows: the report of a week or of all, the question that is looked at, and its differing traces. No Qt."""

from dataclasses import dataclass

from reviewer.desktop.computing import ComputedOfWeek
from reviewer.model.agreement import Agreement, AgreementReport, Difference


@dataclass
class AgreementState(ComputedOfWeek[AgreementReport]):
    """The report of a week or of all, and which of its questions is looked at, by its place."""

    question: int = 0

    def take(self, asked: str, found: AgreementReport) -> bool:
        """Take a report; the question that is looked at stays, whatever its place is now."""
        looked_at = self.chosen
        if not super().take(asked, found):
            return False
        ids = [one.id for one in self.questions]
        self.question = ids.index(looked_at.id) if looked_at is not None and looked_at.id in ids else 0
        return True

    @property
    def questions(self) -> tuple[Agreement, ...]:
        """Return all questions: those of this workspace's readers, then those of imported annotators."""
        return (*self.found.readers, *self.found.annotators) if self.found else ()

    @property
    def chosen(self) -> Agreement | None:
        """Return the question that is looked at."""
        return self.questions[self.question] if 0 <= self.question < len(self.questions) else None

    @property
    def differing(self) -> tuple[Difference, ...]:
        """Return the traces on which readers differ about the question that is looked at."""
        return self.chosen.differing if self.chosen else ()
