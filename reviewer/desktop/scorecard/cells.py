"""The rows of the scorecard as cells of tables: the nine fields, the diagnosis, and what else all traffic says."""

from PySide6.QtCore import QCoreApplication

from reviewer.desktop.parts.table import Cell, Column
from reviewer.desktop.scorecard.state import Place
from reviewer.exports.scorecard.lines import alert, bars, cause, line
from reviewer.model.diagnosis import Cause, Finding
from reviewer.model.number import Basis

BADGES = {Basis.ESTIMATE: "estimate", Basis.FIXED_SET: "fixed"}
FINDINGS = {
    Finding.HOLDS: ("circle-check", "accent"),
    Finding.DOES_NOT: ("x", "text3"),
    Finding.CANNOT_TELL: ("minus", "text3"),
}


def tr(text: str) -> str:
    """Return a text of these tables, translated."""
    return QCoreApplication.translate("ScorecardPage", text)


def list_columns(estimated: bool, compared: bool, split: bool, raised: bool) -> tuple[Column, ...]:
    """Return the columns of a field that lists several things; those of the period before where it is ``compared``."""
    chip = (Column("", 76),) if raised else ()
    middle = (Column(tr("interval"), 112, right=True, least=440),) if estimated else ()
    parts = (
        (Column(tr("mix"), 40, right=True, least=620), Column(tr("within"), 44, right=True, least=620)) if split else ()
    )
    past = (
        (Column(tr("last"), 72, right=True, least=560 if estimated else 320), Column(tr("change"), 48, right=True))
        if compared
        else ()
    )
    return (Column(""), *chip, *middle, Column(tr("now"), 76, right=True), *past, *parts)


def list_cells(place: Place, estimated: bool, compared: bool, split: bool, raised: bool) -> tuple[Cell, ...]:
    """Return one row of a field that lists several things."""
    said, word = line(place.row), alert(place.row)
    chip = (Cell(chips=(word,) if word else (), chip_role=word.lower() or "neutral"),) if raised else ()
    middle = (Cell(said.warrant, "text2", "small"),) if estimated else ()
    parts = (Cell(said.mix, "text2", "small"), Cell(said.within, "text2", "small")) if split else ()
    past = (Cell(said.before, "text2"), _change(place, said.change)) if compared else ()
    return (Cell(said.label), *chip, *middle, Cell(said.now, weight=600), *past, *parts)


def _change(place: Place, text: str) -> Cell:
    """Return a change: dark where it is more than chance or more than is usual."""
    return Cell(text, weight=600) if place.row.moved else Cell(text, "text2")


def single_columns(compared: bool, course: bool) -> tuple[Column, ...]:
    """Return the columns of the fields of one number: ``compared`` with the period before, with a ``course`` of weeks."""
    past = (
        Column(tr("last"), 66, right=True, least=620),
        Column(tr("change"), 66, right=True),
        Column(tr("mix"), 56, right=True, least=820),
        Column("", 52, least=820),
        Column(tr("within"), 56, right=True, least=820),
    )
    return (
        Column("", 12),
        Column("", share=3),
        Column("", 76),
        Column(tr("now"), 84, right=True),
        Column(tr("interval or N"), 110),
        *(past if compared else ()),
        *((Column(tr("eight weeks"), 76, least=960),) if course else ()),
        Column(tr("what there is to say"), share=3, least=1120),
    )


def single_cells(place: Place, diagnosis: str, compared: bool, course: bool) -> tuple[Cell, ...]:
    """Return the row of a field of one number; ``diagnosis`` is what stands beside it."""
    said, basis = line(place.row), place.row.number.basis
    known = basis is not Basis.NOT_RECORDED
    label = place.field.title if said.label == place.field.title else f"{place.field.title}: {said.label}"
    lengths = dict(bars(place.row))
    past = (
        Cell(said.before, "text2"),
        _change(place, said.change),
        Cell(said.mix, "text2", "small"),
        Cell(split=(lengths["mix"], lengths["within"]) if lengths else None),
        Cell(said.within, "text2", "small"),
    )
    return (
        Cell(str(place.number), "text3"),
        Cell(label, weight=500),
        Cell(chips=(said.badge,) if said.badge else (), chip_role=BADGES.get(basis, "neutral")),
        Cell(said.now, "text" if known else "text3", "reading" if known else "small", 600 if known else None),
        Cell(said.warrant, "text2", "small"),
        *(past if compared else ()),
        *((Cell(run=place.row.history),) if course else ()),
        Cell(diagnosis or said.detail, "text" if diagnosis else "text2", "small"),
    )


def group_columns(split: bool) -> tuple[Column, ...]:
    """Return the columns of the groups after the nine; with mix and within where any change is ``split``."""
    parts = (
        (Column(tr("mix"), 56, right=True, least=760), Column(tr("within"), 56, right=True, least=760)) if split else ()
    )
    return (
        Column("", share=2),
        Column("", share=2),
        Column(tr("now"), 96, right=True),
        Column(tr("interval or N"), 124),
        Column(tr("last"), 84, right=True, least=520),
        Column(tr("change"), 84, right=True),
        *parts,
    )


def group_cells(place: Place, first: bool, split: bool) -> tuple[Cell, ...]:
    """Return one row of a group; the title of its field stands at its ``first`` row."""
    said = line(place.row)
    named = said.label if said.label != place.field.title else ""
    parts = (Cell(said.mix, "text2", "small"), Cell(said.within, "text2", "small")) if split else ()
    return (
        Cell(place.field.title if first else "", weight=500),
        Cell(named),
        Cell(said.now, weight=600),
        Cell(said.warrant, "text2", "small"),
        Cell(said.before, "text2"),
        _change(place, said.change),
        *parts,
    )


def cause_columns() -> tuple[Column, ...]:
    """Return the columns of a diagnosis."""
    return (Column("", 130), Column("", share=2), Column("", share=3))


def cause_cells(one: Cause) -> tuple[Cell, ...]:
    """Return one possible cause."""
    icon, color = FINDINGS[one.finding]
    holds = one.finding is Finding.HOLDS
    return (
        Cell(
            _finding(one.finding),
            "text" if holds else "text2",
            weight=600 if holds else None,
            icon=icon,
            icon_color=color,
        ),
        Cell(one.title, "text" if holds else "text2"),
        Cell(cause(one), "text2", "small"),
    )


def _finding(finding: Finding) -> str:
    return {
        Finding.HOLDS: tr("holds"),
        Finding.DOES_NOT: tr("does not hold"),
        Finding.CANNOT_TELL: tr("cannot be told"),
    }[finding]
