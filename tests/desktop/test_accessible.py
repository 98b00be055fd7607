"""What a screen reader finds: every message, tool call, mode, score and page has a name and a role."""

from collections.abc import Iterator
from pathlib import Path

from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtWidgets import QAbstractButton, QLineEdit, QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot

from tests.desktop.windows import a_week, a_window, review_of

Text = QAccessible.Text


def descendants(interface: QAccessibleInterface) -> Iterator[QAccessibleInterface]:
    for i in range(interface.childCount()):
        child = interface.child(i)
        if child is not None and child.isValid():
            yield child
            yield from descendants(child)


def roles_and_names(widget: QWidget) -> list[tuple[QAccessible.Role, str]]:
    interface = QAccessible.queryAccessibleInterface(widget)
    assert interface is not None
    return [(found.role(), found.text(Text.Name)) for found in descendants(interface)]


def test_modes_verdicts_and_scores_have_names_roles_and_states(tmp_path: Path, qtbot: QtBot) -> None:
    with a_window(a_week(tmp_path, 2)) as player:
        player.play("1")
        found = roles_and_names(review_of(player).coding)
        boxes = {name for role, name in found if role is QAccessible.Role.CheckBox}
        modes = {row.text() for row in review_of(player).coding.modes.values()}
        assert len(modes) == 10
        assert modes | {"Pass", "Fail", "Defer", "Groundedness 5"} <= boxes
        row = next(iter(review_of(player).coding.modes.values()))
        state = QAccessible.queryAccessibleInterface(row).state()
        assert state.checked


def test_messages_and_tool_calls_have_names_and_roles(tmp_path: Path, qtbot: QtBot) -> None:
    with a_window(a_week(tmp_path, 2)) as player:
        view = review_of(player).view
        view.focus_turn(4)
        names = [name for _, name in roles_and_names(view)]
        assert any("May I return an opened headset?" in name for name in names), names
        assert any("search_docs" in name for name in names), names


def test_whatever_can_be_pressed_or_written_in_has_a_name(tmp_path: Path, qtbot: QtBot) -> None:
    with a_window(a_week(tmp_path, 2)) as player:
        for name in ("review", "home"):
            player.application.run(f"go.{name}")
            player.settle()
            page = player.window.page
            assert page is not None
            for widget in page.findChildren(QWidget):
                if isinstance(widget, QAbstractButton | QLineEdit | QPlainTextEdit) and widget.isVisible():
                    interface = QAccessible.queryAccessibleInterface(widget)
                    assert interface.text(Text.Name), widget
                    assert interface.role() is not QAccessible.Role.NoRole
