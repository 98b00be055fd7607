"""What a reviewer says, folded; and what a press means."""

from hypothesis import given
from hypothesis import strategies as st

from reviewer.model.coding import (
    Anchor,
    Coding,
    CodingEvent,
    CodingKey,
    Said,
    Speaker,
    Verdict,
    active,
    fold,
    history,
    missing_before_submit,
    press_mode,
    press_pass,
)
from reviewer.model.ids import ModeId, TraceId, WeekName

KEY = CodingKey(TraceId("t"), WeekName("w"), "ann")
SPEAKER = Speaker(KEY, 3, "hash")
LOOPING, CLAIM = ModeId("looping"), ModeId("unsupported_claim")


def undo(events: list[CodingEvent], press: str) -> list[CodingEvent]:
    return [*events, *SPEAKER.say(9, (Said.UNDO, {"press": press}))]


def test_a_mode_sets_fail_with_it_when_there_is_no_verdict_yet() -> None:
    coding = fold(SPEAKER.say(1, *press_mode(Coding(), LOOPING)))
    assert coding.verdict is Verdict.FAIL
    assert list(coding.modes) == [LOOPING]
    assert not coding.submitted


def test_a_mode_leaves_a_verdict_that_was_given() -> None:
    events = SPEAKER.say(1, (Said.VERDICT, "defer"))
    events += SPEAKER.say(2, *press_mode(fold(events), LOOPING))
    assert fold(events).verdict is Verdict.DEFER


def test_the_same_mode_again_takes_it_off() -> None:
    events = SPEAKER.say(1, *press_mode(Coding(), LOOPING))
    events += SPEAKER.say(2, *press_mode(fold(events), LOOPING))
    assert fold(events).modes == {}
    assert fold(events).verdict is Verdict.FAIL


def test_pass_submits_at_once_unless_something_is_tagged() -> None:
    said, done = press_pass(Coding())
    assert done
    assert fold(SPEAKER.say(5, *said)).submitted_us == 5
    said, done = press_pass(Coding(modes={LOOPING: None}))
    assert not done
    assert [s for s, _ in said] == [Said.VERDICT]


def test_a_submit_needs_a_verdict_and_the_required_scores() -> None:
    assert missing_before_submit(Coding(), ["safety"]) == ["verdict", "safety"]
    assert missing_before_submit(Coding(verdict=Verdict.PASS, scores={"safety": 1}), ["safety"]) == []


def test_one_press_is_undone_as_one() -> None:
    events = SPEAKER.say(1, *press_mode(Coding(), LOOPING))
    assert fold(undo(events, events[0].press)).is_empty


def test_undo_of_a_submit_opens_the_coding_again() -> None:
    events = SPEAKER.say(1, *press_pass(Coding())[0])
    assert not fold(undo(events, events[0].press)).submitted


def test_redo_brings_back_what_undo_took() -> None:
    events = SPEAKER.say(1, *press_mode(Coding(), LOOPING))
    before = fold(events)
    events = undo(events, history(events).undoable[-1])
    events = undo(events, history(events).redoable[-1])
    assert fold(events) == before
    assert history(events).redoable == ()


def test_a_new_word_ends_what_could_be_redone() -> None:
    events = SPEAKER.say(1, *press_mode(Coding(), LOOPING))
    events = undo(events, events[0].press)
    events += SPEAKER.say(3, *press_mode(Coding(), CLAIM))
    assert history(events).redoable == ()
    assert list(fold(events).modes) == [CLAIM]


def test_anchors_survive_storage() -> None:
    anchor = Anchor("text", message=3, start=5, end=9, quote="45 d", prefix="get ")
    events = SPEAKER.say(1, *press_mode(Coding(), LOOPING, anchor))
    assert fold(events).modes[LOOPING] == anchor


@st.composite
def sayings(draw: st.DrawFn) -> list[CodingEvent]:
    events: list[CodingEvent] = []
    for at in range(draw(st.integers(0, 14))):
        step = draw(st.integers(0, 5))
        now, past = fold(events), history(events)
        if step == 0 and past.undoable:
            events = undo(events, past.undoable[-1])
        elif step == 1 and past.redoable:
            events = undo(events, past.redoable[-1])
        elif step == 2:
            events += SPEAKER.say(at, *press_pass(now)[0])
        elif step == 3:
            events += SPEAKER.say(at, (Said.SCORE, {"name": "safety", "value": draw(st.sampled_from([None, 1, 2]))}))
        elif step == 4:
            events += SPEAKER.say(at, (Said.NOTE, draw(st.text(max_size=5))))
        else:
            events += SPEAKER.say(at, *press_mode(now, draw(st.sampled_from([LOOPING, CLAIM]))))
    return events


@given(sayings())
def test_undo_then_redo_changes_nothing(events: list[CodingEvent]) -> None:
    past = history(events)
    if not past.undoable:
        return
    undone = undo(events, past.undoable[-1])
    again = undo(undone, history(undone).redoable[-1])
    assert fold(again) == fold(events)
    assert history(again).undoable == past.undoable


@given(sayings())
def test_undo_all_the_way_leaves_nothing(events: list[CodingEvent]) -> None:
    while history(events).undoable:
        events = undo(events, history(events).undoable[-1])
    assert fold(events).is_empty
    assert active(events) == []
