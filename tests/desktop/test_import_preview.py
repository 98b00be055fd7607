"""Before an import: what each file would give, the columns of a table named by hand, and nothing written until then."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from reviewer.desktop.bridge import Bridge
from reviewer.desktop.imports.looking import Looking, uses_of
from reviewer.desktop.imports.page import ImportPage
from reviewer.desktop.imports.preview import roles, use_title
from reviewer.desktop.imports.state import Phase
from reviewer.desktop.shown import PlainLabel
from reviewer.desktop.theme import Theme
from reviewer.sources.preview import ColumnPreview, Preview, TablePreview
from reviewer.verbs.listing import codings
from reviewer.workspace.ask.mappings import mappings
from reviewer.workspace.ask.settings import counts
from tests.desktop.opened import a_bridge

TABLE = TablePreview("k", "", (ColumnPreview("wording", "metadata", ()), ColumnPreview("stars", "score:stars", ("4",))))


def test_what_was_said_of_a_column_is_said_of_its_table_as_a_whole() -> None:
    looking = Looking()
    turn = looking.begin([Path("a.csv")], {"other": {"x": "user"}})
    looking.take(turn, Preview("a.csv", table=TABLE))
    assert looking.say("wording", "user")
    assert not looking.say("wording", "user")
    assert looking.said == {"other": {"x": "user"}, "k": {"wording": "user", "stars": "score:stars"}}
    assert (looking.use("wording"), looking.changed) == ("user", {"k"})
    looking.begin([Path("a.csv")], {})
    assert (looking.said, looking.changed) == ({}, set())


def test_what_an_earlier_look_says_comes_too_late() -> None:
    looking = Looking()
    first = looking.begin([Path("a.csv")], {})
    second = looking.again()
    assert not looking.take(first, Preview("a.csv"))
    looking.end(first, [Path("b.csv")])
    assert (looking.files, looking.is_done) == ([], False)
    assert looking.take(second, Preview("a.csv"))
    assert looking.take(second, Preview("a.csv", records=2))
    assert [file.records for file in looking.files] == [2]


def test_every_file_with_the_columns_is_looked_at_again() -> None:
    looking = Looking()
    turn = looking.begin([Path("all")], {})
    for name in ("a.csv", "b.csv"):
        looking.take(turn, Preview(name, table=TABLE))
    looking.take(turn, Preview("c.json"))
    looking.say("wording", "user")
    assert looking.again_where_stale() == [Path("all")]  # the first look is not over
    for name in ("a.csv", "b.csv"):
        looking.take(looking.turn, Preview(name, table=TABLE))
    looking.end(looking.turn, [])
    looking.say("wording", "system")
    assert looking.again_where_stale() == [Path("a.csv"), Path("b.csv")]
    looking.take(looking.turn, Preview("a.csv", table=TABLE))
    looking.say("wording", "user")
    assert looking.again_where_stale() == [Path("b.csv"), Path("a.csv")]


def test_a_label_keeps_its_name_and_author_among_the_uses() -> None:
    offered = uses_of(ColumnPreview("stars", "label:quality:ann", ()), roles())
    assert "label:quality:ann" in offered
    assert "score:stars" in offered
    assert "quality (ann)" in use_title("label:quality:ann")
    assert len({use_title(use) for use in offered}) == len(offered)


@pytest.fixture
def bridge(tmp_path: Path, qtbot: QtBot) -> Iterator[Bridge]:
    with a_bridge(tmp_path) as made:
        yield made


@pytest.fixture
def page(bridge: Bridge, qtbot: QtBot) -> ImportPage:
    made = ImportPage(bridge, Theme.light())
    bridge.changed.connect(made.refresh)
    qtbot.addWidget(made)
    made.resize(1100, 700)
    made.show()
    return made


def seen(page: ImportPage) -> str:
    return " | ".join(
        label.full_text for label in page.preview.transcript.findChildren(PlainLabel) if label.isVisible()
    )


def test_a_table_is_mapped_looked_at_brought_in_and_remembered(page: ImportPage, tmp_path: Path, qtbot: QtBot) -> None:
    path = tmp_path / "a.csv"
    path.write_text("wording,reply,stars\nWhy?,Because.,4\nHow?,So.,1\n")
    page.look_at([path])
    qtbot.waitUntil(lambda: page.looking.is_done, timeout=20_000)
    assert not page.bring.isEnabled()
    assert "table without a use" in page.preview.files.rows.spoken(0)
    for column, use in (("wording", "user"), ("reply", "assistant")):
        choice = page.preview.choices[column]
        choice.setCurrentIndex(choice.findData(use))
        choice.chosen.emit(use)
    qtbot.waitUntil(lambda: "Because." in seen(page), timeout=20_000)
    assert seen(page).startswith("user | Why? | assistant | Because.")
    assert "records 2" in page.preview.files.rows.spoken(0)
    assert counts(page.bridge.reader).traces == 0
    QTest.keyClick(page.preview.files, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: page.state.phase is Phase.ENDED, timeout=20_000)
    assert counts(page.bridge.reader).traces == 2
    [uses] = mappings(page.bridge.reader).values()
    assert uses == {"wording": "user", "reply": "assistant", "stars": "score:stars"}
    page.more.click()
    page.look_at([path])
    qtbot.waitUntil(lambda: "Because." in seen(page), timeout=20_000)


def test_another_format_is_tried_at_once_and_cancel_writes_nothing(
    page: ImportPage, tmp_path: Path, qtbot: QtBot
) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"id": "1", "input": "Why?", "output": "Because."}\n')
    page.look_at([path])
    qtbot.waitUntil(lambda: page.looking.is_done, timeout=20_000)
    assert "plain" in page.preview.files.rows.spoken(0)
    page.preview.format.chosen.emit("table")
    qtbot.waitUntil(lambda: not page.looking.stale, timeout=20_000)
    assert "recognised as table" in page.preview.files.rows.spoken(0)
    assert page.preview.choices["input"].currentData() == "user"
    page.cancel.click()
    assert page.drop.isVisible()
    assert counts(page.bridge.reader).traces == 0


def test_files_beyond_the_first_are_listed_and_looked_at_when_they_are_chosen() -> None:
    looking = Looking()
    turn = looking.begin([Path("all")], {})
    looking.take(turn, Preview("a.json"))
    looking.end(turn, [Path("b.json"), Path("c.json")])
    assert [file.path for file in looking.files] == ["a.json", "b.json", "c.json"]
    assert looking.gives_anything
    assert not looking.choose(0)
    assert looking.choose(2)
    assert looking.again_where_stale() == [Path("c.json")]
    looking.take(looking.turn, Preview("c.json", records=3))
    assert not looking.choose(2)
    assert (looking.file.records if looking.file else 0, set(looking.waiting)) == (3, {"b.json"})


def test_a_file_beyond_the_first_shows_its_transcript_when_it_is_chosen(
    page: ImportPage, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("reviewer.desktop.imports.page.MOST_FILES", 1)
    folder = tmp_path / "traces"
    folder.mkdir()
    for name in "abc":
        (folder / f"{name}.jsonl").write_text(f'{{"id": "{name}", "input": "Why {name}?", "output": "Because."}}\n')
    page.look_at([folder])
    qtbot.waitUntil(lambda: page.looking.is_done, timeout=20_000)
    assert "not looked at yet" in page.preview.files.rows.spoken(2)
    page.preview.files.setCurrentIndex(page.preview.files.rows.index(2, 0))
    qtbot.waitUntil(lambda: "Why c?" in seen(page), timeout=20_000)
    assert "recognised as plain" in page.preview.files.rows.spoken(2)
    page.bring.click()
    qtbot.waitUntil(lambda: page.state.phase is Phase.ENDED, timeout=20_000)
    assert counts(page.bridge.reader).traces == 3


def test_a_format_is_said_of_one_file_or_of_all() -> None:
    looking = Looking()
    turn = looking.begin([Path("all")], {})
    for name in ("a.json", "b.json"):
        looking.take(turn, Preview(name))
    looking.end(turn, [])
    assert looking.say_format("plain")
    assert not looking.say_format("plain")
    assert (looking.again_where_stale(), looking.formats) == ([Path("a.json")], {"a.json": "plain"})
    looking.choose(1)
    assert looking.format_here is None
    looking.choose(0)
    looking.say_format_of_all()
    assert (looking.format, looking.formats) == ("plain", {})
    looking.say_format(None)
    assert looking.formats == {"a.json": None}
    looking.say_format("plain")
    assert looking.formats == {}


def test_one_file_of_an_import_comes_in_as_another_format(page: ImportPage, tmp_path: Path, qtbot: QtBot) -> None:
    for name in "ab":
        (tmp_path / f"{name}.jsonl").write_text(f'{{"id": "{name}", "input": "Why {name}?", "output": "Because."}}\n')
    page.look_at([tmp_path / "a.jsonl", tmp_path / "b.jsonl"])
    qtbot.waitUntil(lambda: page.looking.is_done and len(page.looking.files) == 2, timeout=20_000)
    page.preview.files.setCurrentIndex(page.preview.files.model().index(1, 0))
    page.preview.format.chosen.emit("table")
    qtbot.waitUntil(lambda: page.looking.files[1].format == "table", timeout=20_000)
    assert page.looking.files[0].format == "plain"
    assert page.preview.all.isVisible()
    page.bring.click()
    qtbot.waitUntil(lambda: page.state.phase is Phase.ENDED, timeout=20_000)
    assert page.state.report is not None
    assert dict(page.state.report.by_format) == {"plain": 1, "table": 1}


def test_labels_that_come_with_a_table_become_codings_once_it_is_said_what_they_mean(
    page: ImportPage, tmp_path: Path, qtbot: QtBot
) -> None:
    path = tmp_path / "a.csv"
    path.write_text("question,answer,label_ann\nWhy?,Because.,good\nHow?,So.,invented\nWho?,He.,unsure\n")
    page.look_at([path])
    qtbot.waitUntil(lambda: page.looking.is_done, timeout=20_000)
    assert page.preview.codings.isVisible()
    page.preview.codings.setChecked(True)
    page.bring.click()
    qtbot.waitUntil(lambda: page.state.phase is Phase.LABELS, timeout=20_000)
    assert page.labels.isVisible()
    assert not page.code.isEnabled()
    for value, use in (("good", "pass"), ("invented", "new")):
        choice = page.labels.choices[value]
        choice.setCurrentIndex(choice.findData(use))
        choice.chosen.emit(use)
    if page.labels.reviewer.isVisible():
        page.labels.reviewer.setText("ann")
        page.labels.reviewer.textEdited.emit("ann")
    page.code.click()
    qtbot.waitUntil(lambda: page.state.phase is Phase.ENDED, timeout=20_000)
    found = sorted((c["verdict"], tuple(c["modes"])) for c in codings(page.bridge.reader))
    assert found == [("fail", ("invented",)), ("pass", ())]
    page.label.click()
    page.labels.week.setText("")
    page.labels.week.textEdited.emit("")
    assert not page.code.isEnabled()


def test_a_week_that_is_taken_is_said_and_nothing_is_coded(page: ImportPage, tmp_path: Path, qtbot: QtBot) -> None:
    path = tmp_path / "a.csv"
    path.write_text("question,answer,label:tone,label:fact\nWhy?,Because.,good,good\n")
    uses = {"label:tone": "label:tone:ann", "label:fact": "label:fact:ann", "question": "user", "answer": "assistant"}
    page.look_at([path])
    qtbot.waitUntil(lambda: page.looking.is_done, timeout=20_000)
    for column, use in uses.items():
        page.looking.say(column, use)
    page.bring.setEnabled(True)
    page.bring.click()
    qtbot.waitUntil(lambda: page.state.phase is Phase.ENDED and page.label.isVisible(), timeout=20_000)
    for row, ended in ((0, Phase.ENDED), (1, Phase.LABELS)):
        page.label.click()
        page.labels.name.chosen.emit(row)
        page.labels.choices["good"].chosen.emit("pass")
        page.labels.week.textEdited.emit("one")
        page.code.click()
        qtbot.waitUntil(lambda: not page.labels_said.is_writing, timeout=20_000)
        assert page.state.phase is ended
    assert "week 'one' already" in page.labels.trouble.full_text
    assert len(list(codings(page.bridge.reader))) == 1


def test_a_file_without_labels_offers_no_codings(page: ImportPage, tmp_path: Path, qtbot: QtBot) -> None:
    path = tmp_path / "a.csv"
    path.write_text("question,answer\nWhy?,Because.\n")
    page.look_at([path])
    qtbot.waitUntil(lambda: page.looking.is_done, timeout=20_000)
    assert not page.preview.codings.isVisible()
    page.bring.click()
    qtbot.waitUntil(lambda: page.state.phase is Phase.ENDED, timeout=20_000)
    assert not page.label.isVisible()
