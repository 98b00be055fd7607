"""The draw: every trace has a known chance, the same on every machine, and more items never replace others."""

import json
import math
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reviewer.errors import UsageError
from reviewer.measure.design import CHOSEN, draw, permanent_random_number, readings, top_up
from reviewer.model.ids import TraceId
from reviewer.model.week import Candidate, Draw, Plan, PlanKind


def population(sizes: dict[tuple[str | None, bool], int]) -> list[Candidate]:
    return [
        Candidate(TraceId(f"{workflow}-{flagged:d}-{i:05d}"), (workflow,), flagged)
        for (workflow, flagged), size in sizes.items()
        for i in range(size)
    ]


def counts(outcome: Draw) -> Counter[str]:
    return Counter(item.stratum for item in outcome.items)


POPULATIONS = st.dictionaries(
    st.tuples(st.sampled_from(["docs", "chat", "agent", None]), st.booleans()), st.integers(1, 60), min_size=1
).map(population)
KINDS: st.SearchStrategy[PlanKind] = st.sampled_from(["proportional", "risk"])


def test_the_random_numbers_are_the_published_ones(shared: Callable[..., Path]) -> None:
    vectors = json.loads(shared("reference", "statistics-vectors.json").read_text())["vectors"]
    vector = next(v for v in vectors if v["id"] == "prn_blake2b")
    numbers = [permanent_random_number(vector["input"]["seed"], name) for name in vector["input"]["ids"]]
    assert numbers == pytest.approx(vector["expected"], abs=vector["tol"])


def test_any_text_can_be_a_seed() -> None:
    seeds = ["", "a" * 64, "a" * 65, "a" * 66, "Woche 48 – 🙂", "\ud800"]
    assert len({permanent_random_number(seed, "t") for seed in seeds}) == len(seeds)


@settings(max_examples=150, deadline=None)
@given(POPULATIONS, KINDS, st.integers(1, 300), st.floats(0.3, 1))
def test_a_draw_is_a_probability_sample(traces: list[Candidate], kind: PlanKind, size: int, anchor: float) -> None:
    plan = Plan(size, "seed", kind, ("workflow",), anchor)
    outcome = draw(traces, plan)
    assert len(outcome.items) == min(size, len(traces))
    assert [item.order for item in outcome.items] == list(range(1, len(outcome.items) + 1))
    in_population = Counter(outcome.strata.values())
    assert set(outcome.strata) == {candidate.trace for candidate in traces}
    assert set(counts(outcome)) == set(in_population), "a stratum without items would have no estimate"
    for item in outcome.items:
        assert (item.N_h, item.n_h) == (in_population[item.stratum], counts(outcome)[item.stratum])
        assert item.pi == item.n_h / item.N_h
    chances = {item.stratum: item.pi for item in outcome.items}
    assert math.isclose(sum(chances[s] for s in outcome.strata.values()), len(outcome.items), rel_tol=1e-9)
    for stratum, size_there in in_population.items():
        inside = [trace for trace, label in outcome.strata.items() if label == stratum]
        smallest = sorted(inside, key=lambda trace: permanent_random_number("seed", trace))
        drawn = {item.trace for item in outcome.items if item.stratum == stratum}
        assert drawn == set(smallest[: counts(outcome)[stratum]])
        if kind == "risk" and size >= 20:
            assert counts(outcome)[stratum] >= min(2, size_there)


@settings(max_examples=100, deadline=None)
@given(POPULATIONS, KINDS, st.integers(1, 150), st.integers(0, 150))
def test_topping_up_only_adds(traces: list[Candidate], kind: PlanKind, size: int, more: int) -> None:
    plan = Plan(size, "seed", kind, ("workflow",))
    first = draw(traces, plan)
    shuffled = sorted(traces, key=lambda c: permanent_random_number(str(more), c.trace))
    assert draw(shuffled, plan).items == first.items, "the order of the population must not matter"
    second = top_up(first, plan, size + more)
    assert [i.trace for i in second.items[: len(first.items)]] == [i.trace for i in first.items]
    assert [i.order for i in second.items] == list(range(1, len(second.items) + 1))
    assert len(second.items) >= min(size + more, len(traces))
    assert second.strata == first.strata
    held = counts(second)
    for item in second.items:
        assert item.n_h == held[item.stratum]
        assert item.pi == item.n_h / item.N_h
    assert top_up(second, plan, size + more) == second


