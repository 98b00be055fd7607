"""Hold imported judges against people, and set where their numbers part pass and fail."""

import dataclasses
import math
from pathlib import Path
from typing import Any

from reviewer import wording
from reviewer.errors import UsageError
from reviewer.model.judge import Cut, Judge
from reviewer.model.number import Number
from reviewer.verbs.changes import Changes
from reviewer.verbs.listing import number as plain_number
from reviewer.workspace import judges as stored
from reviewer.workspace.ask import judges as asked
from reviewer.workspace.ask.queue import week_of_traces
from reviewer.workspace.ask.queue import weeks as ask_weeks
from reviewer.workspace.ask.settings import taxonomies, taxonomy
from reviewer.workspace.file import Reader, Writer

NONE = "No judge has scored a trace of a drawn week."
HEAD = "{} ({}, held against {}): {} of {} traces scored, {} of them reviewed."
TABLE = "  of the reviewed: {} caught, {} missed, {} false alarms"
FINDS = "  finds {} of the failures ({}); {} of its alarms are right ({}); lets {} of the rest pass ({})"
RATE = "  rate in the traffic: {} ({})"
RAW = "  the judge alone says {}"
TIGHTENED = "  leaning on the judge (PPI++): {} ({})"
KNOWN = "  from the sensitivity and specificity that you gave: {}"
NUMBERS = ("sensitivity", "specificity", "precision", "corrected", "unaided", "tightened", "known", "raw")


def judges(
    reader: Reader, week: str | None = None, name: str | None = None, known: tuple[float, float] | None = None
) -> list[Judge]:
    """Return each judge that scored a trace of a drawn week, against people.

    Args:
        reader: the workspace.
        week: one week; None pools all.
        name: one judge; None for all.
        known: sensitivity and specificity from elsewhere, for a rate where nobody has reviewed.

    Raises:
        UsageError: there is no such week or judge.
    """
    from reviewer.measure.judges import judge
    from reviewer.workspace.ask.tables import items, judged, sizes

    names = asked.judges(reader)
    if name is not None:
        known_judge(reader, name)
    weeks = (
        [week_of_traces(reader, week).name] if week is not None else [one.name for one in ask_weeks(reader, "trace")]
    )
    if not weeks or not names:
        return []
    drawn, held, cuts = items(reader), sizes(reader, (), weeks), asked.cuts(reader)
    found = [
        judge(one, judged(reader, one.name, weeks), drawn, held, taxonomy(reader), taxonomies(reader), cuts.get(one.name), known)
        for one in names
        if name in (None, one.name)
    ]  # fmt: skip
    return [one for one in found if one is not None]


def known_judge(reader: Reader, name: str) -> None:
    """Check that there is a judge of this name.

    Raises:
        UsageError: there is none.
    """
    names = [one.name for one in asked.judges(reader)]
    if name not in names:
        there = f"There is: {', '.join(names)}." if names else "No score of a judge was imported."
        raise UsageError(f"There is no judge {name!r} here.", there)


def judges_of(path: str, week: str | None = None) -> tuple[Judge, ...]:
    """Return the judges of the workspace at a path."""
    reader = Reader(Path(path))
    try:
        return tuple(judges(reader, week))
    finally:
        reader.close()


def set_cut(writer: Writer, name: str, cut: Cut | None) -> Changes:
    """Remember where a judge's numbers part pass and fail; None goes back to the middle.

    Raises:
        UsageError: the cut is no number.
    """
    if cut is not None and not math.isfinite(cut.at):
        raise UsageError(f"{cut.at} cannot part pass and fail.", "Give a number.")
    stored.set_cut(writer, name, cut)
    return Changes(judges=True)


def plain(judge: Judge) -> dict[str, Any]:
    """Return a judge as plain values, for the command line."""
    values = dataclasses.asdict(judge)
    numbers = {name: plain_number(getattr(judge, name)) for name in NUMBERS}
    return {**values, **numbers, "passed_rightly": judge.passed_rightly}


def lines(found: list[Judge]) -> list[str]:
    """Return the judges as lines for a terminal."""
    said = []
    for one in found:
        said += _lines(one)
    return said or [NONE]


def _lines(judge: Judge) -> list[str]:
    by = judge.by if judge.cut is None else f"{judge.by}, {wording.cut(judge.cut.at, judge.cut.fails_below)}"
    counts = (wording.decimal(n) for n in (judge.scored, judge.population, judge.labelled))
    said = [HEAD.format(judge.name, by, judge.of_title, *counts)]
    if judge.labelled:
        said.append(TABLE.format(judge.caught, judge.missed, judge.false_alarms))
    shown = (judge.sensitivity, judge.precision, judge.specificity)
    if all(one.value is not None for one in shown):
        said.append(
            FINDS.format(*(part for one in shown for part in (wording.value(one), wording.interval_or_size(one))))
        )
    if judge.corrected is not None:
        said.append(RATE.format(wording.value(judge.corrected), wording.interval_or_size(judge.corrected)))
    for template, one in ((TIGHTENED, judge.tightened), (KNOWN, judge.known), (RAW, judge.raw)):
        if one is not None:
            said.append(_filled(template, one))
    return [*said, *(f"  {note}" for note in judge.notes)]


def _filled(template: str, found: Number) -> str:
    return template.format(wording.value(found), wording.interval_or_size(found))
