"""What *Trends* knows: the series, their scales, and the mode and week that are looked at. No Qt."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Literal, NamedTuple

from reviewer.desktop.computing import Computed
from reviewer.desktop.segments import Within
from reviewer.model.alert import Alert
from reviewer.model.clock import WEEK
from reviewer.model.number import Number, Point, Series
from reviewer.model.taxonomy import EMPTY, Mode, Taxonomy
from reviewer.model.trend import Control, Marker, Saturation, Trends
from reviewer.model.week import OF_SESSIONS, SamplingUnit, Segment
from reviewer.wording import decimal, share

WEEK_US = WEEK // timedelta(microseconds=1)
TOPS = (0.02, 0.05, 0.10, 0.20, 0.30, 0.40, 0.60, 0.80, 1.0)


Part = tuple[Segment | Literal[""], str | None, SamplingUnit]
"""What the series are of: a segment with its value, or the whole traffic; in weeks that drew traces, or sessions."""
WHOLE: Part = ("", None, "trace")
View = Literal["charts", "large", "stack", "saturation"]
VIEWS: tuple[View, ...] = ("charts", "large", "stack", "saturation")
SPANS = (8, 13, 26, 52)
"""Numbers of latest weeks that can be chosen, beside all of them (0)."""
LATEST_WEEKS = 4
"""An alert is news as long as its week is among those of the rate that is shown."""


class Scale(NamedTuple):
    """What a chart reaches from and to, and what its axis says where."""

    low: float
    high: float
    ticks: tuple[tuple[float, str], ...]


@dataclass
class TrendsState(Computed[Part, Trends]):
    """The series in the taxonomy's order, and where one looks: ``mode`` and ``week`` are indices, -1 for none.

    ``series`` has the failure modes, then the failing traces and the quality scores. ``visible`` is what was found, cut
    to the weeks that were chosen. ``failing`` is what the failing traces are called, ``failing_sessions`` the sessions.
    ``units`` are those of which there are weeks, ``shown`` what the trends that were found are of.
    """

    wanted: Part = WHOLE
    series: list[Series] = field(default_factory=list)
    visible: Trends = field(default_factory=lambda: Trends(()))
    span: int = 26
    split_by: Segment = "workflow"
    taxonomy: Taxonomy = EMPTY
    failing: str = "Failing traces"
    failing_sessions: str = "Failing sessions"
    units: tuple[SamplingUnit, ...] = ()
    shown: Part | None = None
    mode: int = -1
    week: int = -1
    view: View = "charts"
    segments: tuple[Within, ...] = ()

    def take(self, asked: Part, found: Trends) -> bool:
        """Take the trends; the mode that was looked at stays, if it is still in use."""
        if found.failing is not None:
            title = self.failing if asked[2] == "trace" else self.failing_sessions
            found = replace(found, failing=replace(found.failing, title=title))
        taken = super().take(asked, found)
        self.shown = asked if taken else self.shown
        self._cut()
        return taken

    def refuse(self, asked: Part, sentence: str) -> None:
        """Take what went wrong: numbers that may be wrong are not left standing."""
        super().refuse(asked, sentence)
        self._cut()

    def choose_span(self, span: int) -> None:
        """Show the latest weeks only, as many as ``span`` says; 0 shows all."""
        self.span = span
        self._cut()

    def _cut(self) -> None:
        before, looked_at = (self.chosen.id if self.chosen else ""), (self.point if self.week >= 0 else None)
        found = cut(self.found or Trends(()), self.span)
        others = [*filter(None, (found.failing,)), *found.scores]
        series = [*found.modes, *others] if found.modes else []
        self.visible, self.series = found, series
        names = [one.id for one in series]
        self.mode = names.index(before) if before in names else (0 if series else -1)
        periods = [point.period for point in series[0].weekly] if series else []
        if looked_at is not None and looked_at.period in periods:
            self.week = periods.index(looked_at.period)
        self.week = min(self.week, self.weeks - 1)

    def choose_segment(self, segment: Within | None) -> None:
        """Stay within a segment, or look at the whole."""
        by, value = segment or WHOLE[:2]
        self.want((by, value, self.unit))

    def choose_unit(self, unit: SamplingUnit) -> None:
        """Look at the weeks that drew traces, or at those that drew sessions: their rates are never one series."""
        by, value, _ = self.wanted
        self.want((by, value, unit))

    def learn_units(self, units: Sequence[SamplingUnit]) -> None:
        """Take of which units there are weeks; where all are of one, that one is looked at."""
        self.units = tuple(units)
        if len(self.units) == 1 and self.unit not in self.units:
            self.choose_unit(self.units[0])

    @property
    def unit(self) -> SamplingUnit:
        """Return what the weeks that are looked at drew."""
        return self.wanted[2]

    @property
    def segment(self) -> Within | None:
        """Return the segment that is stayed within; None for the whole."""
        by, value, _ = self.wanted
        return (by, value) if by else None

    @property
    def spans(self) -> tuple[int, ...]:
        """Return the numbers of latest weeks that leave some out; empty where there is no choice."""
        weekly = self.found.failing.weekly if self.found and self.found.failing else ()
        return tuple(span for span in SPANS if len(weekly) > len(_latest(weekly, span)))

    @property
    def splits(self) -> tuple[Segment, ...]:
        """Return the segments that a rate can be split by: those with several values, but for the one stayed within."""
        within = self.segment[0] if self.segment else None
        return tuple(by for by in dict.fromkeys(by for by, _ in self.segments) if by != within)

    @property
    def split(self) -> Segment | None:
        """Return the segment that the rate is split by; None where there is nothing to split by."""
        return self.split_by if self.split_by in self.splits else next(iter(self.splits), None)

    @property
    def is_score(self) -> bool:
        """Whether the mean of a score is looked at, not a rate."""
        return any(self.chosen is score for score in self.visible.scores)

    @property
    def point_weeks(self) -> tuple[str, ...]:
        """Return the names of the weeks of the point that is looked at."""
        series, point = self.chosen, self.point
        if series is None or point is None:
            return ()
        full = next((one for one in self._all_series() if one.id == series.id), series)
        return tuple(one.period for one in full.weekly if point.start_us <= one.start_us and one.end_us <= point.end_us)

    def _all_series(self) -> Iterable[Series]:
        return (*self.found.modes, *filter(None, (self.found.failing,)), *self.found.scores) if self.found else ()

    @property
    def saturation(self) -> Saturation | None:
        """Return whether reading finds new failure modes; None where nothing was read."""
        found = self.visible.saturation
        return found if found is not None and found.read else None

    @property
    def views(self) -> tuple[View, ...]:
        """Return the views that have something to show."""
        return tuple(view for view in VIEWS if view != "saturation" or self.saturation is not None)

    @property
    def weeks(self) -> int:
        """Return how many weeks there are."""
        return len(self.series[0].weekly) if self.series else 0

    @property
    def read(self) -> int:
        """Return how many traces were reviewed in the weeks together, by the mode that was asked most."""
        return max((sum(point.number.n for point in one.weekly) for one in self.series), default=0)

    def scale(self, number: int) -> Scale:
        """Return the scale of a series: failure modes share one; the failing traces and each score have their own."""
        one = self.series[number]
        score = self.taxonomy.score(one.id) if any(one is found for found in self.visible.scores) else None
        if score is None:
            return rates_to(top_of([one] if one is self.visible.failing else self.visible.modes))
        middle = (score.low + score.high) / 2
        marks = (float(score.low), middle, float(score.high))
        return Scale(marks[0], marks[2], tuple((at, decimal(at, 0 if at == round(at) else 1)) for at in marks))

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


def cut(found: Trends, span: int) -> Trends:
    """Return the trends of the latest weeks, as many as ``span`` says; 0 keeps all of them."""
    if not span:
        return found
    modes = tuple(_cut_series(one, span) for one in found.modes)
    shown = [one.weekly for one in modes if one.weekly]
    return replace(
        found,
        modes=modes,
        failing=_cut_series(found.failing, span) if found.failing else None,
        scores=tuple(_cut_series(one, span) for one in found.scores),
        markers=tuple(one for one in found.markers if not shown or one.at_us >= shown[0][0].start_us),
    )


def _cut_series(series: Series, span: int) -> Series:
    kept = len(_latest(series.weekly, span))
    return replace(series, weekly=series.weekly[-kept:], rolling=series.rolling[-kept:]) if kept else series


def _latest(weekly: Sequence[Point], span: int) -> Sequence[Point]:
    # Half a week more: a clock change makes weeks an hour longer or shorter.
    since = weekly[-1].start_us - span * WEEK_US + WEEK_US // 2 if weekly else 0
    return [point for point in weekly if point.start_us >= since]


def latest(series: Series) -> Point | None:
    """Return the last rolling point of a closed week, or of all weeks where none is closed; None without weeks."""
    closed = [point for point in series.rolling if not point.is_open]
    candidates = closed or list(series.rolling)
    return candidates[-1] if candidates else None


def latest_alert(series: Series) -> Alert | None:
    """Return the newest alert of the last four closed weeks, an ALERT before a WATCH; None without one."""
    closed = [point for point in series.weekly if not point.is_open][-LATEST_WEEKS:]
    raised = [point.alert for point in closed if point.alert is not None]
    return max(reversed(raised), key=lambda alert: alert.level == "ALERT", default=None)


def markers_by_week(markers: Sequence[Marker], series: Series) -> dict[int, list[Marker]]:
    """Return the markers by the index of the week in which, or before which, each of them lies."""
    found: dict[int, list[Marker]] = {}
    for marker in markers:
        week = next((n for n, point in enumerate(series.weekly) if point.end_us > marker.at_us), None)
        if week is not None:
            found.setdefault(week, []).append(marker)
    return found


def rates_to(top: float, steps: int = 2) -> Scale:
    """Return the scale of rates from 0 to ``top``, with a name at each of some steps."""
    step = top / steps
    digits = 0 if round(100 * step, 6) == round(100 * step) or (steps == 2 and top >= 0.1) else 1
    return Scale(0.0, top, tuple((n * step, share(n * step, digits if n else 0)) for n in range(steps + 1)))


def top_of(series: Sequence[Series], control: Control | None = None) -> float:
    """Return the upper end of the scale that charts share: above every line, band and dot, and control limit."""
    highest = max((week.high for week in control.weeks), default=0.0) if control else 0.0
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
    """Return an ISO week without its year, also where it drew sessions; another name as it is."""
    year, parted, week = period.removesuffix(OF_SESSIONS).partition("-W")
    return f"W{week}" if parted and year.isdigit() and week.isdigit() else period


def has_line(number: Number) -> bool:
    """Return whether a rate may be drawn as a line and said in percent."""
    return number.value is not None and not number.suppressed
