"""Revisit now: what is new since the last week and hardly read; and the latest day against its usual range."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from reviewer.measure.glance import glance
from reviewer.measure.revisit import ENOUGH_READ, Seen, novelties
from reviewer.model import columns as c
from reviewer.model.novelty import Kind, definition

from .recorded import DAY_US, trace

KNOWN: Mapping[Kind, Mapping[str, int]] = {
    "prompt": {"v1": 100}, "tool": {"search": 90}, "tools": {"aaa": 90}, "retrieval": {"top_k=4": 80, "top_k=2": 1},
    "schema": {},
}  # fmt: skip


def seen(n: int, start: int = 0, **named: str) -> list[Seen]:
    shows: dict[Any, list[str]] = {kind: [name] for kind, name in named.items()}
    return [Seen(f"t{i}", 1000 + i, "docs", shows) for i in range(start, start + n)]


def test_what_was_known_is_not_new_and_what_is_new_says_since_when() -> None:
    (one,) = novelties(
        [*seen(20, prompt="v1"), *seen(9, 50, prompt="v2")], KNOWN, {"t50": "fail", "t51": "pass", "t1": "pass"}
    )
    assert (one.kind, one.name, one.since_us, one.traces, one.read, one.failed) == ("prompt", "v2", 1050, 9, 2, 1)
    assert one.examples[0] == "t52", "the unread first"
    assert one.workflow == "docs"


def test_a_few_traces_may_be_a_trial_and_enough_read_is_enough() -> None:
    assert novelties(seen(4, prompt="v2"), KNOWN, {}) == ()
    verdicts = {f"t{i}": "pass" for i in range(ENOUGH_READ)}
    assert novelties(seen(40, prompt="v2"), KNOWN, verdicts) == ()


def test_where_nothing_was_recorded_before_nothing_is_new() -> None:
    assert novelties(seen(40, schema="abc", feedback="thumbs"), KNOWN, {}) == ()


def test_a_new_tool_explains_a_new_set_of_tools() -> None:
    found = novelties([*seen(9, tool="refund", tools="bbb"), *seen(9, 20, tools="ccc")], KNOWN, {})
    assert [(one.kind, one.name) for one in found] == [("tool", "refund"), ("tools", "ccc")]


def test_a_changed_definition_is_named_by_its_tool_and_explains_the_new_set() -> None:
    known: Mapping[Kind, Mapping[str, int]] = {**KNOWN, "definition": {definition("search", "1"): 90}}
    changed = seen(9, tools="bbb", definition=definition("search", "2"))
    again = seen(9, 20, tools="ccc", definition=definition("search", "3"))
    (one,) = novelties([*changed, *again], known, {})
    assert (one.kind, one.name, one.traces) == ("definition", "search", 18)
    (other,) = novelties(seen(9, tools="bbb", definition=definition("refund", "1")), known, {})
    assert other.kind == "tools", "a tool that was never offered has no old definition"


def test_another_retrieval_setting_says_what_stood_there() -> None:
    (one,) = novelties(seen(9, retrieval="top_k=8"), KNOWN, {})
    assert (one.before, one.name) == ("top_k=4", "top_k=8")


def day(n: int, count: int, **more: Any) -> list[dict[str, Any]]:
    return [trace(f"{n}-{i}", **{c.STARTED: n * DAY_US + i, **more}) for i in range(count)]


def test_the_latest_day_stands_beside_the_days_before() -> None:
    rows = [row for n in range(10) for row in day(n, 20 + n % 3, n_tool_calls=2, n_tool_errors=0)]
    found = glance(pd.DataFrame([*rows, *day(10, 21, n_tool_calls=2, n_tool_errors=1)]), "UTC")
    assert found is not None
    assert found.traces == 21
    figures = {figure.id: figure for figure in found.figures}
    assert set(figures) == {"traces", "tool_success"}, "what is not recorded is left out"
    assert figures["traces"].is_usual is True
    assert figures["tool_success"].is_usual is False
    assert figures["traces"].history[-1] == 21
    assert len(figures["traces"].history) == 8


def test_a_few_days_have_no_usual_range() -> None:
    found = glance(pd.DataFrame([*day(0, 5), *day(1, 5)]), "UTC")
    assert found is not None
    assert found.figures[0].is_usual is None
    assert glance(pd.DataFrame(day(0, 0), columns=[c.STARTED]), "UTC") is None
