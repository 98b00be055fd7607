"""Changes by segment: estimated from the reviewed sample with known shares, and of all traffic."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import pytest

from reviewer.measure.changes import OTHERS, TOTALS, on_old_mix, quantile_change, rate_change, total_change
from reviewer.model import columns as c
from reviewer.model.change import ChangeSplit
from reviewer.model.ids import ModeId
from reviewer.model.number import Basis, Unit
from tests.measure.builders import item, table

BEFORE, AFTER = "2026-W46", "2026-W47"
LOOPING = ModeId("looping")


def read(week: str, workflow: str, size: int, n: int, tagged: int, stratum: str = "all") -> list[dict[str, object]]:
    return [
        item(
            week, f"{week}-{workflow}-{stratum}-{i}", ("looping",) if i < tagged else (),
            **{c.STRATUM: stratum, c.WORKFLOW: workflow, c.N_H: size},
        )
        for i in range(n)
    ]  # fmt: skip


def sizes(*rows: tuple[str, str, str, int]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=[c.WEEK, c.STRATUM, c.WORKFLOW, c.SIZE])


def change(rows: list[dict[str, object]], held: pd.DataFrame, mode: ModeId | None = LOOPING) -> ChangeSplit | None:
    return rate_change(table(rows), held, {BEFORE}, {AFTER}, ("workflow",), mode)


def of(week: str, counts: dict[str, tuple[int, int, int]]) -> tuple[list[dict[str, object]], list[tuple[str, ...]]]:
    rows = [row for name, (size, n, x) in counts.items() for row in read(week, name, size, n, x, stratum=name)]
    return rows, [(week, name, name, size) for name, (size, _, _) in counts.items()]  # type: ignore[misc]


def test_every_workflow_improves_while_the_estimate_rises() -> None:
    first, held_first = of(BEFORE, {"chat": (7000, 50, 2), "rag": (2500, 30, 3), "agent": (500, 20, 6)})
    last, held_last = of(AFTER, {"chat": (4500, 50, 1), "rag": (2500, 30, 2), "agent": (3000, 20, 5)})
    found = change([*first, *last], sizes(*held_first, *held_last))  # type: ignore[arg-type]
    assert found is not None
    assert found.by == "workflow"
    assert (found.mix.value or 0) > 0 > (found.within.value or 0)
    assert found.total.value == pytest.approx((found.mix.value or 0) + (found.within.value or 0), abs=1e-12)
    assert found.total.basis is Basis.ESTIMATE and found.total.low is not None
    agent = next(segment for segment in found.segments if segment.segment == "agent")
    assert (agent.share_before, agent.share_after) == (0.05, 0.3)
    assert agent.before.value == pytest.approx(0.3) and agent.before.n == 20


def test_shares_come_from_the_population_and_not_from_the_sample() -> None:
    """One stratum, and by chance most of what was drawn is of the small workflow."""
    rows = [
        *read(BEFORE, "chat", 1000, 10, 1), *read(BEFORE, "agent", 1000, 40, 20),
        *read(AFTER, "chat", 1000, 10, 1), *read(AFTER, "agent", 1000, 40, 20),
    ]  # fmt: skip
    held = sizes(*[(week, "all", name, n) for week in (BEFORE, AFTER) for name, n in (("chat", 900), ("agent", 100))])
    found = change(rows, held)
    assert found is not None
    assert [(s.segment, s.share_before) for s in found.segments] == [("agent", 0.1), ("chat", 0.9)]
    assert found.total.value == pytest.approx(0.0)


def test_small_segments_are_counted_together() -> None:
    first, held_first = of(BEFORE, {"chat": (7000, 50, 2), "a": (50, 4, 1), "b": (40, 0, 0)})
    last, held_last = of(AFTER, {"chat": (4500, 50, 1), "a": (60, 6, 1), "b": (40, 3, 0)})
    found = change([*first, *last], sizes(*held_first, *held_last))  # type: ignore[arg-type]
    assert found is None, (
        "4 + 0 of the earlier week are too few together, so that chat joins and nothing is left to split"
    )
    first, held_first = of(BEFORE, {"chat": (7000, 50, 2), "rag": (900, 20, 1), "a": (50, 4, 1), "b": (40, 0, 0)})
    last, held_last = of(AFTER, {"chat": (4500, 50, 1), "rag": (900, 20, 1), "a": (60, 6, 1), "b": (40, 3, 0)})
    found = change([*first, *last], sizes(*held_first, *held_last))  # type: ignore[arg-type]
    assert found is not None and {s.segment for s in found.segments} == {"chat", OTHERS}


def test_a_new_workflow_is_on_its_own_line() -> None:
    first, held_first = of(BEFORE, {"chat": (7000, 50, 2), "rag": (900, 20, 1)})
    last, held_last = of(AFTER, {"chat": (7000, 50, 2), "rag": (900, 20, 1), "voice": (2100, 20, 10)})
    found = change([*first, *last], sizes(*held_first, *held_last))  # type: ignore[arg-type]
    assert found is not None and found.presence is not None
    assert found.presence.value == pytest.approx(0.21 * (0.5 - (7000 * 0.04 + 900 * 0.05) / 7900))


def test_none_seen_still_leaves_room_for_some() -> None:
    first, held_first = of(BEFORE, {"chat": (7000, 50, 0), "rag": (900, 20, 0)})
    last, held_last = of(AFTER, {"chat": (7000, 50, 0), "rag": (900, 20, 0)})
    found = change([*first, *last], sizes(*held_first, *held_last))  # type: ignore[arg-type]
    assert found is not None
    assert (found.within.low or 0) < 0 < (found.within.high or 0)


def test_without_a_design_there_is_no_split() -> None:
    first, held_first = of(BEFORE, {"chat": (7000, 50, 2), "rag": (900, 20, 1)})
    assert change(first, sizes(*held_first)) is None  # type: ignore[arg-type]


def traffic(rows: Sequence[tuple[str, float | None, int, int]]) -> pd.DataFrame:
    found = pd.DataFrame(rows, columns=[c.WORKFLOW, c.LATENCY, c.TOOL_CALLS, c.TOOL_ERRORS])
    return found.assign(**{c.STATUS: "ok"})


def test_the_mean_of_all_traffic_splits_without_an_interval() -> None:
    before = traffic([("chat", 100.0, 0, 0)] * 90 + [("agent", 900.0, 10, 1)] * 10)
    after = traffic([("chat", 100.0, 0, 0)] * 50 + [("agent", 900.0, 10, 1)] * 50 + [("agent", None, 10, 1)] * 3)
    found = total_change(before, after, ("workflow",), TOTALS["latency"])
    assert found is not None
    assert found.total.value == pytest.approx(500.0 - 180.0)
    assert found.mix.value == pytest.approx(320.0) and found.within.value == pytest.approx(0.0)
    assert (found.total.low, found.total.basis, found.total.unit) == (None, Basis.ALL_TRAFFIC, Unit.MILLISECONDS)


def test_shares_of_tool_success_are_of_tool_calls() -> None:
    before = traffic([("chat", 1.0, 1, 0)] * 50 + [("agent", 1.0, 9, 3)] * 50)
    after = traffic([("chat", 1.0, 1, 0)] * 50 + [("agent", 1.0, 19, 3)] * 50)
    found = total_change(before, after, ("workflow",), TOTALS["tool_success"])
    assert found is not None
    assert next(s.share_after for s in found.segments if s.segment == "agent") == pytest.approx(0.95)
    assert found.total.value == pytest.approx((1000 - 150) / 1000 - (500 - 150) / 500)


def test_what_was_not_recorded_has_no_split() -> None:
    before = traffic([("chat", None, 0, 0), ("agent", None, 0, 0)])
    for name in ("latency", "tool_success"):
        assert total_change(before, before, ("workflow",), TOTALS[name]) is None


def test_p95_moves_with_the_mix() -> None:
    rng = np.random.default_rng(5)
    before = traffic([("chat", float(x), 0, 0) for x in rng.normal(100, 5, 980)] + [("agent", 900.0, 0, 0)] * 20)
    after = traffic([("chat", float(x), 0, 0) for x in rng.normal(100, 5, 800)] + [("agent", 900.0, 0, 0)] * 200)
    found = quantile_change(before, after, ("workflow",), c.LATENCY, 0.95, Unit.MILLISECONDS)
    assert found is not None
    assert (found.mix.value or 0) > 700 and abs(found.within.value or 0) < 5


def test_the_old_mix_shows_what_the_shift_hides() -> None:
    first, held_first = of(BEFORE, {"chat": (7000, 50, 2), "agent": (500, 20, 6)})
    last, held_last = of(AFTER, {"chat": (4500, 50, 1), "agent": (3000, 20, 5)})
    found = change([*first, *last], sizes(*held_first, *held_last))  # type: ignore[arg-type]
    assert found is not None
    number = on_old_mix(found)
    assert number is not None
    assert number.value == pytest.approx((7000 * 0.02 + 500 * 0.25) / 7500)
    assert (number.low or 0) < (number.value or 0) < (number.high or 0)
