"""A scorecard as lines of plain text: what the page, the Markdown and the JSON have in common."""

from dataclasses import dataclass

from reviewer import wording
from reviewer.model.diagnosis import Cause
from reviewer.model.number import Basis, Field, Group, Row, Scorecard

LISTS = ("top_workflows", "top_failure_modes")
"""Fields that list several things, each under its own name."""

COUNTED = "{fields} count all traffic and have no sampling interval."
ESTIMATED = "{fields} are estimates from the reviewed sample, with 95 % intervals."
FIXED = "Of a fixed set: {fields}."
SPLITS = "Mix: the change if only the share of {by}s had moved. Within: the change at equal shares. They add up to the change."
CAME_AND_WENT = "{by}s that came or went: {presence}."
AGAINST = "against {}"
SINCE = ", since {}"
RAISED = "{level} in {week}{since}: against a usual rate of {baseline}."
FROM_TO = "{} → {}"
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
    mix: str
    within: str
    detail: str


def line(row: Row) -> Line:
    """Return one row of a field in words: the interval where there is one, else what the number stands on."""
    number, split = row.number, row.change
    scale = max(abs(one.value or 0.0) for one in (number, row.previous or number))
    return Line(
        label=row.label,
        badge=wording.badge(number) if number.basis is not Basis.NOT_RECORDED else "",
        now=wording.value(number),
        warrant=wording.interval_or_size(number),
        before=wording.value(row.previous) if row.previous is not None and row.previous.n else "",
        # The parts add up to the change beside them, also where a split is estimated a little otherwise than the whole.
        change=wording.part(split.total, scale) if split else wording.change(number, row.previous),
        mix=wording.part(split.mix, scale) if split else "",
        within=wording.part(split.within, scale) if split else "",
        detail=" ".join(filter(None, (row.detail, presence(row)))),
    )


def presence(row: Row) -> str:
    """Return what segments that came or went add to a change; empty without any."""
    split = row.change
    if split is None or split.presence is None:
        return ""
    scale = max(abs(one.value or 0.0) for one in (row.number, row.previous or row.number))
    return CAME_AND_WENT.format(by=split.by.replace("_", " "), presence=wording.part(split.presence, scale))


def basis(field: Field) -> Basis:
    """Return what a field stands on: the basis of its first row."""
    return field.rows[0].number.basis


def parted(group: Group) -> tuple[list[Field], list[Field], list[Field]]:
    """Return the fields of a group that are one number, those that list several things, and those not recorded."""
    absent = [field for field in group.fields if basis(field) is Basis.NOT_RECORDED]
    known = [field for field in group.fields if field not in absent]
    singles = [field for field in known if len(field.rows) == 1 and field.rows[0].label == field.title]
    return singles, [field for field in known if field not in singles], absent


def footnotes(card: Scorecard) -> list[str]:
    """Return the sentences at the foot: which fields count everything, which estimate, and when it was made."""
    notes = []
    for kind, sentence in ((Basis.ALL_TRAFFIC, COUNTED), (Basis.ESTIMATE, ESTIMATED), (Basis.FIXED_SET, FIXED)):
        titles = [field.title for field in card.fields if basis(field) is kind]
        if titles:
            notes.append(sentence.format(fields=", ".join(titles)))
    everything = (*card.fields, *(field for group in card.operations for field in group.fields))
    by = next((row.change.by for field in everything for row in field.rows if row.change), "")
    if by:
        notes.append(SPLITS.format(by=by.replace("_", " ")))
    if card.made_us:
        notes.append(MADE.format(moment=wording.moment(card.made_us, card.timezone), timezone=card.timezone))
    return notes


def bars(row: Row) -> list[tuple[str, float]]:
    """Return mix and within of a change as lengths from -1 to 1, the longer of them 1; nothing without a split."""
    if row.change is None:
        return []
    parts = {"mix": row.change.mix.value or 0.0, "within": row.change.within.value or 0.0}
    longest = max(map(abs, parts.values())) or 1.0
    return [(name, value / longest) for name, value in parts.items()]


def period(card: Scorecard) -> str:
    """Return the days of the scorecard."""
    return wording.days(card.start_us, card.end_us, card.timezone)


def heading(card: Scorecard) -> str:
    """Return what the scorecard is of: the period, the one before, and the segment."""
    against = AGAINST.format(card.against) if card.against else ""
    return ", ".join(filter(None, (card.period, against, card.segment)))


def opening(card: Scorecard) -> str:
    """Return the sentences at the top: how many traces fail, and what moved that."""
    return " ".join(filter(None, (wording.headline(card.headline), wording.what_moved(card.headline))))


def alert(row: Row) -> str:
    """Return the word of a WATCH or an ALERT; empty without one."""
    return row.alert.level.value if row.alert is not None else ""


def alert_reason(row: Row) -> str:
    """Return why a failure mode carries WATCH or ALERT; empty without one."""
    raised = row.alert
    if raised is None:
        return ""
    since = SINCE.format(raised.since) if raised.since and raised.since != raised.week else ""
    return RAISED.format(
        level=raised.level.value, week=raised.week, baseline=wording.share(raised.baseline), since=since
    )


def cause(one: Cause) -> str:
    """Return a possible cause in words: its figures before and now, and what is new or cannot be told."""
    figures = ""
    if one.before is not None and one.now is not None:
        figures = FROM_TO.format(wording.value(one.before), wording.value(one.now))
    return ", ".join(filter(None, (figures, one.said)))
