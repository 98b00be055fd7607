"""Where each generation of conventions and each SDK puts what went in and came out of a model call."""

import json
from typing import Any

import pytest

from reviewer.sources.assemble.spans import SpanLog
from tests.sources.span_files import built, span, texts

PLAIN = ["user: Hi", "assistant: Ho"]
CHAT = {"gen_ai.operation.name": "chat"}
ASKED = json.dumps([{"role": "user", "content": "Hi"}])
ANSWERED = json.dumps([{"role": "assistant", "content": "Ho"}])


def transcript(attrs: dict[str, Any], *logs: SpanLog) -> list[str]:
    call = span(2, 1, **{**CHAT, **attrs})
    call.logs = list(logs)
    return texts(built(span(1, None), call))


@pytest.mark.parametrize(
    "attrs",
    [
        {"langfuse.observation.input": ASKED, "langfuse.observation.output": "Ho"},
        {"gen_ai.input.messages": ASKED, "gen_ai.output.messages": ANSWERED},
        {"gen_ai.prompt.0.role": "user", "gen_ai.prompt.0.content": "Hi",
         "gen_ai.completion.0.role": "assistant", "gen_ai.completion.0.content": "Ho"},
        {"gen_ai.prompt": ASKED, "gen_ai.completion": ANSWERED},
        {"llm.prompts.0.prompt.text": "Hi", "llm.choices.0.completion.text": "Ho"},
        {"ai.prompt.messages": ASKED, "ai.response.text": "Ho"},
        {"ai.prompt": '{"prompt": "Hi"}', "ai.result.text": "Ho"},
        {"gcp.vertex.agent.llm_request": '{"contents": [{"role": "user", "parts": [{"text": "Hi"}]}]}',
         "gcp.vertex.agent.llm_response": '{"content": {"role": "model", "parts": [{"text": "Ho"}]}}'},
        {"events": json.dumps([{"event.name": "gen_ai.user.message", "content": "Hi"},
                               {"event.name": "gen_ai.choice", "message": {"content": "Ho"}}])},
        {"traceloop.entity.input": '{"inputs": {"input": "Hi"}, "tags": [], "kwargs": {}}',
         "traceloop.entity.output": '{"outputs": "Ho"}'},
        {"mlflow.spanInputs": f'{{"messages": {ASKED}}}',
         "mlflow.spanOutputs": '{"choices": [{"message": {"role": "assistant", "content": "Ho"}}]}'},
        {"genkit:input": '"Hi"', "genkit:output": '"Ho"'},
        {"input.value": "Hi", "output.value": "Ho"},
        {"input.value": '{"args": ["Hi"], "kwargs": {}}', "output.value": "Ho"},
    ],
)  # fmt: skip
def test_each_convention_gives_question_and_answer(attrs: dict[str, Any]) -> None:
    assert transcript(attrs) == PLAIN


def test_content_in_logs_of_the_span() -> None:
    parts = {"gen_ai.input.messages": json.loads(ASKED), "gen_ai.output.messages": json.loads(ANSWERED)}
    assert transcript({}, SpanLog("gen_ai.client.inference.operation.details", parts)) == PLAIN
    assert transcript({}, SpanLog("gen_ai.client.inference.operation.details", {}, body=parts)) == PLAIN
    assert transcript({}, SpanLog("gen_ai.user.message", {"content": "Hi"}),
                      SpanLog("gen_ai.choice", {"message": '{"content": "Ho"}'})) == PLAIN  # fmt: skip
    assert transcript({}, SpanLog("gen_ai.content.prompt", {"gen_ai.prompt": ASKED}),
                      SpanLog("gen_ai.content.completion", {"gen_ai.completion": "Ho"})) == PLAIN  # fmt: skip


def test_structured_beats_text_and_the_narrower_name_the_wider() -> None:
    both = {"input.value": "half of it", "output.value": "x", "gen_ai.input.messages": ASKED}
    assert transcript({**both, "gen_ai.output.messages": ANSWERED}) == PLAIN
    assert transcript({"input.value": "Hi", "output.value": "Ho", "gen_ai.input.messages": "[]"}) == PLAIN


def test_instructions_of_the_call_come_first() -> None:
    told = {"gen_ai.system_instructions": '[{"type": "text", "content": "Be brief."}]'}
    attrs = {"gen_ai.input.messages": ASKED, "gen_ai.output.messages": ANSWERED}
    assert transcript({**attrs, **told}) == ["system: Be brief.", *PLAIN]


def test_calls_in_flat_attributes_and_in_vercels() -> None:
    flat = {
        "gen_ai.prompt.0.role": "user",
        "gen_ai.prompt.0.content": "Hi",
        "gen_ai.completion.0.role": "assistant",
        "gen_ai.completion.0.tool_calls.0.id": "c1",
        "gen_ai.completion.0.tool_calls.0.name": "look",
        "gen_ai.completion.0.tool_calls.0.arguments": '{"q":1}',
    }
    vercel = {
        "ai.prompt.messages": ASKED,
        "ai.response.text": "",
        "ai.response.toolCalls": '[{"toolCallId":"c1","toolName":"look","input":{"q":1}}]',
    }
    for attrs in (flat, vercel):
        (call,) = built(span(1, None), span(2, 1, **CHAT, **attrs)).calls()
        assert (call.name, call.arguments, call.call_id) == ("look", '{"q":1}', "c1")


def test_a_wrappers_tags_are_the_traces() -> None:
    wrapped = {"traceloop.entity.input": '{"inputs": {"input": "Hi"}, "tags": ["beta"], "metadata": {}, "kwargs": {}}'}
    assert built(span(1, None, **wrapped)).tags == ["beta"]
