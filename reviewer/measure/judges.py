"""A judge held against people: what it finds and misses in the traffic, and its rate put right.

The judge has spoken of every trace, people of a few: so what it flags and what it does not become strata of their own,
and each reviewed trace stands for its part of them. That is right also where flagged traces were reviewed more often.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from reviewer import wording
from reviewer.measure.correction import LEAST_OF_EACH, Predicted, ppi, rogan_gladen, share_of_sum
from reviewer.measure.intervals import Interval
from reviewer.measure.prevalence import Cell, prevalence, tight_prevalence
from reviewer.measure.reading import COUNTED_PURPOSES, VERDICT_FAIL, versions_without
from reviewer.model import columns
from reviewer.model.ids import ModeId
from reviewer.model.judge import Cut, Judge, JudgeName
from reviewer.model.number import Basis, Number
from reviewer.model.taxonomy import Taxonomy

FAIL = "fail"
BAD_WORDS = frozenset(
    [
        "fail",
        "failed",
        "failure",
        "false",
        "no",
        "n",
        "incorrect",
        "wrong",
        "bad",
        "i",
        "unsafe",
        "negative",
        "rejected",
        "reject",
        "0",
        "down",
        "thumbs_down",
        "unhelpful",
        "irrelevant",
        "unfaithful",
        "hallucinated",
        "toxic",
        "not_ok",
    ]
)
GOOD_WORDS = frozenset(
    [
        "pass",
        "passed",
        "success",
        "true",
        "yes",
        "y",
        "correct",
        "right",
        "good",
        "c",
        "safe",
        "positive",
        "accepted",
        "accept",
        "1",
        "up",
        "thumbs_up",
        "helpful",
        "relevant",
        "faithful",
        "factual",
        "non-toxic",
        "ok",
    ]
)
SEEN_WORDS = frozenset(["yes", "y", "true", "present", "found", "detected", "fail", "failed", "1"])
UNSEEN_WORDS = frozenset(["no", "n", "false", "absent", "none", "clean", "pass", "passed", "ok", "0"])
MIDDLE = 0.5
MOST_WORDS = 5
OUTCOMES: tuple[bool | None, ...] = (True, False, None)
FLAGGED = "judge_flags"


@dataclass(slots=True)
class _Stratum:
    """One stratum of a week: how many traces the judge flags (True), passes (False) and has not scored (None).

    ``read`` of them were reviewed, and ``positive`` of these are failures in the eyes of people.
    """

    size: int
    held: dict[bool | None, int] = field(default_factory=lambda: dict.fromkeys(OUTCOMES, 0))
    read: dict[bool | None, int] = field(default_factory=lambda: dict.fromkeys(OUTCOMES, 0))
    positive: dict[bool | None, int] = field(default_factory=lambda: dict.fromkeys(OUTCOMES, 0))


def judge(
    name: JudgeName,
    judged: pd.DataFrame,
    items: pd.DataFrame,
    sizes: pd.DataFrame,
    taxonomy: Taxonomy,
    earlier: Mapping[int, Taxonomy],
    cut: Cut | None = None,
    known: tuple[float, float] | None = None,
) -> Judge | None:
    """Return one judge against people; None where no trace of these weeks has its score.

    Args:
        name: the judge.
        judged: the "judged" table of some weeks; of several scores on one trace, one that fails decides.
        items: the "items" table; other weeks are left out.
        sizes: the "sizes" table of the same weeks without segments.
        taxonomy: the present taxonomy; a judge that is named like one of its modes is held against that mode.
        earlier: its other versions by number.
        cut: where its numbers part pass and fail; None for ``default_cut``.
        known: sensitivity and specificity from elsewhere.
    """
    mode = _mode(name.name, taxonomy)
    values = judged[columns.VALUE].dropna()
    used = (cut or default_cut(values, mode is not None)) if len(values) else None
    flagged, words = _flags(judged, used, mode is not None)
    if flagged.empty:
        return None
    strata = _strata(flagged, sizes)
    without = versions_without(mode, taxonomy, earlier) if mode else frozenset[int]()
    misses, alarms = _read(strata, flagged, items, mode, without)
    found = _Against(strata)
    population = sum(stratum.size for stratum in strata.values())
    scored = found.held(True) + found.held(False)
    report = Judge(
        name=name.name,
        by=name.by,
        of=mode or FAIL,
        of_title=next((m.title for m in taxonomy.modes if m.id == mode), wording.FAIL_OF_ALL),
        cut=used,
        population=population,
        scored=scored,
        labelled=found.read(True) + found.read(False),
        positives=found.positive(True) + found.positive(False),
        caught=found.positive(True),
        missed=found.positive(False),
        false_alarms=found.read(True) - found.positive(True),
        sensitivity=found.sensitivity(),
        specificity=found.specificity(),
        precision=found.precision(),
        f1=found.f1(),
        mcc=found.mcc(),
        corrected=found.corrected(),
        unaided=found.unaided(),
        tightened=found.tightened(),
        known=_known(found.held(True), scored, known),
        raw=None,
        notes=found.notes(population, words),
        missed_traces=misses,
        false_alarm_traces=alarms,
        words=words,
        span=(float(values.min()), float(values.max())) if len(values) else None,
    )
    if report.corrected is None and report.known is None:
        return report
    raw = Number(found.held(True) / scored, Basis.ALL_TRAFFIC, n=scored, population=population, count=found.held(True))
    return replace(report, raw=raw)


def default_cut(values: "pd.Series[float]", of_mode: bool) -> Cut:
    """Return the cut where nobody has set one: ½ for numbers between 0 and 1, else the middle of those it gave.

    Low numbers are fails; of a judge that is named like a failure mode, high ones are.
    """
    low, high = float(values.min()), float(values.max())
    middle = MIDDLE if low >= 0.0 and high <= 1.0 else (low + high) / 2
    return Cut(middle, fails_below=not of_mode)


def _mode(name: str, taxonomy: Taxonomy) -> ModeId | None:
    plain = name.strip().lower().replace(" ", "_").replace("-", "_")
    return next((mode.id for mode in taxonomy.active if mode.id == plain), None)


def _flags(judged: pd.DataFrame, cut: Cut | None, of_mode: bool) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Return one row a trace that the judge flags or passes, and the words of its that say neither."""
    bad, good = (SEEN_WORDS, UNSEEN_WORDS) if of_mode else (BAD_WORDS, GOOD_WORDS)
    numbers = pd.to_numeric(judged[columns.VALUE], errors="coerce").astype("float64")
    counted = numbers.notna() if cut is not None else pd.Series(False, index=judged.index)
    spoken = judged.loc[~counted, columns.LABEL].astype("string").fillna("")
    words = spoken.str.strip().str.lower()
    fails = pd.Series(False, index=judged.index)
    if cut is not None:
        fails[counted] = (numbers < cut.at if cut.fails_below else numbers >= cut.at)[counted]
    fails[words.index] = words.isin(bad)
    unknown = words.index[~words.isin(bad | good)]
    flagged = judged[_PLACE].assign(**{FLAGGED: fails}).drop(index=unknown)
    if flagged.duplicated(_PLACE).any():
        flagged = flagged.groupby(_PLACE, sort=False)[FLAGGED].any().reset_index()
    return flagged, tuple(sorted({str(word) for word in spoken[unknown]}))


