"""The heart of the review screen: what a press says, of which item, and what undo brings back."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reviewer.desktop.review.state import Notice, Repaint, ReviewState
from reviewer.errors import StorageFull
from reviewer.model.calls import ExpectedCall
from reviewer.model.coding import Anchor, Coding, Said, Verdict, fold
from reviewer.model.ids import ModeId, TraceId
from reviewer.model.taxonomy import EMPTY
from tests.desktop.review.states import Hand, a_list, a_row, a_state, paint

T1, T2, T3 = TraceId("t1"), TraceId("t2"), TraceId("t3")


def test_a_clean_pass_is_one_press_and_goes_on() -> None:
    state, _ = a_state()
    repaint = state.press_pass()
    assert Repaint.ITEM in repaint
    assert state.current is not None
    assert state.current.trace == T2
    assert state.log.coding(T1).verdict is Verdict.PASS
    assert state.log.coding(T1).submitted


def test_a_fail_with_two_modes_is_three_presses() -> None:
    state, _ = a_state()
    state.press_slot(1)
    state.press_slot(2)
    assert state.coding.verdict is Verdict.FAIL
    state.submit()
    assert list(state.log.coding(T1).modes) == ["mode_1", "mode_2"]
    assert state.log.coding(T1).submitted
    assert state.index == 1


def test_pass_on_a_tagged_item_only_sets_the_verdict() -> None:
    state, _ = a_state()
    state.press_slot(1)
    state.press_pass()
    assert state.index == 0
    assert state.coding.verdict is Verdict.PASS
    assert not state.coding.submitted


def test_a_slot_without_a_mode_says_nothing() -> None:
    state, _ = a_state()
    assert state.press_slot(9) is Repaint.NOTHING
    state.press_slot(11)
    assert list(state.coding.modes) == ["mode_11"]


def test_a_required_score_holds_back_both_enter_and_pass() -> None:
    state, hand = a_state(taxonomy=a_list(required=True))
    state.press_pass()
    assert state.index == 0
    assert state.notice is not None
    assert state.notice.missing == ("groundedness",)
    state.enter_scores()
    state.press_digit(4)
    state.submit()
    assert state.log.coding(T1).scores == {"groundedness": 4}
    assert state.index == 1
    paint(state, hand)
    state.submit()
    assert state.notice.missing == ("verdict", "groundedness")
    assert state.index == 1


def test_digits_are_scores_in_order_then_modes_again() -> None:
    state, _ = a_state()
    state.enter_scores()
    assert state.score_focus == "groundedness"
    state.press_digit(9)
    assert state.notice is not None
    assert state.notice.kind == "off_scale"
    assert state.score_focus == "groundedness"
    state.press_digit(2)
    assert state.score_focus == "helpfulness"
    state.press_digit(5)
    assert state.score_focus is None
    assert state.coding.scores == {"groundedness": 2, "helpfulness": 5}


def test_defer_goes_on_and_does_not_count() -> None:
    state, _ = a_state()
    state.press_defer()
    assert state.index == 1
    assert not state.log.coding(T1).counts
    assert state.standing.deferred == 1


def test_a_press_before_the_next_item_is_painted_belongs_to_the_one_on_screen() -> None:
    state, hand = a_state()
    state.press_pass()  # t2 is current, t1 is still on screen
    state.press_slot(1)
    assert list(state.log.coding(T1).modes) == ["mode_1"]
    assert state.log.coding(T2).is_empty
    paint(state, hand)
    state.press_slot(2)
    assert list(state.log.coding(T2).modes) == ["mode_2"]


def test_a_submit_before_the_paint_or_right_after_it_is_ignored() -> None:
    state, hand = a_state()
    state.press_pass()
    for press in (state.press_pass, state.press_defer, state.submit):
        assert press() is Repaint.NOTHING
    state.painted(T2)
    hand.ms += 149
    assert state.press_pass() is Repaint.NOTHING
    assert state.log.coding(T2).is_empty
    hand.ms += 1
    state.press_pass()
    assert state.log.coding(T2).submitted


def test_moving_submits_nothing_and_stops_at_the_ends() -> None:
    state, _ = a_state(2)
    assert state.step(-1) is Repaint.NOTHING
    assert Repaint.ITEM in state.step(1)
    assert state.step(1) is Repaint.NOTHING
    assert state.log.events == []


def test_going_on_skips_what_is_done_and_the_last_submit_ends_the_week() -> None:
    state, hand = a_state(3)
    state.go_to(2)
    paint(state, hand)
    state.press_pass()
    assert state.current is not None
    assert state.current.trace == T3
    paint(state, hand)
    state.press_pass()
    assert state.current.trace == T1
    paint(state, hand)
    state.press_pass()
    assert state.notice is not None
    assert state.notice.kind == "week_done"
    assert state.standing.submitted == 3


def test_enter_on_a_submitted_item_says_nothing_new() -> None:
    state, hand = a_state()
    state.press_pass()
    paint(state, hand)
    state.step(-1)
    paint(state, hand)
    before = len(state.log.events)
    state.submit()
    assert len(state.log.events) == before
    assert state.index == 1


def test_a_correction_is_submitted_again() -> None:
    state, hand = a_state()
    state.press_pass()
    paint(state, hand)
    state.step(-1)
    paint(state, hand)
    state.press_slot(1)
    state.press_fail()
    state.submit()
    assert state.log.events[-1].said is Said.SUBMIT
    assert state.log.coding(T1).verdict is Verdict.FAIL


def test_undo_walks_over_items_and_jumps_there() -> None:
    state, hand = a_state()
    state.press_slot(1)
    state.submit()
    paint(state, hand)
    state.press_slot(2)
    assert state.undo() & Repaint.CODING
    assert state.log.coding(T2).is_empty
    assert Repaint.ITEM in state.undo()  # the submit of t1
    assert state.current is not None
    assert state.current.trace == T1
    assert not state.log.coding(T1).submitted
    state.undo()
    assert state.log.coding(T1).is_empty
    state.undo()
    assert state.notice is not None
    assert state.notice.kind == "nothing_to_undo"
    for _ in range(3):
        state.redo()
    assert state.log.coding(T1).submitted
    assert list(state.log.coding(T2).modes) == ["mode_2"]
    assert state.current.trace == T2
    state.redo()
    assert state.notice.kind == "nothing_to_redo"


def test_undo_goes_on_after_a_restart() -> None:
    state, _ = a_state()
    state.press_slot(1)
    state.submit()
    again, _ = a_state(events=state.log.events)
    again.undo()
    again.undo()
    assert again.log.coding(T1) == Coding()
    again.redo()
    assert list(again.log.coding(T1).modes) == ["mode_1"]


def test_the_first_failure_anchors_the_mode_tagged_last() -> None:
    state, _ = a_state()
    state.press_slot(1)
    state.press_slot(2)
    anchor = Anchor("call", message=4, call=1)
    state.first_failure(anchor)
    assert state.coding.first_failure == anchor
    assert state.coding.modes == {"mode_1": None, "mode_2": anchor}
    state.undo()
    assert state.coding.first_failure is None
    assert state.coding.modes == {"mode_1": None, "mode_2": None}


def test_notes_answers_labels_flags_and_proposals_are_kept() -> None:
    state, _ = a_state()
    state.write_note("two lines\nof it")
    assert state.write_note("two lines\nof it") is Repaint.NOTHING
    state.write_expected("30 days")
    state.label(1, "relevant")
    state.label(2, "missing")
    assert state.label(2, "missing") is Repaint.NOTHING
    state.label(2, None)
    state.flag()
    state.propose("  ignores   the date ")
    assert state.propose("  ") is Repaint.NOTHING
    coding = state.coding
    assert (coding.note, coding.expected, coding.documents) == ("two lines\nof it", "30 days", {1: "relevant"})
    assert coding.flagged
    assert coding.proposed == ("ignores the date",)


def test_expected_calls_are_kept_and_what_cannot_be_read_waits_to_be_mended() -> None:
    state, _ = a_state()
    state.write_expected_calls('lookup {"order": "0042"}\nescalate', T1)
    assert state.coding.expected_calls == (ExpectedCall("lookup", {"order": "0042"}), ExpectedCall("escalate"))
    assert state.write_expected_calls(state.expected_calls(T1), T1) is Repaint.NOTHING
    assert state.write_expected_calls("lookup {", T1) is Repaint.NOTICE
    assert state.notice == Notice("half_written")
    assert state.expected_calls(T1) == "lookup {"
    assert len(state.coding.expected_calls) == 2
    state.write_expected_calls("", T1)
    assert (state.coding.expected_calls, state.expected_calls(T1)) == ((), "")
    state.undo()
    assert len(state.coding.expected_calls) == 2


def test_blind_reading_reveals_after_the_submit_and_later_words_are_assisted() -> None:
    state, hand = a_state()
    assert not state.reveals
    state.press_pass()
    paint(state, hand)
    state.step(-1)
    paint(state, hand)
    assert state.reveals
    state.revealed(T1)
    state.press_slot(1)
    assert [event.reading for event in state.log.of(T1)][:2] == ["blind", "blind"]
    assert state.log.of(T1)[-1].reading == "assisted"
    again, _ = a_state(events=state.log.events)
    again.press_fail()
    assert again.log.of(T1)[-1].reading == "assisted"
    sighted, _ = a_state(blind=False)
    assert sighted.reveals


def test_a_failed_write_keeps_the_draft_and_its_order() -> None:
    state, _ = a_state()
    state.press_slot(1)
    first = state.saving.next_batch()
    state.press_slot(2)
    assert state.saving.next_batch() == []
    state.failed(StorageFull("The disk is full."))
    assert state.saving.next_batch() == []
    assert list(state.coding.modes) == ["mode_1", "mode_2"]
    state.saving.try_again()
    batch = state.saving.next_batch()
    assert batch[: len(first)] == first
    assert [event.value.get("mode") for event in batch if event.said is Said.MODE_ON] == ["mode_1", "mode_2"]
    state.saved()
    assert state.saving.all_saved
    assert state.saving.failure is None


def test_a_new_press_tries_again_by_itself() -> None:
    state, _ = a_state()
    state.press_slot(1)
    state.saving.next_batch()
    state.failed(StorageFull("The disk is full."))
    state.press_slot(2)
    assert len(state.saving.next_batch()) == 3


def test_a_reload_keeps_the_place_and_what_is_not_on_disk_yet() -> None:
    state, hand = a_state(3)
    state.step(1)
    paint(state, hand)
    state.press_slot(1)
    state.reload([a_row(n) for n in range(1, 6)], [], a_list())
    assert state.current is not None
    assert state.current.trace == T2
    assert list(state.coding.modes) == ["mode_1"]
    assert state.standing.drawn == 5


def test_without_a_list_coding_is_open_and_modes_say_nothing() -> None:
    state, _ = a_state(taxonomy=EMPTY)
    assert state.open_coding
    assert state.press_slot(1) is Repaint.NOTHING
    state.enter_scores()
    assert state.score_focus is None
    assert state.press_digit(1) is Repaint.NOTHING


def test_the_notes_of_the_week_come_with_the_latest_item_first() -> None:
    state, hand = a_state(taxonomy=EMPTY)
    state.write_note("books before the user said yes")
    state.press_fail()
    state.submit()
    paint(state, hand)
    state.write_note("asks twice")
    assert state.notes() == [(2, "open", "asks twice"), (1, "fail", "books before the user said yes")]


def test_an_empty_week_takes_every_press_in_silence() -> None:
    state, _ = a_state(0)
    for press in (state.press_pass, state.press_fail, state.press_defer, state.submit, state.flag, state.undo,
                  state.go_to_first_open, state.go_to_next_deferred):  # fmt: skip
        press()
    for silent in (state.press_slot(1), state.step(1), state.write_note("x"), state.write_expected("x"),
                   state.label(1, "relevant"), state.first_failure(Anchor("turn", message=0)),
                   state.press_score("groundedness", 2)):  # fmt: skip
        assert silent is Repaint.NOTHING
    assert state.log.events == []
    assert state.coding == Coding()


def test_the_pace_is_the_median_and_leaves_breaks_out() -> None:
    state, hand = a_state(6)
    for seconds in (40, 50, 3600, 60):
        state.press_pass()
        paint(state, hand, seconds * 1000)
    assert state.standing.seconds_each is None
    state.press_pass()
    assert state.standing.seconds_each == 50


def test_the_deferred_are_found_one_after_the_other() -> None:
    state, hand = a_state(3)
    for _ in range(2):
        state.press_defer()
        paint(state, hand)
    state.go_to_next_deferred()
    assert state.index == 0
    state.go_to_next_deferred()
    assert state.index == 1
    assert Repaint.ITEM in state.go_to_first_open()
    assert state.index == 2


PRESSES: list[Callable[[ReviewState], Any]] = [
    ReviewState.press_pass,
    ReviewState.press_fail,
    ReviewState.press_defer,
    ReviewState.submit,
    ReviewState.undo,
    ReviewState.redo,
    ReviewState.flag,
    ReviewState.enter_scores,
    ReviewState.leave_scores,
    lambda s: s.press_slot(1),
    lambda s: s.press_slot(2, Anchor("text", message=1, start=0, end=3, quote="abc")),
    lambda s: s.press_digit(3),
    lambda s: s.write_note(f"note {len(s.log.events)}"),
    lambda s: s.write_expected("answer"),
    lambda s: s.write_expected_calls("lookup", T1),
    lambda s: s.label(0, "relevant"),
    lambda s: s.first_failure(Anchor("turn", message=2)),
    lambda s: s.propose("new"),
    lambda s: s.step(1),
    lambda s: s.step(-1),
]


def play(state: ReviewState, hand: Hand, script: list[tuple[int, bool]]) -> None:
    for which, painted in script:
        PRESSES[which](state)
        if painted:
            paint(state, hand)


SCRIPTS = st.lists(st.tuples(st.integers(0, len(PRESSES) - 1), st.booleans()), max_size=40)


def codings(state: ReviewState) -> dict[TraceId, Coding]:
    return {row.trace: state.log.coding(row.trace) for row in state.rows}


@settings(max_examples=150, deadline=None)
@given(SCRIPTS)
def test_what_is_shown_is_the_fold_of_what_was_sent(script: list[tuple[int, bool]]) -> None:
    state, hand = a_state()
    play(state, hand, script)
    sent = state.saving.next_batch()
    for row in state.rows:
        assert fold([event for event in sent if event.key.trace == row.trace]) == state.log.coding(row.trace)


@settings(max_examples=150, deadline=None)
@given(SCRIPTS, st.integers(1, 60))
def test_undo_then_redo_gives_the_same_coding(script: list[tuple[int, bool]], depth: int) -> None:
    state, hand = a_state()
    play(state, hand, script)
    before = codings(state)
    depth = min(depth, len(state.log.history().undoable))
    for _ in range(depth):
        state.undo()
    for _ in range(depth):
        state.redo()
    assert codings(state) == before


@settings(max_examples=100, deadline=None)
@given(SCRIPTS)
def test_undoing_everything_leaves_nothing_said(script: list[tuple[int, bool]]) -> None:
    state, hand = a_state()
    play(state, hand, script)
    for _ in range(len(state.log.history().undoable)):
        state.undo()
    assert all(coding.is_empty for coding in codings(state).values())


@pytest.mark.parametrize("mode", ["mode_1", "mode_3"])
def test_a_mode_by_its_id_is_the_same_as_by_its_key(mode: str) -> None:
    state, _ = a_state()
    state.press_mode(ModeId(mode))
    assert list(state.coding.modes) == [mode]
    assert state.mode_focus == mode
    state.press_mode(ModeId(mode))
    assert not state.coding.modes
    assert state.coding.verdict is Verdict.FAIL
