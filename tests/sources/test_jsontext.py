"""JSON text: nothing is rounded, nothing is dropped in silence, and what is refused says where."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewer.sources.jsontext import MAX_DEPTH, Digits, NotJson, dump, is_deeper, parse_checked, parse_fast

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)  # fmt: skip


def checked(raw: bytes | str) -> tuple[Any, list[str]]:
    told: list[str] = []
    return parse_checked(raw, told.append), told


@given(VALUES)
def test_both_ways_in_agree_and_a_dump_comes_back(value: Any) -> None:
    text = json.dumps(value)
    assert parse_fast(text) == checked(text)[0] == value
    assert parse_fast(dump(value)) == value


@pytest.mark.parametrize("digits", [str(2**63), str(2**64), str(-(2**63) - 1), "9" * 5000])
def test_an_integer_beyond_64_bit_keeps_its_digits(digits: str) -> None:
    assert checked(f'{{"n": {digits}}}')[0] == {"n": digits}
    assert isinstance(checked(digits)[0], Digits)
    fast = parse_fast(f'{{"n": {digits}}}')["n"]
    assert str(fast) == digits and not isinstance(fast, float)


@pytest.mark.parametrize("raw", ['{"a": NaN}', "[Infinity]", "[-Infinity]"])
def test_no_number_is_refused_or_kept_as_a_word(raw: str) -> None:
    with pytest.raises(NotJson, match="is no number"):
        checked(raw)
    with pytest.raises(NotJson):
        parse_fast(raw)
    kept = parse_checked(raw, print, nan_as_text=True)
    assert "NaN" in str(kept) or "Infinity" in str(kept)


def test_repeated_keys_are_named_and_the_last_wins() -> None:
    value, told = checked('{"a": 1, "b": {"x": 1, "x": 2}, "a": 3}')
    assert value == {"a": 3, "b": {"x": 2}}
    assert ["'x'" in told[0], "'a'" in told[1], len(told)] == [True, True, 2]


def test_half_a_surrogate_pair_is_replaced_and_told() -> None:
    value, told = checked('["a\\ud800b", "\\ud83d\\ude00"]')
    assert value == ["a\ufffdb", "😀"]
    assert len(told) == 1 and "surrogate" in told[0]
    assert parse_fast('["a\\ud800b"]') == ["a\ufffdb"]
    assert checked('["\\ud83d\\ude00"]')[1] == []


def test_bytes_that_are_not_utf8_say_where() -> None:
    with pytest.raises(NotJson, match="not UTF-8 at byte 2"):
        checked(b'["\xff"]')


@pytest.mark.parametrize("depth", [MAX_DEPTH + 1, 900, 100_000])
def test_depth_is_an_error_not_a_crash(depth: int) -> None:
    with pytest.raises(NotJson, match="deep"):
        checked("[" * depth + "]" * depth)
    with pytest.raises(NotJson):
        checked("[" * depth)


def test_depth_up_to_the_cap_is_taken() -> None:
    value, told = checked("[" * MAX_DEPTH + "]" * MAX_DEPTH)
    assert told == [] and is_deeper(value, MAX_DEPTH - 1) and not is_deeper(value, MAX_DEPTH)


def test_controls_inside_strings_come_through() -> None:
    assert checked('["a\\u0000b\\u001b[31m\\u007f"]')[0] == ["a\0b\x1b[31m\x7f"]
