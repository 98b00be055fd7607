"""Agreement: what several people said of the same traces, and how far they said the same."""

from dataclasses import dataclass
from typing import Literal, NamedTuple

from reviewer.model.number import Number

About = Literal["verdict", "mode", "modes", "score"]
"""What was judged: pass or fail, one failure mode, all modes of a trace together, or a score."""


class Reading(NamedTuple):
    """A submitted coding that decided, of a trace that somebody else has decided too."""

    week: str
    trace: str
    reviewer: str
    verdict: str
    modes: tuple[str, ...]
    scores: dict[str, float]
    taxonomy_version: int


class Annotation(NamedTuple):
    """A person's score that was imported, of something that somebody else has scored under the same name too.

    ``part`` says which part of the trace it is of; empty for the whole. ``value`` is a number where ``kind`` is
    "number", else a text.
    """

    trace: str
    part: str
    name: str
    author: str
    kind: Literal["number", "bool", "category"]
    value: float | str


@dataclass(frozen=True, slots=True)
class Difference:
    """A trace on which readers differ, and what each of them said, by name."""

    trace: str
    week: str
    said: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class PairAgreement:
    """How far two readers agree on the traces that both have read."""

    first: str
    second: str
    traces: int
    raw: float
    kappa: float | None


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far readers agree on one question.

    ``traces`` were judged by two or more; ``positives`` of them have the property in the eyes of at least one (None
    where the question is not one of yes and no), and ``positive`` is how often a second reader sees it too. ``kappa``
    is Cohen's for two readers and Fleiss' for more; it and ``ac1`` know only equal and different, and are None where
    answers are sets or of very many kinds. Coefficients are 1 where all agree and 0 where agreement is that
    of chance. ``alpha`` is suppressed where there is too little to go by.
    """

    id: str
    title: str
    about: About
    level: Literal["nominal", "ordinal", "interval", "sets"]
    readers: tuple[str, ...]
    traces: int
    positives: int | None
    raw: Number
    positive: Number | None
    kappa: Number | None
    ac1: Number | None
    alpha: Number
    positive_value: str = ""
    majority: tuple[tuple[str, int], ...] = ()
    """Each answer with the number of traces to which more than half of the readers gave it; empty for many answers."""
    pairs: tuple[PairAgreement, ...] = ()
    differing: tuple[Difference, ...] = ()


@dataclass(frozen=True, slots=True)
class AgreementReport:
    """Agreement of this workspace's readers and of imported annotators; empty where there are not two of them."""

    week: str
    """The week that it is of; empty for all of them."""
    readers: tuple[Agreement, ...] = ()
    annotators: tuple[Agreement, ...] = ()
