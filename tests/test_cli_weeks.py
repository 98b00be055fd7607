"""Weeks from the command line: planned without a trace, drawn with readers and with what was chosen before."""

from pathlib import Path

import pytest

from tests.test_cli import Program, program, reviewed, write_chats

__all__ = ["program", "reviewed"]

PERIOD = ("--from", "2026-11-16", "--to", "2026-11-23")


@pytest.fixture
def full(program: Program, tmp_path: Path) -> Program:
    program.json("import", write_chats(tmp_path / "chats.jsonl", range(80), workflow="docs"))
    return program


def test_a_plan_says_what_it_would_draw_and_find_and_stores_nothing(full: Program) -> None:
    plan = full.json(
        "week",
        "plan",
        *PERIOD,
        "--size",
        40,
        "--plan",
        "risk",
        "--by",
        "auto",
        "--overlap",
        0.1,
        "--readers",
        "ada,ben",
    )
    assert sum(row["n_h"] for row in plan["strata"]) == plan["read"] == 40
    assert sum(row["N_h"] for row in plan["strata"]) == plan["population"] == 80
    assert (plan["read_twice"], plan["readings"]) == (4, {"ada": 22, "ben": 22})
    bought = plan["consequence"]
    assert bought["low"] < 0.1 < bought["high"]
    assert [(d["from"], d["to"]) for d in bought["doublings"]] == [(0.1, 0.2), (0.02, 0.04)]
    assert all(0 <= d["low"] <= d["high"] <= 1 for d in bought["doublings"])
    full.within("week", "show", "2026-W47", expect=2)


def test_a_plan_is_printed_in_sentences(full: Program) -> None:
    said = full.within("week", "plan", *PERIOD, "--size", 40, "--by", "workflow")
    assert "40 of 80 traces would be drawn" in said
    assert "a mode that doubles from 10 % is found within 4 weeks in" in said
    assert "Every trace is read" in full.within("week", "plan", *PERIOD, "--size", 100)


def test_what_a_plan_says_is_what_is_drawn(full: Program) -> None:
    options = (*PERIOD, "--size", 20, "--plan", "risk", "--by", "auto", "--also", "chat-3", "chat-4")
    plan = full.json("week", "plan", *options)
    week = full.json("week", "new", "2026-W47", *options)
    assert plan["chosen"] == sum(item["purpose"] == "certainty" for item in week["items"]) == 2
    assert plan["read"] == len(week["items"]) == 22
    assert (week["by"], week["where_large"]) == (["workflow", "model", "prompt_version"], True)


def test_traces_to_read_for_certain_can_stand_in_a_file(full: Program, tmp_path: Path) -> None:
    listed = tmp_path / "ids.txt"
    listed.write_text("chat-5\n\nchat-6\n", encoding="utf-8")
    week = full.json("week", "new", "W", *PERIOD, "--size", 5, "--also", f"@{listed}")
    assert sum(item["pi"] == 1 for item in week["items"]) == 2
    full.within("week", "new", "X", *PERIOD, "--size", 5, "--also", f"@{tmp_path / 'none.txt'}", expect=1)
    full.within("week", "new", "X", *PERIOD, "--size", 5, "--also", "chat-999", expect=2)


def test_a_found_trace_is_added_beside_the_sample(reviewed: Program) -> None:
    drawn = {item["trace"] for item in reviewed.json("week", "show", "2026-W47")["items"]}
    found = next(row["id"] for row in reviewed.json("traces") if row["id"] not in drawn)
    week = reviewed.json("week", "add", found, "--week", "2026-W47")
    assert (week["items"][-1]["trace"], week["items"][-1]["purpose"]) == (found, "explore")
    assert "1 more are read beside the sample" in reviewed.within("week", "show", "2026-W47")
    reviewed.within("week", "add", found, "--week", "2026-W47", expect=2)


@pytest.mark.parametrize(
    "option",
    [
        ("--overlap", 0.9),
        ("--overlap", 0.2, "--readers", "ada"),
        ("--calibration", -1),
        ("--calibration", 20),
        ("--by", "auto,tenant"),
    ],
)
def test_what_cannot_be_meant_is_refused(full: Program, option: tuple[object, ...]) -> None:
    full.within("week", "new", "W", *PERIOD, "--size", 5, *option, expect=2)
