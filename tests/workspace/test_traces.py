"""Traces in and out: texts byte for byte, the same again adds nothing, a change keeps its codings."""

import sqlite3
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reviewer.model.calls import ExpectedCall
from reviewer.model.problem import Problem
from reviewer.model.trace import Message, Part, Thread, ToolCall
from reviewer.model.week import Plan
from reviewer.verbs import coding, forgetting, opening, weeks
from reviewer.workspace.ask import codings, search, traces
from reviewer.workspace.ask.queue import queue
from reviewer.workspace.ask.transcript import find_trace, open_transcript
from reviewer.workspace.ask.whole import whole_trace
from reviewer.workspace.file import Workspace
from reviewer.workspace.layout import SEGMENT_BYTES
from reviewer.workspace.packing import LONG_PROSE, LONG_WORD, Body, cut, look_of, pack
from reviewer.workspace.searching import UNSPACED, index_text, pairs
from reviewer.workspace.traces import end_run
from tests.builders import HOUR_US, MONDAY_US, a_trace, a_workspace, own_id, put, said

WEEK_US = 7 * 24 * HOUR_US
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=80)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(TEXTS, TEXTS, st.sampled_from(["", "x" * 70_000, "wide 宽 " * 20_000, "\n" * 70_000, "\x00\u2028\r\n" * 9]))
def test_any_text_comes_back_as_it_was(
    tmp_path_factory: pytest.TempPathFactory, question: str, answer: str, result: str
) -> None:
    call = ToolCall("look_up", answer, arguments_parse=False)
    call.result = result
    main = [
        said("user", question),
        Message("assistant", [Part("reasoning", answer), Part("text", result)], [call]),
        said("tool", result, answers=call),
    ]
    trace = a_trace(1, threads=[Thread(main), Thread([said("assistant", answer)], "helper")])
    with a_workspace(tmp_path_factory.mktemp("w")) as workspace:
        put(workspace, [trace])
        back = whole_trace(open_transcript(workspace.reader(), own_id(trace)))
    assert [m.text for m in back.main] == [m.text for m in main]
    assert [[(p.kind, p.text) for p in m.parts] for m in back.main] == [
        [(p.kind, p.text) for p in m.parts] for m in main
    ]
    assert back.main[1].calls[0].arguments == answer
    assert back.main[1].calls[0].result == result
    assert back.main[2].answers is back.main[1].calls[0]
    assert back.threads[1].title == "helper"
    assert [d.text for d in back.documents] == [d.text for d in trace.documents]


@given(st.text(st.sampled_from("ab \n宽"), max_size=400_000))
@settings(max_examples=20)
def test_pieces_join_to_the_text_and_stay_small(text: str) -> None:
    pieces = cut(text)
    assert "".join(pieces) == text
    assert all(len(p.encode()) <= 65536 for p in pieces)


def test_the_same_again_adds_nothing(tmp_path: Path) -> None:
    with a_workspace(tmp_path, 5) as workspace:
        again = put(workspace, [a_trace(i) for i in range(5)], path="renamed.jsonl")
        assert (again.imported, again.updated, again.unchanged) == (0, 0, 5)
        assert workspace.reader().db.execute("SELECT count(*) FROM trace").fetchone() == (5,)


def test_a_changed_trace_is_updated_and_its_old_words_are_gone(tmp_path: Path) -> None:
    with a_workspace(tmp_path, 2) as workspace:
        put(workspace, [a_trace(1, answer="Quite another zebra.")])
        reader = workspace.reader()
        assert search.count(reader, "zebra") == 1
        assert search.count(reader, '"Case 1"') == 0
        assert search.count(reader, '"Case 0"') == 1
        assert opening.check(workspace.path).faults == ()


def test_the_same_id_with_other_content_in_one_file_is_a_conflict(tmp_path: Path) -> None:
    with a_workspace(tmp_path) as workspace:
        stored = put(workspace, [a_trace(1, answer="first"), a_trace(1, answer="second")])
        assert stored.imported == 1
        [problem] = stored.problems
        assert (problem.lost, problem.line) == (True, 2)
        assert "line 1" in problem.reason
        assert search.count(workspace.reader(), "first") == 1


def test_a_trace_without_a_time_stands_by_its_import_and_stays_there(tmp_path: Path) -> None:
    with a_workspace(tmp_path) as workspace:
        put(workspace, [a_trace(1, started_us=None, time_basis="import")])
        reader = workspace.reader()
        first = open_transcript(reader, own_id(a_trace(1))).about
        put(workspace, [a_trace(1, started_us=None, time_basis="import", answer="changed")])
        again = open_transcript(reader, own_id(a_trace(1))).about
        assert first.time_basis == "import"
        assert again.started_us == first.started_us


