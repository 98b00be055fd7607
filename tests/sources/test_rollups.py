"""What is said of a whole trace: usage without double counting, outcome, retries, segments, structured output."""

import json
from typing import Any

import pytest

from reviewer.model.trace import Message, Part, Score, Thread, ToolCall, Trace
from reviewer.sources.assemble.complete import complete
from reviewer.sources.assemble.rollups import fits
from reviewer.sources.assemble.spans import Span, SpanLog
from tests.sources.span_files import asks, built, llm, said, span

LLM = {"openinference.span.kind": "LLM"}
SCHEMA = {"type": "object", "properties": {"n": {"type": "integer"}}, "required": ["n"]}


def failed(one: Span, message: str = "no") -> Span:
    one.status, one.status_message = "error", message
    return one


def ended(one: Span) -> Span:
    one.status = "ok"
    return one


def test_usage_and_cost_are_summed_over_the_innermost_model_calls() -> None:
    counts = {"gen_ai.usage.input_tokens": 10, "gen_ai.usage.output_tokens": "2", "gen_ai.usage.cost": 0.5}
    agent = span(1, None, **{"gen_ai.operation.name": "invoke_agent", **counts})
    wrapper = span(2, 1, **LLM, **counts)
    inner = span(3, 2, **LLM, **counts, **{"gen_ai.usage.cache_read.input_tokens": 4})
    trace = built(agent, wrapper, inner, span(4, 1, **LLM, **counts))
    usage = trace.usage
    assert (usage.input, usage.output, usage.total, usage.cache_read, usage.reasoning) == (20, 4, 24, 4, None)
    assert (trace.cost_usd, trace.cache_hit) == (1.0, True)


def test_usage_that_only_the_agent_records_is_taken_from_it() -> None:
    agent = span(1, None, **{"gen_ai.operation.name": "invoke_agent", "gen_ai.usage.input_tokens": 9})
    assert built(agent, span(2, 1, **LLM)).usage.input == 9


@pytest.mark.parametrize("wrong", ["many", -1, True, 1e300, "9" * 40, None, [1]])
def test_a_count_that_is_none_is_not_recorded(wrong: Any) -> None:
    assert built(span(1, None, **LLM, **{"gen_ai.usage.input_tokens": wrong})).usage.input is None


def test_numbers_without_end_are_not_recorded_and_a_score_keeps_the_word() -> None:
    trace = Trace("k", "n", "f", threads=[Thread([Message("user", [Part("text", "Hi")])])])
    trace.latency_ms, trace.cost_usd = float("nan"), float("inf")
    trace.scores = [Score("helpful", float("-inf")), Score("safe", 0.5)]
    complete(trace)
    assert (trace.latency_ms, trace.cost_usd) == (None, None)
    assert [(s.value_num, s.value_text) for s in trace.scores] == [(None, "-inf"), (0.5, None)]
    assert built(span(1, None, **LLM, **{"gen_ai.usage.cost": 1e999})).cost_usd is None


def test_an_error_at_the_root_is_the_traces_with_its_exception() -> None:
    root = failed(span(1, None), "gave up")
    root.logs = [SpanLog("exception", {"exception.type": "ValueError", "exception.message": "bad id"})]
    trace = built(root)
    assert (trace.status, trace.error_message) == ("error", "ValueError: bad id")


def test_an_error_below_a_root_that_is_ok_was_recovered_from() -> None:
    assert built(ended(span(1, None)), failed(span(2, 1))).status == "ok"
    assert built(span(1, None), failed(span(2, 1), "late")).error_message == "late"
    later = llm(5, [said("user", "Hi")], [said("assistant", "Ho")])
    assert built(span(1, None), failed(span(2, 1)), later).status == "ok"


def test_no_status_at_all_is_no_error() -> None:
    assert built(span(1, None), span(2, 1)).status == "unset"


def test_a_model_call_made_again_with_the_same_input_is_a_retry() -> None:
    asked = [said("user", "Hi")]
    trace = built(span(1, None), failed(llm(2, asked, [])), failed(llm(3, asked, [])),
                  llm(4, asked, [said("assistant", "Ho")]))  # fmt: skip
    assert trace.n_retries == 2


def test_segments_come_from_the_names_of_every_convention() -> None:
    root = span(1, None, "run", **{
        "metadata": json.dumps({"workflow": "refunds", "tenant_id": "t-7", "thread_id": "s-1"}),
        "ai.telemetry.metadata.taskType": "summary",
        "tag.tags": ["a", "b"],
        "user.id": "u-1",
    })  # fmt: skip
    root.resource = {"deployment.environment.name": "prod", "service.version": "7"}
    trace = built(root, span(2, 1, **LLM, **{"traceloop.prompt.key": "p", "llm.prompt_template.version": 3,
                                             "llm.model_name": "m", "gen_ai.system": "x"}))  # fmt: skip
    assert (trace.workflow, trace.tenant, trace.session_id, trace.user_id) == ("refunds", "t-7", "s-1", "u-1")
    assert (trace.task_type, trace.environment, trace.release, trace.tags) == ("summary", "prod", "7", ["a", "b"])
    assert (trace.prompt_name, trace.prompt_version, trace.model, trace.provider) == ("p", "3", "m", "x")


