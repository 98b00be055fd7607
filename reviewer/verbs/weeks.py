"""Draw a week, add to it, top it up, close it."""

from collections.abc import Collection
from dataclasses import dataclass

from reviewer.errors import UsageError
from reviewer.measure import design, planning
from reviewer.measure.planning import Consequence, PlannedStratum
from reviewer.model.ids import TraceId, WeekName
from reviewer.model.week import Draw, Item, Plan, Purpose, SamplingUnit, Week
from reviewer.verbs.changes import Changes
from reviewer.workspace import weeks
from reviewer.workspace.ask.population import (
    Counted,
    calibrated_with,
    counted,
    frozen,
    inside,
    items,
    population,
    reviewed_before,
)
from reviewer.workspace.ask.queue import week as ask_week
from reviewer.workspace.ask.queue import weeks as ask_weeks
from reviewer.workspace.ask.sessions import stands_for
from reviewer.workspace.ask.settings import taxonomy
from reviewer.workspace.ask.transcript import find_trace
from reviewer.workspace.file import Reader, Writer

LOOKED_AT = "added after looking"
READ_AGAIN = "read again"
CALIBRATION = "calibration"
"""The seed by which the traces for calibration are drawn, the same in every week and workspace."""


@dataclass(frozen=True, slots=True)
class Planned:
    """A draw that has not been made: its strata, and what *New week* says of its population."""

    strata: tuple[PlannedStratum, ...]
    counted: Counted


def count_week(reader: Reader, start_us: int, end_us: int, plan: Plan, also: Collection[TraceId] = ()) -> Counted:
    """Return how many traces of a period stand in each crossing of a plan's segments; ``also`` are counted apart.

    Raises:
        UsageError: the period ends before it begins.
    """
    if end_us <= start_us:
        raise UsageError(
            "The period ends before it begins.", "The end is not included: a week ends on the next Monday."
        )
    return counted(reader, start_us, end_us, plan.by, standing(reader, plan.unit, also), plan.unit)


def plan_week(reader: Reader, start_us: int, end_us: int, plan: Plan, also: Collection[TraceId] = ()) -> Planned:
    """Return the strata that a plan would give, without storing or drawing anything.

    Raises:
        UsageError: as for ``open_week``.
    """
    _refuse_outsiders(reader, start_us, end_us, plan.unit, standing(reader, plan.unit, also))
    found = count_week(reader, start_us, end_us, plan, also)
    return Planned(planning.outline(found.crossings, plan, found.chosen), found)


def consequence(reader: Reader, planned: Planned) -> Consequence:
    """Return what a plan buys, where the failure modes in use are watched together. Takes a second: it simulates."""
    from reviewer.measure import power

    modes = max(1, len(taxonomy(reader).active))
    return planning.consequence(
        planned.strata, power.limits_at, lambda rate, effective: power.doubling_found(rate, effective, modes)
    )


def curve(bought: Consequence) -> list[tuple[int, float]]:
    """Return half the width of the interval at 10 % by traces read, for plans as efficient as the one that buys this."""
    from reviewer.measure import power

    return planning.curve(bought, power.limits_at)


def open_week(
    writer: Writer,
    reader: Reader,
    name: str,
    start_us: int,
    end_us: int,
    plan: Plan,
    also: Collection[TraceId] = (),
    calibration: int = 0,
) -> Changes:
    """Draw a week and freeze its population.

    Args:
        writer: of the workspace.
        reader: of the same workspace.
        name: what to call the week.
        start_us: where its period begins, in microseconds.
        end_us: where it ends; the end is not included.
        plan: how the sample is drawn.
        also: traces of the period chosen before the draw; they are read for certain, beside the sample. In a week of
            sessions, the sessions they belong to.
        calibration: how many traces that were reviewed in earlier weeks are read again; they are in no rate.

    Raises:
        UsageError: the name exists, the period is empty, or the plan cannot be drawn.
    """
    name = name.strip()
    if not name:
        raise UsageError("A week needs a name.", "For example 2026-W48.")
    if any(week.name == name for week in ask_weeks(reader)):
        raise UsageError(f"There is a week {name!r} already.", "Choose another name, or top the old one up.")
    also = standing(reader, plan.unit, also)
    _refuse_outsiders(reader, start_us, end_us, plan.unit, also)
    if end_us <= start_us:
        raise UsageError(
            "The period ends before it begins.", "The end is not included: a week ends on the next Monday."
        )
    found = population(reader, start_us, end_us, plan.by, plan.unit)
    drawn = design.draw(found.candidates, plan, also)
    again = _calibration(reader, start_us, drawn, calibration, plan.unit) if calibration else []
    week = Week(
        name=WeekName(name),
        start_us=start_us,
        end_us=end_us,
        plan=plan,
        taxonomy_version=taxonomy(reader).version,
        created_us=writer.clock(),
        population=len(found.candidates),
        late=found.late,
        untimed=found.untimed,
    )
    weeks.add(writer, week, [*drawn.items, *again], drawn.strata)
    return Changes(weeks=frozenset({week.name}))


