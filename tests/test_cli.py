"""The commands, as a script would use them: exit codes, JSON on standard output, sentences on standard error."""

import json
import stat
from pathlib import Path
from typing import Any

import pytest

from reviewer import cli


class Program:
    """Runs commands in this process and keeps what they printed."""

    def __init__(self, capsys: pytest.CaptureFixture[str], folder: Path) -> None:
        self.capsys = capsys
        self.workspace = folder / "w.review"
        self.err = ""

    def __call__(self, *arguments: object, expect: int = 0) -> str:
        self.capsys.readouterr()
        try:
            code = cli.main([str(a) for a in arguments])
        except SystemExit as why:
            code = int(why.code or 0)
        out, self.err = self.capsys.readouterr()
        assert code == expect, (arguments, out, self.err)
        assert "Traceback" not in self.err
        return out

    def within(self, *arguments: object, expect: int = 0) -> str:
        return self(*arguments, "--workspace", self.workspace, expect=expect)

    def json(self, *arguments: object, expect: int = 0) -> Any:
        return json.loads(self.within(*arguments, "--json", expect=expect))


@pytest.fixture
def program(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Program:
    return Program(capsys, tmp_path)


def write_chats(path: Path, numbers: range, **more: object) -> Path:
    rows = [
        {
            "id": f"chat-{n}",
            "timestamp": f"2026-11-{16 + n % 7:02d}T10:00:00Z",
            "messages": [
                {"role": "user", "content": f"Question {n}?"},
                {"role": "assistant", "content": None, "tool_calls": [
                    {"id": "c1", "type": "function", "function": {"name": "search", "arguments": '{"q": "x"}'}}]},
                {"role": "tool", "tool_call_id": "c1", "content": "nothing found"},
                {"role": "assistant", "content": f"Answer {n}."},
            ],
            **more,
        }
        for n in numbers
    ]  # fmt: skip
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


@pytest.fixture
def reviewed(program: Program, tmp_path: Path) -> Program:
    program.json("import", write_chats(tmp_path / "chats.jsonl", range(20)))
    program.json("week", "new", "2026-W47", "--from", "2026-11-16", "--to", "2026-11-23", "--size", 10, "--seed", "s")
    return program


def test_an_import_makes_the_workspace_and_adds_up(program: Program, tmp_path: Path) -> None:
    path = write_chats(tmp_path / "chats.jsonl", range(5))
    path.write_text(path.read_text() + "{broken\n\n", encoding="utf-8")
    report = program.json("import", path)
    assert {k: report[k] for k in ("read", "imported", "updated", "unchanged", "failed")} == {
        "read": 6, "imported": 5, "updated": 0, "unchanged": 0, "failed": 1,
    }  # fmt: skip
    assert (report["messages"], report["tool_calls"]) == (20, 5)
    assert report["by_format"] == {"openai": 5}
    [error] = report["errors"]
    assert error["file"].endswith("chats.jsonl")
    assert error["line"] == 6
    assert "line 6" in program.err
    assert stat.S_IMODE(program.workspace.stat().st_mode) == 0o600


def test_the_same_import_again_says_that_nothing_is_new(program: Program, tmp_path: Path) -> None:
    path = write_chats(tmp_path / "chats.jsonl", range(5))
    program.json("import", path)
    report = program.json("import", path)
    assert (report["read"], report["unchanged"], report["messages"]) == (5, 5, 0)
    assert "Nothing new" in program.err


def test_nothing_to_import_is_exit_1_and_one_sentence(program: Program, tmp_path: Path) -> None:
    empty = tmp_path / "empty.jsonl"
    empty.write_text("")
    report = program.json("import", empty, expect=1)
    assert report["read"] == 0
    assert "empty.jsonl" in report["errors"][0]["reason"]
    report = program.json("import", tmp_path / "absent.jsonl", expect=1)
    assert "absent.jsonl" in report["errors"][0]["file"]


def test_a_folder_is_walked_and_strangers_in_it_are_only_warnings(program: Program, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    (folder / "deep").mkdir(parents=True)
    write_chats(folder / "deep" / "chats.jsonl", range(3))
    (folder / "notes.txt").write_text("just notes")
    report = program.json("import", folder)
    assert report["imported"] == 3
    assert report["errors"] == []
    assert [w["file"].endswith("notes.txt") for w in report["warnings"]] == [True]


def test_show_gives_the_messages_with_paired_results(reviewed: Program) -> None:
    shown = reviewed.json("show", "chat-3")
    assert [m["role"] for m in shown["messages"]] == ["user", "assistant", "tool", "assistant"]
    [call] = shown["messages"][1]["tool_calls"]
    assert call == {"name": "search", "arguments": {"q": "x"}, "result": "nothing found", "error": None}
    assert reviewed.json("show", shown["id"]) == shown


def test_traces_are_listed_with_times_in_utc(reviewed: Program) -> None:
    rows = reviewed.json("traces")
    assert len(rows) == 20
    assert rows[0]["started_at"] == "2026-11-16T10:00:00.000Z"
    assert set(rows[0]) == {
        "id", "native_id", "format", "workflow", "model", "prompt_version", "session_id", "started_at", "time_basis",
        "latency_ms", "status", "cost_usd",
    }  # fmt: skip


def test_a_week_carries_its_design(reviewed: Program) -> None:
    week = reviewed.json("week", "show", "2026-W47")
    assert len(week["items"]) == 10
    assert sum(i["pi"] for i in week["items"]) == pytest.approx(5.0)
    assert {i["N_h"] for i in week["items"]} == {20}
    assert [i["order"] for i in week["items"]] == list(range(1, 11))


def test_wrong_usage_is_exit_2(reviewed: Program) -> None:
    again = ("week", "new", "2026-W47", "--from", "2026-11-16", "--to", "2026-11-23", "--size", 5)
    reviewed.within(*again, expect=2)
    assert "already" in reviewed.err
    reviewed.within("show", "no-such-trace", expect=2)
    reviewed.within("code", "no-such-trace", "--week", "2026-W47", "--reviewer", "r", "--verdict", "pass", expect=2)
    reviewed.within("code", "chat-1", "--week", "none", "--reviewer", "r", "--verdict", "pass", expect=2)
    reviewed.within(
        "week", "new", "X", "--from", "2026-11-16", "--to", "2026-11-23", "--size", 3, "--by", "colour", expect=2
    )
    reviewed.within("week", "new", "X", "--from", "soon", "--to", "2026-11-23", "--size", 3, expect=2)
    reviewed.within("forget", expect=2)
    reviewed("no-such-command", expect=2)


def _items(program: Program) -> list[str]:
    return [i["trace"] for i in program.json("week", "show", "2026-W47")["items"]]


def test_a_coding_is_stored_replaced_and_logged(reviewed: Program) -> None:
    trace = _items(reviewed)[0]
    base = ("code", trace, "--week", "2026-W47", "--reviewer", "ann")
    reviewed.within(
        *base,
        "--verdict",
        "fail",
        "--mode",
        "looping",
        "--mode",
        "tool_misuse",
        "--score",
        "groundedness=2",
        "--note",
        "n",
    )
    reviewed.within(*base, "--verdict", "fail", "--mode", "looping", "--expected", "better")
    [row] = reviewed.json("codings")
    assert (row["verdict"], row["modes"], row["scores"], row["note"], row["expected"]) == (
        "fail",
        ["looping"],
        {},
        "n",
        "better",
    )
    assert row["taxonomy_version"] == 1
    assert row["submitted"].endswith("Z")
    assert row["expected_tools"] == []
    events = reviewed.json("events")
    assert [e["seq"] for e in events] == sorted(e["seq"] for e in events)
    assert "mode_off" in {e["said"] for e in events}


def test_expected_calls_stay_until_others_are_given_and_an_empty_list_takes_them_back(reviewed: Program) -> None:
    base = ("code", _items(reviewed)[0], "--week", "2026-W47", "--reviewer", "ann", "--verdict", "fail")
    call = {"name": "lookup", "arguments": {"order": "0042"}}
    reviewed.within(*base, "--expected-tools", json.dumps([call]))
    reviewed.within(*base)
    assert reviewed.json("codings")[0]["expected_tools"] == [call]
    reviewed.within("check")
    reviewed.within(*base, "--expected-tools", "lookup [", expect=2)
    reviewed.within(*base, "--expected-tools", "[]")
    assert reviewed.json("codings")[0]["expected_tools"] == []
    said = [event["value"] for event in reviewed.json("events") if event["said"] == "expected_calls"]
    assert said == [[call], []]


def test_unknown_modes_scores_and_traces_outside_the_week_are_refused(reviewed: Program) -> None:
    inside = _items(reviewed)
    base = ("code", inside[0], "--week", "2026-W47", "--reviewer", "ann", "--verdict", "fail")
    reviewed.within(*base, "--mode", "nonsense", expect=2)
    reviewed.within(*base, "--score", "groundedness=99", expect=2)
    reviewed.within(*base, "--score", "beauty=1", expect=2)
    outside = next(t["id"] for t in reviewed.json("traces") if t["id"] not in inside)
    reviewed.within("code", outside, *base[2:], expect=2)
    assert reviewed.json("codings") == []


def test_a_file_of_codings_takes_the_good_lines_and_names_the_bad(reviewed: Program, tmp_path: Path) -> None:
    items = _items(reviewed)
    rows = [{"trace": t, "reviewer": "ann", "verdict": "pass"} for t in items[:3]]
    rows.insert(1, {"trace": "nobody", "reviewer": "ann", "verdict": "pass"})
    path = tmp_path / "codings.jsonl"
    path.write_text("".join(json.dumps(r) + "\n" for r in rows) + "not json\n")
    out = reviewed.within("code", "--from", path, "--week", "2026-W47", expect=2)
    assert out.split() == ["saved", items[0], "saved", items[1], "saved", items[2]]
    assert "line 2" in reviewed.err
    assert "line 5" in reviewed.err
    assert len(reviewed.json("codings")) == 3


def test_a_file_of_codings_may_hold_anything(reviewed: Program, tmp_path: Path) -> None:
    item = _items(reviewed)[0].encode()
    lines = [
        b'\xef\xbb\xbf{"trace":"' + item + b'","reviewer":"a","verdict":"pass","note":"nul \\u0000"}\r',
        b"[" * 100_000,
        b'{"trace":"' + item + b'","reviewer":"half \\ud800","verdict":"pass"}',
        b'{"trace":"' + item + b'","reviewer":"latin \xe9","verdict":"pass"}',
        b'{"trace":"' + item + b'","reviewer":"b","verdict":"pass"}',
    ]
    path = tmp_path / "codings.jsonl"
    path.write_bytes(b"\n".join(lines))
    reviewed.within("code", "--from", path, "--week", "2026-W47", expect=1)
    assert [f"line {n}" in reviewed.err for n in range(1, 6)] == [False, True, True, True, False]
    assert [(c["reviewer"], c["note"]) for c in reviewed.json("codings")] == [("a", "nul \0"), ("b", "")]
    path.write_text("\n")
    reviewed.within("code", "--from", path, "--week", "2026-W47", expect=1)


def test_bytes_that_are_no_text_are_wrong_usage(reviewed: Program) -> None:
    period = ("--from", "2026-11-16", "--to", "2026-11-23")
    reviewed.within("show", "\udcff", expect=2)
    reviewed.within("week", "new", "\udcff", *period, "--size", 2, expect=2)
    reviewed.within("week", "new", "w", *period, "--size", 2, "--seed", "\udcff", expect=2)
    reviewed.within("week", "new", "w", *period, "--size", 10**20, expect=2)


def test_names_of_files_may_hold_any_bytes(program: Program, tmp_path: Path) -> None:
    folder = tmp_path / "\udcff"
    folder.mkdir()
    program.workspace = folder / "w\udcff.review"
    missing = folder / "none\udcff.jsonl"
    report = program.json("import", write_chats(folder / "chats\udcff.jsonl", range(2)), missing)
    assert (report["imported"], len(report["errors"])) == (2, 1)
    assert len(program.json("traces")) == 2
    program.within("backup", "--out", folder / "copy.review")
    assert program.json("check")["ok"] is True


def test_what_cannot_be_done_differs_from_what_cannot_be_meant(reviewed: Program, tmp_path: Path) -> None:
    reviewed.within("export", "--to", "jsonl", "--out", tmp_path / "set", expect=1)
    assert "nothing to export" in reviewed.err
    reviewed.within("scorecard", "--week", "2026-W47", "--out", tmp_path / "none" / "card.md", expect=1)
    reviewed.within("import", tmp_path / "chats.jsonl", "--format", "unheard-of", expect=2)
    reviewed.within("export", "--to", "unheard-of", "--out", tmp_path / "set", expect=2)


@pytest.mark.usefixtures("qapp")  # a PDF would otherwise make an application without widgets, for all tests to come
def test_trends_scorecard_and_export_follow_from_the_codings(reviewed: Program, tmp_path: Path) -> None:
    for n, trace in enumerate(_items(reviewed)):
        modes = ("--mode", "looping") if n < 4 else ()
        verdict = "fail" if n < 4 else "pass"
        reviewed.within("code", trace, "--week", "2026-W47", "--reviewer", "ann", "--verdict", verdict, *modes)
    rows = [r for r in reviewed.json("trends") if r["mode"] == "looping"]
    assert {r["window_weeks"] for r in rows} == {1, 4}
    weekly = next(r for r in rows if r["window_weeks"] == 1)
    assert (weekly["reviewed"], weekly["tagged"], weekly["period"]) == (10, 4, "2026-W47")
    assert weekly["estimate"] == pytest.approx(0.4)
    assert weekly["low"] < 0.4 < weekly["high"]
    assert weekly["suppressed"] is True
    assert weekly["basis"] == "estimate"
    for kind in ("html", "md", "json", "pdf"):
        out = tmp_path / f"card.{kind}"
        reviewed.within("scorecard", "--week", "2026-W47", "--out", out)
        assert out.stat().st_size > 500
    card = json.loads((tmp_path / "card.json").read_text())
    assert len(card["fields"]) == 9
    out = tmp_path / "set"
    reviewed.within("export", "--to", "jsonl", "--out", out)
    lines = (out / "dataset.jsonl").read_text(encoding="utf-8").splitlines()
    assert len(lines) == 10
    assert sum(json.loads(line)["verdict"] == "fail" for line in lines) == 4


def test_a_taxonomy_goes_out_and_comes_back_as_a_new_version(reviewed: Program, tmp_path: Path) -> None:
    path = tmp_path / "t.toml"
    reviewed.within("taxonomy", "export", path)
    path.write_text(
        path.read_text(encoding="utf-8").replace('severity = "high"', 'severity = "low"', 1), encoding="utf-8"
    )
    reviewed.within("taxonomy", "import", path)
    reviewed.within("code", _items(reviewed)[0], "--week", "2026-W47", "--reviewer", "r", "--verdict", "pass")
    assert reviewed.json("codings")[0]["taxonomy_version"] == 2
    path.write_text("[[mode]]\n")
    reviewed.within("taxonomy", "import", path, expect=1)


def test_new_takes_a_pack_and_a_zone(program: Program) -> None:
    program("new", program.workspace, "--taxonomy", "extraction", "--tz", "Europe/Berlin")
    program("new", program.workspace, expect=1)
    assert "there already" in program.err
    program("new", program.workspace.with_name("x.review"), "--tz", "Nowhere/Land", expect=2)
    program("new", program.workspace.with_name("x.review"), "--taxonomy", "unheard-of", expect=1)
    assert not program.workspace.with_name("x.review").exists()


def test_check_backup_and_forget(reviewed: Program, tmp_path: Path) -> None:
    out = tmp_path / "copy.review"
    reviewed.within("backup", "--out", out)
    reviewed.within("backup", "--out", out, expect=1)
    assert reviewed.json("check")["ok"] is True
    reviewed.within("forget", "chat-2")
    shown = reviewed.json("show", "chat-2")
    assert (shown["messages"], shown["forgotten"]) == ([], True)
    assert reviewed.json("check")["ok"] is True


def test_a_missing_workspace_is_said_in_a_sentence(program: Program) -> None:
    for command in (("traces",), ("codings",), ("check",), ("show", "x")):
        program.within(*command, expect=1)
        assert "no workspace" in program.err


def test_control_characters_never_reach_the_terminal(program: Program, tmp_path: Path) -> None:
    path = tmp_path / "evil.jsonl"
    path.write_text(json.dumps({"id": "e", "messages": [{"role": "user", "content": "\x1b]0;owned\x07 hi"}]}) + "\n")
    program.within("import", path)
    assert "\x1b" not in program.within("show", "e")
    assert json.loads(program.within("show", "e", "--json"))["messages"][0]["text"] == "\x1b]0;owned\x07 hi"
