"""What all traffic says beside the nine fields: each outcome as the reference defines it, and nothing that is not there."""

from typing import Any

import pytest

from reviewer.measure.operations import operations
from reviewer.measure.people import abandonment, corrections, feedback, success_logged
from reviewer.measure.recorded import Recorded
from reviewer.measure.retrieval import context_share, known_sources, repeated_sources
from reviewer.measure.sample import sample_of
from reviewer.measure.toolcalls import argument_errors, fallbacks
from reviewer.model import columns as c
from reviewer.model.number import Basis, Group, Row

from .builders import item, table, taxonomy, week_of
from .recorded import DAY_US, call, document, recorded, retrieval, score, trace
from .test_scorecard import week

NOTHING_READ = sample_of(table([item("2026-W48", "a")]).iloc[:0], week())


def groups(now: Recorded, before: Recorded | None = None) -> dict[str, Group]:
    return {group.id: group for group in operations(now, before, NOTHING_READ, taxonomy("looping"))}


def rows(found: dict[str, Group], group: str, field: str) -> tuple[Row, ...]:
    return next(one for one in found[group].fields if one.id == field).rows


def values(found: dict[str, Group], group: str, field: str) -> dict[str, float | None]:
    return {row.label: row.number.value for row in rows(found, group, field)}


def test_a_group_of_which_nothing_is_recorded_is_absent() -> None:
    assert list(groups(recorded([trace("a")]))) == ["traffic"]


def test_requests_and_errors_are_counted_by_what_they_are_of() -> None:
    traces = [trace(str(i), workflow="docs" if i < 3 else "chat", tenant="acme", model="m1" if i % 2 else "m2",
                    status="error" if i == 0 else "ok") for i in range(4)]  # fmt: skip
    found = groups(recorded(traces), recorded([trace("p", workflow="docs", model="m2")]))
    assert values(found, "traffic", "requests_by_workflow") == {"docs": 3, "chat": 1}
    assert values(found, "traffic", "error_rate") == {"Ended in an error": 0.25}
    assert values(found, "traffic", "errors_by_model") == {"m1": 0.0, "m2": 0.5}
    first = rows(found, "traffic", "errors_by_model")[1]
    assert first.traces == ("0",)
    assert rows(found, "traffic", "requests_by_workflow")[0].previous is not None
    assert rows(found, "traffic", "requests_by_task_type")[0].number.basis is Basis.NOT_RECORDED


def test_only_a_few_values_of_many_are_counted() -> None:
    found = groups(recorded([trace(str(i), tenant=f"t{i}") for i in range(500)]))
    assert len(rows(found, "traffic", "requests_by_tenant")) == 5


def test_cost_by_tenant_has_the_most_expensive_first() -> None:
    traces = [trace(str(i), tenant="small", cost_usd=0.01) for i in range(9)] + [trace("x", tenant="big", cost_usd=5.0)]
    found = groups(recorded(traces))
    assert list(values(found, "cost", "cost_by_tenant")) == ["big", "small"]
    assert values(found, "cost", "cost_total")["Cost in all"] == pytest.approx(5.09)
    assert rows(found, "cost", "cache_hit")[0].number.basis is Basis.NOT_RECORDED


def test_a_session_is_abandoned_when_its_last_trace_has_no_answer_and_no_success_was_logged() -> None:
    def session(name: str, *endings: str) -> list[dict[str, Any]]:
        return [trace(f"{name}{i}", session_id=name, ending=ending) for i, ending in enumerate(endings)]

    traces = [*session("a", "question", "answer"), *session("b", "answer", "question"), *session("c", "within"),
              trace("alone", ending="question"), *session("old")]  # fmt: skip
    figure = abandonment(recorded(traces, scores=[score("c0", "task_success", 1.0, session_id="c")]))
    assert (figure.number.count, figure.number.n) == (2, 4)
    assert set(figure.traces) == {"b1", "alone"}
    assert abandonment(recorded([trace("x")])).number.basis is Basis.NOT_RECORDED


def test_corrections_are_of_turns() -> None:
    traces = [trace("a", n_follow_ups=3, n_corrections=1), trace("b", n_follow_ups=1, n_corrections=0), trace("c")]
    figure = corrections(recorded(traces).traces)
    assert (figure.number.value, figure.number.n, figure.traces) == (0.25, 4, ("a",))


def test_feedback_is_a_share_where_it_is_yes_or_no_and_a_mean_where_it_is_a_number() -> None:
    scores = [score("a", "user_feedback", 1.0), score("b", "user_feedback", 0.0), score("a", "star_rating", 4.0),
              score("b", "star_rating", 2.0), score("a", "thumbs", label="up"), score("a", "latency", 3.0)]  # fmt: skip
    found = feedback(recorded([trace("a"), trace("b")], scores=scores))
    assert {name: figure.number.value for name, figure in found.items()} == {
        "user_feedback": 0.5, "star_rating": 3.0, "thumbs": 1.0,
    }  # fmt: skip
    assert found["user_feedback"].traces == ("b",)