def _strata(flagged: pd.DataFrame, sizes: pd.DataFrame) -> dict[tuple[str, str], _Stratum]:
    """Return the strata of the populations by week and label, with how many traces of each the judge flags."""
    strata = {
        (week, label): _Stratum(int(size))
        for week, label, size in sizes[_SIZES].itertuples(index=False, name=None)
    }  # fmt: skip
    counted = flagged.groupby([columns.WEEK, columns.STRATUM, FLAGGED], sort=False).size().reset_index()
    for week, label, fails, traces in counted.itertuples(index=False, name=None):
        strata[week, label].held[bool(fails)] = int(traces)
    for stratum in strata.values():
        stratum.held[None] = stratum.size - stratum.held[True] - stratum.held[False]
    return strata


def _read(
    strata: Mapping[tuple[str, str], _Stratum],
    flagged: pd.DataFrame,
    items: pd.DataFrame,
    mode: ModeId | None,
    without: frozenset[int],
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Count what people said into the strata; return the traces that the judge missed, and its false alarms."""
    missed, alarms = [], []
    drawn = flagged[flagged[columns.TRACE].isin(items[columns.TRACE])]
    said = {(week, label, trace): bool(fails) for week, label, trace, fails in drawn.itertuples(index=False, name=None)}
    for week, label, trace, purpose, reviewed, verdict, version, modes in items[_ITEMS].itertuples(
        index=False, name=None
    ):
        stratum = strata.get((week, label))
        if stratum is None or purpose not in COUNTED_PURPOSES or reviewed is pd.NA or not reviewed:
            continue
        positive = verdict == VERDICT_FAIL if mode is None else mode in modes
        if mode is not None and not positive and not pd.isna(version) and int(version) in without:
            continue
        fails = said.get((week, label, trace))
        stratum.read[fails] += 1
        stratum.positive[fails] += positive
        if positive and fails is False:
            missed.append(trace)
        elif fails and not positive:
            alarms.append(trace)
    return tuple(missed), tuple(alarms)


_PLACE = [columns.WEEK, columns.STRATUM, columns.TRACE]
_SIZES = [columns.WEEK, columns.STRATUM, columns.SIZE]
_ITEMS = [
    columns.WEEK, columns.STRATUM, columns.TRACE, columns.PURPOSE, columns.REVIEWED, columns.VERDICT,
    columns.TAXONOMY_VERSION, columns.MODES,
]  # fmt: skip


class _Against:
    """The numbers of a judge, from the strata; what it flags, passes and has not scored are True, False and None."""

    def __init__(self, strata: Mapping[tuple[str, str], _Stratum]) -> None:
        self._strata = strata
        self._estimates = {outcome: prevalence(self._cells(outcome)) for outcome in OUTCOMES}

    def _cells(self, outcome: bool | None) -> list[Cell]:
        # A thin stratum is read with its neighbour: one with the same word of the judge, of any week. So the word stands
        # where a week does.
        return [
            Cell(
                stratum.held[outcome],
                stratum.read[outcome],
                stratum.positive[outcome],
                f"{outcome} · {week} · {label}",
                str(outcome),
            )
            for (week, label), stratum in self._strata.items()
            if stratum.held[outcome] > 0
        ]

    def held(self, outcome: bool | None) -> int:
        return sum(stratum.held[outcome] for stratum in self._strata.values())

    def read(self, outcome: bool | None) -> int:
        return sum(stratum.read[outcome] for stratum in self._strata.values())

    def positive(self, outcome: bool | None) -> int:
        return sum(stratum.positive[outcome] for stratum in self._strata.values())

    def _amount(self, outcome: bool, positive: bool) -> tuple[float, Interval] | None:
        """Return how many traces of the traffic are flagged or passed and positive or not; None if unread."""
        size, found = self.held(outcome), self._estimates[outcome]
        if not size:
            return 0.0, Interval(0.0, 0.0)
        if found is None:
            return None
        if positive:
            return size * found.value, Interval(size * found.low, size * found.high)
        return size * (1.0 - found.value), Interval(size * (1.0 - found.high), size * (1.0 - found.low))

    def _share(self, right: bool, of_positives: bool, n: int) -> Number:
        part, rest = self._amount(right, of_positives), self._amount(not right, of_positives)
        found = share_of_sum(part, rest) if part is not None and rest is not None else None
        if found is None or not n:
            return Number(None, Basis.ESTIMATE, n=n)
        value, limits = found
        return Number(value, Basis.ESTIMATE, low=limits.low, high=limits.high, n=n)

    def sensitivity(self) -> Number:
        return self._share(True, True, self.positive(True) + self.positive(False))

    def specificity(self) -> Number:
        n = self.read(True) + self.read(False) - self.positive(True) - self.positive(False)
        return self._share(False, False, n)

    def precision(self) -> Number:
        found = self._estimates[True]
        return found.as_number() if found else Number(None, Basis.ESTIMATE, n=0)

    def _table(self) -> tuple[float, float, float, float] | None:
        """Return how many traces of the traffic are caught, false alarms, missed, and rightly passed."""
        cells = [self._amount(*place) for place in ((True, True), (True, False), (False, True), (False, False))]
        if any(cell is None for cell in cells) or not self.positive(True) + self.positive(False):
            return None
        caught, alarms, missed, passed = (cell[0] for cell in cells if cell is not None)
        return caught, alarms, missed, passed

    def f1(self) -> float | None:
        if (table := self._table()) is None:
            return None
        caught, alarms, missed, _ = table
        whole = 2 * caught + alarms + missed
        return 2 * caught / whole if whole else None

    def mcc(self) -> float | None:
        if (table := self._table()) is None:
            return None
        caught, alarms, missed, passed = table
        root = math.sqrt((caught + alarms) * (caught + missed) * (passed + alarms) * (passed + missed))
        return (caught * passed - alarms * missed) / root if root else None

    def corrected(self) -> Number | None:
        """Return the rate in the traffic, post-stratified on the judge; None where one of its words was never reviewed."""
        if any(self.held(outcome) and not self.read(outcome) for outcome in (True, False)):
            return None
        cells = [cell for outcome in OUTCOMES for cell in self._cells(outcome)]
        found = tight_prevalence(cells) or prevalence(cells)
        return found.as_number() if found else None

    def unaided(self) -> Number | None:
        found = prevalence(
            [
                Cell(stratum.size, sum(stratum.read.values()), sum(stratum.positive.values()), label, week)
                for (week, label), stratum in self._strata.items()
            ]
        )
        return found.as_number() if found else None

    def tightened(self) -> Number | None:
        """Return the rate by PPI++; None where its gate is shut."""
        n, positives = (sum(sum(counts.values()) for counts in side) for side in zip(*self._both(), strict=True))
        if positives < LEAST_OF_EACH or n - positives < LEAST_OF_EACH or not self.held(True):
            return None
        found = ppi([_predicted(stratum) for stratum in self._strata.values()])
        if found is None:
            return None
        population = sum(stratum.size for stratum in self._strata.values())
        return Number(
            found.value, Basis.ESTIMATE, low=found.limits.low, high=found.limits.high, n=n, population=population,
            count=positives,
        )  # fmt: skip

    def _both(self) -> list[tuple[dict[bool | None, int], dict[bool | None, int]]]:
        return [(stratum.read, stratum.positive) for stratum in self._strata.values()]

    def notes(self, population: int, words: Sequence[str]) -> tuple[str, ...]:
        """Return what a reader should know before leaning on these numbers."""
        scored, positives = self.held(True) + self.held(False), self.positive(True) + self.positive(False)
        said = []
        if scored < population:
            said.append(wording.PART_SCORED.format(n=wording.decimal(scored), of=wording.decimal(population)))
        if words:
            said.append(wording.UNKNOWN_WORDS.format(words=", ".join(words[:MOST_WORDS])))
        if self.held(False) and not self.read(False):
            said.append(wording.ONLY_FLAGGED)
        if self.held(True) and not self.read(True):
            said.append(wording.ONLY_PASSED)
        if self.read(False) and not positives:
            said.append(wording.NO_FAILURES)
        elif self.tightened() is None and self.read(False):
            said.append(wording.FEW_TO_LEAN.format(n=LEAST_OF_EACH))
        return tuple(said)


def _predicted(stratum: _Stratum) -> Predicted:
    """Return a stratum as PPI takes it; a trace without a score is one that the judge does not flag."""
    labels, predictions = [], []
    for outcome in OUTCOMES:
        read, positive = stratum.read[outcome], stratum.positive[outcome]
        labels += [1.0] * positive + [0.0] * (read - positive)
        predictions += [float(outcome is True)] * read
    return Predicted(stratum.size, stratum.held[True] / stratum.size, np.array(labels), np.array(predictions))


def _known(flagged: int, scored: int, known: tuple[float, float] | None) -> Number | None:
    if known is None:
        return None
    value = rogan_gladen(flagged / scored, *known)
    return Number(value, Basis.ESTIMATE, n=scored, population=scored) if value is not None else None
