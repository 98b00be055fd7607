"""Tool calls: which result belongs to which, and what spans of tools add."""

from typing import Any

from reviewer.model.trace import Trace
from reviewer.sources.assemble.tools import OUTSIDE
from tests.sources.span_files import SECOND, asks, built, llm, said, span


def tool(number: int, name: str, arguments: str, output: Any = None, *, failed: str = "", native: str = "") -> Any:
    attrs: dict[str, Any] = {"openinference.span.kind": "TOOL", "tool.name": name, "tool.parameters": arguments}
    if output is not None:
        attrs["output.value"] = output
    if native:
        attrs["gen_ai.tool.call.id"] = native
    made = span(number, 1, name, **attrs)
    if failed:
        made.status, made.status_message = "error", failed
    return made


def result(text: str, native: str | None = None) -> dict[str, Any]:
    return {"role": "tool", "content": text, "tool_call_id": native}


def two(first: str | None, second: str | None) -> dict[str, Any]:
    calls = [{"id": native, "function": {"name": name, "arguments": "{}"}} for native, name in
             ((first, "a"), (second, "b"))]  # fmt: skip
    return {"role": "assistant", "tool_calls": calls}


def chat(*messages: dict[str, Any]) -> Trace:
    return built(span(1, None), llm(2, [said("user", "Go"), *messages], [said("assistant", "End")]))


def results(trace: Trace) -> list[str | None]:
    return [call.result for call in trace.calls()]


def test_results_pair_by_position_where_ids_say_nothing() -> None:
    for first, second in ((None, None), ("x", "x"), ("a", "b")):
        assert results(chat(two(first, second), result("1"), result("2"))) == ["1", "2"]


def test_results_that_come_in_another_order_pair_by_id() -> None:
    trace = chat(two("c1", "c2"), result("2", "c2"), result("1", "c1"))
    assert results(trace) == ["1", "2"]
    assert [message.answers.name for message in trace.main if message.answers] == ["b", "a"]


def test_ids_that_repeat_in_a_conversation_pair_within_their_turn() -> None:
    trace = chat(asks("a", {}, "c1"), result("1", "c1"), asks("a", {}, "c1"), result("2", "c1"))
    assert results(trace) == ["1", "2"]


def test_a_result_after_other_messages_finds_its_call_by_id_then_by_name() -> None:
    trace = chat(two("c1", "c2"), said("user", "hurry"), result("2", "c2"), {**result("1"), "name": "a"})
    assert results(trace) == ["1", "2"]


def test_an_orphan_result_stays_and_answers_nothing() -> None:
    trace = chat(result("lost", "c9"))
    assert [(message.role, message.answers) for message in trace.main] == [
        ("user", None), ("tool", None), ("assistant", None)]  # fmt: skip


def test_no_result_and_an_empty_result_differ() -> None:
    assert results(chat(asks("a", {}, "c1"))) == [None]
    assert results(chat(asks("a", {}, "c1"), result("", "c1"))) == [""]


def test_a_result_that_says_it_failed_marks_its_call() -> None:
    blocks = [{"type": "tool_result", "tool_use_id": "c1", "content": "no such order", "is_error": True}]
    (call,) = chat(asks("a", {}, "c1"), {"role": "user", "content": blocks}).calls()
    assert (call.is_error, call.error, call.result) == (True, "no such order", "no such order")


def test_a_span_fills_result_time_and_id_of_the_call_with_equal_arguments() -> None:
    trace = built(
        span(1, None),
        llm(2, [said("user", "Go")], [asks("look", {"q": "y"}), asks("look", {"q": "x"})]),
        tool(3, "look", '{"q": "x"}', "found x"),
        tool(4, "look", '{"q":"y"}', "found y", native="c7"),
    )
    y, x = trace.calls()
    assert [(y.result, y.call_id), (x.result, x.call_id)] == [("found y", "c7"), ("found x", None)]
    assert (x.latency_ms, x.started_us, x.found_in) == (1000.0, 1_700_000_003 * SECOND, "both")


