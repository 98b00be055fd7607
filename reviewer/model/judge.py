"""Judges: automatic evaluators whose scores were imported, held against what people say."""

from dataclasses import dataclass
from typing import NamedTuple

from reviewer.model.number import Number


class JudgeName(NamedTuple):
    """A score that no person gave: its name, what it is by (``llm``, ``code`` or ``api``), and on how many traces."""

    name: str
    by: str
    traces: int


@dataclass(frozen=True, slots=True)
class Cut:
    """Where a judge's numbers part pass and fail.

    A number below ``at`` is a fail where ``fails_below``, else a number of ``at`` or more is one. ``chosen`` says that
    a person has set it.
    """

    at: float
    fails_below: bool = True
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class Judge:
    """One judge against people: how well it finds what they find, and what its rate is once it is corrected.

    ``of`` is a failure mode's id where the judge is named like one, else ``fail``. ``scored`` of the ``population``
    have its score, ``labelled`` of these were reviewed, with ``positives`` in the eyes of people. Of the labelled it
    ``caught`` and ``missed`` positives, and raised ``false_alarms`` among the others.

    ``sensitivity`` is the share of what people call a failure that it flags, in the traffic; ``specificity`` the share
    of the rest that it does not; ``precision`` the share of what it flags that people call a failure. ``corrected`` is
    the rate in the traffic, from people's word within what the judge flags and what it does not; ``unaided`` the same
    without the judge; ``tightened`` PPI++ (None where its gate is shut); ``known`` the judge's rate corrected by a
    sensitivity and specificity from elsewhere. ``raw`` is the judge's own rate, None wherever nothing corrects it.
    """

    name: str
    by: str
    of: str
    of_title: str
    cut: Cut | None
    population: int
    scored: int
    labelled: int
    positives: int
    caught: int
    missed: int
    false_alarms: int
    sensitivity: Number
    specificity: Number
    precision: Number
    f1: float | None
    mcc: float | None
    corrected: Number | None
    unaided: Number | None
    tightened: Number | None
    known: Number | None
    raw: Number | None
    notes: tuple[str, ...] = ()
    missed_traces: tuple[str, ...] = ()
    false_alarm_traces: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    """Answers in words that say neither pass nor fail; their traces count as not scored."""
    span: tuple[float, float] | None = None
    """The lowest and the highest number it gave; None where it answers in words."""

    @property
    def passed_rightly(self) -> int:
        """Return how many of the labelled it passes and people call all right."""
        return self.labelled - self.caught - self.missed - self.false_alarms
