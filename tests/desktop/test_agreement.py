"""The page *Agreement*: absent with one reader, there with two, and every number leads to the traces behind it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from reviewer.desktop.agreement.page import AgreementPage
from reviewer.desktop.agreement.settle_state import SettleState
from reviewer.desktop.agreement.state import AgreementState
from reviewer.desktop.bridge import Bridge
from reviewer.desktop.explore.state import TraceList
from reviewer.desktop.theme import Theme
from reviewer.jobs.messages import Broke, Done
from reviewer.model.agreement import Agreement, AgreementReport
from reviewer.model.coding import Coding, Verdict
from reviewer.model.ids import ModeId, TraceId, WeekName
from reviewer.model.number import Basis, Number
from reviewer.verbs.adjudicating import Disagreement, differences, disagreements
from reviewer.verbs.changes import Changes
from reviewer.verbs.coding import Wanted, code
from reviewer.workspace.ask.codings import codings
from reviewer.workspace.ask.population import items
from reviewer.workspace.file import Workspace
from tests.builders import a_workspace
from tests.desktop.opened import a_bridge, reviewed
from tests.desktop.windows import a_week, a_window

WEEK = "2026-W47"


class AtOnce:
    def cancel(self) -> None:
        pass


def at_once(self: Bridge, function: Any, *args: Any, message: Any, done: Any) -> AtOnce:
    result = function(None, *args)
    QTimer.singleShot(0, self, lambda: done(Done(result)))
    return AtOnce()


def second_reader(workspace: Workspace) -> None:
    """Let bob read what anna read: he sees no loop in the first of the failing traces."""
    reader = workspace.reader()
    for n, item in enumerate(items(reader, WeekName(WEEK))):
        fails = n % 3 == 0 and n > 0
        wanted = Wanted(item.trace, "bob", "fail" if fails else "pass", ("looping",) if fails else ())
        workspace.write(code, reader, WEEK, wanted).result()
    reader.close()


def a_question(name: str) -> Agreement:
    number = Number(0.9, Basis.OVERLAP, n=40)
    return Agreement(name, name, "mode", "nominal", ("ann", "bob"), 40, 8, number, number, number, number, number)


def test_the_question_that_is_looked_at_stays_when_others_come() -> None:
    state = AgreementState()
    state.ask()
    state.take("", AgreementReport("", (a_question("looping"),)))
    state.stale = True
    state.ask()
    state.take("", AgreementReport("", (a_question("verdict"), a_question("looping"))))
    assert state.chosen is not None and state.chosen.id == "looping"


@pytest.fixture
def page(tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Iterator[AgreementPage]:
    monkeypatch.setattr(Bridge, "job", at_once)
    with a_bridge(tmp_path, 9) as bridge:
        reviewed(bridge._workspace, WEEK, 9, ("looping",))
        second_reader(bridge._workspace)
        made = AgreementPage(bridge, Theme.light(), "carla")
        qtbot.addWidget(made)
        made.resize(1232, 900)
        made.show()
        made.activated()
        qtbot.waitUntil(lambda: made.state.found is not None)
        yield made


def test_each_question_has_a_row(page: AgreementPage) -> None:
    said = [page.tables[0].rows.spoken(row) for row in range(page.tables[0].rows.count)]
    assert [one.split(";")[0] for one in said] == [
        "question Pass or fail", "question All failure modes together", "question Looping",
    ]  # fmt: skip
    assert "traces 9; seen in 3; same answer 88.9 %; second agrees 80.0 %" in said[2]
    assert "alpha –" in said[2], "three positives are too few for it"
    assert not page.groups[1].isVisible(), "no scores of people were imported"


def test_it_is_explained_in_plain_words(page: AgreementPage) -> None:
    page.tables[0].setCurrentIndex(page.tables[0].rows.index(2, 0))
    assert page.how.full_text.startswith(
        "anna and bob both judged 9 traces and gave the same answer on 88.9 % of them."
    )
    assert "Alpha and its interval are hidden" in page.how.full_text
    assert "nothing about the traffic" in page.how.full_text


def test_the_method_stands_behind_a_question_mark(page: AgreementPage) -> None:
    assert not page.method.isVisible()
    page.method.button.click()
    assert page.method.isVisible()
    assert page.method.button.accessibleName() == "How are these numbers made?"
    page.method.button.click()
    assert not page.method.isVisible()


def test_the_traces_on_which_they_differ_can_be_opened(page: AgreementPage, qtbot: QtBot) -> None:
    page.tables[0].setCurrentIndex(page.tables[0].rows.index(2, 0))
    qtbot.waitUntil(lambda: "May I return" in page.differ.rows.spoken(0))
    assert "answers anna: yes, bob: no" in page.differ.rows.spoken(0)
    trace = page.state.differing[0].trace
    with qtbot.waitSignal(page.asked) as asked:
        page.differ.opened.emit(0)
    assert asked.args == ["explore", TraceList("Looping", (trace,))]
    with qtbot.waitSignal(page.asked) as asked:
        page.list.click()
    assert asked.args == ["explore", TraceList("Looping: readers differ", (trace,))]


def test_a_failure_is_said(page: AgreementPage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        Bridge, "job", lambda *args, message, done: done(Broke("The numbers could not be made.", "Try again."))
    )
    page.refresh(Changes(everything=True))
    assert page.message.full_text == "The numbers could not be made. Try again."


def test_another_theme_reaches_all_of_it(page: AgreementPage) -> None:
    page.set_theme(Theme.dark(130))
    assert not page.grab().isNull()


def test_the_page_appears_by_itself_with_a_second_reader(tmp_path: Path, qtbot: QtBot) -> None:
    with a_window(a_week(tmp_path, 6)) as player:
        player.application.run("go.agreement")
        assert player.window.page is not None and player.window.page.name != "agreement"
        bridge = player.application.bridge
        assert bridge is not None
        for reviewer in ("anna", "bob"):
            assert "agreement" in player.window.waiting
            drawn = items(bridge.reader, WeekName(WEEK))
            bridge.write_with_reader(code, WEEK, Wanted(drawn[0].trace, reviewer, "pass"))
            player.wait(lambda: bridge.writes_waiting == 0, "the write")
        player.wait(lambda: "agreement" in player.window.pages, "the page")
        player.application.run("go.agreement")
        assert player.window.page.name == "agreement"


def a_disagreement(trace: str, *said: Coding, decision: Coding | None = None) -> Disagreement:
    readers = tuple(zip(("anna", "bob"), said, strict=True))
    return Disagreement(WeekName(WEEK), TraceId(trace), "", readers, differences(said), decision)


def test_a_draft_begins_with_what_the_readers_agree_on() -> None:
    loops, tools = ModeId("looping"), ModeId("tool_misuse")
    first = Coding(Verdict.FAIL, {loops: None}, {"groundedness": 2})
    second = Coding(Verdict.FAIL, {loops: None, tools: None}, {"groundedness": 3})
    third = Coding(Verdict.PASS)
    state = SettleState()
    state.take([a_disagreement("a", first, second), a_disagreement("b", first, third)])
    assert (state.verdict, state.modes, state.scores) == ("fail", ["looping"], {})
    assert state.tagged() == ["looping", "tool_misuse"]
    state.look_at(1)
    assert (state.verdict, state.can_decide) == ("", False)
    state.say_mode("looping", True)
    assert (state.verdict, state.can_decide) == ("fail", True)


def test_a_draft_stays_while_others_are_settled_and_settled_ones_go_to_the_end() -> None:
    one, other = Coding(Verdict.FAIL), Coding(Verdict.PASS)
    state = SettleState()
    state.take([a_disagreement(name, one, other) for name in "abc"])
    state.look_at(1)
    state.verdict = "pass"
    state.take([a_disagreement("a", one, other, decision=one), *(a_disagreement(n, one, other) for n in "bc")])
    assert [found.trace for found in state.found] == ["b", "c", "a"]
    assert (state.at, state.verdict, state.open_count, state.next_open()) == (0, "pass", 2, 1)
    state.take([])
    assert (state.at, state.chosen, state.next_open()) == (-1, None, -1)


def test_a_disagreement_is_settled_in_the_window_beside_what_the_readers_said(
    page: AgreementPage, qtbot: QtBot
) -> None:
    page.views.setCurrentIndex(1)
    page.views.activated.emit(1)
    view = page.settling
    assert view is not None
    qtbot.waitUntil(lambda: view.count.full_text == "1 to settle, 0 settled")
    assert view.view.transcript is not None and view.view.transcript.about.id == view.state.found[0].trace
    assert not view.settle.isEnabled(), "the readers differ in the verdict"
    view.verdict.setFocus()
    view.verdict.setCurrentIndex(1)
    view.verdict.activated.emit(1)
    view.note.setPlainText("It looked the order up once.")
    press_keys(view, "Ctrl+Return")
    qtbot.waitUntil(lambda: view.count.full_text == "0 to settle, 1 settled")
    reader = page.bridge.reader
    [one] = disagreements(reader)
    assert one.decision is not None
    assert (one.decided_by, one.decision.verdict, one.decision.note) == (
        "carla",
        "pass",
        "It looked the order up once.",
    )
    assert [str(coding.verdict) for _, coding in one.readers] == ["fail", "pass"]


def press_keys(widget: QWidget, keys: str) -> None:
    QTest.keySequence(widget.window(), QKeySequence(keys))


def test_the_keys_of_the_window_settle_one_and_go_on(tmp_path: Path, qtbot: QtBot) -> None:
    with a_workspace(tmp_path, 9) as workspace:
        reviewed(workspace, WEEK, 9, ("looping",))
        second_reader(workspace)
        path = workspace.path
    with a_window(path, WEEK, "carla") as player:
        player.wait(lambda: "agreement" in player.window.pages, "two readers")
        player.play("f")
        player.application.run("go.agreement")
        page = player.window.page
        assert isinstance(page, AgreementPage)
        page.views.setCurrentIndex(1)
        page.views.activated.emit(1)
        view = page.settling
        assert view is not None
        qtbot.waitUntil(lambda: bool(view.state.found))
        view.note.setFocus()
        view.state.say_mode("looping", True)
        view._show_draft()
        player.press("text:It did loop.")
        player.press("ctrl+enter")  # not the key of the review page, whose item nobody sees now
        QTest.keyClick(view.note, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        qtbot.waitUntil(lambda: view.state.open_count == 0)
        [one] = view.state.found
        assert one.decision is not None
        assert (one.decided_by, one.decision.verdict, one.decision.note) == ("carla", "fail", "It did loop.")
        said = {
            row.key.reviewer: row.coding.submitted for row in codings(page.bridge.reader) if "carla" in row.key.reviewer
        }
        assert said == {"carla": False, "adjudicator: carla": True}
