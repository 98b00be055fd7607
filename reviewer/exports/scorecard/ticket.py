"""A scorecard as Markdown, for a ticket or a chat."""

import re

from reviewer import wording
from reviewer.exports.scorecard.lines import footnotes, line, period
from reviewer.model.number import Field, Scorecard

SPECIAL = re.compile(r"[\\`*_\[\]<>#|~&@]|:(?=//)|^[-+=]|(?<=www)\.", re.IGNORECASE)
HEAD = "| | now | interval or N | last | change |\n|---|---:|---:|---:|---:|"


def markdown(card: Scorecard) -> str:
    """Return the scorecard as Markdown; text from traces is shown as it is and never as a link, image or heading."""
    parts = [
        f"# {plain(card.title)}: {plain(card.workspace)}",
        f"{plain(card.period)}, {period(card)}",
        f"**{plain(wording.headline(card.headline))}**",
        plain(card.design),
        *(_field(number, field) for number, field in enumerate(card.fields, 1)),
        "\n".join(f"{plain(note)}  " for note in footnotes(card)).rstrip(),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _field(number: int, field: Field) -> str:
    rows = [line(row) for row in field.rows]
    table = "\n".join(
        "| " + " | ".join(plain(text) for text in (r.label, r.now, r.warrant, r.before, r.change)) + " |" for r in rows
    )
    details = "\n".join(f"\n{plain(r.detail)}" for r in rows if r.detail)
    badge = f" ({rows[0].badge})" if rows[0].badge else ""
    return f"## {number}. {plain(field.title)}{badge}\n\n{HEAD}\n{table}" + (f"\n{details}" if details else "")


def plain(text: str) -> str:
    """Return text on one line, with every sign that Markdown could act on taken literally."""
    return SPECIAL.sub(r"\\\g<0>", " ".join(text.split()))
