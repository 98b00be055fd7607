"""A scorecard as lines of plain text: what the page, the Markdown and the JSON have in common."""

from dataclasses import dataclass

from reviewer import wording
from reviewer.model.number import Basis, Field, Row, Scorecard

LISTS = ("top_workflows", "top_failure_modes")
"""Fields that list several things, each under its own name."""

COUNTED = "{fields} count all traffic and have no sampling interval."
ESTIMATED = "{fields} are estimates from the reviewed sample, with 95 % intervals."
FIXED = "{fields} are of a fixed set."
MADE = "Made {moment} ({timezone})."


@dataclass(frozen=True, slots=True)
class Line:
    """One number of the scorecard in words; empty text where there is nothing to say."""

    label: str
    badge: str
    now: str
    warrant: str
    before: str
    change: str
    detail: str


def line(row: Row) -> Line:
    """Return one row of a field in words: the interval where there is one, else what the number stands on."""
    number = row.number
    return Line(
        label=row.label,
        badge=wording.badge(number) if number.basis is not Basis.NOT_RECORDED else "",
        now=wording.value(number),
        warrant=wording.interval_or_size(number),
        before=wording.value(row.previous) if row.previous is not None and row.previous.n else "",
        change=wording.change(number, row.previous),
        detail=row.detail,
    )


def basis(field: Field) -> Basis:
    """Return what a field stands on: the basis of its first row."""
    return field.rows[0].number.basis


def footnotes(card: Scorecard) -> list[str]:
    """Return the sentences at the foot: which fields count everything, which estimate, and when it was made."""
    notes = []
    for kind, sentence in ((Basis.ALL_TRAFFIC, COUNTED), (Basis.ESTIMATE, ESTIMATED), (Basis.FIXED_SET, FIXED)):
        titles = [field.title for field in card.fields if basis(field) is kind]
        if titles:
            notes.append(sentence.format(fields=", ".join(titles)))
    if card.made_us:
        notes.append(MADE.format(moment=wording.moment(card.made_us, card.timezone), timezone=card.timezone))
    return notes


def period(card: Scorecard) -> str:
    """Return the days of the scorecard."""
    return wording.days(card.start_us, card.end_us, card.timezone)
