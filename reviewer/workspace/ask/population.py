"""The population of a week: which traces a draw is about, with what can put them into strata."""

import json
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from reviewer.model.ids import TraceId, WeekName
from reviewer.model.week import SEGMENTS, Candidate, Item, SamplingUnit
from reviewer.workspace.file import Reader

# Late: of an earlier week's period, but imported after its draw and in no population yet. Only weeks of the same unit
# speak for it.
POPULATION = """
{sessions}
SELECT t.id, {columns} t.flagged, t.time_basis, 0 AS late FROM {units} t
  WHERE t.started_us >= :start AND t.started_us < :end AND t.forgotten_us IS NULL
UNION ALL
SELECT t.id, {columns} t.flagged, t.time_basis, 1 FROM {units} t
  WHERE (t.started_us < :start OR t.started_us >= :end) AND t.forgotten_us IS NULL
  AND EXISTS (SELECT 1 FROM week w WHERE w.start_us <= t.started_us AND t.started_us < w.end_us AND w.start_us < :end
    AND w.unit = :unit)
  AND NOT EXISTS (SELECT 1 FROM population p JOIN week w ON w.name = p.week AND w.unit = :unit WHERE p.trace IN ({same}))
"""
# A session stands in the period in which it begins, by its first trace, and is flagged where one of its traces is.
SESSIONS = """
WITH begun AS MATERIALIZED (
  SELECT * FROM (
    SELECT n, id, session_id, {segments}, time_basis, started_us, forgotten_us,
      max(flagged) OVER own AS flagged, row_number() OVER (own ORDER BY time_basis != 'trace', started_us, n) AS place
    FROM trace WHERE forgotten_us IS NULL WINDOW own AS (PARTITION BY session_id, iif(session_id IS NULL, n, 0)))
  WHERE place = 1)
"""
SAME: dict[SamplingUnit, str] = {
    "trace": "t.n",
    "session": "SELECT t.n UNION ALL SELECT o.n FROM trace o WHERE o.session_id = t.session_id",
}
COUNTED = "SELECT {columns} flagged, time_basis, late, count(*) FROM ({population}) GROUP BY {columns} flagged, time_basis, late"
REVIEWED_BEFORE = """
SELECT DISTINCT c.trace FROM coding c JOIN week w ON w.name = c.week JOIN trace t ON t.id = c.trace
  WHERE c.submitted_us IS NOT NULL AND w.end_us <= ? AND t.started_us < ? AND t.forgotten_us IS NULL AND w.unit = ?
"""


@dataclass(frozen=True, slots=True)
class Population:
    """The units of a period, how many of them came late for an earlier week, and how many have no time of their own."""

    candidates: tuple[Candidate, ...]
    late: int
    untimed: int


@dataclass(frozen=True, slots=True)
class Counted:
    """The units of a period as numbers: how many in each crossing of some segments with the flag.

    ``crossings`` is without the ``chosen`` ones, which are to be read for certain; ``size`` is all of them.
    """

    crossings: dict[tuple[tuple[str | None, ...], bool], int]
    size: int
    late: int
    untimed: int
    chosen: int = 0


def population(
    reader: Reader, start_us: int, end_us: int, by: Sequence[str], unit: SamplingUnit = "trace"
) -> Population:
    """Return all traces of a period, end not included, and those that came late for an earlier drawn period.

    Of sessions, those that begin in the period, each as its first trace.
    """
    rows = reader.db.execute(_every(by, unit), _period(start_us, end_us, unit)).fetchall()
    return Population(
        tuple(Candidate(TraceId(row[0]), tuple(row[1:-3]), bool(row[-3])) for row in rows),
        late=sum(row[-1] for row in rows),
        untimed=sum(row[-2] == "import" for row in rows),
    )


