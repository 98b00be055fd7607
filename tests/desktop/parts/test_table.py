"""The table: what is read aloud, which row is opened, and what a narrow or hostile row does."""

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from reviewer.desktop.parts.table import Cell, Column, Table, places
from reviewer.desktop.theme import Theme

COLUMNS = (Column("stratum"), Column("traces", 60, right=True), Column("share", 60, right=True, least=400))


@pytest.fixture
def theme(qapp: object) -> Theme:
    return Theme.light()


@pytest.fixture
def table(theme: Theme, qtbot: QtBot) -> Table:
    made = Table("Strata", COLUMNS, theme)
    qtbot.addWidget(made)
    made.resize(500, 300)
    return made


def test_a_row_is_spoken_with_its_titles(table: Table) -> None:
    table.show_rows(1, lambda row: (Cell("Returns"), Cell("1,886"), Cell("22 %", below="of all")))
    said = table.rows.data(table.rows.index(0, 0), Qt.ItemDataRole.AccessibleTextRole)
    assert said == "stratum Returns; traces 1,886; share 22 %, of all"


def test_enter_and_a_double_click_open_the_current_row(table: Table, qtbot: QtBot) -> None:
    table.show_rows(3, lambda row: (Cell(f"row {row}"), Cell(), Cell()))
    table.setCurrentIndex(table.rows.index(1, 0))
    with qtbot.waitSignal(table.opened) as opened:
        qtbot.keyClick(table, Qt.Key.Key_Return)
    assert opened.args == [1]


def test_the_current_row_stays_when_rows_are_shown_again(table: Table) -> None:
    table.show_rows(5, lambda row: (Cell(str(row)),))
    table.setCurrentIndex(table.rows.index(4, 0))
    table.show_rows(2, lambda row: (Cell(str(row)),))
    assert table.row() == 1


def test_a_million_rows_ask_only_for_what_is_seen(table: Table, qtbot: QtBot) -> None:
    asked: set[int] = set()

    def cells(row: int) -> tuple[Cell, ...]:
        asked.add(row)
        return (Cell(str(row)), Cell(), Cell())

    table.show_rows(1_000_000, cells)
    table.show()
    qtbot.waitUntil(lambda: bool(asked))
    table.grab()
    qtbot.keyClick(table, Qt.Key.Key_9)
    assert len(asked) < 40


def test_a_column_that_needs_room_is_left_out_of_a_narrow_table(theme: Theme) -> None:
    assert [place.width() for place in places(COLUMNS, theme, 0, 300)] == [300 - 60 - 16, 60, 0]
    assert [place.width() for place in places(COLUMNS, theme, 0, 400)] == [400 - 120 - 32, 60, 60]


def test_hostile_text_is_one_marked_line(table: Table) -> None:
    table.show_rows(1, lambda row: (Cell("a\u202eb\nc" + "x" * 10_000), Cell(), Cell()))
    said = table.rows.spoken(0)
    assert "[U+202E]" in said
    assert "\n" not in said
    assert len(said) <= 310
    assert not table.grab().isNull()
