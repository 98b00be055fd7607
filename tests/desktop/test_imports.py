"""Sources: a real import from the page, what it says of bad lines, and a cancel."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from reviewer.desktop.bridge import Bridge
from reviewer.desktop.imports.page import ImportPage
from reviewer.desktop.imports.state import ImportState, Phase
from reviewer.desktop.theme import Theme
from reviewer.jobs.messages import Progress
from reviewer.model.problem import Problem
from reviewer.verbs.importing import Report
from reviewer.workspace.ask.settings import counts
from tests.desktop.opened import a_bridge

A = Path("a.jsonl")


def test_the_bar_never_goes_back() -> None:
    state = ImportState()
    assert state.begin([A])
    state.hear(Progress(60, 100, "in/b.jsonl"))
    state.hear(Progress(40, 100, "in/a.jsonl"))
    assert state.part == 0.6
    assert state.file == "a.jsonl"


def test_a_second_import_waits_for_the_first() -> None:
    state = ImportState()
    assert not state.begin([])
    assert state.begin([A])
    assert not state.begin([A])
    state.stop()
    assert not state.begin([A])
    state.end(Report(state="cancelled"))
    assert state.begin([A])


def test_lost_records_stand_before_warnings() -> None:
    state = ImportState()
    state.begin([A])
    kept, lost = Problem("a", "odd", lost=False), Problem("a", "bad", line=3)
    state.end(Report(problems=[kept, lost]))
    assert state.problems == [lost, kept]
    assert state.reasons() == [("bad", 1), ("odd", 1)]


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


@pytest.mark.parametrize(
    ("problem", "said"),
    [
        (Problem("f", "r", line=20118), "line 20,118"),
        (Problem("f", "r", member="data/a.json"), "data/a.json"),
        (Problem("f", "r"), ""),
        (Problem("f", "r", line=1, member="x"), "line 1, x"),
    ],
)
def test_where_a_problem_is(page: ImportPage, problem: Problem, said: str) -> None:
    assert page.place(problem) == said


def a_file(folder: Path, good: int, bad: str = "") -> Path:
    chat = {"messages": [{"role": "user", "content": "Where is it?"}, {"role": "assistant", "content": "On its way."}]}
    path = folder / "chats.jsonl"
    path.write_text("".join(json.dumps({"id": f"c{n}", **chat}) + "\n" for n in range(good)) + bad)
    return path


def test_a_dropped_file_comes_in_and_its_bad_line_is_named(page: ImportPage, tmp_path: Path, qtbot: QtBot) -> None:
    path = a_file(tmp_path, 3, bad='{"id": "c9", "mess\n')
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)), QUrl("https://example.invalid/a.jsonl")])
    actions, buttons, keys = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    page.drop.dropEvent(QDropEvent(QPointF(5, 5), actions, data, buttons, keys))
    assert page.state.paths == (path,)
    qtbot.waitUntil(lambda: page.looking.is_done, timeout=20_000)
    assert counts(page.bridge.reader).traces == 0
    page.bring.click()
    qtbot.waitUntil(lambda: page.state.phase is Phase.ENDED, timeout=20_000)
    assert counts(page.bridge.reader).traces == 3
    assert page.figure.full_text == "3"
    assert "4 read" in page.outcome.full_text
    said = page.table.rows.spoken(0)
    assert "file chats.jsonl; where line 4" in said
    assert "left out" in said
    assert page.draw.isVisible()


def test_the_next_step_is_to_draw_a_week(page: ImportPage, qtbot: QtBot) -> None:
    page.state.begin([A])
    page._ended(Report(imported=5, state="done"))
    with qtbot.waitSignal(page.asked) as asked:
        page.draw.click()
    assert asked.args == ["week", None]
    page.more.click()
    assert page.drop.isVisible()


def test_cancel_asks_the_import_to_end_and_says_so(
    page: ImportPage, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    cancelled: list[bool] = []

    class Running:
        def cancel(self) -> None:
            cancelled.append(True)

    monkeypatch.setattr(Bridge, "importing", lambda *args, **more: Running())
    page.start([A])
    page.cancel.click()
    assert cancelled == [True]
    assert not page.cancel.isEnabled()
    page._ended(Report(imported=1, state="cancelled"))
    assert "what is in stays" in page.heading._about.full_text


def test_a_report_is_saved_and_a_failure_to_save_is_said(
    page: ImportPage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page.state.begin([A])
    page._ended(Report(failed=1, problems=[Problem("a", "bad", line=2)], state="done"))
    out = tmp_path / "report.json"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *args: (str(out), ""))
    page.save.click()
    assert json.loads(out.read_text())["errors"] == [{"file": "a", "line": 2, "member": None, "reason": "bad"}]

    told: list[Any] = []
    monkeypatch.setattr("reviewer.desktop.shown.message", lambda *args, **more: told.append(args))
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *args: (str(tmp_path / "no" / "r.json"), ""))
    page.save.click()
    assert "could not be saved" in told[0][1]
