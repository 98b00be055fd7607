"""Inspect logs, as JSON and as archives."""

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from reading_all import read_all, transcript

from reviewer.errors import BadInput

EVAL = {
    "task": "arith",
    "model": "acme/m-1",
    "run_id": "run",
    "created": "2026-11-23T09:00:00+00:00",
    "revision": {"commit": "abc123"},
    "tags": ["nightly"],
}
HEADER = {"version": 2, "status": "success", "eval": EVAL}


def sample(number: int = 1, **more: Any) -> dict[str, Any]:
    return {
        "id": number,
        "epoch": 1,
        "input": "Six times seven?",
        "target": "42",
        "messages": [
            {"id": "m1", "role": "user", "content": "attachment://a1", "source": "input"},
            {"role": "assistant", "content": "", "tool_calls": [{"id": "c", "function": "times", "arguments": {"a": 6}}]},
            {"role": "tool", "content": "", "tool_call_id": "c", "function": "times", "error": {"type": "timeout", "message": "too slow"}},
            {"role": "assistant", "content": "42"},
        ],
        "attachments": {"a1": "Six times seven?"},
        "scores": {"match": {"value": "C", "explanation": "same"}, "closeness": {"value": 0.5}},
        "model_usage": {"acme/m-1": {"input_tokens": 10, "output_tokens": 2, "input_tokens_cache_read": 5}},
        "total_time": 1.5,
        "events": [
            {"event": "model", "timestamp": "2026-11-23T09:01:00+00:00", "retries": 1},
            {"event": "tool", "id": "c", "timestamp": "2026-11-23T09:01:01+00:00", "working_time": 0.25},
        ],
        **more,
    }  # fmt: skip


def archive(path: Path, members: dict[str, Any]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as opened:
        for name, held in members.items():
            opened.writestr(name, held if isinstance(held, (str, bytes)) else json.dumps(held))
    return path


def test_a_sample_is_a_trace(tmp_path: Path) -> None:
    path = tmp_path / "log.json"
    path.write_text(json.dumps({**HEADER, "samples": [sample(1), sample(2, uuid="u-2")]}, indent=2))
    reading = read_all(path)
    trace = reading.traces[0]
    assert reading.ids == ["run/1/1", "u-2"]
    assert (trace.kind, trace.workflow, trace.model, trace.release) == ("inspect", "arith", "acme/m-1", "abc123")
    assert (trace.tags, trace.latency_ms, trace.n_retries, trace.status) == (["nightly"], 1500.0, 1, "ok")
    assert (trace.usage.input, trace.usage.output, trace.time_basis) == (15, 2, "trace")
    assert transcript(trace)[0] == "user Six times seven?"
    [call] = list(trace.calls())
    assert (call.name, call.is_error, call.error, call.latency_ms) == ("times", True, "too slow", 250.0)
    assert [(s.name, s.value_num, s.value_text, s.data_type) for s in trace.scores] == [
        ("match", 1.0, "correct", "category"),
        ("closeness", 0.5, None, "number"),
        ("target", None, "42", "expectation"),
    ]


@pytest.mark.parametrize("header", ["header.json", "_journal/start.json"])
def test_an_archive_gives_its_samples_and_names_what_it_lost(tmp_path: Path, header: str) -> None:
    members = {header: HEADER, "samples/1_epoch_1.json": sample(1), "samples/2_epoch_1.json": "{", "summaries.json": []}
    reading = read_all(archive(tmp_path / "log.eval", members))
    assert (reading.ids, reading.lost) == (["run/1/1"], [(None, "samples/2_epoch_1.json")])
    assert reading.found[0].member == "samples/1_epoch_1.json"


def test_no_number_in_a_score_does_not_lose_the_sample(tmp_path: Path) -> None:
    held = json.dumps(sample(1, scores={"loss": {"value": float("nan")}}))
    reading = read_all(archive(tmp_path / "log.eval", {"header.json": HEADER, "samples/1.json": held}))
    assert next((s.name, s.value_text) for s in reading.traces[0].scores) == ("loss", "NaN")


def test_an_archive_without_a_readable_sample_is_one_error(tmp_path: Path) -> None:
    members = {"header.json": HEADER, **{f"samples/{n}.json": {} for n in range(300)}}
    with pytest.raises(BadInput, match="none of its 300 samples could be read"):
        read_all(archive(tmp_path / "log.eval", members))


def test_a_sample_without_messages_shows_its_input(tmp_path: Path) -> None:
    bare = {"id": 1, "epoch": 1, "input": "q", "messages": [], "output": {}}
    reading = read_all(archive(tmp_path / "log.eval", {"header.json": HEADER, "samples/1.json": bare}))
    assert transcript(reading.traces[0]) == ["user q"]


def test_names_that_lead_out_of_the_archive_are_reported_and_not_read(tmp_path: Path) -> None:
    members = {"header.json": HEADER, "samples/1.json": sample(), "../../x": "1", "samples/..\\..\\y.json": sample(2)}
    reading = read_all(archive(tmp_path / "log.eval", members))
    assert len(reading.found) == 1
    assert [(p.member, p.lost) for p in reading.problems] == [("../../x", False), ("samples/..\\..\\y.json", True)]


def test_a_zip_of_jsonl_files_is_read_member_by_member(tmp_path: Path) -> None:
    line = '{"id": "a", "input": "x", "output": "y"}\n'
    reading = read_all(
        archive(tmp_path / "traces.zip", {"one.jsonl": line, "two.jsonl": "{}\n" + line, "notes.txt": "hi"})
    )
    assert [(found.member, found.line) for found in reading.found] == [("one.jsonl", 1), ("two.jsonl", 2)]
    assert reading.lost == [(1, "two.jsonl")]
