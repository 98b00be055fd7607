"""Undoing double encoding without hurting what somebody merely said."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewer.sources.assemble.unjson import is_absent, unjson

CONTAINERS = st.recursive(
    st.dictionaries(st.text(), st.integers() | st.text() | st.none(), max_size=4) | st.lists(st.text(), max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(CONTAINERS, st.integers(0, 3))
def test_layers_of_encoding_are_undone(value: Any, layers: int) -> None:
    encoded: Any = value
    for _ in range(layers):
        encoded = json.dumps(encoded)
    back = unjson(encoded)
    assert json.dumps(back, sort_keys=True) == json.dumps(value, sort_keys=True) or _has_big_number(value)


def _has_big_number(value: Any) -> bool:
    if isinstance(value, dict):
        return any(_has_big_number(item) for item in value.values())
    if isinstance(value, list):
        return any(_has_big_number(item) for item in value)
    return isinstance(value, int) and abs(value) >= 2**63 - 1


@given(st.text())
def test_any_text_survives(text: str) -> None:
    assert unjson(text) is not None
    assert unjson(f"x{text}") == f"x{text}"


@pytest.mark.parametrize("text", ["42", "007", "true", "null", "1e5", "", "   ", "hello {world}", '{"cut": "of'])
def test_what_encodes_no_object_stays_text(text: str) -> None:
    assert unjson(text) == text


def test_a_python_repr_is_understood_but_only_plain_data() -> None:
    assert unjson("{'query': 'example', 'n': None}") == {"query": "example", "n": None}
    assert unjson("{'a': {1, 2}}") == "{'a': {1, 2}}"
    assert unjson("[print('no')]") == "[print('no')]"


def test_a_huge_broken_text_is_not_evaluated() -> None:
    text = "{'a': '" + "x" * 1_100_000 + "'}"
    assert unjson(text) == text


def test_a_text_that_nests_too_deep_stays_text() -> None:
    deep = "[" * 500 + "]" * 500
    assert unjson(deep) == deep


@pytest.mark.parametrize("nothing", [None, "", "  ", "null", "None", "{}", "[]", {}, []])
def test_nothing_is_absent(nothing: object) -> None:
    assert is_absent(nothing)


@pytest.mark.parametrize("something", [0, False, "0", "no", [0], {"a": None}])
def test_something_is_not(something: object) -> None:
    assert not is_absent(something)
