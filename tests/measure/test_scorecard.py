"""The scorecard: nine fields, each with its warrant, and nothing that the traces do not record."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from reviewer.measure.intervals import Interval
from reviewer.measure.ratio import Pairs, from_moments, ratio
from reviewer.measure.sample import sample_of
from reviewer.measure.scorecard import scorecard
from reviewer.model import columns as c
from reviewer.model.clock import iso_week_span
from reviewer.model.ids import WeekName
from reviewer.model.number import Basis, Number, Row, Scorecard, Unit
from reviewer.model.week import Plan, Week

from .builders import item, table, taxonomy, unread, week_of

FIELDS = [
    "top_workflows",
    "top_failure_modes",
    "p95_latency",
    "cost_per_success",
    "structured_output_pass",
    "tool_success",
    "empty_retrieval",
    "escalation",
    "eval_trend",
]


def trace(name: str, **changed: Any) -> dict[str, Any]:
    row: dict[str, Any] = dict.fromkeys(
        (c.TIME_BASIS, c.WORKFLOW, c.MODEL, c.PROMPT_VERSION, c.TENANT, c.TASK_TYPE, c.ENVIRONMENT, c.SESSION, c.STATUS)
    )
    row |= dict.fromkeys((c.LATENCY, c.COST, c.TOKENS_IN, c.TOKENS_OUT, c.STRUCTURED_OK, c.ESCALATED))
    row |= dict.fromkeys((c.TOOL_CALLS, c.TOOL_ERRORS, c.RETRIEVALS, c.EMPTY_RETRIEVALS), 0)
    return row | {c.TRACE: name, c.STARTED: 0, c.FLAGGED: False} | changed


def week(name: str = "2026-W48", **changed: Any) -> Week:
    start, end = iso_week_span(name, "Europe/Berlin")
    return Week(WeekName(name), start, end, Plan(60, "s"), 1, end, 1000, **changed)


def made(items: pd.DataFrame, traffic: list[dict[str, Any]], weeks: int = 1, **more: Any) -> Scorecard:
    return scorecard(
        sample_of(items, week(), weeks),
        pd.DataFrame(traffic),
        taxonomy("looping", "refusal"),
        week(),
        "Europe/Berlin",
        "bot",
        **more,
    )


def number(card: Scorecard, field: str, row: int = 0) -> Number:
    return next(f for f in card.fields if f.id == field).rows[row].number


PLAIN = [trace(f"2026-W48-{i}") for i in range(100)]


def test_nine_fields_in_order_each_explained() -> None:
    card = made(table(week_of("2026-W48", 60, 12)), PLAIN)
    assert [field.id for field in card.fields] == FIELDS
    assert all(field.title and field.explanation.endswith(".") and field.rows for field in card.fields)


def test_what_traces_do_not_record_says_so() -> None:
    card = made(table(week_of("2026-W48", 60, 12)), PLAIN)
    for field in FIELDS:
        if field != "top_failure_modes":
            assert number(card, field).basis is Basis.NOT_RECORDED, field


def test_an_empty_workspace_has_a_scorecard_that_says_so() -> None:
    card = made(table([item("2026-W48", "a")]).iloc[:0], [trace("a")])
    assert all(row.number.basis is Basis.NOT_RECORDED for field in card.fields for row in field.rows)
    assert (card.reviewed, card.drawn, card.headline) == (0, 0, None)
    assert "no sample was drawn" in card.design


def test_workflows_are_shares_of_all_traffic() -> None:
    rows = [trace(str(i), workflow=name) for i, name in enumerate(["docs"] * 6 + ["chat"] * 3 + [None])]
    past = pd.DataFrame([trace("p", workflow="docs")])
    field = made(table(week_of("2026-W48", 5, 1)), rows, before=past).fields[0]
    assert [(row.label, row.number.value, row.number.n) for row in field.rows] == [
        ("docs", 0.6, 10),
        ("chat", 0.3, 10),
        ("not recorded", 0.1, 10),
    ]
    assert [row.previous.value for row in field.rows if row.previous] == [1, 0, 0]
    assert all(row.number.basis is Basis.ALL_TRAFFIC for row in field.rows)


def test_failure_modes_are_estimates_the_most_common_first() -> None:
    rows = [
        *week_of("2026-W47", 60, 6, "looping"),
        *week_of("2026-W48", 30, 15, "refusal"),
        *(row | {c.TRACE: f"x{row[c.TRACE]}"} for row in week_of("2026-W48", 30, 3, "looping")),
    ]
    field = made(table(rows), PLAIN).fields[1]
    assert [row.label for row in field.rows] == ["Refusal", "Looping"]
    first = field.rows[0]
    assert (first.number.basis, first.number.value, first.number.n) == (Basis.ESTIMATE, 0.25, 60)
    assert first.number.low is not None
    assert first.number.high is not None
    assert first.number.low < 0.25 < first.number.high
    assert len(first.traces) == 15
    assert field.rows[1].previous is not None
    assert field.rows[1].previous.value == pytest.approx(0.1)


def test_the_headline_is_how_many_fail() -> None:
    card = made(table([*week_of("2026-W47", 60, 6), *week_of("2026-W48", 60, 12)]), PLAIN)
    assert card.headline is not None
    assert card.headline.number.value == pytest.approx(0.2)
    assert card.headline.previous is not None
    assert card.headline.previous.value == pytest.approx(0.1)


def test_latency_is_the_95th_percentile_of_what_is_recorded() -> None:
    rows = [trace(str(i), latency_ms=float(i)) for i in range(101)] + [trace("none")]
    found = number(made(table(week_of("2026-W48", 5, 1)), rows), "p95_latency")
    assert (found.value, found.unit, found.n, found.population) == (95.0, Unit.MILLISECONDS, 101, 102)
    assert found.low is None
    assert found.note == ""


def test_a_percentile_of_few_traces_carries_a_warning() -> None:
    rows = [trace(str(i), latency_ms=float(i)) for i in range(71)]
    assert "71 traces only" in number(made(table(week_of("2026-W48", 5, 1)), rows), "p95_latency").note


def test_tools_retrieval_and_output_count_all_traffic() -> None:
    rows = [
        trace("a", n_tool_calls=8, n_tool_errors=1, n_retrievals=4, n_empty_retrievals=1, structured_ok=1),
        trace("b", n_tool_calls=2, n_tool_errors=1, structured_ok=0),
        trace("c", structured_ok=1),
        trace("d"),
    ]
    card = made(table(week_of("2026-W48", 5, 1)), rows)
    shown = {name: number(card, name) for name in ("tool_success", "empty_retrieval", "structured_output_pass")}
    assert {name: (one.value, one.n) for name, one in shown.items()} == {
        "tool_success": (0.8, 10),
        "empty_retrieval": (0.25, 4),
        "structured_output_pass": (2 / 3, 3),
    }
    assert all(one.basis is Basis.ALL_TRAFFIC and one.low is None for one in shown.values())


def test_escalation_is_of_sessions() -> None:
    rows = [
        trace("1", session_id="a", escalated=0),
        trace("2", session_id="a", escalated=1),
        trace("3", session_id="b", escalated=0),
        trace("4", escalated=0),
        trace("5", escalated=1),
        trace("6", session_id="unknown"),
    ]
    found = number(made(table(week_of("2026-W48", 5, 1)), rows), "escalation")
    assert (found.value, found.n, found.population) == (0.5, 4, 5)


def test_cost_per_success_weighs_by_the_design() -> None:
    calm = week_of("2026-W48", 40, 4, **{c.STRATUM: "all · not flagged", c.N_H: 900})
    risky = week_of("2026-W48", 20, 10, **{c.STRATUM: "all · flagged", c.N_H: 100})
    risky = [row | {c.TRACE: f"r-{row[c.TRACE]}"} for row in risky]
    rows = [trace(row[c.TRACE], cost_usd=0.10) for row in calm] + [trace(row[c.TRACE], cost_usd=0.50) for row in risky]
    found = number(made(table([*calm, *risky]), rows), "cost_per_success")
    assert found.value == pytest.approx((0.9 * 0.1 + 0.1 * 0.5) / (0.9 * 0.9 + 0.1 * 0.5))
    assert (found.basis, found.unit, found.n, found.count) == (Basis.ESTIMATE, Unit.DOLLARS, 60, 46)
    assert found.low is not None
    assert found.high is not None
    assert found.low < (found.value or 0) < found.high


@pytest.mark.parametrize(("tagged", "costs"), [(5, 5), (0, 1)])
def test_cost_per_success_does_not_divide_by_nothing(tagged: int, costs: int) -> None:
    rows = [trace(f"2026-W48-{i}", cost_usd=0.1 if i < costs else None) for i in range(5)]
    found = number(made(table(week_of("2026-W48", 5, tagged)), rows), "cost_per_success")
    assert found.value is None
    assert found.note


def test_skipped_items_are_in_the_design_and_a_warning_follows_many() -> None:
    rows = [*week_of("2026-W48", 57, 5), *(unread("2026-W48", f"u{i}") for i in range(3))]
    card = made(table(rows), PLAIN)
    assert "57 of 60 drawn were reviewed, 3 put off or not read (5 %)" in card.design
    assert "more than one in ten" not in card.design
    rows = [*week_of("2026-W48", 50, 5), *(unread("2026-W48", f"u{i}") for i in range(10))]
    card = made(table(rows), PLAIN)
    assert "more than one in ten" in card.design
    assert (card.reviewed, card.drawn, card.population) == (50, 60, 100)


def test_several_weeks_can_be_pooled() -> None:
    rows = [row for n in range(41, 49) for row in week_of(f"2026-W{n}", 60, 6 if n < 45 else 12)]
    card = made(table(rows), PLAIN, weeks=4)
    assert card.period == "2026-W45 – 2026-W48"
    assert (card.start_us, card.end_us) == (iso_week_span("2026-W45", "Europe/Berlin")[0], week().end_us)
    row = card.fields[1].rows[0]
    assert (row.number.value, row.number.n) == (pytest.approx(0.2), 240)
    assert row.previous is not None
    assert row.previous.value == pytest.approx(0.1)


def test_later_weeks_do_not_count() -> None:
    rows = [*week_of("2026-W48", 60, 6), *week_of("2026-W49", 60, 60)]
    assert number(made(table(rows), PLAIN), "top_failure_modes").value == pytest.approx(0.1)


def test_a_week_whose_items_are_missing_does_not_borrow_another_weeks() -> None:
    card = made(table(week_of("2026-W47", 60, 6)), PLAIN)
    assert card.reviewed == 0
    assert number(card, "top_failure_modes").basis is Basis.NOT_RECORDED


def test_an_evaluation_trend_stands_as_it_was_imported() -> None:
    row = Row("suite", Number(0.86, Basis.FIXED_SET, Unit.SCORE, n=180))
    card = made(table(week_of("2026-W48", 5, 1)), PLAIN, eval_trend=[row])
    assert card.fields[8].rows == (row,)


def test_the_mean_of_a_stratified_survey_is_the_published_one(shared: Callable[..., Path]) -> None:
    vectors = json.loads(shared("reference", "statistics-vectors.json").read_text())["vectors"]
    by_id = {vector["id"]: vector for vector in vectors}
    given = {k: np.array(v) for k, v in by_id["apistrat_api00_mean"]["input"].items()}
    mean, variance = from_moments(given["N_h"], given["n_h"], given["mean_api00"], given["var_api00"])
    wanted = by_id["apistrat_api00_mean"]["expected"]
    assert [mean, variance**0.5] == pytest.approx([wanted["mean"], wanted["se"]], abs=1e-8)
    for name in ("apistrat_awards_fpc", "apisrs_awards_fpc"):
        given, wanted = by_id[name]["input"], by_id[name]["expected"]
        sizes = np.atleast_1d(np.array(given.get("N_h", given.get("N")), dtype=float))
        read = np.atleast_1d(np.array(given.get("n_h", given.get("n")), dtype=float))
        rates = np.atleast_1d(np.array(given.get("successes_h", given.get("x")))) / read
        mean, variance = from_moments(sizes, read, rates, read / (read - 1) * rates * (1 - rates))
        assert [mean, variance**0.5] == pytest.approx([wanted["p"], wanted["se"]], abs=1e-9)


def test_a_ratio_read_in_full_is_certain() -> None:
    found = ratio([Pairs(3, np.array([1.0, 2.0, 3.0]), np.array([1.0, 1.0, 0.0]))])
    assert found is not None
    assert (found.value, found.limits) == (3.0, Interval(3.0, 3.0))


def test_the_interval_of_a_ratio_holds_it() -> None:
    rng = np.random.default_rng(5)
    held = 0
    for _ in range(400):
        passed = (rng.random(200) < 0.8).astype(float)
        cost = rng.lognormal(-3, 0.7, 200)
        found = ratio([Pairs(100_000, cost, passed)])
        assert found is not None
        held += found.limits.low <= np.exp(-3 + 0.245) / 0.8 <= found.limits.high
    assert held / 400 > 0.9
