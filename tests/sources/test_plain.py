"""Plain records, tau-bench runs, and the scores and facts that come with them."""

import json
from pathlib import Path

from reading_all import read_all, read_lines, transcript


def test_input_and_output_are_the_two_sides(tmp_path: Path) -> None:
    record = {"id": "t1", "name": "chat", "input": "Why?", "output": "Because.", "metadata": {"k": 1}}
    [trace] = read_lines(tmp_path, record).traces
    assert (trace.kind, trace.format, trace.native_id, trace.name) == ("plain", "plain", "t1", "chat")
    assert (transcript(trace), trace.metadata) == (["user Why?", "assistant Because."], {"k": 1})


def test_what_has_no_place_of_its_own_is_kept(tmp_path: Path) -> None:
    trace = read_lines(tmp_path, {"id": "t", "input": "x", "output": "y", "expected": "z", "channel": "web"}).traces[0]
    assert trace.metadata == {"channel": "web"}
    assert [(s.name, s.value_text, s.data_type) for s in trace.scores] == [("expected", "z", "expectation")]


def test_keys_that_other_formats_use_do_not_mislead(tmp_path: Path) -> None:
    record = {
        "id": "t",
        "input": "x",
        "output": "y",
        "data": {"a": 1},
        "context": "c",
        "attributes": {},
        "type": "SPAN?",
    }
    assert [trace.format for trace in read_lines(tmp_path, record).traces] == ["plain"]


def test_structured_input_and_output(tmp_path: Path) -> None:
    record = {
        "id": "t1",
        "input": {"messages": [{"role": "system", "content": "S"}, {"role": "user", "content": "Q"}]},
        "output": {"role": "assistant", "content": "A"},
    }
    assert transcript(read_lines(tmp_path, record).traces[0]) == ["system S", "user Q", "assistant A"]


def test_odd_records_are_lost_by_line_and_their_neighbours_stay(tmp_path: Path) -> None:
    reading = read_lines(
        tmp_path, {"id": 1, "input": "a"}, "[1, 2]", "null", {"id": 2}, '{"id": 3', {"id": 4, "output": "d"}
    )
    assert reading.ids == ["#1", "#4"]
    assert [line for line, _ in reading.lost] == [2, 3, 4, 5]


def test_an_impossible_time_stays_as_text_with_a_warning(tmp_path: Path) -> None:
    reading = read_lines(tmp_path, {"id": "a", "input": "x", "timestamp": "2024-02-30"}, {"id": "b", "input": "x"})
    assert (reading.warned, reading.lost) == ([1], [])
    first = reading.traces[0]
    assert (first.started_us, first.time_basis, first.metadata["timestamp"]) == (None, "import", "2024-02-30")


def test_broken_span_trees_are_warned_of(tmp_path: Path) -> None:
    def spans(*pairs: tuple[str, str | None]) -> dict[str, object]:
        return {"id": "t", "input": "x", "output": "y", "spans": [{"id": i, "parent_id": p} for i, p in pairs]}

    sound = [spans(("a", None), ("b", "a")), spans(*[(str(n), str(n - 1) if n else None) for n in range(3000)])]
    broken = [spans(("a", "b"), ("b", "a")), spans(("a", "a")), spans(("a", "gone"))]
    assert read_lines(tmp_path, *sound).problems == []
    assert read_lines(tmp_path, *broken).warned == [1, 2, 3]


def test_a_repeated_key_is_warned_of_and_the_text_kept_as_written(tmp_path: Path) -> None:
    line = '{"id": "a", "output": "SAFE", "output": "UNSAFE"}'
    reading = read_lines(tmp_path, line)
    assert (reading.warned, reading.traces[0].main[0].text) == ([1], "UNSAFE")
    assert "'output'" in reading.problems[0].reason
    assert reading.traces[0].metadata["as_written"] == line


def test_the_same_id_with_other_content_comes_twice(tmp_path: Path) -> None:
    reading = read_lines(tmp_path, {"id": "a", "input": "x"}, {"id": "a", "input": "CHANGED"})
    assert [(found.trace.native_id, found.line) for found in reading.found] == [("a", 1), ("a", 2)]


def test_tau_bench_keeps_what_the_user_wanted_out_of_the_transcript(tmp_path: Path) -> None:
    record = {
        "task_id": 3,
        "trial": 1,
        "reward": 0.0,
        "info": {"task": {"user_id": "u9", "instruction": "You want a refund.", "actions": [{"name": "refund"}]}},
        "traj": [
            {"role": "user", "content": "Hi"},
            {"role": "assistant", "content": None, "tool_calls": [{"id": "x", "function": {"name": "f", "arguments": "{}"}}]},
            {"role": "tool", "tool_call_id": "x", "name": "f", "content": "first"},
            {"role": "assistant", "content": None, "tool_calls": [{"id": "x", "function": {"name": "f", "arguments": "{}"}}]},
            {"role": "tool", "tool_call_id": "x", "name": "f", "content": "second"},
        ],
    }  # fmt: skip
    path = tmp_path / "retail.json"
    path.write_text(json.dumps([record, {**record, "trial": 2}], indent=1))
    reading = read_all(path)
    trace = reading.traces[0]
    assert reading.ids == ["retail/3/1", "retail/3/2"]
    assert (trace.kind, trace.user_id) == ("tau_bench", "u9")
    assert [call.result for call in trace.calls()] == ["first", "second"]
    assert not any("refund" in line for line in transcript(trace))
    assert trace.metadata["instruction"] == "You want a refund."
    assert [(s.name, s.value_num, s.data_type) for s in trace.scores] == [
        ("reward", 0.0, "number"),
        ("expected_actions", None, "expectation"),
    ]
