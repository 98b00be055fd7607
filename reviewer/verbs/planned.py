"""A planned week as plain values for the command line: its strata, its readings, and what it would tell."""

from typing import Any

from reviewer.measure import design
from reviewer.measure.planning import RATE, Consequence, PlannedStratum
from reviewer.model.week import Plan
from reviewer.verbs.weeks import Planned

WEEKS = 4


def as_values(planned: Planned, plan: Plan, bought: Consequence, seconds_each: int | None) -> dict[str, Any]:
    """Return all that *New week* shows of a plan; shares are fractions. ``seconds_each`` is how long a reading takes."""
    counted = planned.counted
    read = sum(row.drawn for row in planned.strata)
    twice = design.read_twice(read - counted.chosen, plan)
    return {
        "plan": plan.kind,
        "by": list(plan.by),
        "where_large": plan.where_large,
        "anchor": plan.anchor if plan.kind == "risk" else None,
        "population": counted.size,
        "late": counted.late,
        "untimed": counted.untimed,
        "chosen": counted.chosen,
        "read": read,
        "read_twice": twice,
        "readings": design.readings(read, twice, plan),
        "seconds_each": seconds_each,
        "minutes": None if seconds_each is None else round((read + twice) * seconds_each / 60),
        "strata": [_stratum(row) for row in planned.strata],
        "consequence": _consequence(bought),
    }


def _stratum(row: PlannedStratum) -> dict[str, Any]:
    return {"stratum": row.name, "flagged": row.flagged, "N_h": row.size, "n_h": row.drawn, "pi": row.pi}


def _consequence(bought: Consequence) -> dict[str, Any]:
    return {
        "n_eff": bought.effective,
        "exact": bought.exact,
        "rate": RATE,
        "low": bought.low,
        "high": bought.high,
        "half_width": bought.half_width,
        "seen_from": bought.seen_from,
        "doublings": [
            {"from": one.rate, "to": 2 * one.rate, "within_weeks": WEEKS, "low": one.low, "high": one.high}
            for one in bought.doublings
        ],
    }
