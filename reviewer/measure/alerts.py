"""WATCH and ALERT: which failure modes have risen, by rules that are calibrated against false alarms.

A week is held against a *baseline*: the eight closed weeks before the first one that is monitored. It is frozen until
a marker (a new prompt, model or taxonomy) or an ALERT restarts it: then the eight closed weeks before the week that
is monitored next become the baseline, so that what a change brings is held against the time before it. With four to
seven closed weeks only WATCH is possible, with fewer nothing.

- ALERT: the CUSUM of a mode passes its threshold, or its week is a spike (false discovery rate 1 % over all modes).
- WATCH: its week stands out with a false discovery rate of 10 %: a hint for the eye.
"""

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from reviewer.measure.calibration import (
    Calibration,
    Kind,
    Numbers,
    Thresholds,
    baseline_rate,
    cusum_step,
    effective_read,
    rejected,
    spike_chance,
)
from reviewer.measure.prevalence import Cell
from reviewer.model.alert import Alert, Level

BASELINE_WEEKS = 8
WATCHED_FROM = 4
ALERT_Q = 0.01
WATCH_Q = 0.10
LEAST_SUM = math.log(2.0)
"""What a single trace adds to the sum at most; no ALERT stands on less."""


@dataclass(frozen=True, slots=True)
class History:
    """One failure mode over the closed weeks, the earliest first, as counts by week and stratum.

    ``sizes`` (traces in the population), ``read`` and ``counts`` (with the mode, among the read) have one row a week
    and one column a stratum; a stratum that a week did not have is 0 there. ``redefined`` holds the rows of weeks from
    which on the mode means something else: earlier weeks do not count any more.
    """

    mode: str
    sizes: Numbers
    read: Numbers
    counts: Numbers
    redefined: frozenset[int] = frozenset()


def history(mode: str, weeks: Sequence[Sequence[Cell]], redefined: Collection[int] = ()) -> History:
    """Return the history of a mode from the cells of each closed week; no cells is a week that says nothing."""
    labels = {label: n for n, label in enumerate(sorted({cell.label for week in weeks for cell in week}))}
    table = np.zeros((3, len(weeks), max(1, len(labels))))
    for row, week in enumerate(weeks):
        for cell in week:
            table[:, row, labels[cell.label]] += (cell.size, cell.read, cell.count)
    return History(mode, table[0], table[1], table[2], frozenset(redefined))


def alerts(
    histories: Sequence[History],
    weeks: Sequence[str],
    restarts: Collection[int] = (),
    calibration: Calibration | None = None,
) -> list[dict[str, Alert]]:
    """Return the alerts of each closed week, by mode; a mode without one is missing there.

    Args:
        histories: the failure modes that are watched together; the more, the higher the threshold of each.
        weeks: the names of the closed weeks, which are the rows of the histories.
        restarts: rows of weeks with a marker: there the baseline is taken anew, from the weeks before.
        calibration: where the thresholds come from; without one all of them are simulated.
    """
    calibration = calibration or Calibration()
    watched = [_Watched(one, weekly_rates(one)) for one in histories]
    found: list[dict[str, Alert]] = []
    for row, name in enumerate(weeks):
        for one in watched:
            one.begin(row, row in restarts)
        seen = [week for one in watched if (week := one.look(row)) is not None]
        raised = _judged(seen, row, calibration) if seen else {}
        found.append(
            {mode: Alert(level, name, rule, p0, weeks[since]) for mode, (level, rule, p0, since) in raised.items()}
        )
    return found


def weekly_rates(history: History) -> Numbers:
    """Return the stratified rate of every week; not a number where nothing was read."""
    read = history.read > 0
    sizes = np.where(read, history.sizes, 0.0)
    total = sizes.sum(axis=1)
    shares = np.divide(history.counts, history.read, out=np.zeros_like(history.counts), where=read)
    rates: Numbers = np.divide((sizes * shares).sum(axis=1), total, out=np.full(len(total), np.nan), where=total > 0)
    return rates


