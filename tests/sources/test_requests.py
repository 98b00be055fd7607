"""OTLP in protobuf and the collector's records give the traces that the same requests give as JSON."""

import base64
import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from reviewer import sources
from reviewer.errors import BadInput
from reviewer.sources.formats.otlp_messages import request as read_message
from reviewer.sources.wire import Malformed, fields
from tests.sources.protobuf_files import message, record
from tests.sources.span_files import TRACE, otlp_span, pairs, read_all, request, texts, write_lines
from tests.sources.test_otlp import CHAT, IO, TOLD

# Written by opentelemetry-proto 1.45.2: one span with every kind of value, a span event and a status.
OFFICIAL = base64.b64decode(
    "CoYCChgKFgoPc2VydmljZS52ZXJzaW9uEgMKATcS6QEKAwoBcxLhAQoQCvdlGRbNQ92ESOshHIAxnBIIt61rcWkgMzEqBGNoYXQ5AMrE"
    "cf6clxdBAPksy/6clxdKHwoVZ2VuX2FpLm9wZXJhdGlvbi5uYW1lEgYKBGNoYXRKEAoBbhILGP3//////////wFKDgoBZhIJIQAAAAAA"
    "ANA/SgcKAWISAhABShoKAWwSFSoTCgQKAsOkCgsyCQoHCgFrEgIYBUoGCgRub25lWi8JAJRfrf6clxcSCWV4Y2VwdGlvbhoZChFleGNl"
    "cHRpb24ubWVzc2FnZRIECgJub3oKEgZicm9rZW4YAg=="
)

BATCHES = [
    request(otlp_span(1, session__id="s-1"), otlp_span(2, 1, **CHAT, **IO), service__version="7"),
    request(otlp_span(3, 2, n=-3, f=0.25, deep={"list": [1, "zwölf", {"three": True}]})),
]


def as_records(requests: list[dict[str, Any]]) -> bytes:
    return b"".join(record(message(one)) for one in requests)


WRITINGS: dict[str, Callable[[list[dict[str, Any]]], bytes]] = {
    "one message": lambda requests: b"".join(message(one) for one in requests),
    "records": as_records,
    "records packed one by one": lambda requests: b"".join(
        record(zstandard.ZstdCompressor().compress(message(one))) for one in requests
    ),
    "packed records of JSON": lambda requests: b"".join(
        record(zstandard.ZstdCompressor().compress(json.dumps(one).encode())) for one in requests
    ),
    "a packed file of records": lambda requests: gzip.compress(as_records(requests)),
}


@pytest.mark.parametrize("writing", WRITINGS)
def test_every_way_to_write_requests_gives_the_traces_of_their_json(tmp_path: Path, writing: str) -> None:
    expected, _ = read_all(write_lines(tmp_path / "as.jsonl", *BATCHES))
    path = tmp_path / "traces.bin"
    path.write_bytes(WRITINGS[writing](BATCHES))
    assert sources.detect(path).format == "otlp_proto"
    found, problems = read_all(path)
    assert problems == []
    one, other = found[-1].trace, expected[-1].trace
    assert (texts(one), one.session_id, one.release) == (TOLD, "s-1", "7")
    assert (one.format, other.format) == ("otlp_proto", "otlp_json")
    one.format = other.format
    assert repr(one) == repr(other)


def test_what_the_official_library_writes_is_read_value_by_value() -> None:
    (group,) = read_message(OFFICIAL)["resourceSpans"]
    assert group["resource"] == {"attributes": {"service.version": "7"}}
    assert group["scopeSpans"][0]["spans"] == [
        {
            "traceId": TRACE,
            "spanId": "b7ad6b7169203331",
            "name": "chat",
            "startTimeUnixNano": 1_700_000_001_000_000_000,
            "endTimeUnixNano": 1_700_000_002_500_000_000,
            "attributes": {
                "gen_ai.operation.name": "chat", "n": -3, "f": 0.25, "b": True, "l": ["ä", {"k": 5}], "none": None,
            },
            "events": [{
                "name": "exception", "timeUnixNano": 1_700_000_002_000_000_000,
                "attributes": {"exception.message": "no"},
            }],
            "status": {"message": "broken", "code": 2},
        }
    ]  # fmt: skip


