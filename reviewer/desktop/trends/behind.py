"""What stands behind a point, at the side of the charts: where it happens, and what moved it."""

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QCoreApplication, QObject, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from reviewer import wording
from reviewer.desktop import shown
from reviewer.desktop.parts.controls import Ground, dress
from reviewer.desktop.parts.fields import Choice
from reviewer.desktop.parts.table import Cell, Column, Table
from reviewer.desktop.theme import Theme
from reviewer.desktop.trends.state import Scale, short
from reviewer.desktop.week.plan import segment_title
from reviewer.exports.scorecard.lines import bars
from reviewer.jobs.messages import Broke, Cancelled, Done
from reviewer.jobs.running import without_channel
from reviewer.model.change import ChangeSplit
from reviewer.model.number import Row, Unit
from reviewer.model.trend import Behind, Spot
from reviewer.model.week import Segment
from reviewer.verbs.points import behind_of

if TYPE_CHECKING:
    from reviewer.desktop.bridge import Bridge
    from reviewer.jobs.running import Job

MOST_SPOTS = 5
PAUSE_MS = 150
"""Nothing is computed for a point that is only passed on the way to another."""


class Wanted(NamedTuple):
    """The point that is looked at: its weeks, its mode, what to split by, and the segment that all of it is within."""

    weeks: tuple[str, ...]
    of: str
    by: Segment
    within: tuple[Segment, str | None] | None = None


class Looking(QObject):
    """Computes what stands behind one point at a time; ``found`` carries the point and its answer."""

    found = Signal(object, object)

    def __init__(self, bridge: "Bridge", parent: QObject) -> None:
        super().__init__(parent)
        self.bridge = bridge
        self._known: dict[Wanted, Behind] = {}
        self._wanted: Wanted | None = None
        self._job: Job | None = None
        self._turn = 0
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE_MS)
        self._pause.timeout.connect(self._start)

    @property
    def busy(self) -> bool:
        """Whether an answer is still to come."""
        return self._pause.isActive() or self._job is not None

    def forget(self) -> None:
        """Forget the answers: something they stand on has changed."""
        self._known.clear()
        self.leave()

    def leave(self) -> None:
        """Want nothing any more: nobody looks."""
        self._wanted = None
        self._stop()

    def want(self, wanted: Wanted | None) -> Behind | None:
        """Return what is known of a point; where nothing is, it is computed and follows with ``found``."""
        if wanted is None or wanted in self._known:
            self._wanted = wanted
            self._stop()
            return self._known.get(wanted) if wanted else None
        if wanted != self._wanted:
            self._wanted = wanted
            self._stop()
            self._pause.start()
        return None

    def _stop(self) -> None:
        self._pause.stop()
        self._turn += 1
        if self._job is not None:
            self._job.cancel()
            self._job = None

    def _start(self) -> None:
        wanted = self._wanted
        if wanted is not None:
            path = str(self.bridge.workspace_path)
            self._job = self.bridge.job(
                without_channel, behind_of, path, *wanted, message=lambda _: None, done=self._ends(wanted)
            )

    def _ends(self, wanted: Wanted) -> Callable[[Done | Cancelled | Broke], None]:
        turn = self._turn

        def ended(end: Done | Cancelled | Broke) -> None:
            if turn != self._turn:
                return
            self._job = None
            if isinstance(end, Done):
                self._known[wanted] = end.result
            # A job that broke leaves the panel out: the charts stand without it.
            self.found.emit(wanted, self._known.get(wanted))

        return ended


