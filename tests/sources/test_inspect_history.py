"""Inspect samples whose messages were compacted are shown from their beginning."""

import json
from pathlib import Path
from typing import Any

import pytest
from reading_all import read_all, transcript

from reviewer.sources.formats import inspect_history
from tests.sources.test_inspect_log import HEADER

SYSTEM = {"id": "s", "role": "system", "content": "Be short."}
ASKED = {"id": "u", "role": "user", "content": "attachment://a1"}
FIRST = {"id": "a", "role": "assistant", "content": "", "tool_calls": [{"id": "c", "function": "ls", "arguments": {}}]}
RESULT = {"id": "t", "role": "tool", "content": "x.txt", "tool_call_id": "c", "function": "ls"}
SUMMARY = {"id": "z", "role": "user", "content": "Summary: x.txt was listed."}
LAST = {"id": "b", "role": "assistant", "content": "Done."}
WHOLE = [
    "system Be short.", "user Which files?", "assistant ls({})=x.txt", "tool x.txt", "user Summary: x.txt was listed.", "assistant Done.",
]  # fmt: skip
POOL = [SYSTEM, ASKED, RESULT, SUMMARY, FIRST]


def model(refs: Any, answer: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"event": "model", "input": [], "input_refs": refs, "output": {"choices": [{"message": answer}]}, **more}


COMPACTED = [
    model([[0, 2]], FIRST),
    {"event": "tool", "id": "c"},
    {"event": "compaction", "type": "summary"},
    model([[0, 1], [3, 4]], LAST),
    model([], {"id": "g", "role": "assistant", "content": "GRADE: C"}, input=[{"role": "user", "content": "Grade it"}]),
]


def read(tmp_path: Path, **sample: Any) -> Any:
    held = {"id": 1, "epoch": 1, "input": "Which files?", "attachments": {"a1": "Which files?"}, **sample}
    path = tmp_path / "log.json"
    path.write_text(json.dumps({**HEADER, "samples": [held]}))
    reading = read_all(path)
    assert reading.problems == []
    return reading.traces[0]


@pytest.mark.parametrize("pool", [{"message_pool": POOL}, {"events_data": {"messages": POOL, "calls": []}}])
def test_turns_before_a_compaction_come_from_the_calls(tmp_path: Path, pool: dict[str, Any]) -> None:
    entries = [*COMPACTED]
    entries[3] = model([[0, 1], [1, 2], [4, 5], [2, 4]], LAST)
    trace = read(tmp_path, messages=[SYSTEM, SUMMARY, LAST], events=entries, **pool)
    assert transcript(trace) == WHOLE
    assert trace.metadata["compactions"] == 1


def test_a_graders_call_is_no_turn(tmp_path: Path) -> None:
    trace = read(tmp_path, messages=[SYSTEM, SUMMARY, LAST], events=COMPACTED, message_pool=POOL)
    assert not any("GRADE" in text or "Grade" in text for text in transcript(trace))


def test_messages_that_were_not_compacted_stand_as_they_are(tmp_path: Path) -> None:
    entries = [model([[0, 2]], FIRST)]
    assert transcript(read(tmp_path, messages=[SYSTEM, LAST], events=entries, message_pool=POOL)) == [
        "system Be short.", "assistant Done.",
    ]  # fmt: skip


def test_a_sample_that_ended_before_its_messages_were_kept_is_read_from_its_calls(tmp_path: Path) -> None:
    trace = read(tmp_path, messages=[], events=[model([[0, 2]], LAST)], message_pool=POOL)
    assert transcript(trace) == ["system Be short.", "user Which files?", "assistant Done."]


@pytest.mark.parametrize("refs", [None, 7, [[0]], [["a", 2]], [[-5, 2]], [[9, 99]], [None], {"a": 1}])
def test_references_that_are_none_are_passed_over(tmp_path: Path, refs: Any) -> None:
    trace = read(
        tmp_path, messages=[SYSTEM, LAST], events=[{"event": "compaction"}, model(refs, LAST)], message_pool=POOL
    )
    assert transcript(trace) == ["system Be short.", "assistant Done."]


def test_ranges_that_repeat_without_end_are_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inspect_history, "_MOST_LOOKED_AT", 50)
    entries = [{"event": "compaction"}, *(model([[0, 5]] * 1000, FIRST) for _ in range(100))]
    trace = read(tmp_path, messages=[SYSTEM, LAST], events=entries, message_pool=POOL)
    assert "assistant Done." in transcript(trace)
