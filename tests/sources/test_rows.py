"""Spans that come one a row from services of their own: each put together, with what was said, counted and judged."""

import base64
from pathlib import Path
from typing import Any

import pytest
from reading_all import read_lines, transcript

ASKED = [{"role": "user", "content": "Where is my parcel?"}]
ANSWER = {"role": "assistant", "content": "It is in Graz."}
DOCUMENTS = [{"page_content": "Parcels stop in Graz.", "metadata": {"source": "hubs.md"}}]


def langsmith() -> list[dict[str, Any]]:
    def run(id: str, kind: str, order: str, **more: Any) -> dict[str, Any]:
        return {"id": id, "trace_id": "a", "name": kind, "run_type": kind, "dotted_order": order,
                "start_time": "2026-01-05T10:00:00Z", "end_time": "2026-01-05T10:00:02Z", **more}  # fmt: skip

    top = "20260105T100000000000Za"
    metadata = {"ls_model_name": "large", "ls_provider": "vendor", "thread_id": "t1"}
    return [
        run("a", "chain", top, inputs={"input": "Where is my parcel?"}, outputs={"output": "It is in Graz."}, prompt_tokens=99),
        run("b", "retriever", f"{top}.20260105T100000000001Zb", inputs={"query": "parcel"}, outputs={"documents": DOCUMENTS}),
        run("c", "llm", f"{top}.20260105T100000000002Zc", inputs={"messages": [ASKED]}, outputs={"choices": [{"message": ANSWER}]},
            prompt_tokens=12, completion_tokens=5, total_cost=0.01, extra={"metadata": metadata},
            feedback_stats={"correctness": {"n": 1, "avg": 0.5}}),
    ]  # fmt: skip


def braintrust() -> list[dict[str, Any]]:
    def row(id: str, parents: list[str], kind: str, **more: Any) -> dict[str, Any]:
        about = {"name": kind, "type": kind}
        return {
            "id": f"row-{id}",
            "span_id": id,
            "root_span_id": "a",
            "span_parents": parents,
            "span_attributes": about,
            **more,
        }

    return [
        row("a", [], "task", input="Where is my parcel?", output="It is in Graz.", scores={"correctness": 0.5},
            metrics={"start": 1767607200.0, "end": 1767607202.0}),
        row("c", ["a"], "llm", input=ASKED, output=[ANSWER], metadata={"model": "large"},
            metrics={"start": 1767607200.5, "end": 1767607202.0, "prompt_tokens": 12, "completion_tokens": 5, "estimated_cost": 0.01}),
    ]  # fmt: skip


def opik() -> list[dict[str, Any]]:
    times = {"start_time": "2026-01-05T10:00:00Z", "end_time": "2026-01-05T10:00:02Z"}
    scores = [{"name": "correctness", "value": 0.5, "reason": "half right", "source": "ui", "created_by": "ann"}]
    return [
        {"id": "a", "name": "ask", "input": {"input": "Where is my parcel?"}, "output": {"output": "It is in Graz."},
         "span_count": 1, "thread_id": "t1", "usage": {"prompt_tokens": 12}, "feedback_scores": scores, **times},
        {"id": "c", "trace_id": "a", "type": "llm", "name": "model", "model": "large", "provider": "vendor",
         "input": {"messages": ASKED}, "output": {"choices": [{"message": ANSWER}]},
         "usage": {"prompt_tokens": 12, "completion_tokens": 5}, "total_estimated_cost": 0.01, **times},
    ]  # fmt: skip


def weave() -> list[dict[str, Any]]:
    times = {"started_at": "2026-01-05T10:00:00Z", "ended_at": "2026-01-05T10:00:02Z", "trace_id": "a"}
    usage = {"large": {"prompt_tokens": 12, "completion_tokens": 5}}
    return [
        {"id": "s1", "op_name": "weave:///team/bot/op/ask:9f3", "inputs": {"question": "Where is my parcel?"},
         "output": "It is in Graz.", "summary": {"usage": usage}, **times},
        {"id": "s2", "parent_id": "s1", "op_name": "weave:///team/bot/op/openai.chat.completions.create:77",
         "inputs": {"model": "large", "messages": ASKED}, "output": {"choices": [{"message": ANSWER}]},
         "summary": {"usage": usage}, **times},
    ]  # fmt: skip