def test_without_a_workflow_the_roots_name_stands_and_ids_in_it_do_not() -> None:
    assert built(span(1, None, "nightly")).workflow == "nightly"
    assert built(span(1, None, "run.6f8d2449-33ed-4c7c-82e7-5410e34ee4e6")).workflow == "run.*"


def test_prompts_that_differ_in_dates_and_ids_have_one_hash() -> None:
    def hashed(text: str) -> str | None:
        return built(span(1, None), llm(2, [said("system", text), said("user", "x")], [])).prompt_hash

    assert hashed("Today is 2026-01-02.") == hashed("Today is 2025-12-31.") is not None
    assert hashed("Today is 2026-01-02.") != hashed("It is 2026-01-02.")
    assert built(span(1, None)).prompt_hash is None


@pytest.mark.parametrize(
    ("text", "ok"), [('{"n": 1}', True), ('{"n": "1"}', False), ("{}", False), ("no JSON", False), ('{"n": 1', False)]
)
def test_structured_output_is_held_against_its_schema(text: str, ok: bool) -> None:
    for attrs in (
        {"gen_ai.request.structured_output_schema": json.dumps(SCHEMA)},
        {"llm.invocation_parameters": json.dumps(
            {"response_format": {"type": "json_schema", "json_schema": {"name": "x", "schema": SCHEMA}}})},
        {"model_request_parameters": json.dumps({"output_object": {"json_schema": SCHEMA}})},
    ):  # fmt: skip
        assert built(span(1, None), span(2, 1, **LLM, **attrs, **{"output.value": text})).structured_ok is ok


def test_without_a_schema_nothing_is_said_of_structured_output() -> None:
    assert built(span(1, None), llm(2, [said("user", "x")], [said("assistant", "{}")])).structured_ok is None
    assert fits("{}", {"type": 7}) is None


def test_a_schemas_reference_is_never_fetched(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any) -> None:
        raise AssertionError("went to the network")

    monkeypatch.setattr("socket.socket.connect", refuse)
    assert fits("{}", {"$ref": "http://127.0.0.1:9/schema.json"}) is None


def test_escalation_is_told_by_tools_tags_and_attributes() -> None:
    def asked_for(name: str) -> Trace:
        return built(span(1, None), llm(2, [said("user", "x")], [asks(name, {}, "c")]))

    assert asked_for("transfer_to_human_agent").escalated is True
    assert asked_for("search").escalated is False
    assert asked_for("transfer_funds").escalated is False
    assert built(span(1, None)).escalated is None
    assert built(span(1, None, **{"tag.tags": ["escalated"]})).escalated is True
    assert built(span(1, None, **{"gen_ai.handoff.to_agent": "billing"})).escalated is True
    assert built(span(1, None, handoff=False)).escalated is False


def test_messages_alone_are_completed_in_place() -> None:
    call = ToolCall("search", '{"q": 1}', call_id="c1")
    found = json.dumps([{"title": "T", "url": "u", "content": "what it says"}])
    messages = [
        Message("system", [Part("text", "Be brief. 1")]),
        Message("assistant", calls=[call]),
        Message("tool", [Part("text", found)], call_id="c1"),
        Message("assistant", [Part("text", "End")]),
    ]
    trace = Trace("chat", "t", "test", threads=[Thread(messages)])
    assert complete(trace) is trace
    assert (messages[2].answers, call.result, trace.escalated) == (call, found, False)
    assert [(one.text, one.turn, one.inferred) for one in trace.documents] == [("what it says", 3, True)]
    assert trace.prompt_hash is not None


def test_feedback_on_spans_and_evaluations_are_scores_once() -> None:
    feedback = {
        "trace.annotations.0.annotation.name": "good",
        "trace.annotations.0.annotation.score": 1,
        "trace.annotations.0.annotation.annotator_kind": "HUMAN",
    }
    judged = span(2, 1, **feedback)
    judged.logs = [SpanLog("gen_ai.evaluation.result", {
        "gen_ai.evaluation.name": "grounded", "gen_ai.evaluation.score.label": "no",
        "gen_ai.evaluation.explanation": "no source"})]  # fmt: skip
    trace = built(span(1, None, **feedback), judged)
    assert [(s.name, s.value_num, s.value_text, s.source, s.target, s.target_id) for s in trace.scores] == [
        ("good", 1.0, None, "human", "trace", None),
        ("grounded", None, "no", "api", "span", "s2"),
    ]


def test_a_hostile_pattern_in_a_schema_is_not_tried() -> None:
    schema = {"type": "object", "properties": {"a": {"type": "string", "pattern": "(a+)+$"}}, "required": ["a"]}
    assert fits('{"a": "' + "a" * 40 + '!"}', schema) is None
    assert fits('{"a": 1}', schema) is False
    assert fits('{"pattern": "x"}', {"type": "object", "properties": {"pattern": {"type": "string"}}}) is True