def test_topping_up_keeps_places_where_largest_remainder_would_take_one_away() -> None:
    traces = population({("a", False): 21, ("b", False): 43, ("c", False): 35, ("d", False): 1})
    plan = Plan(10, "s", by=("workflow",))
    outcome = draw(traces, plan)
    for size in range(11, 60):
        before = counts(outcome)
        outcome = top_up(outcome, plan, size)
        assert all(counts(outcome)[stratum] >= n for stratum, n in before.items())


def test_the_reference_design_draws_64_and_36() -> None:
    traces = population({("docs", False): 8800, ("docs", True): 1200})
    outcome = draw([Candidate(c.trace, (), c.flagged) for c in traces], Plan(100, "s", "risk"))
    assert counts(outcome) == {"all · not flagged": 64, "all · flagged": 36}


def test_labels_name_the_crossing_and_what_is_missing() -> None:
    traces = [
        Candidate(TraceId("a"), ("docs-qa", "gpt-4.1")),
        Candidate(TraceId("b"), ("docs-qa", None)),
        Candidate(TraceId("c"), (None, None)),
    ]
    outcome = draw(traces, Plan(3, "s", by=("workflow", "model")))
    assert outcome.strata == {
        TraceId("a"): "docs-qa · gpt-4.1",
        TraceId("b"): "docs-qa · not recorded",
        TraceId("c"): "not recorded · not recorded",
    }


