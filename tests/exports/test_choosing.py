"""Choosing what is exported: each condition, passes as negatives, and a balance that later versions keep."""

from typing import Any

import pytest

from reviewer.errors import UsageError
from reviewer.exports.sets.choosing import Candidate, Choice, choose
from reviewer.model.ids import TraceId, WeekName


def one(n: int, verdict: str = "fail", *modes: str, **more: Any) -> Candidate:
    week = more.pop("week", "W1")
    return Candidate(TraceId(f"t{n:03}"), WeekName(week), verdict, modes, **more)


SOME = [
    one(0, "fail", "looping", scores={"safety": 2.0}, segments={"workflow": "docs"}),
    one(1, "fail", "tools", scores={"safety": 4.0}, hints=frozenset({"repeats"}), readers=2, disputed=True),
    one(2, "pass", scores={"safety": None}, segments={"workflow": None}, readers=2),
    one(3, "pass", week="W2", expected=True),
]


def numbers(**choice: Any) -> list[int]:
    return [int(kept.trace[1:]) for kept in choose(SOME, Choice(**choice), "salt")]


@pytest.mark.parametrize(
    ("choice", "wanted"),
    [
        ({}, [0, 1, 2, 3]),
        ({"weeks": ("W2",)}, [3]),
        ({"verdict": "fail"}, [0, 1]),
        ({"modes": ("looping", "unknown")}, [0]),
        ({"scores": ("safety<=2",)}, [0]),
        ({"scores": ("safety>1", "safety < 5")}, [0, 1]),
        ({"where": (("workflow", "docs"),)}, [0]),
        ({"where": (("workflow", "not recorded"),)}, [1, 2, 3]),
        ({"hints": ("repeats",)}, [1]),
        ({"readers": "disputed"}, [1]),
        ({"readers": "agreed"}, [2]),
        ({"readers": "once"}, [0, 3]),
        ({"expected": True}, [3]),
        ({"modes": ("looping",), "passes": 5}, [0, 2, 3]),
        ({"verdict": "fail", "passes": 5, "weeks": ("W1",)}, [0, 1, 2]),
    ],
)
def test_all_conditions_must_hold(choice: dict[str, Any], wanted: list[int]) -> None:
    assert numbers(**choice) == wanted


@pytest.mark.parametrize("condition", ["safety", "safety<=x", "", "safety==2"])
def test_a_condition_that_cannot_be_read_is_refused(condition: str) -> None:
    with pytest.raises(UsageError, match="no condition"):
        numbers(scores=(condition,))


def test_a_balance_takes_so_many_of_each_and_takes_them_again_when_more_were_read() -> None:
    many = [one(n, "fail", "looping" if n % 4 else "rare") for n in range(80)]
    many += [one(n, "pass") for n in range(80, 200)]
    kept = choose(many, Choice(balance=10), "salt")
    kinds = [(*of.modes, of.verdict)[0] for of in kept]
    assert {kind: kinds.count(kind) for kind in kinds} == {"looping": 10, "rare": 10, "pass": 10}
    before = {of.trace for of in kept}
    wider = choose([*many, one(200, "fail", "rare"), one(201, "pass")], Choice(balance=10), "salt")
    assert len(before & {of.trace for of in wider}) >= 28


def test_passes_are_the_same_ones_again_whatever_the_number() -> None:
    many = [one(n, "pass") for n in range(50)]
    few = choose(many, Choice(verdict="fail", passes=5), "salt")
    more = choose(many, Choice(verdict="fail", passes=9), "salt")
    assert len(few) == 5
    assert {of.trace for of in few} <= {of.trace for of in more}


def test_a_choice_is_said_in_words() -> None:
    choice = Choice(("W1",), "fail", ("looping",), ("safety<=2",), (("workflow", "docs"),), balance=3, once=True)
    assert choice.said() == (
        "weeks W1, verdict fail, failure mode looping, score safety<=2, workflow docs, "
        "3 of each failure mode and of passes, each conversation once"
    )
    assert Choice().said() == "all weeks"
