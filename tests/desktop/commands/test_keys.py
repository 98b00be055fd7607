"""Keys: sequences, layers, conflicts, profiles, and presses on other layouts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent

from reviewer.desktop.commands.keys import (
    PROFILES,
    Answer,
    Conflict,
    Keymap,
    Matcher,
    Profile,
    Trie,
    load_profile,
    parse_profile,
)
from reviewer.desktop.commands.press import caps, qt_press, words
from reviewer.desktop.commands.table import COMMANDS
from reviewer.errors import BadInput


@pytest.fixture
def keymap() -> Keymap:
    return Keymap(load_profile("default"))


def test_a_sequence_is_partial_until_its_last_key(keymap: Keymap) -> None:
    matcher = Matcher(keymap)
    assert matcher.press(["g"], "review") == (Answer.PARTIAL, None)
    assert matcher.press(["g"], "review") == (Answer.EXACT, "turn.first")
    assert matcher.press(["shift+g"], "review") == (Answer.EXACT, "turn.last")


def test_a_key_that_does_not_go_on_starts_anew(keymap: Keymap) -> None:
    matcher = Matcher(keymap)
    matcher.press(["g"], "review")
    assert matcher.press(["p"], "review") == (Answer.EXACT, "review.pass")
    matcher.press(["g"], "review")
    assert matcher.press(["f9"], "review") == (Answer.NONE, None)
    assert matcher.press(["g"], "review") == (Answer.PARTIAL, None)


def test_single_letters_sleep_while_a_field_has_the_focus(keymap: Keymap) -> None:
    matcher = Matcher(keymap)
    for key in ("p", "1", "enter", "?", "/", "u", "space", "shift+1", "ctrl+z"):
        assert matcher.press([key], "text") == (Answer.NONE, None), key
    assert matcher.press(["ctrl+enter"], "text") == (Answer.EXACT, "review.submit_typing")
    assert matcher.press(["escape"], "text") == (Answer.EXACT, "leave")


def test_document_labels_live_in_the_evidence_layer_alone(keymap: Keymap) -> None:
    assert keymap.trie("review").find(["r"]) == (Answer.NONE, None)
    assert keymap.trie("evidence").find(["r"]) == (Answer.EXACT, "document.relevant")
    assert keymap.trie("evidence").find(["p"]) == (Answer.EXACT, "review.pass")


def test_digits_are_scores_only_while_scores_are_given() -> None:
    for name in PROFILES:
        keymap = Keymap(load_profile(name))
        assert keymap.trie("scores").find(["2"]) == (Answer.EXACT, "score.2")
        assert keymap.trie("scores").find(["n"]) == (Answer.EXACT, "write.note")
        assert keymap.trie("review").find(["2"])[1] != "score.2"


def test_no_review_key_does_anything_on_another_page(keymap: Keymap) -> None:
    assert keymap.trie("pages").find(["p"]) == (Answer.NONE, None)
    assert keymap.trie("pages").find(["ctrl+k"]) == (Answer.EXACT, "palette")


@pytest.mark.parametrize("name", PROFILES)
def test_every_profile_is_without_conflict_and_leaves_backspace_and_delete_alone(name: str) -> None:
    keymap = Keymap(load_profile(name))
    for layer in ("review", "evidence", "scores", "text", "pages"):
        for key in ("backspace", "delete", "shift+delete", "ctrl+backspace"):
            assert keymap.trie(layer).find([key]) == (Answer.NONE, None)


def test_profiles_do_what_their_users_know() -> None:
    prodigy = Keymap(load_profile("prodigy")).trie("review")
    assert [prodigy.find([k])[1] for k in ("a", "x", "space")] == ["review.pass", "review.fail", "review.defer"]
    skills = Keymap(load_profile("evals-skills")).trie("review")
    assert [skills.find([k])[1] for k in ("1", "2", "shift+1")] == ["review.pass", "review.fail", "review.tag.1"]
    azerty = Keymap(load_profile("azerty")).trie("review")
    assert [azerty.find([k])[1] for k in ("&", "à")] == ["review.tag.1", "review.tag.10"]


@pytest.mark.parametrize(
    ("keys", "named"),
    [
        ({"review.fail": ("p",)}, "review.pass"),
        ({"review.fail": ("g",)}, "turn.first"),
        ({"review.fail": ("p x",)}, "review.pass"),
        ({"review.fail": ("r",)}, "document.relevant"),
        ({"review.fail": ("backspace",)}, "backspace"),
    ],
)
def test_conflicts_are_refused_by_name(keys: dict[str, tuple[str, ...]], named: str) -> None:
    with pytest.raises(Conflict, match=named):
        Keymap(Profile("mine", "Mine", keys))


def test_a_profile_with_an_unknown_command_is_refused() -> None:
    with pytest.raises(BadInput, match="no_such"):
        parse_profile('[keys]\n"no_such" = ["p"]', "mine")


@given(st.lists(st.lists(st.sampled_from("abc"), min_size=1, max_size=3), max_size=8))
def test_a_trie_answers_like_a_list_of_sequences(sequences: list[list[str]]) -> None:
    trie = Trie()
    kept: list[list[str]] = []
    for sequence in sequences:
        clash = (
            any(
                other != sequence and (other[: len(sequence)] == sequence or sequence[: len(other)] == other)
                for other in kept
            )
            or sequence in kept
        )
        if clash:
            with pytest.raises(Conflict):
                trie.add(sequence, str(len(kept)))
            return
        trie.add(sequence, str(len(kept)))
        kept.append(sequence)
    for i, sequence in enumerate(kept):
        assert trie.find(sequence) == (Answer.EXACT, str(i))
        for n in range(1, len(sequence)):
            assert trie.find(sequence[:n])[0] is Answer.PARTIAL


def press(
    key: int, text: str = "", modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier, scan: int = 0
) -> QKeyEvent:
    return QKeyEvent(QEvent.Type.KeyPress, key, modifiers, scan, 0, 0, text)


SHIFT = Qt.KeyboardModifier.ShiftModifier
CTRL = Qt.KeyboardModifier.ControlModifier


def test_shift_and_a_digit_go_by_the_place_of_the_key() -> None:
    german_eight = press(Qt.Key.Key_ParenLeft, "(", SHIFT, scan=17)
    assert words(german_eight)[0] == "shift+8"
    french_one = press(Qt.Key.Key_1, "1", SHIFT, scan=10)
    assert words(french_one)[0] == "shift+1"
    without_place = press(Qt.Key.Key_Asterisk, "*", SHIFT)
    assert words(without_place)[0] == "shift+8"


def test_without_shift_a_sign_stays_a_sign_and_a_french_digit_key_still_tags() -> None:
    keymap = Keymap(load_profile("default"))
    bracket = press(Qt.Key.Key_BracketLeft, "[", scan=14)
    assert Matcher(keymap).press(words(bracket), "review")[1] == "document.previous"
    ampersand = press(Qt.Key.Key_Ampersand, "&", scan=10)
    assert Matcher(keymap).press(words(ampersand), "review")[1] == "review.tag.1"


def test_letters_by_what_they_type_and_control_by_the_key() -> None:
    assert words(press(Qt.Key.Key_G, "G", SHIFT)) == ("shift+g",)
    assert words(press(Qt.Key.Key_Question, "?", SHIFT)) == ("?",)
    assert words(press(Qt.Key.Key_Z, "\x1a", CTRL | SHIFT)) == ("ctrl+shift+z",)
    assert words(press(Qt.Key.Key_Return, "\r", CTRL)) == ("ctrl+enter",)
    assert words(press(Qt.Key.Key_Space, " ", SHIFT)) == ("shift+space",)


def test_every_key_of_the_table_can_be_played_and_is_understood() -> None:
    for command in COMMANDS:
        for sequence in command.keys:
            for word in sequence.split():
                key, modifiers, text = qt_press(word)
                assert word in words(press(key, text, modifiers)), (command.id, word)


def test_keycaps_are_written_as_on_the_sheet() -> None:
    assert caps("ctrl+shift+z") == ["Ctrl ⇧ Z"]
    assert caps("g g") == ["G G"]
    assert caps("shift+g") == ["G"]
    assert caps("shift+1") == ["⇧ 1"]
    assert caps("right") == ["→"]
