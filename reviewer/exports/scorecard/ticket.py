"""A scorecard as Markdown, for a ticket or a chat."""

import re

from reviewer.exports.scorecard.lines import alert, alert_reason, cause, footnotes, heading, line, opening, period
from reviewer.model.diagnosis import Diagnosis
from reviewer.model.number import Field, Group, Scorecard

SPECIAL = re.compile(r"[\\`*_\[\]<>#|~&@]|:(?=//)|^[-+=]|(?<=www)\.", re.IGNORECASE)
HEAD = "| | now | interval or N | last | change | mix | within |\n|---|---:|---:|---:|---:|---:|---:|"
PLAIN_HEAD = "| | now | interval or N | last | change |\n|---|---:|---:|---:|---:|"


def markdown(card: Scorecard) -> str:
    """Return the scorecard as Markdown; text from traces is shown as it is and never as a link, image or heading."""
    parts = [
        f"# {plain(card.title)}: {plain(card.workspace)}",
        f"{plain(heading(card))}, {period(card)}",
        f"**{plain(opening(card))}**",
        plain(card.design),
        *(_field(number, field) for number, field in enumerate(card.fields, 1)),
        *(_diagnosis(one) for one in card.diagnoses),
        *(_group(group) for group in card.operations),
        "\n".join(f"{plain(note)}  " for note in footnotes(card)).rstrip(),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _field(number: int, field: Field) -> str:
    rows = [line(row) for row in field.rows]
    details = "\n".join(f"\n{plain(text)}" for text in _details(field) if text)
    badge = f" ({rows[0].badge})" if rows[0].badge else ""
    table = _table(field)
    return f"## {number}. {plain(field.title)}{badge}\n\n{table}" + (f"\n{details}" if details else "")


def _table(field: Field) -> str:
    split = any(row.change is not None for row in field.rows)
    rows = []
    for row in field.rows:
        said = line(row)
        cells = [plain(said.label) + (f" **{alert(row)}**" if row.alert else "")]
        cells += [plain(text) for text in (said.now, said.warrant, said.before, said.change)]
        cells += [plain(text) for text in (said.mix, said.within)] if split else []
        rows.append("| " + " | ".join(cells) + " |")
    return "\n".join([HEAD if split else PLAIN_HEAD, *rows])


def _details(field: Field) -> list[str]:
    """Return what is to be said below the table: details, alerts with their reasons, owners and runbooks."""
    return [
        text
        for row in field.rows
        for text in (
            line(row).detail,
            alert_reason(row),
            f"{row.label}: {row.owner}. {row.runbook}" if row.owner or row.runbook else "",
        )
    ]


def _diagnosis(diagnosis: Diagnosis) -> str:
    causes = "\n".join(
        f"- {one.finding.value}: {plain(one.title)}" + (f" ({plain(cause(one))})" if cause(one) else "")
        for one in diagnosis.causes
    )
    return f"## {plain(diagnosis.title)}\n\n{plain(diagnosis.because)}\n\n{causes}"


def _group(group: Group) -> str:
    tables = (f"### {plain(field.title)}\n\n{_table(field)}" for field in group.fields)
    return "\n\n".join([f"## {plain(group.title)}", *tables])


def plain(text: str) -> str:
    """Return text on one line, with every sign that Markdown could act on taken literally."""
    return SPECIAL.sub(r"\\\g<0>", " ".join(text.split()))
