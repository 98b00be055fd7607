"""What *Judges* shows: the judges of a week or of all, the one that is looked at, and its cut. No Qt."""

from dataclasses import dataclass

from reviewer.desktop.computing import ComputedOfWeek
from reviewer.model.judge import Cut, Judge


@dataclass
class JudgesState(ComputedOfWeek[tuple[Judge, ...]]):
    """The judges of a week or of all, and the name of the one that is looked at."""

    name: str = ""

    def take(self, asked: str, found: tuple[Judge, ...]) -> bool:
        """Take judges; the one that is looked at stays, if it is still among them."""
        if not super().take(asked, found):
            return False
        if self.name not in {judge.name for judge in found}:
            self.name = found[0].name if found else ""
        return True

    @property
    def chosen(self) -> Judge | None:
        """Return the judge that is looked at."""
        return next((judge for judge in self.found or () if judge.name == self.name), None)

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
