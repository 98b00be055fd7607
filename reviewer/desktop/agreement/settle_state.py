"""What settling knows: where readers disagree, the one that is looked at, and what would be decided on it. No Qt."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from reviewer.model.coding import Coding

if TYPE_CHECKING:
    from reviewer.verbs.adjudicating import Disagreement
    from reviewer.verbs.coding import Wanted


@dataclass
class SettleState:
    """The disagreements, those that are open first, and the draft of a decision on one of them."""

    found: "tuple[Disagreement, ...]" = ()
    at: int = -1
    verdict: str = ""
    """What would be decided; empty until it is said, where the readers do not agree on it."""
    modes: list[str] = field(default_factory=list)
    scores: dict[str, float] = field(default_factory=dict)
    trouble: str = ""
    busy: bool = False

    @property
    def chosen(self) -> "Disagreement | None":
        """Return the disagreement that is looked at."""
        return self.found[self.at] if 0 <= self.at < len(self.found) else None

    @property
    def open_count(self) -> int:
        """Return how many nobody decided yet."""
        return sum(one.decision is None for one in self.found)

    @property
    def can_decide(self) -> bool:
        """Whether the draft says enough to stand."""
        return self.chosen is not None and bool(self.verdict) and not self.busy

    def take(self, found: "Sequence[Disagreement]") -> None:
        """Take what is there now; the one that is looked at stays, with its draft, where it is still there."""
        looked_at = self._key(self.chosen)
        self.found = tuple(sorted(found, key=lambda one: one.decision is not None))
        places = [place for place, one in enumerate(self.found) if self._key(one) == looked_at]
        if places and looked_at is not None:
            self.at = places[0]
        else:
            self.look_at(0)

    def look_at(self, place: int) -> None:
        """Look at another one: the draft begins with what was decided, else with all that the readers agree on."""
        self.at = place if 0 <= place < len(self.found) else -1
        self.trouble, self.busy = "", False
        one = self.chosen
        self.verdict, self.modes, self.scores = "", [], {}
        if one is None:
            return
        said = [one.decision] if one.decision is not None else [coding for _, coding in one.readers]
        verdicts = {str(coding.verdict) for coding in said}
        self.verdict = verdicts.pop() if len(verdicts) == 1 else ""
        self.modes = [mode for mode in said[0].modes if all(mode in coding.modes for coding in said)]
        self.scores = {name: value for name, value in said[0].scores.items() if _is_shared(said, name)}

    def next_open(self) -> int:
        """Return the place of the next one that nobody decided, after the one that is looked at; -1 without any."""
        places = [place for place, one in enumerate(self.found) if one.decision is None and place != self.at]
        return next((place for place in places if place > self.at), places[0] if places else -1)

    def tagged(self) -> list[str]:
        """Return the failure modes that a reader tagged or that the draft holds, in that order."""
        said = [mode for _, coding in self.chosen.readers for mode in coding.modes] if self.chosen else []
        return list(dict.fromkeys([*said, *self.modes]))

    def scored(self) -> list[str]:
        """Return the scores that a reader gave."""
        return (
            list(dict.fromkeys(name for _, coding in self.chosen.readers for name in coding.scores))
            if self.chosen
            else []
        )

    def say_mode(self, mode: str, on: bool) -> None:
        """Put a failure mode into the draft, or take it out; with one on it the verdict is fail unless it is said."""
        self.modes = [*(one for one in self.modes if one != mode), *([mode] if on else [])]
        self.verdict = self.verdict or ("fail" if on else "")

    def say_score(self, name: str, value: float | None) -> None:
        """Put a score into the draft, or take it out."""
        self.scores = {one: given for one, given in self.scores.items() if one != name}
        if value is not None:
            self.scores[name] = value

    def wanted(self, reviewer: str, note: str) -> "Wanted":
        """Return the decision as the verb takes it."""
        from reviewer.verbs.coding import Wanted

        assert self.chosen is not None
        return Wanted(self.chosen.trace, reviewer, self.verdict, tuple(self.modes), dict(self.scores), note)

    @staticmethod
    def _key(one: "Disagreement | None") -> tuple[str, str] | None:
        return None if one is None else (one.week, one.trace)


def _is_shared(said: Sequence[Coding], name: str) -> bool:
    return len({coding.scores.get(name) for coding in said}) == 1
