"""Every shape in which frameworks write messages, and what a reader gets of it."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewer.model.trace import Message, Role
from reviewer.sources.assemble.messages import to_messages


def told(value: Any, role: Role = "user") -> list[str]:
    """One line a message: role, text and calls."""
    return [line(message) for message in to_messages(value, role)[0]]


def line(message: Message) -> str:
    parts = [f"{part.kind}:{part.text}" if part.kind != "text" else part.text for part in message.parts]
    calls = [f"{call.name}({call.arguments})#{call.call_id}" for call in message.calls]
    answered = f"<-{message.call_id}" if message.call_id else ""
    return " ".join([message.role + answered, *parts, *calls])


def call(name: str = "f", arguments: Any = '{"a": 1}', native: Any = "c1") -> dict[str, Any]:
    return {"id": native, "type": "function", "function": {"name": name, "arguments": arguments}}


def test_openai_chat() -> None:
    said = [
        {"role": "developer", "content": "Be kind."},
        {"role": "user", "content": [{"type": "text", "text": "Hi"}]},
        {"role": "assistant", "content": None, "tool_calls": [call()]},
        {"role": "tool", "tool_call_id": "c1", "content": "42"},
        {"role": "assistant", "content": "It is 42.", "refusal": None},
    ]
    assert told(said) == [
        "system Be kind.",
        "user Hi",
        'assistant f({"a": 1})#c1',
        "tool<-c1 42",
        "assistant It is 42.",
    ]
    assert to_messages(said, "user")[1] == 3
    assert to_messages(said, "user")[0][3].name == "f"


def test_a_response_with_choices_keeps_why_it_stopped() -> None:
    response = {"choices": [{"message": {"role": "assistant", "content": "cut"}, "finish_reason": "length"}]}
    found, quality = to_messages(response, "assistant")
    assert (line(found[0]), found[0].finish_reason, quality) == ("assistant cut", "length", 3)


def test_a_legacy_function_call() -> None:
    assert told([{"role": "assistant", "content": None, "function_call": {"name": "f", "arguments": "{}"}}]) == [
        "assistant f({})#None"
    ]


def test_anthropic_results_are_split_out_of_the_user_message() -> None:
    value = {
        "system": [{"type": "text", "text": "Rules."}],
        "messages": [
            {
                "role": "assistant",
                "content": [
                    {"type": "thinking", "thinking": "hm"},
                    {"type": "text", "text": "Look."},
                    {"type": "tool_use", "id": "t1", "name": "look", "input": {"at": "sky"}},
                ],
            },
            {
                "role": "user",
                "content": [
                    {"type": "tool_result", "tool_use_id": "t1", "is_error": True, "content": [{"type": "text", "text": "dark"}]},
                    {"type": "text", "text": "And now?"},
                ],
            },
        ],
    }  # fmt: skip
    assert told(value) == [
        "system Rules.",
        'assistant reasoning:hm Look. look({"at":"sky"})#t1',
        "tool<-t1 dark",
        "user And now?",
    ]
    assert to_messages(value, "user")[0][2].is_error


def test_responses_items_pair_on_call_id() -> None:
    value = {
        "instructions": "Short.",
        "input": [
            {"type": "message", "role": "user", "content": [{"type": "input_text", "text": "Hi"}]},
            {"type": "reasoning", "summary": [{"type": "summary_text", "text": "think"}]},
            {"type": "function_call", "id": "fc_9", "call_id": "call_1", "name": "f", "arguments": "{}"},
            {"type": "function_call_output", "call_id": "call_1", "output": "ok"},
        ],
    }
    assert told(value) == ["system Short.", "user Hi", "assistant reasoning:think f({})#call_1", "tool<-call_1 ok"]


def test_searches_of_the_provider_and_the_pages_it_cites() -> None:
    found = {"file_id": "f1", "filename": "a.md", "score": 0.5, "text": "Passage"}
    cited = {"type": "url_citation", "url": "https://example.org/a", "title": "A", "start_index": 0}
    value = {
        "output": [
            {"type": "file_search_call", "id": "fs1", "queries": ["q"], "results": [found]},
            {
                "type": "message",
                "role": "assistant",
                "content": [{"type": "output_text", "text": "Yes.", "annotations": [cited]}],
            },
        ]
    }
    assert told(value, "assistant") == [
        'assistant file_search({"queries":["q"]})#fs1',
        'tool<-fs1 [{"text":"Passage","title":"a.md","id":"f1","score":0.5}]',
        "assistant Yes. citation:A\nhttps://example.org/a",
    ]
    chat = {"role": "assistant", "content": "Yes.", "annotations": [{"type": "url_citation", "url_citation": cited}]}
    assert told(chat) == ["assistant Yes. citation:A\nhttps://example.org/a"]


def test_gemini_contents() -> None:
    value = {
        "config": {"system_instruction": "Short."},
        "contents": [
            {"role": "user", "parts": [{"text": "Hi"}]},
            {"role": "model", "parts": [{"functionCall": {"name": "f", "args": {"a": 1}}}]},
            {"role": "user", "parts": [{"functionResponse": {"name": "f", "response": {"r": 2}}}]},
        ],
    }
    assert told(value) == ["system Short.", "user Hi", 'assistant f({"a":1})#None', 'tool {"r":2}']


def test_genai_parts() -> None:
    value = [
        {"role": "user", "parts": [{"type": "text", "content": "Weather?"}]},
        {"role": "assistant", "parts": [{"type": "tool_call", "id": "c", "name": "w", "arguments": {"city": "Rome"}}]},
        {"role": "tool", "parts": [{"type": "tool_call_response", "id": "c", "response": "sunny"}]},
    ]
    assert told(value) == ["user Weather?", 'assistant w({"city":"Rome"})#c', "tool<-c sunny"]


def test_langchain_constructors_and_types() -> None:
    built = {
        "messages": [
            [
                {
                    "lc": 1,
                    "type": "constructor",
                    "id": ["langchain", "HumanMessage"],
                    "kwargs": {"content": "Hi", "type": "human"},
                },
                {
                    "lc": 1,
                    "type": "constructor",
                    "id": ["langchain", "AIMessage"],
                    "kwargs": {"content": "", "tool_calls": [{"name": "f", "args": {"q": 1}, "id": "1"}]},
                },
            ]
        ]
    }
    assert told(built) == ["user Hi", 'assistant f({"q":1})#1']
    typed = [{"type": "human", "content": "Hi"}, {"type": "tool", "content": "r", "tool_call_id": "1", "name": "f"}]
    assert told(typed) == ["user Hi", "tool<-1 r"]


def test_openinference_wrappers() -> None:
    value = [
        {
            "message": {
                "role": "assistant",
                "contents": [{"message_content": {"type": "text", "text": "x"}}],
                "tool_calls": [{"tool_call": {"id": "i", "function": {"name": "n", "arguments": "{}"}}}],
            }
        }
    ]
    assert told(value) == ["assistant x n({})#i"]


def test_vercel_calls() -> None:
    assert told([{"toolCallId": "a", "toolName": "b", "input": {"x": 1}}], "assistant") == ['assistant b({"x":1})#a']


def test_genai_event_names_give_the_role() -> None:
    value = [
        {"event.name": "gen_ai.user.message", "content": "Hi"},
        {"event.name": "gen_ai.choice", "message": {"role": "assistant", "content": "Yes"}, "finish_reason": "stop"},
    ]
    assert told(value) == ["user Hi", "assistant Yes"]
    assert to_messages(value, "user")[0][1].finish_reason == "stop"


def test_a_role_that_is_a_tool_name() -> None:
    found = to_messages([{"role": "get_weather", "content": "sunny"}], "user")[0]
    assert [(m.role, m.name, m.text) for m in found] == [("tool", "get_weather", "sunny")]


def test_calls_written_as_content() -> None:
    text = '[{"function":{"name":"f","arguments":"{}"},"id":"1"}]'
    assert told([{"role": "tool", "content": text}]) == ["assistant f({})#1"]


def test_ids_that_are_lists_null_or_missing() -> None:
    found = to_messages(
        [{"role": "assistant", "tool_calls": [call(native=["run_1", "call_2"]), call(native=None), call(native="")]}],
        "user",
    )[0]
    assert [c.call_id for c in found[0].calls] == ["call_2", None, None]


def test_broken_arguments_are_kept_and_marked() -> None:
    said = [
        {"role": "assistant", "tool_calls": [call(arguments='{"a": '), call(arguments="[1]"), call(arguments=None)]}
    ]
    calls = to_messages(said, "user")[0][0].calls
    assert [(c.arguments, c.arguments_parse) for c in calls] == [('{"a": ', False), ("[1]", False), ("{}", True)]


def test_tool_definitions_among_messages_are_dropped() -> None:
    assert told(
        [{"role": "user", "content": "Hi"}, {"role": "tool", "content": {"type": "function", "function": {}}}]
    ) == ["user Hi"]


def test_results_in_wrappers_show_what_was_returned() -> None:
    wrapped = '{"type":"function_result","result":"42"}'
    assert told([{"role": "tool", "tool_call_id": "a", "content": wrapped}]) == ["tool<-a 42"]
    assert told([{"type": "tool-result", "toolCallId": "a", "output": {"type": "text", "value": "7"}}]) == ["tool<-a 7"]


def test_media_becomes_a_placeholder_without_its_bytes() -> None:
    block = {"type": "image_url", "image_url": {"url": "data:image/png;base64," + "A" * 4096}}
    assert told([{"role": "user", "content": [block]}]) == ["user media:image/png, 3 KB"]


def test_an_unknown_block_is_shown_raw() -> None:
    assert told([{"role": "user", "content": [{"type": "hologram", "x": 1}]}]) == [
        'user data:{"type":"hologram","x":1}'
    ]


def test_role_markers_split_a_text() -> None:
    text = "user: Hi\nthere\nassistant: None\ntool: 42\nassistant: Done: yes"
    assert told(text) == ["user Hi\nthere", "assistant", "tool 42", "assistant Done: yes"]
    assert to_messages(text, "user")[1] == 1
    assert told("A user: is not a marker here") == ["user A user: is not a marker here"]


def test_reprs_of_message_objects() -> None:
    assert told(["role='user' content='It\\'s' name=None", "role='assistant' content=None"]) == [
        "user It's",
        "assistant",
    ]


@pytest.mark.parametrize(
    ("value", "expected", "quality"),
    [
        ({"question": "Why?"}, ["user Why?"], 2),
        ({"args": ["a", "b"], "kwargs": {}}, ["user a\nb"], 2),
        ({"x": 1}, ['user {"x":1}'], 1),
        ({"content": "role"}, [], 0),
        ("{}", [], 0),
        (None, [], 0),
        ('"{\\"messages\\":[{\\"role\\":\\"user\\",\\"content\\":\\"z\\"}]}"', ["user z"], 3),
        (7, ["user 7"], 2),
    ],
)
def test_other_values(value: Any, expected: list[str], quality: int) -> None:
    assert told(value) == expected
    assert to_messages(value, "user")[1] == quality


def test_a_stream_logged_token_by_token_is_one_message() -> None:
    tokens = [{"role": "assistant", "content": f"w{n} "} for n in range(9)]
    assert told([{"role": "user", "content": "Hi"}, *tokens]) == ["user Hi", "assistant w0 w1 w2 w3 w4 w5 w6 w7 w8 "]
    assert len(told(tokens[:5])) == 5


KEYS = (
    *("role", "content", "type", "text", "tool_calls", "function", "name", "arguments", "id", "messages", "lc"),
    *("kwargs", "parts", "choices", "message", "output", "input", "tool_call_id", "event.name", "args", "source"),
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4)
    | st.dictionaries(
        st.sampled_from(KEYS)
        | st.text(max_size=3),
        inner | st.sampled_from(["user", "tool", "assistant", "tool_use", "tool_result", "function_call", "image", 1]),
        max_size=5,
    ),
    max_leaves=25,
)  # fmt: skip


@given(JSON)
def test_no_value_breaks_the_normaliser(value: Any) -> None:
    messages, quality = to_messages(value, "user")
    assert (quality == 0) == (not messages)
    for message in messages:
        assert message.role in ("system", "user", "assistant", "tool")
        assert all(isinstance(part.text, str) for part in message.parts)
        assert all(isinstance(c.name, str) and isinstance(c.arguments, str) for c in message.calls)
        assert message.role == "assistant" or not message.calls


def test_calls_written_as_python_reprs_are_calls() -> None:
    text = """ResponseFunctionToolCall(arguments='{"a":42}', call_id='c9', name='multiply', type='function_call', id='fc_1', caller=None)"""
    parts = [{"type": "text", "content": "So:"}, {"type": "text", "content": text}]
    assert told([{"role": "assistant", "parts": parts}], "assistant") == ['assistant So: multiply({"a":42})#c9']
    assert told([{"role": "assistant", "content": text}], "assistant") == ['assistant multiply({"a":42})#c9']


@pytest.mark.parametrize(
    "text",
    [
        "ResponseFunctionToolCall(",
        "ResponseFunctionToolCall(arguments='{}') is what it wrote",
        "ResponseFunctionToolCall(arguments='{}')",
        "ResponseFunctionToolCall('x', name='f')",
        "ResponseFunctionToolCall(" * 500,
        "ResponseFunctionToolCall(name='\\d'",
    ],
)
def test_texts_that_only_begin_like_a_call_stay_texts(text: str) -> None:
    assert told([{"role": "assistant", "content": text}], "assistant") == [f"assistant {text}"]


def test_serialised_objects_of_langchain_without_their_marks() -> None:
    said = [
        {"kwargs": {"content": "Hi", "type": "human"}},
        {"id": ["langchain", "schema", "messages", "AIMessage"], "kwargs": {"content": "Hello.", "tool_calls": []}},
    ]
    assert told({"messages": said}) == ["user Hi", "assistant Hello."]
    assert told([{"args": ["Hi"], "kwargs": {"content": "x"}}]) != ["user x"], "the arguments of a traced function"
