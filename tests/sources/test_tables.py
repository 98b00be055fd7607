"""Tables: what their columns are taken for, and what becomes of their rows."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reading_all import Reading, read_all, read_lines, transcript

from reviewer.errors import BadInput, UsageError
from reviewer.model.problem import Problem
from reviewer.sources import read
from reviewer.sources.formats.table import EVERY_TABLE, Said
from reviewer.sources.tables.columns import Use, guess, header_key, parse_use, shipped


def read_table(path: Path, text: str, said: Said | None = None) -> Reading:
    path.write_text(text, encoding="utf-8", newline="")
    problems: list[Problem] = []
    return Reading(list(read(path, None, problems.append, lambda done, total: None, said)), problems)


def uses(*header: str) -> list[str]:
    return [str(use) for use in guess(header, [dict.fromkeys(header, "x")]).uses.values()]


def test_columns_are_known_by_their_names() -> None:
    assert uses("Question", "retrieved_contexts", "Answer", "Ground Truth", "latency") == [
        "user", "contexts", "assistant", "expected", "latency_s",
    ]  # fmt: skip
    assert uses("user_input", "response", "reference", "annotator2", "channel") == [
        "user", "assistant", "expected", "label:annotator2", "metadata",
    ]  # fmt: skip


def test_a_column_of_numbers_is_a_score_and_one_of_words_is_not() -> None:
    found = guess(["question", "answer", "faithfulness", "remark"], [
        {"question": "q", "answer": "a", "faithfulness": "0.5", "remark": "1 of 2"},
        {"question": "q", "answer": "a", "faithfulness": "", "remark": "good"},
    ])  # fmt: skip
    assert (found.uses["faithfulness"], found.uses["remark"]) == (Use("score", "faithfulness"), Use("metadata"))


def test_rows_become_traces_with_documents_expectations_and_scores(tmp_path: Path) -> None:
    reading = read_table(
        tmp_path / "a.csv",
        "id,question,contexts,answer,ground_truth,annotator1,correctness,channel\r\n"
        '7,"Where,\r\nplease?","[""Graz is near."", ""Wien is far.""]",In Graz.,Graz,good,0.5,web\r\n',
    )
    assert reading.problems == []
    [trace] = reading.traces
    assert (trace.native_id, transcript(trace)) == ("7", ["user Where,\r\nplease?", "assistant In Graz."])
    assert [(d.text, d.rank, d.source) for d in trace.documents] == [
        ("Graz is near.", 0, "contexts"), ("Wien is far.", 1, "contexts"),
    ]  # fmt: skip
    assert [(s.name, s.value_num, s.value_text, s.data_type, s.source) for s in trace.scores] == [
        ("ground_truth", None, "Graz", "expectation", "human"),
        ("annotator1", None, "good", "category", "human"),
        ("correctness", 0.5, None, "number", "code"),
    ]
    assert trace.metadata == {"channel": "web"}


def test_turns_of_a_session_are_one_trace_in_their_order(tmp_path: Path) -> None:
    reading = read_table(
        tmp_path / "a.csv", "session_id,turn,question,answer\ns1,2,More?,Yes.\ns2,1,Hello,Hi.\ns1,1,Some?,Here.\n"
    )
    assert {trace.native_id: transcript(trace) for trace in reading.traces} == {
        "s1": ["user Some?", "assistant Here.", "user More?", "assistant Yes."],
        "s2": ["user Hello", "assistant Hi."],
    }


def test_what_a_person_says_of_a_column_counts(tmp_path: Path) -> None:
    text = "wording,reply,stars\nWhy?,Because.,4\n"
    with pytest.raises(BadInput, match="none of its columns"):
        read_table(tmp_path / "a.csv", text)
    said = {"wording": Use("user"), "reply": Use("assistant"), "stars": Use("label", "quality", "ann")}
    for key in (EVERY_TABLE, header_key(["stars", "reply", "wording"])):
        [trace] = read_table(tmp_path / "a.csv", text, {key: said}).traces
        assert transcript(trace) == ["user Why?", "assistant Because."]
        assert [(s.name, s.value_num, s.author) for s in trace.scores] == [("quality", 4.0, "ann")]


def test_a_use_that_does_not_exist_says_which_there_are() -> None:
    assert parse_use("label:faithful:ann") == Use("label", "faithful", "ann")
    for wrong in ("anwser", "user:name"):
        with pytest.raises(UsageError):
            parse_use(wrong)


def test_several_answers_stand_beside_each_other(tmp_path: Path) -> None:
    row = {"idx": 3, "instruction": "Shorten", "input": "A long one", "response1": "Short", "response2": "Brief",
           "annotator1": 1, "annotator2": 2, "annotator3": 0, "cmp_key": "x"}  # fmt: skip
    [trace] = read_lines(tmp_path, row).traces
    assert transcript(trace) == ["user Shorten\n\nA long one", "assistant Short"]
    assert [(thread.title, thread.messages[0].text) for thread in trace.threads[1:]] == [("response2", "Brief")]
    assert [(s.name, s.author, s.value_num) for s in trace.scores] == [
        ("preference", "1", 1), ("preference", "2", 2), ("preference", "3", 0),
    ]  # fmt: skip


def test_speakers_who_are_no_roles_are_agents(tmp_path: Path) -> None:
    row = {"question": "Q", "answer": "A", "history": [], "messages": [
        {"role": "human", "content": "Go"}, {"role": "Planner", "content": "I plan"}, {"role": "Surfer", "content": "I look"},
    ]}  # fmt: skip
    row["messages"] = json.dumps(row["messages"])
    [trace] = read_table(tmp_path / "t.csv", "id,messages,label\n1," + _quoted(row["messages"]) + ",good\n").traces
    assert [(m.role, m.name, m.text) for m in trace.main] == [
        ("user", None, "Go"), ("assistant", "Planner", "I plan"), ("assistant", "Surfer", "I look"),
    ]  # fmt: skip


def _quoted(text: Any) -> str:
    return '"' + str(text).replace('"', '""') + '"'


def test_lists_as_numpy_prints_them_are_refused_with_the_way_out(tmp_path: Path) -> None:
    reading = read_table(tmp_path / "a.csv", "question,contexts,answer\nq,\"['a b' 'c']\",a\nq,\"['a b', 'c']\",a\n")
    assert (len(reading.found), reading.lost) == (1, [(2, None)])
    assert "Parquet" in reading.problems[0].reason


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_cells_may_be_parted_and_lines_may_end_in_any_way(tmp_path: Path, delimiter: str, end: str) -> None:
    lines = [["id", "question", "answer"], ["1", "q", "a"], ["2", "r", "b"]]
    reading = read_table(tmp_path / "a.csv", "".join(delimiter.join(line) + end for line in lines))
    assert [transcript(trace) for trace in reading.traces] == [["user q", "assistant a"], ["user r", "assistant b"]]


def test_a_text_that_is_no_table_is_not_taken_for_one(tmp_path: Path) -> None:
    for text in ("Dear all, please read this.\nThanks, Ann\n", "a: 1\nb: 2\n"):
        with pytest.raises(BadInput):
            read_table(tmp_path / "a.txt", text)


@given(st.lists(st.tuples(st.text(max_size=30), st.text(max_size=30)), min_size=1, max_size=5))
def test_every_text_comes_back_from_a_table_as_it_was(rows: list[tuple[str, str]]) -> None:
    import csv
    import io
    import tempfile

    rows = [(q.encode("utf-8", "replace").decode(), a.encode("utf-8", "replace").decode()) for q, a in rows]
    rows = [(q, a) for q, a in rows if q and a and "\0" not in q + a]
    if not rows:
        return
    out = io.StringIO(newline="")
    csv.writer(out).writerows([("question", "answer"), *rows])
    with tempfile.TemporaryDirectory() as folder:
        found = read_table(Path(folder) / "a.csv", out.getvalue()).traces
    said = [tuple(message.parts[0].text for message in trace.main) for trace in found]
    plain = [row for row in rows if not any(cell.lstrip()[:1] in '[{"' for cell in row)]
    assert len(found) == len(rows)
    assert [one for one in said if one in plain] == plain


def test_parquet_rows_keep_their_types(tmp_path: Path) -> None:
    pyarrow = pytest.importorskip("pyarrow")
    from pyarrow import parquet

    table = pyarrow.table(
        {"user_input": ["q"], "retrieved_contexts": [["c", "d"]], "response": ["a"], "score_x": [0.25]}
    )
    parquet.write_table(table, tmp_path / "a.parquet")
    reading = read_all(tmp_path / "a.parquet")
    [trace] = reading.traces
    assert (transcript(trace), [d.text for d in trace.documents]) == (["user q", "assistant a"], ["c", "d"])
    assert [(s.name, s.value_num) for s in trace.scores] == [("score_x", 0.25)]
    assert [found.member for found in reading.found] == ["row 1"]


def test_shipped_mappings_name_uses_that_exist() -> None:
    assert len(shipped()) >= 7
    assert all(any(use.role in ("user", "messages") for use in columns.values()) for _, columns in shipped())
