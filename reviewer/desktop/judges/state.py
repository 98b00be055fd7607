"""What *Judges* shows: the judges of a week or of all, the one that is looked at, and its cut. No Qt."""

from collections.abc import Sequence
from dataclasses import dataclass

from reviewer.model.judge import Cut, Judge

ALL_WEEKS = ""


@dataclass
class JudgesState:
    """``asked`` is the week that is being computed, None when none is; ``stale`` says that the judges may be old."""

    weeks: tuple[str, ...] = ()
    week: str = ALL_WEEKS
    judges: tuple[Judge, ...] | None = None
    asked: str | None = None
    trouble: str = ""
    stale: bool = True
    name: str = ""

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
        """Return whether the judges have to be computed, and take them as asked."""
        if not self.stale:
            return False
        self.asked, self.stale, self.trouble = self.week, False, ""
        return True

    def take(self, week: str, judges: Sequence[Judge]) -> bool:
        """Take judges; return whether they are those that were asked last."""
        if week != self.asked:
            return False
        self.judges, self.asked = tuple(judges), None
        if self.name not in {judge.name for judge in judges}:
            self.name = judges[0].name if judges else ""
        return True

    def refuse(self, week: str, sentence: str) -> None:
        """Take a failure of what was asked last."""
        if week == self.asked:
            self.judges, self.asked, self.trouble, self.stale = None, None, sentence, True

    @property
    def chosen(self) -> Judge | None:
        """Return the judge that is looked at."""
        return next((judge for judge in self.judges or () if judge.name == self.name), None)

    def cut(self, text: str, fails_below: bool) -> Cut | None:
        """Return the cut that somebody typed; None where it is no number, or what stands already."""
        judge = self.chosen
        try:
            at = float(text.strip().replace(",", "."))
        except ValueError:
            return None
        if judge is None or judge.cut is None or at - at != 0.0:
            return None
        made = Cut(at, fails_below, chosen=True)
        return None if (judge.cut.at, judge.cut.fails_below) == (at, fails_below) else made
