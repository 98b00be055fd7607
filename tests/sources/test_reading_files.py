"""Files as a whole: how they are told apart, cut into records, and refused."""

import gzip
import json
import sqlite3
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reading_all import read_all, read_lines

from reviewer.errors import BadInput, UsageError
from reviewer.model.problem import Problem
from reviewer.sources import FORMATS, detect, names, read

ROWS = [{"id": f"t{n}", "input": f"q{n}", "output": "a"} for n in range(1, 5)]
IDS = ["t1", "t2", "t3", "t4"]


@pytest.mark.parametrize(
    "text",
    [
        "\n".join(map(json.dumps, ROWS)),
        "\r\n\r\n".join(map(json.dumps, ROWS)) + "\r\n",
        json.dumps(ROWS),
        json.dumps(ROWS, indent=2),
        "[" + ",\n".join(map(json.dumps, ROWS)) + "]\n",
        "".join(map(json.dumps, ROWS)),
        "\n".join(json.dumps(row, indent=4) for row in ROWS),
        "".join(json.dumps(row, indent=1) for row in ROWS),
        "\ufeff" + "\n".join(map(json.dumps, ROWS)),
    ],
)
def test_however_records_are_strung_together(tmp_path: Path, text: str) -> None:
    path = tmp_path / "traces"
    path.write_text(text, encoding="utf-8", newline="")
    reading = read_all(path)
    assert (reading.ids, reading.problems) == (IDS, [])


def test_array_elements_know_their_line_and_position(tmp_path: Path) -> None:
    path = tmp_path / "traces.json"
    path.write_text("[" + ",\n".join([json.dumps(ROWS[0]), '{"id": 2}', "3", json.dumps(ROWS[1])]) + "]")
    reading = read_all(path)
    assert [(found.line, found.member) for found in reading.found] == [(1, "element 0"), (4, "element 3")]
    assert reading.lost == [(2, "element 1"), (3, "element 2")]


def test_a_broken_first_line_does_not_take_the_others_along(tmp_path: Path) -> None:
    reading = read_lines(tmp_path, '{"id": "t0", "input": [[[', *ROWS)
    assert (reading.ids, reading.lost) == (IDS, [(1, None)])


def test_a_cut_gzip_keeps_what_is_whole_and_names_the_last_good_line(tmp_path: Path) -> None:
    rows = [json.dumps({"id": f"t{n}", "input": f"{n * 7919 % 10007} {n}"}) for n in range(3000)]
    path = tmp_path / "traces.jsonl.gz"
    path.write_bytes(gzip.compress("\n".join(rows).encode())[:-2000])
    reading = read_all(path)
    good = len(reading.found)
    assert 0 < good < 3000 and reading.lost == [(good + 1, None)]
    assert f"the last whole line is {good}" in reading.problems[0].reason


@given(
    st.lists(st.sampled_from([*map(json.dumps, ROWS), "", "[1]", "{", "null", '{"id":1}', "\x00", '"x"']), max_size=8)
)
def test_every_line_is_found_or_lost(tmp_path_factory: pytest.TempPathFactory, lines: list[str]) -> None:
    path = tmp_path_factory.mktemp("any") / "traces.jsonl"
    path.write_text("\n".join([json.dumps(ROWS[0]), *lines]), encoding="utf-8")
    reading = read_all(path, "plain")
    assert len(reading.found) + len(reading.lost) == 1 + sum(1 for line in lines if line.strip())


def test_progress_comes_along_and_never_runs_back(tmp_path: Path) -> None:
    path = tmp_path / "traces.jsonl"
    path.write_text("\n".join(json.dumps({"id": n, "input": "x" * 1000}) for n in range(3000)))
    told: list[tuple[int, int]] = []
    for _ in read(path, None, lambda problem: None, lambda done, total: told.append((done, total))):
        pass
    size = path.stat().st_size
    assert told[-1] == (size, size)
    assert [done for done, _ in told] == sorted(done for done, _ in told)
    assert len(told) >= size // 262_144


