"""Agreement of this workspace's readers, and of annotators whose scores were imported, one question at a time.

All numbers are of the traces that were read twice. Where the sample leans towards risk so do these: they are said to be
of the overlap, and never of the traffic.
"""

import math
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from reviewer import wording
from reviewer.measure import coefficients as of
from reviewer.measure.coefficients import Level, Numbers
from reviewer.measure.reading import VERDICT_FAIL, versions_without
from reviewer.model.agreement import About, Agreement, Annotation, Difference, PairAgreement, Reading
from reviewer.model.ids import ModeId
from reviewer.model.number import Basis, Number, Unit
from reviewer.model.taxonomy import Taxonomy

LEAST_POSITIVES = 5
"""With fewer positives alpha hangs on one or two traces, and is hidden."""
LEAST_TRACES = 30
"""Of one week, and of what comes from no week; with fewer traces read twice alpha is hidden."""
LEAST_TOGETHER = 100
"""Of several weeks together."""
MOST_PAIRS = 45
MOST_ANSWERS = 10
"""Of more answers than these, being the same or not says little: kappa and AC1 are left out."""

Judged = tuple[str, str]
Said = Mapping[Judged, Mapping[str, Hashable]]
"""By unit (a trace, and the week or the part of it) what each reader said."""


@dataclass(frozen=True, slots=True)
class Question:
    """What was asked, how far two answers lie apart, and which answer is the positive one, if any."""

    id: str
    title: str
    about: About
    level: Level
    positive: Hashable = None
    say: Callable[[Hashable], str] = str
    of_weeks: bool = True
    """Whether it was asked week by week, of this workspace's readers."""


def of_readers(
    readings: Iterable[Reading], taxonomy: Taxonomy, earlier: Mapping[int, Taxonomy] | None = None
) -> list[Agreement]:
    """Return how far readers agree: on the verdict, on all failure modes together, on each mode, and on each score.

    A mode that no reader saw is left out. A coding says nothing about a mode that its version of the taxonomy did not
    hold, unless it carries it. Modes come in the taxonomy's order.

    Args:
        readings: submitted codings that decided, of traces that two or more have read.
        taxonomy: the present taxonomy.
        earlier: its other versions by number.
    """
    given = list(readings)
    found = [
        _agreement(
            Question("verdict", wording.VERDICT, "verdict", "nominal", VERDICT_FAIL, _say_verdict),
            _said(given, lambda r: r.verdict),
        ),
        _agreement(
            Question("modes", wording.ALL_MODES, "modes", "sets", say=_say_modes(taxonomy)),
            _said(given, lambda r: frozenset(r.modes)),
        ),
    ]
    for mode in taxonomy.modes:
        without = versions_without(mode.id, taxonomy, earlier or {})
        said = _said(given, lambda r, m=mode.id, w=without: _on_mode(r, m, w))  # type: ignore[misc]
        if any(True in each.values() for each in said.values()):
            question = Question(
                mode.id, mode.title, "mode", "nominal", True, lambda seen: wording.YES if seen else wording.NO
            )
            found.append(_agreement(question, said))
    for scale in taxonomy.scores:
        said = _said(given, lambda r, s=scale.id: r.scores.get(s))  # type: ignore[misc]
        found.append(_agreement(Question(scale.id, scale.title, "score", "ordinal", say=_say_number), said))
    return [one for one in found if one is not None]


def _said(readings: Sequence[Reading], ask: Callable[[Reading], Hashable]) -> dict[Judged, dict[str, Hashable]]:
    """Return the answers by trace and week; None is no answer."""
    said: dict[Judged, dict[str, Hashable]] = {}
    for reading in readings:
        answer = ask(reading)
        if answer is not None:
            said.setdefault((reading.trace, reading.week), {})[reading.reviewer] = answer
    return said


def _on_mode(reading: Reading, mode: ModeId, without: frozenset[int]) -> bool | None:
    if mode in reading.modes:
        return True
    return None if reading.taxonomy_version in without else False


def _say_modes(taxonomy: Taxonomy) -> Callable[[Hashable], str]:
    titles = {mode.id: mode.title for mode in taxonomy.modes}

    def say(modes: Hashable) -> str:
        names = modes if isinstance(modes, frozenset) else ()
        return ", ".join(sorted(titles.get(ModeId(str(name)), str(name)) for name in names)) or wording.NO_MODE

    return say


def _say_verdict(verdict: Hashable) -> str:
    return wording.SAID_FAIL if verdict == VERDICT_FAIL else wording.SAID_RIGHT


def _say_number(value: Hashable) -> str:
    return f"{value:g}" if isinstance(value, (int, float)) else str(value)


