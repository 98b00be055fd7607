"""Draw a week, top it up, close it."""

from dataclasses import dataclass

from reviewer.errors import UsageError
from reviewer.measure import design
from reviewer.model.ids import WeekName
from reviewer.model.week import Draw, Plan, Week
from reviewer.verbs.changes import Changes
from reviewer.workspace import weeks
from reviewer.workspace.ask.population import frozen, items, population
from reviewer.workspace.ask.queue import week as ask_week
from reviewer.workspace.ask.queue import weeks as ask_weeks
from reviewer.workspace.ask.settings import taxonomy
from reviewer.workspace.file import Reader, Writer


@dataclass(frozen=True, slots=True)
class Planned:
    """A draw that has not been stored: what *New week* shows before anybody says yes."""

    draw: Draw
    population: int
    late: int
    untimed: int


def plan_week(reader: Reader, start_us: int, end_us: int, plan: Plan) -> Planned:
    """Return the draw that a plan would give, without storing anything."""
    if end_us <= start_us:
        raise UsageError(
            "The period ends before it begins.", "The end is not included: a week ends on the next Monday."
        )
    found = population(reader, start_us, end_us, plan.by)
    drawn = design.draw(found.candidates, plan)
    return Planned(drawn, len(found.candidates), found.late, found.untimed)


def open_week(writer: Writer, reader: Reader, name: str, start_us: int, end_us: int, plan: Plan) -> Changes:
    """Draw a week and freeze its population.

    Raises:
        UsageError: the name exists, the period is empty, or the plan cannot be drawn.
    """
    name = name.strip()
    if not name:
        raise UsageError("A week needs a name.", "For example 2026-W48.")
    if any(week.name == name for week in ask_weeks(reader)):
        raise UsageError(f"There is a week {name!r} already.", "Choose another name, or top the old one up.")
    planned = plan_week(reader, start_us, end_us, plan)
    week = Week(
        name=WeekName(name),
        start_us=start_us,
        end_us=end_us,
        plan=plan,
        taxonomy_version=taxonomy(reader).version,
        created_us=writer.clock(),
        population=planned.population,
        late=planned.late,
        untimed=planned.untimed,
    )
    weeks.add(writer, week, planned.draw.items, planned.draw.strata)
    return Changes(weeks=frozenset({week.name}))


def top_up(writer: Writer, reader: Reader, name: str, size: int) -> Changes:
    """Draw more from the frozen population of a week; what was drawn stays drawn, in its place."""
    week = ask_week(reader, name)
    already = items(reader, week.name)
    if size <= len(already):
        raise UsageError(f"{name} has {len(already)} items already.", "Ask for more.")
    so_far = Draw(tuple(already), frozen(reader, week.name))
    larger = design.top_up(so_far, week.plan, size)
    weeks.top_up(writer, week.name, size, larger.items)
    return Changes(weeks=frozenset({week.name}))


def close_week(writer: Writer, reader: Reader, name: str, closed: bool) -> Changes:
    """Close a week, or open it again."""
    week = ask_week(reader, name)
    weeks.close(writer, week.name, writer.clock() if closed else None)
    return Changes(weeks=frozenset({week.name}))
