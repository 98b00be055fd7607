"""Tables that services export give the traces that their JSON gives, however the cells were written."""

import csv
import gzip
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewer import sources
from reviewer.model.trace import Trace
from reviewer.sources.formats.table import EVERY_TABLE
from reviewer.sources.tables.columns import Use
from reviewer.sources.tables.exported import decoded
from tests.sources.span_files import read_all, texts, write_lines

ASKED = [
    {"message.role": "system", "message.content": "It's short."},
    {"message.role": "user", "message.content": 'Say "hi" [now]'},
]
CALL = {"tool_call.id": "c1", "tool_call.function.name": "find", "tool_call.function.arguments": '{"q": "x"}'}
ANSWERED = [{"message.role": "assistant", "message.content": "Hi.", "message.tool_calls": [CALL]}]
SPANS: list[dict[str, Any]] = [
    {
        "name": "chat", "span_kind": "LLM", "parent_id": None, "status_code": "OK", "status_message": "", "events": [],
        "start_time": "2026-01-05T00:00:00+00:00", "end_time": "2026-01-05T00:00:02+00:00",
        "context.span_id": "a1", "context.trace_id": "t1", "attributes.openinference.span.kind": "LLM",
        "attributes.llm.model_name": "m", "attributes.llm.input_messages": ASKED,
        "attributes.llm.output_messages": ANSWERED, "attributes.llm.token_count.prompt": 12.0,
        "attributes.session.id": "s1", "attributes.input.value": None,
    },
    {
        "name": "find", "span_kind": "TOOL", "parent_id": "a1", "status_code": "OK", "status_message": "", "events": [],
        "start_time": "2026-01-05T00:00:01+00:00", "end_time": "2026-01-05T00:00:02+00:00",
        "context.span_id": "a2", "context.trace_id": "t1", "attributes.openinference.span.kind": "TOOL",
        "attributes.llm.model_name": None, "attributes.llm.input_messages": None,
        "attributes.llm.output_messages": None, "attributes.llm.token_count.prompt": None,
        "attributes.session.id": "s1", "attributes.input.value": '{"q": "x"}',
    },
]  # fmt: skip


