"""A window on a small workspace, played with real key presses, and gone without a trace afterwards."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PySide6.QtWidgets import QApplication

from reviewer.desktop.offscreen import Player, open_player
from reviewer.desktop.review.screen import ReviewPage
from reviewer.desktop.review.state import ReviewState
from reviewer.model.week import Plan
from reviewer.verbs import weeks
from tests.builders import HOUR_US, MONDAY_US, a_workspace

WEEK = "2026-W47"


def a_week(folder: Path, n: int = 6, taxonomy: str = "default") -> Path:
    """Make a workspace whose week holds all its n traces, and return its path."""
    with a_workspace(folder, n, taxonomy) as workspace:
        reader = workspace.reader()
        end = MONDAY_US + 7 * 24 * HOUR_US
        workspace.write(weeks.open_week, reader, WEEK, MONDAY_US, end, Plan(n, "seed")).result()
        reader.close()
        return workspace.path


@contextmanager
def a_window(path: Path, week: str | None = WEEK, reviewer: str = "ada") -> Iterator[Player]:
    """Open a window on a workspace; afterwards no widget of it may be left."""
    player = open_player(path, week, reviewer, path.with_name("settings.ini"))
    try:
        player.settle()
        yield player
    finally:
        player.close()
    assert [w for w in QApplication.topLevelWidgets() if w is not player.window and w.isVisible()] == []


def review_of(player: Player) -> ReviewPage:
    """Return the review page of a window."""
    assert player.application.review is not None
    return player.application.review


def state_of(player: Player) -> ReviewState:
    """Return the state of the week that is being read."""
    state = review_of(player).state
    assert state is not None
    return state
