"""The page *Judges*: absent without judges, its numbers in plain words, and a cut that is set and remembered."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QTimer
from pytestqt.qtbot import QtBot

from reviewer.desktop.bridge import Bridge
from reviewer.desktop.explore.state import TraceList
from reviewer.desktop.judges.page import JudgesPage
from reviewer.desktop.theme import Theme
from reviewer.jobs.messages import Done
from reviewer.model.judge import Cut
from reviewer.model.trace import Score
from reviewer.workspace.ask.judges import cuts
from tests.builders import a_trace, a_workspace, put
from tests.desktop.opened import a_bridge, reviewed
from tests.desktop.windows import a_window

WEEK = "2026-W47"


class AtOnce:
    def cancel(self) -> None:
        pass


def at_once(self: Bridge, function: Any, *args: Any, message: Any, done: Any) -> AtOnce:
    result = function(None, *args)
    QTimer.singleShot(0, self, lambda: done(Done(result)))
    return AtOnce()


@pytest.fixture
def page(tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Iterator[JudgesPage]:
    """Nine reviewed traces, of which three fail; the judge gives one of the others 0.2, and the rest 0.9."""
    monkeypatch.setattr(Bridge, "job", at_once)
    with a_bridge(tmp_path, [a_trace(n, scores=[]) for n in range(9)]) as bridge:
        drawn = reviewed(bridge._workspace, WEEK, 9, ("looping",))
        scored = [
            a_trace(n, scores=[Score("quality", 0.2 if own == drawn[1] else 0.9, source="llm")])
            for n in range(9)
            for own in (bridge.reader.db.execute("SELECT id FROM trace WHERE native_id = ?", (f"native-{n}",)).fetchone()[0],)
        ]  # fmt: skip
        put(bridge._workspace, scored)
        made = JudgesPage(bridge, Theme.light())
        qtbot.addWidget(made)
        made.resize(1232, 900)
        made.show()
        made.activated()
        qtbot.waitUntil(lambda: made.state.found is not None)
        yield made


def test_a_judge_has_a_row_and_a_table_of_counts(page: JudgesPage) -> None:
    said = page.table.rows.spoken(0)
    assert said.startswith("judge quality, a model, fail below 0.5; held against Fail; reviewed 9; finds 0.0 %")
    assert "says 11.1 %" in said
    counts = [page.detail.counts.rows.spoken(row) for row in range(2)]
    assert counts == [
        "judge: failure; people: failure 0; people: all right 1",
        "judge: all right; people: failure 3; people: all right 5",
    ]


def test_it_is_said_in_plain_words(page: JudgesPage) -> None:
    assert page.detail.finds.full_text.startswith(
        "Of all traces in the traffic that people would call a failure, it finds"
    )
    assert "The judge alone says 11.1 %. Put right by what people say" in page.detail.rates.full_text
    assert "20 failures" in page.detail.notes.full_text


def test_what_it_missed_and_its_false_alarms_open_in_explore(page: JudgesPage, qtbot: QtBot) -> None:
    judge = page.state.chosen
    assert judge is not None
    for button, title, traces in (
        (page.detail.show_missed, "quality: missed", judge.missed_traces),
        (page.detail.show_alarms, "quality: false alarms", judge.false_alarm_traces),
    ):
        with qtbot.waitSignal(page.asked) as asked:
            button.click()
        assert asked.args == ["explore", TraceList(title, traces)]


def test_a_cut_that_is_typed_is_kept_and_counted_with(page: JudgesPage, qtbot: QtBot) -> None:
    page.bridge.changed.connect(page.refresh)
    page.detail.at.setText("0.95")
    page.detail.at.editingFinished.emit()
    qtbot.waitUntil(lambda: page.state.chosen is not None and page.state.chosen.caught == 3)
    assert cuts(page.bridge.reader) == {"quality": Cut(0.95, chosen=True)}
    assert "fail below 0.95" in page.table.rows.spoken(0)


@pytest.mark.parametrize("typed", ["", "much", "nan", "inf", "0.5"])
def test_what_is_no_new_cut_changes_nothing(page: JudgesPage, typed: str) -> None:
    assert page.state.cut(typed, True) is None


def test_a_comma_is_a_decimal_point(page: JudgesPage) -> None:
    assert page.state.cut("0,7", True) == Cut(0.7, chosen=True)


def test_another_theme_reaches_all_of_it(page: JudgesPage) -> None:
    page.set_theme(Theme.dark(130))
    assert not page.grab().isNull()


@pytest.mark.parametrize("scores", [[], [Score("quality", 0.9, source="llm")]], ids=["without", "with"])
def test_the_page_is_there_where_a_judge_has_spoken(tmp_path: Path, qtbot: QtBot, scores: list[Score]) -> None:
    with a_workspace(tmp_path) as workspace:
        put(workspace, [a_trace(1, scores=scores)])
    with a_window(workspace.path, None) as player:
        bridge = player.application.bridge
        assert bridge is not None
        player.wait(lambda: not bridge._asking.waiting, "what the window asks at its start")
        assert ("judges" in player.window.pages) == bool(scores)