@dataclass(frozen=True, slots=True)
class Baseline:
    """What the weeks of a baseline came to: ``x0`` of ``n0`` effective traces in ``weeks`` weeks.

    ``kinds`` are the traces of a typical week by weight, ``groups`` the kind of each stratum, ``seen`` how many of how
    many carried the mode in each kind. ``excess`` and ``scale`` are the two halves of the squared coefficient of variation between weeks.
    """

    x0: float
    n0: float
    weeks: int
    kinds: tuple[Kind, ...]
    groups: NDArray[np.int_]
    seen: tuple[tuple[int, int], ...]
    excess: float
    scale: float

    @property
    def rate(self) -> float:
        """Return the rate that weeks are held against, a share."""
        return baseline_rate(self.x0, self.n0)

    def limits(self, cv: float, modes: int, calibration: Calibration) -> Thresholds:
        """Return the sums above which a mode is on ALERT, where ``modes`` are watched together."""
        return calibration.thresholds(self.kinds, self.weeks, cv, modes)


def baseline(history: History, rows: Sequence[int], rates: Numbers) -> Baseline:
    """Return the baseline over some weeks of a history, all of them read; ``rates`` is the estimate of every week."""
    used = list(rows)
    sizes, read, counts = (table[used].sum(axis=0) for table in (history.sizes, history.read, history.counts))
    groups = _groups(sizes, read)
    seen = tuple((round(counts[groups == n].sum()), round(read[groups == n].sum())) for n in range(groups.max() + 1))
    n = np.array([effective_read(_kinds(history.sizes[row], history.read[row], groups, seen)) for row in used])
    x, weeks = n * rates[used], len(used)
    x0, n0 = float(x.sum()), float(n.sum())
    p, expected = x0 / n0, n * (x0 / n0)
    excess = (x - expected) ** 2 * weeks / (weeks - 1.0) - expected * (1.0 - p)
    typical = _kinds(sizes / weeks, read / weeks, groups, seen)
    return Baseline(x0, n0, weeks, typical, groups, seen, float(excess.mean()), float((expected**2).mean()))


def _groups(sizes: Numbers, read: Numbers) -> NDArray[np.int_]:
    """Return the kind of each stratum, from 0: strata whose traces weigh about the same (by a factor of two) are one.

    The variance of an estimate depends on how many traces of each weight carry the mode, hardly on how they spread
    over strata of that weight; single strata are too small to tell. Unread strata join the heaviest kind.
    """
    known = read > 0
    weights = np.full(len(sizes), np.inf)
    weights[known] = sizes[known] / read[known]
    weights[~known] = weights[known].max()
    _, groups = np.unique(np.round(np.log2(weights / weights.min())), return_inverse=True)
    return np.asarray(groups, dtype=np.int_)


def _kinds(
    sizes: Numbers, read: Numbers, groups: NDArray[np.int_], seen: Sequence[tuple[int, int]]
) -> tuple[Kind, ...]:
    """Return the kinds of traces of one week, by what the baseline has seen of each; those not read are left out."""
    known = read > 0
    whole = sizes[known].sum()
    found = []
    for group, (counted, looked_at) in enumerate(seen):
        inside = known & (groups == group)
        if inside.any():
            share = float(sizes[inside].sum() / whole)
            found.append(Kind(max(1, round(read[inside].sum())), share, counted, looked_at))
    return tuple(found)


def variation(baselines: Sequence[Baseline]) -> float:
    """Return the coefficient of variation between weeks beyond chance, pooled over the modes; 0 where there is none."""
    scale = sum(one.scale for one in baselines)
    return float(np.sqrt(max(0.0, sum(one.excess for one in baselines) / scale))) if scale > 0 else 0.0