class BehindPanel(Ground):
    """``split_chosen`` carries the segment to split by."""

    split_chosen = Signal(object)

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        self.title = shown.label(self.tr("Where it happens"), theme=theme, weight=600, wrap=True)
        self.by = Choice(self.tr("Split by"), theme)
        self.by.setMinimumContentsLength(7)
        self.by.setMinimumWidth(theme.px(72))  # less than its text, in a narrow window with large letters
        self.by.chosen.connect(self.split_chosen)
        spots = (Column(""), Column("", 64, least=230), Column("", 64, right=True))
        self.spots = Table(
            self.tr("Where it happens"), spots, theme, margin=0, row_height=28, fits=True, can_choose=False
        )
        self.spots.horizontalHeader().hide()
        self.more = shown.label("", theme=theme, role="small", color="text2", wrap=True)
        self.change = shown.label("", theme=theme, weight=600, wrap=True)
        parts = (Column(self.tr("mix"), 64), Column(""), Column(self.tr("within"), 64, right=True))
        self.parts = Table(
            self.tr("Mix and within"), parts, theme, margin=0, row_height=32, fits=True, can_choose=False
        )
        self.meaning = shown.label("", theme=theme, role="small", color="text2", wrap=True)
        for table in (self.spots, self.parts):
            table.setMinimumWidth(0)
        lines = QVBoxLayout(self)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(6)
        head = QHBoxLayout()
        head.addWidget(self.title, 1)
        head.addWidget(self.by)
        lines.addLayout(head)
        for widget in (self.spots, self.more, self.change, self.parts, self.meaning):
            lines.addWidget(widget)

    def offer(self, segments: tuple[Segment, ...], chosen: Segment) -> None:
        """Offer the segments that a rate can be split by."""
        self.by.offer([(segment_title(by), by) for by in segments], chosen)
        self.by.setVisible(len(segments) > 1)

    def show_behind(self, found: Behind | None, scale: Scale, has_rate: bool) -> None:
        """Show what stands behind the point; without an answer yet, say that it is computed.

        The bar of a segment reaches over the ``scale`` of the chart. A point that stands on too few for a rate has none
        on another mix either.
        """
        spots = found.spots[:MOST_SPOTS] if found else ()
        self.spots.show_rows(len(spots), lambda row: _spot_cells(spots[row], scale))
        self.spots.setVisible(bool(spots))
        self.more.setText(self._more(found))
        split = found.split if found else None
        self.change.setText(_change(found, split) if found and split else "")
        self.parts.show_rows(1 if split else 0, lambda _: _part_cells(split) if split else ())
        self.parts.setVisible(split is not None)
        self.meaning.setText(_meaning(found, split, has_rate) if found and split else "")
        for label in (self.more, self.change, self.meaning):
            label.setVisible(bool(label.full_text))

    def _more(self, found: Behind | None) -> str:
        if found is None:
            return self.tr("Computing where it happens …")
        left = len(found.spots) - MOST_SPOTS
        return self.tr("and {n} more").format(n=wording.decimal(left)) if left > 0 else ""

    def set_theme(self, theme: Theme) -> None:
        """Wear another theme."""
        super().set_theme(theme)
        dress(self, theme)


def _spot_cells(spot: Spot, scale: Scale) -> tuple[Cell, ...]:
    number = spot.number
    name = wording.NOT_RECORDED if spot.value is None else spot.value
    length = 0.0 if number.value is None else (number.value - scale.low) / (scale.high - scale.low)
    said = wording.counts(number) if number.unit is Unit.SHARE else wording.value(number)
    return (Cell(name), Cell(bar=min(length, 1.0)), Cell(said, "text2", "small"))


def _part_cells(split: ChangeSplit) -> tuple[Cell, ...]:
    lengths = dict(bars(Row("", split.total, change=split)))
    mix, within = wording.part(split.mix, 1.0), wording.part(split.within, 1.0)
    return Cell(mix, weight=600), Cell(split=(lengths["mix"], lengths["within"])), Cell(within, weight=600)


def _span(weeks: tuple[str, ...]) -> str:
    first, last = short(weeks[0]), short(weeks[-1])
    return first if first == last else wording.RANGE.format(first, last)


def _change(found: Behind, split: ChangeSplit) -> str:
    """Return how far the rate moved, with its limits."""
    limits = wording.difference_interval(split.total)
    moved = wording.difference(split.total) + (f" ({limits})" if limits else "")
    said = QCoreApplication.translate("Behind", "Since {weeks}: {moved}")
    return said.format(weeks=shown.safe(_span(found.before), 40), moved=moved)


def _meaning(found: Behind, split: ChangeSplit, has_rate: bool) -> str:
    """Return what mix and within are, what came and went, and the rate on the old mix."""
    said = QCoreApplication.translate
    names = {"by": segment_title(found.by), "weeks": shown.safe(_span(found.before), 40)}
    lines = [
        said(
            "Behind",
            "Mix (outline): other shares of the traffic by {by}. Within (filled): other rates at equal shares.",
        )
        if split.total.unit is Unit.SHARE
        else said(
            "Behind",
            "Mix (outline): other shares of the traffic by {by}. Within (filled): other means at equal shares.",
        )
    ]
    if split.presence is not None:
        names["presence"] = wording.difference(split.presence)
        moved = [shown.safe(one.segment, 40) for one in split.segments if one.presence is not None]
        names["moved"] = ", ".join(moved[:MOST_SPOTS])
        lines.append(said("Behind", "Came or went: {presence} ({moved})."))
    if has_rate and found.on_old_mix is not None and found.on_old_mix.value is not None:
        names["rate"] = wording.value(found.on_old_mix)
        lines.append(said("Behind", "With the traffic mixed as in {weeks} it would be {rate}."))
    return "\n".join(lines).format(**names)
