"""Helicone: requests are model calls, and those of a session are one trace."""

from pathlib import Path
from typing import Any

from tests.sources.span_files import read_all, texts, write_lines


def helicone(number: int, **more: Any) -> dict[str, Any]:
    return {
        "request_id": f"q{number}",
        "request_created_at": f"2026-01-05T00:00:0{number}Z",
        "request_body": {"model": "m", "messages": [{"role": "user", "content": "Where?"}]},
        "response_body": {"choices": [{"message": {"role": "assistant", "content": "Here."}}]},
        "response_status": 200,
        "request_model": "m",
        "provider": "OPENAI",
        "delay_ms": 1500,
        "prompt_tokens": 3,
        "completion_tokens": 1,
        "costUSD": 0.25,
        "request_user_id": "u",
        "request_properties": {"Tenant": "acme"},
        "scores": {"helpful": {"value": 1, "valueType": "number"}},
        **more,
    }


def test_a_request_of_helicone_is_a_trace(tmp_path: Path) -> None:
    for path in (
        write_lines(tmp_path / "rows.jsonl", helicone(1)),
        write_lines(tmp_path / "page.json", {"data": [helicone(1)], "error": None}),
    ):
        (found,), problems = read_all(path)
        trace = found.trace
        assert (trace.format, trace.native_id, texts(trace)) == ("helicone", "q1", ["user: Where?", "assistant: Here."])
        assert (trace.model, trace.user_id, trace.tenant, trace.latency_ms) == ("m", "u", "acme", 1500)
        assert (trace.usage.input, trace.usage.output, trace.cost_usd) == (3, 1, 0.25)
        assert ([(s.name, s.value_num) for s in trace.scores], problems) == ([("helpful", 1.0)], [])


def test_the_requests_of_a_session_of_helicone_are_one_trace(tmp_path: Path) -> None:
    session = {"Helicone-Session-Id": "s1", "Helicone-Session-Path": "/answer"}
    refused = {"response_status": 429, "response_body": {"error": {"message": "slow down"}}}
    path = write_lines(
        tmp_path / "rows.jsonl",
        helicone(1, request_properties=session, **refused),
        helicone(3, request_properties=session),
        helicone(5),
    )
    found, problems = read_all(path)
    assert ([one.trace.native_id for one in found], problems) == (["s1", "q5"], [])
    assert (found[0].trace.session_id, texts(found[0].trace)[-1]) == ("s1", "assistant: Here.")
    assert found[0].trace.n_retries == 1
