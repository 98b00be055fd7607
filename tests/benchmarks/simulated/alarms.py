"""WATCH and ALERT over simulated weeks: how often they are false, and how soon they find what has doubled.

Twenty failure modes of 1 to 15 % are watched for twelve weeks after eight of baseline.
"""

from dataclasses import dataclass

import numpy as np

from reviewer.measure.alerts import BASELINE_WEEKS, History, alerts
from reviewer.measure.calibration import MONITORED_WEEKS
from reviewer.model.alert import Level
from tests.benchmarks.simulated.samples import Numbers

MODES = 20
RATES = np.geomspace(0.01, 0.15, MODES)
WITHIN = (1, 2, 4, 8)
"""Weeks after which it is asked whether a doubling has been found."""

POPULATION = 10_000
FLAGGED = 0.12
FOUND = 0.7
"""The share of a mode's traces that carry the flag, which is on 12 % of the traffic."""


@dataclass(frozen=True, slots=True)
class Design:
    """How a week is read: the sizes of its strata, how many are read in each, and a mode's rate there over its own."""

    name: str
    sizes: Numbers
    read: Numbers
    lean: Numbers


def simple(n: int) -> Design:
    """Return a simple random sample of ``n`` a week."""
    return Design(f"simple, {n} a week", np.array([float(POPULATION)]), np.array([float(n)]), np.ones(1))


def weighted(n: int) -> Design:
    """Return a risk-weighted sample: four workflows, each split by a flag that catches 70 % of every mode."""
    workflows = np.array([0.4, 0.3, 0.2, 0.1])
    sizes = POPULATION * np.concatenate([workflows * (1 - FLAGGED), workflows * FLAGGED])
    read = np.round(np.concatenate([workflows * 0.64, workflows * 0.36]) * n)
    lean = np.repeat([(1 - FOUND) / (1 - FLAGGED), FOUND / FLAGGED], 4)
    return Design(f"risk-weighted, {n} a week", sizes, read, lean)


@dataclass(frozen=True, slots=True)
class Alarms:
    """What was raised though nothing changed, over ``times`` quarters."""

    design: str
    variation: float
    times: int
    any_alert: float
    """The share of quarters with an ALERT."""
    alerts: float
    """ALERTs a quarter."""
    watches: float
    """WATCHes a quarter, ALERTs not counted."""


def false_alarms(design: Design, times: int, seed: int, variation: float = 0.0) -> Alarms:
    """Return the alarms of quarters in which no rate changes but by chance and, from week to week, by ``variation``."""
    rng = np.random.default_rng(seed)
    raised, watched = [], 0
    for _ in range(times):
        found = _weeks(design, rng, RATES[:, None] * _levels(rng, variation, BASELINE_WEEKS + MONITORED_WEEKS))
        levels = [alert.level for week in found[BASELINE_WEEKS:] for alert in week.values()]
        raised.append(levels.count(Level.ALERT))
        watched += levels.count(Level.WATCH)
    counted = np.array(raised)
    any_alert, every = float((counted > 0).mean()), float(counted.mean())
    return Alarms(design.name, variation, times, any_alert, every, watched / times)


@dataclass(frozen=True, slots=True)
class Found:
    """How often a doubled rate was on ALERT, by how many weeks had passed."""

    design: str
    rate: float
    times: int
    within: dict[int, float]


def doubling(design: Design, rate: float, times: int, seed: int) -> Found:
    """Return how soon the doubling of one rate, after the baseline, is an ALERT; the other 19 modes stay."""
    rng = np.random.default_rng(seed)
    place = int(np.argmin(np.abs(RATES - rate)))
    rates = np.tile(RATES[:, None], BASELINE_WEEKS + max(WITHIN))
    rates[place] = rate
    rates[place, BASELINE_WEEKS:] *= 2.0
    first = []
    for _ in range(times):
        found = _weeks(design, rng, rates)[BASELINE_WEEKS:]
        on = [n for n, week in enumerate(found, 1) if str(place) in week and week[str(place)].level is Level.ALERT]
        first.append(on[0] if on else max(WITHIN) + 1)
    return Found(design.name, rate, times, {weeks: float((np.array(first) <= weeks).mean()) for weeks in WITHIN})


def _levels(rng: np.random.Generator, variation: float, weeks: int) -> Numbers:
    """Return the level of each mode in each week, 1 on average: gamma, of the coefficient of variation asked for."""
    if not variation:
        return np.ones((MODES, weeks))
    return rng.gamma(1.0 / variation**2, variation**2, (MODES, weeks))


def _weeks(design: Design, rng: np.random.Generator, rates: Numbers) -> list[dict[str, object]]:
    """Return the alerts of each week for true rates of shape (modes, weeks)."""
    weeks = rates.shape[1]
    sizes, read = np.tile(design.sizes, (weeks, 1)), np.tile(design.read, (weeks, 1))
    histories = [
        History(
            str(mode),
            sizes,
            read,
            rng.binomial(read.astype(int), np.minimum(rate[:, None] * design.lean, 1.0)).astype(float),
        )
        for mode, rate in enumerate(rates)
    ]
    return alerts(histories, [str(week) for week in range(weeks)])
