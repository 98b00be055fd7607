"""Series, a change, and what stands behind a point, for tests of trends."""

import dataclasses

from PySide6.QtCore import QCoreApplication

from reviewer.desktop.trends.page import TrendsPage
from reviewer.model.alert import Alert, Level
from reviewer.model.change import ChangeSplit
from reviewer.model.number import Basis, Number, Series
from reviewer.model.trend import Behind, MarkerKind, Spot
from tests.builders import a_trace, own_id
from tests.desktop.cards import a_series, estimate

KINDS: tuple[MarkerKind, ...] = ("prompt", "model", "provider", "taxonomy")
MODES = (("unsupported_claim", "unsupported claim"), ("wrong_citation", "wrong citation"))


def series(weeks: int = 8) -> list[Series]:
    made = [a_series(*MODES[0], weeks=weeks), a_series(*MODES[1], weeks=weeks, rare=True)]
    real = tuple(own_id(a_trace(n)) for n in range(3))
    return [
        dataclasses.replace(one, weekly=tuple(dataclasses.replace(point, traces=real) for point in one.weekly))
        for one in made
    ]


def raised(weeks: int) -> Series:
    """Return a series with a WATCH and then an ALERT in its last closed weeks."""
    made = a_series(weeks=weeks)
    weekly = list(made.weekly)
    for n, level, rule in ((-3, Level.WATCH, "watch"), (-2, Level.ALERT, "cusum")):
        alert = Alert(level, weekly[n].period, rule, 0.04, weekly[-3].period)
        weekly[n] = dataclasses.replace(weekly[n], alert=alert)
    return dataclasses.replace(made, weekly=tuple(weekly))


def split_behind() -> Behind:
    """Return what stands behind a point: chats and agents, and a change by mix and within."""
    part = Number(0.05, Basis.ESTIMATE, low=-0.01, high=0.11)
    change = ChangeSplit("workflow", part, Number(0.02, Basis.ESTIMATE), Number(0.03, Basis.ESTIMATE))
    spots = tuple(Spot(name, estimate(0.1, 0.05, 0.2)) for name in ("agent", None, "a", "b", "c", "d", "e"))
    return Behind("workflow", ("2026-W45", "2026-W46"), spots, change, estimate(0.07, 0.0, 0.2))


def build(page: TrendsPage) -> None:
    """Let the page build its charts."""
    while len(page.cards) < len(page.state.series):
        QCoreApplication.processEvents()