@dataclass(slots=True)
class _Watched:
    """A mode on its way through the weeks."""

    history: History
    rates: Numbers
    begins: int = 0
    frozen: Baseline | None = None
    total: float = 0.0
    total_by_kind: float = 0.0
    since: int = 0

    def begin(self, row: int, marker: bool) -> None:
        """Restart the baseline in a week with a marker; where the mode means something else now, forget the past."""
        if row in self.history.redefined:
            self.begins = row
        if marker or row in self.history.redefined:
            self.restart()

    def restart(self) -> None:
        """Take the baseline anew with the next week that is monitored."""
        self.frozen, self.total, self.total_by_kind = None, 0.0, 0.0

    def look(self, row: int) -> "_Seen | None":
        """Return a week beside what it is held against; None where nothing was read or too few weeks went before."""
        if np.isnan(self.rates[row]):
            return None
        against = self.frozen
        if against is None:
            before = [week for week in range(self.begins, row) if not np.isnan(self.rates[week])]
            if len(before) < WATCHED_FROM:
                return None
            against = baseline(self.history, before[-BASELINE_WEEKS:], self.rates)
            if len(before) >= BASELINE_WEEKS:
                self.frozen = against
        read, counts = self.history.read[row], self.history.counts[row]
        kinds = _kinds(self.history.sizes[row], read, against.groups, against.seen)
        counted = tuple(float(counts[against.groups == n].sum()) for n in np.unique(against.groups[read > 0]))
        return _Seen(self, against, float(self.rates[row]), kinds, counted)


@dataclass(frozen=True, slots=True)
class _Seen:
    """One mode in one week."""

    watched: _Watched
    against: Baseline
    rate: float
    kinds: tuple[Kind, ...]
    counted: tuple[float, ...]
    """How many traces of each kind carried the mode in the week."""

    @property
    def can_alert(self) -> bool:
        """Whether the baseline is long enough for an ALERT."""
        return self.watched.frozen is not None

    def passes(self, row: int, cv: float, modes: int, calibration: Calibration) -> bool:
        """Add the week to the sums, and return whether they pass the thresholds."""
        watched, against = self.watched, self.against
        if watched.total <= 0.0:
            watched.since = row
        n = effective_read(self.kinds)
        by_kind = sum(cusum_step(x, kind.read, kind.rate) for x, kind in zip(self.counted, self.kinds, strict=True))
        watched.total = max(0.0, watched.total + cusum_step(n * self.rate, n, against.rate))
        watched.total_by_kind = max(0.0, watched.total_by_kind + by_kind)
        if watched.total <= LEAST_SUM:
            return False
        sums = watched.total, watched.total_by_kind
        # Most weeks stay below the limits without variation, which are the lowest and need one simulation only.
        return against.limits(0.0, modes, calibration).passed(*sums) and (
            not cv or against.limits(cv, modes, calibration).passed(*sums)
        )


def _judged(seen: Sequence[_Seen], row: int, calibration: Calibration) -> dict[str, tuple[Level, str, float, int]]:
    """Return level, rule, baseline and first week of each mode that is raised, and restart those on ALERT."""
    cv = variation([one.against for one in seen])
    chances = np.array([spike_chance(one.rate, one.kinds, one.against.weeks, cv) for one in seen])
    can_alert = np.array([one.can_alert for one in seen])
    modes = int(can_alert.sum())
    spikes = np.zeros(len(seen), dtype=bool)
    spikes[can_alert] = rejected(chances[can_alert], ALERT_Q)
    found: dict[str, tuple[Level, str, float, int]] = {}
    for one, spike, watch in zip(seen, spikes, rejected(chances, WATCH_Q), strict=True):
        mode, rate = one.watched.history.mode, one.against.rate
        if one.can_alert and one.passes(row, cv, modes, calibration):
            found[mode] = (Level.ALERT, "cusum", rate, one.watched.since)
        elif spike:
            found[mode] = (Level.ALERT, "spike", rate, row)
        elif watch:
            found[mode] = (Level.WATCH, "watch", rate, row)
            continue
        else:
            continue
        one.watched.restart()
    return found
