"""A planned week as plain values for the command line: its strata, its readings, and what it would tell."""

from typing import Any

from reviewer.measure import design
from reviewer.measure.planning import RATE, Consequence, PlannedStratum
from reviewer.model.clock import iso
from reviewer.model.week import Plan
from reviewer.verbs import weeks
from reviewer.verbs.weeks import Planned
from reviewer.workspace.ask.population import reviewed_before
from reviewer.workspace.ask.queue import seconds_each
from reviewer.workspace.ask.settings import taxonomy
from reviewer.workspace.file import Reader

WEEKS = 4


def as_values(
    reader: Reader, planned: Planned, plan: Plan, period: tuple[int, int], calibration: int = 0
) -> dict[str, Any]:
    """Return all that *New week* shows of a plan; shares are fractions, times ISO 8601 in UTC.

    ``period`` is where it begins and ends, in microseconds; ``calibration`` how many traces of earlier weeks shall be
    read again. Takes a second: it simulates.
    """
    counted, strata = planned.counted, planned.strata
    bought, seconds = weeks.consequence(reader, planned), seconds_each(reader)
    read = sum(row.drawn for row in strata)
    twice = design.read_twice(read - counted.chosen, plan)
    again = min(calibration, len(reviewed_before(reader, period[0], plan.unit))) if calibration else 0
    readings = read + twice + again * max(1, len(plan.readers))
    return {
        "from": iso(period[0]),
        "to": iso(period[1]),
        "unit": plan.unit,
        "plan": plan.kind,
        "by": list(plan.by),
        "where_large": plan.where_large,
        "anchor": plan.anchor if plan.kind == "risk" else None,
        "taxonomy_version": taxonomy(reader).version,
        "population": counted.size,
        "late": counted.late,
        "untimed": counted.untimed,
        "chosen": counted.chosen,
        "read": read,
        "read_flagged": sum(row.drawn for row in strata if row.flagged),
        "read_twice": twice,
        "read_again": again,
        "readings": {name: own + again for name, own in design.readings(read, twice, plan).items()},
        "readings_together": readings,
        "seconds_each": seconds,
        "minutes": None if seconds is None else max(1, round(readings * seconds / 60)),
        "smallest_stratum": min(row.drawn for row in strata),
        "stands_for_up_to": max(row.stands_for for row in strata),
        "strata": [_stratum(row, counted.size) for row in strata],
        "consequence": _consequence(bought),
        "curve": [{"read": size, "half_width": width} for size, width in weeks.curve(bought)],
    }


def _stratum(row: PlannedStratum, population: int) -> dict[str, Any]:
    return {
        "stratum": row.name,
        "flagged": row.flagged,
        "N_h": row.size,
        "share": row.size / population,
        "n_h": row.drawn,
        "pi": row.pi,
        "stands_for": row.stands_for,
    }


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