def test_every_beginning_of_the_list_is_spread_over_the_strata() -> None:
    traces = population({("a", False): 300, ("b", False): 200, ("c", False): 100})
    items = draw(traces, Plan(60, "s", by=("workflow",))).items
    for end in (12, 24, 36, 48):
        assert Counter(item.stratum for item in items[:end]) == {"a": end // 2, "b": end // 3, "c": end // 6}


def test_more_strata_than_items_are_put_together_instead_of_left_out() -> None:
    traces = population({(f"w{i:02d}", flag): i + 1 for i in range(40) for flag in (False, True)})
    for kind in ("proportional", "risk"):
        outcome = draw(traces, Plan(20, "s", kind, ("workflow",)))
        assert len(outcome.items) == 20
        assert set(outcome.strata.values()) == set(counts(outcome))
        assert any(label.startswith("small groups together") for label in counts(outcome))


@pytest.mark.parametrize("size", [30, 60, 100])
def test_many_small_workflows_do_not_take_the_sample_from_the_large_ones(size: int) -> None:
    traces = population({(f"w{i:02d}", flag): 900 // (i + 1) for i in range(30) for flag in (False, True)})
    outcome = draw(traces, Plan(size, "s", "risk", ("workflow",)))
    heaviest = max(item.N_h / item.n_h for item in outcome.items)
    assert heaviest <= len(traces) / size / 0.3


def test_what_was_chosen_before_is_certain_and_beside_the_sample() -> None:
    traces = population({("a", False): 50})
    chosen = {traces[3].trace: "reviewed", traces[7].trace: "reviewed", TraceId("elsewhere"): "reviewed"}
    outcome = draw(traces, Plan(10, "s", by=("workflow",)), chosen)
    certain = [item for item in outcome.items if item.stratum == CHOSEN]
    assert {item.trace for item in certain} == {traces[3].trace, traces[7].trace}
    assert all(item.pi == 1 and item.purpose == "certainty" for item in certain)
    assert counts(outcome)["a"] == 10
    assert {item.N_h for item in outcome.items if item.stratum == "a"} == {48}
    larger = top_up(outcome, Plan(10, "s", by=("workflow",)), 20)
    assert counts(larger) == {"a": 20, CHOSEN: 2}


def test_everything_can_be_chosen_before_the_draw() -> None:
    traces = population({("a", False): 3})
    outcome = draw(traces, Plan(5, "s", by=("workflow",)), [candidate.trace for candidate in traces])
    assert counts(outcome) == {CHOSEN: 3}


@pytest.mark.parametrize(
    "plan", [Plan(0, "s"), Plan(-1, "s"), Plan(10**20, "s"), Plan(5, "s", "risk", (), 0.29), Plan(5, "s", anchor=1.1)]
)
def test_plans_that_cannot_be_meant_are_refused(plan: Plan) -> None:
    with pytest.raises(UsageError):
        draw([Candidate(TraceId("a"), ())], plan)


def test_nothing_to_draw_from_says_what_to_do() -> None:
    with pytest.raises(UsageError, match="Import traces"):
        draw([], Plan(5, "s"))


def test_a_trace_that_stands_twice_is_a_bug() -> None:
    with pytest.raises(ValueError, match="twice"):
        draw([Candidate(TraceId("a"), ())] * 2, Plan(5, "s"))


SAME = [
    ("docs-0-00008", "overlap", ("ben", "ada")),
    ("docs-1-00004", "overlap", ("ada", "ben")),
    ("docs-0-00002", "prob", ("ben",)),
    ("docs-1-00006", "prob", ("ada",)),
    ("docs-0-00004", "prob", ("ada",)),
    ("docs-0-00000", "prob", ("ben",)),
    ("docs-1-00007", "prob", ("ada",)),
    ("docs-0-00029", "prob", ("ben",)),
    ("docs-1-00001", "prob", ("ada",)),
    ("docs-0-00014", "prob", ("ben",)),
]


def test_the_same_draw_on_every_machine() -> None:
    traces = population({("docs", False): 40, ("docs", True): 8, ("chat", False): 12})
    outcome = draw(traces, Plan(10, "week-2026-47", "risk", ("workflow",), overlap=0.2, readers=("ada", "ben")))
    assert [(i.trace, i.purpose, i.readers) for i in outcome.items] == SAME


def test_the_first_items_are_read_twice_and_the_larger_sample_leaves_them_their_readers() -> None:
    traces = population({("a", False): 200, ("a", True): 40})
    plan = Plan(40, "s", "risk", ("workflow",), overlap=0.15, readers=("ada", "ben", "carla"))
    first = draw(traces, plan)
    assert [item.purpose for item in first.items] == ["overlap"] * 6 + ["prob"] * 34
    assert all(len(set(item.readers)) == (2 if item.purpose == "overlap" else 1) for item in first.items)
    shares = Counter(name for item in first.items for name in item.readers)
    assert dict(shares) == readings(40, 6, plan)
    assert max(shares.values()) - min(shares.values()) <= 1
    larger = top_up(first, plan, 60)
    assert [i.purpose for i in larger.items].count("overlap") == 9
    for old, new in zip(first.items, larger.items, strict=False):
        assert old.trace == new.trace
        assert new.readers[: len(old.readers)] == old.readers


def test_pairs_of_readers_change() -> None:
    traces = population({("a", False): 400})
    plan = Plan(120, "s", by=("workflow",), overlap=0.5, readers=("a", "b", "c", "d"))
    pairs = {frozenset(item.readers) for item in draw(traces, plan).items if item.purpose == "overlap"}
    assert len(pairs) == 6


def test_nobody_is_named_where_nobody_was_asked() -> None:
    items = draw(population({("a", False): 50}), Plan(20, "s", by=("workflow",), overlap=0.1)).items
    assert [item.purpose for item in items].count("overlap") == 2
    assert {item.readers for item in items} == {()}
