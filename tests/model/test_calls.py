"""Expected tool calls: what a reviewer may write, what comes back, and what is refused with a reason."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewer.errors import UsageError
from reviewer.model.calls import ExpectedCall, as_text, calls_from_json, calls_from_text

SEARCH = ExpectedCall("search_orders", {"order": "0042", "deep": {"a": [1, None]}})
NAMES = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Z")), min_size=1).filter(
    lambda name: len(name.split()) == 1 and "{" not in name and not name.startswith("[")
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(codec="utf-8")),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(st.characters(codec="utf-8")), inner, max_size=3),
    max_leaves=6,
)  # fmt: skip


def test_one_call_a_line_and_a_name_alone_is_a_call_without_arguments() -> None:
    text = 'search_orders {"order": "0042", "deep": {"a": [1, null]}}\n\n  escalate\n'
    assert calls_from_text(text) == (SEARCH, ExpectedCall("escalate"))
    assert calls_from_text(" \n ") == ()


@pytest.mark.parametrize(
    "held",
    [
        [SEARCH.as_json()],
        SEARCH.as_json(),
        [{"type": "function", "function": {"name": SEARCH.name, "arguments": '{"order": "0042", "deep": {"a": [1, null]}}'}}],
    ],
)  # fmt: skip
def test_json_comes_as_a_list_as_one_object_or_in_the_form_of_the_chat_api(held: Any) -> None:
    assert calls_from_json(held) == (SEARCH,)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("escalate\nsearch {", "Line 2"),
        ('search {"q": NaN}', "NaN"),
        ("please call search", "Line 1"),
        ('{"q": 1}', "name"),
        ('[{"name": "search", "arguments": [1]}]', "search"),
        ('[{"name": "search", "arguments": "{"}]', "Call 1"),
        ("[1]", "Call 1"),
        ('search {"q": "\\ud800"}', "half"),
        ("search " + '{"a":' * 100_000, "Line 1"),
    ],
)
def test_what_is_no_call_is_refused_with_its_place(text: str, named: str) -> None:
    with pytest.raises(UsageError, match=named):
        calls_from_text(text)


@given(
    st.lists(st.builds(ExpectedCall, NAMES, st.dictionaries(st.text(st.characters(codec="utf-8")), VALUES)), max_size=3)
)
def test_what_is_shown_to_be_changed_reads_back_the_same(calls: list[ExpectedCall]) -> None:
    assert calls_from_text(as_text(calls)) == tuple(calls)
    assert calls_from_json([call.as_json() for call in calls]) == tuple(calls)
