"""Explore: the table of all traces, its filters, the search with its snippets, and lists that other pages ask for."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from reviewer.desktop.bridge import Bridge
from reviewer.desktop.explore.page import ANY, ExplorePage
from reviewer.desktop.explore.state import PAGE, Pages, TraceList, lit
from reviewer.desktop.theme import Theme
from reviewer.model.ids import WeekName
from reviewer.model.week import Plan
from reviewer.verbs.changes import Changes
from reviewer.verbs.weeks import open_week as draw_week
from reviewer.wording import short_moment
from reviewer.workspace.ask.population import items
from reviewer.workspace.ask.traces import TraceRow, trace_page
from tests.builders import HOUR_US, MONDAY_US, a_trace, own_id, put
from tests.desktop.opened import a_bridge

HOSTILE = "Refund <img src=/etc/passwd> \u202egnp.exe"


def row(n: int) -> TraceRow:
    return TraceRow(f"id{n}", "", "", None, None, None, None, n, "", None, "", None, f"t{n}", "", 0, 0, 0, 0, False)  # type: ignore[arg-type]


def test_pages_are_fetched_once_and_only_where_one_looks() -> None:
    asked: list[int] = []

    def fetch(numbers: list[int]) -> list[TraceRow]:
        asked.append(numbers[0])
        return [row(n) for n in numbers]

    pages = Pages(fetch)
    pages.show(range(1000, 0, -1))
    for n in (500, 501, 500 + PAGE):
        found = pages.row(n)
        assert found is not None
        assert found.started_us == 1000 - n
    assert asked == [500, 400]


def test_a_trace_that_is_gone_is_no_row() -> None:
    pages = Pages(lambda numbers: [row(n) for n in numbers[:1]])
    pages.show([7, 8])
    assert pages.row(0) is not None
    assert pages.row(1) is None


@pytest.mark.parametrize(
    ("text", "query", "found"),
    [
        ("Refund stuck after a timeout", "timeout refund", ((0, 6), (21, 28))),
        ("Unrefunded", "refund", ()),
        ("nothing", "...", ()),
        ("a+b (c)", "(c", ((5, 6),)),
    ],
)
def test_words_of_a_query_are_lit_where_they_begin(text: str, query: str, found: object) -> None:
    assert lit(text, query) == found


@pytest.fixture
def bridge(tmp_path: Path, qtbot: QtBot) -> Iterator[Bridge]:
    traces = [a_trace(n) for n in range(12)]
    traces[3] = a_trace(3, question="Why was my parcel refused?", status="error")
    traces[4] = a_trace(4, question=HOSTILE)
    with a_bridge(tmp_path, traces) as made:
        yield made


@pytest.fixture
def page(bridge: Bridge, qtbot: QtBot) -> ExplorePage:
    made = ExplorePage(bridge, Theme.light())
    qtbot.addWidget(made)
    made.resize(1232, 700)
    made.show()
    made.activated()
    qtbot.waitUntil(lambda: made.state.count == 12 and bool(made.state.facets))
    return made


def spoken(page: ExplorePage) -> list[str]:
    return [page.table.rows.spoken(n) for n in range(page.table.rows.count)]


def test_the_newest_trace_stands_first(page: ExplorePage) -> None:
    first, *_, last = spoken(page)
    assert "16 November 2026, 11:00" in first
    assert "16 November 2026, 00:00" in last
    assert "$0.010" in first


def test_a_time_that_is_the_imports_own_says_so_wherever_the_trace_is_listed(tmp_path: Path, qtbot: QtBot) -> None:
    traces = [a_trace(0), a_trace(1, started_us=None, time_basis="import")]
    with a_bridge(tmp_path, traces) as bridge:
        page = ExplorePage(bridge, Theme.light())
        qtbot.addWidget(page)
        page.resize(1232, 700)
        page.show()
        page.activated()
        qtbot.waitUntil(lambda: page.state.count == 2)
        imported = f"imported {short_moment(trace_page(bridge.reader, [2])[0].started_us, 'UTC')}"
        assert [imported in line for line in spoken(page)] == [True, False]
        page.words.setText("headset")
        qtbot.waitUntil(lambda: len(page.state.hits) == 2)
        assert [imported in line for line in spoken(page)] == [True, False]
        page.show_subject(TraceList("one", (own_id(traces[1]),)))
        qtbot.waitUntil(lambda: page.state.reading == 0)
        assert page._pane is not None
        assert "imported" in page._pane.facts.full_text


def test_the_longest_time_fits_its_column(page: ExplorePage) -> None:
    _, metrics = page.table.ink.font("body", None)
    assert metrics.horizontalAdvance("imported 24 Nov 20:44") <= page.table.places()[0].width()


def test_a_filter_narrows_the_table_and_any_value_widens_it(page: ExplorePage, qtbot: QtBot) -> None:
    choice = page.filters["status"]
    assert [choice.itemData(n) for n in range(choice.count())] == [ANY, "ok", "error"]
    choice.chosen.emit("error")
    qtbot.waitUntil(lambda: page.state.count == 1)
    assert "Why was my parcel refused?" in spoken(page)[0]
    choice.chosen.emit(ANY)
    qtbot.waitUntil(lambda: page.state.count == 12)


def test_a_search_shows_the_words_around_the_hit(page: ExplorePage, qtbot: QtBot) -> None:
    qtbot.keyClicks(page.words, "parcel refused")
    qtbot.waitUntil(lambda: len(page.state.hits) == 1)
    (said,) = spoken(page)
    assert said.count("Why was my parcel refused?") == 2
    assert not page.filters["status"].isVisible()
    page.words.clear()
    qtbot.waitUntil(page.filters["status"].isVisible)
    assert page.state.count == 12


def test_typing_keeps_the_old_rows_until_the_answer_is_there(page: ExplorePage) -> None:
    page.words.setText("parcel")
    assert len(spoken(page)) == 12
    assert not page.grab().isNull()


def test_a_search_without_hits_says_how_it_looks(page: ExplorePage, qtbot: QtBot) -> None:
    page.words.setText("zebra")
    qtbot.waitUntil(lambda: page.nothing.isVisible())
    assert "No trace holds these words" in page.nothing.full_text


def test_hostile_titles_are_shown_as_letters(page: ExplorePage) -> None:
    said = next(line for line in spoken(page) if "gnp" in line)
    assert "<img src=/etc/passwd> [U+202E]gnp.exe" in said


def test_a_list_of_another_page_is_shown_and_left(page: ExplorePage, qtbot: QtBot) -> None:
    wanted = (own_id(a_trace(1)), "no such trace", own_id(a_trace(3)))
    page.show_subject(TraceList("wrong citation, 2026-W47", wanted))
    qtbot.waitUntil(lambda: len(page.state.listed) == 2)
    assert "parcel refused" in spoken(page)[1]
    qtbot.mouseClick(page.all, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: page.state.count == 12)


def test_new_traces_appear_while_the_page_is_open(page: ExplorePage, bridge: Bridge, qtbot: QtBot) -> None:
    put(bridge._workspace, [a_trace(50)])
    page.refresh(Changes(traces=frozenset({own_id(a_trace(50))})))
    qtbot.waitUntil(lambda: page.state.count == 13)


def test_enter_reads_a_trace_and_escape_goes_back_to_its_row(page: ExplorePage, qtbot: QtBot) -> None:
    page.table.setFocus()
    page.table.setCurrentIndex(page.table.rows.index(2, 0))
    qtbot.keyClick(page.table, Qt.Key.Key_Return)
    pane = page._pane
    assert pane is not None
    qtbot.waitUntil(pane.isVisible)
    assert pane.view.transcript is not None
    assert pane.view.transcript.about.id == own_id(a_trace(9))
    pane.after.click()
    assert pane.view.transcript.about.id == own_id(a_trace(8))
    qtbot.keyClick(pane.view, Qt.Key.Key_Escape)
    qtbot.waitUntil(page.table.isVisible)
    assert page.table.row() == 3


def test_a_single_trace_of_another_page_is_opened_at_once(page: ExplorePage, qtbot: QtBot) -> None:
    page.show_subject(TraceList("from the queue", (own_id(a_trace(3)),)))
    qtbot.waitUntil(lambda: page.state.reading == 0)
    assert page._pane is not None
    assert "1 of 1" in page._pane.heading._about.full_text
    assert not page._pane.after.isEnabled()


def test_a_hit_is_opened_at_its_words(page: ExplorePage, qtbot: QtBot) -> None:
    page.words.setText("parcel refused")
    qtbot.waitUntil(lambda: len(page.state.hits) == 1)
    page.table.opened.emit(0)
    assert page._pane is not None
    assert page._pane.view.find("refused") == 1


def test_without_traces_the_page_says_where_they_come_from(tmp_path: Path, qtbot: QtBot) -> None:
    with a_bridge(tmp_path) as bridge:
        page = ExplorePage(bridge, Theme.dark())
        qtbot.addWidget(page)
        page.show()
        page.activated()
        qtbot.waitUntil(page.nothing.isVisible)
        assert "Import some under Sources" in page.nothing.full_text


def test_a_trace_that_was_come_across_is_added_to_the_week_that_is_read(
    page: ExplorePage, bridge: Bridge, qtbot: QtBot
) -> None:
    bridge.changed.connect(page.refresh)
    bridge.write_with_reader(draw_week, "W", MONDAY_US, MONDAY_US + 7 * 24 * HOUR_US, Plan(3, "s"))
    qtbot.waitUntil(lambda: not bridge.busy)
    drawn = {item.trace for item in items(bridge.reader, WeekName("W"))}
    found = next(own_id(a_trace(n)) for n in range(12) if own_id(a_trace(n)) not in drawn)
    page.show_subject(TraceList("found", (found,)))
    qtbot.waitUntil(lambda: page.state.reading == 0)
    pane = page._reading_pane()
    assert (pane.add.accessibleName(), pane.add.isEnabled()) == ("Add to W", True)
    pane.add.click()
    qtbot.waitUntil(lambda: not pane.add.isEnabled())
    assert pane.add.accessibleName() == "In W"
    assert items(bridge.reader, WeekName("W"))[-1].purpose == "explore"
    with qtbot.waitSignal(page.asked) as asked:
        pane.choose.click()
    assert (asked.args[0], asked.args[1].traces) == ("week", (found,))


def test_without_a_week_nothing_can_be_added(page: ExplorePage, qtbot: QtBot) -> None:
    page.show_subject(TraceList("found", (own_id(a_trace(1)),)))
    qtbot.waitUntil(lambda: page.state.reading == 0)
    assert not page._reading_pane().add.isVisibleTo(page)