@pytest.mark.parametrize("named_by", ["field", "attribute"])
def test_content_in_log_records_is_joined_by_span(tmp_path: Path, named_by: str) -> None:
    def log(name: str, body: dict[str, Any]) -> dict[str, Any]:
        named = {"eventName": name} if named_by == "field" else {"attributes": pairs({"event.name": name})}
        return {"traceId": TRACE, "spanId": f"{2:016x}", "timeUnixNano": "1", **named,
                "body": {"kvlistValue": {"values": pairs(body)}}}  # fmt: skip

    logs = [
        log("gen_ai.user.message", {"content": "Where is it?"}),
        log("gen_ai.choice", {"index": 0, "message": {"content": "Here."}}),
    ]
    path = tmp_path / "f.bin"
    path.write_bytes(
        as_records(
            [request(otlp_span(1), otlp_span(2, 1, **CHAT)), {"resourceLogs": [{"scopeLogs": [{"logRecords": logs}]}]}]
        )
    )
    found, problems = read_all(path)
    assert (texts(found[-1].trace), problems) == (TOLD, [])


def test_a_broken_record_or_span_costs_no_neighbour(tmp_path: Path) -> None:
    good = message(request(otlp_span(1, trace="c" * 32, **CHAT, **IO)))
    broken_span = message(request(otlp_span(2))).replace(b"\x2a\x06span 2", b"\x2f\x06span 2")
    packed = zstandard.ZstdCompressor().compress(good)
    path = tmp_path / "f.bin"
    path.write_bytes(
        record(good)
        + record(b"\x0a\x7f no message")
        + record(packed[:-9])
        + record(broken_span)
        + record(good[:-2])[:-1]
    )
    found, problems = read_all(path)
    assert [texts(one.trace) for one in found] == [TOLD]
    assert [p.member for p in problems if p.lost] == [f"record {n}" for n in (2, 3, 4, 5)]
    assert "ends inside this record" in problems[-1].reason


def test_metrics_alone_are_no_traces(tmp_path: Path) -> None:
    path = tmp_path / "metrics.bin"
    metric = b"\x0a\x04cpu." + b"\x12\x03use"
    scope = b"\x12" + bytes([len(metric)]) + metric
    group = b"\x12" + bytes([len(scope)]) + scope
    path.write_bytes(record(b"\x0a" + bytes([len(group)]) + group))
    with pytest.raises(BadInput, match="no records found in metrics"):
        read_all(path)


@pytest.mark.parametrize("text", [b'\n{\n  "id": 1}', b"\n[\n\n\n]", b"\n\n\n", b"\0" * 64, b"\x0a", b"\0\0\0\x05"])
def test_text_with_a_blank_first_line_and_other_bytes_are_no_requests(tmp_path: Path, text: bytes) -> None:
    path = tmp_path / "f.json"
    path.write_bytes(text)
    with pytest.raises(BadInput):
        sources.detect(path)


def test_a_value_that_nests_without_end_costs_its_span_alone(tmp_path: Path) -> None:
    held: dict[str, Any] = {"stringValue": "deep"}
    for _ in range(300):
        held = {"arrayValue": {"values": [held]}}
    deep = otlp_span(9, trace="d" * 32) | {"attributes": [{"key": "deep", "value": held}]}
    path = tmp_path / "f.bin"
    path.write_bytes(message(request(otlp_span(1, **CHAT, **IO), deep)))
    found, problems = read_all(path)
    assert [texts(one.trace) for one in found] == [TOLD]
    assert [problem.lost for problem in problems] == [True]


@given(st.binary(max_size=80))
def test_any_bytes_are_a_message_or_malformed(data: bytes) -> None:
    try:
        list(fields(data))
        read_message(data)
    except Malformed:
        pass


WHOLE = as_records([request(otlp_span(1, trace="c" * 32, **CHAT, **IO))])


@given(st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 255)), min_size=1, max_size=4))
@settings(max_examples=60, deadline=None)
def test_flipped_bytes_cost_their_record_and_no_other(
    tmp_path_factory: pytest.TempPathFactory, flips: list[tuple[int, int]]
) -> None:
    spoiled = bytearray(WHOLE)
    for at, byte in flips:
        spoiled[4 + at % (len(WHOLE) - 4)] = byte
    path = tmp_path_factory.mktemp("wild") / "f.bin"
    path.write_bytes(as_records([request(otlp_span(1, **CHAT, **IO))]) + bytes(spoiled))
    found, _ = read_all(path)
    assert TRACE in {one.trace.native_id for one in found}