def top_up(writer: Writer, reader: Reader, name: str, size: int) -> Changes:
    """Draw more from the frozen population of a week; what was drawn stays drawn, in its place.

    Raises:
        UsageError: there is no such week, or it has as many items already.
    """
    week = ask_week(reader, name)
    already = items(reader, week.name)
    drawn = sum(item.purpose in ("prob", "overlap") for item in already)
    if size <= drawn:
        raise UsageError(f"{name} has {drawn} items already.", "Ask for more.")
    so_far = Draw(tuple(already), frozen(reader, week.name))
    larger = design.top_up(so_far, week.plan, size)
    weeks.top_up(writer, week.name, size, larger.items)
    return Changes(weeks=frozenset({week.name}))


def add_to_week(writer: Writer, reader: Reader, name: str, trace: str) -> Changes:
    """Add a trace that somebody came across to a week, to be read; it is in no rate. In a week of sessions, its session.

    Raises:
        UsageError: there is no such week or trace, or the trace is in the week already.
    """
    week = ask_week(reader, name)
    (own,) = standing(reader, week.plan.unit, [find_trace(reader, trace)])
    already = items(reader, week.name)
    if any(item.trace == own for item in already):
        raise UsageError(f"{name} holds this {week.plan.unit} already.", "Choose another one.")
    place = max((item.order for item in already), default=0) + 1
    weeks.put(writer, week.name, [_beside(own, LOOKED_AT, place, "explore")])
    return Changes(weeks=frozenset({week.name}))


def close_week(writer: Writer, reader: Reader, name: str, closed: bool) -> Changes:
    """Close a week, or open it again."""
    week = ask_week(reader, name)
    weeks.close(writer, week.name, writer.clock() if closed else None)
    return Changes(weeks=frozenset({week.name}))


def standing(reader: Reader, unit: SamplingUnit, traces: Collection[TraceId]) -> list[TraceId]:
    """Return the items that traces belong to: themselves, or, where sessions are drawn, what stands for their sessions."""
    if unit == "trace":
        return list(traces)
    return list(dict.fromkeys(stands_for(reader, trace) for trace in traces))


def _refuse_outsiders(
    reader: Reader, start_us: int, end_us: int, unit: SamplingUnit, also: Collection[TraceId]
) -> None:
    outside = set(also) - inside(reader, start_us, end_us, also, unit)
    if outside:
        raise UsageError(
            f"The trace {min(outside)} is not among the {unit}s of this period.",
            "Add it once the week is drawn: reviewer week add.",
        )


def _calibration(reader: Reader, start_us: int, drawn: Draw, wanted: int, unit: SamplingUnit) -> list[Item]:
    """Return old items to read again: those of earlier calibrations first, then by their permanent random numbers."""
    used = calibrated_with(reader, unit)
    old = [trace for trace in reviewed_before(reader, start_us, unit) if trace not in drawn.strata]
    if not old:
        raise UsageError(
            "Nothing was reviewed in an earlier week, so there is nothing to calibrate with.",
            "Leave the calibration out of the first week.",
        )
    old.sort(key=lambda trace: (trace not in used, design.permanent_random_number(CALIBRATION, trace)))
    places = range(len(drawn.items) + 1, len(drawn.items) + 1 + wanted)
    return [_beside(trace, READ_AGAIN, place, "calibration") for trace, place in zip(old, places, strict=False)]


def _beside(trace: TraceId, stratum: str, place: int, purpose: Purpose) -> Item:
    return Item(trace, stratum, 0, 0, 0.0, 0.0, place, purpose)