def sqlite_bytes(folder: Path) -> bytes:
    path = folder / "made.sqlite"
    opened = sqlite3.connect(path)
    opened.execute("create table t (x)")
    opened.commit()
    opened.close()
    return path.read_bytes()


@pytest.mark.parametrize(
    ("name", "data", "sentence"),
    [
        ("empty.jsonl", b"", "no records found in empty.jsonl"),
        ("blank.jsonl", b"\n \r\n", "no records found in blank.jsonl"),
        ("a.jsonl", b"\x80\x04\x95K\x01.", "is a pickle, not JSONL"),
        ("a.yaml", b"a: &x [1]\nb: *x\n", "is YAML"),
        ("b.yml", b"!!python/object/apply:os.system ['true']", "is YAML"),
        ("config", b"traces:\n  - id: 1\n", "is YAML"),
        ("a.parquet", b"PAR1....PAR1", "cannot be read as Parquet"),
        ("a.csv", b"question\nwhy\n", "no header line that names at least two columns"),
        ("a.html", b"<html></html>", "it is not JSON or JSONL"),
        ("a.bin", bytes(range(1, 256)) + b"\0" * 9, "holds neither JSON nor JSONL"),
        ("a.json", b'{"project_names": ["x"]}', "no traces found in a.json"),
        ("n.jsonl", b"1\n2\n", "no traces found in n.jsonl"),
        ("h.jsonl", b'{"metadata": {}}\n', "no traces found in h.jsonl"),
        ("e.json", b"[]", "no records found in e.json"),
    ],
)
def test_what_holds_no_traces_is_one_sentence(tmp_path: Path, name: str, data: bytes, sentence: str) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(BadInput) as told:
        read_all(path)
    assert sentence in str(told.value) and name in str(told.value)


def test_a_path_that_is_no_file_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"gone\.jsonl cannot be opened"):
        read_all(tmp_path / "gone.jsonl")
    with pytest.raises(BadInput, match="is a folder"):
        detect(tmp_path)


def test_an_sqlite_file_is_not_opened(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(sqlite_bytes(tmp_path))
    with pytest.raises(BadInput, match="SQLite database"):
        read_all(path)


def test_a_file_in_which_nothing_parses_tells_each_line(tmp_path: Path) -> None:
    reading = read_lines(tmp_path, '{"id": 1, "in', '{"id": 2, "in')
    assert (reading.found, reading.lost) == ([], [(1, None), (2, None)])


@pytest.mark.parametrize(
    ("record", "format"),
    [
        (ROWS[0], "plain"),
        ({"messages": [{"role": "user", "content": "x"}]}, "openai"),
        ({"system": "s", "messages": [{"role": "user", "content": "x"}]}, "anthropic"),
        ({"task_id": 1, "reward": 1, "traj": []}, "tau_bench"),
        ({"version": 2, "status": "success", "eval": {}, "samples": []}, "inspect"),
    ],
)
def test_detection_says_what_and_why(tmp_path: Path, record: object, format: str) -> None:
    path = tmp_path / "x.dat"
    path.write_text(json.dumps(record))
    guess = detect(path)
    assert guess.format == format and guess.why


def test_a_format_can_be_named_and_an_unknown_one_is_refused(tmp_path: Path) -> None:
    reading = read_lines(
        tmp_path, {"id": "a", "input": "x", "messages": [{"role": "user", "content": "y"}]}, format="plain"
    )
    assert [trace.format for trace in reading.traces] == ["plain"]
    with pytest.raises(UsageError, match="no format named 'nonsense'"):
        read_lines(tmp_path, *ROWS, format="nonsense")


def test_every_format_has_names_of_its_own() -> None:
    assert len(set(names())) == len(names()) >= len(FORMATS)


def test_lost_records_name_the_file(tmp_path: Path) -> None:
    problems: list[Problem] = []
    path = tmp_path / "some.jsonl"
    path.write_text(json.dumps(ROWS[0]) + "\nnonsense\n")
    assert len(list(read(path, None, problems.append, lambda done, total: None))) == 1
    assert problems[0].as_json()["file"] == "some.jsonl"
