"""A scorecard as JSON, for another program."""

import dataclasses
import math
from typing import Any

from reviewer.exports.scorecard.lines import line
from reviewer.model.clock import iso
from reviewer.model.number import Field, Number, Row, Scorecard


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
        "fields": [_field(field) for field in card.fields],
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
        "traces": list(row.traces),
    }


def _number(number: Number) -> dict[str, Any]:
    return {name: _plain(value) for name, value in dataclasses.asdict(number).items()}


def _plain(value: Any) -> Any:
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return str(value) if isinstance(value, str) else value
