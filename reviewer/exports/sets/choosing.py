"""Which reviewed traces go into a dataset: conditions that all must hold, then a balance between failure modes."""

import hashlib
import operator
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from reviewer.errors import UsageError
from reviewer.model.ids import TraceId, WeekName

Readers = Literal["once", "agreed", "disputed", "adjudicated"]
READERS: tuple[Readers, ...] = ("once", "agreed", "disputed", "adjudicated")
Labels = Literal["adjudicated", "majority"]
LABELS: tuple[Labels, ...] = ("adjudicated", "majority")
COMPARE = {"<=": operator.le, ">=": operator.ge, "<": operator.lt, ">": operator.gt, "=": operator.eq}
CONDITION = re.compile(r"\s*([\w.-]+)\s*(<=|>=|<|>|=)\s*(-?\d+(?:\.\d+)?)\s*")
NO_VALUE = "not recorded"
READ_AS = {
    "once": "read once",
    "agreed": "readers agreed",
    "disputed": "readers disputed",
    "adjudicated": "readers disputed and somebody decided",
}


@dataclass(frozen=True, slots=True)
class Candidate:
    """A reviewed trace, with what may decide whether it is chosen.

    ``readers`` counts those who passed or failed it; ``disputed`` says that they did not say the same, and
    ``adjudicated`` that somebody decided between them.
    """

    trace: TraceId
    week: WeekName
    verdict: str
    modes: tuple[str, ...] = ()
    scores: Mapping[str, float | None] = field(default_factory=dict)
    segments: Mapping[str, str | None] = field(default_factory=dict)
    hints: frozenset[str] = frozenset()
    readers: int = 1
    disputed: bool = False
    adjudicated: bool = False
    expected: bool = False


@dataclass(frozen=True, slots=True)
class Choice:
    """Conditions on what is exported; nothing chosen is everything reviewed.

    ``passes`` adds up to so many passes as negatives where ``verdict`` or ``modes`` would leave them out; ``balance``
    takes so many of each failure mode, and of passes. ``labels`` says whose word counts where readers disagree: that of
    whoever decided between them, else the majority's, or the majority's everywhere. ``once`` leaves out what says word for word the same.
    """

    weeks: tuple[str, ...] = ()
    verdict: str = ""
    modes: tuple[str, ...] = ()
    scores: tuple[str, ...] = ()
    where: tuple[tuple[str, str], ...] = ()
    hints: tuple[str, ...] = ()
    readers: Readers | None = None
    expected: bool = False
    passes: int = 0
    balance: int = 0
    once: bool = False
    labels: Labels = "adjudicated"

    def said(self) -> str:
        """Return the choice in words, for the manifest."""
        parts = [f"weeks {', '.join(self.weeks)}" if self.weeks else "all weeks"]
        parts += [f"verdict {self.verdict}"] if self.verdict else []
        parts += [f"failure mode {' or '.join(self.modes)}"] if self.modes else []
        parts += [f"score {condition}" for condition in self.scores]
        parts += [f"{by} {value}" for by, value in self.where]
        parts += [f"hint {' or '.join(self.hints)}"] if self.hints else []
        parts += [READ_AS[self.readers]] if self.readers else []
        parts += ["with an expected answer"] if self.expected else []
        parts += [f"and up to {self.passes} passes"] if self.passes else []
        parts += [f"{self.balance} of each failure mode and of passes"] if self.balance else []
        parts += ["each conversation once"] if self.once else []
        parts += ["labels of the majority, whatever was decided"] if self.labels == "majority" else []
        return ", ".join(parts)


def choose(candidates: Sequence[Candidate], choice: Choice, salt: str) -> list[Candidate]:
    """Return the candidates that are chosen, in their order; a later version of the dataset chooses the same again.

    Raises:
        UsageError: a condition on a score cannot be read.
    """
    rules = [_rule(condition) for condition in choice.scores]
    fits = [one for one in candidates if _fits(one, choice, rules)]
    picked = {id(one) for one in fits if _is_wanted(one, choice)}
    others = [one for one in fits if one.verdict == "pass" and id(one) not in picked]
    picked |= {id(one) for one in _shuffled(others, salt)[: choice.passes]}
    kept = [one for one in candidates if id(one) in picked]
    return _balanced(kept, choice.balance, salt) if choice.balance else kept


def _fits(one: Candidate, choice: Choice, rules: Iterable[tuple[str, str, float]]) -> bool:
    """Return whether the conditions hold that passes must meet as well."""
    return (
        (not choice.weeks or one.week in choice.weeks)
        and all((one.segments.get(by) or NO_VALUE) == value for by, value in choice.where)
        and (not choice.hints or bool(one.hints & set(choice.hints)))
        and (choice.readers is None or _is_read_as(one, choice.readers))
        and (one.expected or not choice.expected)
        and all((given := one.scores.get(name)) is not None and COMPARE[sign](given, at) for name, sign, at in rules)
    )


def _is_wanted(one: Candidate, choice: Choice) -> bool:
    return (not choice.verdict or one.verdict == choice.verdict) and (
        not choice.modes or bool(set(one.modes) & set(choice.modes))
    )


def _is_read_as(one: Candidate, readers: Readers) -> bool:
    match readers:
        case "once":
            return one.readers < 2
        case "adjudicated":
            return one.adjudicated
        case _:
            return one.readers > 1 and one.disputed == (readers == "disputed")


def _rule(condition: str) -> tuple[str, str, float]:
    found = CONDITION.fullmatch(condition)
    if found is None:
        raise UsageError(f"{condition!r} is no condition on a score.", 'Write it as "safety<=2".')
    return found[1], found[2], float(found[3])


def _balanced(chosen: Sequence[Candidate], most: int, salt: str) -> list[Candidate]:
    """Return so many of each failure mode; a trace with several is taken while one of them lacks."""
    taken: Counter[str] = Counter()
    kept = set()
    for one in _shuffled(chosen, salt):
        kinds = one.modes or (one.verdict,)
        if any(taken[kind] < most for kind in kinds):
            taken.update(kinds)
            kept.add(id(one))
    return [one for one in chosen if id(one) in kept]


def _shuffled(candidates: Iterable[Candidate], salt: str) -> list[Candidate]:
    """Return candidates in an order that depends on each trace alone: whoever came first stays first as others come."""
    return sorted(
        candidates,
        key=lambda one: hashlib.sha256(
            f"{salt}\x1f{one.trace}\x1f{one.week}".encode("utf-8", "surrogatepass")
        ).digest(),
    )
