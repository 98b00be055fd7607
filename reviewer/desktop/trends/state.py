"""What *Trends* knows: the series, the shared scale, and the mode and week that are looked at. No Qt."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from reviewer.model.clock import WEEK
from reviewer.model.number import Number, Point, Series
from reviewer.model.taxonomy import EMPTY, Mode, Taxonomy

WEEK_US = WEEK // timedelta(microseconds=1)
TOPS = (0.02, 0.05, 0.10, 0.20, 0.30, 0.40, 0.60, 0.80, 1.0)


@dataclass
class TrendsState:
    """The series in the taxonomy's order, and where one looks: ``mode`` and ``week`` are indices, -1 for none."""

    series: list[Series] = field(default_factory=list)
    taxonomy: Taxonomy = EMPTY
    mode: int = -1
    week: int = -1
    asked: bool = False
    stale: bool = True
    trouble: str = ""

    def ask(self) -> bool:
        """Return whether the series have to be computed, and take them as asked."""
        if self.asked or not self.stale:
            return False
        self.asked, self.stale, self.trouble = True, False, ""
        return True

    def take(self, series: list[Series]) -> None:
        """Take the series; the mode that was looked at stays, if it is still in use."""
        before = self.chosen.id if self.chosen else ""
        self.series, self.asked = series, False
        names = [one.id for one in series]
        self.mode = names.index(before) if before in names else (0 if series else -1)
        self.week = min(self.week, self.weeks - 1)

    def refuse(self, sentence: str) -> None:
        """Take what went wrong; the next visit asks again."""
        self.asked, self.stale, self.trouble = False, True, sentence

    @property
    def weeks(self) -> int:
        """Return how many weeks there are."""
        return len(self.series[0].weekly) if self.series else 0

    @property
    def read(self) -> int:
        """Return how many traces were reviewed in the weeks together, by the mode that was asked most."""
        return max((sum(point.number.n for point in one.weekly) for one in self.series), default=0)

    @property
    def chosen(self) -> Series | None:
        """Return the series that is looked at."""
        return self.series[self.mode] if 0 <= self.mode < len(self.series) else None

    @property
    def described(self) -> Mode | None:
        """Return the failure mode that is looked at, as the taxonomy has it."""
        return self.taxonomy.mode(self.chosen.id) if self.chosen else None

    @property
    def point(self) -> Point | None:
        """Return the point that is looked at: a single week, or without one the latest four weeks."""
        if self.chosen is None or not self.weeks:
            return None
        return self.chosen.weekly[self.week] if self.week >= 0 else latest(self.chosen)

    def choose(self, mode: int, week: int = -1) -> None:
        """Look at a mode, and at one of its weeks."""
        if 0 <= mode < len(self.series):
            self.mode, self.week = mode, min(max(week, -1), self.weeks - 1)

    def step_week(self, by: int) -> None:
        """Look at the next or previous week; from the four weeks one goes to the last."""
        if self.weeks:
            there = self.weeks - 1 if self.week < 0 else self.week + by
            self.week = min(max(there, 0), self.weeks - 1)


def latest(series: Series) -> Point | None:
    """Return the last rolling point of a closed week, or of all weeks where none is closed; None without weeks."""
    closed = [point for point in series.rolling if not point.is_open]
    candidates = closed or list(series.rolling)
    return candidates[-1] if candidates else None


def top_of(series: Sequence[Series]) -> float:
    """Return the upper end of the scale that all charts share: above every line, band and dot."""
    highest = 0.0
    for one in series:
        highest = max([highest, *(point.number.high or 0.0 for point in one.rolling)])
        highest = max([highest, *(point.number.value or 0.0 for point in one.weekly)])
    return next(top for top in TOPS if top >= min(highest, 1.0))


def positions(series: Series) -> list[float]:
    """Return where each weekly point stands, in weeks after the first, so that a week left out leaves a gap."""
    if not series.weekly:
        return []
    first = series.weekly[0].start_us
    return [(point.start_us - first) / WEEK_US for point in series.weekly]


def short(period: str) -> str:
    """Return an ISO week without its year; another name as it is."""
    year, parted, week = period.partition("-W")
    return f"W{week}" if parted and year.isdigit() and week.isdigit() else period


def has_line(number: Number) -> bool:
    """Return whether a rate may be drawn as a line and said in percent."""
    return number.value is not None and not number.suppressed
