"""OTLP: what exporters write is read in every spelling, also in pieces, and broken spans cost no neighbour."""

import base64
import json
import random
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reviewer.sources.formats import gathering
from reviewer.sources.formats.otel_values import any_value, nanoseconds, native_id, status
from tests.sources.span_files import TRACE, otlp_span, pairs, read_all, request, texts, write_lines

CHAT = {"gen_ai__operation__name": "chat", "gen_ai__request__model": "m"}
ASKED = json.dumps([{"role": "user", "parts": [{"type": "text", "content": "Where is it?"}]}])
ANSWERED = json.dumps([{"role": "assistant", "parts": [{"type": "text", "content": "Here."}]}])
IO = {"gen_ai__input__messages": ASKED, "gen_ai__output__messages": ANSWERED}
TOLD = ["user: Where is it?", "assistant: Here."]


def whole_trace(trace: str = TRACE) -> list[dict[str, Any]]:
    return [otlp_span(1, trace=trace, session__id="s-1"), otlp_span(2, 1, trace=trace, **CHAT, **IO)]


def test_one_request_a_line_and_one_pretty_printed_read_the_same(tmp_path: Path) -> None:
    lines = write_lines(tmp_path / "lines.jsonl", request(*whole_trace(), service__version="7"))
    pretty = tmp_path / "pretty.json"
    pretty.write_text(json.dumps(request(*whole_trace(), service__version="7"), indent=2))
    for path in (lines, pretty):
        (found,), problems = read_all(path)
        assert problems == []
        assert texts(found.trace) == TOLD
        assert (found.trace.native_id, found.trace.kind, found.trace.format) == (TRACE, "otel", "otlp_json")
        assert (found.trace.session_id, found.trace.release, found.trace.model) == ("s-1", "7", "m")
        assert (found.trace.started_us, found.trace.latency_ms) == (1_700_000_001_000_000, 2000)


@pytest.mark.parametrize(
    "spelling",
    [
        lambda hexed: "0x" + hexed,
        lambda hexed: hexed.upper(),
        lambda hexed: base64.b64encode(bytes.fromhex(hexed)).decode(),
        lambda hexed: list(bytes.fromhex(hexed)),
        lambda hexed: {"type": "Buffer", "data": list(bytes.fromhex(hexed))},
    ],
)
def test_an_id_is_the_same_in_every_spelling(spelling: Any) -> None:
    assert native_id(spelling(TRACE)) == TRACE
    assert native_id(spelling("b7ad6b7169203331")) == "b7ad6b7169203331"


@pytest.mark.parametrize("none", [None, "", "0" * 16, "AAAAAAAAAAA=", 0, []])
def test_no_parent_is_spelled_in_many_ways(none: Any) -> None:
    assert native_id(none) is None


@pytest.mark.parametrize("raw", ["1544712660123456789", 1544712660123456789, {"low": 404442389, "high": 359653963}])
def test_times_lose_no_microsecond(raw: Any) -> None:
    if isinstance(raw, dict):
        raw = {"low": 1544712660123456789 & 0xFFFFFFFF, "high": 1544712660123456789 >> 32}
    assert nanoseconds(raw) == 1544712660123456


@pytest.mark.parametrize("raw", ["", "soon", -5, 0, 2**70, None, True, "9" * 40])
def test_what_is_no_time_is_none(raw: Any) -> None:
    assert nanoseconds(raw) is None


@pytest.mark.parametrize("raw", [2, "STATUS_CODE_ERROR", "ERROR", "StatusCode.ERROR"])
def test_an_error_is_an_error_in_every_spelling(raw: Any) -> None:
    assert status({"code": raw, "message": "no"}) == ("error", "no")
    assert status({"status_code": raw})[0] == "error"


def test_typed_values_are_decoded_at_any_depth() -> None:
    value = {"kvlistValue": {"values": pairs({"list": [1, "two", {"three": 3.5}], "yes": True})}}
    assert any_value(value) == {"list": [1, "two", {"three": 3.5}], "yes": True}
    assert any_value({"arrayValue": {}}) == []
    assert any_value({}) is None


def test_snake_case_with_base64_ids_reads(tmp_path: Path) -> None:
    raw = otlp_span(2, **CHAT, **IO)
    snake = {
        "trace_id": base64.b64encode(bytes.fromhex(TRACE)).decode(),
        "span_id": base64.b64encode(bytes.fromhex(raw["spanId"])).decode(),
        "name": "chat",
        "start_time_unix_nano": int(raw["startTimeUnixNano"]),
        "end_time_unix_nano": int(raw["endTimeUnixNano"]),
        "attributes": raw["attributes"],
    }
    path = write_lines(tmp_path / "f.jsonl", {"resource_spans": [{"scope_spans": [{"spans": [snake]}]}]})
    (found,), problems = read_all(path)
    assert (found.trace.native_id, texts(found.trace), problems) == (TRACE, TOLD, [])


