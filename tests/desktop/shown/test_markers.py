"""What would be invisible or reorder its neighbours is seen; stored characters can be found again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewer.desktop.shown import safe, show


@pytest.mark.parametrize(
    ("stored", "shown"),
    [
        ("plain text\n\tas it is", "plain text\n\tas it is"),
        ("a\u202eb", "a[U+202E]b"),
        ("a\u200b\u200b\u200bb", "a[U+200B ×3]b"),
        ("nul\x00 bell\x07", "nul[U+0000] bell[U+0007]"),
        ("one\r\ntwo\rthree", "one\ntwo[U+000D]three"),
        ("line\u2028sep", "line[U+2028]sep"),
        ("z" + "\u0301" * 40 + "algo", "z[…]algo"),
        ("cafe\u0301", "cafe\u0301"),
        ("\U0001f469\u200d\U0001f4bb", "\U0001f469\u200d\U0001f4bb"),
        ("a\u200db", "a[U+200D]b"),
    ],
)
def test_markers(stored: str, shown: str) -> None:
    assert show(stored).text == shown


@given(st.text(alphabet=st.characters(), max_size=80))
def test_every_shown_character_knows_where_it_is_stored(stored: str) -> None:
    text, origin = show(stored)
    if origin is None:
        assert text == stored
        return
    assert len(origin) == len(text) + 1
    assert origin[-1] == len(stored)
    assert origin == sorted(origin)
    for sign, where in zip(text, origin, strict=False):
        if stored[where] == sign:
            continue
        assert show(stored[where]).text != stored[where] or sign in "[…]"


@given(st.text(max_size=2000))
def test_safe_text_is_one_short_line(stored: str) -> None:
    line = safe(stored, 60)
    assert len(line) <= 60
    assert "\n" not in line
    assert "\u202e" not in line
