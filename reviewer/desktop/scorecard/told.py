"""What the foot of the scorecard says of the chosen number: how it is made, what it stands on, what moved it, who acts."""

from PySide6.QtCore import QCoreApplication

from reviewer import wording
from reviewer.desktop.scorecard.state import Place
from reviewer.exports.scorecard.lines import alert_reason, line
from reviewer.model.change import SegmentChange
from reviewer.model.number import Row

MOST_SEGMENTS = 2


def tr(text: str) -> str:
    """Return a text of the foot, translated."""
    return QCoreApplication.translate("ScorecardPage", text)


def told(place: Place) -> list[str]:
    """Return the sentences; those with nothing to say are left out."""
    row = place.row
    number = row.number
    stands = tr("It stands on: {}.").format(wording.warrant(number))
    if number.n_eff is not None:
        stands += " " + tr("Effective n {}.").format(wording.decimal(number.n_eff))
    owner = tr("Owner: {}.").format(row.owner) if row.owner else ""
    parts = (place.field.explanation, stands, line(row).detail, _segments(row), alert_reason(row), owner, row.runbook)
    return [part for part in parts if part]


def _segments(row: Row) -> str:
    """Return the segments in which most of what happened within them happened."""
    if row.change is None:
        return ""
    ranked = sorted((s for s in row.change.segments if s.within), key=lambda s: -abs(s.within or 0.0))[:MOST_SEGMENTS]
    if not ranked:
        return ""
    return tr("Most of it within {}.").format(", ".join(map(_segment, ranked)))


def _segment(one: SegmentChange) -> str:
    before, after = wording.value(one.before), wording.value(one.after)
    return tr("{segment} ({before} → {after})").format(segment=one.segment, before=before, after=after)
