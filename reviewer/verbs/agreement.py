"""Ask how far people agree who judged the same traces."""

import dataclasses
from pathlib import Path
from typing import Any

from reviewer import wording
from reviewer.model.agreement import Agreement, AgreementReport
from reviewer.model.number import Number
from reviewer.verbs.listing import number as plain_number
from reviewer.workspace.ask.agreement import annotations, readings
from reviewer.workspace.ask.queue import week_of_traces
from reviewer.workspace.ask.settings import taxonomies, taxonomy
from reviewer.workspace.file import Reader

READERS = "Readers, on the traces that two or more have read:"
ANNOTATORS = "Imported annotators:"
NOBODY = "No trace was judged by two people yet."
TRACES = "{} traces"
POSITIVES = "{} seen by at least one"
RAW = "same answer {}"
POSITIVE = "a second one sees it too {}"


def agreement(reader: Reader, week: str | None = None) -> AgreementReport:
    """Return the agreement of this workspace's readers in one week or in all, and that of imported annotators.

    Imported scores belong to no week: a report of one week is without them.

    Raises:
        UsageError: there is no such week.
    """
    from reviewer.measure.agreement import of_annotators, of_readers

    if week is not None:
        week_of_traces(reader, week)
    return AgreementReport(
        week or "",
        tuple(of_readers(readings(reader, week), taxonomy(reader), taxonomies(reader))),
        tuple(of_annotators(annotations(reader))) if week is None else (),
    )


def agreement_of(path: str, week: str | None = None) -> AgreementReport:
    """Return the agreement in the workspace at a path."""
    reader = Reader(Path(path))
    try:
        return agreement(reader, week)
    finally:
        reader.close()


def plain(report: AgreementReport) -> dict[str, Any]:
    """Return a report as plain values, for the command line."""
    return {
        "week": report.week or None,
        "readers": [_plain(one) for one in report.readers],
        "annotators": [_plain(one) for one in report.annotators],
    }


def _plain(one: Agreement) -> dict[str, Any]:
    return {
        "id": one.id,
        "title": one.title,
        "about": one.about,
        "level": one.level,
        "readers": list(one.readers),
        "traces": one.traces,
        "positives": one.positives,
        "positive_value": one.positive_value or None,
        **{name: plain_number(getattr(one, name)) for name in ("raw", "positive", "kappa", "ac1", "alpha")},
        "majority": dict(one.majority),
        "pairs": [dataclasses.asdict(pair) for pair in one.pairs],
        "differing": [{"trace": d.trace, "week": d.week or None, "said": dict(d.said)} for d in one.differing],
    }


def lines(report: AgreementReport) -> list[str]:
    """Return a report as lines for a terminal."""
    found = []
    for title, rows in ((READERS, report.readers), (ANNOTATORS, report.annotators)):
        if rows:
            found += [title, *(f"  {_line(one)}" for one in rows)]
    return found or [NOBODY]


def _line(one: Agreement) -> str:
    parts = [TRACES.format(wording.decimal(one.traces))]
    if one.positives is not None:
        parts.append(POSITIVES.format(wording.decimal(one.positives)))
    parts.append(RAW.format(wording.value(one.raw)))
    if one.positive is not None and one.positive.value is not None:
        parts.append(POSITIVE.format(wording.value(one.positive)))
    for name, number in (("kappa", one.kappa), ("AC1", one.ac1), ("alpha", one.alpha)):
        if number is not None:
            parts.append(f"{name} {wording.coefficient(number)}{_limits(number)}")
    return f"{one.title}: {', '.join(parts)}."


def _limits(number: Number) -> str:
    if number.value is None or number.suppressed or number.low is None or number.high is None:
        return ""
    return f" ({wording.RANGE.format(wording.decimal(number.low, 2), wording.decimal(number.high, 2))})"