def of_annotators(annotations: Iterable[Annotation]) -> list[Agreement]:
    """Return how far imported annotators agree, one row a score; categories are nominal, numbers lie on an interval.

    Of two answers the rarer one is the positive one.
    """
    by_name: dict[str, list[Annotation]] = {}
    for annotation in annotations:
        by_name.setdefault(annotation.name, []).append(annotation)
    found = []
    for name, given in sorted(by_name.items()):
        said: dict[Judged, dict[str, Hashable]] = {}
        numeric = all(one.kind == "number" for one in given)
        for one in given:
            said.setdefault((one.trace, one.part), {})[one.author] = one.value if numeric else str(one.value)
        level: Level = "interval" if numeric else "nominal"
        found.append(_agreement(Question(name, name, "score", level, _rarer(said), _say_number, of_weeks=False), said))
    return [one for one in found if one is not None]


def _rarer(said: Said) -> Hashable:
    """Return the rarer of two answers; None where there are not two."""
    counted = Counter(answer for each in said.values() for answer in each.values())
    return min(counted, key=lambda answer: (counted[answer], str(answer))) if len(counted) == 2 else None


def _agreement(question: Question, said: Said) -> Agreement | None:
    """Return one row; None where no unit has two answers."""
    twice = {unit: each for unit, each in said.items() if len(each) > 1}
    if not twice:
        return None
    readers = sorted({reader for each in twice.values() for reader in each})
    given = of.ratings([list(each.values()) for each in twice.values()])
    weights = of.resampled(len(twice))
    positives = None
    if question.positive is not None:
        positives = sum(question.positive in each.values() for each in twice.values())
    elif question.level == "sets":
        positives = sum(any(each.values()) for each in twice.values())
    rounds = {week for _, week in twice} if question.of_weeks else set()
    needed = LEAST_TOGETHER if len(rounds) > 1 else LEAST_TRACES
    few = len(twice) < needed or (positives is not None and positives < LEAST_POSITIVES)

    def number(measure: Callable[[Numbers | None], Numbers], unit: Unit, *, hide: bool = False) -> Number:
        return _number(float(measure(None)[0]), measure(weights), unit, len(twice), hide=hide)

    graded = question.level == "sets" or len(given.values) > MOST_ANSWERS
    kappa = _cohen(twice, readers) if len(readers) == 2 else lambda w: of.fleiss(given, w)
    return Agreement(
        id=question.id,
        title=question.title,
        about=question.about,
        level=question.level,
        readers=tuple(readers),
        traces=len(twice),
        positives=positives,
        raw=number(lambda w: of.raw_agreement(given, w), Unit.SHARE),
        positive=number(lambda w: of.positive_agreement(given, question.positive, w), Unit.SHARE)
        if question.positive is not None
        else None,
        kappa=None if graded else number(kappa, Unit.SCORE),
        ac1=None if graded else number(lambda w: of.ac1(given, w), Unit.SCORE),
        alpha=number(lambda w: of.alpha(given, question.level, w), Unit.SCORE, hide=few),
        majority=() if graded else _majority(twice, question.say),
        positive_value="" if question.positive is None else question.say(question.positive),
        pairs=_pairs(twice, readers),
        differing=tuple(
            Difference(trace, place, tuple((reader, question.say(answer)) for reader, answer in sorted(each.items())))
            for (trace, place), each in twice.items()
            if len(set(each.values())) > 1
        ),
    )


def _majority(twice: Said, say: Callable[[Hashable], str]) -> tuple[tuple[str, int], ...]:
    """Return how many traces most of their readers gave each answer, the most frequent first."""
    decided: Counter[str] = Counter()
    for each in twice.values():
        answer, times = Counter(each.values()).most_common(1)[0]
        if 2 * times > len(each):
            decided[say(answer)] += 1
    return tuple(sorted(decided.items(), key=lambda one: (-one[1], one[0])))


def _number(value: float, repeats: Numbers, unit: Unit, traces: int, *, hide: bool) -> Number:
    if math.isnan(value):
        return Number(None, Basis.OVERLAP, unit, n=traces, suppressed=hide)
    limits = of.percentiles(repeats)
    return Number(
        value,
        Basis.OVERLAP,
        unit,
        low=limits.low if limits else None,
        high=limits.high if limits else None,
        n=traces,
        suppressed=hide,
    )


def _cohen(twice: Said, readers: Sequence[str]) -> Callable[[Numbers | None], Numbers]:
    """Return Cohen's kappa of the only two readers, as a function of how often each unit counts."""
    pairs = [(each[readers[0]], each[readers[1]]) for each in twice.values()]
    return lambda weights: of.cohen([a for a, _ in pairs], [b for _, b in pairs], weights)


def _pairs(twice: Said, readers: Sequence[str]) -> tuple[PairAgreement, ...]:
    """Return each pair of readers with units in common, the busiest first; of many readers the busiest pairs."""
    found = []
    shared = Counter(pair for each in twice.values() for pair in combinations(sorted(each), 2))
    for (first, second), traces in sorted(shared.items(), key=lambda one: (-one[1], one[0]))[:MOST_PAIRS]:
        answers = [(each[first], each[second]) for each in twice.values() if first in each and second in each]
        kappa = float(of.cohen([a for a, _ in answers], [b for _, b in answers])[0])
        raw = float(np.mean([a == b for a, b in answers]))
        found.append(PairAgreement(first, second, traces, raw, None if math.isnan(kappa) else kappa))
    return tuple(found)