def as_numpy(value: Any) -> str:
    """A list as a data frame that was read from Parquet writes it to CSV."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{k!r}: {_within(v)}" for k, v in value.items()) + "}"
    return "[" + "\n ".join(as_numpy(one) for one in value) + "]"


def _within(value: Any) -> str:
    return f"array({[*value]!r},\n      dtype=object)" if isinstance(value, list) else repr(value)


def write_csv(path: Path, rows: list[dict[str, Any]], write: Any = repr, index: str | None = None) -> Path:
    def cells(row: dict[str, Any]) -> Iterator[str]:
        for value in row.values():
            yield "" if value is None else write(value) if isinstance(value, (list, dict)) and value else str(value)

    opening = gzip.open if path.suffix == ".gz" else open
    with opening(path, "wt", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([*([] if index is None else [index]), *rows[0]])
        for row in rows:
            writer.writerow([*([] if index is None else [row["context.span_id"]]), *cells(row)])
    return path


def write_parquet(path: Path, rows: list[dict[str, Any]]) -> Path:
    pyarrow = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    parquet.write_table(pyarrow.Table.from_pylist(rows), path)
    return path


def at(seconds: str) -> datetime:
    """A moment without a zone, as services write them in Parquet."""
    return datetime.fromisoformat(f"2026-01-05 00:00:{seconds}")


def only(path: Path) -> Trace:
    found, problems = read_all(path)
    assert problems == []
    return found[0].trace


def check_phoenix(trace: Trace) -> None:
    assert (trace.native_id, trace.format, trace.session_id, trace.model) == ("t1", "phoenix", "s1", "m")
    assert texts(trace)[:2] == ["system: It's short.", 'user: Say "hi" [now]']
    [call] = trace.calls()
    assert (call.name, call.call_id, call.arguments) == ("find", "c1", '{"q": "x"}')
    assert (trace.usage.input, trace.latency_ms, trace.started_us) == (12, 2000, 1_767_571_200_000_000)


@pytest.mark.parametrize("write", [repr, json.dumps, as_numpy])
@pytest.mark.parametrize("index", [None, "", "context.span_id"])
def test_a_data_frame_of_phoenix_as_csv(tmp_path: Path, write: Any, index: str | None) -> None:
    path = write_csv(tmp_path / "spans.csv", SPANS, write, index)
    assert sources.detect(path).format == "phoenix"
    check_phoenix(only(path))
    assert sources.sheet(path, None, {}) is None, "no columns to be mapped"


def test_a_data_frame_of_phoenix_as_parquet(tmp_path: Path) -> None:
    moments = [
        {**span, **{key: datetime.fromisoformat(span[key]).astimezone(UTC) for key in ("start_time", "end_time")}}
        for span in SPANS
    ]
    path = write_parquet(tmp_path / "spans.parquet", moments)
    assert sources.detect(path).format == "phoenix"
    check_phoenix(only(path))
    assert sources.sheet(path, None, {}) is None


def test_a_person_may_read_an_export_as_a_table_all_the_same(tmp_path: Path) -> None:
    said = {EVERY_TABLE: {"name": Use("user"), "span_kind": Use("assistant")}}
    for path in (write_csv(tmp_path / "s.csv", SPANS), write_parquet(tmp_path / "s.parquet", SPANS)):
        found = list(sources.read(path, None, lambda _: None, lambda a, b: None, said))
        assert [texts(one.trace) for one in found] == [
            ["user: chat", "assistant: LLM"],
            ["user: find", "assistant: TOOL"],
        ]
        assert sources.sheet(path, None, said) is not None


OBSERVATION: dict[str, Any] = {
    "id": "o1", "trace_id": "t1", "parent_observation_id": None, "type": "GENERATION", "name": "answer",
    "start_time": "2026-01-05 00:00:00.250000000", "end_time": "2026-01-05 00:00:01.250000000",
    "input": '[{"role": "user", "content": "Where?"}]', "output": "Here.", "provided_model_name": "m",
    "usage_details": '{"input": 7, "output": 2, "total": 9}', "total_cost": "0.5", "session_id": "s1",
    "tool_calls": '["{\\"id\\": \\"c1\\", \\"arguments\\": \\"{\\\\\\"q\\\\\\": 1}\\", \\"type\\": \\"function\\"}"]',
    "tool_call_names": '["find"]',
}  # fmt: skip


def check_langfuse(trace: Trace) -> None:
    assert (trace.native_id, trace.kind, trace.session_id, trace.model) == ("t1", "langfuse", "s1", "m")
    assert texts(trace) == ["user: Where?", "assistant: Here."]
    assert [(call.name, call.call_id, call.arguments) for call in trace.calls()] == [("find", "c1", '{"q": 1}')]
    assert (trace.usage.input, trace.usage.output, trace.cost_usd, trace.latency_ms) == (7, 2, 0.5, 1000)


def test_observations_of_langfuse_in_snake_case_with_calls_in_columns(tmp_path: Path) -> None:
    check_langfuse(only(write_csv(tmp_path / "o.csv.gz", [OBSERVATION])))
    check_langfuse(only(write_lines(tmp_path / "o.jsonl", OBSERVATION)))
    typed = {
        **OBSERVATION,
        "start_time": at("00.250"),
        "end_time": at("01.250"),
        "total_cost": 0.5,
        "tool_calls": json.loads(OBSERVATION["tool_calls"]),
        "tool_call_names": ["find"],
        "usage_details": {"input": 7, "output": 2, "total": 9},
    }
    check_langfuse(only(write_parquet(tmp_path / "o.parquet", [typed])))


def test_calls_in_columns_do_not_double_those_of_the_output(tmp_path: Path) -> None:
    message = {
        "role": "assistant",
        "content": "Here.",
        "tool_calls": [{"id": "c1", "function": {"name": "find", "arguments": '{"q": 1}'}}],
    }
    check_langfuse(only(write_csv(tmp_path / "o.csv", [{**OBSERVATION, "output": json.dumps(message)}])))


def test_a_download_without_observations_is_a_trace(tmp_path: Path) -> None:
    trace = {"id": "t1", "name": "n", "timestamp": "2026-01-05T00:00:00Z", "input": "Where?", "output": "Here."}
    path = tmp_path / "t.json"
    path.write_text(json.dumps({"trace": trace, "observations": None}))
    assert texts(only(path)) == ["user: Where?", "assistant: Here."]


def test_trace_rows_of_langfuse_as_csv(tmp_path: Path) -> None:
    row = {
        "id": "t1", "timestamp": "2026-01-05T00:00:00.000Z", "name": "n", "userId": "u", "sessionId": "s", "tags": '["a"]',
        "input": '"Where?"', "output": '"Here."', "metadata": '{"tenant": "acme"}', "latency": "1.5",
        "helpful": "[0.5,1]", "labels": '["x"]', "errorCount": "0", "observations": "[]",
    }  # fmt: skip
    trace = only(write_csv(tmp_path / "t.csv", [row]))
    assert (texts(trace), trace.tags, trace.user_id) == (["user: Where?", "assistant: Here."], ["a"], "u")
    assert (trace.tenant, trace.latency_ms) == ("acme", 1500)
    assert [(score.name, score.value_num, score.source) for score in trace.scores] == [
        ("helpful", 0.5, "api"), ("helpful", 1.0, "api"),
    ]  # fmt: skip


def test_runs_of_langsmith_with_json_in_their_cells(tmp_path: Path) -> None:
    runs: list[dict[str, Any]] = [
        {
            "id": "r1", "trace_id": "r1", "name": "agent", "run_type": "chain", "parent_run_ids": None,
            "dotted_order": "20260105T000000000000Zr1", "start_time": at("00"), "error": None,
            "end_time": at("02"), "inputs": '{"input": "Where?"}', "outputs": '{"output": "Here."}',
            "extra": "{}", "prompt_tokens": None, "completion_tokens": None, "feedback_stats": '{"ok": {"n": 1, "avg": 1.0}}',
        },
        {
            "id": "r2", "trace_id": "r1", "name": "model", "run_type": "llm", "parent_run_ids": '["r1"]',
            "dotted_order": "20260105T000000000000Zr1.20260105T000000000001Zr2", "start_time": at("00"),
            "end_time": at("01"), "error": None,
            "inputs": '{"messages": [{"role": "user", "content": "Where?"}]}',
            "outputs": '{"choices": [{"message": {"role": "assistant", "content": "Here."}}]}',
            "extra": '{"metadata": {"ls_model_name": "m"}}', "prompt_tokens": 3, "completion_tokens": 1, "feedback_stats": None,
        },
    ]  # fmt: skip
    for path in (write_parquet(tmp_path / "r.parquet", runs), write_csv(tmp_path / "r.csv", runs)):
        trace = only(path)
        assert (trace.format, texts(trace), trace.model) == ("langsmith", ["user: Where?", "assistant: Here."], "m")
        assert (trace.usage.input, trace.usage.output, trace.latency_ms) == (3, 1, 2000)
        assert [(score.name, score.value_num) for score in trace.scores] == [("ok", 1.0)]


MLFLOW_SPANS = [{
    "trace_id": "DisEya4ZUX4kkVn3oWlj4g==", "span_id": "a6xXaPYGxvw=", "parent_span_id": None, "name": "predict",
    "start_time_unix_nano": 1767571200000000000, "end_time_unix_nano": 1767571201000000000, "status": {"code": "STATUS_CODE_OK"},
    "attributes": {"mlflow.spanType": '"CHAT_MODEL"', "mlflow.spanInputs": '{"messages": [{"role": "user", "content": "Where?"}]}',
                   "mlflow.spanOutputs": '{"choices": [{"message": {"role": "assistant", "content": "Here."}}]}'},
}]  # fmt: skip
MLFLOW_INFO = {
    "trace_id": "tr-1", "request_time": "2026-01-05T00:00:00Z", "state": "OK", "tags": {"mlflow.traceName": "n"},
    "trace_metadata": {"mlflow.trace.session": "s1"},
    "assessments": [{"assessment_name": "right", "source": {"source_type": "HUMAN"}, "feedback": {"value": True}}],
}  # fmt: skip


@pytest.mark.parametrize("with_trace", [True, False])
@pytest.mark.parametrize("as_csv", [True, False])
def test_a_search_of_mlflow(tmp_path: Path, with_trace: bool, as_csv: bool) -> None:
    whole = json.dumps({"info": MLFLOW_INFO, "data": {"spans": MLFLOW_SPANS}})
    row = {
        **MLFLOW_INFO,
        "trace": whole if with_trace else "Trace(trace_id=tr-1)",
        "spans": MLFLOW_SPANS,
        "request": "x",
    }
    path = tmp_path / ("s.csv" if as_csv else "s.parquet")
    trace = only(write_csv(path, [row]) if as_csv else write_parquet(path, [row]))
    assert (trace.native_id, trace.format, trace.name, trace.session_id) == ("tr-1", "mlflow", "n", "s1")
    assert texts(trace) == ["user: Where?", "assistant: Here."]
    assert [(score.name, score.value_num, score.source) for score in trace.scores] == [("right", 1.0, "human")]


PLAIN = st.recursive(
    st.none() | st.integers(-9, 9) | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=8,
)


@given(st.lists(st.dictionaries(st.text(max_size=5), PLAIN, min_size=1, max_size=3), min_size=1, max_size=3))
def test_lists_of_objects_are_read_back_however_they_were_written(value: list[dict[str, Any]]) -> None:
    for write in (json.dumps, repr, as_numpy):
        assert decoded(write(value)) == value


@pytest.mark.parametrize("text", ["[not a list", "{'a': }", "[1 2]", "{" * 200, "['a' 'b']x"])
def test_a_text_that_is_no_list_stays_a_text(text: str) -> None:
    assert decoded(text) == text
