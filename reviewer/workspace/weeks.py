"""Write weeks: the frozen population, the plan, and the drawn items."""

from collections.abc import Mapping, Sequence

from reviewer.model.ids import TraceId, WeekName
from reviewer.model.week import Item, Week
from reviewer.workspace.file import Writer, as_json


def add(writer: Writer, week: Week, items: Sequence[Item], strata: Mapping[TraceId, str]) -> None:
    """Store a drawn week with its whole population in one transaction."""
    plan = week.plan
    with writer.change() as db:
        db.execute(
            "INSERT INTO week (name, start_us, end_us, size, seed, kind, segments, anchor, taxonomy_version, created_us, "
            "population, late, untimed, closed_us, where_large, overlap, readers, unit) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (week.name, week.start_us, week.end_us, plan.size, plan.seed, plan.kind, as_json(plan.by), plan.anchor,
             week.taxonomy_version, week.created_us, week.population, week.late, week.untimed, week.closed_us,
             plan.where_large, plan.overlap, as_json(plan.readers), plan.unit),
        )  # fmt: skip
        db.executemany(
            "INSERT INTO population SELECT ?, n, ? FROM trace WHERE id = ?",
            [(week.name, stratum, trace) for trace, stratum in strata.items()],
        )
        _put_items(writer, week.name, items)


def top_up(writer: Writer, name: WeekName, size: int, items: Sequence[Item]) -> None:
    """Replace the items of a week by a larger draw that holds them all."""
    with writer.change() as db:
        db.execute("UPDATE week SET size = ? WHERE name = ?", (size, name))
        db.execute("DELETE FROM week_item WHERE week = ?", (name,))
        _put_items(writer, name, items)


def put(writer: Writer, name: WeekName, items: Sequence[Item]) -> None:
    """Add items to a week."""
    with writer.change():
        _put_items(writer, name, items)


def close(writer: Writer, name: WeekName, closed_us: int | None) -> None:
    """Close a week, or open it again with None."""
    with writer.change() as db:
        db.execute("UPDATE week SET closed_us = ? WHERE name = ?", (closed_us, name))


def _put_items(writer: Writer, name: WeekName, items: Sequence[Item]) -> None:
    writer.db.executemany(
        "INSERT INTO week_item (week, position, trace, stratum, stratum_size, stratum_drawn, pi, u, purpose, readers) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [(name, i.order, i.trace, i.stratum, i.N_h, i.n_h, i.pi, i.u, i.purpose, as_json(i.readers)) for i in items],
    )
