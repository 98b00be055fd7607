"""Patterns of a workspace: what tells hand-overs, corrections and feedback, and when it counts."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from reviewer import cli
from reviewer.errors import UsageError
from reviewer.model.patterns import DEFAULTS
from reviewer.sources import own_patterns
from reviewer.sources.assemble.rollups import tells_handover
from reviewer.verbs import patterns
from reviewer.workspace.ask.patterns import patterns as ask_patterns
from reviewer.workspace.file import Reader
from tests.builders import a_workspace

CHAT = {
    "id": "c1",
    "messages": [
        {"role": "user", "content": "Where is it?"},
        {
            "role": "assistant",
            "content": "In Ghent.",
            "tool_calls": [{"id": "1", "type": "function", "function": {"name": "ring_the_desk", "arguments": "{}"}}],
        },
        {"role": "user", "content": "Helemaal mis."},
        {"role": "assistant", "content": "Sorry."},
    ],
}


def counted(path: Path) -> tuple[int, int]:
    """Return whether the only trace was handed over, and how many corrections it has."""
    reader = Reader(path)
    row: tuple[int, int] = reader.db.execute("SELECT escalated, n_corrections FROM trace").fetchone()
    reader.close()
    return row


def test_own_patterns_count_when_the_same_file_is_imported_again(tmp_path: Path) -> None:
    path, chats = tmp_path / "w.review", tmp_path / "chats.jsonl"
    chats.write_text(json.dumps(CHAT) + "\n", encoding="utf-8")

    def run(*arguments: object) -> None:
        assert cli.main([str(a) for a in (*arguments, "--workspace", path)]) == 0

    run("import", chats)
    assert counted(path) == (0, 0)
    run("patterns", "--set", "handover=ring_the", "--set", "correction=helemaal (mis|fout)")
    assert counted(path) == (0, 0)
    run("import", chats)
    assert counted(path) == (1, 1)
    run("patterns", "--set", "handover=", "--set", "correction=")
    run("import", chats)
    assert counted(path) == (0, 0)


def test_a_pattern_that_is_none_is_refused_and_nothing_is_written(tmp_path: Path) -> None:
    with a_workspace(tmp_path, 1) as workspace:
        for name, pattern in (("feedback", "(stars"), ("feedback", "x*"), ("colour", "red")):
            with pytest.raises(UsageError):
                workspace.write(patterns.set_pattern, name, pattern).result()
        reader = workspace.reader()
        assert ask_patterns(reader) == DEFAULTS
        workspace.write(patterns.set_pattern, "feedback", "stars").result()
        rows = {row["name"]: row for row in patterns.as_rows(reader)}
        assert (rows["feedback"]["pattern"], rows["feedback"]["own"], rows["handover"]["own"]) == ("stars", True, False)
        reader.close()


def test_what_was_read_before_does_not_keep_the_old_pattern() -> None:
    assert not tells_handover("ring_the_desk")
    try:
        own_patterns.use(replace(DEFAULTS, handover="ring_the"))
        assert tells_handover("ring_the_desk")
    finally:
        own_patterns.use(DEFAULTS)
    assert not tells_handover("ring_the_desk")
