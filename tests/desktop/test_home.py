"""Home tells how far the week is and what to do next; the first page makes, opens and takes files."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from reviewer.desktop.app import Application, make_qt
from reviewer.desktop.first_run import FirstRunPage
from reviewer.desktop.home import HomePage
from reviewer.desktop.home_state import look
from reviewer.desktop.imports.page import ImportPage
from reviewer.desktop.offscreen import Player
from reviewer.desktop.preferences import Preferences
from reviewer.model.ids import WeekName
from reviewer.verbs import opening, weeks
from reviewer.workspace.ask.settings import timezone
from reviewer.workspace.file import Reader
from tests.builders import a_workspace
from tests.desktop.windows import WEEK, a_week, a_window, review_of, state_of


def home(player: Player) -> HomePage:
    player.application.run("go.home")
    page = player.window.page
    assert isinstance(page, HomePage)
    player.wait(lambda: not page.waiting)
    return page


def test_home_counts_what_this_reviewer_submitted(tmp_path: Path, qtbot: QtBot) -> None:
    with a_window(a_week(tmp_path, 5)) as player:
        player.play("p", "1", "enter", "d")
        page = home(player)
        now = page.state.now
        assert now is not None
        assert (now.passed, now.failed, now.deferred, now.left) == (1, 1, 1, 2)
        assert page.state.next == "read"
        assert page.deferred.isVisible()
        assert page.count == ""
        player.press("enter")
        assert player.window.page is review_of(player)
        assert state_of(player).index == 3


def test_home_leads_to_the_deferred_when_the_rest_is_done(tmp_path: Path, qtbot: QtBot) -> None:
    with a_window(a_week(tmp_path, 3)) as player:
        player.play("p", "d", "p")
        page = home(player)
        assert page.state.next == "deferred"
        player.press("enter")
        player.settle()
        state = state_of(player)
        assert state.current is not None
        assert state.current.order == 2
        player.play("p")
        assert home(player).state.next == "done"


def test_home_tells_an_empty_workspace_what_comes_first(tmp_path: Path) -> None:
    with a_workspace(tmp_path) as workspace:
        reader = workspace.reader()
        assert look(reader, "ada").next == "bring_traces"
        reader.close()


def test_a_closed_week_stays_at_hand_while_there_is_no_other(tmp_path: Path) -> None:
    path = a_week(tmp_path, 3)
    with opening.open_workspace(path) as workspace:
        reader = workspace.reader()
        workspace.write(weeks.close_week, reader, WEEK, True).result()
        now = look(reader, "ada").now
        assert now is not None
        assert now.week.name == WeekName(WEEK)
        reader.close()


def test_the_review_page_of_a_workspace_without_weeks_says_what_to_do(tmp_path: Path, qtbot: QtBot) -> None:
    with a_workspace(tmp_path, 2) as workspace:
        path = workspace.path
    with a_window(path, week=None) as player:
        assert home(player).state.next == "draw_week"
        player.application.run("go.review")
        player.press("p", "1", "u")
        assert review_of(player).state is None
        assert player.application.layer() == "pages"


@pytest.fixture
def started(tmp_path: Path, qtbot: QtBot) -> Iterator[Application]:
    application = Application(make_qt(), Preferences(tmp_path / "settings.ini"), "ada")
    application.show()
    application.begin()
    yield application
    application.close_workspace()
    application.window.close()
    application.window.deleteLater()


def first_page(application: Application) -> FirstRunPage:
    page = application.window.page
    assert isinstance(page, FirstRunPage)
    return page


def test_a_workspace_is_made_with_the_chosen_list_and_time_zone(
    started: Application, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = first_page(started)
    page.taxonomy.setCurrentIndex(page.taxonomy.findData("support"))
    page.timezone.setCurrentIndex(page.timezone.findData("Europe/Berlin"))
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "shop"), ""))
    page.choose_new()
    assert started.workspace is not None
    assert started.workspace.path == tmp_path / "shop.review"
    assert set(started.window.pages) >= {"home", "review", "imports", "week", "explore"}
    reader = Reader(started.workspace.path)
    assert timezone(reader) == "Europe/Berlin"
    reader.close()
    assert started.preferences.recent == [tmp_path / "shop.review"]


def test_a_dropped_workspace_opens_and_another_closes_the_first(started: Application, tmp_path: Path) -> None:
    path = a_week(tmp_path, 2)
    first_page(started)._drop([path])
    assert started.bridge is not None
    assert started.bridge.workspace_path == path
    started._start_page()
    assert started.workspace is None
    with opening.open_workspace(path):  # the lock is free again
        pass


def test_dropped_files_wait_for_the_workspace_and_are_brought_in(
    started: Application, tmp_path: Path, qtbot: QtBot
) -> None:
    file = tmp_path / "chat.jsonl"
    file.write_text('{"messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello"}]}\n')
    first_page(started)._drop([file])
    started.make_workspace(tmp_path / "new.review", "default", "UTC")
    assert started.window.page is started.window.pages["imports"]
    bridge = started.bridge
    assert bridge is not None
    page = started.window.pages["imports"]
    assert isinstance(page, ImportPage)
    qtbot.waitUntil(lambda: page.looking.is_done, timeout=30_000)
    page.bring.click()
    qtbot.waitUntil(lambda: look(bridge.reader, "ada").counts.traces == 1, timeout=30_000)


def test_what_is_no_workspace_is_refused_in_words(
    started: Application, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    monkeypatch.setattr("reviewer.desktop.app.shown.message", lambda *args, **_: told.append(args[2]) or 0)
    stranger = tmp_path / "stranger.review"
    stranger.write_text(
        "not a database, whatever its name says, and long enough to have a header of a hundred bytes " * 3
    )
    assert not started.open_workspace(stranger)
    assert "is not a workspace" in told[0]
    assert started.bridge is None
