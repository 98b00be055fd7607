"""Times in all their spellings, and ids of all types."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewer.model.clock import iso
from reviewer.sources.identity import Unnamed, content_id, native_id
from reviewer.sources.jsontext import Digits
from reviewer.sources.times import moment_us


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2026-11-23T09:00:00Z", "2026-11-23T09:00:00.000Z"),
        ("2026-11-23T09:00:00", "2026-11-23T09:00:00.000Z"),
        ("2026-11-23 10:00:00+01:00", "2026-11-23T09:00:00.000Z"),
        ("2025-08-22 09:38:56.228000000", "2025-08-22T09:38:56.228Z"),
        (1_763_888_400, "2025-11-23T09:00:00.000Z"),
        (1_763_888_400.25, "2025-11-23T09:00:00.250Z"),
        (1_763_888_400_250, "2025-11-23T09:00:00.250Z"),
        (1_763_888_400_250_001, "2025-11-23T09:00:00.250001Z"),
        (1_763_888_400_250_001_999, "2025-11-23T09:00:00.250001Z"),
        ("1763888400250001999", "2025-11-23T09:00:00.250001Z"),
    ],
)
def test_moments(written: object, meant: str) -> None:
    assert iso(moment_us(written)) == meant


@pytest.mark.parametrize(
    "written",
    ["0000-00-00T00:00:00Z", "9999-12-31T23:59:60Z", "99999-01-01", "not a date", "2024-02-30T00:00:00Z", "1969-12-31",
     "0001-01-01T00:00:00+23:00", "", None, -1, 0, 1e20, float("inf"), float("nan"), True, [], {}],
)  # fmt: skip
def test_impossible_moments_are_none(written: object) -> None:
    assert moment_us(written) is None


JSON_IDS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text() | st.lists(st.text())


@given(JSON_IDS, JSON_IDS)
def test_ids_of_different_types_or_values_never_meet(one: object, other: object) -> None:
    first, second = native_id(one), native_id(other)
    if first is not None and first == second:
        assert type(one) is type(other) and one == other


def test_the_ids_that_databases_like_to_confuse() -> None:
    ids = [native_id(raw) for raw in (1, "1", 1.0, True, "#1", ["a"], Digits("9223372036854775808"), "true")]
    assert len(set(ids)) == len(ids) and None not in ids
    assert native_id("t1") == "t1"


def test_records_without_an_id_are_named_by_content_and_twins_by_their_count() -> None:
    unnamed = Unnamed()
    names = [unnamed.name([{"b": 1, "a": 2}]), unnamed.name([{"a": 2, "b": 1}]), unnamed.name([{"a": 3}])]
    assert names[1] == f"{names[0]}-2" and names[2] not in names[:2]
    assert Unnamed().name([{"a": 2, "b": 1}]) == names[0] == content_id([{"b": 1, "a": 2}])