def counted(
    reader: Reader,
    start_us: int,
    end_us: int,
    by: Sequence[str],
    chosen: Collection[TraceId] = (),
    unit: SamplingUnit = "trace",
) -> Counted:
    """Return how many units of a period stand in each crossing, as ``population`` would list them."""
    rows = reader.db.execute(
        COUNTED.format(columns=_columns(by), population=_every(by, unit)), _period(start_us, end_us, unit)
    ).fetchall()
    crossings: Counter[tuple[tuple[str | None, ...], bool]] = Counter()
    for row in rows:
        crossings[tuple(row[:-4]), bool(row[-4])] += row[-1]
    picked = _crossings_of(reader, start_us, end_us, by, chosen, unit)
    crossings.subtract(picked.values())
    return Counted(
        {crossing: size for crossing, size in crossings.items() if size},
        size=sum(row[-1] for row in rows),
        late=sum(row[-1] for row in rows if row[-2]),
        untimed=sum(row[-1] for row in rows if row[-3] == "import"),
        chosen=len(picked),
    )


def inside(
    reader: Reader, start_us: int, end_us: int, traces: Collection[TraceId], unit: SamplingUnit = "trace"
) -> set[TraceId]:
    """Return which of some traces are in the population of a period."""
    return set(_crossings_of(reader, start_us, end_us, (), traces, unit))


def _crossings_of(
    reader: Reader, start_us: int, end_us: int, by: Sequence[str], traces: Collection[TraceId], unit: SamplingUnit
) -> dict[TraceId, tuple[tuple[str | None, ...], bool]]:
    if not traces:
        return {}
    sql = f"SELECT * FROM ({_every(by, unit)}) WHERE id IN (SELECT value FROM json_each(:traces))"  # noqa: S608
    named = {**_period(start_us, end_us, unit), "traces": json.dumps(list(traces))}
    return {TraceId(row[0]): (tuple(row[1:-3]), bool(row[-3])) for row in reader.db.execute(sql, named)}


def _every(by: Sequence[str], unit: SamplingUnit) -> str:
    sessions, units = ("", "trace") if unit == "trace" else (SESSIONS.format(segments=", ".join(SEGMENTS)), "begun")
    return POPULATION.format(sessions=sessions, columns=_columns(by, "t."), units=units, same=SAME[unit])


def _columns(by: Sequence[str], table: str = "") -> str:
    return "".join(f"{table}{segment}, " for segment in by if segment in SEGMENTS)


def _period(start_us: int, end_us: int, unit: SamplingUnit) -> dict[str, int | str]:
    return {"start": start_us, "end": end_us, "unit": unit}


def reviewed_before(reader: Reader, start_us: int, unit: SamplingUnit = "trace") -> list[TraceId]:
    """Return the units that were reviewed in weeks which ended by a moment, and began before it themselves."""
    return [TraceId(row[0]) for row in reader.db.execute(REVIEWED_BEFORE, (start_us, start_us, unit))]


def calibrated_with(reader: Reader, unit: SamplingUnit = "trace") -> set[TraceId]:
    """Return the units that were read again for calibration in some week."""
    rows = reader.db.execute(
        "SELECT DISTINCT i.trace FROM week_item i JOIN week w ON w.name = i.week "
        "WHERE i.purpose = 'calibration' AND w.unit = ?",
        (unit,),
    )
    return {TraceId(row[0]) for row in rows}


def frozen(reader: Reader, week: WeekName) -> dict[TraceId, str]:
    """Return the population of a drawn week as it was frozen: the stratum of every trace."""
    sql = "SELECT t.id, p.stratum FROM population p JOIN trace t ON t.n = p.trace WHERE p.week = ?"
    return {TraceId(trace): stratum for trace, stratum in reader.db.execute(sql, (week,))}


def items(reader: Reader, week: WeekName) -> list[Item]:
    """Return the drawn items of a week in reading order."""
    sql = (
        "SELECT trace, stratum, stratum_size, stratum_drawn, pi, u, position, purpose, readers FROM week_item "
        "WHERE week = ? ORDER BY position"
    )
    rows = reader.db.execute(sql, (week,))
    return [replace(Item(TraceId(row[0]), *row[1:-1]), readers=tuple(json.loads(row[-1]))) for row in rows]