def datadog() -> list[dict[str, Any]]:
    def span(id: str, parent: str, kind: str, **meta: Any) -> dict[str, Any]:
        return {"attributes": {"span_id": id, "trace_id": "a", "parent_id": parent, "name": kind, "start_ns": 1767607200 * 10**9,
                "duration": 2 * 10**9, "status": "ok", "tags": ["env:prod", "session_id:t1"],
                "metrics": {"input_tokens": 12, "output_tokens": 5} if kind == "llm" else {}, "meta": {"span.kind": kind, **meta}}}  # fmt: skip

    return [{"data": [
        span("1", "undefined", "workflow", input={"value": "Where is my parcel?"}, output={"value": "It is in Graz."}),
        span("2", "1", "retrieval", input={"value": "parcel"},
             output={"documents": [{"id": "d1", "name": "hubs.md", "text": "Parcels stop in Graz.", "score": 0.8}]}),
        span("3", "1", "llm", model_name="large", input={"messages": ASKED}, output={"messages": [ANSWER]}),
    ]}]  # fmt: skip


def mlflow() -> list[dict[str, Any]]:
    def encoded(number: int, size: int) -> str:
        return base64.b64encode(number.to_bytes(size, "big")).decode()

    def span(id: int, parent: int | None, kind: str, given: str, answered: str, **more: str) -> dict[str, Any]:
        return {"trace_id": encoded(10, 16), "span_id": encoded(id, 8), "name": kind.lower(),
                "parent_span_id": encoded(parent, 8) if parent else None, "start_time_unix_nano": 1767607200 * 10**9 + id,
                "end_time_unix_nano": 1767607202 * 10**9, "status": {"code": "STATUS_CODE_OK"},
                "attributes": {"mlflow.spanType": f'"{kind}"', "mlflow.spanInputs": given, "mlflow.spanOutputs": answered, **more}}  # fmt: skip

    documents = '[{"page_content": "Parcels stop in Graz.", "metadata": {"doc_uri": "hubs.md"}, "id": "d1"}]'
    assessments = [
        {"assessment_name": "correctness", "feedback": {"value": 0.5}, "rationale": "half right", "valid": True,
         "source": {"source_type": "HUMAN", "source_id": "ann"}},
        {"assessment_name": "correctness", "feedback": {"value": 0.1}, "valid": False, "source": {"source_type": "HUMAN"}},
        {"assessment_name": "answer", "expectation": {"value": "In Graz."}, "source": {"source_type": "HUMAN"}},
    ]  # fmt: skip
    asked = '{"messages": [{"role": "user", "content": "Where is my parcel?"}]}'
    answer = '{"choices": [{"message": {"role": "assistant", "content": "It is in Graz."}}]}'
    return [{
        "info": {"trace_id": "a", "state": "OK", "request_time": "2026-01-05T10:00:00Z", "assessments": assessments,
                 "trace_metadata": {"mlflow.trace.session": "t1", "mlflow.traceInputs": "Where is my par"}, "tags": {"mlflow.traceName": "ask"}},
        "data": {"spans": [
            span(1, None, "CHAIN", '{"question": "Where is my parcel?"}', '"It is in Graz."'),
            span(2, 1, "RETRIEVER", '"parcel"', documents),
            span(3, 1, "CHAT_MODEL", asked, answer, **{"mlflow.chat.tokenUsage": '{"input_tokens": 12, "output_tokens": 5}',
                 "mlflow.llm.model": '"large"'}),
        ]},
    }]  # fmt: skip


@pytest.mark.parametrize("made", [langsmith, braintrust, opik, weave, datadog, mlflow])
def test_the_rows_of_a_trace_are_one_conversation(tmp_path: Path, made: Any) -> None:
    reading = read_lines(tmp_path, *made())
    assert reading.problems == []
    [trace] = reading.traces
    assert (trace.format, trace.native_id) == (made.__name__, "a")
    assert transcript(trace) == ["user Where is my parcel?", "assistant It is in Graz."]
    assert (trace.usage.input, trace.usage.output, trace.model) == (12, 5, "large")
    assert trace.latency_ms == 2000
    assert trace.status == "ok"


