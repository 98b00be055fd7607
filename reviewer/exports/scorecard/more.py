"""The pages after the first: what the diagnosis says, who looks after a failure mode, and what else all traffic says."""

from collections.abc import Sequence
from html import escape

from reviewer.exports.scorecard.lines import alert_reason, cause, line, parted
from reviewer.model.diagnosis import Diagnosis, Finding
from reviewer.model.number import Group, Row, Scorecard

STYLE = """
.second { break-before: page; margin-top: 28px }
.second h2, .more h2 { display: block; font-size: 16px; line-height: 24px; margin: 20px 0 4px; break-after: avoid }
.more { margin-top: 20px }
.more h3, .second h3 { font-size: 13px; font-weight: 600; margin: 14px 0 2px; break-after: avoid }
.more table { margin-bottom: 6px }
.more td, .more th { padding-top: 3px; padding-bottom: 3px }
.more .absent { color: #676A71; font-size: 12px; margin: 4px 0 0 }
.groups { columns: 2; column-gap: 24px }
.groups section { break-inside: avoid }
.second p { margin: 0 0 4px }
.second ul { list-style: none; margin: 4px 0 0; padding: 0 }
.second li { padding: 2px 0; break-inside: avoid }
.finding { display: inline-block; width: 104px; color: #505359 }
.holds { color: #1A1B1E; font-weight: 600 }
"""
ABSENT = "Not recorded: {}."
FINDINGS = {Finding.HOLDS: "finding holds", Finding.DOES_NOT: "finding", Finding.CANNOT_TELL: "finding"}


def more(card: Scorecard) -> str:
    """Return what follows the first page as HTML; empty where there is nothing."""
    second = _modes(card) + _diagnoses(card.diagnoses)
    parts = [f'<div class="second">{second}</div>'] if second else []
    return "".join([*parts, *map(_group, card.operations)])


def _modes(card: Scorecard) -> str:
    """Return alerts, owners and runbooks of the failure modes that the first page lists."""
    rows = [row for field in card.fields if field.id == "top_failure_modes" for row in field.rows]
    said = [part for row in rows if (part := _mode(row))]
    return f"<section><h2>Failure modes: who acts, and how</h2>{''.join(said)}</section>" if said else ""


def _mode(row: Row) -> str:
    if not (row.owner or row.runbook or row.alert):
        return ""
    parts = " ".join(filter(None, (alert_reason(row), f"{row.owner}." if row.owner else "", row.runbook)))
    return f"<p><b>{_theirs(row.label)}</b> {_theirs(parts)}</p>"


def _diagnoses(found: Sequence[Diagnosis]) -> str:
    if not found:
        return ""
    return f"<section><h2>Diagnosis</h2>{''.join(map(_diagnosis, found))}</section>"


def _diagnosis(diagnosis: Diagnosis) -> str:
    causes = "".join(
        f'<li><span class="{FINDINGS[one.finding]}">{escape(one.finding.value)}</span> {escape(one.title)}'
        f'<span class="quiet"> {_theirs(cause(one))}</span></li>'
        for one in diagnosis.causes
    )
    return f"<h3>{escape(diagnosis.title)}</h3><p>{_theirs(diagnosis.because)}</p><ul>{causes}</ul>"


def _group(group: Group) -> str:
    """Return a group: its single numbers in one table, its lists side by side, and what is not recorded in a line."""
    singles, lists, absent = parted(group)
    table = _table([row for field in singles for row in field.rows]) if singles else ""
    sections = "".join(f"<section><h3>{escape(field.title)}</h3>{_table(field.rows)}</section>" for field in lists)
    columns = f'<div class="groups">{sections}</div>' if sections else ""
    names = ABSENT.format(", ".join(field.title for field in absent))
    left = f'<p class="absent">{escape(names)}</p>' if absent else ""
    return f'<section class="more"><h2>{escape(group.title)}</h2>{table}{columns}{left}</section>'


def _table(rows: Sequence[Row]) -> str:
    split = any(row.change is not None for row in rows)
    parts = "<th>mix</th><th>within</th>" if split else ""
    names = f"<tr><th></th><th>now</th><th></th><th>last</th><th>change</th>{parts}</tr>"
    return f"<table><thead>{names}</thead><tbody>{''.join(_row(row, split) for row in rows)}</tbody></table>"


def _row(row: Row, split: bool) -> str:
    said = line(row)
    parts = f'<td class="quiet">{escape(said.mix)}</td><td class="quiet">{escape(said.within)}</td>' if split else ""
    return (
        f'<tr><td title="{escape(said.label)}">{_theirs(said.label)}</td><td class="now">{escape(said.now)}</td>'
        f'<td class="quiet">{escape(said.warrant)}</td><td class="quiet">{escape(said.before)}</td>'
        f"<td{'' if row.moved else ' class=quiet'}>{escape(said.change)}</td>{parts}</tr>"
    )


def _theirs(text: str) -> str:
    """Return text that others wrote, kept from turning the direction of what stands around it."""
    return f"<bdi>{escape(text)}</bdi>"
