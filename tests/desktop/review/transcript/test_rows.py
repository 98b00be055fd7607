"""Monospaced rows: wrapping, tidy JSON and the way back to what is stored."""

import itertools
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewer.desktop.review.transcript.pretty import pretty
from reviewer.desktop.review.transcript.rows import wrap, wrap_words

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=6) | st.dictionaries(st.text(max_size=8), inner, max_size=6),
    max_leaves=40,
)


@given(JSON)
def test_tidy_json_says_the_same_and_knows_where_it_is_stored(value: object) -> None:
    text = json.dumps(value, ensure_ascii=False)
    tidy, origin = pretty(text)
    assert json.loads(tidy) == json.loads(text)
    if origin is None:
        assert tidy == text
        return
    assert len(origin) == len(tidy) + 1
    assert origin == sorted(origin)
    for sign, place in zip(tidy, origin, strict=False):
        assert sign == text[place] or sign.isspace()


@pytest.mark.parametrize("text", ['{"a": [1, 2' + " " * 80, "{" * 5000, '"' * 300, '[1, 2}, {"a": 3]' * 20, "\\" * 200])
def test_what_is_no_json_is_shown_as_it_is(text: str) -> None:
    shown = pretty(text)
    assert shown.text == text or shown.origin is not None


def test_short_objects_stay_on_their_line() -> None:
    text = '{"rows": [{"id": 1, "ok": true}, {"id": 2, "ok": false}], "note": "' + "long " * 20 + '"}'
    assert pretty(text).text.split("\n")[1] == '  "rows": [{"id": 1, "ok": true}, {"id": 2, "ok": false}],'


@given(st.text(alphabet=st.sampled_from("ab 日本\u0301🙂x"), max_size=200), st.integers(20, 40))
def test_wrapped_rows_hold_the_whole_line_and_fit(line: str, columns: int) -> None:
    breaks = wrap(line, columns)
    assert "".join(line[a:b] for a, b in itertools.pairwise(breaks)) == line
    for a, b in itertools.pairwise(breaks):
        assert sum(2 if sign in "日本🙂" else 0 if sign == "\u0301" else 1 for sign in line[a:b]) <= columns


@given(st.text(alphabet="ab ", max_size=300), st.integers(20, 40))
def test_words_are_kept_whole_where_they_fit(line: str, columns: int) -> None:
    breaks = wrap_words(line, columns)
    rows = [line[a:b] for a, b in itertools.pairwise(breaks)]
    assert "".join(rows) == line
    assert all(len(row.rstrip(" ")) <= columns for row in rows)
