"""The pages beside Home and Review, in the window: names for a screen reader, keys, and a window that closes."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from reviewer.desktop.explore.page import ExplorePage
from reviewer.desktop.offscreen import Player
from reviewer.desktop.pages import LINES
from reviewer.desktop.theme import Theme
from reviewer.desktop.trends.page import TrendsPage
from reviewer.workspace.ask.settings import taxonomy
from tests.builders import a_workspace
from tests.desktop.windows import a_week, a_window

PAGES = ("explore", "week", "trends", "scorecard", "exports", "imports", "services", "segments")


@pytest.fixture
def player(tmp_path: Path, qtbot: QtBot) -> Iterator[Player]:
    with a_window(a_week(tmp_path, 4)) as made:
        yield made


def test_whatever_can_be_reached_by_key_has_a_name_and_a_role(player: Player) -> None:
    for name in PAGES:
        player.application.run(f"go.{name}")
        player.settle()
        page = player.window.page
        assert page is not None
        assert page.name == name
        reached = [w for w in page.findChildren(QWidget) if w.isVisible() and w.focusPolicy() & Qt.FocusPolicy.TabFocus]
        assert reached or name == "trends", "nothing to compute yet"
        for widget in reached:
            interface = QAccessible.queryAccessibleInterface(widget)
            assert interface.text(QAccessible.Text.Name), widget
            assert interface.role() not in (QAccessible.Role.NoRole, QAccessible.Role.Client), widget


def test_the_keyboard_follows_to_the_page_that_is_opened(player: Player) -> None:
    for name in (*PAGES, "home", *reversed(PAGES)):
        player.application.run(f"go.{name}")
        player.settle()
        focused = player.window.focusWidget()
        assert focused is None or not player.window.sidebar.isAncestorOf(focused), name


def test_closing_while_the_pages_compute_is_quiet(player: Player, qtbot: QtBot) -> None:
    for name in PAGES:
        player.application.run(f"go.{name}")
    player.application.close_workspace()
    player.settle()


def test_another_theme_and_size_reach_every_page(player: Player) -> None:
    for name in PAGES:
        player.application.run(f"go.{name}")
        player.window.set_theme(Theme.dark(130))
        page = player.window.page
        assert page is not None
        assert not page.grab().isNull()


def worn(root: QWidget) -> dict[QWidget, Theme]:
    """Return the theme that each widget holds, of those that paint themselves."""
    found = {}
    for widget in (root, *root.findChildren(QWidget)):
        theme = getattr(widget, "theme", None) or getattr(widget, "_theme", None)
        if isinstance(theme, Theme):
            found[widget] = theme
    return found


def stale(root: QWidget, theme: Theme) -> set[str]:
    """Return which parts of a widget hold another theme."""
    return {type(widget).__name__ for widget, held in worn(root).items() if held is not theme}


@pytest.mark.parametrize("before", [False, True], ids=["made afterwards", "made before"])
def test_every_part_of_a_page_wears_the_theme_of_now(player: Player, before: bool) -> None:
    if before:
        for name in PAGES:
            player.application.run(f"go.{name}")
            player.settle()
    player.application.run("view.theme.dark")
    player.application.run("view.scale.115")
    for name in ("home", *PAGES):
        player.application.run(f"go.{name}")
        player.settle()
        page = player.window.page
        assert page is not None
        assert len(worn(page)) > 3
        assert stale(page, player.application.theme) == set(), name


def test_the_reading_pane_wears_the_theme_of_now(player: Player, qtbot: QtBot) -> None:
    player.application.run("go.explore")
    page = player.window.page
    assert isinstance(page, ExplorePage)
    qtbot.waitUntil(lambda: page.state.count == 4)
    player.application.run("view.theme.dark")
    page.table.opened.emit(0)
    assert stale(page, player.application.theme) == set()
    player.application.run("view.theme.light")
    assert stale(page, player.application.theme) == set()


def test_the_first_page_wears_the_theme_of_now(player: Player) -> None:
    player.application.close_workspace()
    player.application.run("view.theme.dark")
    player.application.begin()
    player.application.run("view.scale.115")
    page = player.window.page
    assert page is not None
    assert stale(page, player.application.theme) == set()


def test_a_search_is_typed_read_and_left_by_key_alone(player: Player, qtbot: QtBot) -> None:
    player.application.run("write.search_all")
    page = player.window.page
    assert isinstance(page, ExplorePage)
    player.press("text:headset")
    qtbot.waitUntil(lambda: len(page.state.hits) == 4)
    player.press("enter")
    player.press("enter")
    assert page.state.reading == 0
    player.press("right")
    assert page.state.reading == 1
    player.press("escape")
    assert page.state.reading == -1
    assert player.window.page is page


def test_every_page_is_made_when_it_is_opened_and_called_what_the_sidebar_calls_it(player: Player) -> None:
    window = player.window
    assert [page.name for page in window.pages.made] == ["review"]
    player.wait(lambda: set(window.waiting) == {"agreement"}, "the pages with something to show")
    there = [line for line in LINES if line.name in window.pages]
    for line in there:
        player.application.run(f"go.{line.name}")
        page = window.page
        assert page is not None
        assert (page.name, page.title) == (line.name, line.title)
    assert len(window.pages.made) == len(there) == len(LINES) - 1


def test_no_page_makes_a_narrow_window_with_large_text_wider(player: Player, qtbot: QtBot) -> None:
    player.application.run("view.scale.130")
    player.window.resize(1100, 900)
    for name in PAGES:
        player.application.run(f"go.{name}")
        player.settle()
        qtbot.wait(60)  # what a page says while it computes counts as well
        assert player.window.width() == 1100, name


def test_a_picture_is_taken_when_a_page_shows_what_it_asked_for(player: Player, tmp_path: Path) -> None:
    player.application.run("go.trends")
    page = player.window.pages["trends"]
    assert isinstance(page, TrendsPage)
    player.grab(tmp_path / "trends.png")
    modes = (
        {mode.id for mode in taxonomy(player.application.bridge.reader).active} if player.application.bridge else set()
    )
    assert len(page.cards) == len(page.state.series)
    assert {one.id for one in page.state.series} == {*modes, "fail"}


def test_the_review_page_without_a_week_follows_the_theme(tmp_path: Path, qtbot: QtBot) -> None:
    workspace = a_workspace(tmp_path, 2)
    workspace.close()
    with a_window(workspace.path, None) as made:
        made.application.run("go.review")
        for theme in (Theme.light(), Theme.dark()):
            made.application.run(f"view.theme.{theme.name}")
            made.settle()
            assert made.window.stack.grab().toImage().pixelColor(5, 5) == theme.color("surface")