@pytest.mark.parametrize("alone", [False, True])
def test_an_array_of_requests_or_of_what_resources_sent(tmp_path: Path, alone: bool) -> None:
    requests = [request(*whole_trace(), service__version="7"), request(*whole_trace("b" * 32))]
    values = [group for one in requests for group in one["resourceSpans"]] if alone else requests
    path = tmp_path / "f.json"
    path.write_text(json.dumps(values, indent=1))
    found, problems = read_all(path)
    assert problems == []
    assert [(one.trace.native_id, texts(one.trace)) for one in found] == [(TRACE, TOLD), ("b" * 32, TOLD)]
    assert found[0].trace.release == "7"


def test_content_in_log_records_is_joined_by_span(tmp_path: Path) -> None:
    logs = [
        {"traceId": TRACE, "spanId": f"{2:016x}", "eventName": name, "timeUnixNano": "1", "body": {"kvlistValue": body}}
        for name, body in (
            ("gen_ai.user.message", {"values": pairs({"content": "Where is it?"})}),
            ("gen_ai.choice", {"values": pairs({"index": 0, "message": {"content": "Here."}})}),
        )
    ]
    logs.append({"traceId": TRACE, "spanId": f"{2:016x}", "body": {"stringValue": "a plain line of a log"}})
    of_logs = {"resourceLogs": [{"scopeLogs": [{"logRecords": logs}]}]}
    path = write_lines(tmp_path / "f.jsonl", request(otlp_span(1), otlp_span(2, 1, **CHAT)), of_logs)
    found, problems = read_all(path)
    assert texts(found[-1].trace) == TOLD
    assert [one.replaces_earlier for one in found] == [False, True]
    assert problems == []


def test_pieces_in_any_order_give_each_trace_once(tmp_path: Path) -> None:
    ids = [f"{n + 1:032x}" for n in range(6)]
    batches = [request(one) for trace in ids for one in [*whole_trace(trace), otlp_span(3, 2, trace=trace)]]
    random.Random(3).shuffle(batches)
    found, problems = read_all(write_lines(tmp_path / "f.jsonl", *batches))
    assert problems == []
    last = {one.trace.native_id: one.trace for one in found}
    assert sorted(last) == ids
    assert all(texts(trace) == TOLD and trace.latency_ms == 3000 for trace in last.values())
    assert len(found) - sum(one.replaces_earlier for one in found) == len(ids)


def test_a_late_span_replaces_the_trace_that_was_given(tmp_path: Path) -> None:
    path = write_lines(tmp_path / "f.jsonl", request(otlp_span(1)), {}, request(otlp_span(2, 1, **CHAT, **IO)))
    found, problems = read_all(path)
    assert [(one.replaces_earlier, one.line, len(one.trace.main)) for one in found] == [(False, 1, 0), (True, 1, 2)]
    assert [(problem.line, problem.lost) for problem in problems] == [(2, True)], "told once, though read twice"


def test_waiting_pieces_go_to_a_file_beyond_the_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gathering, "HELD_BYTES", 100)
    parents_last = [request(otlp_span(2, 1, **CHAT, **IO)), request(otlp_span(1))]
    (found,), _ = read_all(write_lines(tmp_path / "f.jsonl", *parents_last))
    assert texts(found.trace) == TOLD


def test_an_unreadable_span_costs_no_other(tmp_path: Path) -> None:
    alone = otlp_span(1, trace="b" * 32) | {"attributes": [7]}
    beside = otlp_span(3, 1) | {"attributes": [7]}
    path = write_lines(tmp_path / "f.jsonl", request(alone, *whole_trace(), beside, {"name": "nameless"}))
    (found,), problems = read_all(path)
    assert texts(found.trace) == TOLD
    assert {problem.reason[:9]: problem.lost for problem in problems} == {
        "1 spans h": True,  # without a trace id
        "trace 0af": False,  # its other spans are there
        "trace bbb": True,
    }


def test_an_empty_request_is_no_record(tmp_path: Path) -> None:
    path = write_lines(tmp_path / "f.jsonl", {"resourceSpans": []}, request(*whole_trace()), {"resourceMetrics": []})
    found, problems = read_all(path)
    assert (len(found), problems) == (1, [])


WILD = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.just(TRACE),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.sampled_from(["traceId", "spanId", "parentSpanId", "attributes", "key", "value", "stringValue", "events",
                         "kvlistValue", "values", "status", "code", "startTimeUnixNano", "name", "links"]),
        inner, max_size=5),
    max_leaves=12,
)  # fmt: skip


@given(st.lists(WILD, max_size=4))
@settings(max_examples=60, deadline=None)
def test_wild_spans_end_as_problems_never_as_a_crash(tmp_path_factory: pytest.TempPathFactory, wild: list[Any]) -> None:
    path = tmp_path_factory.mktemp("wild") / "f.jsonl"
    found, _ = read_all(write_lines(path, request(*wild), request(*whole_trace("c" * 32))))
    assert "c" * 32 in {one.trace.native_id for one in found}
