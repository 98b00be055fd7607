"""The page *Trends* with two failure modes, and the jobs that it waits for."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest
from pytestqt.qtbot import QtBot

from reviewer.desktop.bridge import Bridge
from reviewer.desktop.theme import Theme
from reviewer.desktop.trends.page import TrendsPage
from reviewer.jobs.messages import Done
from reviewer.jobs.running import Job
from reviewer.model.trend import Trends
from reviewer.verbs.points import behind_of
from tests.desktop.opened import a_bridge
from tests.desktop.trends.made import series


@pytest.fixture
def jobs() -> list[Any]:
    return []


@pytest.fixture
def behinds() -> list[Any]:
    """Return the questions for what stands behind a point, each with who waits for its end."""
    return []


@pytest.fixture
def bridge(
    tmp_path: Path, qtbot: QtBot, jobs: list[Any], behinds: list[Any], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Bridge]:
    def job(self: Bridge, run: Any, function: Any, *args: Any, message: Any, done: Any) -> Any:
        if function is behind_of:
            behinds.append((args, done))
        else:
            jobs.append(done)
        return Mock(spec=Job)

    monkeypatch.setattr(Bridge, "job", job)
    with a_bridge(tmp_path, 3) as made:
        yield made


@pytest.fixture
def page(bridge: Bridge, qtbot: QtBot, jobs: list[Any]) -> TrendsPage:
    made = TrendsPage(bridge, Theme.light())
    qtbot.addWidget(made)
    made.resize(1232, 900)
    made.show()
    made.activated()
    jobs.pop()(Done(Trends(tuple(series()))))
    qtbot.waitUntil(lambda: len(made.cards) == 2)
    return made
