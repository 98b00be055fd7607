"""JSON keeps its colours over row ends, block ends and damage."""

import json
from time import perf_counter

from hypothesis import given
from hypothesis import strategies as st

from reviewer.desktop.review.transcript.lexer import Lexer, starts_inside


def kinds(text: str, start: int = 0, end: int | None = None) -> list[tuple[str, str]]:
    tokens = Lexer(text, inside=False).tokens(start, len(text) if end is None else end)
    return [(text[t.start : t.end], t.kind) for t in tokens]


def test_keys_strings_numbers_words() -> None:
    assert kinds('{"a": "b", "n": -1.5e3, "t": true}') == [
        ("{", "mark"), ('"a"', "key"), (":", "mark"), ('"b"', "string"), (",", "mark"), ('"n"', "key"), (":", "mark"),
        ("-1.5e3", "number"), (",", "mark"), ('"t"', "key"), (":", "mark"), ("true", "word"), ("}", "mark"),
    ]  # fmt: skip


def test_a_string_that_spans_the_asked_range_is_one_string() -> None:
    text = '{"k": "' + "x, 1: true " * 2000 + '"}'
    for start in (10, 5000, 12_000, 20_000):
        assert [kind for _, kind in kinds(text, start, start + 80)] == ["string"]


def test_a_later_piece_of_one_long_line_begins_inside_its_string() -> None:
    text = json.dumps({"k": "some words, and: more [1] words", "n": 1})
    assert starts_inside(text[12:])
    assert not starts_inside(text)
    tokens = Lexer(text[12:]).tokens(0, 40)
    assert tokens[0].kind == "string"
    assert text[12:][tokens[0].start : tokens[0].end].endswith('words"')


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=10),
        lambda c: st.lists(c) | st.dictionaries(st.text(max_size=5), c),
    )
)
def test_steps_give_the_same_tokens_as_one_look(value: object) -> None:
    text = json.dumps(value, ensure_ascii=False)
    whole = Lexer(text, inside=False).tokens(0, len(text))
    lexer = Lexer(text, inside=False)
    pieces = {token for start in range(0, len(text), 7) for token in lexer.tokens(start, start + 7)}
    assert sorted(pieces) == whole


def test_damaged_text_is_read_in_linear_time() -> None:
    start = perf_counter()
    for text in ('"' * 60_000, "\\" * 60_000, '{"' + "\\" * 60_000, "[" * 60_000, "1" * 60_000):
        Lexer(text).tokens(0, len(text))
    assert perf_counter() - start < 1.0
