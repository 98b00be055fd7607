"""A screen reader finds each message and each call, and hears which one has the focus."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QAccessible, QAccessibleInterface
from pytestqt.qtbot import QtBot

from tests.desktop.review.transcript.desk import Desk, a_conversation, a_desk


@pytest.fixture
def desk(qtbot: QtBot, tmp_path: Path) -> Iterator[Desk]:
    yield from a_desk(qtbot, tmp_path, a_conversation())


def names(face: QAccessibleInterface) -> list[str]:
    return [face.child(n).text(QAccessible.Text.Name) for n in range(face.childCount())]


def test_each_message_and_call_is_a_child_with_a_name(desk: Desk) -> None:
    face = QAccessible.queryAccessibleInterface(desk.view)
    heard = names(face)
    assert [name.split(":")[0] for name in heard] == [
        "System ", "User 1", "Tool call get_order, result", "Tool call list_parcels, result",
        "Tool call create_return, failed", "Sub-agent planner, 2 messages", "Assistant 6", "User 7", "Assistant 8",
    ]  # fmt: skip
    assert "return **order** 48213" in heard[1]
    assert face.role() is QAccessible.Role.List
    assert face.child(1).role() is QAccessible.Role.ListItem


def test_the_focused_turn_is_the_focused_child(desk: Desk) -> None:
    face = QAccessible.queryAccessibleInterface(desk.view)
    desk.view.focus_turn(4)
    child = face.focusChild()
    assert child.text(QAccessible.Text.Name).startswith("Tool call list_parcels")
    assert child.state().focused
    assert not face.child(0).state().focused


def test_children_stand_where_they_are_painted(desk: Desk) -> None:
    face = QAccessible.queryAccessibleInterface(desk.view)
    tops = [face.child(n).rect().top() for n in range(face.childCount())]
    assert tops == sorted(tops)
    where = face.child(3).rect()
    assert (
        face.childAt(where.center().x(), where.center().y()).text(QAccessible.Text.Name).startswith("Tool call list_")
    )
