"""The transcript out of the spans: histories read once, sub-agents apart, nothing said is lost."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reviewer.model.trace import Message
from reviewer.sources.assemble.complete import Given
from reviewer.sources.assemble.messages import to_messages
from reviewer.sources.assemble.quick import read_messages
from reviewer.sources.assemble.threads import squeezed
from tests.sources.span_files import asks, built, llm, said, span, texts

SYSTEM = said("system", "Be brief.")


def test_each_call_repeats_the_history_and_is_read_once() -> None:
    first = [SYSTEM, said("user", "Hi")]
    second = [*first, said("assistant", "Ho"), said("user", "More")]
    trace = built(span(1, None), llm(2, first, [said("assistant", "Ho")]), llm(3, second, [said("assistant", "Less")]))
    assert texts(trace) == ["system: Be brief.", "user: Hi", "assistant: Ho", "user: More", "assistant: Less"]
    assert [message.span_id for message in trace.main] == [None, None, "s2", None, "s3"]
    assert (len(trace.threads), trace.transcript_how) == (1, "llm-threads")


def test_a_history_in_another_spelling_is_still_the_same() -> None:
    first = [said("user", "Hi  there")]
    again: list[dict[str, Any]] = [
        {"role": "human", "content": [{"type": "text", "text": "Hi there"}]},
        {"type": "ai", "content": "Ho "},
    ]
    trace = built(span(1, None), llm(2, first, [said("assistant", "Ho")]), llm(3, again, [said("assistant", "End")]))
    assert texts(trace) == ["user: Hi  there", "assistant: Ho", "assistant: End"]


@pytest.mark.parametrize("shape", [lambda text: text, lambda text: [{"type": "text", "text": text}]])
def test_a_system_text_with_another_time_in_it_is_the_same(shape: Any) -> None:
    def asked(minute: int, *more: dict[str, Any]) -> list[dict[str, Any]]:
        return [{"role": "system", "content": shape(f"It is 12:{minute}.")}, said("user", "Hi"), *more]

    trace = built(
        span(1, None),
        llm(2, asked(10), [said("assistant", "Ho")]),
        llm(3, asked(11, said("assistant", "Ho"), said("user", "More")), [said("assistant", "End")]),
    )
    assert texts(trace) == ["system: It is 12:10.", "user: Hi", "assistant: Ho", "user: More", "assistant: End"]


def test_another_system_text_beside_the_first_is_shown() -> None:
    second = [SYSTEM, said("user", "Hi"), said("system", "Context: a page")]
    trace = built(
        span(1, None), llm(2, second[:2], [said("assistant", "Ho")]), llm(3, second, [said("assistant", "E")])
    )
    assert sorted(texts(trace)) == sorted(
        ["system: Be brief.", "user: Hi", "system: Context: a page", "assistant: Ho", "assistant: E"]
    )


def test_reasoning_that_the_history_drops_is_kept() -> None:
    answer = {"role": "assistant", "content": [{"type": "thinking", "thinking": "hm"}, {"type": "text", "text": "Ho"}]}
    second = [said("user", "Hi"), said("assistant", "Ho"), said("user", "More")]
    trace = built(span(1, None), llm(2, [said("user", "Hi")], [answer]), llm(3, second, [said("assistant", "End")]))
    assert texts(trace) == ["user: Hi", "assistant: Ho", "user: More", "assistant: End"]
    assert [part.kind for part in trace.main[1].parts] == ["reasoning", "text"]


def test_a_trimmed_history_loses_nothing() -> None:
    first = [said("user", "One"), said("assistant", "1"), said("user", "Two")]
    trimmed = [said("user", "One"), said("user", "Two"), said("assistant", "2"), said("user", "Three")]
    trace = built(span(1, None), llm(2, first, [said("assistant", "2")]), llm(3, trimmed, [said("assistant", "3")]))
    assert texts(trace) == ["user: One", "assistant: 1", "user: Two", "assistant: 2", "user: Three", "assistant: 3"]


def test_two_answers_to_one_question_both_stay() -> None:
    asked = [said("user", "Pick")]
    trace = built(span(1, None), llm(2, asked, [said("assistant", "A")]), llm(3, asked, [said("assistant", "B")]))
    assert texts(trace) == ["user: Pick", "assistant: A", "assistant: B"]


def test_another_agents_history_is_a_thread_of_its_own() -> None:
    agent = span(3, 1, "inner", **{"gen_ai.operation.name": "invoke_agent", "gen_ai.agent.name": "helper"})
    trace = built(
        span(1, None, **{"input.value": "Ask around", "output.value": "Done."}),
        llm(2, [said("user", "Ask around")], [asks("helper", {"q": "x"}, "c1")]),
        agent,
        llm(4, [said("user", "x")], [said("assistant", "y")], parent=3),
        llm(5, [said("user", "Ask around"), asks("helper", {"q": "x"}, "c1"),
                {"role": "tool", "tool_call_id": "c1", "content": "y"}], [said("assistant", "Done.")]),
    )  # fmt: skip
    assert texts(trace) == ["user: Ask around", "assistant: ", "tool: y", "assistant: Done."]
    assert [(thread.title, len(thread.messages)) for thread in trace.threads] == [("", 4), ("helper", 2)]


def test_of_a_wrapper_and_the_call_inside_the_better_recorded_counts() -> None:
    wrapper = span(2, 1, **{"openinference.span.kind": "LLM", "input.value": "user: Hi", "output.value": "Ho"})
    inner = llm(3, [said("user", "Hi")], [said("assistant", "Ho")], parent=2)
    trace = built(span(1, None), wrapper, inner)
    assert texts(trace) == ["user: Hi", "assistant: Ho"]
    assert trace.main[1].span_id == "s3"


def test_a_history_kept_by_the_server_is_continued_by_its_results() -> None:
    results = [{"type": "function_call_output", "call_id": "c1", "output": "42"}]
    trace = built(
        span(1, None),
        llm(2, [said("user", "Count")], [asks("count", {}, "c1")]),
        llm(3, results, [said("assistant", "It is 42.")]),
    )
    assert texts(trace) == ["user: Count", "assistant: ", "tool: 42", "assistant: It is 42."]
    assert trace.main[2].answers is trace.main[1].calls[0]


def test_answers_without_any_input_follow_each_other() -> None:
    one = span(2, 1, **{"openinference.span.kind": "LLM", "output.value": "First."})
    two = span(3, 1, **{"openinference.span.kind": "LLM", "output.value": "Second."})
    trace = built(span(1, None), one, two, given=Given(input="Go", output="Second."))
    assert texts(trace) == ["user: Go", "assistant: First.", "assistant: Second."]
    assert trace.transcript_how == "llm-threads+root-input"


def test_an_agents_own_longer_history_takes_the_place() -> None:
    history = [said("user", "Hi"), said("assistant", "Let me see."), said("assistant", "Ho")]
    agent = span(1, None, "run", **{"gen_ai.operation.name": "invoke_agent",
                                    "pydantic_ai.all_messages": json.dumps(history)})  # fmt: skip
    trace = built(agent, llm(2, [said("user", "Hi")], [said("assistant", "Ho")]))
    assert texts(trace) == ["user: Hi", "assistant: Let me see.", "assistant: Ho"]
    assert trace.transcript_how == "agent-span:run"


def test_without_model_calls_the_root_must_do() -> None:
    root = span(1, None, **{"input.value": "Hi", "output.value": "Ho"})
    trace = built(root, span(2, 1, **{"input.value": "no", "output.value": "no"}))
    assert (texts(trace), trace.transcript_how) == (["user: Hi", "assistant: Ho"], "root-io")


def test_the_root_adds_what_only_it_recorded() -> None:
    root = span(1, None, **{"input.value": "Hi", "output.value": "A final word"})
    trace = built(root, llm(2, [said("user", "Hi")], [said("assistant", "Ho")]))
    assert texts(trace) == ["user: Hi", "assistant: Ho", "assistant: A final word"]
    assert trace.transcript_how == "llm-threads+root-output"


def test_a_routing_word_is_no_answer() -> None:
    root = span(1, None, **{"input.value": "Hi", "output.value": "__end__"})
    assert texts(built(root, llm(2, [said("user", "Hi")], [said("assistant", "Ho")]))) == ["user: Hi", "assistant: Ho"]


def test_a_span_without_content_gives_an_empty_transcript_not_an_invented_one() -> None:
    trace = built(span(1, None), span(2, 1, **{"gen_ai.operation.name": "chat", "gen_ai.request.model": "m"}))
    assert (trace.threads, trace.model) == ([], "m")


def test_a_cut_list_of_flat_messages_is_compressed() -> None:
    flat = {
        "llm.input_messages.7.message.role": "user",
        "llm.input_messages.7.message.content": "late",
        "llm.input_messages.11.message.contents.0.message_content.type": "text",
        "llm.input_messages.11.message.contents.0.message_content.text": "later",
        "llm.input_messages.11.message.role": "user",
        "llm.output_messages.0.message.role": "assistant",
        "llm.output_messages.0.message.tool_calls.0.tool_call.function.name": "look",
        "llm.output_messages.0.message.tool_calls.0.tool_call.function.arguments": '{"a":1}',
    }
    trace = built(span(1, None), span(2, 1, **{"openinference.span.kind": "LLM", **flat}))
    assert texts(trace) == ["user: late", "user: later", "assistant: "]
    assert [(call.name, call.arguments) for call in trace.calls()] == [("look", '{"a":1}')]
    assert trace.truncated


TURNS = st.lists(st.text("abc ", max_size=6).filter(str.strip), min_size=1, max_size=6, unique_by=squeezed)


@given(TURNS, st.data())
@settings(max_examples=60, deadline=None)
def test_whatever_part_of_the_history_is_sent_every_text_is_kept(turns: list[str], data: Any) -> None:
    history: list[dict[str, Any]] = []
    spans = [span(1, None)]
    for i, turn in enumerate(turns):
        history.append(said("user", turn))
        kept = [one for one in history if one["role"] == "user" or data.draw(st.booleans())]
        answer = said("assistant", f"answer {i}")
        spans.append(llm(i + 2, kept, [answer]))
        history.append(answer)
    shown = {squeezed(message.text) for thread in built(*spans).threads for message in thread.messages}
    assert all(squeezed(one["content"]) in shown for one in history)


def test_a_long_history_in_steps_stays_quick() -> None:
    history: list[dict[str, Any]] = [said("user", "Go")]
    spans = [span(1, None)]
    for i in range(300):
        spans.append(llm(i + 2, history, [said("assistant", f"step {i}")]))
        history = [*history, said("assistant", f"step {i}"), said("user", f"next {i}")]
    assert len(built(*spans).main) == 600


TEXT = st.text('ab []{}"\n:', max_size=6) | st.sampled_from(['[{"type":"text","text":"x"}]', "user: x", "None"])
CALL = st.fixed_dictionaries(
    {"function": st.fixed_dictionaries({"name": TEXT, "arguments": TEXT | st.just({"a": 1})})},
    optional={"id": st.none() | TEXT},
)
MESSAGE = st.fixed_dictionaries(
    {"role": st.sampled_from(["system", "user", "assistant", "tool", "human", "look"])},
    optional={
        "content": st.none() | TEXT | st.lists(TEXT, max_size=2),
        "tool_calls": st.none() | st.lists(CALL | st.none(), max_size=2),
        "tool_call_id": st.none() | TEXT,
        "name": TEXT,
    },
)


@given(st.lists(MESSAGE, max_size=5))
@settings(max_examples=300, deadline=None)
def test_the_quick_reading_gives_what_the_full_one_gives(value: list[dict[str, Any]]) -> None:
    quick, full = read_messages(value, "user"), to_messages(value, "user")
    assert [told(message) for message in quick[0]] == [told(message) for message in full[0]]
    assert quick[1] == full[1]


def told(message: Message) -> tuple[Any, ...]:
    calls = [(call.name, call.arguments, call.arguments_parse, call.call_id) for call in message.calls]
    parts = [(part.kind, part.text) for part in message.parts]
    return message.role, parts, calls, message.call_id, message.name, message.is_error, message.finish_reason
