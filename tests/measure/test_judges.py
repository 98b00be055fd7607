"""A judge against people: right whatever was reviewed more often, and silent where nobody can know."""

from typing import Any

import numpy as np
import pandas as pd
import pytest

from reviewer.measure.judges import default_cut, judge
from reviewer.model import columns as c
from reviewer.model.judge import Cut, Judge, JudgeName
from reviewer.model.number import Basis
from tests.measure.builders import item, table, taxonomy

WEEK = "2026-W47"


class Traffic:
    """Traces with a judge's word, a truth, and a stratum."""

    def __init__(self) -> None:
        self.scores: list[tuple[str, str, str, float | None, str | None]] = []
        self.items: list[dict[str, Any]] = []
        self.sizes: dict[str, int] = {}
        self.n = 0

    def add(
        self, n: int, score: float | str | None, *, read: int = 0, failing: int = 0, stratum: str = "all",
        modes: tuple[str, ...] = ("looping",), **changed: Any,
    ) -> "Traffic":  # fmt: skip
        """Add traces with one score, of which the first are reviewed, and of these the first are failing."""
        for i in range(n):
            trace, self.n = f"t{self.n}", self.n + 1
            if score is not None:
                number = score if isinstance(score, float) else None
                self.scores.append((WEEK, stratum, trace, number, None if isinstance(score, float) else score))
            if i < read:
                seen = modes if i < failing else ()
                verdict = "fail" if i < failing else "pass"
                self.items.append(item(WEEK, trace, seen, **{c.STRATUM: stratum, c.VERDICT: verdict, **changed}))
        self.sizes[stratum] = self.sizes.get(stratum, 0) + n
        return self

    def judge(self, name: str = "quality", cut: Cut | None = None, known: tuple[float, float] | None = None) -> Judge:
        judged = pd.DataFrame(self.scores, columns=[c.WEEK, c.STRATUM, c.TRACE, c.VALUE, c.LABEL])
        sizes = pd.DataFrame([(WEEK, s, n) for s, n in self.sizes.items()], columns=[c.WEEK, c.STRATUM, c.SIZE])
        items = table(self.items or [item("2026-W01", "other")])
        made = judge(JudgeName(name, "llm", self.n), judged, items, sizes, taxonomy("looping"), {}, cut, known)
        assert made is not None
        return made


def usual() -> Traffic:
    """Of 10,000 traces 1,700 are flagged; all of 1,000 failures but 200 are among them."""
    return (
        Traffic()
        .add(1700, 0.2, read=34, failing=16, stratum="flagged")
        .add(8300, 0.9, read=166, failing=4, stratum="rest")
    )


def test_the_table_counts_what_was_reviewed() -> None:
    found = usual().judge()
    assert (found.labelled, found.positives, found.caught, found.missed, found.false_alarms) == (200, 20, 16, 4, 18)
    assert (found.population, found.scored, found.of) == (10_000, 10_000, "fail")
    assert len(found.missed_traces) == 4 and len(found.false_alarm_traces) == 18


def test_sensitivity_and_specificity_are_of_the_traffic() -> None:
    """Flagged traces are reviewed ten times as often: the raw shares of the reviewed would be far off."""
    found = Traffic().add(1000, 0.2, read=100, failing=50).add(9000, 0.9, read=90, failing=1).judge()
    assert found.sensitivity.value == pytest.approx(500 / (500 + 100))
    assert found.specificity.value == pytest.approx(8900 / (8900 + 500))
    assert found.precision.value == pytest.approx(0.5)
    assert (found.sensitivity.low or 0) < 0.6, "one miss among 90 stands for a hundred, or for several hundred"
    assert found.f1 == pytest.approx(2 * 500 / (1000 + 600))
    assert found.mcc == pytest.approx((500 * 8900 - 500 * 100) / np.sqrt(1000 * 600 * 9400 * 9000))


def test_the_raw_rate_stands_beside_its_correction_and_never_alone() -> None:
    found = usual().judge()
    assert found.raw is not None and found.raw.value == pytest.approx(0.17)
    assert found.corrected is not None and found.corrected.value == pytest.approx(0.1)
    assert found.corrected.basis is Basis.ESTIMATE
    alone = Traffic().add(1700, 0.2).add(8300, 0.9).judge()
    assert alone.corrected is None and alone.raw is None and alone.precision.n == 0


