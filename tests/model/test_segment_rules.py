"""Rules for segments: which attribute counts, and which rules are none."""

import pytest

from reviewer.errors import UsageError
from reviewer.model.segment_rules import MOST_NAMES, checked, values_by

FOUND = ("returns", "model-a", "v1", None, None, "prod")


def test_the_first_attribute_that_a_trace_has_counts_and_without_any_what_was_found_stays() -> None:
    rules = checked({"tenant": ["customer", "team"], "environment": ["stage"]})
    assert values_by(rules, FOUND, {"team": "blue"}) == ("returns", "model-a", "v1", "blue", None, "prod")
    assert values_by(rules, FOUND, {"team": "blue", "customer": "acme", "stage": ""})[3:] == ("acme", None, "prod")
    assert values_by({}, FOUND, {"team": "blue"}) == FOUND


def test_rules_are_kept_without_doubles_and_empty_ones() -> None:
    assert checked({"tenant": ["a", "", "a", "b"], "model": []}) == {"tenant": ("a", "b")}


def test_what_is_no_rule_is_refused() -> None:
    with pytest.raises(UsageError, match="colour"):
        checked({"colour": ["a"]})
    with pytest.raises(UsageError, match="tenant"):
        checked({"tenant": [str(n) for n in range(MOST_NAMES + 1)]})
