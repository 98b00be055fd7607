"""Garbage is taken away between presses: soon when it is young, all of it once nothing goes on."""

import gc
from collections.abc import Iterator
from weakref import ref

import pytest
from pytestqt.qtbot import QtBot

from reviewer.desktop import collecting
from reviewer.desktop.collecting import IdleCollector


class Knot:
    """Something that only a collector can take away."""

    def __init__(self, size: int = 0) -> None:
        self.itself = self
        self.parts: list[list[int]] = [[] for _ in range(size)]


@pytest.fixture
def collector(qtbot: QtBot) -> Iterator[IdleCollector]:
    gc.collect()
    made = IdleCollector()
    yield made
    made.deleteLater()
    gc.enable()


def test_nothing_is_collected_while_objects_are_made(collector: IdleCollector) -> None:
    lost = ref(Knot())
    kept: list[list[int]] = [[] for _ in range(5000)]
    assert lost() is not None
    collector.look()
    assert lost() is None
    assert len(kept) == 5000


def test_what_has_grown_old_goes_once_nothing_goes_on(
    collector: IdleCollector, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(collecting, "MANY", 4000)
    old = Knot(2000)
    lost = ref(old)
    gc.collect(1)  # it is old now: a look at young objects passes it by
    del old
    more: list[list[int]] = [[] for _ in range(5000)]
    collector.look()
    assert lost() is not None
    collector.look()
    assert lost() is None
    assert len(more) == 5000


def test_the_collector_looks_by_itself(collector: IdleCollector, qtbot: QtBot) -> None:
    lost = ref(Knot(2000))
    qtbot.waitUntil(lambda: lost() is None, timeout=4 * collecting.LOOK_MS)