def test_known_sensitivity_and_specificity_correct_a_judge_without_labels() -> None:
    found = Traffic().add(1700, 0.2).add(8300, 0.9).judge(known=(0.8, 0.9))
    assert found.known is not None and found.known.value == pytest.approx(0.10)
    assert found.raw is not None and found.raw.value == pytest.approx(0.17)


def test_with_flagged_labels_only_nobody_can_know_what_is_missed() -> None:
    found = Traffic().add(1000, 0.2, read=60, failing=30).add(9000, 0.9).judge()
    assert found.sensitivity.value is None and found.specificity.value is None
    assert found.corrected is None and found.raw is None
    assert found.precision.value == pytest.approx(0.5)
    assert any("misses" in note for note in found.notes)


def test_ppi_waits_for_twenty_of_each() -> None:
    assert usual().judge().tightened is not None
    few = Traffic().add(1700, 0.2, read=34, failing=15).add(8300, 0.9, read=166, failing=4).judge()
    assert few.tightened is None and any("20 failures" in note for note in few.notes)


def test_the_corrected_rate_is_narrower_than_without_the_judge() -> None:
    found = Traffic().add(1700, 0.2, read=34, failing=16).add(8300, 0.9, read=166, failing=4).judge()
    assert found.corrected is not None and found.unaided is not None
    width = [(n.high or 0) - (n.low or 0) for n in (found.corrected, found.unaided)]
    assert width[0] < width[1]


@pytest.mark.parametrize(
    ("bad", "good"),
    [("fail", "pass"), ("No", "Yes"), ("incorrect", "correct"), ("I", "C"), ("unsafe", "safe"), (0.0, 1.0)],
)
def test_words_are_understood(bad: str | float, good: str | float) -> None:
    found = Traffic().add(100, bad, read=10, failing=10).add(900, good, read=30).judge()
    assert (found.caught, found.missed, found.false_alarms) == (10, 0, 0)


def test_words_that_say_neither_are_named_and_count_as_not_scored() -> None:
    found = Traffic().add(100, "fail", read=10, failing=8).add(800, "pass", read=30).add(100, "maybe", read=5).judge()
    assert (found.words, found.scored, found.population) == (("maybe",), 900, 1000)
    assert any("maybe" in note for note in found.notes)


def test_a_judge_named_like_a_failure_mode_is_held_against_it() -> None:
    found = (
        Traffic()
        .add(100, "true", read=10, failing=8)
        .add(900, "false", read=30, failing=2, modes=("stale",))
        .judge("looping")
    )
    assert (found.of, found.of_title) == ("looping", "Looping")
    assert (found.caught, found.missed, found.false_alarms) == (8, 0, 2), "failing for another reason is no miss"


def test_the_cut_can_be_moved_and_turned() -> None:
    traffic = Traffic().add(100, 2.0, read=10, failing=9).add(100, 3.0, read=10, failing=5).add(800, 5.0, read=30)
    assert (traffic.judge().cut, traffic.judge().caught) == (Cut(3.5), 14)
    assert traffic.judge(cut=Cut(3.0, chosen=True)).caught == 9
    assert traffic.judge(cut=Cut(4.0, fails_below=False)).caught == 0
    assert traffic.judge().span == (2.0, 5.0)
    assert default_cut(pd.Series([0.0, 1.0]), of_mode=True) == Cut(0.5, fails_below=False)


def test_of_several_scores_one_that_fails_decides() -> None:
    traffic = Traffic().add(10, 0.9, read=10, failing=2)
    traffic.scores.append((WEEK, "all", "t0", 0.1, None))
    found = traffic.judge()
    assert (found.caught, found.missed, found.scored) == (1, 1, 10)


def test_a_judge_without_scores_here_is_none() -> None:
    empty = pd.DataFrame([], columns=[c.WEEK, c.STRATUM, c.TRACE, c.VALUE, c.LABEL])
    sizes = pd.DataFrame([(WEEK, "all", 10)], columns=[c.WEEK, c.STRATUM, c.SIZE])
    assert judge(JudgeName("q", "llm", 0), empty, table([item(WEEK, "t")]), sizes, taxonomy("looping"), {}) is None
