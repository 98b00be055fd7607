"""The rail: shapes by state, the last ten, and a window that rests while one walks through it."""

from hypothesis import given
from hypothesis import strategies as st

from reviewer.desktop.review.queue import first_row, rail
from tests.desktop.review.states import a_state, paint


def test_marks_follow_the_codings_and_the_rest_is_counted() -> None:
    state, hand = a_state(12)
    state.press_pass()
    paint(state, hand)
    state.press_slot(1)
    state.flag()
    state.submit()
    paint(state, hand)
    state.press_defer()
    rows, more = rail(state, 8, 0)
    assert [row.mark for row in rows] == ["pass", "fail", "defer", "now", "open", "open", "open", "open"]
    assert [row.order for row in rows if row.flagged] == [2]
    assert more == 4


@given(st.integers(1, 80), st.integers(8, 30), st.lists(st.integers(0, 79), max_size=30))
def test_the_current_item_is_always_shown_with_what_comes_before_it(drawn: int, room: int, walk: list[int]) -> None:
    first = 0
    for step in walk:
        index = min(step, drawn - 1)
        first = first_row(index, drawn, room, first)
        assert 0 <= first <= max(0, drawn - 1)
        assert first <= index < first + room
        assert first < index or first == 0 or index >= drawn - room


def test_one_step_leaves_the_window_where_it_is() -> None:
    first = first_row(12, 60, 26, 0)
    assert {first_row(index, 60, 26, first) for index in range(4, 23)} == {0}
    assert first_row(23, 60, 26, 0) == 14
