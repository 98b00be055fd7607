"""The charts of *Trends*: lines, dots and bands, rates held back where there are too few, the large one, the stack."""

import dataclasses
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, Qt
from pytestqt.qtbot import QtBot

from reviewer.desktop.theme import Theme
from reviewer.desktop.trends.chart import TrendChart
from reviewer.desktop.trends.drawing import drawing
from reviewer.desktop.trends.large import LargeChart
from reviewer.desktop.trends.page import TrendsPage
from reviewer.desktop.trends.stack import stacked
from reviewer.desktop.trends.state import (
    WEEK_US,
    markers_by_week,
    positions,
    rates_to,
)
from reviewer.jobs.messages import Done
from reviewer.model.alert import Level
from reviewer.model.trend import Control, Marker, Trends, Usual
from reviewer.verbs.changes import Changes
from tests.desktop.cards import a_series
from tests.desktop.trends.made import KINDS, MODES, build, raised


def test_a_week_that_was_left_out_leaves_a_gap() -> None:
    whole = a_series(weeks=4)
    gap = dataclasses.replace(whole, weekly=(whole.weekly[0], whole.weekly[3]))
    assert positions(gap) == [0.0, 3.0]


@pytest.fixture
def chart(qtbot: QtBot) -> TrendChart:
    made = TrendChart(Theme.light())
    qtbot.addWidget(made)
    made.resize(400, 150)
    made.show()
    return made


def test_a_rate_has_line_band_and_dots_and_the_open_week_only_a_dot() -> None:
    found = drawing(a_series(weeks=6))
    (line,) = found.lines
    assert len(line) == len(found.band) == 5
    assert [dot.is_open for dot in found.dots] == [False] * 5 + [True]


def test_a_rate_that_is_held_back_has_a_band_and_no_line() -> None:
    found = drawing(a_series(weeks=6, rare=True))
    assert found.lines == ()
    assert len(found.band) == 5


def test_the_band_of_a_single_week_can_be_seen() -> None:
    band = drawing(a_series(weeks=2)).band
    assert band[-1][0] - band[0][0] > 0.2


def test_a_week_with_an_alert_has_a_ring() -> None:
    assert [dot.level for dot in drawing(raised(weeks=6)).dots] == [None, None, None, Level.WATCH, Level.ALERT, None]


def test_zero_is_drawn_and_the_unit_stands_at_the_axis(chart: TrendChart) -> None:
    chart.show_series(a_series(weeks=6), rates_to(0.3), -1, "surface")
    assert chart.scale.ticks == ((0.0, "0 %"), (0.15, "15 %"), (0.3, "30 %"))
    assert 0 < chart.y_of(0.3) < chart.y_of(0.0) < chart.height()


def test_a_chart_with_everything_on_it_is_painted(chart: TrendChart) -> None:
    series = raised(weeks=30)
    start = series.weekly[0].start_us
    markers = [Marker(kind, start + n * 3 * WEEK_US, f"support v{n}") for n, kind in enumerate(KINDS)]
    chart.show_series(series, rates_to(0.4), 7, "focusTint", markers_by_week(markers, series))
    plain = TrendChart(Theme.light())
    plain.resize(chart.size())
    assert chart.grab().toImage() != plain.grab().toImage()
    assert chart.week_at(0.0) == 0
    assert chart.week_at(1e6) == 29


def test_the_stack_holds_five_modes_and_the_others_and_adds_up() -> None:
    modes = [a_series(f"m{n}", f"mode {n}", weeks=3, rare=n > 5) for n in range(8)]
    stack = stacked(modes)
    assert stack.weeks == ("W46", "W47")
    assert [part.number for part in stack.parts] == [0, 1, 2, 3, 4, -1]
    assert stack.parts[-1].title == "3 others"
    assert stack.totals[1] == pytest.approx(6 * 6.0 + 2 * 1.0)
    assert stacked([]).weeks == ()


@pytest.fixture
def large(page: TrendsPage, jobs: list[Any]) -> LargeChart:
    """Open a mode with alerts, changes and a control chart large."""
    one = raised(weeks=12)
    limits = Control(0.05, tuple(Usual(point.period, 0.0, 0.2, 0.06) for point in one.weekly[:-1]))
    markers = tuple(Marker(kind, one.weekly[n * 2].start_us, f"support v{n}") for n, kind in enumerate(KINDS))
    page.refresh(Changes(everything=True))
    jobs.pop()(
        Done(Trends((one, a_series(*MODES[0], weeks=12, rare=True)), markers=markers, controls={one.id: limits}))
    )
    build(page)
    page.cards[0].enlarged.emit()
    assert page.large is not None
    assert not page.body.isVisible()
    return page.large


def test_a_press_on_the_large_chart_chooses_the_week(page: TrendsPage, large: LargeChart, qtbot: QtBot) -> None:
    QCoreApplication.processEvents()
    place = large.place_of(6).toPoint()
    qtbot.mouseClick(large.view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert (page.state.mode, page.state.week) == (0, 6)
    qtbot.keyClick(large, Qt.Key.Key_Left)
    assert page.state.week == 5
    with qtbot.waitSignal(page.asked) as asked:
        qtbot.keyClick(large, Qt.Key.Key_Return)
    assert asked.args[1].title == "wrong citation, W51"


def test_the_large_chart_draws_the_control_chart_only_when_asked(page: TrendsPage, large: LargeChart) -> None:
    plain = large.grab().toImage()
    large.with_control.setChecked(True)
    assert large.grab().toImage() != plain
    large.modes.chosen.emit(1)
    assert page.state.mode == 1
    assert large.with_control.isHidden(), "this mode has no control chart"
    page.set_theme(Theme.dark(115))
    assert large.accessibleName() == "unsupported claim"


def test_large_letters_fit_beside_each_other_in_a_narrow_window(page: TrendsPage, large: LargeChart) -> None:
    page.set_theme(Theme.light(130))
    page.resize(830, 800)
    assert large.minimumSizeHint().width() <= 580
    assert page.minimumSizeHint().width() <= 830
