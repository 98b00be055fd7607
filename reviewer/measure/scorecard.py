"""The scorecard: nine fields, each saying whether it is of all traffic or an estimate from the reviewed sample."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import pandas as pd

from reviewer import wording
from reviewer.measure import traffic as all_traffic
from reviewer.measure.changes import TOTALS, quantile_change, rate_change, total_change
from reviewer.measure.methods import EXPLANATIONS, TITLES
from reviewer.measure.moved import difference, direction
from reviewer.measure.prevalence import kish
from reviewer.measure.reading import WeekRead, cells, rate, traces_with, versions_without
from reviewer.measure.recorded import newest, numbers
from reviewer.measure.sample import Sample, failed_in
from reviewer.measure.success import cost_row
from reviewer.model import columns
from reviewer.model.alert import Alert
from reviewer.model.change import ChangeSplit
from reviewer.model.ids import ModeId
from reviewer.model.number import Field, Number, Row, Scorecard, Unit
from reviewer.model.taxonomy import Taxonomy
from reviewer.model.week import Week

TOP = 5
MOST_LEFT_OUT = 0.10
"""Above this share of unread items the design sentence warns."""

TITLE = "Scorecard"
FAILING = "Failing traces"
NO_WORKFLOW = "not recorded"
IN_ALL = "{} traces in all"
STRATA = "{} strata, effective n {}"
ONE_STRATUM = "one stratum, effective n {}"
TAXONOMY = "taxonomy {}"
NOT_DRAWN = "no sample was drawn"
LATE = "{} came late for an earlier week"
MANY_LEFT_OUT = "more than one in ten was left out; the estimates take them to be like the others of their stratum"


def scorecard(
    sample: Sample,
    traffic: pd.DataFrame,
    taxonomy: Taxonomy,
    week: Week,
    tz: str,
    workspace: str,
    eval_trend: Sequence[Row] | None = None,
    *,
    before: pd.DataFrame | None = None,
    earlier: Mapping[int, Taxonomy] | None = None,
    alerts: Mapping[str, Alert] | None = None,
    split_by: str = columns.WORKFLOW,
    segment: str = "",
    made_us: int = 0,
) -> Scorecard:
    """Return the scorecard of a period that ends with a week, beside the period before.

    Args:
        sample: what was read in the period and in the one before, of the whole or of a segment.
        traffic: the "traffic" table, one row a trace of the period, all of it.
        taxonomy: the present taxonomy.
        week: the last week of the period.
        tz: the workspace's time zone.
        workspace: the workspace's name.
        eval_trend: rows of the evaluation trend, or None while no results have been imported.
        before: the "traffic" table of the period before, for the column of earlier values.
        earlier: other versions of the taxonomy by number (see ``trends``).
        alerts: WATCH and ALERT of the last week, by failure mode.
        split_by: the segment by which changes are split into mix and within.
        segment: what everything is restricted to, in words.
        made_us: when the scorecard is made, microseconds.
    """
    now, past = sample.now, sample.past
    singles = _Singles(traffic, before, split_by)
    names = "" if before is None and not past else _names(past) or wording.days(*_before(now, week), tz)
    return Scorecard(
        title=TITLE,
        workspace=workspace,
        period=_names(now) or str(week.name),
        start_us=min([week.start_us, *(one.start_us for one in now)]),
        end_us=week.end_us,
        timezone=tz,
        design=_design(now, len(traffic), week, taxonomy),
        reviewed=sample.read,
        drawn=sample.drawn,
        population=len(traffic),
        fields=(
            _field("top_workflows", _workflows(traffic, before)),
            _field("top_failure_modes", _failure_modes(sample, taxonomy, earlier or {}, alerts or {}, split_by)),
            _field("p95_latency", singles.p95_latency()),
            _field("cost_per_success", (cost_row(sample, traffic, before, split_by),)),
            _field("structured_output_pass", singles.row("structured_output_pass", all_traffic.structured_output_pass)),
            _field("tool_success", singles.row("tool_success", all_traffic.tool_success)),
            _field("empty_retrieval", singles.row("empty_retrieval", all_traffic.empty_retrieval)),
            _field("escalation", singles.escalation()),
            _field("eval_trend", tuple(eval_trend or ())),
        ),
        made_us=made_us,
        headline=_headline(sample, split_by) if now else None,
        against=names,
        segment=segment,
    )


def _names(weeks: Sequence[WeekRead]) -> str:
    """Return what a run of weeks is called; empty for none."""
    if not weeks:
        return ""
    return weeks[0].name if len(weeks) < 2 else wording.RANGE.format(weeks[0].name, weeks[-1].name)


def _before(now: Sequence[WeekRead], week: Week) -> tuple[int, int]:
    """Return the bounds of the span of equal length before the period."""
    start = min([week.start_us, *(one.start_us for one in now)])
    return 2 * start - week.end_us, start


def _field(name: str, rows: tuple[Row, ...]) -> Field:
    """Return a field whose rows without a name of their own carry its title; without rows it is not recorded."""
    titled = tuple(
        replace(row, label=row.label or TITLES[name], moved=direction(row.number, row.previous)) for row in rows
    )
    return Field(name, TITLES[name], titled or (Row(TITLES[name], all_traffic.NOT_RECORDED),), EXPLANATIONS[name])


class _Singles:
    """Makes the rows of fields of all traffic: one number each, beside the period before, with what moved it."""

    def __init__(self, traffic: pd.DataFrame, before: pd.DataFrame | None, by: str) -> None:
        self.traffic, self.before, self.by = traffic, before, by

    def row(self, name: str, measure: Callable[[pd.DataFrame], Number]) -> tuple[Row, ...]:
        """Return the row of a rate, split by segment."""
        change = None
        if self.before is not None:
            change = total_change(self.before, self.traffic, [self.by], TOTALS[name])
        return self._row(measure, _BEHIND[name](self.traffic), change)

    def p95_latency(self) -> tuple[Row, ...]:
        """Return the row of the latency, split by reweighting to the old mix."""
        change = None
        if self.before is not None:
            change = quantile_change(self.before, self.traffic, [self.by], columns.LATENCY, 0.95, Unit.MILLISECONDS)
        latency = numbers(self.traffic, columns.LATENCY)
        slow = latency[latency >= latency.quantile(0.95)].sort_values(ascending=False).index
        return self._row(all_traffic.p95_latency, tuple(self.traffic.loc[slow[:100], columns.TRACE]), change)

    def escalation(self) -> tuple[Row, ...]:
        """Return the row of escalation, which is of sessions: a session stands in the segment of its first trace."""
        change = None
        if self.before is not None:
            before, now = all_traffic.sessions(self.before), all_traffic.sessions(self.traffic)
            change = total_change(before, now, [self.by], TOTALS["escalation"])
        handed = self.traffic.loc[numbers(self.traffic, columns.ESCALATED) == 1, columns.TRACE]
        return self._row(all_traffic.escalation, newest(handed), change)

    def _row(
        self, measure: Callable[[pd.DataFrame], Number], traces: tuple[str, ...], change: ChangeSplit | None
    ) -> tuple[Row, ...]:
        number = measure(self.traffic)
        before = None if self.before is None else measure(self.before)
        return (Row("", number, before, number.note, traces, change),)


def with_history(card: Scorecard, weeks: Sequence[pd.DataFrame]) -> Scorecard:
    """Return a scorecard whose fields of one number of all traffic also hold that number in each of some weeks.

    ``weeks`` are "traffic" tables, the newest last.
    """
    return replace(
        card,
        fields=tuple(
            replace(field, rows=tuple(replace(row, history=_history(field.id, weeks)) for row in field.rows))
            for field in card.fields
        ),
    )


def _history(field: str, weeks: Sequence[pd.DataFrame]) -> tuple[float | None, ...]:
    measure = _ALL_TRAFFIC.get(field)
    return () if measure is None else tuple(measure(table).value if len(table) else None for table in weeks)


_ALL_TRAFFIC: dict[str, Callable[[pd.DataFrame], Number]] = {
    "p95_latency": all_traffic.p95_latency,
    "structured_output_pass": all_traffic.structured_output_pass,
    "tool_success": all_traffic.tool_success,
    "empty_retrieval": all_traffic.empty_retrieval,
    "escalation": all_traffic.escalation,
}


def _where(
    column: str, wanted: Callable[["pd.Series[float]"], "pd.Series[bool]"]
) -> Callable[[pd.DataFrame], tuple[str, ...]]:
    return lambda table: newest(table.loc[wanted(numbers(table, column)), columns.TRACE])


_BEHIND = {
    "structured_output_pass": _where(columns.STRUCTURED_OK, lambda ok: ok == 0),
    "tool_success": _where(columns.TOOL_ERRORS, lambda errors: errors > 0),
    "empty_retrieval": _where(columns.EMPTY_RETRIEVALS, lambda empty: empty > 0),
}
"""The traces to look at behind a share of all traffic: those in which it went wrong."""


def _workflows(traffic: pd.DataFrame, before: pd.DataFrame | None) -> tuple[Row, ...]:
    now = all_traffic.workflow_shares(traffic)
    if set(now) <= {None}:
        return ()
    past = {} if before is None else all_traffic.workflow_shares(before)
    none_then = None if before is None else all_traffic.share(0, len(before))
    of = {
        name: traffic[columns.WORKFLOW].isna() if name is None else traffic[columns.WORKFLOW] == name
        for name in list(now)[:TOP]
    }
    return tuple(
        Row(
            NO_WORKFLOW if name is None else name,
            now[name],
            past.get(name, none_then),
            traces=newest(traffic.loc[rows, columns.TRACE]),
        )
        for name, rows in of.items()
    )


def _failure_modes(
    sample: Sample, taxonomy: Taxonomy, earlier: Mapping[int, Taxonomy], alerts: Mapping[str, Alert], by: str
) -> tuple[Row, ...]:
    """Return the most common failure modes first, after those with an alert; equal ones stand in the taxonomy's order."""
    if not sample.now:
        return ()
    rows = []
    for mode in taxonomy.active:
        without = versions_without(mode.id, taxonomy, earlier)
        number = rate(sample.now, mode.id, without)
        then = rate(sample.past, mode.id, without) if sample.past else None
        rows.append(
            Row(
                mode.title,
                number,
                then,
                detail=number.note,
                traces=traces_with(sample.now, mode.id),
                change=_rate_change(sample, by, mode.id, without) if difference(number, then) else None,
                alert=alerts.get(mode.id),
                owner=mode.owner,
                runbook=mode.runbook,
            )
        )
    ordered = sorted(rows, key=lambda row: (-(row.number.value or 0.0), -(row.number.count or 0)))
    raised = [row for row in ordered if row.alert is not None]
    return tuple([*raised, *(row for row in ordered if row.alert is None)][: max(TOP, len(raised))])