def test_a_failed_attempt_before_the_one_that_worked_is_a_retry_and_shown_outside() -> None:
    trace = built(
        span(1, None),
        llm(2, [said("user", "Go")], [asks("look", {"q": 1}, "c1")]),
        tool(3, "look", '{"q":1}', failed="timeout"),
        tool(4, "look", '{"q":1}', "found"),
    )
    worked, failed = trace.calls()
    assert (worked.is_error, worked.result, trace.n_retries) == (False, "found", 1)
    assert (failed.is_error, failed.error, failed.found_in) == (True, "timeout", "span")


def test_two_equal_calls_take_a_span_each() -> None:
    trace = built(
        span(1, None),
        llm(2, [said("user", "Go")], [asks("look", {}, "c1"), asks("look", {}, "c2")]),
        tool(3, "look", "{}", failed="no"),
        tool(4, "look", "{}", "yes"),
    )
    assert [(call.is_error, call.result) for call in trace.calls()] == [(True, None), (False, "yes")]
    assert trace.n_retries == 0


def test_spans_without_a_call_are_calls_outside_the_messages() -> None:
    trace = built(span(1, None, **{"input.value": "Go", "output.value": "End"}), tool(2, "look", '{"q":1}', '{"n": 3}'))
    assert [thread.title for thread in trace.threads] == ["", OUTSIDE]
    (call,) = trace.calls()
    assert (call.name, call.arguments, call.result, call.found_in) == ("look", '{"q":1}', '{"n": 3}', "span")


def test_arguments_that_are_no_object_are_kept_as_they_stand() -> None:
    (call,) = built(span(1, None), tool(2, "look", "just words", "x")).calls()
    assert (call.arguments, call.arguments_parse) == ("just words", False)


def test_a_leaf_named_after_the_tool_may_fill_a_call() -> None:
    leaf = span(3, 1, "tool.look", **{"input.value": '{"q":1}', "output.value": "found"})
    trace = built(span(1, None), llm(2, [said("user", "Go")], [asks("look", {"q": 1}, "c1")]), leaf)
    assert results(trace) == ["found"]


def test_a_leaf_that_only_sounds_like_the_tool_says_nothing_against_a_recorded_result() -> None:
    leaf = span(3, 1, "http look", **{"output.value": "404"})
    trace = built(
        span(1, None),
        llm(2, [said("user", "Go"), asks("look", {}, "c1"), result("found", "c1")], [said("assistant", "End")]),
        leaf,
    )
    (call,) = trace.calls()
    assert (call.result, call.latency_ms, call.found_in) == ("found", None, "message")


def test_wrappers_around_arguments_and_results_are_taken_off() -> None:
    wrapped = span(3, 1, "look", **{
        "gen_ai.operation.name": "execute_tool",
        "gen_ai.tool.name": "look",
        "gen_ai.tool.call.arguments": '{"input_str": "x", "inputs": {"q": 1}, "kwargs": {"tool_call_id": "c1"}}',
        "gen_ai.tool.call.result": '{"output": {"lc": 1, "type": "constructor", "id": ["ToolMessage"],'
                                   ' "kwargs": {"content": "found", "type": "tool", "tool_call_id": "c1"}}}',
    })  # fmt: skip
    (call,) = built(span(1, None), wrapped).calls()
    assert (call.arguments, call.result) == ('{"q":1}', "found")


def test_a_span_says_whether_its_call_stands_in_for_another() -> None:
    spans = [tool(number, "look", f'{{"n": {number}}}', "1") for number in (2, 3, 4)]
    spans[0].attrs["fallback"], spans[1].attrs["metadata.fallback"] = True, "false"
    assert [call.fallback for call in built(span(1, None), *spans).calls()] == [True, False, None]