def test_success_that_is_logged_is_named_so() -> None:
    scores = [score("a", "success", 1.0), score("b", "resolved", label="no"), score("b", "success_rate", 1.0)]
    figure = success_logged(recorded([trace("a"), trace("b")], scores=scores))
    assert (figure.number.value, figure.number.n, figure.traces) == (0.5, 2, ("b",))


def test_a_fallback_follows_a_failed_call_of_another_tool_for_the_same_purpose() -> None:
    calls = [call("a", 0, "search_docs", 1), call("a", 1, "search_web"), call("b", 0, "search_docs", 1),
             call("b", 1, "search_docs"), call("c", 0, "search_docs", 1), call("c", 1, "send_mail"),
             call("d", 0, "search_docs", 1), call("e", 0, "search_web")]  # fmt: skip
    figure = fallbacks(recorded([], calls).calls)
    assert (figure.number.count, figure.number.n, figure.traces) == (1, 8, ("a",))


def test_a_call_that_says_it_is_a_fallback_is_one_whatever_came_before() -> None:
    calls = [call("a", 0, "search", fallback=1), call("b", 0, "search"), call("c", 0, "search", fallback=0)]
    figure = fallbacks(recorded([], calls).calls)
    assert (figure.number.count, figure.number.n, figure.traces) == (1, 3, ("a",))


def test_arguments_are_wrong_when_they_do_not_parse_or_the_error_says_so() -> None:
    calls = [call("a", 0, "t", arguments_ok=0), call("b", 0, "t", 1, error="limit: expected integer"),
             call("c", 0, "t", 1, error="upstream timeout"), call("d", 0, "t")]  # fmt: skip
    assert argument_errors(recorded([], calls).calls).number.count == 2


def test_documents_know_their_age_and_whether_their_source_is_new() -> None:
    documents = [document("a", "faq", updated_us=990 * DAY_US), document("a", "faq", rank=1, updated_us=600 * DAY_US),
                 document("a", "new", rank=2), document("b", "solo")]  # fmt: skip
    now = recorded(
        [trace("a"), trace("b")], documents=documents, retrievals=[retrieval("a", 3, 20.0), retrieval("b", 0)]
    )
    before = recorded([trace("p")], documents=[document("p", "faq")])
    found = groups(now, before)
    assert values(found, "retrieval", "document_age") == {
        "median": 205.0,
        "p95": pytest.approx(380.5),
        "older than a year": 0.5,
    }
    assert values(found, "retrieval", "empty_by_workflow") == {"docs": 0.5}
    assert repeated_sources(now).number.value == pytest.approx(1 / 3)
    assert known_sources(now, before).number.value == 0.5
    assert set(known_sources(now, before).traces) == {"a", "b"}


def test_the_context_share_is_of_the_input_tokens_and_never_more_than_all() -> None:
    one = trace("a", tokens_in=1000, context_chars=2000, n_retrievals=1)
    two = trace("b", tokens_in=10, context_chars=2000, n_retrievals=1)
    none = trace("c", tokens_in=1000, context_chars=0)
    assert context_share(recorded([one, two, none])).number.value == pytest.approx(0.75)


def test_what_people_judge_goes_with_it_by_prompt_version() -> None:
    read = [
        row | {c.PROMPT_VERSION: "v1" if n % 2 else "v2"}
        for n, row in enumerate(week_of("2026-W48", 80, 20, "tool_misuse"))
    ]
    sizes = table(
        [{c.WEEK: "2026-W48", c.STRATUM: "all", c.PROMPT_VERSION: name, c.SIZE: 500} for name in ("v1", "v2")]
    )
    sizes[c.MODEL] = None
    sample = sample_of(table(read).assign(**{c.MODEL: None}), week(), sizes=sizes)
    found = {g.id: g for g in operations(recorded([trace("a")]), None, sample, taxonomy("tool_misuse", "refusal"))}
    assert [(row.label, row.number.value) for row in rows(found, "traffic", "failing_by_prompt_version")] == [
        ("v1", 0.25), ("v2", 0.25),
    ]  # fmt: skip
    wrong = rows(found, "tools", "wrong_tool")[0]
    assert (wrong.number.basis, wrong.number.value, len(wrong.traces)) == (Basis.ESTIMATE, 0.25, 20)


def test_the_mean_of_feedback_is_split_into_mix_and_within() -> None:
    def period(docs: int) -> Recorded:
        traces = [trace(str(n), workflow="docs" if n < docs else "chat") for n in range(40)]
        return recorded(traces, scores=[score(str(n), "rating", 5.0 if n < docs else 2.0) for n in range(40)])

    (row,) = rows(groups(period(10), period(30)), "people", "feedback")
    assert row.number.value == pytest.approx(2.75)
    assert row.change is not None
    assert row.change.total.value == pytest.approx(-1.5)
    assert row.change.mix.value == pytest.approx(-1.5)
    assert row.change.within.value == pytest.approx(0.0)
