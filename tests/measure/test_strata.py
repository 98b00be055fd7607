"""Strata: split where they are large enough, and never so many that small ones take the sample."""

from hypothesis import given, settings
from hypothesis import strategies as st

from reviewer.measure.allocation import LEAST_ANCHOR
from reviewer.measure.strata import Crossing, stratify
from reviewer.model.week import Plan, PlanKind, usual_plan

VALUES = st.sampled_from(["a", "b", "c", None])
COUNTED = st.dictionaries(
    st.tuples(st.tuples(VALUES, VALUES, VALUES), st.booleans()), st.integers(1, 400), min_size=1, max_size=40
)
KINDS: st.SearchStrategy[PlanKind] = st.sampled_from(["proportional", "risk"])


def labels(counted: dict[Crossing, int], size: int) -> dict[str, int]:
    found = stratify(counted, usual_plan(size, ""))
    return {label: stratum.size for label, stratum in found.sizes.items()}


def test_model_and_prompt_version_split_only_what_is_large_enough() -> None:
    counted: dict[Crossing, int] = {
        (("docs", "m1", "v1"), False): 500,
        (("docs", "m2", "v1"), False): 400,
        (("docs", "m3", "v1"), False): 10,
        (("chat", "m1", "v1"), False): 60,
        (("chat", "m2", "v1"), False): 30,
        (("docs", "m1", "v1"), True): 5,
    }
    assert labels(counted, 60) == {
        "docs · m1 · not flagged": 500,
        "docs · all others · not flagged": 410,
        "chat · not flagged": 90,
        "docs · flagged": 5,
    }


def test_a_small_sample_splits_by_workflow_alone() -> None:
    counted: dict[Crossing, int] = {
        (("docs", model, "v1"), flagged): 100 for model in ("m1", "m2", "m3") for flagged in (False, True)
    }
    assert labels(counted, 8) == {"docs · not flagged": 300, "docs · flagged": 300}


def test_a_later_segment_can_split_where_an_earlier_one_does_not() -> None:
    counted: dict[Crossing, int] = {(("docs", "m1", f"v{n}"), False): 300 for n in (1, 2)}
    assert set(labels(counted, 40)) == {"docs · v1 · not flagged", "docs · v2 · not flagged"}


@settings(max_examples=200, deadline=None)
@given(COUNTED, KINDS, st.booleans(), st.integers(1, 300), st.floats(0.3, 1))
def test_every_trace_has_a_chance_and_none_weighs_too_much(
    counted: dict[Crossing, int], kind: PlanKind, where_large: bool, size: int, anchor: float
) -> None:
    plan = Plan(size, "", kind, ("workflow", "model", "prompt_version"), anchor, where_large)
    found = stratify(counted, plan)
    population = sum(counted.values())
    assert set(found.labels) == set(counted)
    assert sum(stratum.size for stratum in found.sizes.values()) == population
    assert sum(found.drawn.values()) == min(size, population)
    for label, stratum in found.sizes.items():
        assert 1 <= found.drawn[label] <= stratum.size
        assert stratum.size / found.drawn[label] <= max(1.0, population / size / LEAST_ANCHOR) + 1e-9


@settings(max_examples=100, deadline=None)
@given(COUNTED, st.integers(20, 300))
def test_a_split_stratum_is_expected_to_give_four_items(counted: dict[Crossing, int], size: int) -> None:
    plan = usual_plan(size, "")
    found = stratify(counted, plan)
    population = sum(counted.values())
    if size >= population:
        return
    flagged = sum(n for (_, flag), n in counted.items() if flag)
    heavy = population + 7 * flagged
    for label, stratum in found.sizes.items():
        side = stratum.size * (8 if stratum.flagged else 1)
        expected = size * (0.4 * stratum.size / population + 0.6 * side / heavy)
        if label.count(" · ") > 1 and not label.startswith("small groups"):
            assert expected >= 4 - 1e-9
