"""What was read in each stratum of each week: the "items" table, counted once for all failure modes."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd

from reviewer.measure.prevalence import Cell, Estimate, prevalence
from reviewer.model import columns
from reviewer.model.ids import ModeId
from reviewer.model.number import Basis, Number
from reviewer.model.taxonomy import Taxonomy

COUNTED_PURPOSES = frozenset({"prob", "certainty", "overlap"})
"""Traces picked while exploring, and the fixed ones of a calibration, say nothing about the traffic."""

VERDICT_FAIL = "fail"

_JOINED = "{} small or unread strata were read together with a neighbour."


@dataclass(slots=True)
class StratumRead:
    """One stratum of one week: its size (None without a design) and what its reviewed traces carry."""

    label: str
    size: int | None
    drawn: int = 0
    failed: int = 0
    reviewed: Counter[int | None] = field(default_factory=Counter)
    """Reviewed traces by the version of the taxonomy that they were coded under."""
    tagged: dict[str, list[tuple[str, int | None]]] = field(default_factory=lambda: defaultdict(list))
    """Per mode: the traces that carry it, each with its taxonomy version."""
    failing: list[str] = field(default_factory=list)
    """The traces with the verdict *fail*."""

    @property
    def read(self) -> int:
        """Return how many traces were reviewed."""
        return self.reviewed.total()


@dataclass(slots=True)
class WeekRead:
    """One week: its bounds in microseconds, whether it is closed, and its strata by label."""

    name: str
    start_us: int
    end_us: int
    closed: bool
    strata: dict[str, StratumRead] = field(default_factory=dict)

    @property
    def read(self) -> int:
        """Return how many traces were reviewed."""
        return sum(stratum.read for stratum in self.strata.values())

    @property
    def drawn(self) -> int:
        """Return how many traces were drawn."""
        return sum(stratum.drawn for stratum in self.strata.values())


def weeks_read(items: pd.DataFrame) -> list[WeekRead]:
    """Return the weeks of the "items" table (one row a drawn item; ``model.columns``), the earliest first.

    A stratum whose rows hold no size has no design. Rows of purposes that say nothing about the traffic are left out.
    """
    weeks: dict[str, WeekRead] = {}
    for row in items[_USED].itertuples(index=False, name=None):
        (name, start, end, closed, trace, label, size, purpose, reviewed, verdict, version, modes) = row
        if purpose not in COUNTED_PURPOSES or pd.isna(start):
            continue
        week = weeks.setdefault(name, WeekRead(name, int(start), int(end), bool(closed)))
        stratum = week.strata.setdefault(label, StratumRead(label, None if pd.isna(size) else int(size)))
        stratum.drawn += 1
        if reviewed is pd.NA or not reviewed:
            continue
        known = None if pd.isna(version) else int(version)
        stratum.reviewed[known] += 1
        if verdict == VERDICT_FAIL:
            stratum.failed += 1
            stratum.failing.append(trace)
        for mode in modes:
            stratum.tagged[mode].append((trace, known))
    return sorted(weeks.values(), key=lambda week: (week.start_us, week.name))


_USED = [
    columns.WEEK,
    columns.WEEK_START,
    columns.WEEK_END,
    columns.WEEK_CLOSED,
    columns.TRACE,
    columns.STRATUM,
    columns.N_H,
    columns.PURPOSE,
    columns.REVIEWED,
    columns.VERDICT,
    columns.TAXONOMY_VERSION,
    columns.MODES,
]


def versions_without(mode: ModeId, present: Taxonomy, earlier: Mapping[int, Taxonomy]) -> frozenset[int]:
    """Return the versions of the taxonomy whose codings say nothing about a mode: it was not in use there.

    A version that is in neither is taken to ask what the present one asks.
    """
    return frozenset(
        version
        for version, taxonomy in {**earlier, present.version: present}.items()
        if (found := taxonomy.mode(mode)) is None or found.retired
    )


def cells(weeks: Sequence[WeekRead], mode: ModeId | None, without: frozenset[int] = frozenset()) -> list[Cell] | None:
    """Return the cells of an estimate of a failure mode, or of the verdict *fail* for None; None without a design.

    Codings under the versions ``without`` the mode count only where they carry it. A week in which nothing was read
    that could carry the mode is left out; a single stratum of that kind stays, unread.
    """
    found: list[Cell] = []
    for week in weeks:
        counted = [(stratum, *_counted(stratum, mode, without)) for stratum in week.strata.values()]
        if not any(read for _, read, _ in counted):
            continue
        for stratum, read, count in counted:
            if stratum.size is None:
                return None
            found.append(Cell(stratum.size, read, count, stratum.label, week.name))
    return found


def traces_with(weeks: Sequence[WeekRead], mode: ModeId | None) -> tuple[str, ...]:
    """Return the reviewed traces that carry a failure mode, or that fail for None, by week and stratum."""
    if mode is None:
        return tuple(trace for week in weeks for stratum in week.strata.values() for trace in stratum.failing)
    return tuple(
        trace for week in weeks for stratum in week.strata.values() for trace, _ in stratum.tagged.get(mode, ())
    )


def rate(weeks: Sequence[WeekRead], mode: ModeId | None, without: frozenset[int] = frozenset()) -> Number:
    """Return how common a failure mode (or, for None, the verdict *fail*) is in the traffic of some weeks.

    Without a design there is no rate: the number has no value and says how many of the reviewed traces carry it.
    """
    found = cells(weeks, mode, without)
    if found is None:
        counted = [_counted(stratum, mode, without) for week in weeks for stratum in week.strata.values()]
        return Number(None, Basis.REVIEWED, n=sum(n for n, _ in counted), count=sum(x for _, x in counted))
    estimate = prevalence(found)
    if estimate is None:
        population = sum(stratum.size or 0 for week in weeks for stratum in week.strata.values())
        return Number(None, Basis.ESTIMATE, n=0, count=0, population=population, suppressed=True)
    return estimate.as_number(note_on(estimate))


def note_on(estimate: Estimate) -> str:
    """Return what a reader should know about how the estimate was made; mostly nothing."""
    return _JOINED.format(estimate.joined) if estimate.joined else ""


def _counted(stratum: StratumRead, mode: ModeId | None, without: frozenset[int]) -> tuple[int, int]:
    """Return how many reviewed traces could carry the mode, and how many do."""
    if mode is None:
        return stratum.read, stratum.failed
    tagged = stratum.tagged.get(mode, [])
    could = sum(n for version, n in stratum.reviewed.items() if version not in without)
    return could + sum(version in without for _, version in tagged), len(tagged)