def _rate_change(
    sample: Sample, by: str, mode: ModeId | None, without: frozenset[int] = frozenset()
) -> ChangeSplit | None:
    sizes = sample.sizes_by([by])
    if sizes is None or not sample.past:
        return None
    before, after = ({week.name for week in weeks} for weeks in (sample.past, sample.now))
    return rate_change(sample.items, sizes, before, after, [by], mode, without)


def _headline(sample: Sample, by: str) -> Row:
    number = rate(sample.now, None)
    before = rate(sample.past, None) if sample.past else None
    return Row(
        FAILING,
        number,
        before,
        traces=failed_in(sample),
        change=_rate_change(sample, by, None) if difference(number, before) else None,
        moved=direction(number, before),
    )


def _design(weeks: Sequence[WeekRead], population: int, week: Week, taxonomy: Taxonomy) -> str:
    """Return how the estimates came about, in one sentence of parts."""
    parts = [IN_ALL.format(wording.decimal(population))]
    drawn, read = sum(one.drawn for one in weeks), sum(one.read for one in weeks)
    if not drawn:
        return " · ".join([*parts, NOT_DRAWN])
    parts.append(wording.reviewed(read, drawn))
    strata = {label for one in weeks for label in one.strata}
    n_eff = wording.decimal(kish(cells(weeks, None) or []))
    parts.append(ONE_STRATUM.format(n_eff) if len(strata) == 1 else STRATA.format(len(strata), n_eff))
    if week.late:
        parts.append(LATE.format(wording.decimal(week.late)))
    parts.append(TAXONOMY.format(taxonomy.version))
    if drawn - read > MOST_LEFT_OUT * drawn:
        parts.append(MANY_LEFT_OUT)
    return " · ".join(parts)
