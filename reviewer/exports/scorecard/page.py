"""A scorecard as one self-contained page: no script, nothing fetched, one sheet of A4 when printed."""

from collections.abc import Sequence
from html import escape

from reviewer.exports.scorecard import more
from reviewer.exports.scorecard.lines import LISTS, Line, alert, bars, basis, footnotes, heading, line, opening, period
from reviewer.model.number import Basis, Field, Row, Scorecard

BAR = 24
"""Pixels of the longest bar of a split on either side of its zero line."""
BADGES = {Basis.ALL_TRAFFIC: "counted", Basis.ESTIMATE: "estimate", Basis.FIXED_SET: "fixed"}
STYLE = """
@page { size: A4; margin: 14mm 16mm }
* { box-sizing: border-box }
html { background: #F6F6F3; color: #1A1B1E; font: 13px/20px Inter, "Noto Sans", "Noto Sans CJK SC", sans-serif }
body { width: 210mm; margin: 24px auto; padding: 16mm; background: #FFF; font-feature-settings: "tnum" }
h1 { font-size: 26px; line-height: 34px; font-weight: 600; margin: 0 }
h2 { font-size: 13px; line-height: 20px; font-weight: 600; margin: 0; display: inline }
header { display: grid; grid-template-columns: 1fr auto; border-bottom: 1.5px solid #1A1B1E; padding-bottom: 8px }
header b { align-self: end; font-size: 14px; text-align: right; max-width: 90mm }
header p { margin: 4px 0 0; color: #505359 }
header p + p { text-align: right }
.headline { font-size: 15px; line-height: 23px; font-weight: 600; margin: 16px 0 4px }
.design { color: #505359; font-size: 12px; line-height: 18px; margin: 0 0 16px }
.lists { display: grid; grid-template-columns: 1fr 1.75fr; gap: 16px; margin-bottom: 20px }
.lists > section { min-width: 0 }
table { width: 100%; border-collapse: collapse }
td, th { padding: 6px 0 6px 9px; text-align: right; vertical-align: baseline; border-bottom: 1px solid #E4E4DF;
  font-weight: 400; white-space: nowrap }
td:first-child, th:first-child { text-align: left; padding-left: 0; width: 100%; max-width: 0; overflow: hidden;
  text-overflow: ellipsis }
thead th { color: #676A71; font-size: 12px; padding-top: 0 }
.lists thead th { border-bottom: 0 }
.now { font-weight: 600 }
.quiet { color: #505359; font-size: 12px }
.nine { border-top: 1px solid #505359; border-bottom: 1px solid #505359 }
.nine th { font-weight: 600 }
.nine td, .nine th { padding-left: 7px }
.nine tbody th:first-child { white-space: normal; max-width: none; text-overflow: clip; line-height: 16px }
.nine td:nth-child(4), .nine th:nth-child(4) { text-align: left }
.nine thead th { font-weight: 400; padding-top: 6px; border-bottom: 1px solid #505359 }
.nine tr:last-child > * { border-bottom: 0 }
.detail td { color: #505359; font-size: 12px; white-space: normal; padding-top: 0 }
.has-detail > * { border-bottom: 0 }
.no { color: #676A71; font-weight: 500; margin-right: 8px }
.badge { display: inline-block; border-radius: 10px; padding: 0 8px; font-size: 11px; font-weight: 500 }
.counted { background: #EFEFEB; color: #505359 }
.estimate { background: #E8EEFD; color: #2450C4 }
.alert { background: #FBE3E1; color: #A3221A }
.watch { background: #FBEFD5; color: #7A4E00 }
.bars { padding: 0 2px 0 8px }
.bars span { position: relative; display: inline-block; width: 52px; height: 18px; vertical-align: middle;
  background: linear-gradient(#676A71, #676A71) 26px 0 / 1px 100% no-repeat }
.bars i { position: absolute; height: 7px; min-width: 1px }
.bars .mix { top: 1px; border: 1.5px solid #2B318A; background: #FFF }
.bars .within { top: 10px; background: #2B318A }
.fixed { background: #E6E3F6; color: #2B318A }
footer { color: #505359; font-size: 11px; line-height: 16px; margin-top: 20px; border-top: 1px solid #E4E4DF;
  padding-top: 8px }
.how { margin-top: 24px; font-size: 12px; line-height: 18px; color: #505359 }
.how dt { font-weight: 600; color: #1A1B1E; margin-top: 8px }
.how dd { margin: 0 }
@media print {
  html { background: #FFF }
  body { width: auto; margin: 0; padding: 0; -webkit-print-color-adjust: exact; print-color-adjust: exact }
  .how { display: none }
}
"""
PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width">
<meta name="referrer" content="no-referrer">
<title>{title}</title>
<style>{style}</style>
</head>
<body>
{body}
</body>
</html>
"""


def html(card: Scorecard) -> str:
    """Return the scorecard as an HTML document; every text that comes from traces or people is escaped."""
    lists = [(number, field) for number, field in enumerate(card.fields, 1) if field.id in LISTS]
    single = [(number, field) for number, field in enumerate(card.fields, 1) if field.id not in LISTS]
    body = [
        _header(card),
        f'<p class="headline">{escape(opening(card))}</p>',
        f'<p class="design">{escape(card.design)}</p>',
        f'<div class="lists">{"".join(_list(number, field) for number, field in lists)}</div>',
        _nine(single),
        f"<footer>{escape(' '.join(footnotes(card)))}</footer>",
        more.more(card),
        _how([*card.fields, *(field for group in card.operations for field in group.fields)]),
    ]
    return PAGE.format(title=escape(f"{card.title} {card.period}"), style=STYLE + more.STYLE, body="\n".join(body))


def _header(card: Scorecard) -> str:
    return (
        f"<header><h1>{escape(card.title)}</h1><b>{_theirs(card.workspace)}</b>"
        f"<p>{_theirs(heading(card))}</p><p>{escape(period(card))}</p></header>"
    )


def _list(number: int, field: Field) -> str:
    """Return a field that lists several things, as a table under its title."""
    estimated = basis(field) is Basis.ESTIMATE
    split = any(row.change is not None for row in field.rows)
    rows = "".join(f"<tr>{_name(row)}{_cells(row, estimated, split)}</tr>" for row in field.rows)
    middle = "<th></th>" if estimated else ""
    parts = "<th>mix</th><th>within</th>" if split else ""
    return (
        f'<section><span class="no">{number}</span><h2>{escape(field.title)}</h2> {_badge(field)}'
        f"<table><thead><tr><th></th>{middle}<th>now</th><th>last</th><th>change</th>{parts}"
        f"</tr></thead><tbody>{rows}</tbody></table></section>"
    )


def _cells(row: Row, with_warrant: bool, with_split: bool) -> str:
    said = line(row)
    middle = f'<td class="quiet">{escape(said.warrant)}</td>' if with_warrant else ""
    parts = (
        f'<td class="quiet">{escape(said.mix)}</td><td class="quiet">{escape(said.within)}</td>' if with_split else ""
    )
    return (
        f'{middle}<td class="now">{escape(said.now)}</td><td class="quiet">{escape(said.before)}</td>'
        f"<td{_moved(row)}>{escape(said.change)}</td>{parts}"
    )


def _moved(row: Row) -> str:
    """Return the class of a change: dark where it is more than chance or more than is usual."""
    return ' class="now"' if row.moved else ' class="quiet"'


def _nine(fields: Sequence[tuple[int, Field]]) -> str:
    """Return the fields of a single number as one table, what there is to add below each."""
    head = (
        "<tr><th></th><th></th><th>now</th><th>interval or N</th><th>last</th><th>change</th><th>mix</th><th></th>"
        "<th>within</th></tr>"
    )
    rows = "".join(_single(number, field) for number, field in fields)
    return f'<table class="nine"><thead>{head}</thead><tbody>{rows}</tbody></table>'


def _single(number: int, field: Field) -> str:
    parts = []
    for place, row in enumerate(field.rows):
        said = line(row)
        label = field.title if said.label == field.title else f"{field.title}: {said.label}"
        marked = f'<span class="no">{number if place == 0 else ""}</span>'
        kind = ' class="has-detail"' if said.detail else ""
        now = "now" if said.badge else "quiet"
        parts.append(
            f"<tr{kind}><th>{marked}{_theirs(label)}</th><td>{_badge(field)}</td>"
            f'<td class="{now}">{escape(said.now)}</td><td class="quiet">{escape(said.warrant)}</td>'
            f'<td class="quiet">{escape(said.before)}</td><td{_moved(row)}>{escape(said.change)}</td>{_split(row, said)}</tr>'
        )
        if said.detail:
            parts.append(f'<tr class="detail"><td colspan="9">{_theirs(said.detail)}</td></tr>')
    return "".join(parts)


def _split(row: Row, said: Line) -> str:
    """Return mix and within, with their bars on one zero line: mix in outline, within filled."""
    if row.change is None:
        return "<td></td><td></td><td></td>"
    bars = "".join(
        f'<i class="{name}" style="width:{wide:.1f}px;{"left:26px" if to_right else "right:26px"}"></i>'
        for name, wide, to_right in _bars(row)
    )
    return (
        f'<td class="quiet">{escape(said.mix)}</td><td class="bars"><span>{bars}</span></td>'
        f'<td class="quiet">{escape(said.within)}</td>'
    )


def _bars(row: Row) -> list[tuple[str, float, bool]]:
    return [(name, abs(share) * BAR, share >= 0) for name, share in bars(row)]


def _name(row: Row) -> str:
    raised = alert(row)
    chip = f' <span class="badge {raised.lower()}">{raised}</span>' if raised else ""
    return f'<td title="{escape(row.label)}">{_theirs(row.label)}{chip}</td>'


def _badge(field: Field) -> str:
    kind = BADGES.get(basis(field))
    return f'<span class="badge {kind}">{escape(basis(field).value)}</span>' if kind else ""


def _how(fields: Sequence[Field]) -> str:
    entries = "".join(f"<dt>{escape(field.title)}</dt><dd>{escape(field.explanation)}</dd>" for field in fields)
    return f'<section class="how"><h2>How the numbers are made</h2><dl>{entries}</dl></section>'


def _theirs(text: str) -> str:
    """Return text that others wrote, kept from turning the direction of what stands around it."""
    return f"<bdi>{escape(text)}</bdi>"
