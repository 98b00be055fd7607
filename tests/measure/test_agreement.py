"""Agreement on each question, from what readers of a workspace and imported annotators said."""

from reviewer.measure.agreement import of_annotators, of_readers
from reviewer.model.agreement import Agreement, Annotation, Reading
from reviewer.model.number import Basis
from reviewer.model.taxonomy import ScoreScale, Taxonomy
from tests.measure.builders import taxonomy


def reading(trace: int, reviewer: str, *modes: str, version: int = 1, verdict: str = "", **scores: float) -> Reading:
    return Reading("W1", f"t{trace:03d}", reviewer, verdict or ("fail" if modes else "pass"), modes, scores, version)


def by_id(found: list[Agreement]) -> dict[str, Agreement]:
    return {one.id: one for one in found}


def both(n: int, *modes: str, start: int = 0) -> list[Reading]:
    return [reading(i, who, *modes) for i in range(start, start + n) for who in ("ann", "bob")]


def test_one_reader_has_nobody_to_agree_with() -> None:
    assert of_readers([reading(i, "ann") for i in range(40)], taxonomy("looping")) == []


def test_each_mode_has_its_counts_and_the_traces_on_which_readers_differ() -> None:
    said = [*both(8, "looping"), reading(8, "ann", "looping"), reading(8, "bob"), *both(40, start=9)]
    found = by_id(of_readers(said, taxonomy("looping", "unseen")))
    assert list(found) == ["verdict", "modes", "looping"], "a mode that nobody saw is left out"
    looping = found["looping"]
    assert (looping.traces, looping.positives, looping.readers) == (49, 9, ("ann", "bob"))
    assert looping.positive is not None and looping.positive.value == 16 / 17
    assert [(d.trace, d.said) for d in looping.differing] == [("t008", (("ann", "yes"), ("bob", "no")))]
    assert looping.raw.basis is Basis.OVERLAP
    assert looping.alpha.low is not None and not looping.alpha.suppressed
    assert looping.alpha.low <= (looping.alpha.value or 0) <= (looping.alpha.high or 0)


def test_alpha_hides_behind_few_positives() -> None:
    found = by_id(of_readers([*both(4, "looping"), *both(60, start=4)], taxonomy("looping")))
    assert found["looping"].alpha.suppressed and found["looping"].positives == 4


def test_alpha_of_several_weeks_needs_more_traces_than_that_of_one() -> None:
    one = [*both(10, "looping"), *both(40, start=10)]
    two = [said._replace(week="W2") for said in one[:40]]
    assert not by_id(of_readers(one, taxonomy("looping")))["looping"].alpha.suppressed
    assert by_id(of_readers([*one, *two], taxonomy("looping")))["looping"].alpha.suppressed, "70 of two weeks"
    three = [said._replace(week="W3") for said in one]
    assert not by_id(of_readers([*one, *two, *three], taxonomy("looping")))["looping"].alpha.suppressed


def test_a_coding_of_a_version_without_the_mode_says_nothing_about_it() -> None:
    present, before = taxonomy("looping", "new", version=2), taxonomy("looping")
    said = [reading(0, "ann", version=1), reading(0, "bob", "new", version=2), *both(6, "new", start=1)]
    found = by_id(of_readers(said, present, {1: before}))
    assert found["verdict"].traces == 7
    assert found["new"].traces == 6, "the trace that ann read before there was such a mode has one answer only"


def test_modes_together_differ_by_how_much_they_share() -> None:
    said = [*both(20, "looping"), *both(20, "stale", start=20)]
    part = [reading(40, "ann", "looping", "stale"), reading(40, "bob", "looping")]
    apart = [reading(40, "ann", "stale"), reading(40, "bob", "looping")]
    near, far = (by_id(of_readers(said + more, taxonomy("looping", "stale")))["modes"] for more in (part, apart))
    assert (near.alpha.value or 0) > (far.alpha.value or 0)
    assert near.kappa is None and near.ac1 is None
    assert near.differing[0].said == (("ann", "Looping, Stale"), ("bob", "Looping"))


def test_scores_are_ordinal() -> None:
    scale = ScoreScale("clarity", "Clarity", 1, 5, "muddled", "clear")
    plain = taxonomy("looping")
    scored = Taxonomy(plain.name, plain.title, plain.modes, (scale,))
    said = [
        reading(i, who, clarity=float(1 + (i + (who == "bob" and i % 7 == 0)) % 5))
        for i in range(40)
        for who in ("ann", "bob")
    ]
    found = by_id(of_readers(said, scored))["clarity"]
    assert (found.level, found.positives, found.positive) == ("ordinal", None, None)
    assert found.differing[0].said == (("ann", "1"), ("bob", "2"))


def test_three_readers_have_three_pairs() -> None:
    said = [reading(i, who, *(("looping",) if i < 10 else ())) for i in range(30) for who in ("ann", "bob", "cem")]
    found = by_id(of_readers(said, taxonomy("looping")))["looping"]
    assert [(p.first, p.second, p.traces, p.kappa) for p in found.pairs] == [
        ("ann", "bob", 30, 1.0), ("ann", "cem", 30, 1.0), ("bob", "cem", 30, 1.0),
    ]  # fmt: skip


def test_annotators_of_categories_and_of_numbers() -> None:
    label = [
        Annotation(f"t{i}", "", "helpful", who, "bool", "false" if i < 6 or (i == 6 and who == "ann") else "true")
        for i in range(40)
        for who in ("ann", "bob")
    ]
    rating = [
        Annotation(f"t{i}", "", "rating", who, "number", float(i % 5)) for i in range(40) for who in ("ann", "bob")
    ]
    found = by_id(of_annotators([*label, *rating]))
    assert (found["helpful"].level, found["helpful"].positive_value, found["helpful"].positives) == (
        "nominal",
        "false",
        7,
    )
    assert found["rating"].level == "interval"
    assert found["rating"].alpha.value == 1.0
