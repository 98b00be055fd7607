"""A scorecard as JSON, for another program."""

import dataclasses
import math
from typing import Any

from reviewer.exports.scorecard.lines import cause, footnotes, line, opening
from reviewer.model.change import ChangeSplit
from reviewer.model.clock import iso
from reviewer.model.diagnosis import Diagnosis
from reviewer.model.number import Field, Number, Point, Row, Scorecard


def as_json(card: Scorecard) -> dict[str, Any]:
    """Return the scorecard as JSON values: each number with its basis, interval and counts, and as it is said.

    Times are ISO 8601 in UTC; a value that is not there is null, never NaN.
    """
    return {
        "title": card.title,
        "workspace": card.workspace,
        "period": card.period,
        "start": iso(card.start_us),
        "end": iso(card.end_us),
        "timezone": card.timezone,
        "made": iso(card.made_us) if card.made_us else None,
        "design": card.design,
        "reviewed": card.reviewed,
        "drawn": card.drawn,
        "population": card.population,
        "headline": None if card.headline is None else _row(card.headline),
        "opening": opening(card),
        "against": card.against or None,
        "segment": card.segment or None,
        "fields": [_field(field) for field in card.fields],
        "operations": [
            {"id": group.id, "title": group.title, "fields": [_field(field) for field in group.fields]}
            for group in card.operations
        ],
        "diagnoses": [_diagnosis(diagnosis) for diagnosis in card.diagnoses],
        "line": [_point(point) for point in card.line],
        "markers": [{"kind": one.kind, "at": iso(one.at_us), "label": one.label} for one in card.markers],
        "notes": footnotes(card),
    }


def _point(point: Point) -> dict[str, Any]:
    number = point.number
    return {
        "period": point.period,
        "window_weeks": point.window_weeks,
        "estimate": number.value,
        "low": number.low,
        "high": number.high,
        "reviewed": number.n,
        "suppressed": number.suppressed,
    }


def _field(field: Field) -> dict[str, Any]:
    return {
        "id": field.id,
        "title": field.title,
        "explanation": field.explanation,
        "rows": [_row(row) for row in field.rows],
    }


def _row(row: Row) -> dict[str, Any]:
    return {
        "label": row.label,
        "said": line(row).now,
        "number": _number(row.number),
        "previous": None if row.previous is None else _number(row.previous),
        "detail": row.detail,
        "moved": row.moved,
        "change": None if row.change is None else split(row.change),
        "alert": None if row.alert is None else dataclasses.asdict(row.alert),
        "history": list(row.history),
        "owner": row.owner or None,
        "runbook": row.runbook or None,
        "traces": list(row.traces),
    }


def split(change: ChangeSplit) -> dict[str, Any]:
    """Return a change with its parts and segments as JSON values."""
    return {
        "by": change.by,
        "total": _number(change.total),
        "mix": _number(change.mix),
        "within": _number(change.within),
        "presence": None if change.presence is None else _number(change.presence),
        "segments": [
            {
                "segment": one.segment,
                "share_before": one.share_before,
                "share_after": one.share_after,
                "before": _number(one.before),
                "after": _number(one.after),
                "mix": one.mix,
                "within": one.within,
                "presence": one.presence,
            }
            for one in change.segments
        ],
    }


def _diagnosis(diagnosis: Diagnosis) -> dict[str, Any]:
    return {
        "id": diagnosis.id,
        "field": diagnosis.field,
        "title": diagnosis.title,
        "because": diagnosis.because,
        "causes": [
            {
                "id": one.id,
                "title": one.title,
                "finding": one.finding.value,
                "before": None if one.before is None else _number(one.before),
                "now": None if one.now is None else _number(one.now),
                "said": cause(one),
                "traces": list(one.traces),
            }
            for one in diagnosis.causes
        ],
    }


def _number(number: Number) -> dict[str, Any]:
    return {name: _plain(value) for name, value in dataclasses.asdict(number).items()}


def _plain(value: Any) -> Any:
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return str(value) if isinstance(value, str) else value