def test_both_ids_find_a_trace(tmp_path: Path) -> None:
    with a_workspace(tmp_path, 2) as workspace:
        reader = workspace.reader()
        assert find_trace(reader, "native-1") == find_trace(reader, own_id(a_trace(1))) == own_id(a_trace(1))


@pytest.mark.parametrize(
    ("query", "finds"),
    [
        ("返金", True), ("手続き", True), ("三営業日以内", True), ("金返", False), ("営", True),
        ("注文番号", False), ("退款", True), ("退款已经", True), ("款已", True), ("已退", False), ("refund", True), ("REFUN", True),
    ],
)  # fmt: skip
def test_words_are_found_in_scripts_without_spaces_too(tmp_path: Path, query: str, finds: bool) -> None:
    with a_workspace(tmp_path) as workspace:
        put(
            workspace,
            [
                a_trace(1, answer="返金の手続きは三営業日以内に完了します。"),
                a_trace(2, answer="退款已经处理 (refund done)"),
            ],
        )
        assert bool(search.search(workspace.reader(), query)) is finds


@given(st.text(max_size=30))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_query_breaks_the_search(open_workspace: Workspace, query: str) -> None:
    search.search(open_workspace.reader(), query)


@pytest.fixture(scope="module")
def open_workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return a_workspace(tmp_path_factory.mktemp("search"), 3)


def test_a_nul_does_not_hide_what_follows_it(tmp_path: Path) -> None:
    with a_workspace(tmp_path) as workspace:
        put(workspace, [a_trace(1, answer="before\x00after")])
        assert search.count(workspace.reader(), "after") == 1


def test_looks() -> None:
    assert look_of(' {"a": 1} ', rich=False) == "json"
    assert look_of("[not json", rich=True) == "prose"
    assert look_of("**bold**", rich=True) == "prose"
    assert look_of("w" * 3000, rich=True) == "rows"
    assert look_of("word " * 20_000, rich=True) == "rows"
    assert look_of("plain", rich=False) == "rows"


@given(st.lists(st.tuples(st.sampled_from(["word ", "line\n", "w"]), st.integers(1, 2500)), min_size=1, max_size=4))
def test_a_word_that_is_too_long_to_wrap_is_seen_wherever_it_stands(runs: list[tuple[str, int]]) -> None:
    text = "x" + "".join(run * times for run, times in runs)
    too_long = max(map(len, text.split())) > LONG_WORD or len(text) > LONG_PROSE
    assert look_of(text, rich=True) == ("rows" if too_long else "prose")


@given(st.lists(st.tuples(st.sampled_from("aä宽🙂"), st.integers(1, 16_384)), max_size=12))
def test_no_segment_is_larger_than_it_may_be_nor_begun_too_early(runs: list[tuple[str, int]]) -> None:
    body = Body()
    for sign, times in runs:
        body.add("text", sign * times, rich=True)
    sizes = [[len(text.encode()) for text in group] for group in body.groups]
    assert all(sum(group) <= SEGMENT_BYTES for group in sizes)
    assert all(sum(group) + following[0] > SEGMENT_BYTES for group, following in pairwise(sizes))


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_no_run_of_an_unspaced_script_is_overlooked(text: str) -> None:
    assert index_text(text) == UNSPACED.sub(lambda run: f" {pairs(run.group())} ", text)


def test_filters_and_facets(tmp_path: Path) -> None:
    with a_workspace(tmp_path, 6) as workspace:
        reader = workspace.reader()
        assert dict(traces.facet(reader, "workflow")) == {"returns": 3, "billing": 3}
        page = traces.trace_page(reader, traces.trace_ids(reader, {"workflow": "returns"}))
        assert [row.native_id for row in page] == ["native-5", "native-3", "native-1"]


def _coded(workspace: Workspace, note: str) -> str:
    reader = workspace.reader()
    workspace.write(weeks.open_week, reader, "W", MONDAY_US, MONDAY_US + WEEK_US, Plan(3, "s")).result()
    trace = queue(reader, "W", "ann")[0].trace  # type: ignore[arg-type]
    calls = (ExpectedCall("lookup", {"said": note}),)
    wanted = coding.Wanted(trace, "ann", "fail", ("looping",), {"groundedness": 2}, note, "the right answer", calls)
    workspace.write(coding.code, reader, "W", wanted).result()
    return trace


def test_codings_stay_with_a_trace_that_changes(tmp_path: Path) -> None:
    with a_workspace(tmp_path, 3) as workspace:
        trace = _coded(workspace, "as it was")
        native = open_transcript(workspace.reader(), trace).about.native_id
        put(workspace, [a_trace(int(native.split("-")[1]), answer="changed since")])
        [row] = codings.codings(workspace.reader())
        assert list(row.coding.modes) == ["looping"]
        assert row.coding.content_hash != open_transcript(workspace.reader(), trace).content_hash