@pytest.mark.parametrize("made", [langsmith, datadog, mlflow])
def test_what_was_retrieved_stands_beside_the_answer(tmp_path: Path, made: Any) -> None:
    [trace] = read_lines(tmp_path, *made()).traces
    assert [(d.text, d.source) for d in trace.documents] == [("Parcels stop in Graz.", "hubs.md")]


@pytest.mark.parametrize("made", [langsmith, braintrust, opik, mlflow])
def test_scores_come_with_their_authors(tmp_path: Path, made: Any) -> None:
    [trace] = read_lines(tmp_path, *made()).traces
    [score] = [score for score in trace.scores if score.name == "correctness"]
    assert score.value_num == 0.5
    if made in (opik, mlflow):
        assert (score.source, score.author, score.comment) == ("human", "ann", "half right")


@pytest.mark.parametrize("made", [langsmith, opik, datadog, mlflow])
def test_the_session_is_known(tmp_path: Path, made: Any) -> None:
    [trace] = read_lines(tmp_path, *made()).traces
    assert trace.session_id == "t1"


def test_an_expected_answer_is_no_score(tmp_path: Path) -> None:
    [trace] = read_lines(tmp_path, *mlflow()).traces
    assert [(s.name, s.data_type, s.value_text) for s in trace.scores if s.data_type == "expectation"] == [
        ("answer", "expectation", "In Graz.")
    ]


def test_a_batch_joins_what_began_with_what_ended(tmp_path: Path) -> None:
    begun = {
        "id": "x",
        "trace_id": "x",
        "run_type": "llm",
        "inputs": {"messages": ASKED},
        "start_time": "2026-01-05T10:00:00Z",
    }
    ended = {
        "id": "x",
        "trace_id": "x",
        "outputs": {"choices": [{"message": ANSWER}]},
        "end_time": "2026-01-05T10:00:03Z",
    }
    [trace] = read_lines(tmp_path, {"post": [begun], "patch": [ended]}).traces
    assert (transcript(trace), trace.latency_ms) == (["user Where is my parcel?", "assistant It is in Graz."], 3000)


def test_runs_that_are_nested_are_rows_too(tmp_path: Path) -> None:
    top, *inner = langsmith()
    [trace] = read_lines(tmp_path, {**top, "child_runs": inner}).traces
    assert (trace.usage.input, len(trace.documents)) == (12, 1)


def test_a_row_that_names_no_trace_costs_only_itself(tmp_path: Path) -> None:
    reading = read_lines(tmp_path, *braintrust(), {"span_attributes": {}, "root_span_id": None, "span_id": "z"})
    assert reading.ids == ["a"]
    assert reading.lost == [(3, None)]


def test_a_recorded_session_of_a_managed_agent(tmp_path: Path) -> None:
    calls = "client.beta.sessions."
    lines = [
        [f"{calls}create", {"id": "s1", "agent": {"name": "clerk", "model": {"id": "large"}, "system": "Be brief."}}],
        [f"{calls}events.send", ["s1", {"events": [{"type": "user.message", "content": "Where is my parcel?"}]}]],
        *([f"{calls}events.stream", {"processed_at": f"2026-01-05T10:00:0{n}Z", **one}] for n, one in enumerate([
            {"type": "user.message", "content": [{"type": "text", "text": "Where is my parcel?"}]},
            {"type": "agent.mcp_tool_use", "id": "u1", "name": "track", "input": {"n": 4}},
            {"type": "agent.mcp_tool_result", "mcp_tool_use_id": "u1", "content": [{"type": "text", "text": "Graz"}]},
            {"type": "agent.message", "content": [{"type": "text", "text": "It is in Graz."}]},
            {"type": "span.model_request_end", "model_usage": {"input_tokens": 2, "cache_read_input_tokens": 10, "output_tokens": 5}},
        ])),
    ]  # fmt: skip
    [trace] = read_lines(tmp_path, *lines).traces
    assert transcript(trace) == [
        "system Be brief.", "user Where is my parcel?", 'assistant track({"n":4})=Graz', "tool Graz", "assistant It is in Graz.",
    ]  # fmt: skip
    assert (trace.native_id, trace.workflow, trace.model, trace.usage.input) == ("s1", "clerk", "large", 12)
