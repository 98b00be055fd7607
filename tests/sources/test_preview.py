"""A preview says what a file would give, and reads no further than it must."""

import json
from pathlib import Path

from reviewer.sources import preview as previews
from reviewer.sources.formats.table import EVERY_TABLE
from reviewer.sources.preview import preview
from reviewer.sources.tables.columns import Use

TEXT = "wording,reply,stars\nWhy?,Because.,4\nHow?,So.,1\n"
USES = {"wording": Use("user"), "reply": Use("assistant"), "stars": Use("label", "quality", "ann")}


def test_a_table_shows_its_columns_though_nobody_knows_what_they_mean(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(TEXT)
    found = preview(path, None, {})
    assert found.example is None
    assert "none of its columns" in found.refusal
    assert found.table is not None
    assert [(c.name, c.use, c.cells) for c in found.table.columns] == [
        ("wording", "metadata", ("Why?", "How?")), ("reply", "metadata", ("Because.", "So.")),
        ("stars", "score:stars", ("4", "1")),
    ]  # fmt: skip


def test_the_transcript_follows_what_is_said_of_the_columns(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(TEXT)
    found = preview(path, None, {EVERY_TABLE: USES})
    assert (found.format, found.records, found.is_whole, found.refusal) == ("table", 2, True, "")
    assert found.example is not None
    assert [(turn.role, turn.text) for turn in found.example.turns] == [("user", "Why?"), ("assistant", "Because.")]
    assert found.example.scores == ("quality (ann): 4",)


def test_objects_that_no_format_knows_can_be_mapped_too(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"wording": "Why?", "reply": "Because.", "stars": 4}\n')
    unknown = preview(path, None, {})
    assert unknown.table is not None
    assert "no traces found" in unknown.refusal
    found = preview(path, None, {unknown.table.key: USES})
    assert found.example is not None
    assert found.example.scores == ("quality (ann): 4",)


def test_columns_named_by_hand_go_before_a_format_that_would_know_the_records(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"id": "1", "input": "Why?", "output": "Because.", "draft": "Hm."}\n')
    assert preview(path, None, {}).format == "plain"
    found = preview(path, None, {EVERY_TABLE: {"output": Use("ignore"), "draft": Use("assistant")}})
    assert found.example is not None
    assert (found.format, found.example.turns[-1].text) == ("table", "Hm.")
    other = preview(path, None, {EVERY_TABLE: {"nowhere": Use("assistant")}})
    assert other.format == "plain"


def test_a_long_file_is_not_read_to_its_end(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    record = {"messages": [{"role": "user", "content": "Why?"}, {"role": "assistant", "content": "x" * 5000}]}
    path.write_text((json.dumps(record) + "\n") * (previews.MOST_RECORDS + 50))
    found = preview(path, None, {})
    assert (found.records, found.is_whole) == (previews.MOST_RECORDS, False)
    assert found.example is not None
    assert len(found.example.turns[1].text) < 1500


def test_what_holds_nothing_says_so(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(b"%PDF-1.7")
    assert "PDF" in preview(tmp_path / "a.pdf", None, {}).refusal
    assert "cannot be opened" in preview(tmp_path / "missing", None, {}).refusal


def test_lost_records_are_counted_and_named(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(TEXT + "only one\n")
    found = preview(path, None, {EVERY_TABLE: USES})
    assert (found.records, found.lost, [problem.line for problem in found.problems]) == (3, 1, [4])


def test_segments_are_shown_by_the_rules_of_the_workspace(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    said = {
        "id": "1",
        "input": "Why?",
        "output": "So.",
        "tenant": "found",
        "user_id": "u1",
        "metadata": {"shop": "north"},
    }
    path.write_text(json.dumps(said) + "\n")
    as_found = preview(path, None, {}).example
    by_rules = preview(path, None, {}, {"tenant": ("shop",), "workflow": ("none", "trace.user_id")}).example
    assert as_found is not None
    assert by_rules is not None
    assert as_found.facts == {"tenant": "found"}
    assert by_rules.facts == {"tenant": "north", "workflow": "u1"}


def test_labels_of_people_are_named(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(TEXT)
    assert preview(path, None, {EVERY_TABLE: USES}).labels == ("quality",)
    assert preview(path, None, {EVERY_TABLE: USES | {"stars": Use("score", "stars")}}).labels == ()