def test_coding_events_cannot_be_changed_or_removed(tmp_path: Path) -> None:
    with a_workspace(tmp_path, 3) as workspace:
        _coded(workspace, "n")

        def tamper(writer, sql: str) -> None:  # type: ignore[no-untyped-def]
            with writer.change() as db:
                db.execute(sql)

        for sql in (
            "UPDATE coding_event SET value = '\"pass\"'",
            "DELETE FROM coding_event",
            "INSERT OR REPLACE INTO coding_event SELECT * FROM coding_event",
        ):
            with pytest.raises(sqlite3.IntegrityError, match="only added"):
                workspace.write(tamper, sql).result()


def test_check_finds_a_projection_that_strays(tmp_path: Path) -> None:
    with a_workspace(tmp_path, 3) as workspace:
        _coded(workspace, "n")

        def stray(writer) -> None:  # type: ignore[no-untyped-def]
            with writer.change() as db:
                db.execute("UPDATE coding SET verdict = 'pass'")

        workspace.write(stray).result()
        assert any("differs from its events" in fault for fault in opening.check(workspace.path).faults)


def test_forgetting_erases_text_index_and_quotes_and_keeps_the_facts(tmp_path: Path) -> None:
    secret = "platypus9417"
    with a_workspace(tmp_path) as workspace:
        put(workspace, [a_trace(i, answer=f"{secret} lives here", user_id="u-1", name=secret) for i in range(3)])
        trace = _coded(workspace, f"the note quotes {secret}")
        done = workspace.write(forgetting.forget, workspace.reader(), None, "u-1").result()
        assert len(done.traces) == 3
        reader = workspace.reader()
        assert search.count(reader, secret) == 0
        assert whole_trace(open_transcript(reader, trace)).main == []
        [row] = codings.codings(reader)
        assert (row.coding.note, row.coding.expected, list(row.coding.modes)) == ("", None, ["looping"])
        assert row.coding.expected_calls == ()
        assert opening.check(workspace.path).faults == ()
        again = put(workspace, [a_trace(0, answer=f"{secret} lives here", user_id="u-1", name=secret)])
        assert again.unchanged == 1
        assert "forgotten" in again.problems[0].reason
    for path in tmp_path.glob("test.review*"):
        if path.is_file():
            assert secret.encode() not in path.read_bytes()


def test_forgetting_a_trace_forgets_what_its_import_complained_of(tmp_path: Path) -> None:
    with a_workspace(tmp_path) as workspace:
        stored = put(workspace, [a_trace(1), a_trace(2)])
        run = workspace.reader().db.execute("SELECT max(id) FROM import_run").fetchone()[0]
        problems = [Problem("traces.jsonl", f"odd time 'secret-{n}'", n, lost=False) for n in (1, 2)]
        workspace.write(end_run, run, "done", "{}", problems).result()
        workspace.write(forgetting.forget, workspace.reader(), "native-1", None).result()
        left = workspace.reader().db.execute("SELECT reason FROM problem").fetchall()
        assert stored.imported == 2
        assert left == [("odd time 'secret-2'",)]


def test_forgetting_names_the_backups_that_still_hold_the_text(tmp_path: Path) -> None:
    from reviewer.workspace import backups

    with a_workspace(tmp_path, 2) as workspace:
        copy = backups.take(workspace.path, workspace.clock())
        done = workspace.write(forgetting.forget, workspace.reader(), "native-1", None).result()
        assert done.backups == (copy,)


def test_packing_the_same_trace_twice_gives_the_same_hash() -> None:
    assert pack(a_trace(7), []).content_hash == pack(a_trace(7), []).content_hash
    assert pack(a_trace(7), []).content_hash != pack(a_trace(7, latency_ms=1.0), []).content_hash


def test_tools_that_were_offered_are_stored_once_and_by_an_import_that_changes_nothing_else(tmp_path: Path) -> None:
    tools = [{"name": "search", "parameters": {"type": "object"}}]
    with a_workspace(tmp_path) as workspace:
        put(workspace, [a_trace(i, tools_hash="aa") for i in range(3)])
        reader = workspace.reader()
        trace = own_id(a_trace(0))
        assert whole_trace(open_transcript(reader, trace)).tools == []
        assert put(workspace, [a_trace(i, tools_hash="aa", tools=tools) for i in range(3)]).unchanged == 3
        assert whole_trace(open_transcript(reader, trace)).tools == tools
        assert reader.db.execute("SELECT count(*) FROM tool_set").fetchone() == (1,)
