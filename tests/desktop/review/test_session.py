"""The whole session in the transcript column, read with the keys and coded as the one item it belongs to."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from reviewer.desktop.offscreen import Player
from reviewer.desktop.review.session import said_of
from reviewer.model.week import Plan
from reviewer.verbs import weeks
from reviewer.workspace.ask.sessions import SessionTranscript, open_session, turns
from tests.builders import HOUR_US, MONDAY_US, a_trace, a_workspace, own_id, put, said
from tests.desktop.windows import WEEK, a_window, review_of, state_of

WEEK_END = MONDAY_US + 7 * 24 * HOUR_US


def three_turns() -> list:  # type: ignore[type-arg]
    """Return a session of three traces, the second with its own words, and a trace that has no session."""
    return [
        a_trace(1, session_id="talk", question="May an opened headset go back?", model="m-1"),
        a_trace(
            2, session_id="talk", question="And who pays the parcel?", answer="You pay the **parcel** [1].", model="m-2"
        ),
        a_trace(3, session_id="talk", question="How long does the money take?", answer="Five days.", model="m-1"),
        a_trace(4, session_id=None, question="Where is my order?"),
    ]


@pytest.fixture
def player(tmp_path: Path, qtbot: QtBot) -> Iterator[Player]:
    made = three_turns()
    with a_workspace(tmp_path) as workspace:
        put(workspace, made)
        reader = workspace.reader()
        also = [own_id(made[1])]
        workspace.write(weeks.open_week, reader, WEEK, MONDAY_US, WEEK_END, Plan(3, "seed"), also).result()
        reader.close()
    with a_window(workspace.path) as opened:
        state = state_of(opened)
        review_of(opened).do(lambda s: s.go_to(s.order_of(own_id(made[1]))))
        opened.settle()
        assert state.current is not None
        assert state.current.trace == own_id(made[1])
        yield opened


def session(player: Player) -> SessionTranscript:
    transcript = review_of(player).view.transcript
    assert isinstance(transcript, SessionTranscript)
    return transcript


def read_now(player: Player) -> str:
    """Return what the focused message says."""
    view = review_of(player).view
    transcript = view.transcript
    assert transcript is not None
    return transcript.message_text(view.focused_turn, view.focused_thread)


def line(player: Player) -> str:
    shown = review_of(player).panes.above_transcript
    return shown.text if shown is not None and shown.isVisible() else ""


def test_a_key_shows_the_session_at_the_item_and_the_same_key_goes_back(player: Player) -> None:
    player.play("o")
    assert [turn.native_id for turn in session(player).turns.values()] == ["native-1", "native-2", "native-3"]
    assert read_now(player) == "And who pays the parcel?"
    assert line(player) == "Whole session, turn 2 of 3. Your coding is of this turn."
    player.play("o")
    assert not isinstance(review_of(player).view.transcript, SessionTranscript)
    assert read_now(player) == "And who pays the parcel?"
    assert line(player) == ""


def test_the_turn_keys_move_through_all_of_it(player: Player) -> None:
    player.play("o", "g", "g")
    player.play("j")
    assert read_now(player) == "May an opened headset go back?"
    seen = []
    for _ in range(12):
        player.play("j")
        seen.append(read_now(player))
    assert [text for text in seen if text.endswith("?")] == [
        "And who pays the parcel?",
        "How long does the money take?",
    ]
    assert seen[-1] == "Five days."
    player.play("shift+k")
    assert read_now(player) == "And who pays the parcel?"


def test_the_next_trace_of_the_session_is_one_press_away_and_the_item_stays(player: Player) -> None:
    item = state_of(player).current
    player.play("shift+j")
    assert read_now(player) == "How long does the money take?"
    assert line(player) == "You read turn 3 of 3. What you press is about turn 2, the item under review."
    assert state_of(player).current == item
    assert state_of(player).target == item.trace  # type: ignore[union-attr]
    player.play("shift+j")
    assert read_now(player) == "How long does the money take?"


def test_what_is_pressed_in_another_turn_is_said_of_the_item_without_a_place_there(player: Player) -> None:
    item = state_of(player).current
    assert item is not None
    player.play("shift+j", "1", "m")
    assert list(state_of(player).log.coding(item.trace).modes.values()) == [None]
    assert state_of(player).log.coding(item.trace).first_failure is None
    assert "your coding is of the turn that is marked" in review_of(player).note.toast.text()


def test_the_first_failure_in_the_item_is_the_same_place_as_without_the_session(player: Player) -> None:
    item = state_of(player).current
    assert item is not None
    player.play("o", "j", "j", "m")
    found = state_of(player).log.coding(item.trace).first_failure
    assert found is not None
    assert (found.thread, found.message, found.trace) == (0, 4, None)
    player.play("o")
    assert review_of(player).view.current.painter.reading.first_failure == found  # type: ignore[union-attr]


def test_evidence_is_that_of_the_turn_that_is_read_and_only_the_items_documents_are_labelled(player: Player) -> None:
    review = review_of(player)
    player.play("o", "j", "j")
    assert not review.evidence.other_trace
    player.play("shift+j", "]", "r")
    assert review.evidence.other_trace
    assert state_of(player).coding.documents == {}
    player.play("escape", "shift+k", "j", "j", "]", "r")
    assert state_of(player).coding.documents == {0: "relevant"}


def test_an_item_without_a_session_says_so_and_shows_itself(player: Player) -> None:
    alone = next(row for row in state_of(player).rows if row.native_id == "native-4")
    review_of(player).do(lambda state: state.go_to(alone.order))
    player.play("o")
    assert not isinstance(review_of(player).view.transcript, SessionTranscript)
    assert "no session of several traces" in review_of(player).note.toast.text()


def test_the_view_stays_for_the_next_item_and_finding_looks_through_the_session(player: Player) -> None:
    player.play("o")
    alone = next(row for row in state_of(player).rows if row.native_id == "native-4")
    review_of(player).do(lambda state: state.go_to(alone.order))
    player.settle()
    assert line(player) == ""
    first = next(row for row in state_of(player).rows if row.native_id == "native-1")
    review_of(player).do(lambda state: state.go_to(first.order))
    player.settle()
    assert session(player).own == 1
    assert review_of(player).view.find("five days") == 1
    assert read_now(player) == "Five days."


def test_a_long_session_shows_the_turns_around_the_item_and_says_what_is_left_out(tmp_path: Path) -> None:
    with a_workspace(tmp_path) as workspace:
        made = [a_trace(n, session_id="all") for n in range(260)]
        put(workspace, made)
        reader = workspace.reader()
        opened = open_session(reader, own_id(made[230]))
        assert isinstance(opened, SessionTranscript)
        assert len(turns(reader, "all")) == 260
        assert (min(opened.turns), max(opened.turns), opened.own) == (61, 260, 231)
        assert said_of(opened, 0)[0].startswith("Whole session, turn 231 of 260.")
        reader.close()


def test_a_session_numbers_texts_and_calls_of_other_traces_apart_from_those_of_the_item(tmp_path: Path) -> None:
    first = a_trace(1, session_id="talk")
    second = a_trace(2, session_id="talk")
    second.threads[0].messages.append(said("user", "Thanks."))
    with a_workspace(tmp_path) as workspace:
        put(workspace, [first, second])
        reader = workspace.reader()
        opened = open_session(reader, own_id(second))
        assert isinstance(opened, SessionTranscript)
        other = opened.base_of(1)
        assert opened.count() == 6
        assert opened.count(other) == 5
        call = opened.message(2, other).calls[0]
        assert call != opened.message(2).calls[0]
        assert opened.calls[call].call_id == "call-1"
        assert "faq/returns.md" in opened.text_of(opened.calls[call].result)
        assert not opened.has_call(call + 1)
        reader.close()


@pytest.fixture
def of_sessions(tmp_path: Path, qtbot: QtBot) -> Iterator[Player]:
    with a_workspace(tmp_path) as workspace:
        put(workspace, three_turns())
        reader = workspace.reader()
        plan = Plan(10, "seed", unit="session")
        workspace.write(weeks.open_week, reader, WEEK, MONDAY_US, WEEK_END, plan).result()
        reader.close()
    with a_window(workspace.path) as opened:
        first = next(row for row in state_of(opened).rows if row.native_id == "native-1")
        review_of(opened).do(lambda state: state.go_to(first.order))
        opened.settle()
        yield opened


def test_a_week_of_sessions_opens_each_item_as_its_whole_session(of_sessions: Player) -> None:
    player = of_sessions
    assert [row.native_id for row in sorted(state_of(player).rows, key=lambda row: row.native_id)] == [
        "native-1",
        "native-4",
    ]
    assert session(player).is_item
    assert len(session(player).turns) == 3
    assert line(player) == "Session of 3 turns. Your coding is of all of it."
    assert "/2 sessions" in review_of(player).panes.header._of.text()
    player.play("o")
    assert line(player) == "One turn alone. Your coding is of its whole session."


def test_in_a_week_of_sessions_the_first_failure_may_be_in_any_of_its_turns(of_sessions: Player) -> None:
    player = of_sessions
    player.play("shift+j", "j", "1", "m")
    found = state_of(player).coding.first_failure
    assert found is not None
    assert (found.trace, found.thread, found.message) == (own_id(three_turns()[1]), 0, 3)
    assert found.quote == ""
    assert next(iter(state_of(player).coding.modes.values())) == found
    player.play("shift+k")
    marked = review_of(player).view.current.painter.reading  # type: ignore[union-attr]
    assert marked.first_failure.thread == session(player).base_of(2)  # type: ignore[union-attr]
    assert list(marked.chips) == [(session(player).base_of(2), 3)]
    player.play("u", "u", "p")
    coding = state_of(player).log.coding(own_id(three_turns()[0]))
    assert (coding.submitted, coding.first_failure) == (True, None)


def test_a_week_of_traces_that_follows_a_week_of_sessions_shows_its_items_alone(of_sessions: Player) -> None:
    player, review = of_sessions, review_of(of_sessions)
    reader = review.bridge.reader
    review.bridge.write_with_reader(weeks.open_week, "traces", MONDAY_US, WEEK_END, Plan(10, "seed"), (), 0)
    review.bridge.settle()
    assert reader is not None
    review.show_subject("traces")
    player.settle()
    assert not isinstance(review.view.transcript, SessionTranscript)
    assert line(player) == ""
