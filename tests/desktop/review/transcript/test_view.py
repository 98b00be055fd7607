"""Reading a transcript: focus, folds, find, tags, selection and what is copied."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QObject, QSize
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from reviewer.desktop.review.transcript.items import Unit
from reviewer.desktop.review.transcript.view import TranscriptView
from reviewer.desktop.theme import Theme
from reviewer.model.coding import Anchor
from reviewer.model.trace import Message, Thread, Trace
from tests.builders import a_trace, said
from tests.desktop.review.transcript.desk import RESULT, Desk, a_conversation, a_desk, one_message

QUESTION, ANSWER = Unit("part", 0, 1), Unit("part", 0, 6)


@pytest.fixture
def desk(qtbot: QtBot, tmp_path: Path) -> Iterator[Desk]:
    yield from a_desk(qtbot, tmp_path, a_conversation())


def test_the_focus_starts_after_the_system_prompt_and_steps_through_turns_and_calls(desk: Desk) -> None:
    view = desk.view
    seen = []
    for _ in range(6):
        seen.append((view.focused_thread, view.focused_turn, view.focused_call))
        view.next_turn()
    assert seen == [(0, 1, None), (0, 3, 0), (0, 4, 1), (0, 5, 2), (1, 0, None), (0, 6, None)]
    view.last()
    assert view.focused_turn == 8
    view.first()
    assert view.focused_turn == 0


def test_focus_tells_the_turn(desk: Desk, qtbot: QtBot) -> None:
    with qtbot.waitSignal(desk.view.turn_focused, check_params_cb=lambda turn: turn == 6):
        desk.view.focus_turn(6)


def test_the_anchor_is_the_turn_the_call_or_the_selected_characters(desk: Desk) -> None:
    view = desk.view
    view.focus_turn(6)
    assert view.anchor() == Anchor("turn", 0, 6)
    view.focus_turn(4)
    assert view.anchor() == Anchor("call", 0, 4, call=1)
    start, end = desk.of(ANSWER, "30 days")
    desk.drag(start, end)
    anchor = view.anchor()
    text = desk.transcript.message_text(6)
    assert (anchor.kind, anchor.message, anchor.quote) == ("text", 6, "30 days")
    assert anchor.start is not None
    assert text[anchor.start : anchor.end] == "30 days"
    assert text.startswith(anchor.prefix + anchor.quote + anchor.suffix, anchor.start - len(anchor.prefix))


def test_a_result_that_a_message_carries_is_anchored_in_that_message(desk: Desk) -> None:
    view = desk.view
    view.focus_turn(4)
    view.toggle_fold()
    desk.drag(*desk.of(Unit("result", 0, 1), "row 2 of"))
    anchor = view.selection_anchor()
    assert anchor is not None
    assert (anchor.kind, anchor.message, anchor.call, anchor.quote) == ("text", 4, 1, "row 2 of")
    assert desk.transcript.message_text(4)[anchor.start : anchor.end] == "row 2 of"
    desk.drag(*desk.of(Unit("arguments", 0, 1), "open items"))
    anchor = view.selection_anchor()
    assert anchor is not None
    assert (anchor.kind, anchor.call, anchor.quote) == ("call", 1, "open items")


def test_a_selection_goes_across_messages_and_is_copied_as_stored(desk: Desk) -> None:
    start, _ = desk.of(QUESTION, "order")
    _, end = desk.of(ANSWER, "30 days")
    desk.drag(start, end)
    desk.view.copy()
    copied = QGuiApplication.clipboard().text()
    assert copied == "order** 48213?\n\nIt was opened.\n\nOpened items go back within *30 days"


def test_the_same_selection_backwards_is_the_same(desk: Desk) -> None:
    start, _ = desk.of(QUESTION, "order")
    _, end = desk.of(ANSWER, "30 days")
    desk.drag(start, end)
    forwards = desk.view.selected_text()
    desk.drag(end, start)
    assert desk.view.selected_text() == forwards


def test_a_click_on_a_call_opens_it_and_the_row_below_shows_the_rest(desk: Desk) -> None:
    view = desk.view
    assert view.current is not None
    view.focus_turn(4)
    before = view.current.layout.height
    view.toggle_fold()
    opened = view.current.layout.height
    assert opened > before + 12 * view.style_of_text.mono_line
    view.toggle_fold()
    assert view.current.layout.height > opened
    desk.view.find("row 39 of")
    desk.of(Unit("result", 0, 1), "row 39 of")


def test_copy_original_gives_the_stored_text(desk: Desk) -> None:
    desk.view.focus_turn(1)
    desk.view.copy_original()
    assert QGuiApplication.clipboard().text() == desk.transcript.message_text(1)
    desk.view.focus_turn(4)
    assert desk.view.original_text() == '{"query": "open items", "k": 40}\n\n' + RESULT


@pytest.mark.parametrize(
    "text",
    ["a\u2028b\u2029c", "nul\x00 here", "one\r\ntwo\r\n", "tab\tand\x85nel", "\ufeffbom", "# heading\n\n\n\n> *q*\n"],
)
def test_what_is_copied_is_stored_to_the_byte(qtbot: QtBot, tmp_path: Path, text: str) -> None:
    for desk in a_desk(qtbot, tmp_path, one_message("start " + text + " end")):
        desk.view.copy_original()
        assert QGuiApplication.clipboard().text() == "start " + text + " end"
        unit = Unit("part", 0, 0)
        start, _ = desk.of(unit, "start")
        _, end = desk.of(unit, "end")
        desk.drag(start, end)
        assert desk.view.selected_text() == "start " + text + " end"


def test_find_counts_every_hit_and_opens_what_hides_it(desk: Desk) -> None:
    view = desk.view
    assert view.find("PARCEL") == 41
    assert view.find("about returns") == 40
    assert view.focused_turn == 0
    desk.of(Unit("part", 0, 0), "You answer")
    assert view.find("two boxes") == 1
    assert (view.focused_thread, view.focused_turn) == (1, 1)
    assert view.find("not in here at all") == 0
    assert view.find_next() is None


def test_find_next_goes_round(desk: Desk) -> None:
    view = desk.view
    assert view.find("label") == 2
    assert [view.find_next(), view.find_next(), view.find_next(-1)] == [1, 0, 1]


def test_tags_are_seen_below_their_turn(desk: Desk) -> None:
    view = desk.view
    assert view.current is not None
    text = desk.transcript.message_text(6)
    start = text.index("30 days")
    clean, height = desk.screen(), view.current.layout.height
    view.set_tags([("1", "unsupported claim", Anchor("text", 0, 6, start=start, end=start + 7, quote="30 days"))])
    tagged = desk.screen()
    assert tagged != clean
    assert view.current.layout.height == height + view.theme.px(34)
    view.changed()
    assert desk.screen() == tagged, "what was repainted in bands is what a full repaint gives"
    view.set_tags([])
    assert desk.screen() == clean
    view.changed()
    assert desk.screen() == clean


def test_an_anchor_whose_text_moved_is_found_by_its_quote(desk: Desk) -> None:
    clean = desk.screen()
    desk.view.set_tags([("1", "claim", Anchor("text", 0, 6, start=0, end=7, quote="30 days", prefix="within *"))])
    moved = desk.screen()
    text = desk.transcript.message_text(6)
    start = text.index("30 days")
    desk.view.set_tags([("1", "claim", Anchor("text", 0, 6, start=start, end=start + 7, quote="30 days"))])
    assert desk.screen() == moved != clean


def test_support_lights_words_without_moving_anything(desk: Desk) -> None:
    assert desk.view.current is not None
    height, clean = desk.view.current.layout.height, desk.screen()
    desk.view.set_support(6, [(0, 20)], [(45, 60)])
    assert desk.screen() != clean
    assert desk.view.current.layout.height == height
    desk.view.set_support(6, [], [])
    assert desk.screen() == clean


def test_raw_shows_the_signs_of_markdown(desk: Desk) -> None:
    view = desk.view
    view.focus_turn(1)
    start, end = desk.of(QUESTION, "order")
    view.toggle_raw()
    assert desk.of(QUESTION, "**order**")
    view.toggle_raw()
    assert desk.of(QUESTION, "order") == (start, end)


def test_zen_shows_one_turn_alone_and_steps(desk: Desk) -> None:
    view = desk.view
    view.focus_turn(6)
    view.set_zen(True)
    desk.of(ANSWER, "30 days")
    with pytest.raises(AssertionError):
        desk.of(QUESTION, "order")
    view.next_turn()
    desk.of(Unit("part", 0, 7), "Thanks")
    view.set_zen(False)
    desk.of(Unit("part", 0, 7), "Thanks")


def test_a_sub_agent_unfolds_in_place(desk: Desk) -> None:
    view = desk.view
    view.focus_turn(1, thread=1)
    desk.of(Unit("part", 1, 1), "two boxes")
    assert (view.focused_thread, view.focused_turn) == (1, 1)
    view.previous_turn()
    view.previous_turn()
    view.toggle_fold()
    with pytest.raises(AssertionError):
        desk.of(Unit("part", 1, 1), "two boxes")


def test_a_citation_and_a_link_are_asked_for_and_nothing_opens(desk: Desk, qtbot: QtBot) -> None:
    for words, target in (("[1]", "cite:1"), ("label", "http://example.org/l")):
        start, end = desk.of(ANSWER, words)
        with qtbot.waitSignal(desk.view.link_asked) as asked:
            desk.click((start + end) / 2)
        assert asked.args == [target]


def test_a_theme_or_scale_keeps_the_place_and_the_focus(desk: Desk) -> None:
    desk.view.focus_turn(8)
    desk.view.set_theme(Theme.dark(scale=130))
    assert desk.view.focused_turn == 8
    desk.of(Unit("part", 0, 8), "Done")


def test_a_prepared_transcript_looks_as_one_that_was_not(desk: Desk, qtbot: QtBot) -> None:
    cold = desk.screen()
    prepared = desk.view.prepare(desk.transcript)
    qtbot.waitUntil(lambda: prepared.ready)
    desk.view.show_transcript(desk.transcript, prepared)
    assert desk.view.current is not None
    assert desk.view.current.picture is not None
    assert desk.screen() == cold
    desk.view.next_turn()
    assert desk.screen() != cold


def test_a_half_prepared_transcript_does_not_turn_up_later(desk: Desk, qtbot: QtBot) -> None:
    prepared = desk.view.prepare(desk.transcript)
    other = desk.view.prepare(desk.transcript)
    next(prepared.work())
    desk.view.show_transcript(desk.transcript, prepared)
    desk.view.next_turn()
    moved = desk.screen()
    qtbot.waitUntil(lambda: other.ready)
    assert desk.screen() == moved


def test_a_layout_made_for_another_size_is_not_used(desk: Desk, qtbot: QtBot) -> None:
    cold = desk.screen()
    prepared = desk.view.prepare(desk.transcript, QSize(300, 300))
    qtbot.waitUntil(lambda: prepared.ready)
    desk.view.show_transcript(desk.transcript, prepared)
    assert desk.screen() == cold


def many(count: int) -> Trace:
    messages: list[Message] = []
    for n in range(count // 2):
        messages += [
            said("user", f"question {n}: " + "word " * (n % 90)),
            said("assistant", f"- answer {n}\n\n" + "x " * (n % 70)),
        ]
    return a_trace(1, threads=[Thread(messages)], documents=[])


def test_scrolling_there_and_back_is_exact_however_wrong_the_guesses(qtbot: QtBot, tmp_path: Path) -> None:
    for desk in a_desk(qtbot, tmp_path, many(400), height=700):
        start = desk.screen()
        for _ in range(40):
            desk.view.scroll_by(137)
        for _ in range(39):
            desk.view.scroll_by(-137)
        one = desk.screen()
        desk.view.scroll_by(-137)
        assert desk.screen() == start
        desk.view.scroll_by(137)
        assert desk.screen() == one


def test_what_is_read_stays_put_while_heights_are_corrected(qtbot: QtBot, tmp_path: Path) -> None:
    for desk in a_desk(qtbot, tmp_path, many(400), height=700):
        desk.view.focus_turn(301)
        where = desk.of(Unit("part", 0, 301), "answer 150")
        desk.view.scroll_by(-50)
        assert desk.of(Unit("part", 0, 301), "answer 150")[0].y() == where[0].y() + 50


def test_the_last_turn_of_many_is_reached_and_nothing_gapes_below(qtbot: QtBot, tmp_path: Path) -> None:
    for desk in a_desk(qtbot, tmp_path, many(1000), height=700):
        view = desk.view
        assert view.current is not None
        assert not view.current.layout.complete, "a long transcript is built as it is needed"
        view.last()
        assert view.focused_turn == 999
        assert view.verticalScrollBar().value() == view.verticalScrollBar().maximum()
        view.page(-1)
        assert view.verticalScrollBar().value() < view.verticalScrollBar().maximum()


@pytest.mark.parametrize("forgotten", [None, 1])
def test_empty_and_forgotten_traces_say_so(qtbot: QtBot, tmp_path: Path, forgotten: int | None) -> None:
    for desk in a_desk(qtbot, tmp_path, a_trace(1, threads=[], documents=[])):
        view = desk.view
        empty = desk.screen()
        desk.transcript.about = desk.transcript.about._replace(forgotten_us=forgotten)
        view.show_transcript(desk.transcript)
        assert (desk.screen() == empty) is (forgotten is None)
        assert len(set(empty)) > 10, "something is written"
        assert (view.focused_turn, view.anchor()) == (-1, Anchor("turn"))
        for press in (view.next_turn, view.previous_turn, view.last, view.toggle_fold, view.toggle_raw, view.copy):
            press()
        assert view.find("x") == 0


def test_idle_work_waits_until_the_page_is_painted(desk: Desk, qtbot: QtBot) -> None:
    order: list[str] = []

    class Watch(QObject):
        def eventFilter(self, watched: QObject, event: QEvent) -> bool:
            if event.type() == QEvent.Type.Paint:
                order.append("paint")
            return False

    def work() -> Iterator[None]:
        order.append("work")
        yield

    watch = Watch()
    view = TranscriptView(Theme.light())
    qtbot.addWidget(view)
    view.viewport().installEventFilter(watch)
    view.resize(583, 900)
    view.show()
    view.show_transcript(desk.transcript)
    view.work_later(work())
    time.sleep(0.05)  # the machine is slow: the work is due before the first paint
    qtbot.waitUntil(lambda: "work" in order)
    view.clear()
    assert order[0] == "paint"
