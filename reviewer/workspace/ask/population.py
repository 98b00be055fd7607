"""The population of a week: which traces a draw is about, with what can put them into strata."""

from collections.abc import Sequence
from dataclasses import dataclass

from reviewer.model.ids import TraceId, WeekName
from reviewer.model.week import SEGMENTS, Candidate, Item
from reviewer.workspace.file import Reader

# Late: of an earlier week's period, but imported after its draw and in no population yet.
POPULATION = """
SELECT t.id, {columns} t.flagged, t.time_basis, 0 FROM trace t
  WHERE t.started_us >= :start AND t.started_us < :end AND t.forgotten_us IS NULL
UNION ALL
SELECT t.id, {columns} t.flagged, t.time_basis, 1 FROM trace t
  WHERE (t.started_us < :start OR t.started_us >= :end) AND t.forgotten_us IS NULL
  AND EXISTS (SELECT 1 FROM week w WHERE w.start_us <= t.started_us AND t.started_us < w.end_us AND w.start_us < :end)
  AND NOT EXISTS (SELECT 1 FROM population p WHERE p.trace = t.n)
"""


@dataclass(frozen=True, slots=True)
class Population:
    """The traces of a period, how many of them came late for an earlier week, and how many have no time of their own."""

    candidates: tuple[Candidate, ...]
    late: int
    untimed: int


def population(reader: Reader, start_us: int, end_us: int, by: Sequence[str]) -> Population:
    """Return all traces of a period, end not included, and those that came late for an earlier drawn period."""
    columns = "".join(f"t.{segment}, " for segment in by if segment in SEGMENTS)
    rows = reader.db.execute(POPULATION.format(columns=columns), {"start": start_us, "end": end_us}).fetchall()
    return Population(
        tuple(Candidate(TraceId(row[0]), tuple(row[1:-3]), bool(row[-3])) for row in rows),
        late=sum(row[-1] for row in rows),
        untimed=sum(row[-2] == "import" for row in rows),
    )


def frozen(reader: Reader, week: WeekName) -> dict[TraceId, str]:
    """Return the population of a drawn week as it was frozen: the stratum of every trace."""
    sql = "SELECT t.id, p.stratum FROM population p JOIN trace t ON t.n = p.trace WHERE p.week = ?"
    return {TraceId(trace): stratum for trace, stratum in reader.db.execute(sql, (week,))}


def items(reader: Reader, week: WeekName) -> list[Item]:
    """Return the drawn items of a week in reading order."""
    sql = "SELECT trace, stratum, stratum_size, stratum_drawn, pi, u, position, purpose FROM week_item WHERE week = ? ORDER BY position"
    return [Item(TraceId(row[0]), *row[1:]) for row in reader.db.execute(sql, (week,))]
