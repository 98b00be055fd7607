"""Each check: one trace in which it speaks, and one like it in which it is silent."""

import pytest

from reviewer.hints import CHECKS, find
from reviewer.model.trace import Message, Part, Retrieval, Score, Thread, ToolCall, Trace


def trace(*messages: Message) -> Trace:
    return Trace("messages", "t", "openai", threads=[Thread(list(messages))])


def calling(*calls: ToolCall) -> Trace:
    return trace(Message("assistant", calls=list(calls)))


def checks_of(found: Trace) -> list[str]:
    return [hint.check for hint in find(found)]


def test_an_ordinary_trace_has_no_hints() -> None:
    ordinary = trace(
        Message("user", [Part("text", "Where is my order?")]),
        Message("assistant", calls=[ToolCall("search_orders", '{"q":"1"}', result='[{"id": 1}]')]),
        Message("assistant", [Part("text", "On its way.")], finish_reason="stop"),
    )
    ordinary.status = "ok"
    ordinary.retrievals = [Retrieval(3)]
    ordinary.scores = [Score("helpful", 1.0, data_type="bool", source="human"), Score("tokens", 0.0)]
    assert find(ordinary) == []


def test_error_status_quotes_the_error() -> None:
    failed = trace()
    failed.status, failed.error_message = "error", "rate limit reached"
    assert [(h.check, h.evidence, h.risk) for h in find(failed)] == [("error_status", "rate limit reached", True)]
    failed.status = "ok"
    assert find(failed) == []


def test_tool_error_counts_and_names_the_first_failure() -> None:
    found = find(calling(ToolCall("book"), ToolCall("pay", is_error=True, error="card declined")))
    assert [h.check for h in found] == ["tool_error"]
    assert found[0].evidence == "1 of 2 tool calls failed; first pay: card declined"
    assert checks_of(calling(ToolCall("book"), ToolCall("pay", result="error-free"))) == []


def test_retries_are_told_but_are_no_risk() -> None:
    retried = trace()
    retried.n_retries = 2
    assert [(h.evidence, h.risk) for h in find(retried)] == [("2 retries", False)]
    retried.n_retries = 0
    assert find(retried) == []


def test_an_empty_retrieval_is_found_among_others() -> None:
    searched = trace()
    searched.retrievals = [Retrieval(4), Retrieval(0)]
    assert [h.evidence for h in find(searched)] == ["1 of 2 retrievals returned no document"]
    searched.retrievals = [Retrieval(4)]
    assert find(searched) == []


@pytest.mark.parametrize("result", ["[]", "", ' {"results": [], "total": 0}', "null"])
def test_a_search_tool_that_found_nothing(result: str) -> None:
    assert checks_of(calling(ToolCall("search_docs", result=result))) == ["empty_retrieval"]
    assert checks_of(calling(ToolCall("send_mail", result=result))) == []


def test_a_search_without_a_recorded_result_is_not_an_empty_one() -> None:
    assert checks_of(calling(ToolCall("search_docs", result=None))) == []


def test_loop_needs_three_calls_with_the_same_arguments() -> None:
    same = [ToolCall("get", '{"id":1}') for _ in range(3)]
    assert checks_of(calling(*same)) == ["loop"]
    assert checks_of(calling(*same[:2], ToolCall("get", '{"id":2}'))) == []


@pytest.mark.parametrize("reason", ["length", "max_tokens", "MAX_TOKENS"])
def test_truncated_output(reason: str) -> None:
    assert checks_of(trace(Message("assistant", finish_reason=reason))) == ["truncated_output"]
    assert checks_of(trace(Message("assistant", finish_reason="stop"))) == []


@pytest.mark.parametrize(
    "score",
    [
        Score("thumbs", 0.0, data_type="bool", source="human"),
        Score("user_feedback", -1.0, source="api"),
        Score("correctness", 0.2, source="llm"),
        Score("rating", 2.0, source="human"),
        Score("hallucination", 1.0, data_type="bool", source="llm"),
        Score("verdict", None, "Incorrect", "category", "human"),
        Score("reward", 0.0, source="code"),
    ],
)
def test_a_bad_score_is_a_hint(score: Score) -> None:
    judged = trace()
    judged.scores = [score]
    assert checks_of(judged) == ["negative_score"]


@pytest.mark.parametrize(
    "score",
    [
        Score("thumbs", 1.0, data_type="bool", source="human"),
        Score("hallucination", 0.0, data_type="bool", source="llm"),
        Score("rating", 4.0, source="human"),
        Score("correctness", 0.9, source="llm"),
        Score("answer", None, "no", "expectation", "human"),
        Score("n_steps", 0.0, source="code"),
    ],
)
def test_a_good_or_unrelated_score_is_none(score: Score) -> None:
    judged = trace()
    judged.scores = [score]
    assert find(judged) == []


def test_every_check_is_named_after_its_function() -> None:
    assert len({check.__name__ for check in CHECKS}) == len(CHECKS) == 7
