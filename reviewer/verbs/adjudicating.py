"""Where readers of one trace disagree: list it, and decide. A decision is a coding of its own; theirs stay as they are."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from reviewer.errors import UsageError
from reviewer.model.coding import ADJUDICATOR, Coding, Verdict, decisive, is_adjudicator
from reviewer.model.ids import TraceId, WeekName
from reviewer.verbs.changes import Changes
from reviewer.verbs.coding import Wanted, code
from reviewer.verbs.datasets import is_disputed
from reviewer.workspace.ask.codings import CodingRow, codings
from reviewer.workspace.ask.queue import week_of_traces
from reviewer.workspace.ask.queue import weeks as ask_weeks
from reviewer.workspace.ask.transcript import find_trace
from reviewer.workspace.file import Reader, Writer

VERDICT = "verdict"


@dataclass(frozen=True, slots=True)
class Disagreement:
    """One trace that two or more readers of one week do not judge the same."""

    week: WeekName
    trace: TraceId
    native_id: str
    readers: tuple[tuple[str, Coding], ...]
    """Every reader with what they say, by name."""
    about: tuple[str, ...]
    """What they differ in: ``verdict``, then ids of failure modes, then names of scores."""
    decision: Coding | None = None
    decided_by: str = ""


def disagreements(
    reader: Reader, week: str | None = None, about: str = "", decided: bool | None = None
) -> tuple[Disagreement, ...]:
    """Return where readers gave other verdicts or tagged other failure modes, by week and trace.

    Args:
        reader: of the workspace.
        week: one week only.
        about: only what differs in this: ``verdict``, or the id of a failure mode or score.
        decided: only what somebody decided, or only what is still open.

    Raises:
        UsageError: there is no such week of traces.
    """
    if week is not None:
        week_of_traces(reader, week)
    return tuple(
        one
        for one in _disagreements(reader, week)
        if (not about or about in one.about) and (decided is None or decided == (one.decision is not None))
    )


def _disagreements(reader: Reader, week: str | None) -> Iterator[Disagreement]:
    of_traces = {one.name for one in ask_weeks(reader, "trace")}
    said = [row for row in codings(reader, week, submitted=True) if row.coding.counts and row.key.week in of_traces]
    for (name, trace), group in groupby(said, key=lambda row: (row.key.week, row.key.trace)):
        rows = list(group)
        readings = [row for row in rows if not is_adjudicator(row.key.reviewer)]
        if not is_disputed([row.coding for row in readings]):
            continue
        decision = _decision(rows)
        yield Disagreement(
            name,
            trace,
            rows[0].native_id,
            tuple((row.key.reviewer, row.coding) for row in readings),
            differences([row.coding for row in readings]),
            None if decision is None else decision.coding,
            "" if decision is None else decision.key.reviewer.removeprefix(ADJUDICATOR),
        )


def _decision(rows: Sequence[CodingRow]) -> CodingRow | None:
    deciding = decisive(rows, lambda row: row.key.reviewer, lambda row: row.coding.submitted_us)
    return next((row for row in deciding if is_adjudicator(row.key.reviewer)), None)


def differences(said: Sequence[Coding]) -> tuple[str, ...]:
    """Return what readers differ in: the verdict, modes that not all of them tagged, scores that are not the same."""
    verdict = (VERDICT,) if len({coding.verdict for coding in said}) > 1 else ()
    tagged = dict.fromkeys(mode for coding in said for mode in coding.modes)
    modes = tuple(mode for mode in tagged if not all(mode in coding.modes for coding in said))
    scored = dict.fromkeys(name for coding in said for name in coding.scores)
    scores = tuple(name for name in scored if len({coding.scores.get(name) for coding in said}) > 1)
    return (*verdict, *modes, *scores)


def decide(writer: Writer, reader: Reader, week: str, wanted: Wanted) -> Changes:
    """Store what somebody decides where readers disagree; deciding again makes the newer decision stand.

    It is added under a role of its own, so that no reader's word is changed, also not that of the one who decides.

    Raises:
        UsageError: the readers of the trace do not disagree in that week, the decision is put off, or what ``code`` refuses.
    """
    trace = find_trace(reader, wanted.trace)
    found = next((one for one in disagreements(reader, week) if one.trace == trace), None)
    if found is None:
        raise UsageError(
            f"No two readers disagree on {wanted.trace!r} in {week}.", "List what is open with: adjudicate list."
        )
    if wanted.verdict == Verdict.DEFER:
        raise UsageError("A decision is pass or fail.", "Leave open what you cannot decide.")
    return code(writer, reader, week, wanted, decides=True)


def as_json(one: Disagreement) -> dict[str, Any]:
    """Return a disagreement as JSON values."""
    return {
        "week": one.week,
        "trace_id": one.trace,
        "native_id": one.native_id or None,
        "about": list(one.about),
        "readers": {name: _coding(coding) for name, coding in one.readers},
        "decision": None if one.decision is None else {"by": one.decided_by} | _coding(one.decision),
    }


def _coding(coding: Coding) -> dict[str, Any]:
    return {
        "verdict": coding.verdict,
        "failure_modes": list(coding.modes),
        "scores": coding.scores,
        "note": coding.note,
        "expected": coding.expected,
    }


def lines(found: Sequence[Disagreement]) -> list[str]:
    """Return disagreements in words, a block each."""
    said = []
    for one in found:
        said.append(f"{one.week}  {one.native_id or one.trace}: {', '.join(one.about)}")
        said += [f"  {name}: {_words(coding)}" for name, coding in one.readers]
        if one.decision is not None:
            said.append(f"  decided by {one.decided_by}: {_words(one.decision)}")
    return said


def _words(coding: Coding) -> str:
    parts = [str(coding.verdict), *coding.modes, *(f"{name} {value:g}" for name, value in coding.scores.items())]
    return ", ".join(parts) + (f" – {coding.note}" if coding.note else "")
